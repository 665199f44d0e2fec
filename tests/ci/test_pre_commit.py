"""What is checked before a commit."""

import pytest


@pytest.mark.invariant("pre-commit.yaml-linter")
def test_yaml_is_linted_before_a_commit(pre_commit_configuration, expected):
    assert set(pre_commit_configuration.hooks) >= set(expected.hooks)
