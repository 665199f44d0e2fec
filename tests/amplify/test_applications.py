"""Applications of Amplify, and how their branches are built."""

import pytest


@pytest.mark.invariant("amplify.platform")
def test_application_is_served_by_a_platform_that_can(amplify_app, expected):
    assert amplify_app.platform in expected.platform_one_of


@pytest.mark.invariant("amplify.branches")
def test_application_is_built_from_its_branches(amplify_app, expected):
    assert amplify_app.branches_missing(expected.has_branches) == []


@pytest.mark.invariant("amplify.frameworks")
def test_branches_are_built_by_their_framework(amplify_app, expected):
    assert amplify_app.built_otherwise(expected.frameworks) == []


@pytest.mark.invariant("amplify.variables")
def test_branches_have_their_variables_and_no_others(amplify_app, expected):
    assert amplify_app.other_variables(expected.variables) == []


@pytest.mark.invariant("amplify.never-switched-on")
def test_nothing_is_switched_on_that_must_not_be(amplify_app, expected):
    assert amplify_app.switched_on(expected.never_switched_on) == []
