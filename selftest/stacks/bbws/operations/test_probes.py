"""Probes say what they write, remove it however they end, and run only where they may."""

import json
import signal
import subprocess
import sys
import time

import pytest

from plumbline.kinds.state_object import StateObject
from selftest.front_door import NOT_A_USERS, REPOSITORY, run_suite
from selftest.mutations import history
from selftest.stacks.bbws.operations.account import Served

OVERWRITTEN = "bbws-templates-dev/test-version-recovery.txt"
SOURCE, REPLICA = "bbws-templates-prod", "bbws-templates-prod-dr-eu-west-1"
KEY = "test-replication.txt"
IN_PRODUCTION = ("--allow-writes", "--allow-writes-in-production", "-m", "probe")
PATIENCE_SECONDS = 30


def keep_states(served: Served) -> None:
    """Let the states of the roots lie in their bucket."""
    history.seed(served.aws, [it for it in served.subjects if it.kind is StateObject])


def left_behind(prod: Served) -> list[str]:
    """Every version of the probes' objects in both buckets."""
    found = []
    for bucket, aws in ((SOURCE, prod.aws), (REPLICA, prod.aws.within("eu-west-1"))):
        listed = aws.write("s3:ListObjectVersions", Bucket=bucket, Prefix="test-")
        found += [
            f"{bucket}/{it['Key']}" for part in ("Versions", "DeleteMarkers") for it in listed.get(part, [])
        ]
    return found


def test_the_replication_probe_says_what_it_writes_and_leaves_nothing(prod: Served) -> None:
    run = prod.run(*IN_PRODUCTION)
    assert run.exit_code == 0, run.output
    assert run.invariants("passed") == {"bbws-rep-12"}
    assert f"probe: uploading s3://{SOURCE}/{KEY}" in run.printed
    assert f"probe: removed {KEY} with all its versions from {SOURCE} and {REPLICA}" in run.printed
    assert left_behind(prod) == []


def test_the_backup_probe_deletes_the_backup_that_it_made(dev: Served) -> None:
    run = dev.run("--allow-writes", "-m", "probe")
    assert run.exit_code == 0, run.output
    assert run.invariants("passed") == {"bbws-bkp-07", "bbws-s3-20"}
    assert "probe: backing up bbws-tenants-dev" in run.printed
    assert f"probe: writing s3://{OVERWRITTEN} and overwriting it" in run.printed
    listed = dev.aws.write("s3:ListObjectVersions", Bucket="bbws-templates-dev", Prefix="test-")
    assert not listed.get("Versions")
    assert not listed.get("DeleteMarkers")
    vault = "bbws-backup-vault-dev"
    points = dev.aws.write("backup:ListRecoveryPointsByBackupVault", BackupVaultName=vault)
    assert points["RecoveryPoints"] == []


def test_without_leave_no_probe_runs_and_what_only_reads_does(dev: Served) -> None:
    keep_states(dev)
    run = dev.run()
    assert {"bbws-ddb-14", "bbws-tf-04"} <= run.invariants("passed"), run.output
    assert history.SECRET not in run.output
    assert "probe: " not in run.printed
    assert not [test for test in run.outcomes if "/probes/" in test]


@pytest.mark.heavy
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_probe_removes_what_it_wrote(prod: Served, number: signal.Signals) -> None:
    stop_replication(prod)
    arguments = ["--env", "bbws/prod", "--live", *IN_PRODUCTION, "-k", "replica"]
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *NOT_A_USERS, *arguments],
        cwd=REPOSITORY,
        env=prod.variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_for_upload(prod)
    process.send_signal(number)
    printed, _ = process.communicate(timeout=PATIENCE_SECONDS + 30)
    assert process.returncode == 2, printed
    assert f"probe: removed {KEY}" in printed
    assert left_behind(prod) == []


def stop_replication(prod: Served) -> None:
    """Let the object never arrive."""
    prod.aws.write("s3:DeleteBucketReplication", Bucket=SOURCE)


def wait_for_upload(prod: Served) -> None:
    """Wait until the probe has written its object."""
    for _ in range(PATIENCE_SECONDS * 5):
        if left_behind(prod):
            return
        time.sleep(0.2)
    raise AssertionError("the probe wrote nothing")


def test_a_probe_does_not_start_where_another_ones_object_lies(prod: Served) -> None:
    prod.aws.write("s3:PutObject", Bucket=SOURCE, Key=KEY, Body="of another")
    run = prod.run(*IN_PRODUCTION, "-k", "replica")
    assert run.invariants("error") == {"bbws-rep-12"}, run.output
    assert "another probe runs, or one was left behind" in run.printed
    assert "uploading" not in run.printed
    assert len(left_behind(prod)) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--allow-writes"], "add --live"),
        (["--live", "--allow-writes-in-production"], "goes with --allow-writes"),
        (["--live", "-m", "probe"], "--live --allow-writes"),
        (["--live", "--allow-writes"], "would write in production (bbws/prod, "),
        (["--stack", "bbws", "--live", "--allow-writes"], "would write in production (prod)"),
        (["--live", "--allow-writes", "-n", "2"], "one probe at a time"),
    ],
)
def test_probes_that_may_not_run_are_refused_before_anything_is_asked(
    arguments: list[str], told: str
) -> None:
    run = run_suite(*arguments)
    assert run.exit_code == 4, run.output
    assert told in run.complained


def test_the_policy_allows_writes_only_when_asked() -> None:
    command = [sys.executable, "-m", "plumbline", "policy", "--stack", "bbws", "--env", "prod"]
    reading, probing = (
        subprocess.run([*command, *more], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
        for more in ([], ["--allow-writes"])
    )
    of_probes = {"s3:PutObject", "s3:DeleteObjectVersion", "s3:ListBucketVersions"}
    assert actions(probing) - actions(reading) == of_probes
    assert actions(reading) <= actions(probing)


def actions(policy: str) -> set[str]:
    return {action for statement in json.loads(policy)["Statement"] for action in statement["Action"]}
