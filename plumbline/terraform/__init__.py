"""Reads Terraform: source as Terraform would evaluate it, plans and states.

The names are loaded when they are first used, so that a plan or a state is read without the parser of source.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evidence.terraform.evaluation import evaluate
    from evidence.terraform.model import (
        Backend,
        Computed,
        Configuration,
        Location,
        Problem,
        RequiredProvider,
        Resource,
        Settings,
        TerraformError,
        Variable,
    )
    from evidence.terraform.plan import read_plan
    from evidence.terraform.state import read_state
    from evidence.terraform.values import TfSet, Value

__all__ = [
    "Backend",
    "Computed",
    "Configuration",
    "Location",
    "Problem",
    "RequiredProvider",
    "Resource",
    "Settings",
    "TerraformError",
    "TfSet",
    "Value",
    "Variable",
    "evaluate",
    "read_plan",
    "read_state",
]

_MODULES = {
    "evaluate": "evaluation",
    "read_plan": "plan",
    "read_state": "state",
    "TfSet": "values",
    "Value": "values",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'model')}"), name)
