"""Credentials that cannot serve end the run before any test, with one message that says what to do."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from selftest.applied.server import MotoServer, moto_server
from selftest.front_door import SuiteRun, neutral_variables, run_suite
from selftest.live.endpoint import Request, answered, endpoint, on, refused
from selftest.stacks.bbws import BBWS

ALONE_OR_TOGETHER = pytest.mark.parametrize("processes", ["0", "2"])
NOBODY = neutral_variables() | {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_REGION": "af-south-1",
    "NO_PROXY": "127.0.0.1",
}
SOMEBODY = NOBODY | {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


@pytest.fixture(scope="module")
def server() -> Iterator[MotoServer]:
    """An account that is empty, and of no environment but dev."""
    with moto_server(BBWS.accounts["dev"]) as started:
        yield started


def live(environment: str, variables: Mapping[str, str], processes: str = "0") -> SuiteRun:
    return run_suite(f"--env=bbws/{environment}", "--live", "-n", processes, variables=variables)


def assert_refused(run: SuiteRun, *says: str) -> None:
    """Exit code 4, one message with these words in it, no traceback, and not a test run."""
    assert run.exit_code == 4, run.output
    assert run.outcomes == {}
    assert run.complained.count("ERROR: ") == 1
    assert "Traceback" not in run.output
    assert [words for words in says if words not in run.complained] == [], run.complained


def operations(requests: list[Request]) -> list[str]:
    return [f"{request.service}:{request.operation}" for request in requests]


@ALONE_OR_TOGETHER
def test_another_account_is_refused_when_it_has_said_who_it_is(server: MotoServer, processes: str) -> None:
    with endpoint(server.endpoint) as stands:
        run = live("sit", SOMEBODY | {"AWS_ENDPOINT_URL": stands.url}, processes)
    assert_refused(run, BBWS.accounts["sit"], BBWS.accounts["dev"], "AWS_PROFILE")
    assert operations(stands.requests) == ["sts:GetCallerIdentity"]


@ALONE_OR_TOGETHER
def test_a_run_without_credentials_says_how_to_get_some(processes: str) -> None:
    assert_refused(live("dev", NOBODY, processes), BBWS.accounts["dev"], "none were found", "aws sso login")


@ALONE_OR_TOGETHER
def test_expired_credentials_are_to_be_renewed(processes: str) -> None:
    with endpoint("", on("GetCallerIdentity", refused(403, "ExpiredToken"))) as stands:
        run = live("dev", SOMEBODY | {"AWS_ENDPOINT_URL": stands.url}, processes)
    assert_refused(run, BBWS.accounts["dev"], "expired", "aws sso login")
    assert operations(stands.requests) == ["sts:GetCallerIdentity"]


def test_credentials_that_aws_does_not_know_are_refused() -> None:
    with endpoint("", on("GetCallerIdentity", refused(403, "InvalidClientTokenId"))) as stands:
        run = live("dev", SOMEBODY | {"AWS_ENDPOINT_URL": stands.url})
    assert_refused(
        run, BBWS.accounts["dev"], "InvalidClientTokenId", "enable-region --region-name af-south-1"
    )


XHTML = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>Sign in</body></html>'


@pytest.mark.parametrize("page", ["<html><body>Sign in</body></html>", XHTML, "Bad gateway", "{}", ""])
def test_an_endpoint_that_is_not_aws_is_named_as_such(page: str) -> None:
    with endpoint("", on("GetCallerIdentity", answered(page))) as stands:
        run = live("dev", SOMEBODY | {"AWS_ENDPOINT_URL": stands.url})
    assert_refused(run, "AWS_ENDPOINT_URL")


@ALONE_OR_TOGETHER
def test_an_endpoint_that_nobody_answers_is_given_up(processes: str) -> None:
    run = live("dev", SOMEBODY | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, processes)
    assert_refused(run, "cannot be reached", "http://127.0.0.1:9", "AWS_ENDPOINT_URL")


@ALONE_OR_TOGETHER
def test_an_unknown_profile_is_named(processes: str) -> None:
    run = live("dev", NOBODY | {"AWS_PROFILE": "tebogo-dev"}, processes)
    assert_refused(run, "tebogo-dev", "aws configure list-profiles")


def test_a_profile_with_half_a_key_is_refused(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.write_text("[half]\naws_access_key_id = testing\n")
    half = {"AWS_PROFILE": "half", "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
    assert_refused(live("dev", NOBODY | half), BBWS.accounts["dev"])


def test_a_profile_is_used_that_names_its_own_endpoint(server: MotoServer, tmp_path: Path) -> None:
    config = tmp_path / "config"
    with endpoint(server.endpoint) as stands:
        config.write_text(
            f"[profile portal]\nregion = af-south-1\nendpoint_url = {stands.url}\n"
            "aws_access_key_id = testing\naws_secret_access_key = testing\n"
        )
        run = live("dev", NOBODY | {"AWS_PROFILE": "portal", "AWS_CONFIG_FILE": str(config)})
    assert "bbws-ddb-01" in run.invariants("failed")
    assert "sts:GetCallerIdentity" in operations(stands.requests)
