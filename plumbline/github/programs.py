"""What a command of a workflow does: it applies, it checks, or it looks at the deployed account.

Sources: Terraform's documentation, "Basic CLI Features" (`-chdir`), "terraform apply"; Terragrunt's, "run",
"run-all"; CDK for Terraform's, "CLI commands"; Pulumi's, "pulumi up".
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from shlex import split

from plumbline.github import actions
from plumbline.github.pytest_calls import leaves_out, tests
from plumbline.github.scripts import unwrapped
from plumbline.github.shell.path import CONTAINERS, UNREAD, Command, Status, is_known

_TOOLS = frozenset({"terraform", "tofu", "opentofu", "terragrunt"})
_CHANGES = frozenset({"apply", "destroy", "apply-all", "destroy-all"})
_OTHERS = {
    "cdktf": frozenset({"deploy", "apply", "destroy"}),
    "cdktf-cli": frozenset({"deploy", "apply", "destroy"}),
    "cdk": frozenset({"deploy", "destroy"}),
    "aws-cdk": frozenset({"deploy", "destroy"}),
    "atmos terraform": frozenset({"apply", "deploy", "destroy"}),
    "spacectl stack": frozenset({"deploy", "confirm"}),
    "terraspace": frozenset({"up", "down"}),
    "terraspace all": frozenset({"up", "down"}),
    "pulumi": frozenset({"up", "update", "destroy"}),
    "atlantis": frozenset({"apply"}),
}
_RUNS_PACKAGES = frozenset({"npx", "pnpx", "bunx", "npm", "pnpm", "yarn", "bun"})
_SUBCOMMANDS = (
    _CHANGES
    | {"console", "env", "fmt", "force-unlock", "get", "graph", "import", "init", "login", "logout"}
    | {"metadata", "modules", "output", "plan", "providers", "push", "query", "refresh", "show"}
    | {"stacks", "state", "taint", "test", "untaint", "validate", "version", "workspace"}
    | {"plan-all", "output-all", "validate-all", "run-all", "run", "stack", "exec", "find", "list"}
    | {"catalog", "scaffold", "dag", "backend", "info", "render", "hcl", "hclfmt", "render-json"}
    | {"graph-dependencies", "validate-inputs", "terragrunt-info", "output-module-groups"}
)
"""The commands of Terraform, of OpenTofu and of Terragrunt; another word behind their name is no call."""
_PRINTS = frozenset(
    {
        "echo",
        "printf",
        "cat",
        "grep",
        "egrep",
        "rg",
        "sed",
        "awk",
        "git",
        "gh",
        "tee",
        "jq",
        "which",
        "type",
        "test",
        "[",
    }
    | {
        "ls",
        "find-text",
        "logger",
        "head",
        "tail",
        "cowsay",
        "export",
        "cp",
        "mv",
        "mkdir",
        "rm",
        "touch",
        "read",
    }
)
"""Programs that print or carry a text, in which a command is only told of."""
_INSTALLS = frozenset(
    {"pip", "pip3", "pipx", "apt", "apt-get", "brew", "yum", "dnf", "apk", "tfenv", "asdf", "choco", "gem"}
)
_DEPLOYING = re.compile(
    r"(?:^|[^a-z])(?:apply|deploy|deployment|destroy|terraform|terragrunt|tofu|tf)(?:[^a-z]|$)"
)
_TESTING = re.compile(
    r"(?:^|[^a-z])(?:(?:py\.?|unit)?tests?|plumbline|tox|nox|smoke|verify|verification|e2e|healthz?|checks?)(?:[^a-z]|$)"
)
_CHECKING = re.compile(
    r"(?:^|[^a-z])(?:plan|preview|validate|validation|(?:py\.?|unit)?tests?|plumbline|verify|checks?)(?:[^a-z]|$)"
)
_SENDS = frozenset({"curl", "wget", "http", "mail", "sendmail", "pytest", "py.test", "pre-commit"})
"""Programs that send a text, or choose by it."""
_HARMLESS_TARGET = re.compile(
    r"(?:^|[^a-z])(?:lint|fmt|format|tests?|checks?|validate|plan|docs?|build|install|setup|clean|help|list"
    r"|version)(?:[^a-z]|$)"
)
_HELP = frozenset({"-help", "--help", "-h"})
_WRITTEN = re.compile(r"\b(?:terraform|tofu|terragrunt)\b.{0,200}?\b(?:apply|destroy)\b", re.DOTALL)
_ORDERED = re.compile(
    r"\b(?:terraform|tofu|opentofu|terragrunt)(?:\.exe)?\s(?:.{0,200}?\s)?(?:apply|destroy)\b", re.DOTALL
)
_ORDER = re.compile(r"(?:apply|destroy)(?:$|[\s,])")
_OF_HCP = re.compile(r"/api/v2/(?:runs|workspaces)")


@dataclass(frozen=True)
class TerraformCall:
    """A call of Terraform, or of what has its commands."""

    subcommand: str
    """Empty where it is not known."""
    folder: str
    words: tuple[str, ...]
    """What stands behind the subcommand."""


def terraform_calls(command: Command) -> Iterator[TerraformCall]:
    """Yield the calls of Terraform in a command, whatever starts it: `sudo`, `xargs`, a container."""
    words = command.words
    started = unwrapped(words)
    if not started or posixpath.basename(started[0]) in _PRINTS | _INSTALLS:
        return
    for position, word in enumerate(words):
        tool = _tool(word)
        if tool not in _TOOLS or (position and words[position - 1] in _NAMES):
            continue
        behind = words[position + 1 :]
        options = [it for it in _leading(behind) if it.startswith("-")]
        rest = behind[len(_leading(behind)) :]
        chdir = next((it.partition("=")[2] for it in options if it.startswith(("-chdir=", "--chdir="))), "")
        folder = next(
            (
                it.partition("=")[2]
                for it in behind
                if it.startswith(("--terragrunt-working-dir=", "--working-dir="))
            ),
            chdir,
        )
        subcommand = _subcommand(tool, rest)
        own = _tool(started[0]) == tool
        if _is_told_more(words[:position], rest):
            subcommand = MORE
        if own or not is_known(subcommand) or {*subcommand.split()[:1]} & _SUBCOMMANDS:
            given = (*_of_environment(command, words[:position], subcommand), *rest[1:])
            yield TerraformCall(subcommand, _below(command.folder, folder), given)
            return


def _of_environment(command: Command, before: tuple[str, ...], subcommand: str) -> Iterator[str]:
    """Yield the arguments that variables give Terraform: for each subcommand, and for this one.

    Source: Terraform's documentation, "Environment Variables", `TF_CLI_ARGS` and `TF_CLI_ARGS_name`.
    """
    own = {name: value for name, equals, value in (it.partition("=") for it in before) if equals}
    for name in ("TF_CLI_ARGS", f"TF_CLI_ARGS_{subcommand.replace(' ', '_')}"):
        given = own.get(name, command.variables.get(name, ""))
        try:
            yield from split(given)
        except ValueError:
            yield from given.split()


MORE = "$@"
"""Stands for the words that a command is given by what starts it."""


def _tool(word: str) -> str:
    """Return the tool that a word calls: by a path, as an image or a package, in some version."""
    name = posixpath.basename(word).partition(":")[0].rpartition("#")[2].removesuffix(".exe")
    return re.sub(r"[-_@]?v?\d[\d.]*$", "", name)


def _is_told_more(before: tuple[str, ...], rest: tuple[str, ...]) -> bool:
    """Return whether xargs or parallel may say the subcommand: in the place of `{}`, or behind all."""
    hands_on = any(posixpath.basename(it) in ("xargs", "parallel") for it in before)
    return hands_on and (not rest or "{" in rest[0] or rest[0] == "%")


_NAMES = frozenset({"-n", "--name", "-t", "--tag", "-p"})
"""Options of others whose value may happen to be the name of a tool."""


def applies(command: Command) -> Status:
    """Return whether a command changes infrastructure; None where that cannot be read."""
    if command.is_read:
        return False
    if command.words[:1] == (UNREAD,):
        return None if _WRITTEN.search(command.words[1]) else False
    if command.words[:1] == ("uses:",):
        return actions.applies(command)
    for call in terraform_calls(command):
        if _HELP & {*call.words} or call.subcommand == "version":
            return False
        if not is_known(call.subcommand):
            return None
        return call.subcommand in _CHANGES
    words = unwrapped(command.words)
    name = _plain(posixpath.basename(words[0])) if words else ""
    behind = [it for it in words[1:] if not it.startswith("-")]
    if name in _RUNS_PACKAGES:
        named = [it.partition("@")[0] for it in behind]
        at = max((at for at, it in enumerate(named) if it in _OTHERS), default=None)
        name, behind = (named[at], behind[at + 1 :]) if at is not None else (name, behind)
    if (below := " ".join([name, *behind[:1]])) in _OTHERS:
        name, behind = below, behind[1:]
    if name in _OTHERS:
        return bool(_OTHERS[name] & {*behind[:1]}) if is_known("".join(behind[:1])) else None
    if name in _PRINTS | _INSTALLS:
        return None if _starts_others(name, words) and _WRITTEN.search(" ".join(words)) else False
    return _unread(command, words, name)


def _starts_others(name: str, words: tuple[str, ...]) -> bool:
    """Return whether a program that only carries a text otherwise is told to start another one.

    Sources: POSIX, "awk" (`system`, pipes); Git's documentation, "git-submodule" (`foreach`), "git-rebase"
    (`--exec`), "git-bisect" (`run`), "git-config" (`alias`).
    """
    if name == "awk":
        return any(re.search(r"\bsystem\s*\(|\|", it) for it in words[1:])
    orders = {"foreach", "bisect", "rebase"} & {*words} or any(it.startswith("alias.") for it in words)
    return name == "git" and bool(orders)


def _plain(name: str) -> str:
    """Return the name of a program without its version: `python3.11` is `python`."""
    return "python" if re.fullmatch(r"python[\d.]*", name) else name


def _unread(command: Command, words: tuple[str, ...], name: str) -> Status:
    """Return None for a command that may apply, and of which only its name can be read."""
    if any(_OF_HCP.search(it) for it in words) and name in ("curl", "wget", "http"):
        return None
    if name in ("python", "python3", "node", "ruby", "perl", "pwsh") and _WRITTEN.search(" ".join(words)):
        return None
    if _is_ordered(words, name) or _is_started_elsewhere(name, words):
        return None
    if _CHANGES & {*words[1:]} and (_is_of_a_project(command) or _OF_TERRAFORM.search(name.lower())):
        return None
    told = " ".join(words[1:])
    if name in _RUNS_PACKAGES and (at := next((at for at, it in enumerate(words) if it in _RUNS_TASKS), 0)):
        name, told = words[at], " ".join(words[at + 1 :])
    if name in _RUNS_TASKS:
        return False if _HARMLESS_TARGET.search(told.lower()) or not words[1:] else None
    if name in CONTAINERS and {"run", "exec"} & {*words} and _CHANGES & {*words}:
        return None
    if not words or not is_known(words[0]):
        told = " ".join(words).lower()
        is_whole = len(words) == 1 or all(_WHOLE_VARIABLE.fullmatch(it) for it in words[:2])
        return None if re.search(r"\b(?:apply|destroy|deploy)\b", told) or is_whole else False
    is_script = "/" in words[0] or name in _RUNS_TARGETS
    told = told if name in _RUNS_TARGETS else " ".join(words[1:2])
    subject = f"{name} {told}" if "/" in words[0] else told
    if words != command.words and re.fullmatch(r"(?:[a-z]+[-_])?(?:apply|deploy|destroy|release)", name):
        return None
    if name in ("bash", "sh", "python", "python3", "node", "source", "."):
        is_script, subject = bool(words[1:]), posixpath.basename(" ".join(words[1:2]))
    return None if is_script and _DEPLOYING.search(_HUMP.sub("-", subject).lower()) else False


_RUNS_TASKS = frozenset(
    {"just", "task", "rake", "invoke", "inv", "fab", "poe", "mise", "nx", "turbo", "mage"}
    | {"doit", "terramate", "tfci", "ansible-playbook"}
)
"""Programs that do what a task or a book of somebody's says, which cannot be read here."""
_RUNS_TARGETS = frozenset(
    {
        "make",
        "gmake",
        "npm",
        "yarn",
        "pnpm",
        "bun",
        "deno",
        "go",
        "nox",
        "earthly",
        "bazel",
        "bazelisk",
        "atmos",
        "hatch",
    }
    | {"gradle", "gradlew", "dagger", "pants", "pdm", "pipenv", "poetry", "run-s", "run-p", "npm-run-all"}
)
"""Programs that build and run what a target names, which is not read."""
_WHOLE_VARIABLE = re.compile(r"\$(?:\w+|\{\w+\})")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _is_of_a_project(command: Command) -> bool:
    """Return whether a command starts a program, or a module of Python, that a project brings along."""
    first = _plain(posixpath.basename(command.words[0]))
    return first in ("uv", "poetry", "pipenv", "hatch", "pdm", "rye", "bundle", "python")


