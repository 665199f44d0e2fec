"""What is: the kinds of resources, one module for each AWS service.

The names below are what a kind or facet from outside this package is written with. They are frozen: a proof
compares them, and what they take, with what is recorded. docs/kinds.md shows how one is written.
"""

from plumbline.kinds.call import Asked, Call, Permission
from plumbline.kinds.facet import Facet, Fields, Found, Request, Requests, request
from plumbline.kinds.kind import NOT_DEPLOYED, NOT_IN_AWS, Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.companions import companions
from plumbline.terraform.declared import Beside, Declaration, at, blocks, identity, known
from plumbline.terraform.model import Configuration, Resource
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, Placeholder, ReadError, Undetermined, Unknown

__all__ = [
    "NOT_DEPLOYED",
    "NOT_IN_AWS",
    "Asked",
    "Beside",
    "Call",
    "Configuration",
    "Declaration",
    "Facet",
    "Fields",
    "Found",
    "Kind",
    "Listing",
    "Missing",
    "Model",
    "Permission",
    "Placeholder",
    "ReadError",
    "Request",
    "Requests",
    "Resource",
    "Text",
    "Undetermined",
    "Unknown",
    "at",
    "blocks",
    "companions",
    "identity",
    "known",
    "request",
]
