"""Where workflows have Terraform keep its state: what `terraform init` is given besides the source.

Source: Terraform's documentation, "Backend block", partial configuration: `-backend-config` takes
`KEY=VALUE` or a file of such settings, and prevails over the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plumbline.github.applying import happy
from plumbline.github.jobs import Files, Found
from plumbline.github.programs import TerraformCall, terraform_calls
from plumbline.github.runs import Happening
from plumbline.github.scripts import Scripts
from plumbline.github.starts import Start, started, starts

_SETTING = re.compile(r'^[ \t]*(\w+)[ \t]*=[ \t]*"([^"]*)"', re.MULTILINE)
_ENVIRONMENT = "inputs.environment"


def backends(files: Files, scripts: Scripts) -> Found:
    """Return the settings of backends that each environment is initialised with, as `KEY=VALUE`.

    Those of an environment that nobody knows stand under an empty name; `?` names a file that is not there.
    """
    found: dict[str, dict[str, None]] = {}
    place = files[0].where("jobs")
    for file in started(files):
        for start in starts(file, scripts):
            for _, _, it in happy(file, scripts, start).happened():
                for setting in _settings(it, scripts):
                    found.setdefault(_environment(it, start), {}).setdefault(setting)
                    place = it.where
    return {environment: sorted(settings) for environment, settings in found.items()}, place


def _environment(it: Happening, start: Start) -> str:
    """Return which environment a command is for: the one that was chosen, or that its job deploys to."""
    return str(start.values.get(_ENVIRONMENT) or it.environment)


def _settings(it: Happening, scripts: Scripts) -> Iterator[str]:
    for call in terraform_calls(it.command):
        for given in _given(call):
            name, equals, value = given.partition("=")
            if equals and re.fullmatch(r"\w+", name):
                yield f"{name}={value}"
            else:
                written = scripts.text(given, call.folder)
                yield from [f"?={given}"] if written is None else map("=".join, _SETTING.findall(written))


def _given(call: TerraformCall) -> Iterator[str]:
    """Yield what stands behind each `-backend-config` of an `init`."""
    for position, word in enumerate(call.words if call.subcommand == "init" else ()):
        option, equals, value = word.partition("=")
        if option.lstrip("-") == "backend-config":
            yield value if equals else call.words[position + 1] if position + 1 < len(call.words) else ""
