"""What a root's variable accepts is tried with names that are no environment of the stack at hand."""

from pathlib import Path

import pytest

from plumbline.kinds.terraform import Root
from plumbline.terraform.evaluation import evaluate

VARIABLE = """
variable "environment" {
  type    = string
  default = "%s"
  validation {
    condition     = contains(%s, %s)
    error_message = "No such environment."
  }
}
"""


@pytest.mark.parametrize(
    ("names", "accepts", "value", "accepted"),
    [
        (["staging", "production"], ["staging", "production"], "var.environment", ["staging", "production"]),
        (["test"], ["test"], "var.environment", ["test"]),
        (["LIVE"], ["LIVE"], "var.environment", ["LIVE"]),
        (["dev"], ["dev", "staging"], "var.environment", ["dev", "staging"]),
        (["dev"], ["dev", ""], "var.environment", ["dev", ""]),
        (["dev"], ["dev"], "lower(var.environment)", ["dev", "DEV"]),
        (["dev", "sit"], ["dev"], "var.environment", ["dev"]),
    ],
)
def test_only_what_is_no_environment_is_accepted_besides(
    tmp_path: Path, names: list[str], accepts: list[str], value: str, accepted: list[str]
) -> None:
    listed = "[" + ", ".join(f'"{it}"' for it in accepts) + "]"
    (tmp_path / "main.tf").write_text(VARIABLE % (accepts[0], listed, value))
    root = Root.find(evaluate(tmp_path), "data", "main.tf")
    assert root.accepted_names("environment", names) == accepted
