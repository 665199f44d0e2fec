"""A copy of the suite that a proof may spoil."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from selftest.front_door import REPOSITORY, SuiteRun, place_engine, run_suite

PARTS = (
    *("conftest.py", "pytest.ini", "fixtures", "tests"),
    *(".github", ".pre-commit-config.yaml", "README.md", "policies", "scripts", "terraform"),
)
STACK = "fixtures/stacks/bbws.yaml"
RUNBOOK = "fixtures/runbooks/bbws/runbook.yaml"
TABLE_NOT_FOUND = "fixtures/runbooks/bbws/3.1.1-table-not-found.yaml"
RECOVERY = "fixtures/runbooks/bbws/3.1.3-point-in-time-recovery-not-enabled.yaml"
DYNAMODB = "terraform/bbws/dynamodb"
BUCKETS = "terraform/bbws/s3"

_OTHERS = {it.stem for it in REPOSITORY.glob("fixtures/stacks/*.yaml")} - {Path(STACK).stem}
"""The stacks that are not copied: what is spoiled here is one."""
_NOT_COPIED = shutil.ignore_patterns(
    "__pycache__", ".terraform*", "*.tfstate*", *_OTHERS, *(f"{it}.yaml" for it in _OTHERS)
)


@dataclass(frozen=True)
class Tree:
    """The suite with the data and the Terraform of one stack, in a folder of its own."""

    path: Path

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace the first `old` in a file by `new`."""
        path = self.path / file
        text = path.read_text()
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1))

    def line(self, file: str, text: str) -> int:
        """Return the number of the line in which `text` first begins."""
        before, found, _ = (self.path / file).read_text().partition(text)
        assert found, f"{file} does not hold {text!r}"
        return before.count("\n") + 1

    def run(self, *arguments: str) -> SuiteRun:
        """Run the suite here."""
        return run_suite(*arguments, tree=self.path)


def copy_suite(folder: Path) -> Tree:
    """Return a copy of the suite in `folder`."""
    for part in PARTS:
        if (REPOSITORY / part).is_dir():
            shutil.copytree(REPOSITORY / part, folder / part, ignore=_NOT_COPIED)
        else:
            shutil.copy(REPOSITORY / part, folder)
    place_engine(folder)
    return Tree(folder)


def assert_refused(run: SuiteRun, *said: str) -> None:
    """Hold a run to a usage error that says all of this, in a few lines, before any test was collected."""
    assert run.exit_code == 4, run.output
    assert not run.outcomes
    assert "Traceback" not in run.output
    for words in said:
        assert words in run.complained
