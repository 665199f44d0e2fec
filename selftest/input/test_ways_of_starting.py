"""However the suite is started, it examines what was said; its own faults look like nothing else."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from plumbline.suite.installed import NEEDED, lacking
from selftest.front_door import REPOSITORY, neutral_variables
from selftest.input.tree import Tree
from selftest.stacks.bbws import BBWS

PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
PROGRAM = (str(Path(sys.executable).parent / "pytest"), "-p", "no:cacheprovider")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Terraform of somebody, below a folder with a configuration of pytest of its own."""
    folder = tmp_path / "somebodys"
    shutil.copytree(BBWS.reference, folder / "infra", ignore=shutil.ignore_patterns(".terraform*"))
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = unit\n")
    return folder / "infra"


def started(*words: str, cwd: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=cwd, env=neutral_variables(), capture_output=True, text=True, timeout=180
    )


@pytest.mark.parametrize("way", [PYTEST, PROGRAM], ids=["module", "program"])
@pytest.mark.parametrize("cwd", ["", "tests", "tests/s3"], ids=["root", "tests", "below"])
def test_a_folder_after_a_blank_is_no_folder_of_tests(
    elsewhere: Path, way: tuple[str, ...], cwd: str
) -> None:
    given = ("--env", "sit", "--source", "hcl", "--terraform", str(elsewhere))
    run = started(*way, *given, cwd=REPOSITORY / cwd)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"examined: Terraform in {elsewhere}: " in run.stdout
    assert "✓ Pre-deployment tests passed" in run.stdout


def test_what_is_examined_does_not_say_how(elsewhere: Path) -> None:
    """Its settings would leave sentences out, and its conftest.py and its modules would run."""
    theirs = elsewhere.parent
    (theirs / "pytest.ini").write_text("[pytest]\naddopts = -k tenants\npythonpath = .\n")
    (theirs / "conftest.py").write_text("raise SystemExit('the code of what is examined was run')\n")
    given = ("--env", "sit", "--source", "hcl", "--terraform", str(elsewhere), "--repository", str(theirs))
    after_a_blank = started(*PYTEST, *given)
    options = ("--env=sit", "--source=hcl", f"--terraform={elsewhere}", f"--repository={theirs}")
    assert "✓ Pre-deployment tests passed" in after_a_blank.stdout, after_a_blank.stderr
    assert f"rootdir: {REPOSITORY}\n" in after_a_blank.stdout
    assert verdict(after_a_blank) == verdict(started(*PYTEST, *options))


def test_plugins_that_what_is_examined_names_are_told(elsewhere: Path) -> None:
    theirs = elsewhere.parent / "pytest.ini"
    theirs.write_text("[pytest]\naddopts = -p no:plumbline.report.terminal\n")
    run = started(*PYTEST, "--env", "sit", "--source", "hcl", "--terraform", str(elsewhere))
    assert run.returncode == 4
    assert f"ERROR: {theirs} was taken for the configuration of this run, and names plugins: " in run.stderr
    assert "as in --repository=DIR" in run.stderr


def verdict(run: subprocess.CompletedProcess[str]) -> str:
    return next(line for line in run.stdout.splitlines() if "Pre-deployment tests" in line)


def test_a_file_to_write_after_a_blank_is_no_folder_of_tests(tmp_path: Path) -> None:
    kept = tmp_path / "evidence.json"
    run = started(*PYTEST, "--env", "sit", "--source", "hcl", "--save-evidence", str(kept), "tests/s3")
    assert run.returncode == 0, run.stdout + run.stderr
    assert kept.is_file()


def test_stacks_that_there_are_not_are_told_in_text(tmp_path: Path) -> None:
    run = started(*PYTEST, "--stacks", f"{tmp_path}/\x1b[2J")
    assert run.returncode == 4
    assert f"there is no folder {tmp_path}/\\x1b[2J" in run.stderr
    assert "\x1b[2J" not in run.stdout + run.stderr


