"""A lock is stale when no job can hold it any more; until then it is not known, and said who holds it."""

import re

from selftest.mutations import history
from selftest.stacks.bbws.operations.account import Served

LOCKS = "bbws-terraform-locks"
STATE = "bbws-terraform-state-dev/dynamodb/terraform.tfstate"
ONLY_LOCKS = ("-m", "operations", "-k", "state_lock")


def test_a_stale_lock_is_told_with_its_holder_its_age_and_the_remedy(dev: Served) -> None:
    history.lock(dev.aws, LOCKS, STATE, minutes=47)
    run = dev.run(*ONLY_LOCKS)
    assert run.invariants("failed") == {"bbws-tf-05"}, run.output
    assert "terraform force-unlock 6c5d9a8e-2a4f-4f0b-9d3c-1b7e5f0a2c44" in run.printed
    assert 'who: "runner@fv-az1"' in run.printed
    assert re.search(r"minutes: (4[7-9]|5\d)\b", run.printed)  # a busy machine runs it minutes later
    assert STATE in run.printed


def test_a_lock_that_a_running_job_may_hold_is_undetermined(dev: Served) -> None:
    history.lock(dev.aws, LOCKS, STATE, minutes=20)
    run = dev.run(*ONLY_LOCKS)
    [outcome] = run.outcomes.values()
    assert outcome.verdict == "skipped", run.output
    assert "runner@fv-az1 has held the lock" in outcome.message
    assert "gh run list" in outcome.message


def test_a_digest_is_no_lock(dev: Served) -> None:
    digest = {"LockID": {"S": f"{STATE}-md5"}, "Digest": {"S": "0" * 32}}
    dev.aws.write("dynamodb:PutItem", TableName=LOCKS, Item=digest)
    run = dev.run(*ONLY_LOCKS)
    assert run.invariants("passed") == {"bbws-tf-05"}, run.output


def test_a_lock_that_cannot_be_read_is_an_error(dev: Served) -> None:
    broken = {"LockID": {"S": STATE}, "Info": {"S": "held"}}
    dev.aws.write("dynamodb:PutItem", TableName=LOCKS, Item=broken)
    run = dev.run(*ONLY_LOCKS)
    assert run.invariants("error") == {"bbws-tf-05"}, run.output
    assert "Traceback" not in run.output
