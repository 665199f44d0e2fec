"""What another distribution names under the entry point `plumbline.kinds` is found by pytest and commands."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from selftest.front_door import REPOSITORY, neutral_variables, run_suite
from selftest.wheel import repository

LAKE_KINDS = Path(__file__).parent / "lake_kinds.py"
WRONG = ("s3:GetBucketCORS", "s3:GetBucketCORSs")
TOLD = "lake_kinds.Cors: no IAM action s3:GetBucketCORSs (did you mean s3:GetBucketCORS?)"


def installed(folder: Path, source: str) -> dict[str, str]:
    """Install a distribution that holds this module, and return the variables of a process that sees it."""
    (folder / "lake_kinds.py").write_text(source)
    information = folder / "lake_kinds-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: lake-kinds\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[plumbline.kinds]\nlake = lake_kinds\n")
    path = os.pathsep.join([str(folder), str(REPOSITORY)])
    return neutral_variables() | {"PYTHONPATH": path}


def command(*words: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "plumbline", *words],
        cwd=REPOSITORY,
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_its_nouns_and_fields_are_in_the_schema_of_stacks(tmp_path: Path) -> None:
    site, schemas = tmp_path / "site", tmp_path / "schemas"
    site.mkdir()
    variables = installed(site, LAKE_KINDS.read_text())
    written = command("schema", "--directory", str(schemas), variables=variables)
    assert written.returncode == 0, written.stderr
    schema = json.dumps([json.loads(it.read_text()) for it in schemas.glob("*.json")])
    assert '"keys"' in schema
    assert '"cors_rules"' in schema


@pytest.fixture
def wrong(tmp_path: Path) -> dict[str, str]:
    return installed(tmp_path, LAKE_KINDS.read_text().replace(*WRONG))


def test_a_wrong_permission_is_a_usage_error(wrong: dict[str, str]) -> None:
    run = run_suite("--collect-only", "-q", variables=wrong)
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    assert TOLD in run.output
    assert "Traceback" not in run.output


@pytest.mark.parametrize("source", ["x = y", "def", "raise SystemExit(3)", "raise BaseException"])
def test_a_module_that_cannot_be_imported_is_a_usage_error(tmp_path: Path, source: str) -> None:
    variables = installed(tmp_path, source)
    run = run_suite("--collect-only", "-q", variables=variables)
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR, run.output
    assert "entry point plumbline.kinds: lake = lake_kinds: " in run.output
    ended = command("schema", "--check", variables=variables)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr + run.output


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import sys\nsys.exit('no account')", "2: SystemExit: no account"),
        ("class Ended(BaseException):\n    pass\n\nraise Ended('x')", "4: Ended: x"),
        ("import json\n\njson.loads('{')", "3: JSONDecodeError: "),
        ("x = 1\ndef", "2: SyntaxError: "),
    ],
)
def test_a_module_beside_stacks_is_told_with_the_line_that_ended_it(
    tmp_path: Path, source: str, said: str
) -> None:
    repository.write(tmp_path)
    module = tmp_path / repository.STACKS / "kinds/lake_kinds.py"
    module.write_text(source)
    run = run_suite(f"--stacks={repository.STACKS}", "--env=test", tree=tmp_path)
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR, run.output
    assert f"{module}:{said}" in run.complained
    assert "Traceback" not in run.output
    assert "INTERNALERROR" not in run.output


def test_a_folder_one_above_that_of_the_stacks_is_told_so(tmp_path: Path) -> None:
    repository.write(tmp_path)
    run = run_suite("--stacks=infra", "--env=test", tree=tmp_path)
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    assert (
        f"--stacks infra: no stack lies there; some lie in {tmp_path / repository.STACKS}" in run.complained
    )


def test_a_module_that_imports_another_ones_facets_is_one_more(tmp_path: Path) -> None:
    variables = installed(tmp_path, LAKE_KINDS.read_text())
    (tmp_path / "more_kinds.py").write_text("from lake_kinds import *\n")
    points = tmp_path / "lake_kinds-1.0.dist-info/entry_points.txt"
    points.write_text(points.read_text() + "more = more_kinds\n")
    ended = command("coverage", variables=variables)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("policy", "--stack", "bbws", "--env", "sit"),
        ("schema", "--check"),
        ("explain", "NoSuchKey"),
    ],
    ids=lambda words: words[0],
)
def test_a_wrong_permission_ends_a_command(wrong: dict[str, str], words: tuple[str, ...]) -> None:
    ended = command(*words, variables=wrong)
    assert ended.returncode == 2
    assert ended.stderr.strip() == TOLD