@pytest.mark.parametrize("option", ["--results-dir", "--alluredir"])
def test_a_folder_to_write_to_after_a_blank_is_no_folder_of_tests(tmp_path: Path, option: str) -> None:
    """What lies around it says nothing of the run, and where its tests lie is told as ever."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -k tenants\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit('the code around a report was run')\n")
    run = started(*PYTEST, "--env=sit", "--source=hcl", option, str(tmp_path / "kept"))
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"rootdir: {REPOSITORY}\n" in run.stdout
    assert "✓ Pre-deployment tests passed" in run.stdout


def test_the_folder_of_the_suite_is_examined_from_anywhere(tmp_path: Path) -> None:
    run = started(*PYTEST, str(REPOSITORY / "tests" / "s3"), "--env", "sit", "--source", "hcl", cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "✓ Pre-deployment tests passed" in run.stdout


def test_the_folder_itself_is_the_sentences_and_not_their_proofs(tree: Tree) -> None:
    shutil.copytree(
        REPOSITORY / "selftest", tree.path / "selftest", ignore=shutil.ignore_patterns("__pycache__")
    )
    run = tree.run(".", "--env=sit", "--source=hcl")
    assert run.exit_code == 0, run.output
    assert "✓ Pre-deployment tests passed" in run.printed


def test_what_cannot_be_imported_is_no_finding_about_the_infrastructure(tree: Tree) -> None:
    (tree.path / "tests/s3/test_more.py").write_text("import nothing_of_this_name\n")
    incident = tree.path / "incident.txt"
    run = tree.run("--env=sit", "--source=hcl", f"--incident={incident}")
    assert run.exit_code == 2
    assert "! broken  tests/s3/test_more.py" in run.printed
    assert "finding   ModuleNotFoundError: No module named 'nothing_of_this_name'" in run.printed
    assert "tests/s3/test_more.py:1: in <module>" in run.printed
    assert "collection.py" not in run.output
    for severity in ("P1", "P2", "P3", "P4"):
        assert f"! {severity}" not in run.printed
        assert f"[{severity}]" not in incident.read_text()


def test_a_file_of_sentences_that_ends_the_process_is_broken_as_any_other(tree: Tree) -> None:
    (tree.path / "tests/s3/test_more.py").write_text("import sys\n\nsys.exit('no account')\n")
    run = tree.run("--env=sit", "--source=hcl")
    assert run.exit_code == 2
    assert "! broken  tests/s3/test_more.py" in run.printed
    assert "finding   SystemExit: no account" in run.printed
    assert "tests/s3/test_more.py:3: in <module>" in run.printed


def test_a_suite_that_is_not_installed_works_in_its_own_folder(tree: Tree) -> None:
    """Only what requirements.txt names is there: no entry point brings the plugin in."""
    without = {**neutral_variables(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [*PYTEST, "--env", "sit", "--source", "hcl", f"--terraform={tree.path / 'terraform/bbws'}"]
    run = subprocess.run(
        command,
        cwd=tree.path,
        env=without | {"PYTHONPATH": os.fspath(tree.path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_what_is_not_installed_is_told_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    assert lacking().endswith("nothing can be examined without: google-re2; pip install google-re2")
    monkeypatch.undo()
    assert lacking() == ""


WITHOUT = """\
import sys
import pytest
sys.modules |= dict.fromkeys({missing!r})
sys.exit(pytest.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("missing", [["yaml"], ["pydantic"], ["moto", "hcl2"]])
def test_a_run_without_it_ends_in_one_line(tmp_path: Path, missing: list[str]) -> None:
    command = [sys.executable, "-c", WITHOUT.format(missing=missing), f"--stacks={REPOSITORY}/fixtures"]
    run = subprocess.run(command, cwd=tmp_path, env=neutral_variables(), capture_output=True, text=True)
    assert run.returncode == 4, run.stdout + run.stderr
    assert f"pip install {' '.join(NEEDED[it] for it in sorted(missing))}" in run.stderr
    assert "Traceback" not in run.stdout + run.stderr


def test_what_the_wheel_needs_is_looked_for() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    named = [re.split(r"[\[<>=]", it)[0] for it in project["dependencies"]]
    assert sorted(named) == sorted([*NEEDED.values(), "pytest"])
