"""Which workspace Terraform takes in a folder: what its environment says, or what was selected there.

Source: Terraform CLI documentation, "TF_WORKSPACE", "TF_DATA_DIR" and "workspace select".
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from plumbline.terraform.directory import read_source
from plumbline.terraform.model import TerraformError
from plumbline.terraform.source import SyntaxProblem
from plumbline.values.files import Tree

DEFAULT = "default"


def selected(root: Path, variables: Mapping[str, str], tree: Tree) -> str:
    """Return the workspace that Terraform takes for a root; `variables` are those of the process.

    Raises as `told`.
    """
    return told(root, variables, tree) or DEFAULT


def told(root: Path, variables: Mapping[str, str], tree: Tree) -> str | None:
    """Return the name of the workspace that was selected for a root; None where none ever was.

    Raises `TerraformError` where that stands in a file that cannot be read, or lies outside of the tree.
    """
    if name := variables.get("TF_WORKSPACE"):
        return name
    kept = root / variables.get("TF_DATA_DIR", ".terraform") / "environment"
    if not kept.exists():
        return None
    try:
        return read_source(kept, tree).text.strip() or None
    except SyntaxProblem as error:
        raise TerraformError((error.problem,)) from None
