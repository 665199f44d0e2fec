"""What there is: every resource of a known kind, and by which name each environment has it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from plumbline.commands.init.filled_in import Different, Names, joined, own_words
from plumbline.commands.init.left_out import LeftOut
from plumbline.expectations.stack import may_be_named
from plumbline.kinds.kind import Kind
from plumbline.kinds.output import Output
from plumbline.kinds.registry import kinds, known_types, own_types
from plumbline.kinds.unread_arguments import unread_arguments
from plumbline.terraform.companions import is_counted
from plumbline.terraform.declared import account, region
from plumbline.terraform.model import Configuration, Resource
from plumbline.values.redaction import concealed
from plumbline.values.unknown import Unknown

Configurations = Mapping[tuple[str, str], Configuration]
"""What each root declares in each environment, by the name of the root and the environment."""
BY_PLACE: Mapping[str, str] = {"access_analyzers": "{region}", "account_public_access": "{account}"}
"""What the kinds are called in a stack that a region or an account has once, by noun."""
_OF_AN_ACCOUNT = "aws_s3_account_public_access_block"
"""The Terraform type of what names the account that it is about."""
_PASSED_OVER = ("vpc_endpoints", "managed_policy")
"""The nouns of kinds that no sentence is about, or that only lie between others."""
_INSTANCE = re.compile(r'\["[^"]*"\]')
"""The key of an instance in an address: `["orders-d"]`."""
_FIRST_WORD = re.compile(r"[A-Za-z0-9]+[-_.]")


def begun_kinds() -> list[type[Kind]]:
    """Return the kinds that a stack is begun with."""
    return [it for it in kinds().values() if it.noun not in _PASSED_OVER]


@dataclass
class Found:
    """A resource of the stack, in the environments that have it."""

    kind: type[Kind]
    root: str
    """The root that declares it; empty where none does."""
    names: dict[str, str]
    """What it is called in each environment; empty where something else says which one it is."""
    label: str
    """What Terraform calls it."""
    regions: dict[str, str] = field(default_factory=dict)
    """Where it lies in each environment, where that is not where the environment does."""
    said_by: Mapping[str, Any] = field(default_factory=dict)
    """`output` or `select`, where that says which one it is."""
    asks: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    name: str = ""
    """Its name with placeholders."""

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments that have it."""
        return tuple(self.names)

    def called(self, environment: str) -> str:
        """Return what to call it to people, in an environment."""
        return self.names.get(environment) or self.label


def accounts_in(configurations: Configurations) -> dict[str, str]:
    """Return the account of each environment, where all of its Terraform that says one says the same."""
    found: dict[str, set[str]] = {}
    for (_, environment), configuration in configurations.items():
        for resource in configuration.resources:
            said = account(resource, configuration)
            if resource.type == _OF_AN_ACCOUNT:
                said = said or _text(resource.values.get("account_id"))
            if said:
                found.setdefault(environment, set()).add(said)
    return {environment: next(iter(them)) for environment, them in found.items() if len(them) == 1}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def most_common_region(configurations: Configurations) -> str:
    """Return the region that most resources lie in; empty where nothing says one."""
    lying = (
        region(resource, configuration)
        for configuration in configurations.values()
        for kind in kinds().values()
        if kind.regional
        for resource in kind.declared_in(configuration)
    )
    counted = Counter(it for it in lying if isinstance(it, str) and it)
    return counted.most_common(1)[0][0] if counted else ""


def regions_in(configurations: Configurations, otherwise: str) -> dict[str, str]:
    """Return the region of each environment: that which most of its resources lie in."""
    environments = dict.fromkeys(environment for _, environment in configurations)
    of = {env: {at: it for at, it in configurations.items() if at[1] == env} for env in environments}
    return {env: most_common_region(its) or otherwise for env, its in of.items()}


def declared(configurations: Configurations, names: Names, left_out: LeftOut) -> list[Found]:
    """Return what Terraform, plans or states declare; what cannot be named is left out, and why."""
    rows = _rows(configurations, names, left_out)
    for (root, environment), configuration in configurations.items():
        _note_unknown(root, configuration, environment, left_out)
    for environment in names:
        _note_unread({root: it for (root, env), it in configurations.items() if env == environment}, left_out)
    found = [it for row in rows.values() for it in put_together(row, names, left_out)]
    return _named_once(found, names, left_out)


