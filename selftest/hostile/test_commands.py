"""Whatever a resource is called: a remedy that names it asks what it asked before, of no other resource."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

import jmespath

from plumbline.kinds.registry import kinds
from plumbline.values.commands import command
from plumbline.values.filling import PLACEHOLDER
from selftest.data.commands import commands
from selftest.stacks.proven import Proven, of_each

MARK = "MARK0"
"""A name that means no harm, and stands in no remedy as it is."""
HOSTILE = [
    "orders' || BackupPlanName=='bbws-dynamodb-backup-sit",
    'orders"}},{"Delete":{"IndexName":"email-index',
    'orders","Scope":{"ComplianceResourceTypes":["AWS::S3::Bucket"]},"x":"',
    "orders,roleARN=arn:aws:iam::123456789012:role/admin,x=",
    "eu-west-1:123456789012:alerts",
    "`orders`",
    "--debug",
    "-rf",
    "file:///etc/passwd",
    "fileb://orders",
    "https://evil.example/orders",
    '["orders","alerts"]',
    '{"a":"b"}',
    "@orders",
    "../../orders",
    "orders/../.env",
    "orders\\",
    "*",
    "orders alerts",
    "orders; touch PWNED",
    "x.y(@)",
    "",
]
_CHOICE = re.compile(r"\$\((case .* esac)\)")
"""What the shell chooses by a name. Source: POSIX, Shell Command Language, "Case Conditional Construct"."""
OF_EVIDENCE = {"name", "bucket", "key", "arn", "unexpected", "region"} | {
    name for kind in kinds().values() for name in kind.remedy_names
}
"""What remedies name as the evidence has it."""


def of_evidence(line: str) -> list[re.Match[str]]:
    """Return the placeholders of a line that the evidence fills."""
    return [it for it in PLACEHOLDER.finditer(line) if it[1] in OF_EVIDENCE]


def of_remedies(proven: Proven) -> Iterator[tuple[str]]:
    """Every command of the AWS CLI in a remedy that names something as the evidence has it, once."""
    remedies = [it.remedy for it in proven.runbook.invariants.values()]
    lines = dict.fromkeys(line for it in remedies for line in (*it.source, *it.account))
    return ((line,) for line in lines if line.startswith("aws ") and of_evidence(line))


def read(line: str) -> list[Any]:
    """Return a command as the shell and the AWS CLI read it, what it substitutes beside it."""
    inner = [it for it in commands(line) if f"$({it})" in line]
    choices = _CHOICE.findall(line)
    for it in (*inner, *choices):
        line = line.replace(f"$({it})", "$()")
    words = list(map(_value, shlex.split(line, comments=True)))
    return [words, *map(read, inner), *map(shlex.split, choices)]


def _value(word: str) -> Any:
    """Return a word as its program takes it: JSON, a query, or text."""
    if word.startswith(("[", "{")):
        try:
            return json.loads(word)
        except ValueError:
            return jmespath.compile(word).parsed
    return jmespath.compile(word).parsed if "[?" in word else word


def named(asked: list[Any], name: str) -> Any:
    """Return what a command asks, of something of another name."""
    return json.loads(json.dumps(asked).replace(MARK, json.dumps(name)[1:-1]))


@of_each("line", of_remedies)
def test_a_remedy_asks_of_a_resource_what_it_asks_of_any(proven: Proven, line: str) -> None:
    names = proven.stack.placeholders(proven.environments[0]) | dict.fromkeys(OF_EVIDENCE, "orders")
    for gap in of_evidence(line):
        before, after = line[: gap.start()], line[gap.end() :]
        asked = read(command(f"{before}{{it}}{after}", names | {"it": MARK}))
        for name in HOSTILE:
            typed = command(f"{before}{{it}}{after}", names | {"it": name})
            assert read(typed) in (named(asked, name), named(asked, "<it>")), typed


def test_no_name_is_read_as_an_option_or_a_file() -> None:
    for name in HOSTILE:
        typed = command("aws s3 ls {name}", {"name": name})
        assert typed == "aws s3 ls <name>" or not re.match(r"'?(-|\w+:/|[\[{@])", typed.split(" ", 3)[3])
