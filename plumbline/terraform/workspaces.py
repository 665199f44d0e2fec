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
    """Return the name of the workspace that is selected for a root; `variables` are those of the process.

    Raises `TerraformError` where that stands in a file that cannot be read, or lies outside of the tree.
    """
    if name := variables.get("TF_WORKSPACE"):
        return name
    told = root / variables.get("TF_DATA_DIR", ".terraform") / "environment"
    if not told.exists():
        return DEFAULT
    try:
        return read_source(told, tree).text.strip() or DEFAULT
    except SyntaxProblem as error:
        raise TerraformError((error.problem,)) from None