def _named_once(found: list[Found], names: Names, left_out: LeftOut) -> list[Found]:
    """Return what is called as nothing else of its kind: of several a stack could not say which it means."""
    called: dict[tuple[type[Kind], str, str, str], list[Found]] = defaultdict(list)
    for it in found:
        for environment, name in it.names.items():
            if name and it.kind.name_argument:
                at = it.regions.get(environment, names[environment]["region"])
                called[it.kind, name, at, environment].append(it)
    for (kind, name, _, environment), them in called.items():
        if len(them) > 1:
            plural = kind.plural.replace("_", " ")
            told = f"several {plural} are called so, and a stack could not say which of them it means"
            left_out.nameless(kind.noun, told, name, environment)
            for it in them:
                del it.names[environment]
    return [it for it in found if it.names]


def called_in(configurations: Configurations, names: Names) -> list[Mapping[str, str]]:
    """Return what each resource is called in the environments that declare it."""
    return [it.names for it in _rows(configurations, names, LeftOut()).values()]


Rows = dict[tuple[str, str, str], Found]
"""What was found by its noun, its root and its address."""


def _rows(configurations: Configurations, names: Names, left_out: LeftOut) -> Rows:
    rows: Rows = {}
    for (root, environment), configuration in configurations.items():
        reader = _Reader(root, environment, configuration, names[environment], left_out)
        for kind in begun_kinds():
            for resource in kind.declared_in(configuration):
                reader.note(kind, resource, rows)
    return rows


class _Nameless(Exception):
    """Raised where a resource has no name that a stack could say; the message says why."""


@dataclass(frozen=True)
class _Reader:
    """Reads how the resources are called that a root declares in an environment."""

    root: str
    environment: str
    configuration: Configuration
    names: Mapping[str, str]
    left_out: LeftOut

    def note(self, kind: type[Kind], resource: Resource, rows: Rows) -> None:
        """Note the name of a resource beside those that it has in other environments."""
        try:
            name, said_by = self._called(kind, resource)
        except _Nameless as why:
            self.left_out.nameless(kind.noun, str(why), resource.address, self.environment)
            return
        found = rows.setdefault(self._place(kind, resource, rows), Found(kind, self.root, {}, resource.name))
        found.names[self.environment] = name
        found.said_by = said_by
        lies = region(resource, self.configuration) if kind.regional else None
        if isinstance(lies, str) and lies != self.names["region"]:
            found.regions[self.environment] = lies

    def _called(self, kind: type[Kind], resource: Resource) -> tuple[str, Mapping[str, Any]]:
        """Return the name, or what else says which one it is. Raises `_Nameless`."""
        if kind.noun in BY_PLACE:
            return BY_PLACE[kind.noun].format(**self.names), {}
        if not is_counted(resource):
            raise _Nameless("how many there are is known only after apply")
        name = kind.named(resource, self.configuration)
        if isinstance(name, Unknown):
            if said_by := _said_by(kind, resource, self.configuration):
                return "", said_by
            told = "make it an output of the root, and say `output`"
            raise _Nameless(f"its name is known only after apply: {told}")
        if concealed(name) != name:
            raise _Nameless("its name is a secret, which is never written")
        return name, {}

    def _place(self, kind: type[Kind], resource: Resource, rows: Rows) -> tuple[str, str, str]:
        """Return where it stands among the rows: by what is alike in its address in all environments.

        What one address makes several of, such as the nodes of a replication group, stands there by number.
        """
        if kind.noun in BY_PLACE:
            return kind.noun, self.root, ""
        address = everywhere(resource.address, {"env": self.environment})
        keyed = _INSTANCE.sub(lambda it: everywhere(it[0], own_words(self.names)), address)
        numbered = (f"{resource.address} {number}" for number in count(2))
        places = ((kind.noun, self.root, it) for it in chain((keyed, resource.address), numbered))
        return next(it for it in places if it not in rows or self.environment not in rows[it].names)


def everywhere(name: str, words: Mapping[str, str]) -> str:
    """Return a name, or an address, with the placeholder of the first word in it that is one of some."""
    first = _first_of(name, words.values())
    for placeholder, word in words.items():
        if first and first[1] == word:
            return _word(word).sub(f"{{{placeholder}}}", name)
    return name


def own_beginning(name: str, words: Iterable[str]) -> str:
    """Return how a name begins, up to the first word in it that is one of some; all of it where none is."""
    first = _first_of(name, words)
    return name[: first.end()] if first else name


