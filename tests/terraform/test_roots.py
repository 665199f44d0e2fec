"""What the Terraform roots themselves must say."""

import pytest


@pytest.mark.invariant("terraform.backend")
def test_state_is_kept_in_s3_and_locked(root, expected):
    assert root.backend_type == expected.backend_type
    assert root.backend.items() >= expected.backend.items()


@pytest.mark.invariant("terraform.accepted-names")
def test_variables_accept_the_names_and_nothing_else(root, expected):
    assert root.accepted_of(expected.accepted_names) == expected.accepted_names


@pytest.mark.invariant("terraform.version")
def test_terraform_version_is_pinned_and_admits_the_one_in_use(root, expected):
    assert root.admits(expected.terraform_version)


@pytest.mark.invariant("terraform.most-entries")
def test_variables_accept_so_many_entries_and_no_more(root, expected):
    assert root.accepts_entries(expected.most_entries)
    assert not root.accepts_more_entries(expected.most_entries)


@pytest.mark.invariant("terraform.outputs")
def test_outputs_are_declared(root, expected):
    assert set(root.outputs) >= set(expected.outputs)


@pytest.mark.invariant("terraform.output-keys")
def test_outputs_have_the_keys(root, expected):
    assert root.output_keys.items() >= expected.output_keys.items()


@pytest.mark.invariant("terraform.unchanged")
def test_a_plan_shows_no_change(root_plan, expected):
    assert root_plan.changes == expected.changes
    assert root_plan.drift == expected.drift


@pytest.mark.invariant("terraform.module-sources")
def test_every_module_is_a_folder_of_the_checkout(root, expected):
    assert root.modules_elsewhere == expected.modules_elsewhere


@pytest.mark.invariant("terraform.module-calls")
def test_modules_are_called(root, expected):
    assert root.not_called(expected.calls) == []


@pytest.mark.invariant("terraform.output-texts")
def test_outputs_are_made_of_what_they_must(root, expected):
    assert root.texts_of(expected.output_texts) == expected.output_texts


@pytest.mark.invariant("terraform.module-variables")
def test_modules_are_given_their_variables(root, expected):
    assert root.not_passed(expected.passes) == []


@pytest.mark.invariant("terraform.provider-constraints")
def test_all_modules_of_a_root_agree_on_a_version_of_each_provider(root, expected):
    assert root.disagreeing_providers == expected.disagreeing_providers


@pytest.mark.invariant("terraform.defaults")
def test_variables_have_their_defaults(root, expected):
    assert root.defaults.items() >= expected.defaults.items()


@pytest.mark.invariant("terraform.least-defaults")
def test_variables_have_defaults_of_at_least_that(root, expected):
    assert root.defaults_below(expected.least_defaults) == []
