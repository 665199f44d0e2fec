"""Who imports whom, by what the files say and by what a run really loads."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from selftest.front_door import NOT_A_USERS, REPOSITORY, neutral_variables

LOADED = "import sys, pytest; code = pytest.main(sys.argv[1:]); print('LOADED', *sys.modules); sys.exit(code)"


def imported(file: Path) -> Iterator[str]:
    """Yield every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def imports_below(folder: str) -> set[tuple[str, str]]:
    """Return each file below a folder with each module that it imports."""
    files = sorted((REPOSITORY / folder).rglob("*.py"))
    assert files
    return {(file.name, module) for file in files for module in imported(file)}


FORBIDDEN = ("plumbline", "selftest", "boto3", "botocore", "moto", "hcl2", "os", "re")


def test_a_sentence_imports_nothing_of_ours_and_no_machinery() -> None:
    """What the engine's own modules import of each other is held by import-linter: `make lint`."""
    found = imports_below("tests")
    assert {pair for pair in found for name in FORBIDDEN if f"{pair[1]}.".startswith(f"{name}.")} == set()


def loaded_by(*arguments: str) -> set[str]:
    """Return the names of the packages that a run of the suite has loaded by its end."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED, "-q", *NOT_A_USERS, *arguments],
        cwd=REPOSITORY,
        env=neutral_variables(),
        capture_output=True,
        text=True,
    )
    [line] = [line for line in run.stdout.splitlines() if line.startswith("LOADED ")]
    return {name.partition(".")[0] for name in line.split()[1:]}


def test_a_static_run_loads_nothing_of_aws() -> None:
    assert loaded_by("--env=sit", "--source=hcl").isdisjoint({"boto3", "botocore", "moto"})


def test_a_live_run_loads_no_parser_of_terraform() -> None:
    loaded = loaded_by("--env=sit", "--live", "--collect-only")
    assert loaded.isdisjoint({"hcl2", "lark", "moto"})


def test_a_refused_run_has_loaded_neither() -> None:
    assert loaded_by("--env=nowhere").isdisjoint({"boto3", "botocore", "moto", "hcl2", "lark"})


def test_a_replay_loads_neither_an_aws_library_nor_the_parser(tmp_path: Path) -> None:
    file = tmp_path / "evidence.json"
    loaded_by("--env=sit", f"--save-evidence={file}")
    assert loaded_by(f"--evidence={file}").isdisjoint({"boto3", "botocore", "moto", "hcl2", "lark"})
