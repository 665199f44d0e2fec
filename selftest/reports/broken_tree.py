"""Terraform in which everything is wrong that a report must tell apart, and a run over it in every format."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from selftest.front_door import REPOSITORY, SuiteRun, neutral_variables, run_suite

EDITS = (
    ("dynamodb/main.tf", "enabled = true", "enabled = false"),  # failed
    ("dynamodb/main.tf", '"bbws-products-', '"other-products-'),  # failed: a table that does not exist
    ("s3/main.tf", 'sse_algorithm = "AES256"', "sse_algorithm = terraform_data.later.output"),  # undetermined
    ("state/main.tf", 'resource "aws_dynamodb_table" "locks" {', "resource {{"),  # an error
)
LATER = 'resource "terraform_data" "later" {\n  input = timestamp()\n}\n'


@dataclass(frozen=True)
class Reported:
    """A finished run and everything that it wrote."""

    run: SuiteRun
    folder: Path

    def text(self, name: str) -> str:
        """A file that the run wrote."""
        return (self.folder / name).read_text(encoding="utf-8")


def break_everything(folder: Path) -> Path:
    """Copy the reference Terraform to `folder` and break the copy."""
    shutil.copytree(REPOSITORY / "terraform" / "bbws", folder, dirs_exist_ok=True)
    for file, old, new in EDITS:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, file
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    (folder / "s3" / "later.tf").write_text(LATER, encoding="utf-8")
    return folder


def report_on(tree: Path, folder: Path, *arguments: str) -> Reported:
    """Run the suite on a tree with every format, as a step of a GitHub workflow."""
    variables = neutral_variables() | {
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "example/infrastructure",
        "GITHUB_RUN_ID": "1",
    }
    formats = (
        f"--html={folder / 'page.html'}",
        f"--sarif={folder / 'log.sarif'}",
        f"--incident={folder / 'incident.txt'}",
        f"--health-check={folder / 'health-check.txt'}",
        f"--alluredir={folder / 'allure'}",
    )
    chosen = ("--env", "sit", "--source=hcl,moto", f"--terraform={tree}", f"--repository={REPOSITORY}")
    given = (*chosen, *formats, *arguments)
    return Reported(run_suite(*given, variables=variables), folder)
