"""What an application logs stays out of every file: it may be secret."""

from pathlib import Path

from selftest.mutations import history
from selftest.stacks.bbws.operations.account import Served

LOG = "/aws/lambda/bbws-order-lambda-dev"
SECRET = "hunter2-DynamoDB-Query"


def test_a_logged_line_is_counted_and_kept_nowhere(dev: Served, tmp_path: Path) -> None:
    dev.live_through()
    history.line(dev.aws, LOG, f"[ERROR] password {SECRET} DynamoDB Query took 3 ms")
    kept = tmp_path / "evidence.json"
    run = dev.run("-m", "operations", f"--save-evidence={kept}", f"--html={tmp_path / 'page.html'}")
    assert run.invariants("failed") == {"bbws-log-02"}, run.output
    assert SECRET not in run.output + kept.read_text() + (tmp_path / "page.html").read_text()
