"""Options that cannot be meant: each is refused with what would be valid."""

import pytest

from selftest.front_door import run_suite
from selftest.input.tree import assert_refused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--env=sti"], "unknown --env 'sti' (did you mean sit?); valid: dev, sit, prod"),
        (["--env=qa"], "unknown --env 'qa'; valid: dev, sit, prod"),
        (["--stack=bbvs"], "unknown --stack 'bbvs' (did you mean bbws?); valid: bbws"),
        (
            ["--source=hlc"],
            "unknown --source 'hlc' (did you mean hcl?); valid: hcl, plan, state, repository, moto",
        ),
        (["--env=dev", "--env=stagign"], "unknown --env 'stagign'"),
        (["--env="], "unknown --env ''; valid: dev, sit, prod"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_unknown_name_is_refused_with_the_valid_ones(arguments: list[str], said: str) -> None:
    assert_refused(run_suite(*arguments), said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--source=moto,live"], "moto and live cannot share a run"),
        (["--source=moto", "--source=live"], "moto and live cannot share a run"),
        (["--live", "--source=hcl"], "it cannot go with --source hcl"),
        (["--live", "--source=moto"], "it cannot go with --source moto"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_live_run_examines_nothing_else(arguments: list[str], said: str) -> None:
    assert_refused(run_suite("--env=dev", *arguments), said)


@pytest.mark.parametrize(
    ("number", "said"), [("0", "at least 1"), ("-1", "at least 1"), ("many", "invalid int value: 'many'")]
)
def test_a_concurrency_that_reads_nothing_is_refused(number: str, said: str) -> None:
    assert_refused(run_suite(f"--concurrency={number}"), "--concurrency", said)
