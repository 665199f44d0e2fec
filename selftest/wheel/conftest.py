"""The wheel in an environment of its own, and a repository to use it in."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from selftest.front_door import REPOSITORY, neutral_variables
from selftest.wheel import repository

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def binaries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel, and beside it the libraries that it needs."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    environment = shared / "with-the-wheel"
    with FileLock(shared / "wheel.lock"):
        if not environment.exists():
            _install(_build(shared / "wheels"), environment)
    return environment / "bin"


def _build(folder: Path) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=REPOSITORY)
    [wheel] = folder.glob("*.whl")
    return wheel


def _install(wheel: Path, environment: Path) -> None:
    run(sys.executable, "-m", "venv", "--without-pip", str(environment))
    python = environment / "bin" / "python"
    run(
        *(sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"),
        *("--disable-pip-version-check", "--no-index", "--no-deps", str(wheel)),
    )
    [site] = environment.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    program = environment / "bin" / "pytest"
    program.write_text(f"#!{python}\nimport sys\nimport pytest\nsys.exit(pytest.console_main())\n")
    program.chmod(0o755)


def run(
    *words: str, cwd: Path | None = None, variables: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, with no AWS account and no path to this repository."""
    inherited = {name: text for name, text in neutral_variables().items() if name != "PYTHONPATH"}
    finished = subprocess.run(
        words, cwd=cwd, env=inherited | (variables or {}), capture_output=True, text=True, timeout=180
    )
    assert variables is not None or finished.returncode == 0, finished.stdout + finished.stderr
    return finished


@pytest.fixture
def somebodys(tmp_path: Path) -> Path:
    """A repository of somebody else, which names no stacks yet."""
    return repository.write(tmp_path / "somebodys")


@pytest.fixture
def there(binaries: Path, somebodys: Path) -> Command:
    """Runs a program of that environment in that repository: `there("pytest", "--env", "test")`."""

    def command(program: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
        return run(str(binaries / program), *words, cwd=somebodys, variables={"PATH": path} | variables)

    return command
