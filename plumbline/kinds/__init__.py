"""What is: the kinds of resources, one module for each AWS service.

The names below are what a kind or facet from outside this package is written with. They are frozen: a proof
compares them, and what they take, with what is recorded. docs/kinds.md shows how one is written.
"""

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Request, Requests, request
from plumbline.kinds.kind import NOT_DEPLOYED, NOT_IN_AWS, Kind
from plumbline.terraform.declared import Beside, Declaration
from plumbline.values.model import Model, Text

__all__ = [
    "NOT_DEPLOYED",
    "NOT_IN_AWS",
    "Asked",
    "Beside",
    "Call",
    "Declaration",
    "Facet",
    "Fields",
    "Found",
    "Kind",
    "Model",
    "Request",
    "Requests",
    "Text",
    "request",
]