def own_end(name: str, words: Iterable[str]) -> str:
    """Return the word of some that a name ends with, and what parts it from the rest; empty where none is."""
    first = _first_of(name, words)
    ends = first is not None and first.end() == len(name) and first.start() > 0
    return name[first.start() - 1 :] if first and ends else ""


def _first_of(name: str, words: Iterable[str]) -> re.Match[str] | None:
    """Return the first word in a name that is one of some, with what parts it from the next."""
    found = (re.compile(rf"({_word(it).pattern})[-_./]?").search(name) for it in words)
    return min((it for it in found if it), key=lambda it: it.start(), default=None)


def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])")


def _said_by(kind: type[Kind], resource: Resource, configuration: Configuration) -> Mapping[str, Any]:
    """Return the output that is the name of a resource, or what else it is the only one to be."""
    for name in configuration.outputs:
        if Output(kind, resource.root, name).is_name_of(resource, configuration):
            return {"output": name}
    if not any(it is not resource for it in kind.declared_in(configuration)) and kind.selected_by:
        return {"select": {}}
    return {}


def put_together(found: Found, names: Names, left_out: LeftOut) -> Iterator[Found]:
    """Yield a resource with one name, or one for each environment where no placeholder tells them apart."""
    for environment, name in [*found.names.items()]:
        if name and not may_be_named(found.kind, name):
            told = "a stack takes no name of several lines, or with a blank at an end"
            left_out.nameless(found.kind.noun, told, repr(name), environment)
            del found.names[environment]
    if not found.names:
        return
    try:
        found.name = joined(found.names, names)
        yield found
    except Different:
        for environment, name in found.names.items():
            regions = {it: at for it, at in found.regions.items() if it == environment}
            alone = Found(found.kind, found.root, {environment: name}, found.label, regions, found.said_by)
            try:
                alone.name = joined({environment: name}, names)
            except Different:
                told = "a stack would fill in the braces in its name"
                left_out.nameless(found.kind.noun, told, name, environment)
            else:
                yield alone


def _note_unknown(root: str, configuration: Configuration, environment: str, left_out: LeftOut) -> None:
    own = own_types(begun_kinds())
    for resource in configuration.resources:
        if resource.type not in own:
            noted = left_out.beside if resource.type in known_types() else left_out.unknown
            noted[resource.type].add((root, resource.address))
    for module in configuration.not_evaluated:
        left_out.add("it is not read, and may declare anything", module, environment)


def _note_unread(roots: Mapping[str, Configuration], left_out: LeftOut) -> None:
    for root, unread in zip(roots, unread_arguments([*roots.values()]), strict=True):
        for resource, argument in unread:
            left_out.unasked[f"{resource.type}.{argument}"].add((root, resource.address))


def keyed(found: list[Found], taken: frozenset[str] = frozenset()) -> None:
    """Give each resource the key that the stack has it under: what tells it apart of its name."""
    shared = most_common_beginning([it.name for it in found if it.name and it.kind.noun not in BY_PLACE])
    keys = set(taken)
    for it in found:
        noun = it.kind.noun.replace("_", "-")
        short = _short(it, shared) or noun
        every = [short, short if short.endswith(noun) else f"{short}-{noun}", f"{it.label}-{noun}"]
        numbered = (f"{every[1]}-{number}" for number in range(2, len(found) + 3))
        it.key = next(key for key in (*every, *numbered) if key not in keys)
        keys.add(it.key)


def first_word(name: str) -> str:
    """Return the first word of a name, with what stands behind it; empty where it has only one."""
    found = _FIRST_WORD.match(name)
    return found[0] if found else ""


def most_common_beginning(names: list[str]) -> str:
    """Return the first word of most names, with what stands behind it; empty where they have none."""
    words = Counter(found for it in names if (found := first_word(it)))
    word, number = words.most_common(1)[0] if words else ("", 0)
    return word if number > 1 and 2 * number >= len(names) else ""


def _short(found: Found, shared: str) -> str:
    if found.kind.noun in BY_PLACE:
        return found.kind.noun.replace("_", "-")
    if not found.kind.terraform_type:
        return found.label
    name = found.name or found.label
    if found.kind.noun == "stored_object":
        name = name.partition("/")[2]
    elif name.startswith(("/", "alias/")):
        name = name.rpartition("/")[2]
    name = re.sub(r"[-_.]?\{\w+\}", "", name.removeprefix(shared))
    return re.sub(r"[^A-Za-z0-9./_-]+", "-", name).strip("-_./")