_OF_TERRAFORM = re.compile(
    r"(?:^|[^a-z])(?:terraform|terragrunt|tofu|tf|infra|infrastructure|iac)(?:[^a-z]|$)"
)
_STARTS_ELSEWHERE = {
    "codebuild": "start-build",
    "codepipeline": "start-pipeline-execution",
    "stepfunctions": "start-execution",
    "lambda": "invoke",
}
"""Commands of the AWS CLI that start what somebody else says, which is taken at its name."""


def _is_started_elsewhere(name: str, words: tuple[str, ...]) -> bool:
    """Return whether AWS is told to start what deploys by its name."""
    started = any(_STARTS_ELSEWHERE.get(one) == other for one, other in pairwise(words))
    return name == "aws" and started and bool(_DEPLOYING.search(" ".join(words).lower()))


def _is_ordered(words: tuple[str, ...], name: str) -> bool:
    """Return whether a command hands an apply on to what runs it: `su -c`, `find -exec sh -c`."""
    if name in _SENDS or (name == "aws" and {"sns", "events", "sqs"} & {*words}):
        return False
    tools = [at for at, it in enumerate(words) if posixpath.basename(it).partition(":")[0] in _TOOLS]
    return any(_ORDERED.search(it) for it in words) or bool(
        tools and any(_ORDER.match(it) for it in words[tools[0] + 1 :])
    )


