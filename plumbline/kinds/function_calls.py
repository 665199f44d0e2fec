"""What an account is asked of a function of Lambda, and what its ARNs are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Asked, Call
from plumbline.terraform.declared import arn

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer, Reply
    from plumbline.terraform.model import Settings

OF_FUNCTION = "arn:aws:lambda:{region}:{account}:function:{name}"
OF_QUALIFIED = f"{OF_FUNCTION}:*"
"""What versions and aliases of a function are called."""
NO_SUCH = ("ResourceNotFoundException",)
NAMED = {"FunctionName": "{name}"}
LATEST = "$LATEST"
"""What the code of a function is called that no version keeps."""
CONFIGURATION = Call("lambda:GetFunctionConfiguration", NAMED, of=OF_FUNCTION, missing=NO_SUCH)


def configuration_of(asked: Asked) -> Reply:
    """Start to ask for the configuration of a function, of which all facets keep the same.

    Nothing is kept of its environment, where secrets may stand.
    """
    return asked.ask(CONFIGURATION, kept=without_environment)


def without_environment(answer: Answer) -> Answer:
    """Return a configuration without its environment."""
    return {name: value for name, value in answer.items() if name != "Environment"}


def function_arn(function: Mapping[str, Any], settings: Settings) -> str | None:
    """Return the ARN of a function of Terraform; None where it is not known."""
    return arn(settings, "lambda", "function:", function.get("function_name"))


def alias_arn(alias: Mapping[str, Any], settings: Settings) -> str | None:
    """Return the ARN of an alias of Terraform, whose function is named or given by its ARN; None likewise."""
    function, name = alias.get("function_name"), alias.get("name")
    if not isinstance(function, str) or not isinstance(name, str):
        return None
    if function.startswith("arn:"):
        return f"{function}:{name}"
    return arn(settings, "lambda", "function:", f"{function}:{name}")


def invoked_at(function: str | None, settings: Settings) -> str | None:
    """Return where API Gateway invokes the function, or the alias, of an ARN: `invoke_arn` in Terraform.

    Source: provider, aws_lambda_function, "invoke_arn"; API Gateway API reference, Integration, "uri".
    """
    if function is None:
        return None
    place = f"arn:{settings.partition}:apigateway:{settings.region}:lambda:path/2015-03-31"
    return f"{place}/functions/{function}/invocations"


_FUNCTION = re.compile(
    r"(?:arn:[\w-]+:lambda:[\w-]*:\d*:|\d{12}:)?(?:function:)?(?P<name>[^:]+)(?::(?P<at>[^:]+))?"
)
"""How a function is called, alone or with the version or alias that is meant. Source: Lambda API reference,
"FunctionName" of GetPolicy."""


def bare_name(called: str) -> str:
    """Return the name of a function that is called by it, by its ARN or a part of that, or by a version."""
    found = _FUNCTION.fullmatch(called)
    return found["name"] if found else called


def qualifier_in(called: str) -> str:
    """Return the version or alias that a function is called with; empty for none."""
    found = _FUNCTION.fullmatch(called)
    return (found["at"] or "") if found else ""
