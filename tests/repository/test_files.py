"""The files that the runbook relies on."""

import pytest


@pytest.mark.invariant("repository.exists")
def test_file_exists_where_the_runbook_refers_to_it(repository_file, expected):
    assert repository_file.name == expected.name


@pytest.mark.invariant("repository.format")
def test_file_holds_what_it_is_for(repository_file, expected):
    assert repository_file.format == expected.format


@pytest.mark.invariant("repository.parses")
def test_file_parses(repository_file, expected):
    assert repository_file.format == expected.format
    assert repository_file.mistake == expected.mistake


@pytest.mark.invariant("repository.settings")
def test_file_gives_these_values(repository_file, expected):
    assert repository_file.settings.items() >= expected.settings.items()


@pytest.mark.invariant("repository.setting-names")
def test_file_gives_each_of_these_a_value(repository_file, expected):
    assert repository_file.without_value(expected.setting_names) == []


@pytest.mark.invariant("repository.untracked")
def test_nothing_is_tracked_that_must_not_be(checkout_files, expected):
    assert checkout_files.tracked == expected.tracked


@pytest.mark.invariant("repository.folder")
def test_folder_exists(checkout_files, expected):
    assert checkout_files.name == expected.name


@pytest.mark.invariant("repository.beside")
def test_every_folder_has_what_must_lie_in_it(checkout_files, expected):
    assert checkout_files.lacking == expected.lacking


@pytest.mark.invariant("repository.without-words")
def test_no_file_holds_a_placeholder_any_more(checkout_files, expected):
    assert checkout_files.words_left == expected.words_left


@pytest.mark.invariant("repository.tracked")
def test_file_is_tracked_by_git(repository_file, expected):
    assert repository_file.tracked == expected.tracked


@pytest.mark.invariant("repository.documents")
def test_file_documents_what_it_must(repository_file, expected):
    assert repository_file.documents(expected.documents)


@pytest.mark.invariant("repository.policy")
def test_policy_template_allows_what_its_role_needs_and_not_everything(repository_file, expected):
    assert repository_file.format == expected.format
    assert repository_file.too_wide == expected.too_wide
    assert repository_file.refused(expected.allows) == []


@pytest.mark.invariant("repository.script")
def test_script_can_be_run(repository_file, expected):
    assert repository_file.format == expected.format
    assert repository_file.mistake == expected.mistake
    assert repository_file.executable == expected.executable


@pytest.mark.invariant("repository.upload-script")
def test_upload_script_can_be_run_and_uploads(repository_file, expected):
    assert repository_file.format == expected.format
    assert repository_file.mistake == expected.mistake
    assert repository_file.executable == expected.executable
    assert repository_file.uploads_to(expected.uploads_to)


@pytest.mark.invariant("repository.answers")
def test_function_gives_each_of_its_answers_the_headers(repository_file, expected):
    assert repository_file.answers_unlike(expected.answers_with) == []