def plans_or_tests(command: Command) -> bool:
    """Return whether a command is a check that a deployment can wait for: a plan, a validation, tests."""
    if command.words[:1] == ("uses:",):
        return actions.checks(command)
    for call in terraform_calls(command):
        if _HELP & {*call.words}:
            return False
        return call.subcommand in ("plan", "validate", "plan-all", "validate-all")
    arguments = tests(command)
    return arguments is not None and not leaves_out(arguments)


def looks(command: Command) -> bool:
    """Return whether a command reads the deployed account with the AWS CLI."""
    words = unwrapped(command.words)
    if not words or posixpath.basename(words[0]) != "aws":
        return False
    named = [it for it in words[1:] if re.fullmatch(r"[a-z][a-z0-9-]*", it)]
    verbs = (it for it in named if re.match(r"(?:describe|get|list|head|wait|ls)\b", it))
    asks = "sts" not in named and not _ASKS_NOBODY & {*words}
    return asks and next(verbs, None) is not None


_ASKS_NOBODY = frozenset({"help", "--generate-cli-skeleton", "--no-sign-request"})


def looks_at(command: Command, service: str) -> bool:
    """Return whether a command reads what a service holds with the AWS CLI."""
    words = unwrapped(command.words)
    behind = words[words.index(service) + 1 :][:1] if service in words else ()
    return looks(command) and any(re.match(r"(?:describe|get|list|head|wait)-", it) for it in behind)


