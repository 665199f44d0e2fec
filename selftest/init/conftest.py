"""The command in this process, in a repository of its own."""

from pathlib import Path

import pytest

from selftest.init.repository import FILES, Repository


@pytest.fixture
def repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Repository:
    """A checkout without anything in it; the command is run there."""
    folder = tmp_path / "theirs"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return Repository(folder, capsys)


@pytest.fixture
def begun(repository: Repository) -> Repository:
    """The stranger's repository with a stack of its own."""
    ended = repository.write(FILES).init("books", "--terraform", "infra/app")
    assert ended.code == 0, ended.complained
    return repository
