"""What Lambda does with calls of a function that nobody waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.function_calls import LATEST, NAMED, NO_SUCH, OF_FUNCTION, bare_name, qualifier_in
from plumbline.terraform.declared import Beside, Declaration, at, each_once, given, known
from plumbline.values.model import Model, Text

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Resource

_TRIES_AGAIN, _WAITS = 2, 21600
"""How often a call is tried again, and how many seconds it waits at most, unless said.

Source: Lambda Developer Guide, "Configuring error handling settings for asynchronous invocations".
"""


class Handling(Model):
    """How calls of a function, or of a version or an alias of it, are handled that nobody waits for."""

    qualifier: Text = ""
    """The version or the alias; empty for the function itself."""
    retries: int = _TRIES_AGAIN
    seconds: int = _WAITS
    """How long a call waits at most."""
    on_failure: Text = ""
    """The ARN of what is told of a call that failed for good; empty where nothing is."""
    on_success: Text = ""


class AsynchronousCalls(Facet):
    """How calls are handled that nobody waits for."""

    call = Call("lambda:ListFunctionEventInvokeConfigs", NAMED, of=OF_FUNCTION, missing=NO_SUCH)
    beside = Beside("aws_lambda_function_event_invoke_config", "function_name", many=True, bare=bare_name)
    follows = ("aliases",)
    arguments: ClassVar = {"handled": "maximum_retry_attempts"}

    handled: list[Handling] = []
    """None where it is as Lambda does it unless told: two more tries, within six hours."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        found = [(it, _declared(it)) for it in declaration.parts]
        told = (
            (it, f"calls of {own or LATEST}", handling)
            for it, handling in found
            if isinstance(own := handling.qualifier, str)
        )
        each_once(declaration.resource.address, told)
        return {"handled": [handling for _, handling in found]}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"handled": [_described(it) for it in answer["FunctionEventInvokeConfigs"]]}

    def requested(self) -> Requests:
        for it in self.handled:
            told = {"OnFailure": known(it.on_failure), "OnSuccess": known(it.on_success)}
            yield request(
                "lambda:PutFunctionEventInvokeConfig",
                FunctionName=self.name,
                MaximumRetryAttempts=known(it.retries),
                MaximumEventAgeInSeconds=known(it.seconds),
                DestinationConfig={name: {"Destination": arn} for name, arn in told.items() if arn},
                **({"Qualifier": known(it.qualifier)} if known(it.qualifier) else {}),
            )


def _declared(settings: Resource) -> Handling:
    named = settings.values.get("function_name")
    within = qualifier_in(named) if isinstance(named, str) else ""
    qualifier = settings.values.get("qualifier")
    found = {
        "qualifier": _unless_latest(qualifier if given(qualifier) else within),
        "retries": settings.values.get("maximum_retry_attempts"),
        "seconds": settings.values.get("maximum_event_age_in_seconds"),
        **{
            name: at(settings.values, "destination_config", name, "destination", default="")
            for name in ("on_failure", "on_success")
        },
    }
    return Handling(**{name: value for name, value in found.items() if value is not None})


def _described(settings: dict[str, Any]) -> Handling:
    destinations = settings.get("DestinationConfig") or {}
    found = {
        "qualifier": _unless_latest(qualifier_in(settings["FunctionArn"])),
        "retries": settings.get("MaximumRetryAttempts"),
        "seconds": settings.get("MaximumEventAgeInSeconds"),
        "on_failure": (destinations.get("OnFailure") or {}).get("Destination"),
        "on_success": (destinations.get("OnSuccess") or {}).get("Destination"),
    }
    return Handling(**{name: value for name, value in found.items() if value is not None})


def _unless_latest(qualifier: Any) -> Any:
    return "" if isinstance(qualifier, str) and qualifier == LATEST else qualifier
