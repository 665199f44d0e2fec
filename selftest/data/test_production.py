"""Probes write where a stack says that an environment is no production, whatever that is called."""

from pathlib import Path

import pytest

from plumbline.expectations.stack import Stack
from plumbline.suite.choices import _refuse_production

SMALL = """\
format: 2
stack: small
title: Small
region: eu-west-1
environments:
  live: {production: true}
  prod: {production: false}
  staging: {}
terraform: {directory: terraform}
"""


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ("live", r"would write in production \(live\)"),
        (
            "staging",
            r"small\.yaml:8: staging does not say whether it is production: write `production: false`",
        ),
    ],
)
def test_what_is_production_or_may_be_is_not_written_in(tmp_path: Path, environment: str, told: str) -> None:
    with pytest.raises(pytest.UsageError, match=told):
        _refuse_production([(stack(tmp_path), "prod"), (stack(tmp_path), environment)])


def test_no_name_of_an_environment_makes_it_production(tmp_path: Path) -> None:
    _refuse_production([(stack(tmp_path), "prod")])


def stack(folder: Path) -> Stack:
    path = folder / "small.yaml"
    path.write_text(SMALL)
    return Stack(path)
