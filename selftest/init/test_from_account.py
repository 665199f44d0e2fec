"""An account: what it lists by prefix or tag, under the guard of a live run."""

import json
import os
import re
from collections.abc import Iterator

import pytest

from plumbline.kinds.inventory import OfWhat
from selftest.applied.environment import Applied
from selftest.applied.fixtures import applied as applied
from selftest.applied.server import MotoServer, moto_server, session
from selftest.front_door import variables_of_server
from selftest.init.repository import FOLDER, Repository, init

ACCOUNT = "123456789012"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    ],
}
WHERE = ("--live", "--env", "test", "--region", "eu-west-1", "--account", ACCOUNT)


@pytest.fixture
def account() -> Iterator[MotoServer]:
    """An account with two tables, one of them with a tag, a bucket, and somebody else's table."""
    with moto_server(ACCOUNT) as server:
        made = {"region_name": "eu-west-1", "endpoint_url": server.endpoint}
        tagged = [{"Key": "app", "Value": "shop"}]
        for name, tags in (("shop-orders", tagged), ("shop-carts", []), ("other", [])):
            session().client("dynamodb", **made).create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                Tags=tags,
            )
        session().client("s3", **made).create_bucket(
            Bucket="shop-invoices", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        yield server


def test_what_an_account_lists_is_begun_and_held(repository: Repository, account: MotoServer) -> None:
    variables = dict(os.environ) | variables_of_server(account.endpoint)
    ended = init(repository.folder, "shop", *WHERE, "--prefix", "shop-", variables=variables)
    assert ended.code == 0, ended.complained
    named = {it.name for it in repository.stack("shop").subjects("test").values()}
    assert {"shop-orders", "shop-carts", "shop-invoices"} <= named
    assert "other" not in named
    assert "prevent_destroy" not in repository.text("stacks", "shop")
    left_out = r"access analyzers, [\w ,]+ and \d+ more: nothing lists such in an account"
    assert re.search(left_out, ended.printed), ended.printed
    held = repository.run("--env=test", "--live", variables=variables)
    assert held.exit_code == 0, held.output
    database = session().client("dynamodb", region_name="eu-west-1", endpoint_url=account.endpoint)
    database.delete_table(TableName="shop-carts")
    broken = repository.run("--env=test", "--live", variables=variables)
    fallen = {repository.runbook("shop").invariants[it].test for it in broken.invariants("failed")}
    assert fallen == {"dynamodb.exists"}
    tagged = init(repository.folder, "tagged", *WHERE, "--tag", "app=shop", variables=variables)
    assert tagged.code == 0, tagged.complained
    named = {it.name for it in repository.stack("tagged").subjects("test").values()}
    assert named == {"shop-orders", "tables of test"}


def test_environments_of_one_account_are_told_apart_by_their_prefixes(
    repository: Repository, account: MotoServer
) -> None:
    made = {"region_name": "eu-west-1", "endpoint_url": account.endpoint}
    for env in ("dev", "prod"):
        session().client("iam", **made).create_role(
            RoleName=f"app-{env}-run",
            AssumeRolePolicyDocument=json.dumps(TRUST),
        )
        session().client("logs", **made).create_log_group(logGroupName=f"app-{env}-all")
    variables = dict(os.environ) | variables_of_server(account.endpoint)
    where = ("--live", "--env", "dev", "--env", "prod", *WHERE[3:])
    ended = init(repository.folder, "app", *where, "--prefix", "app-{env}-", variables=variables)
    assert ended.code == 0, ended.complained
    assert '{name: "app-{env}-all"}' in repository.text("stacks", "app")
    named = {it.name for it in repository.stack("app").subjects("dev").values()}
    assert {"app-dev-all", "app-dev-run", "app-dev-*"} <= named
    held = repository.run("--live", variables=variables)
    assert held.exit_code == 0, held.output


def test_the_account_of_another_is_not_read(repository: Repository, account: MotoServer) -> None:
    variables = dict(os.environ) | variables_of_server(account.endpoint)
    foreign = [*WHERE[:-1], "210987654321"]
    ended = init(repository.folder, "shop", *foreign, "--prefix", "shop-", variables=variables)
    assert ended.code == 2
    assert f"the credentials in use belong to account {ACCOUNT}" in ended.complained
    assert not (repository.folder / FOLDER).exists()


@pytest.mark.heavy
def test_an_applied_environment_is_green_at_once(applied: Applied, repository: Repository) -> None:
    where = ("--live", "--env", applied.environment, "--region", applied.region)
    subjects = applied.proven.stack.subjects(applied.environment).values()
    lists = [it.question for it in subjects if isinstance(it.question, OfWhat)]
    prefixes = sorted({prefix for it in lists for prefix in it.prefixes})
    whose = ("--account", applied.account, *(word for it in prefixes for word in ("--prefix", it)))
    begun = init(repository.folder, "portal", *where, *whose, variables=applied.variables)
    assert begun.code == 0, begun.complained
    run = repository.run(f"--env={applied.environment}", "--live", variables=applied.variables)
    assert run.exit_code == 0, run.output
    assert len(run.those("passed")) > len(subjects) / 2
    assert "undetermined" not in run.verdict
