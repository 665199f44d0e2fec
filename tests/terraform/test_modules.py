"""What every folder of Terraform code must say, called or not, and what holds it to the same providers."""

import pytest


@pytest.mark.invariant("terraform.required-version")
def test_every_module_states_what_terraform_it_needs(modules, expected):
    assert modules.without_required_version == expected.without_required_version


@pytest.mark.invariant("terraform.least-provider-versions")
def test_every_module_asks_for_a_provider_of_at_least_a_version(modules, expected):
    assert modules.asking_for_less(expected.least_provider_versions) == []


@pytest.mark.invariant("terraform.provider-versions")
def test_every_module_requires_the_provider_in_this_version(modules, expected):
    assert modules.requiring_otherwise(expected.provider_versions) == []


@pytest.mark.invariant("terraform.types")
def test_providers_have_every_type_that_is_used(modules, expected):
    assert modules.unknown_types == expected.unknown_types


@pytest.mark.invariant("terraform.attributes")
def test_no_expression_reads_what_none_may(modules, expected):
    assert modules.attributes_read == expected.attributes_read


@pytest.mark.invariant("terraform.provider-lock")
def test_lock_file_is_committed_and_holds_for_every_provider(provider_lock, expected):
    assert provider_lock.tracked == expected.tracked
    assert provider_lock.unlocked == expected.unlocked
