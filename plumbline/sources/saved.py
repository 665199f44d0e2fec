"""Evidence files: what a run read, as JSON that can be kept, replayed without a network, and compared."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from plumbline.aws.reads import MADE, Answer, Answers, Aws, CallKey, Made, Refusal
from plumbline.expectations.stack import Stack
from plumbline.kinds.registry import secret_operations
from plumbline.sources.live import Live
from plumbline.sources.readings import Place, Reading, Replayed, place_named
from plumbline.sources.source import ReadSets, Source, everything
from plumbline.values.encoding import Garbled, decoded, encoded
from plumbline.values.files import named
from plumbline.values.mistakes import DataError, first_of
from plumbline.values.redaction import concealed, redacted
from plumbline.values.unknown import ReadError
from plumbline.values.window import DEFAULT, Window


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Call(_Entry):
    """A call to the AWS API and what came back: an answer, or the code and message of a refusal."""

    account: str
    region: str
    operation: str
    """Service and operation: `dynamodb:DescribeTable`."""
    parameters: dict[str, Any]
    time: str = ""
    request_ids: list[str] = []
    """The ids under which AWS knows it: one for each page."""
    answer: dict[str, Any] | None = None
    code: str = ""
    message: str = ""


class Fact(_Entry):
    """What tests read of a resource on a source, and where it was found."""

    stack: str
    environment: str
    account: str
    region: str
    source: str
    resource: str
    where: list[str] = []
    values: dict[str, Any]


class Named(_Entry):
    """Names of resources that Terraform's outputs gave."""

    stack: str
    environment: str
    root: str
    outputs: dict[str, Any]


class SavedEvidence(_Entry):
    """What a run read."""

    format: Literal[1]
    """A file that says none was written by something else."""
    taken: datetime
    window: timedelta | None = None
    """How long before that the run looked back on operations; None where it did not."""
    environments: dict[str, list[str]]
    """The environments of each stack."""
    examined: list[str] = []
    """What the run examined, and what of it was not given, in lines for people."""
    outputs: list[Named] = []
    """What the run was given of Terraform's outputs."""
    calls: list[Call] = []
    """What deployed accounts were asked; live is replayed from it."""
    held: dict[str, list[str]] = {}
    """Of which resources the file holds readings, by source: `stack/environment/key`."""
    readings: list[Reading] = []
    """What every other source gave; it is replayed from that."""
    facts: list[Fact] = []
    """What the tests read of it, for people and for `python -m plumbline compare`."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what a file holds. Raises `DataError` for one that is no evidence file."""
        try:
            return cls.of(named(path), path)
        except OSError as error:
            raise DataError(f"{path} cannot be read: {error.strerror}") from None

    @classmethod
    def of(cls, text: bytes, path: Path) -> Self:
        """Return what the text of a file says. Raises `DataError` where it is none of an evidence file."""
        try:
            read = cls.model_validate_json(text)
        except ValidationError as invalid:
            raise DataError(f"{path} is no evidence file: {first_of(invalid)}") from None
        said = {(source, name) for source, names in read.held.items() for name in names}
        if unsaid := next((it for it in read.readings if (it.source, it.named) not in said), None):
            raise DataError(
                f"{path} does not say that it holds {unsaid.named} of {unsaid.source}, nor what it lacks: "
                "save it again: pytest --save-evidence FILE"
            )
        return read

    @cached_property
    def places(self) -> dict[str, frozenset[Place]]:
        """What can be replayed of each source; of live that is not said before it is asked."""
        held = {source: frozenset(map(place_named, names)) for source, names in self.held.items() if names}
        return held | ({"live": frozenset()} if self.calls else {})

    @property
    def named(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """What the run was given of Terraform's outputs, by stack, environment and root."""
        return {(it.stack, it.environment, it.root): it.outputs for it in self.outputs}

    def replayed(self, source: str, stacks: Mapping[str, Stack], reads: ReadSets = everything) -> Source:
        """Return a source as it answered then; nothing else is asked of anybody."""
        if source != "live":
            return Replayed(reading for reading in self.readings if reading.source == source)
        return self._live(stacks, reads)

    def _live(self, stacks: Mapping[str, Stack], reads: ReadSets) -> Live:
        answers = Answers({_key(call): _answer(call) for call in self.calls})
        window = Window(self.taken, self.window or DEFAULT)
        places = [(stack, name) for stack, names in self.environments.items() for name in names]
        accounts = {place: _account(stacks, *place, answers, window) for place in places}
        return Live(accounts, concurrency=1, reads=reads)


def _account(
    stacks: Mapping[str, Stack], stack: str, environment: str, answers: Answers, window: Window
) -> Aws:
    values = stacks[stack].placeholders(environment) if stack in stacks else {"account": "", "region": ""}
    known = {operation for _, _, operation, _ in answers.known}
    return Aws(
        _nobody,
        values["account"],
        values["region"],
        answers,
        calls=None,
        window=window,
        reads_secrets=not known.isdisjoint(secret_operations()),
    )


def _nobody(service: str, region: str) -> Callable[..., Any]:
    """Stand in for a client where nothing may be asked."""
    raise ReadError(
        f"the evidence file does not hold all that {service} was asked in {region}",
        cause="not in the evidence file",
        advice="Save the evidence again with this version of the suite: pytest --live --save-evidence FILE",
    )


def recorded(answers: Mapping[CallKey, Answer | Refusal]) -> list[Call]:
    """Return the calls of a run with what came back, without secrets."""
    return [_call(key, answer) for key, answer in sorted(answers.items(), key=lambda pair: pair[0])]


def _call(key: CallKey, answer: Answer | Refusal) -> Call:
    account, region, operation, parameters = key
    came_back: dict[str, Any]
    if isinstance(answer, Refusal):
        made, came_back = answer.made, {"code": answer.code, "message": concealed(answer.message)}
    else:
        made = answer.get(MADE, Made("", ()))
        came_back = {"answer": encoded(redacted(_without_metadata(answer)))}
    return Call(
        account=account,
        region=region,
        operation=operation,
        parameters=dict(ast.literal_eval(parameters)),
        time=made.time,
        request_ids=list(made.request_ids),
        **came_back,
    )


def _without_metadata(answer: Answer) -> Answer:
    return {name: value for name, value in answer.items() if name != MADE}


def _key(call: Call) -> CallKey:
    return call.account, call.region, call.operation, repr(sorted(call.parameters.items()))


def _answer(call: Call) -> Answer | Refusal:
    made = Made(call.time, tuple(call.request_ids))
    if call.answer is None:
        return Refusal(call.code, call.message, made)
    try:
        answer: Answer = decoded(call.answer)
    except Garbled as garbled:
        message = f"the evidence file is garbled at the call of {call.operation} in {call.region}: {garbled}"
        advice = "Save the evidence again: pytest --save-evidence FILE"
        raise ReadError(message, cause=message, advice=advice) from None
    return answer | {MADE: made}