def may_plan(command: Command) -> bool:
    """Return whether a command that cannot be read may be a check that a deployment can wait for."""
    return _may(command, _CHECKING)


def may_test(command: Command) -> bool:
    """Return whether a command that cannot be read may be one that tests, by its name."""
    return _may(command, _TESTING)


def _may(command: Command, named: re.Pattern[str]) -> bool:
    if command.is_read:
        return False
    if command.words[:1] == (UNREAD,):
        return bool(named.search((command.words[2:3] or command.words[1:2])[0].lower()))
    if command.words[:1] == ("uses:",):
        return bool(named.search(" ".join(command.words[1:2]).lower().partition("@")[0]))
    if (arguments := tests(command)) is not None:
        return leaves_out(arguments)
    words = unwrapped(command.words)
    name = posixpath.basename(words[0]) if words else ""
    if (
        name in ("test", "[", "grep")
        or name in _PRINTS | _INSTALLS
        or name in ("pytest", "py.test", "terraform")
    ):
        return False
    return bool(named.search(" ".join([name, *words[1:3]]).lower()))


_SEARCHES = frozenset({"grep", "egrep", "fgrep", "rg", "jq", "yq"})
_HANDLES = frozenset(
    {
        "chmod",
        "chown",
        "shellcheck",
        "shfmt",
        "stat",
        "file",
        "wc",
        "dos2unix",
        "test",
        "[",
        "cmp",
        "diff",
        "tar",
    }
    | {
        "zip",
        "unzip",
        "pushd",
        "popd",
        "set",
        "sha256sum",
        "md5sum",
        "readlink",
        "realpath",
        "dirname",
        "basename",
    }
    | {
        "terraform",
        "tofu",
        "terragrunt",
        "pytest",
        "py.test",
        "plumbline",
        "sort",
        "sleep",
        "date",
        "true",
        ":",
    }
)
"""Programs that handle or look over files whatever these say, and those whose calls are read apart."""
_INTERPRETS = re.compile(
    r"(?:python[\d.]*|node|ruby|perl|bash|sh|zsh|make|just|task|rake|npm|yarn|pnpm|npx|pwsh)$"
)


