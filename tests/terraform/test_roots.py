"""What the Terraform roots themselves must say."""

import pytest


@pytest.mark.invariant("terraform.backend")
def test_state_is_kept_in_s3_and_locked(root, expected):
    assert root.backend_type == expected.backend_type
    assert root.backend.items() >= expected.backend.items()


@pytest.mark.invariant("terraform.environments")
def test_variable_environment_accepts_the_environments_and_nothing_else(root, expected):
    assert root.accepted_names("environment", expected.environments) == expected.environments


@pytest.mark.invariant("terraform.version")
def test_terraform_version_is_pinned_and_admits_the_one_in_use(root, expected):
    assert root.admits(expected.terraform_version)


@pytest.mark.invariant("terraform.index-limit")
def test_variable_for_indexes_rejects_more_than_dynamodb_allows(root, expected):
    assert root.accepts_entries("global_secondary_indexes", expected.most_indexes)
    assert not root.accepts_more_entries("global_secondary_indexes", expected.most_indexes)
