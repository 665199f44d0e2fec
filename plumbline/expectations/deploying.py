"""What deploys: a remedy for code never does, since the code that it is read under is known to be wrong."""

from __future__ import annotations

import re

_WORDS = re.compile(
    r"\b(?:terraform|tofu|terragrunt)\b[^|;&]*?"
    r"\b(?:apply|destroy|import|force-unlock|taint|untaint|state (?:mv|rm|push))\b"
    r"|\bgh workflow run\b|\bgit push\b[^|;&]*\b(?:main|master)\b"
    r"|\b(?:make|npm run|yarn|pnpm|just|task) (?:-[A-Za-z] \S+ |-\S+ |\w+=\S+ )*"
    r"[\w:-]*(?:deploy|apply)[\w:-]*"
    r"|\b(?:cdk|sam|sls|serverless|copilot|amplify) (?:\S+ )*?(?:deploy|publish|push)\b"
    r"|\bpulumi (?:up|update|destroy)\b"
    r"|\bkubectl (?:apply|create|delete|patch)\b|\bhelm (?:install|upgrade)\b"
)
_OF_AWS = re.compile(
    r"\baws (?:--\S+=\S+ |--no-\S+ |--debug |--\S+ \S+ )*(?P<service>[a-z][a-z0-9-]+) "
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
    if found := _WORDS.search(line):
        return found[0]
    commands = _OF_AWS.finditer(line)
    return next((command[0] for command in commands if not _LOOKS.match(command["verb"])), "")
