"""Many accounts in one run: each is asked as somebody else, and none before all are whose they must be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest

from benchmarks.live_scale import Scale, account, answering, lay_out
from plumbline.aws.places import Configured, first_alike
from selftest.front_door import SuiteRun, run_suite, variables_of_server

SCALE = Scale(accounts=4, tables=2, milliseconds=0)
EXPIRED = """\
sso_session = portal
sso_account_id = 123456789012
sso_role_name = reader

[sso-session portal]
sso_start_url = http://127.0.0.1:9
sso_region = eu-west-1
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where every account answers, each to its own credentials."""
    with answering(SCALE.milliseconds) as place:
        yield place


@pytest.fixture
def depot(tmp_path: Path) -> Path:
    """A stack of many environments, each an account with a profile of its own."""
    lay_out(SCALE, tmp_path)
    return tmp_path


def live(depot: Path, address: str = "", *arguments: str) -> SuiteRun:
    given = variables_of_server(address) | {"PATH": "/usr/bin:/bin", "AWS_CONFIG_FILE": str(depot / "aws")}
    lent = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"}
    variables = {name: it for name, it in given.items() if it and name not in lent}
    return run_suite("--live", *arguments, variables=variables, tree=depot)


def test_each_account_answers_for_its_own_environment(depot: Path, address: str) -> None:
    run = live(depot, address, "-n2")
    assert run.exit_code == 0, run.output
    assert f"passed ({3 * SCALE.tables * SCALE.accounts}/" in run.printed
    for it in range(SCALE.accounts):
        assert f"depot/e{it} is account {account(it)}" in run.printed


def test_one_that_is_somebody_elses_is_named_and_nothing_is_read(depot: Path, address: str) -> None:
    profiles = depot / "aws"
    profiles.write_text(profiles.read_text().replace(account(2), account(70)))
    run = live(depot, address)
    assert run.exit_code == 4
    assert f"environment e2 is account {account(2)}, but the credentials in use belong" in run.output
    mend = f"Its stack names profile e2: mend that, or name one of account {account(2)}."
    assert f"Nothing was read. {mend}" in run.output


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        ("region = eu-west-1\n", "profile e2, which its stack names, gives none"),
        ("credential_process = false\n", "profile e2, which its stack names, gives none"),
        (EXPIRED, "those in use have expired"),
    ],
    ids=["no key", "no process", "expired"],
)
def test_one_without_credentials_is_told_which_profile_to_sign_in_with(
    depot: Path, address: str, profile: str, says: str
) -> None:
    profiles = depot / "aws"
    key = f"aws_access_key_id = AKIA{account(2)}\naws_secret_access_key = x\n"
    profiles.write_text(profiles.read_text().replace(key, profile))
    run = live(depot, address)
    assert run.exit_code == 4
    assert f"environment e2 needs credentials of account {account(2)}, and {says}" in run.output
    assert "aws sso login --profile e2" in run.output
    assert "AWS_PROFILE" not in run.output


def test_one_that_asks_a_service_elsewhere_is_found_behind_others(depot: Path, address: str) -> None:
    profiles = depot / "aws"
    elsewhere = "services = mine\n[services mine]\ndynamodb =\n  endpoint_url = http://127.0.0.1:9\n"
    at_home = profiles.read_text().replace(
        "secret_access_key = x\n", f"secret_access_key = x\nendpoint_url = {address}\n"
    )
    of_one = f"aws_access_key_id = AKIA{account(2)}\naws_secret_access_key = x\nendpoint_url = {address}\n"
    profiles.write_text(at_home)
    assert live(depot).exit_code == 0
    profiles.write_text(at_home.replace(of_one, of_one + elsewhere))
    run = live(depot)
    assert run.exit_code == 4, run.output
    assert "dynamodb is asked at http://127.0.0.1:9" in run.output


def test_what_to_type_in_an_account_begins_with_its_profile(depot: Path, address: str) -> None:
    stack = depot / "stacks/depot.yaml"
    stack.write_text(
        stack.read_text().replace("point_in_time_recovery: true", "point_in_time_recovery: false")
    )
    run = live(depot, address, "--env=e1")
    assert run.exit_code == 1
    card = run.cards[0]
    as_whom, what = re.findall(r"^    (?:type)? +(export .*|aws .*)$", card, re.MULTILINE)[:2]
    assert as_whom == "export AWS_PROFILE=e1", card
    assert what.startswith("aws dynamodb describe-table --table-name depot-e1-"), card


def configured(profile: str, config: Path, endpoints: dict[str, str] | None = None) -> Configured:
    variables = {"config_file": (None, None, str(config), None), "profile": (None, None, profile, None)}
    session = botocore.session.Session(session_vars=variables)
    return Configured.by(session, endpoints or {}, lambda *_: profile)


def test_where_services_are_asked_is_looked_up_once_for_all_that_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    key = "aws_access_key_id = {}\nrole_arn = {}\nregion = eu-west-1\n"
    config.write_text(
        f"[profile a]\n{key.format(1, 2)}[profile b]\n{key.format(3, 4)}"
        f"[profile c]\n{key.format(1, 2)}endpoint_url = http://127.0.0.1:9\n"
        f"[profile d]\n{key.format(1, 2)}services = mine\n[services mine]\ns3 =\n  endpoint_url = http://a\n"
    )
    a, b, c, d = (configured(it, config) for it in "abcd")
    assert a == b
    assert first_alike(a) is first_alike(b)
    assert len({a, c, d, configured("a", config, {"s3": "http://b"})}) == 4
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://c")
    assert configured("a", config) != a
    config.write_text(config.read_text().replace("http://a", "http://b"))
    assert len({d, configured("d", config)}) == 2
