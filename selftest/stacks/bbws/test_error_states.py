"""Each error state that the runbook describes leads to a card that names its section and what to type."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from selftest.applied.environment import Applied
from selftest.front_door import run_suite
from selftest.live.endpoint import Answer, Request, endpoint, refused
from selftest.stacks.bbws.faults import FAULTS

# The section, the planted fault that shows its error message, and the card that must name the section.
ERROR_STATES = [
    ("3.1.1 Table Not Found", "a table is missing", "bbws-ddb-01"),
    ("3.1.2 Global Secondary Index (GSI) Creation Failed", "the index is missing", "bbws-ddb-08"),
    ("3.1.3 Point-in-Time Recovery (PITR) Not Enabled", "point in time recovery is off", "bbws-ddb-15"),
    ("3.1.4 Backup Plan Missing", "the backup plan is missing", "bbws-bkp-01"),
    ("3.1.4 Backup Plan Missing", "the selection covers two tables of three", "bbws-bkp-04"),
    ("3.1.5 Incorrect Table Tags", "a table lacks a tag", "bbws-ddb-17"),
    ("3.1.6 DynamoDB Access Denied (IAM Permissions)", "reading a table is denied", "bbws-ddb-01"),
    ("3.2.1 S3 Bucket Not Created", "a bucket is missing", "bbws-s3-01"),
    ("3.2.2 S3 Public Access Not Blocked", "the public access block is removed", "bbws-s3-05"),
    ("3.2.3 S3 Versioning Not Enabled", "versioning is suspended", "bbws-s3-08"),
    ("3.2.4 Email Templates Not Uploaded to S3", "a template is missing", "bbws-s3-12"),
    ("3.2.5 S3 Cross-Region Replication Failed (PROD)", "replication is not configured", "bbws-rep-01"),
    ("3.2.6 S3 Encryption Not Configured", "encryption is not configured", "bbws-s3-10"),
    ("3.2.6 S3 Encryption Not Configured", "encryption is of a key", "bbws-s3-09"),
]
ENVIRONMENTS = {fault.name: fault.environment for fault in FAULTS} | {"reading a table is denied": "prod"}


@pytest.mark.sampled(one_in=5)
@pytest.mark.parametrize(
    ("applied", "section", "state", "identifier"),
    [
        pytest.param(f"bbws/{ENVIRONMENTS[state[1]]}", *state, id=f"{state[0]}: {state[1]}")
        for state in ERROR_STATES
    ],
    indirect=["applied"],
)
def test_the_card_names_the_section_and_the_commands_with_real_names(
    applied: Applied, section: str, state: str, identifier: str
) -> None:
    with planted(applied, state) as url:
        variables = applied.variables | {"AWS_ENDPOINT_URL": url}
        run = run_suite(f"--env=bbws/{applied.environment}", "--live", variables=variables)
    [card] = [card for card in run.cards if identifier in card.splitlines()[0]]
    assert section in card
    [failed] = {
        outcome.resource for outcome in run.those("failed", "error") if outcome.invariant == identifier
    }
    remedy = re.search(r"^    (?:type|do) .*(\n {14}.*)*", card, re.MULTILINE)
    assert remedy is not None
    assert applied.environment in remedy[0] or failed in remedy[0]
    assert not re.search(r"(?<!\$)\{[a-z_]+\}", card), card


@contextmanager
def planted(account: Applied, state: str) -> Iterator[str]:
    """Plant the fault of this name; a denied call is none of the account's."""
    fault = next((fault for fault in FAULTS if fault.name == state), None)
    if fault is None:
        with endpoint(account.endpoint, reading_a_table_is_denied) as stands:
            yield stands.url
    else:
        with fault.planted(account) as url:
            yield url


def reading_a_table_is_denied(request: Request) -> Answer | None:
    concerned = request.asks("DescribeTable") and b"bbws-tenants-" in request.body
    return refused(400, "AccessDeniedException") if concerned else None
