"""The text of a stack and of its runbook."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Any

from plumbline.commands.init.begun import Asked, Begun, by_environment
from plumbline.commands.init.catalogue import catalogue
from plumbline.commands.init.conventions import CONVENTIONS
from plumbline.commands.init.filled_in import Different, Names, joined, own_values
from plumbline.commands.init.found import Found
from plumbline.commands.init.yaml_text import Alias, Anchor, comment, flow, lines
from plumbline.expectations.format import FORMAT
from plumbline.kinds.registry import kinds

_LONG = 40
"""How many characters a value has in a line that is not written twice."""
_LOWER = "P3"
"""The highest severity in an environment that is not production."""


@dataclass(frozen=True)
class About:
    """What a stack says before it names resources."""

    name: str
    region: str
    environments: tuple[str, ...]
    terraform: Mapping[str, Any]
    made_of: str
    accounts: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    """The region of each environment, where it may be another one than the stack's."""
    names: Names = field(default_factory=dict)
    """What placeholders are in each environment, where some may be words of its own."""


def stack_text(about: About, made: Begun) -> str:
    """Return the YAML of the stack."""
    told = (
        f"What there is of {about.name}, and what is expected of it. `plumbline init` wrote it from "
        f"{about.made_of}, as it was found; change what is meant otherwise."
    )
    head = {"format": FORMAT, "stack": about.name, "title": about.name, "region": about.region}
    environments = {name: _environment(about, name) for name in about.environments}
    text = [*comment(told), *lines(head), "", *lines({"environments": environments})]
    text += ["", *lines({"terraform": about.terraform})]
    groups, by_section = groups_of(made), sections(made.found)
    entries = {it.key: entry(made, it, about, groups) for them in by_section.values() for it in them}
    shared = _shared(entries.values())
    if shared:
        text += ["", "# Values that several resources have."]
        text += lines({"shared": {it.name: it for it in shared}})
    for plural, them in by_section.items():
        text += ["", f"{plural}:"]
        for it in them:
            text += lines({it.key: _aliased(entries[it.key], shared)}, 2)
            text += (f"    # {told}" for told in otherwise(made, it))
    return "\n".join(text) + "\n"


