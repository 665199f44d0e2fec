"""How what there is of a kind is listed in an account: one call, and where its answer has the names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plumbline.kinds.call import Call
from plumbline.values.model import Model
from plumbline.values.wildcards import wildcard

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact
    from plumbline.aws.reads import Answer
    from plumbline.kinds.call import Asked

_OF_AWS = re.compile(r"aws-?controltower|stackset-aws|stacksets-exec-", re.IGNORECASE)
"""How names begin that AWS's own services give to what they make in an account, of whatever kind.

What the stack sets of somebody make is theirs. Source: AWS Control Tower User Guide, "Guidance for creating
and modifying AWS Control Tower resources"; CloudFormation User Guide, "Prerequisites for using
CloudFormation StackSets".
"""


@dataclass(frozen=True)
class Listing:
    """A call that lists all of a kind; what AWS itself keeps there is left out by the path."""

    call: Call
    names: str
    """Where the answer has the names (JMESPath): `TableNames`, `Rules[?!ManagedBy].Name`."""
    further: str = ""
    """Where it has more names, if it does in two places: `CompositeAlarms[].AlarmName`."""
    after: str = ""
    """What the name stands behind, where an ARN is listed: `:`."""
    of_aws: bool = False
    """Whether that to which AWS's services give such names is listed, too."""
    regional: bool = True
    """Whether each region has its own; otherwise a name says which one it is, wherever it lies."""
    beside: Listing | None = None
    """How more of the kind is listed, that stands in no answer of this call."""
    of_each: Listing | None = None
    """What it is asked about one by one, as `{each}`, which stands before the names."""
    before: str = ""
    """What stands behind the name, where something does: the dot at the end of a domain."""
    below_paths: bool = False
    """Whether a path may stand before the name: `teams/orders`."""

    def told(self, asked: Asked, region: str | None = None) -> Fact:
        """Return the names that are listed in a region, each with the call that lists it, once they come.

        What is asked about one by one stands before the names of what lies in it.
        """
        if self.of_each is None:
            return self._told_of("", asked, region)
        return self.of_each.told(asked, region).map(
            lambda holders: [
                (f"{each}/{name}", call)
                for each, _ in holders
                for name, call in self._told_of(each, asked, region).value()
            ]
        )

    def _told_of(self, each: str, asked: Asked, region: str | None) -> Fact:
        answer = asked.ask(self.call, region=region, each=each).at("@")
        return answer.map(lambda found: [(name, answer.call) for name in self.named(found)])

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls that all those need."""
        return tuple(
            call for one in self.all for call in (*(one.of_each.calls if one.of_each else ()), one.call)
        )

    @property
    def names_end(self) -> bool:
        """Whether what some are called by themselves is the last part of what they are listed as."""
        return any(it.below_paths or it.of_each for it in self.all)

    @property
    def all(self) -> tuple[Listing, ...]:
        """It, and those beside it: each lists some of the kind."""
        return (self, *(self.beside.all if self.beside else ()))

    def named(self, answer: Answer) -> Iterator[str]:
        """Yield the names in an answer, but for those that AWS gave unless `of_aws`.

        Raises `LookupError` for an answer without any list of them.
        """
        import jmespath

        found = jmespath.search(self.names, answer)
        if found is None:
            raise LookupError(f"it has no {self.names}")
        more = jmespath.search(self.further, answer) if self.further else None
        for listed in (*found, *(more or ())):
            name = str(listed).removesuffix(self.before)
            name = name.rpartition(self.after)[2] if self.after else name
            if self.of_aws or not _OF_AWS.match(name):
                yield name


class Existing(Model):
    """Something that is there: its name, and where it was found."""

    name: str
    region: str = ""
    """Where it lies; empty where that says nothing, or is not known."""
    account: str = ""
    """Whose it is, where that is known to be another account than the environment's."""
    where: str = ""
    """File and line of what declares it, or the call that lists it."""

    @property
    def told(self) -> str:
        """Which one it is, to people and in comparison."""
        return told(self.name, self.region, self.account)

    def is_called(self, pattern: str) -> bool:
        """Return whether it has a name, or a name in a region, in which `*` stands for any text."""
        return any(map(wildcard(pattern), (self.name, told(self.name, self.region), self.told)))


def told(name: str, region: str, account: str = "") -> str:
    """Return which one it is: `orders in eu-west-1`; just the name where nothing says more."""
    of = f" of account {account}" if account else ""
    return f"{name} in {region}{of}" if region else f"{name}{of}"
