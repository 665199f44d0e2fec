"""What nobody measured is never healthy: it is an outcome of its own, in every report."""

import json
from pathlib import Path

from selftest.stacks.bbws.operations.account import Served

WITHOUT_HISTORY = {
    "bbws-ddb-23",
    "bbws-ddb-25",
    "bbws-ddb-26",
    "bbws-bkp-08",
    "bbws-tf-07",
    "bbws-log-02",
    "bbws-log-03",
    "bbws-log-04",
    "bbws-log-05",
}


def test_an_account_without_a_history_is_not_called_healthy(dev: Served, tmp_path: Path) -> None:
    run = dev.run("-m", "operations", f"--alluredir={tmp_path}", f"--html={tmp_path / 'page.html'}")
    without = [
        it for it in run.those("skipped") if it.message.removeprefix("Skipped: ").startswith("no data: ")
    ]
    assert {it.invariant for it in without} == WITHOUT_HISTORY, run.output
    assert run.invariants("failed") == {"bbws-bkp-07", "bbws-bkp-09"}
    assert f"{len(without)} no data" in run.verdict
    assert {it.properties["outcome"] for it in without} == {"no data"}
    results = [json.loads(path.read_text()) for path in tmp_path.glob("*-result.json")]
    told = [result for result in results if "statusDetails" in result]
    assert sum(it["statusDetails"]["message"].startswith("no data: ") for it in told) == len(without)
    assert f"{len(without)} no data" in (tmp_path / "page.html").read_text()


def test_a_run_of_nothing_but_no_data_is_no_success(dev: Served) -> None:
    run = dev.run("-m", "operations", "-k", "metric and tenants")
    assert run.exit_code == 5, run.output
    assert run.verdict == "? Post-deployment tests determined nothing (0/0): 1 no data"
    assert "nothing of bbws-tenants-dev" in run.printed


def test_a_table_that_was_used_and_never_throttled_passes(dev: Served) -> None:
    dev.live_through()
    run = dev.run("-m", "operations", "-k", "metric and tenants")
    assert run.invariants("passed") == {"bbws-ddb-23"}, run.output