def searches(command: Command) -> bool:
    """Return whether a command looks for a text in Terraform files."""
    words = unwrapped(command.words)
    named = bool(words) and posixpath.basename(words[0]) in _SEARCHES
    return named and any("terraform" in it or it.endswith((".tf", ".tf.json")) for it in words[1:])


def checks_by(command: Command) -> Status:
    """Return whether a command does what its words name; None where nobody knows what it does.

    A script, a target of make and an action are taken at their name; one that can be read is not.
    """
    if command.words[:1] == ("uses:",) or searches(command):
        return True
    words = unwrapped(command.words)
    name = posixpath.basename(words[0]) if words else ""
    if name in _HANDLES | _PRINTS | _INSTALLS or _ONLY_READS & {*words[1:2]}:
        return False
    if command.is_read:
        return None
    return True if _INTERPRETS.match(name) or (words and "/" in words[0]) else None


_ONLY_READS = frozenset(
    {"-n", "--dry-run", "--just-print", "--recon", "-q", "--question", "--version", "--help"}
)
"""First options of a shell or of make with which it runs nothing."""


def tells(command: Command) -> bool:
    """Return whether a command only tells a text, to people or to a file."""
    words = unwrapped(command.words)
    name = posixpath.basename(words[0]) if words else ""
    return name in ("echo", "printf", "cat", "tee", "logger") or (
        command.words[:1] == ("uses:",) and actions.tells(command)
    )


def installs_or_prints(command: Command) -> bool:
    """Return whether a command only prints, carries files, or installs programs."""
    words = unwrapped(command.words)
    name = posixpath.basename(words[0]) if words else ""
    return name in _PRINTS | _INSTALLS or (
        name in ("npm", "yarn", "pnpm", "uv", "poetry") and {*words[1:2]} <= {"install", "ci", "add", "sync"}
    )


def _leading(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the options before a subcommand."""
    behind = next((at for at, it in enumerate(words) if not it.startswith("-")), len(words))
    return words[:behind]


def _subcommand(tool: str, rest: tuple[str, ...]) -> str:
    if tool == "terragrunt":
        named = [it for it in rest if not it.startswith("-")]
        if named[:1] and named[0] in ("run-all", "run", "stack", "exec"):
            return next((it for it in named[1:] if it not in ("run", "terraform", "tofu")), "")
    first = rest[0] if rest else ""
    if first == "state":
        second = rest[1] if rest[1:] else ""
        return f"state {second}"
    return first


def _below(folder: str, other: str) -> str:
    return posixpath.normpath(posixpath.join(folder, other)) if other else folder
