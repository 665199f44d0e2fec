"""What was not written, and why: nothing is left out in silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from plumbline.commands.init.catalogue import Said
from plumbline.values.shown import some, text

_MOST = 4
"""How many are named of what is left out for one reason."""


@dataclass
class LeftOut:
    """What was left out, by the reason."""

    unknown: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    """Addresses of resources by a type that no kind speaks of."""
    beside: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    """Addresses of resources by a type that is read with others."""
    unasked: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    """Resources by a setting of them of which no sentence asks: `table.kms_key`."""
    reasons: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """What, by the reason, each once."""
    failing: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """Of what a sentence does not hold, by its severity, name and statement."""
    unknowable: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """Of what a sentence asks something that is not known, and why, by the sentence."""
    asks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The sentences that hang on what nobody finds, by what that is."""

    nouns: set[str] = field(default_factory=set)
    """The kinds of which something that is there has no name in the stack, by noun."""

    def nameless(self, noun: str, reason: str, what: str, environment: str) -> None:
        """Note that a resource is not written."""
        self.nouns.add(noun)
        self.add(reason, what, environment)

    def add(self, reason: str, what: str, environment: str = "") -> None:
        """Note that something is not written."""
        self.reasons[reason][_where(what, environment)] = None

    def unclear(self, sentence: str, reason: str, what: str, environment: str) -> None:
        """Note that nobody knows what a sentence asks of something."""
        self.unknowable[sentence].setdefault(_where(what, environment), reason)

    def fails(self, sentence: str, said: Said, what: str, environment: str) -> None:
        """Note that a sentence does not hold of something."""
        self.failing[f"{said.severity} {sentence}: {said.statement}"][_where(what, environment)] = None

    def ask(self, what: str, sentence: str) -> None:
        """Note that a sentence hangs on what only the stack's owner knows."""
        self.asks[what].append(sentence)

    @property
    def sentences_that_fail(self) -> list[str]:
        """What does not hold of some of what was found, the worst first."""
        return sorted(self.failing)

    def all(self) -> Iterator[str]:
        """Yield everything that was left out, to people: first what does not hold."""
        if self.failing:
            number = len(self.failing)
            told = "1 sentence does" if number == 1 else f"{number} sentences do"
            yield f"\n{told} not hold of all that was found; not asked of what is otherwise:"
            yield from self.told_failing()
        if lines := [*self.told()]:
            yield "\nleft out:"
            yield from lines

    def told(self) -> Iterator[str]:
        """Yield what was left out, to people."""
        if self.unknown:
            yield f"  of types that no kind speaks of: {_counted(self.unknown)}"
        if self.beside:
            yield f"  read with what they belong to, and not by themselves: {_counted(self.beside)}"
        if self.unasked:
            yield f"  settings that no sentence asks about: {_counted(self.unasked)}"
        for reason, them in self.reasons.items():
            yield f"  {_some(them)}: {text(reason)}"
        for sentence, unknown in self.unknowable.items():
            first, *others = dict.fromkeys(unknown.values())
            more = f", and {len(others)} more reasons" if others else ""
            yield f"  {sentence} of {_some(unknown)}: not known: {text(first)}{more}"
        for asked, sentences in self.asks.items():
            yield f"  {', '.join(sentences)}: only you know {asked}"

    def told_failing(self) -> Iterator[str]:
        """Yield what does not hold of what was found, to people."""
        for sentence in self.sentences_that_fail:
            yield f"  {text(sentence)} Not so: {_some(self.failing[sentence])}"


def _counted(types: Mapping[str, set[tuple[str, str]]]) -> str:
    return ", ".join(
        f"{len(them)} {type_}" for type_, them in sorted(types.items(), key=lambda it: (-len(it[1]), it[0]))
    )


def _where(what: str, environment: str) -> str:
    """Return what is meant, with the environment where its name does not say that."""
    return what if not environment or environment in what else f"{what} in {environment}"


def _some(them: Iterable[str]) -> str:
    return some(map(text, them), _MOST)
