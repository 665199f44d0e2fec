"""The files that the runbook relies on."""

import pytest


@pytest.mark.invariant("repository.exists")
def test_file_exists_where_the_runbook_refers_to_it(repository_file, expected):
    assert repository_file.name == expected.name


@pytest.mark.invariant("repository.format")
def test_file_holds_what_it_is_for(repository_file, expected):
    assert repository_file.format == expected.format


@pytest.mark.invariant("repository.mentions")
def test_file_documents_what_it_must(repository_file, expected):
    assert repository_file.mentions(expected.mentions)


@pytest.mark.invariant("repository.script")
def test_script_can_be_run(repository_file, expected):
    assert repository_file.format == expected.format
    assert repository_file.mistake == expected.mistake
    assert repository_file.executable == expected.executable