def draft(about: About, entries: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the YAML of a stack of some entries by section, as somebody asks for them."""
    head = {"format": FORMAT, "stack": about.name, "title": about.name, "region": about.region}
    environments = {name: _environment(about, name) for name in about.environments}
    text = lines({**head, "environments": environments, "terraform": about.terraform, **entries})
    return "\n".join(text) + "\n"


def _environment(about: About, name: str) -> dict[str, Any]:
    account = {"account": about.accounts[name]} if name in about.accounts else {}
    own = about.regions.get(name, about.region)
    region = {"region": own} if own != about.region else {}
    words = own_values(about.names.get(name, {}))
    values = {"values": words} if words else {}
    return account | region | {"production": name in CONVENTIONS.production} | values


def sections(found: list[Found]) -> dict[str, list[Found]]:
    """Return what was found by the section that it stands in, in the order of the kinds."""
    order = [it.plural for it in kinds().values()]
    by_section: dict[str, list[Found]] = defaultdict(list)
    for it in sorted(found, key=lambda it: (it.kind.spans_roots, order.index(it.kind.plural), it.key)):
        by_section[it.kind.plural].append(it)
    return by_section


def _shared(entries: Iterable[Mapping[str, Any]]) -> list[Anchor]:
    """Return the values that more than one entry expects, and that would be long to write again."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for it in entries:
        for expected in (it.get("expect", {}), *it.get("expect_in", {}).values()):
            for name, value in expected.items():
                if len(flow(value)) >= _LONG:
                    found[name, flow(value)].append(value)
    shared = [(name, values[0]) for (name, _), values in found.items() if len(values) > 1]
    named = Counter(name for name, _ in shared)
    numbered = {name: count(1) for name, number in named.items() if number > 1}
    return [
        Anchor(f"{name}_{next(numbered[name])}" if name in numbered else name, value)
        for name, value in shared
    ]


def _aliased(entry: dict[str, Any], shared: Iterable[Anchor]) -> dict[str, Any]:
    """Return an entry with aliases for what is shared."""

    def alias(expected: Mapping[str, Any]) -> dict[str, Any]:
        called = {flow(it.value): Alias(it.name) for it in shared}
        return {name: called.get(flow(value), value) for name, value in expected.items()}

    found = dict(entry)
    if "expect" in entry:
        found["expect"] = alias(entry["expect"])
    if "expect_in" in entry:
        found["expect_in"] = {env: alias(it) for env, it in entry["expect_in"].items()}
    return found


def otherwise(made: Begun, it: Found) -> list[str]:
    """Return what sentences demand of a resource and is not so, to be read below its entry."""
    found = made.otherwise.get(it.key, {}).items()
    where = {
        what: "" if len(them) == len(it.environments) else f" in {', '.join(them)}" for what, them in found
    }
    return [f"found otherwise{told}, so not expected: {what}" for what, told in where.items()]


def entry(made: Begun, it: Found, about: About, groups: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return what the stack says of a resource."""
    entry: dict[str, Any] = {**it.said_by} if it.said_by else {"name": it.name}
    if it.root:
        entry["root"] = it.root
    if it.regions:
        entry["region"] = _region(made, it)
    if {*it.environments} != {*about.environments}:
        entry["environments"] = [env for env in about.environments if env in it.environments]
    if it.key in groups:
        entry["groups"] = groups[it.key]
    if it.key in made.related:
        entry["related"] = made.related[it.key]
    if it.asks:
        entry["asks"] = dict(it.asks)
    everywhere, somewhere = by_environment(made, it)
    if everywhere:
        entry["expect"] = everywhere
    if somewhere:
        entry["expect_in"] = somewhere
    return entry


def _region(made: Begun, it: Found) -> str:
    """Return the region that it lies in; where that hangs on the environment, that of the first."""
    try:
        return str(joined(it.regions, made.names))
    except Different:
        return next(iter(it.regions.values()))


@dataclass(frozen=True)
class Part:
    """The resources of which a sentence is asked in the same environments."""

    asked: Asked
    of: str = ""
    """The group that they are called; empty where all are meant of which such things are expected."""
    keys: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    """Those in which it is asked; empty for all."""


def parts(made: Begun) -> list[Part]:
    """Return what the sentences are asked of, those that are about one kind beside each other."""
    order = [*catalogue()]
    plurals = list(sections(made.found))

    def place(asked: Asked) -> tuple[int, int]:
        section = plurals.index(kinds()[asked.noun].plural)
        return section, order.index(asked.sentence) if asked.sentence in order else len(order)

    every = (part for asked in sorted(made.asked, key=place) for part in _parts(made, asked))
    return together(every, [it.key for it in made.found])


def together(parts: Iterable[Part], taken: Collection[str] = ()) -> list[Part]:
    """Return parts with one group for all that are of the same resources, called as nothing `taken` is."""
    names: dict[tuple[str, tuple[str, ...]], str] = {}
    found: list[Part] = []
    for part in parts:
        kind = kinds()[part.asked.noun].plural.replace("_", "-")
        of = part.asked.said.group or f"some-{kind}"
        if part.of and (of, part.keys) not in names:
            names[of, part.keys] = _fresh(of, {*taken, *names.values()})
        found.append(replace(part, of=names[of, part.keys]) if part.of else part)
    return found


def _fresh(group: str, taken: Collection[str]) -> str:
    numbered = (f"{group}-{number}" for number in count(2))
    return next(name for name in chain([group], numbered) if name not in taken)


def _parts(made: Begun, asked: Asked) -> Iterator[Part]:
    if made.is_implied(asked) == {*asked.values}:
        yield Part(asked)
    else:
        yield from divided(made, asked)


def divided(made: Begun, asked: Asked) -> Iterator[Part]:
    """Yield what a sentence is asked of by name, a part for each set of environments in which it is."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for key, env in asked.values:
        by_key[key].append(env)
    having = {it.key: it.environments for it in made.found}
    in_the_same: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, environments in by_key.items():
        told = tuple(environments) if {*environments} != {*having[key]} else ()
        in_the_same[told].append(key)
    for told, keys in in_the_same.items():
        yield Part(asked, asked.noun, tuple(keys), told)


def groups_of(made: Begun) -> dict[str, list[str]]:
    """Return the groups that each resource is in, by its key."""
    found: dict[str, list[str]] = defaultdict(list)
    for part in parts(made):
        for key in part.keys:
            if part.of not in found[key]:
                found[key].append(part.of)
    return found


def runbook_text(about: About, made: Begun) -> str:
    """Return the YAML of the runbook."""
    told = (
        f"What must be true of {about.name}, how bad it is when it is not, and what to type then. `plumbline "
        "init` began it: write in `source` which document says so, and see docs/init.md for the severities."
    )
    head: dict[str, Any] = {"format": FORMAT, "stack": about.name, "title": f"Runbook of {about.name}"}
    head["source"] = f"{about.name}.md"
    lower = {it: _LOWER for it in about.environments if it not in CONVENTIONS.production}
    if len(lower) < len(about.environments):
        head["highest_severity"] = lower
    numbers = section_numbers(made)
    head["sections"] = {number: title_of(plural) for plural, number in numbers.items()}
    text = [*comment(told), *lines({name: it for name, it in head.items() if it}), "", "invariants:"]
    for number, part in enumerate(parts(made), 1):
        text += invariant_lines(f"{about.name}-{number:02}", part, numbers)
    return "\n".join(text) + "\n"


def section_numbers(made: Begun) -> dict[str, str]:
    """Return the number of the section about each kind, by its plural."""
    return {plural: str(number) for number, plural in enumerate(_asked_plurals(made), 1)}


def _asked_plurals(made: Begun) -> list[str]:
    return list(dict.fromkeys(kinds()[part.asked.noun].plural for part in parts(made)))


def title_of(plural: str) -> str:
    """Return the title of the section about a kind: `Backup plans`."""
    return plural.replace("_", " ").capitalize()


def invariant_lines(identifier: str, part: Part, sections: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence of the runbook."""
    yield f"  {identifier}:"
    yield from lines(invariant(part, sections[kinds()[part.asked.noun].plural]), 4)


def invariant(part: Part, section: str) -> dict[str, Any]:
    """Return what the runbook says of a sentence."""
    said = part.asked.said
    entry: dict[str, Any] = {"test": part.asked.sentence}
    if part.of:
        entry["of"] = [part.of]
    if part.environments:
        entry["environments"] = list(part.environments)
    entry["section"] = section
    entry |= {"statement": said.statement, "severity": said.severity, "evidence": part.asked.evidence}
    remedy = {sort: them for sort in ("source", "account") if (them := getattr(said.remedy, sort))}
    return entry | ({"remedy": remedy} if remedy else {})
