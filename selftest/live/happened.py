"""A stack of nothing but questions about what happened, each with what its answer must be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from selftest.input.tree import Tree

ACCOUNT, REGION, GROUP = "210987654321", "eu-west-1", "/shop/api"
SENTENCES = {
    "metrics": "operations.metric",
    "lines_of_logs": "operations.log-lines",
    "event_histories": "operations.event-history",
    "log_queries": "operations.log-query",
}

Asked = Mapping[str, tuple[Any, Mapping[str, float]]]
"""What is asked and what is expected, by the key of the resource."""


def write(tree: Tree, **sections: Asked) -> None:
    """Write the stack `asked` and its runbook: every answer is held to its most and to its least."""
    of = {"lines_of_logs": GROUP, "log_queries": GROUP}
    resources = {
        section: {
            key: {"name": of.get(section, key), "asks": asks, "expect": expect}
            for key, (asks, expect) in asked.items()
        }
        for section, asked in sections.items()
    }
    stack = {
        "format": 2,
        "stack": "asked",
        "title": "Questions",
        "region": REGION,
        "environments": {"test": {"account": ACCOUNT}},
        "terraform": {"directory": "terraform/asked"},
        **resources,
    }
    held = [
        f"{SENTENCES[section]}{bound}"
        for section, asked in sections.items()
        for bound, key in (("", "most"), ("-at-least", "least"))
        if any(key in expect for _, expect in asked.values())
    ]
    runbook = {
        "format": 2,
        "stack": "asked",
        "title": "Answers",
        "source": "asked.md",
        "sections": {"1": "Answers"},
        "invariants": {
            f"asked-{position:02}": {
                "test": sentence,
                "section": "1",
                "statement": "The answer is right.",
                "severity": "P3",
                "evidence": ["ops"],
            }
            for position, sentence in enumerate(held, 1)
        },
    }
    for folder, data in (("stacks", stack), ("runbooks", runbook)):
        (tree.path / "fixtures" / folder / "asked.yaml").write_text(json.dumps(data, indent=1))
