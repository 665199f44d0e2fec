"""What a call of pytest, or of this product, asks: of what, of whom, and what of it can fail.

Sources: pytest's documentation, "Command-line Flags"; the options of this product.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from plumbline.github import actions
from plumbline.github.scripts import below, unwrapped
from plumbline.github.shell.path import CONTAINERS, Command, Status, is_known

Arguments = tuple[str, ...]

DOUBT = "? "
"""Stands before what may be run, or may be what was asked for."""
_OURS = ("pytest", "py.test", "plumbline")
_RUNS_NO_TEST = frozenset(
    {"--version", "-V", "--help", "-h", "--collect-only", "--co", "--fixtures", "--markers", "--setup-plan"}
    | {"--setup-only", "--cache-show", "--fixtures-per-test", "--trace-config"}
)
_OFFLINE = re.compile(r"(?:^|/)tests/(?:ci|repository|terraform)(?:/|$)")
"""The folders of tests of which none asks the deployed account."""
_LEAVES_OUT = frozenset({"-k", "--ignore", "--ignore-glob", "--deselect"})
"""Options that leave tests out, who knows which."""
_LEAVES_OUT_FLAGS = frozenset({"--lf", "--last-failed", "--sw", "--stepwise", "--stepwise-skip", "--sw-skip"})
_SETTINGS = frozenset({"-o", "--override-ini", "-c", "--config-file"})
_CHOOSES = re.compile(r"addopts|testpaths|python_|norecursedirs|collect")
"""Settings of pytest that say what tests are."""
_EVERY_FAILURE = "P4"
"""The least severity: with it all that is wrong fails the run."""
_SOURCES_OF_FILES = frozenset({"repository"})
"""The sources that hold nothing of the infrastructure itself."""
_NARROWS = frozenset({"--plan", "--state", "--outputs", "--evidence", "--terraform", "--stack"})
"""Options of this product that say what is examined, and nothing else."""
_TAKES_VALUE = frozenset(
    {"--env", "--source", "-m", "-k", "-n", "-o", "-c", "-p", "--fail-on", "--window", "--tb", "--junitxml"}
    | {"--ignore", "--ignore-glob", "--deselect", "--maxfail", "--durations", "--rootdir", "--basetemp"}
    | {"-r", "-W", "--junit-xml", "--junit-prefix", "--log-level", "--log-cli-level", "--log-file", "--color"}
    | {"--numprocesses", "--dist", "--timeout", "--evidence", "--plan", "--repository", "--cov-report"}
    | {"--stack", "--html", "--override-ini", "--config-file", "--endpoint", "--terraform", "--state"}
    | {
        "--outputs",
        "--data",
        "--notify",
        "--results-dir",
        "--concurrency",
        "--github",
        "--stacks",
        "--confcutdir",
    }
)


def tests(command: Command) -> Arguments | None:
    """Return the arguments of a command that runs tests with pytest; None for every other one."""
    if command.words[:1] == ("uses:",):
        return actions.tests(command)
    words = _within_a_container(unwrapped(command.words))
    if not words or posixpath.basename(words[0]) not in _OURS:
        return None
    arguments = (*words[1:], *command.variables.get("PYTEST_ADDOPTS", "").split())
    if _RUNS_NO_TEST & {*arguments} or (words[0].endswith("plumbline") and "--live" not in arguments):
        return None
    return arguments


def _within_a_container(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a container is started with, where that is pytest or this product."""
    if not words or posixpath.basename(words[0]) not in CONTAINERS or not {"run", "exec"} & {*words}:
        return words
    at = next((at for at, it in enumerate(words) if posixpath.basename(it) in _OURS), len(words))
    return unwrapped(words[at:]) or words


