"""What people call things, where nothing else says what they are; `conventions.yaml` holds it."""

from __future__ import annotations

from pathlib import Path

from plumbline.values.data import Document, Entry


class _Conventions(Entry):
    environments: list[str]
    production: list[str]
    variables: list[str]
    recorded_types: list[str]
    region: str


CONVENTIONS = _Conventions.model_validate(Document(Path(__file__).with_suffix(".yaml")).data)
