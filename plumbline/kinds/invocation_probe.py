"""A probe of a function: it is invoked with what the YAML gives it, and the YAML's words are looked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from plumbline.aws import streams
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.values.mistakes import did_you_mean
from plumbline.values.model import Model, Text

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_INVOKE = Call(
    "lambda:Invoke",
    {"FunctionName": "{name}", "InvocationType": "RequestResponse", "Payload": "{payload}"},
    of="arn:aws:lambda:{region}:{account}:function:{name}",
    missing=("ResourceNotFoundException",),
    action="lambda:InvokeFunction",
)
_MOST_BYTES = 6 * 1024 * 1024
"""What a function answers at most. Source: Lambda quotas, "Invocation payload"."""
NOTHING, SOMETHING_ELSE = "nothing", "something else"
"""What is told of a place at which none of the words stands that the YAML gives."""


def _as_json(payload: Any) -> Any:
    return json.dumps(payload, sort_keys=True) if isinstance(payload, Mapping) else payload


class Invoking(Model):
    """What a function is given, and which words of its answer may be told."""

    payload: Annotated[str, BeforeValidator(_as_json), WithJsonSchema({"type": "object"})]
    """The event: a mapping."""
    words: Annotated[dict[str, Annotated[list[str], Field(min_length=1)]], Field(min_length=1)]
    """What may stand at a place of the answer: `{circuit_breaker.state: [open, closed]}`."""


class InvocationProbeLimits(Model):
    """What can be expected of the answer."""

    answers: dict[str, list[str]]
    """The words of which one must stand at each place."""


class InvocationProbe(Kind):
    """An invocation of a function, which does what it does of it. Its name is the function's.

    Of the answer nothing is kept but the words that the YAML gives, where they stand.
    """

    noun = "invocation_probe"
    plural = "invocation_probes"
    expects_some = ("answers",)
    writes = (_INVOKE,)
    limits = InvocationProbeLimits
    question = Invoking

    failure: str = ""
    """How the function failed: Handled, Unhandled; empty where it did not."""
    answer: dict[Text, Text] = {}
    """What stands at each place: one of its words, `nothing`, or `something else`."""

    def unlike(self, answers: Mapping[str, Sequence[str]]) -> list[str]:
        """Return the places at which none of these words stands, each with what does."""
        found = {place: self.answer.get(place, NOTHING) for place in answers}
        return [f"{place}: {found[place]}" for place, words in answers.items() if found[place] not in words]

    @classmethod
    def undecidable(cls, question: Any, expected: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield places that nobody looks at, and words that are never told."""
        for place, words in expected.get("answers", {}).items():
            known = question.words.get(place)
            if known is None:
                near = did_you_mean(place, question.words)
                yield (
                    "answers",
                    f"nobody looks at {place}: it is not among the words that are asked for{near}",
                )
            elif other := next((it for it in words if it not in known), None):
                yield "answers", f"{other} is none of the words that are told of {place}"

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Invoke the function, and look at its answer. Raises `Missing` for the function."""
        from plumbline.aws.probing import leave

        probing, invoking = leave(asked.aws.probing), asked.question
        probing.announce(f"invoking {asked.name} with {invoking.payload}")
        told = asked.now(_INVOKE, kept=lambda answer: _kept(answer, invoking, asked.name))
        return Found({it: told[it] for it in ("failure", "answer")}, f"lambda:Invoke {asked.name}")


def _kept(answer: Answer, invoking: Invoking, name: str) -> Answer:
    """Return what of an answer may be told: how the function failed, and the words at their places.

    Raises `ReadError` where it does not come whole.
    """
    body = streams.read(answer["Payload"], _MOST_BYTES, f"lambda:Invoke {name}")
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    return {
        "failure": answer.get("FunctionError") or "",
        "answer": {place: _word(told, place, words) for place, words in invoking.words.items()},
    }


def _word(told: Any, place: str, words: Sequence[str]) -> str:
    """Return the word that stands at a place, as JSON writes it where it is no text."""
    for step in place.split("."):
        told = told.get(step) if isinstance(told, Mapping) else None
    if told is None:
        return NOTHING
    found = told if isinstance(told, str) else json.dumps(told)
    return found if found in words else SOMETHING_ELSE
