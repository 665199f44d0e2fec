"""A stack that is made of what accounts hold: what they list, by how it is called or tagged."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from plumbline.commands.init.as_found import why
from plumbline.commands.init.filled_in import Names
from plumbline.commands.init.found import Found, begun_kinds, keyed, put_together
from plumbline.commands.init.ground import ONE
from plumbline.commands.init.left_out import LeftOut
from plumbline.commands.init.made_of import Material, accounts_of, names_of, nothing, run_of
from plumbline.commands.init.written import About, draft
from plumbline.expectations.home import Home
from plumbline.expectations.stack import Stack
from plumbline.kinds.inventory import Inventory
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import kinds
from plumbline.sources.differences import Reading
from plumbline.suite.opening import Readings
from plumbline.suite.run import Run
from plumbline.values.filling import PLACEHOLDER, fill
from plumbline.values.mistakes import DataError
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Unreadable

_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
_TAGS = "tags"
_ENV = "{env}"


def of_account(given: argparse.Namespace, home: Home, left_out: LeftOut) -> Material:
    """Return what the accounts of some environments list. Raises `DataError`, for foreign credentials too."""
    environments = tuple(dict.fromkeys(given.env)) or (ONE,)
    accounts = accounts_of(given.account, environments)
    region = given.region or next((os.environ[it] for it in _REGIONS if os.environ.get(it)), "")
    _refuse_unsaid(given, environments, accounts, region)
    names = names_of(given.name, environments, accounts, region)
    whose = ", ".join(f"{env} is account {accounts[env]}" for env in environments)
    about = About(given.name, region, environments, {"directory": "."}, f"what was there ({whose})", accounts)
    with TemporaryDirectory(prefix="plumbline-init-") as folder:
        found = _Listing(about, names, home, Path(folder), left_out).found(given.prefix, _tags(given.tag))
    if not found:
        raise DataError(nothing(f"is listed of {_what(given)}", left_out))
    found += _grants(found, given.prefix, names, left_out)
    return Material(
        about=about,
        names=names,
        found=found,
        sources=("live",),
        run=_run,
        told=(f"accounts: {whose}, in {region}",),
        again=("--live",),
        prefixes=() if given.tag else tuple(given.prefix),
    )


def _grants(found: list[Found], prefixes: Sequence[str], names: Names, left_out: LeftOut) -> Iterator[Found]:
    """Yield who is granted what: the roles that begin so, or else those that were found."""
    roles = [it for it in found if it.kind.noun == "role"]
    called: dict[str, list[str]] = {}
    for it in roles:
        for env, name in it.names.items():
            called.setdefault(env, []).append(name)
    granted = {
        env: " ".join([f"{fill(it, names[env])}*" for it in prefixes] or sorted(them))
        for env, them in called.items()
    }
    if granted:
        yield from put_together(Found(kinds()["authorization"], "", granted, "principals"), names, left_out)


def _refuse_unsaid(
    given: argparse.Namespace, environments: Sequence[str], accounts: dict[str, str], region: str
) -> None:
    if not (given.prefix or given.tag):
        raise DataError(
            "--live takes what the stack's names begin with, or a tag: --prefix P, --tag KEY=VALUE"
        )
    if unknown := [it for it in (*given.prefix, *given.tag) if {*PLACEHOLDER.findall(it)} - {"env"}]:
        raise DataError(f"{unknown[0]}: only {_ENV} is filled in there")
    if without := [it for it in environments if it not in accounts]:
        told = f"{without[0]}=ID" if len(environments) > 1 else "ID"
        raise DataError(f"--live reads no account that nobody named: --account {told}, with its 12 digits")
    if len({*accounts.values()}) < len(environments) and not _tell_apart(given):
        told = "--prefix 'shop-{env}-', --tag 'stage={env}'"
        raise DataError(f"environments of one account are told apart by what each one is called: {told}")
    if not region:
        raise DataError("--live needs to know where: --region NAME")


def _tell_apart(given: argparse.Namespace) -> bool:
    """Return whether what is asked for is another thing in each environment."""
    return all(_ENV in it for it in given.prefix) and (given.prefix or any(_ENV in it for it in given.tag))


def _tags(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in given:
        key, equals, text = value.partition("=")
        if not key or not equals:
            raise DataError(f"--tag {value}: it is not of the form KEY=VALUE")
        found[key] = text
    return found


def _what(given: argparse.Namespace) -> str:
    return " or ".join([*(f"{it}*" for it in given.prefix), *given.tag])


def _run(stack: Stack) -> Run:
    return run_of(stack, ("live",))


class _Listing:
    """Lists what accounts hold, with the calls and under the guard of a live run."""

    def __init__(self, about: About, names: Names, home: Home, folder: Path, left_out: LeftOut) -> None:
        self._about, self._names, self._home, self._left_out = about, names, home, left_out
        self._path = folder / f"{about.name}.yaml"

    def found(self, prefixes: Sequence[str], tags: dict[str, str]) -> list[Found]:
        """Return what begins with one of the prefixes, or carries all the tags. Raises `DataError`."""
        rows = self._put_together(self._listed(list(prefixes) if not tags else []))
        if not tags:
            return rows
        keyed(rows)
        held = self._held(rows)
        for it in rows:
            for env in it.environments:
                begins = any(it.names[env].startswith(fill(prefix, self._names[env])) for prefix in prefixes)
                if not begins and not self._carries(held[it.key, env], tags, it, env):
                    del it.names[env]
        return list(self._named_again(rows))

    def _listed(self, prefixes: list[str]) -> Iterator[tuple[type[Kind], str, str]]:
        """Yield the kind, the environment and the name of everything that is listed."""
        listed = {it.plural: it for it in begun_kinds() if it.listing}
        wanted = {
            f"all-{plural}": {"name": plural, "asks": {"of": plural, "prefixes": prefixes}}
            for plural in listed
        }
        for kind in (it for it in begun_kinds() if it.terraform_type and not it.listing):
            self._left_out.add("nothing lists such in an account", kind.plural.replace("_", " "))
        for (key, env), reading in self._read({"inventories": wanted}).items():
            kind = listed[key.removeprefix("all-")]
            if not isinstance(reading, Inventory):
                self._left_out.add(f"not listed: {why(reading)}", kind.plural.replace("_", " "), env)
                continue
            found = reading.found
            if isinstance(found, Unreadable | SomeOf):
                told = found.error.cause if isinstance(found, Unreadable) else found.reason
                self._left_out.add(f"not listed: {told}", kind.plural.replace("_", " "), env)
                continue
            yield from ((kind, env, it.name) for it in found)

    def _put_together(self, listed: Iterator[tuple[type[Kind], str, str]]) -> list[Found]:
        """Return what is listed; in several environments as one where its name tells the environment."""
        rows: dict[tuple[str, str], Found] = {}
        for kind, env, name in listed:
            everywhere = name.replace(env, "{env}")
            found = rows.setdefault((kind.noun, everywhere), Found(kind, "", {}, everywhere))
            found.names[env] = name
        return [it for found in rows.values() for it in put_together(found, self._names, self._left_out)]

    def _named_again(self, rows: list[Found]) -> Iterator[Found]:
        for it in rows:
            if it.names:
                yield from put_together(it, self._names, self._left_out)

    def _held(self, rows: list[Found]) -> dict[tuple[str, str], Reading]:
        sections: dict[str, dict[str, Any]] = {}
        for it in rows:
            entry = {"name": it.name, "environments": list(it.environments)}
            sections.setdefault(it.kind.plural, {})[it.key] = entry
        return self._read(sections)

    def _carries(self, reading: Reading, tags: dict[str, str], found: Found, env: str) -> bool:
        held = getattr(reading, _TAGS, None)
        if _TAGS not in found.kind.model_fields:
            told = "not known by its tags, which its kind does not read: --prefix finds it"
            self._left_out.add(told, found.kind.plural.replace("_", " "))
            return False
        if not isinstance(held, dict):
            self._left_out.add("its tags could not be read", found.called(env), env)
            return False
        return all(held.get(key) == fill(value, self._names[env]) for key, value in tags.items())

    def _read(self, sections: dict[str, dict[str, Any]]) -> dict[tuple[str, str], Reading]:
        """Return what the accounts say of the entries of a stack, by key and environment."""
        self._path.write_text(draft(self._about, sections), encoding="utf-8")
        stack = Stack(self._path)
        readings = Readings(self._home, _run(stack))
        subjects = [it for env in stack.environments for it in stack.subjects(env).values()]
        read = readings.read("live", subjects)
        return {(it.key, it.environment): reading for it, reading in read.items()}
