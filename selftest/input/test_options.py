"""Options that cannot be meant: each is refused with what would be valid."""

import pytest

from selftest.front_door import run_suite
from selftest.input.tree import assert_refused

EVERY = "dev, bbws/dev, sit, bbws/sit, prod, bbws/prod, data-lake/dev, stage, data-lake/stage, data-lake/prod"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--env=sti"], "unknown --env 'sti' (did you mean sit?); valid: dev, bbws/dev, sit, bbws/sit, prod"),
        (["--env=qa"], "unknown --env 'qa'; valid: dev, bbws/dev, sit, bbws/sit, prod"),
        (["--stack=bbvs"], "unknown --stack 'bbvs' (did you mean bbws?); valid: bbws, data-lake"),
        (
            ["--source=hlc"],
            "unknown --source 'hlc' (did you mean hcl?); valid: hcl, plan, state, repository, moto",
        ),
        (["--env=dev", "--env=stagign"], "unknown --env 'stagign'"),
        (["--env=bbws"], "unknown --env 'bbws': a stack, which is --stack bbws; valid: dev, bbws/dev, sit"),
        (["--env="], "unknown --env ''; valid: dev, bbws/dev, sit, bbws/sit, prod"),
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
    assert_refused(run_suite("--env=bbws/dev", *arguments), said)


@pytest.mark.parametrize(
    ("number", "said"), [("0", "at least 1"), ("-1", "at least 1"), ("many", "invalid int value: 'many'")]
)
def test_a_concurrency_that_reads_nothing_is_refused(number: str, said: str) -> None:
    assert_refused(run_suite(f"--concurrency={number}"), "--concurrency", said)


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("ddb-15", {"bbws-ddb-15"}),
        ("PITR and tenants", {"bbws-ddb-05", "bbws-ddb-15", "bbws-mon-02"}),
        ("3.2.6", {"bbws-mon-10", "bbws-s3-09", "bbws-s3-10"}),
        ("P1 and tenants", {"bbws-ddb-01"}),
    ],
)
def test_tests_are_found_by_what_the_runbook_calls_them(words: str, ids: set[str]) -> None:
    run = run_suite("--env=bbws/prod", "--source=hcl", "-k", words)
    assert run.invariants("passed") == ids


@pytest.mark.parametrize(("words", "searched"), [("nowhere", "nowhere"), ("nowhere and there", "WORD")])
def test_a_word_that_nothing_is_called_by_is_told_with_what_is(words: str, searched: str) -> None:
    run = run_suite("--env=sit", "-k", words)
    assert run.exit_code == 5
    assert "-k finds names of tests, resources" in run.printed
    assert f"python -m plumbline explain {searched}\n" in run.printed
