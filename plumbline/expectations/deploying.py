"""What deploys: a remedy for code never does, since the code that it is read under is known to be wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = re.compile(
    r"(?:\b(?:terraform|tofu|terragrunt)\b[^|;&]*?(?<![-\w=./])|(?:(?<![\w./-])tf|\$\{?\w+\}?\"?) (?:-\S+ )*)"
    r"(?:apply|destroy|import|refresh|force-unlock|taint|untaint|state (?:mv|rm|push|replace-provider)|"
    r"workspace (?:new|delete))\b"
    r"|\bgh (?:pr merge|run rerun|workflow run|release create)\b"
    r"|\b(?:gh api|curl)\b[^|;&]*/(?:dispatches|rerun|rerun-failed-jobs|merge|deployments)\b"
    r"|\b(?:g?make|npm run|yarn|pnpm|just|task|gradlew?|mvn|inv(?:oke)?|rake) "
    r"(?:-[A-Za-z] \S+ |--\S+ \S+ |-\S+ |\w+=\S+ )*"
    r"[\w:-]*(?:deploy|apply)[\w:-]*"
    r"|\b(?:cdk|sam|sls|serverless|copilot|amplify|eb) (?:\S+ )*?"
    r"(?:deploy|destroy|delete|remove|publish|push)\b"
    r"|\bpulumi (?:up|update|destroy|refresh)\b"
    r"|\bansible(?:-playbook)? (?=\S)"
    r"|\bkubectl (?:apply|create|delete|patch|replace|rollout|scale|set)\b"
    r"|\bhelm (?:install|upgrade|rollback|uninstall)\b"
)
_CALLED = re.compile(
    r"(?:^|[;&|(]) ?(?P<called>(?:\w+=\S* )*"
    r"(?P<by>(?:(?:sudo|exec|source|\.|bash|sh|zsh|python3?|node|ruby|pwsh) (?:-\S+ )*)*)"
    r"(?P<program>[\w./-]+))(?=[ ;&|)]|$)"
)
_OF_A_SCRIPT = re.compile(r"/|\.(?:sh|bash|py|js|ts|rb|ps1)$")
_QUOTED = re.compile(r"""(["'])([^"']*)\1""")
"""A word as a shell takes it, whatever blanks it has."""
_DEPLOYS = {"deploy", "apply", "destroy", "rollout", "release"}
_PUSH = re.compile(r"\bgit(?: -\S+(?: \S+)??)*? push\b(?P<rest>[^|;&]*)")
_DEPLOYED = re.compile(r"\+?(?:.*[:/])?(?:main|master|HEAD)$")
_OF_AWS = re.compile(
    r"\baws(?:local)? (?:--\S+=\S+ |--no-\S+ |--debug |--\S+ \S+ )*(?P<service>[a-z][a-z0-9-]+) "
    r"(?:--\S+=\S+ |--no-\S+ |--debug |--\S+ \S+ )*(?P<verb>[a-z][a-z0-9-]*)\b"
)
"""Global options stand before the service or behind it. Source: AWS CLI, "Command structure"."""
_LOOKS = re.compile(
    r"(?:get|describe|list|head|batch-get|filter|lookup|search|query|scan|simulate|start-query|validate|view|wait|ls)\b"
)
"""The verbs of the AWS CLI that only look: all others are taken to change something."""


def deploys(line: str) -> str:
    """Return the part of a command that changes what is deployed, or "" where none does."""
    line = re.sub(r"(?:\s|\\\n)+", " ", line)
    bare = _QUOTED.sub(lambda it: it[2].replace(" ", "_"), line)
    return _deploys(line) or _deploys(bare)


def _deploys(line: str) -> str:
    if found := _WORDS.search(line):
        return found[0].strip()
    for pushed in _PUSH.finditer(line):
        if _pushes_what_is_deployed(pushed["rest"].split()):
            return pushed[0].strip()
    for script in _CALLED.finditer(line):
        named_for = re.split(r"[-_.]", script["program"].rpartition("/")[2])
        if _DEPLOYS & {*named_for} and (script["by"] or _OF_A_SCRIPT.search(script["program"])):
            return script["called"]
    commands = _OF_AWS.finditer(line)
    return next((command[0] for command in commands if not _LOOKS.match(command["verb"])), "")


def _pushes_what_is_deployed(arguments: Sequence[str]) -> bool:
    """Return whether a push may go to the branch that is deployed: one that names no other one may.

    Source: git-push, "<refspec>"; one that names none goes where the checkout says.
    """
    named = [it for it in arguments if not it.startswith("-")][1:]
    everything = {"--all", "--branches", "--mirror", "--tags", "--follow-tags"} & {*arguments}
    return bool(everything) or not named or any(_DEPLOYED.match(it) for it in named)
