"""Runs of tools that look at code: Terraform's own, linters, scanners, and the checks before a commit."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Self

from plumbline.github.checkout import PROVIDERS
from plumbline.github.providers import laid_out
from plumbline.github.tool import WORK, Told, copied, found, run_on_copy, words
from plumbline.kinds.kind import Kind
from plumbline.kinds.tool_findings import (
    Found,
    Garbled,
    formatted,
    hooked,
    linted,
    scanned_by_checkov,
    scanned_by_trivy,
    validated,
)
from plumbline.values.model import Text
from plumbline.values.shown import text
from plumbline.values.unknown import ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout

_FORMATTED = (".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl")
"""The files that `terraform fmt` looks at. Source: Terraform CLI, "Command: fmt"."""
_PATIENCE_SECONDS = 60
_PLUGINS = "PLUGINS"
_TERRAFORM = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_CLI_CONFIG_FILE": os.devnull}


@dataclass(frozen=True)
class Asked:
    """What a tool is asked: which folder it looks at, and by which configuration."""

    folder: PurePosixPath
    configuration: PurePosixPath | None

    def given(self, option: str) -> list[str]:
        """Return the option that names the configuration, where there is one."""
        return [f"{option}={WORK}/{self.configuration}"] if self.configuration else []


@dataclass(frozen=True)
class Tool:
    """A tool: how it is started in its folder, and how what it prints is read."""

    program: str
    command: Callable[[Asked], str]
    read: Callable[[Told], list[Found]]
    variables: Mapping[str, str] = field(default_factory=dict)
    sees: Callable[[Checkout, Path], Mapping[str, list[Path]]] = lambda *_: {}
    """The folders of this machine that it needs, by the variable that names the first of them.

    It may lay them out in a folder of its own. Raises `Undetermined`.
    """


def _checkov(asked: Asked) -> str:
    options = ("-o", "json", "--quiet", "--compact", "--skip-download")
    return words("checkov", "-d", ".", *asked.given("--config-file"), *options)


def _tflint(asked: Asked) -> str:
    return words("tflint", *asked.given("--config"), "--format=json", "--no-color")


def _trivy(asked: Asked) -> str:
    options = ("--format", "json", "--quiet", "--exit-code", "0", "--skip-check-update")
    return words("trivy", "config", *asked.given("--config"), *options, "--cache-dir", "/tmp/trivy", ".")


def _validate(asked: Asked) -> str:
    init = words("terraform", "init", "-backend=false", "-input=false", "-no-color")
    return f'{init} "-plugin-dir=${_PLUGINS}" >&2 && {words("terraform", "validate", "-json", "-no-color")}'


def _pre_commit(asked: Asked) -> str:
    run = words("pre-commit", "run", "--all-files", "--color", "never", *asked.given("--config"))
    return f"git init -q && git add -A && {run}"


def _providers(checkout: Checkout, folder: Path) -> Mapping[str, list[Path]]:
    if checkout.providers is None:
        raise Undetermined(f"terraform validate needs providers, and none are given: {PROVIDERS}=DIR")
    return {_PLUGINS: [folder, *laid_out(checkout.providers, folder)]}


def _rulesets(_: Checkout, __: Path) -> Mapping[str, list[Path]]:
    """Return where TFLint keeps its plugins. Source: TFLint's user guide, "Configuring Plugins"."""
    name = "TFLINT_PLUGIN_DIR"
    place = Path(os.environ.get(name) or Path.home() / ".tflint.d" / "plugins").absolute()
    return {name: [place]} if place.is_dir() else {}


TOOLS = {
    "terraform fmt": Tool("terraform", lambda _: "", formatted),
    "terraform validate": Tool("terraform", _validate, validated, _TERRAFORM, _providers),
    "tflint": Tool("tflint", _tflint, linted, sees=_rulesets),
    "trivy": Tool("trivy", _trivy, scanned_by_trivy),
    "checkov": Tool("checkov", _checkov, scanned_by_checkov),
    "pre-commit": Tool("pre-commit", _pre_commit, hooked, {"PRE_COMMIT_HOME": "/tmp/pre-commit"}),
}
_NAME = rf"^({'|'.join(TOOLS)})(?: in (\S+))?(?: with (\S+))?$"
"""A tool, the folder that it looks at, and its configuration."""