def leaves_out(arguments: Arguments) -> bool:
    """Return whether these arguments may leave out tests, or failures that do not fail the run.

    Marks and paths are asked for apart.
    """
    options = list(_options(arguments))
    chosen = [value for name, value in options if name in _SETTINGS]
    left_out = {name for name, _ in options} & _LEAVES_OUT or _LEAVES_OUT_FLAGS & {*arguments}
    if left_out or any(_CHOOSES.search(it) for it in chosen) or {"-c", "--config-file"} & {*arguments}:
        return True
    asked = [it for name, value in options if name == "--fail-on" for it in value.split(",")]
    severe = [it for it in asked if re.fullmatch(r"P\d", it.strip()) or not is_known(it)]
    return bool(severe) and _EVERY_FAILURE not in severe


def is_live(arguments: Arguments) -> Status:
    """Return whether these arguments ask the deployed account; None where that is open."""
    options = list(_options(arguments))
    sources = {value for name, value in options if name == "--source"}
    if "--live" not in arguments and not any("live" in it.split(",") for it in sources):
        return False
    chosen, named = _marks(options), paths(arguments)
    if re.match(r"static(?:$| and )", chosen) or (named and all(_OFFLINE.search(it) for it in named)):
        return False
    if any(name == "--evidence" for name, _ in options):
        return False
    doubtful = leaves_out(arguments) or any(name == "--endpoint" for name, _ in options)
    if doubtful or not all(map(is_known, named)):
        return None
    return None if chosen not in ("", "deployed", "not static") else True


def lines(command: Command, arguments: Arguments) -> Iterator[str]:
    """Yield a call as one line for each path: `pytest PATH`, or `pytest` where it names none.

    Of options stands there only what takes the infrastructure out of it. A doubt stands before one that may
    leave something out.
    """
    options = list(_options(arguments))
    sources = {it for name, value in options if name == "--source" for it in value.split(",")}
    if sources and sources <= _SOURCES_OF_FILES:
        yield "pytest --source=" + ",".join(sorted(sources))
        return
    narrowed = any(name in _NARROWS for name, _ in options)
    open_ = narrowed or leaves_out(arguments) or _marks(options) not in ("", "static", "not deployed")
    named = paths(arguments) or ["."]
    for path in named:
        whole = posixpath.join(command.folder, path.partition("::")[0])
        known = is_known(whole)
        inside = below(whole) if known else ""
        doubt = DOUBT if open_ or not known or "::" in path else ""
        yield f"{doubt}pytest {inside}".strip() if inside not in ("", ".") else f"{doubt}pytest"


def environments(arguments: Arguments) -> list[str]:
    """Return the environments that these arguments name; none for all of them."""
    return [value.rpartition("/")[2] for name, value in _options(arguments) if name == "--env"]


def stacks(arguments: Arguments) -> list[str]:
    """Return the stacks that these arguments name, by `--stack` or as `STACK/ENVIRONMENT`; none for all."""
    named = [value for name, value in _options(arguments) if name == "--stack"]
    before = [value.rpartition("/")[0] for name, value in _options(arguments) if name == "--env"]
    return named or (before if all(before) else [])


def paths(arguments: Arguments) -> list[str]:
    """Return the files and folders of tests that these arguments name."""
    return [
        word
        for before, word in zip(("", *arguments), arguments, strict=False)
        if before not in _TAKES_VALUE and not word.startswith("-")
    ]


def _marks(options: list[tuple[str, str]]) -> str:
    marks = [" ".join(value.strip("'\"").split()) for name, value in options if name == "-m"]
    return marks[-1] if marks else ""


def _options(arguments: Arguments) -> Iterator[tuple[str, str]]:
    """Yield the options with their values, as `--env sit`, `--env=sit`, `-m static` and `-m=static`."""
    for position, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if equals and name.startswith("--"):
            yield name, value
        elif word[:2] in _TAKES_VALUE and word[2:] and not word.startswith("--"):
            yield word[:2], word[2:].removeprefix("=")
        elif name in _TAKES_VALUE and position + 1 < len(arguments):
            yield name, arguments[position + 1]
