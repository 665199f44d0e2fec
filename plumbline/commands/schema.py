"""`python -m plumbline schema`: JSON schemas of stacks, runbooks, evidence and results files."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pydantic import BaseModel

from plumbline.expectations.runbook_files import RunbookModel, SectionModel
from plumbline.expectations.stack import stack_model
from plumbline.sources.saved import SavedEvidence
from plumbline.suite.results_file import ResultsFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--check", action="store_true", help="only say whether the written schemas are stale")
    parser.add_argument(
        "--directory", type=Path, default=Path("fixtures/schemas"), help="where they are kept"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the schemas, or with --check return 1 where one is stale."""
    stale = []
    for name, text in schemas().items():
        path = arguments.directory / f"{name}.json"
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(str(path))
        if not arguments.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if arguments.check and stale:
        print(f"stale: {', '.join(stale)}; run: python -m plumbline schema", file=sys.stderr)
        return 1
    return 0


def schemas() -> dict[str, str]:
    """Return the text of each schema by its name."""
    models: dict[str, type[BaseModel]] = {
        "stack": stack_model(),
        "runbook": RunbookModel,
        "runbook-section": SectionModel,
        "evidence": SavedEvidence,
        "results": ResultsFile,
    }
    return {
        name: json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}, indent=2
        )
        + "\n"
        for name, model in models.items()
    }
