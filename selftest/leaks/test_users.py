"""Who the users of a pool are is in no report, no log, no evidence and no error, whatever is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from plumbline.aws.reads import Answers, Aws
from plumbline.kinds.cognito_users import OfUsers, PoolUsers
from plumbline.values.unknown import ReadError
from selftest.applied.environment import variables_of_server
from selftest.applied.server import MotoServer, moto_server, session
from selftest.front_door import run_suite
from selftest.leaks.test_reports import VERBOSE, reports

STACK, ACCOUNT, REGION = "elite-adventures/prod", "100000000004", "us-east-1"
POOL = "elite-adventures-leads-prod-admin"
NAMES = ("amelia.planted", "benjamin.planted")
PERSONS = {it: f"{it}@persons.example" for it in NAMES}
TELEPHONE = "+5016001234"


def filled(server: MotoServer, *, by_address: bool) -> None:
    """Fill a pool with users with whom everything is wrong: new, not verified, without a second factor."""
    cognito = session().client("cognito-idp", region_name=REGION, endpoint_url=server.endpoint)
    named_by = {"UsernameAttributes": ["email"]} if by_address else {}
    pool = cognito.create_user_pool(PoolName=POOL, **named_by)["UserPool"]["Id"]
    cognito.create_group(UserPoolId=pool, GroupName="Admin")
    for name, address in PERSONS.items():
        called = address if by_address else name
        told = {"email": address, "phone_number": TELEPHONE, "name": name}
        attributes = [{"Name": key, "Value": value} for key, value in told.items()]
        cognito.admin_create_user(UserPoolId=pool, Username=called, UserAttributes=attributes)
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=called, GroupName="Admin")


@pytest.fixture(params=[False, True], ids=["by name", "by e-mail address"])
def server(request: pytest.FixtureRequest) -> Iterator[MotoServer]:
    """An account with such a pool."""
    with moto_server(ACCOUNT) as started:
        filled(started, by_address=request.param)
        yield started


@pytest.mark.heavy
@pytest.mark.parametrize("processes", ["0", "2"])
def test_no_report_tells_who_a_user_is(server: MotoServer, tmp_path: Path, processes: str) -> None:
    asked = ("--env", STACK, "--live", "--window", "7d", "-k", "cognito", "-n", processes)
    written = (*reports(tmp_path), f"--alluredir={tmp_path / 'allure'}")
    variables = variables_of_server(server.endpoint) | {"AWS_REGION": REGION, "TMPDIR": str(tmp_path)}
    run = run_suite(*asked, *VERBOSE, *written, variables=variables)
    fallen = set(re.findall(r"✗ P\d  elite-adventures-cognito-(\d+)", run.output))
    assert fallen >= {"04", "05", "08"}, run.output
    left = {str(it): it.read_text(errors="replace") for it in tmp_path.rglob("*") if it.is_file()}
    told = left | {"the terminal": run.output}
    assert any("save_evidence" in it for it in left)
    for word in (*NAMES, "persons.example", TELEPHONE):
        assert [it for it in told if word in told[it]] == [], word


class Refusing:
    """A client of Cognito that names the user in what it says of a refusal."""

    meta: Any

    def __init__(self, client: Any) -> None:
        self._client, self.meta = client, client.meta

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def admin_get_user(self, Username: str, **_: Any) -> None:  # noqa: N803  # as botocore calls it
        told = {"Code": "AccessDeniedException", "Message": f"nobody may read {Username}"}
        raise ClientError({"Error": told}, "AdminGetUser")


def test_no_error_tells_who_a_user_is(server: MotoServer) -> None:
    def client(service: str, region: str) -> Refusing:
        return Refusing(session().client(service, region_name=region, endpoint_url=server.endpoint))

    aws = Aws(client, ACCOUNT, REGION, Answers(), calls=None)
    read = PoolUsers.from_aws(aws, POOL, question=OfUsers(group="Admin"))
    with pytest.raises(ReadError) as refused:
        bool(read.without_token)
    told = f"{refused.value} {refused.value.advice} {refused.value.cause} {read!r}"
    assert refused.value.denied == "cognito-idp:AdminGetUser"
    assert len(read.without_verified_email) == len(NAMES)
    assert not any(word in told for word in (*NAMES, "persons.example", TELEPHONE))
