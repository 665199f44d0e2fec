"""How much of its root a call of Terraform brings about: all of it, what is named, or nothing.

Sources: Terraform's documentation, "terraform plan" ("Planning Modes", "Planning Options"), "terraform apply"
and "Environment Variables" (`TF_CLI_ARGS`); OpenTofu's, `-exclude`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from plumbline.github import actions
from plumbline.github.programs import TerraformCall, terraform_calls
from plumbline.github.shell.path import Command, Status, is_known

_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})
"""What Go's `strconv.ParseBool` takes for false."""
_WITH_VALUE = frozenset(
    {"target", "exclude", "out", "var", "var-file", "replace", "lock-timeout", "parallelism", "state"}
    | {"state-out", "backup", "generate-config-out"}
)
_NAMES_OF_FOLDERS = (
    *("path", "working-directory", "working_directory", "arg-chdir"),
    *("tf_actions_working_dir", "tg_dir"),
)
_NAMES_OF_COMMANDS = ("tg_command", "command", "tf_actions_subcommand", "actions")


@dataclass(frozen=True)
class Reach:
    """What a call brings about of its root."""

    destroys: Status = False
    refreshes: Status = False
    """Whether it takes over what there is, and changes nothing (`-refresh-only`)."""
    targets: tuple[str, ...] = ()
    """The addresses that it is about; none for all."""
    excluded: tuple[str, ...] = ()

    @property
    def brings(self) -> Status:
        """Whether it creates what the root declares; None where that is open."""
        if True in (self.destroys, self.refreshes):
            return False
        return None if None in (self.destroys, self.refreshes) else True


Plans = Mapping[tuple[str, str], Reach]
"""What saved plans are, by folder and file."""


@dataclass(frozen=True)
class Applied:
    """One root that a command applies."""

    folder: str
    reach: Reach


def plans_of(commands: Iterable[Command]) -> dict[tuple[str, str], Reach]:
    """Return the plans that commands save."""
    found: dict[tuple[str, str], Reach] = {}
    for command in commands:
        for call in terraform_calls(command):
            if call.subcommand in ("plan", "plan-all") and (saved := _options(call).get("out")):
                found[_file(call.folder, saved[-1])] = _reach(call)
    return found


def applied_by(command: Command, plans: Plans) -> Iterator[Applied]:
    """Yield the roots that a command applies."""
    if command.words[:1] == ("uses:",):
        yield _by_action(command)
        return
    for call in terraform_calls(command):
        own = _reach(call)
        saved = (plans.get(_file(call.folder, it)) for it in _operands(call))
        yield Applied(call.folder, next((it for it in saved if it and own == Reach()), own))


def _reach(call: TerraformCall) -> Reach:
    options = _options(call)
    named = call.subcommand in ("destroy", "destroy-all")
    open_ = None if any(_may_be_options(it, options) for it in _operands(call)) else False
    return Reach(
        destroys=True if named else _is_set(options.get("destroy"), open_),
        refreshes=_is_set(options.get("refresh-only"), open_),
        targets=tuple(options.get("target", ())),
        excluded=tuple(options.get("exclude", ())),
    )


def _is_set(given: list[str] | None, otherwise: Status) -> Status:
    if given is None:
        return otherwise
    return given[-1] not in _FALSE if is_known(given[-1]) else None


def _may_be_options(word: str, options: Mapping[str, list[str]]) -> bool:
    """Whether an operand that is not known may stand for options: a saved plan is approved by itself."""
    return not is_known(word) and "auto-approve" in options


def _options(call: TerraformCall) -> dict[str, list[str]]:
    """Return the options of a call with each value that they are given; Go takes `--` for `-`, too."""
    found: dict[str, list[str]] = {}
    for name, value, _ in _read(call):
        if name:
            found.setdefault(name, []).append(value)
    return found


def _operands(call: TerraformCall) -> list[str]:
    return [operand for name, _, operand in _read(call) if not name]


def _read(call: TerraformCall) -> Iterator[tuple[str, str, str]]:
    """Yield each option with its value, or each operand behind an empty name."""
    left = iter(call.words)
    for word in left:
        if not word.startswith("-"):
            yield "", "", word
            continue
        name, equals, value = word.lstrip("-").partition("=")
        yield name, value if equals else (next(left, "") if name in _WITH_VALUE else "true"), ""


def _file(folder: str, name: str) -> tuple[str, str]:
    whole = posixpath.normpath(posixpath.join(folder, name))
    return posixpath.dirname(whole), posixpath.basename(whole)


def _by_action(command: Command) -> Applied:
    """Return what an action applies, by the inputs that the known ones have."""
    inputs = actions.inputs_of(command)
    folder = next((inputs[it] for it in _NAMES_OF_FOLDERS if it in inputs), ".")
    told = [actions.name_of(command), *(inputs.get(it, "") for it in _NAMES_OF_COMMANDS)]
    asked = [inputs[it] for it in ("destroy", "arg-destroy") if it in inputs]
    targets, excluded = (
        tuple(re.split(r"[\s,]+", given)) if (given := inputs.get(it, inputs.get(f"arg-{it}", ""))) else ()
        for it in ("target", "exclude")
    )
    destroys = True if any("destroy" in it for it in told) else _is_set(asked or None, False)
    return Applied(
        posixpath.join(command.folder, folder), Reach(destroys, targets=targets, excluded=excluded)
    )
