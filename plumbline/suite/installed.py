"""What must be installed for anything to be examined; most of it is imported only where it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

NEEDED: Mapping[str, str] = {
    "boto3": "boto3",
    "filelock": "filelock",
    "hcl2": "python-hcl2",
    "jinja2": "jinja2",
    "moto": "moto",
    "pydantic": "pydantic",
    "re2": "google-re2",
    "regex": "regex",
    "tree_sitter": "tree-sitter",
    "tree_sitter_bash": "tree-sitter-bash",
    "urllib3": "urllib3",
    "yaml": "PyYAML",
}
"""The distribution that brings each module."""


def lacking() -> str:
    """Return what to install, for who started a run; nothing where all of it is there."""
    missing = [distribution for module, distribution in NEEDED.items() if not _is_there(module)]
    told = f"not installed, and nothing can be examined without: {', '.join(missing)}"
    return f"{told}; pip install {' '.join(missing)}" if missing else ""


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