class ToolRun(Kind):
    """A run of a tool on the checkout. Its name says of which: `tflint in live with lint.hcl`.

    `terraform fmt` runs nothing of what it reads, and runs wherever Terraform is. All others run only where
    --run-scripts says so, in the sandbox: on a copy, without network, with a limit of time.
    """

    noun = "tool_run"
    plural = "tool_runs"
    lies_in_repository = True
    name_pattern = (
        f"^{_NAME.replace('?P<tool>', '').replace('?P<folder>', '').replace('?P<configuration>', '')}$"
    )

    findings: list[Text] = []
    """What it found, each with file, line and rule, as far as it says them."""

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return the run. Raises `Missing` for a folder or a configuration that is not there."""
        match = re.match(_NAME, name)
        assert match  # another name is refused when the stack is read
        tool, below, named = match.groups()
        folder, configuration = checkout.find_folder(below or "."), None
        if named:
            place = checkout.find(named, "file").relative_to(checkout.folder)
            configuration = PurePosixPath(place.as_posix())
        asked = Asked(folder, configuration)
        where = checkout.shown(checkout.folder / folder)
        return cls.of(where, {"name": name, "findings": lambda: _findings(tool, asked, checkout)})


def _findings(name: str, asked: Asked, checkout: Checkout) -> list[str]:
    """Run a tool and return what it found, with paths as a reader can open them.

    Raises `Undetermined` where it cannot be run, and `ReadError` where it does not end as it should.
    """
    tool = TOOLS[name]
    if name == "terraform fmt":
        told, command = _fmt(asked, checkout), words("terraform", "fmt", "-recursive", "-check")
    else:
        command = tool.command(asked)
        told = _in_sandbox(tool, command, asked, checkout)
    try:
        listed = tool.read(told)
    except (Garbled, KeyError, TypeError, AttributeError, IndexError):
        said = text((told.errors or told.output).strip()[-2000:]) or "and says nothing"
        raise ReadError(
            f"{name} in {asked.folder} ends with {told.status}, and not as where it has looked: {said}",
            cause=f"{name} in {asked.folder}",
            advice=f"See what it says: {words('cd', str(asked.folder))} && {command.replace(f'{WORK}/', '')}",
        ) from None
    return [it.below(asked.folder) for it in listed]


def _in_sandbox(tool: Tool, command: str, asked: Asked, checkout: Checkout) -> Told:
    if not checkout.runs_scripts:
        raise Undetermined(f"{tool.program} would have to be run, and nothing is without --run-scripts")
    program, script = found(tool.program, checkout), f"{words('cd', str(asked.folder))} && {command}"
    with tempfile.TemporaryDirectory(prefix="seen-") as folder:
        seen = tool.sees(checkout, Path(folder))
        variables = {**tool.variables, **{name: str(first) for name, (first, *_) in seen.items()}}
        return run_on_copy(checkout, program, script, variables, chain(*seen.values()))


def _fmt(asked: Asked, checkout: Checkout) -> Told:
    """Let `terraform fmt` look at a copy of the files that it would look at, and of nothing else.

    Raises `Undetermined` where there is no Terraform, and where it does not end in time.
    """
    program = found("terraform", checkout)
    files = [
        it
        for it in checkout.files
        if it.name.endswith(_FORMATTED) and (str(asked.folder) == "." or it.is_relative_to(asked.folder))
    ]
    if not files:
        raise Undetermined(f"terraform fmt would look at nothing: no such file lies in {asked.folder}")
    with tempfile.TemporaryDirectory(prefix="fmt-") as place:
        copied(files, checkout, Path(place))
        try:
            ended = subprocess.run(
                [program, "fmt", "-check", "-recursive", "-no-color"],
                cwd=Path(place, asked.folder),
                env={"PATH": os.environ.get("PATH", ""), "HOME": place, **_TERRAFORM},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=_PATIENCE_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise Undetermined(f"terraform fmt does not end within {_PATIENCE_SECONDS} s") from None
    output, errors = (it.decode("utf-8", "replace") for it in (ended.stdout, ended.stderr))
    return Told(ended.returncode, output, errors)
