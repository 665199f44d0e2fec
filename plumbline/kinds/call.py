"""The calls that facets are read with, and what those are asked about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from plumbline.values.arns import FIRST, in_partition, partition_of
from plumbline.values.filling import PLACEHOLDER, fill
from plumbline.values.mistakes import did_you_mean

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer, Aws, Reply, Waiting
    from plumbline.values.model import Model
    from plumbline.values.window import Window

T = TypeVar("T")


@dataclass(frozen=True)
class Permission:
    """What a call needs besides its own action. Its texts may hold what those of a `Call` may."""

    action: str
    on: str
    only: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The conditions that narrow it, as in a policy: by operator, and by key."""

    def within(self, partition: str) -> Permission:
        """Return it with the ARNs of a partition; it is stated with those of the first one."""
        return replace(self, on=in_partition(self.on, partition), only=_with_texts(self.only, partition))


@dataclass(frozen=True)
class Call:
    """A read of the AWS API, stated once: what is asked, of what, and what permission that needs.

    Texts may hold `{name}` of the resource; `{bucket}` and `{key}`, the name up to its first slash and behind
    it; `{last}`, the name behind its last one; `{holder}`, what it lies in; `{account}` and `{region}`; and
    each text that the YAML `asks`.
    """

    operation: str
    """Service and operation as botocore names them: `s3:GetBucketVersioning`."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    of: str = ""
    """What it reads, as errors and cards name it: an ARN where there is one."""
    on: str | tuple[str, ...] = ""
    """The ARNs that the permission is granted on, where that is not `of`; `*` where AWS grants no others."""
    action: str = ""
    """The IAM action, where it is not named after the operation. Source: service authorization reference."""
    missing: tuple[str, ...] = ()
    """The error codes that say that the resource does not exist."""
    absent: tuple[str, ...] = ()
    """The error codes that say that it exists and this is not configured: the answer is then empty."""
    only_in: tuple[str, ...] = ()
    """The regions that have anything of what it reads; all of them unless said."""
    secret: bool = False
    """Whether its answer is secret: nothing of it is told or logged but what is made of it to be kept."""
    besides: tuple[Permission, ...] = ()
    """What whoever makes it needs besides the action of it: leave to use a key."""

    def can_be_made_in(self, region: str) -> bool:
        """Whether there is anything to ask in a region."""
        return not self.only_in or region in self.only_in

    def within(self, partition: str) -> Call:
        """Return it with the ARNs of a partition; it is stated with those of the first one."""
        return self if partition == FIRST else _moved(self, partition)

    @property
    def permission(self) -> str:
        """The IAM action that it needs."""
        return self.action or self.operation

    @property
    def granted_on(self) -> tuple[str, ...]:
        """The ARNs that the permission is granted on, with placeholders in them."""
        on = self.on or (self.of if self.of.startswith("arn:") else "*")
        return (on,) if isinstance(on, str) else on


def _moved(call: Call, partition: str) -> Call:
    on = (call.on,) if isinstance(call.on, str) else call.on
    return replace(
        call,
        parameters=_with_texts(call.parameters, partition),
        of=in_partition(call.of, partition),
        on=tuple(in_partition(it, partition) for it in on if it),
        besides=tuple(it.within(partition) for it in call.besides),
    )


def _with_texts(value: Any, partition: str) -> Any:
    if isinstance(value, str):
        return in_partition(value, partition)
    if isinstance(value, Mapping):
        return {key: _with_texts(part, partition) for key, part in value.items()}
    return [_with_texts(part, partition) for part in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Asked:
    """A resource of an account and region that calls are made about."""

    aws: Aws
    name: str
    holder: str = ""
    question: Any = None
    """What the stack's YAML asks of it: the kind's `question`."""

    @property
    def account(self) -> str:
        """The twelve digits of the account."""
        return self.aws.account

    @property
    def region(self) -> str:
        """The region that is asked."""
        return self.aws.region

    @property
    def window(self) -> Window:
        """The time that is looked back on; its end is the clock of the run."""
        return self.aws.window

    @property
    def names(self) -> dict[str, str]:
        """What the placeholders of a call stand for."""
        return {
            **names_of(self.name, self.holder, self.question),
            "account": self.account,
            "region": self.region,
        }

    def ask(
        self,
        call: Call,
        *,
        kept: Callable[[Answer], Answer] | None = None,
        parameters: Mapping[str, Any] | None = None,
        region: str | None = None,
        waiting: Waiting | None = None,
        part: str = "",
        **further: str,
    ) -> Reply:
        """Start a call and return its reply; `further` placeholders are known from another answer.

        `kept` makes of the answer what may be kept of it; `parameters` are such as no text can hold, on top
        of the call's own; `region` is another one than the resource's; `waiting` says how long AWS is waited
        for; `part` says which part is kept, where others keep another one of the same answer.
        """
        asked = self._within(region)
        read = partial(asked.aws.read, waiting=waiting, secret=call.secret, part=part)
        return asked._made(read, call, kept, parameters, further)

    def now(
        self,
        call: Call,
        *,
        kept: Callable[[Answer], Answer] | None = None,
        parameters: Mapping[str, Any] | None = None,
        region: str | None = None,
        **further: str,
    ) -> Answer:
        """Make a call of a probe, whatever was answered before, and return what came back."""
        asked = self._within(region)
        return asked._made(asked.aws.now, call, kept, parameters, further)

    def _within(self, region: str | None) -> Asked:
        """Return it asked in another region, or the same where none is said."""
        return replace(self, aws=self.aws.within(region)) if region else self

    def _made(
        self,
        how: Callable[..., T],
        call: Call,
        kept: Callable[[Answer], Answer] | None,
        parameters: Mapping[str, Any] | None,
        further: Mapping[str, str],
    ) -> T:
        """Make a call with its placeholders filled, in one of the ways in which an account is asked."""
        names, call = {**self.names, **further}, call.within(partition_of(self.region))
        try:
            asked, of = fill(dict(call.parameters), names), fill(call.of, names)
        except KeyError as unknown:
            name = unknown.args[0]
            hint = did_you_mean(name, names)
            raise NameError(f"{call.operation} names {{{name}}}, which nothing says{hint}") from None
        return how(
            call.operation,
            asked | dict(parameters or {}),
            of=of,
            action=call.permission,
            missing=call.missing,
            absent=call.absent,
            kept=kept,
        )


def step_into(answer: Any, path: str) -> Any:
    """Return what stands at a path of an answer: `Rules[0].Status`.

    That is None behind a step that is absent and ends in `?`. Raises `KeyError` or `IndexError` for any other
    step that is absent.
    """
    for step in path.split("."):
        name, *positions = re.findall(r"[^\[\]?]+", step)
        try:
            answer = answer[name]
            for position in positions:
                answer = answer[int(position)]
        except (KeyError, IndexError):
            if step.endswith("?"):
                return None
            raise
    return answer


def names_of(name: str, holder: str = "", question: Model | None = None) -> dict[str, str]:
    """Return what placeholders can say of a resource by its name and by what the YAML asks of it."""
    bucket, _, key = name.partition("/")
    last = name.rpartition("/")[2]
    asked = {field: value for field, value in question or () if isinstance(value, str)}
    return {**asked, "name": name, "bucket": bucket, "key": key, "last": last, "holder": holder}


def granted(call: Call, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the ARNs that a call's permission is granted on; what only an answer tells is any text there."""
    return (anything_for(arn, names) for arn in call.granted_on)


def anything_for(text: str, names: Mapping[str, str]) -> str:
    """Return a text of a policy with its placeholders filled; what only an answer tells is any text."""
    return PLACEHOLDER.sub(lambda match: names.get(match[1], "*"), text)
