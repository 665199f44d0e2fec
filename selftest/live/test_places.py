"""Every service is asked where the account is, and S3 is asked whose a bucket is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plumbline.aws.guard import GuardError
from plumbline.aws.places import apart, is_of_aws, refuse_other_places
from plumbline.aws.reads import Answers, Aws
from plumbline.kinds.registry import operations
from selftest.applied.server import MotoServer, moto_server, session
from selftest.front_door import SuiteRun, run_suite, variables_of_server
from selftest.input.test_outputs import STACK, write
from selftest.input.tree import Tree, assert_refused, copy_suite
from selftest.live.endpoint import Answer, Request, endpoint, refused

ACCOUNT, REGION = "210987654321", "eu-west-1"
BUCKET = "lake-raw"
ELSEWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A stack of one bucket."""
    tree = copy_suite(tmp_path_factory.mktemp("lake"))
    write(tree, "")
    tree.edit(STACK, "output: raw_bucket", f"name: {BUCKET}")
    return tree


@pytest.fixture(scope="module")
def server() -> Iterator[MotoServer]:
    """An account that has it, with versions."""
    with moto_server(ACCOUNT) as account:
        s3 = session().client("s3", region_name=REGION, endpoint_url=account.endpoint)
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield account


def live(lake: Tree, address: str, *arguments: str, **variables: str) -> SuiteRun:
    given = variables_of_server(address) | {"PATH": "/usr/bin:/bin"} | variables
    return run_suite("--stack=lake", "--env=dev", "--live", *arguments, variables=given, tree=lake.path)


@pytest.mark.parametrize(
    ("service", "variable"),
    [
        ("s3", "AWS_ENDPOINT_URL_S3"),
        ("dynamodb", "AWS_ENDPOINT_URL_DYNAMODB"),
        ("cloudwatch", "AWS_ENDPOINT_URL_CLOUDWATCH"),
        ("logs", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"),
        ("events", "AWS_ENDPOINT_URL_EVENTBRIDGE"),
        ("config", "AWS_ENDPOINT_URL_CONFIG_SERVICE"),
        ("s3control", "AWS_ENDPOINT_URL_S3_CONTROL"),
    ],
)
def test_a_service_that_lies_elsewhere_is_refused(
    lake: Tree, server: MotoServer, service: str, variable: str
) -> None:
    run = live(lake, server.endpoint, **{variable: ELSEWHERE})
    assert_refused(
        run,
        f"{service} is asked at {ELSEWHERE}, and whose account it is at {server.endpoint}",
        f"Nothing was read. Unset {variable}",
        f"--endpoint {service}=URL",
    )


def test_so_is_one_that_the_configuration_puts_elsewhere(
    lake: Tree, server: MotoServer, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(
        f"[default]\nservices = mine\n[services mine]\ns3 =\n  endpoint_url = {ELSEWHERE}\n"
    )
    variables = {"AWS_CONFIG_FILE": str(tmp_path / "config")}
    with_sts = variables_of_server(server.endpoint)
    del with_sts["AWS_ENDPOINT_URL"]
    given = {**with_sts, **variables, "AWS_ENDPOINT_URL_STS": server.endpoint, "PATH": "/usr/bin:/bin"}
    run = run_suite("--stack=lake", "--env=dev", "--live", variables=given, tree=lake.path)
    assert_refused(run, f"s3 is asked at {ELSEWHERE}", "~/.aws/config")


def test_one_that_is_named_may_lie_elsewhere_and_the_header_says_so(lake: Tree, server: MotoServer) -> None:
    with endpoint(server.endpoint) as other:
        run = live(lake, server.endpoint, f"--endpoint=s3={other.url}", AWS_ENDPOINT_URL_S3=ELSEWHERE)
        assert other.requests
    assert run.exit_code == 0, run.output
    assert f"asked at {server.endpoint}, s3 at {other.url}" in run.printed


def clients(**of: str) -> Callable[[str, str], Any]:
    """Return clients of services, those named at another address, the others where botocore has them."""
    made = session()
    return lambda service, region: made.client(service, region_name=region, endpoint_url=of.get(service))


SERVICES = sorted({it.partition(":")[0] for it in operations(writes=True)})
OWN = {
    "s3": "https://bucket.vpce-0a1b2c3d-4e5f.s3.eu-west-1.vpce.amazonaws.com",
    "dynamodb": "https://vpce-0a1b2c3d-4e5f-eu-west-1a.dynamodb.eu-west-1.vpce.amazonaws.com",
    "logs": "https://logs-fips.eu-west-1.amazonaws.com/",
    "sns": "https://sns.eu-west-1.api.aws:443",
    "backup": "https://backup.eu-west-1.amazonaws.com",
}
"""Addresses that are AWS's own for each of these, as somebody may say it."""
OF_ANYBODY = [
    "https://ec2-203-0-113-25.compute-1.amazonaws.com",
    "https://ec2-203-0-113-25.eu-west-1.compute.amazonaws.com",
    "https://abc.execute-api.eu-west-1.amazonaws.com",
    "https://mine-0123.elb.eu-west-1.amazonaws.com",
    "https://abc.lambda-url.eu-west-1.on.aws",
    "https://mine.s3.eu-west-1.amazonaws.com",
    "https://vpce-0a1b.vpce-svc-0a1b.eu-west-1.vpce.amazonaws.com",
    "https://dynamodb.us-east-1.amazonaws.com",
    "https://dynamodb.cn-north-1.amazonaws.com.cn",
    "http://dynamodb.eu-west-1.amazonaws.com",
    "https://dynamodb.eu-west-1.amazonaws.com:8443",
    "https://dynamodb.eu-west-1.amazonaws.com.evil.example",
    "https://evildynamodb.eu-west-1.amazonaws.com",
]
"""Addresses that look like AWS's, and are not DynamoDB's in Ireland."""


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1", "af-south-1", "cn-north-1", "us-gov-west-1"])
def test_every_service_is_aws_where_nothing_else_is_said(region: str) -> None:
    made = clients()
    assert [it for it in SERVICES if not is_of_aws(made(it, region))] == []
    refuse_other_places(made, SERVICES, region, {})


def test_so_it_is_at_another_address_of_its_own() -> None:
    refuse_other_places(clients(**OWN), [*OWN, "sts"], REGION, {})


def test_the_way_through_a_vpc_is_told_of_each_service() -> None:
    assert apart(clients(**OWN), [*OWN, "sts"], REGION, []) == {it: OWN[it] for it in ("dynamodb", "s3")}
    assert apart(clients(**OWN), OWN, REGION, ["s3"]) == {"dynamodb": OWN["dynamodb"]}
    assert apart(clients(), SERVICES, REGION, []) == {}
    through = {"sts": "https://vpce-0a1b2c3d-4e5f.sts.eu-west-1.vpce.amazonaws.com"}
    account = Aws(clients(**through), ACCOUNT, REGION, Answers(), None)
    assert account.endpoint == through["sts"]
    assert Aws(clients(), ACCOUNT, REGION, Answers(), None).endpoint == ""


@pytest.mark.parametrize("address", OF_ANYBODY)
def test_a_host_of_anybody_below_amazonaws_com_is_elsewhere(address: str) -> None:
    with pytest.raises(GuardError, match=r"dynamodb is asked at .* and whose account it is at AWS"):
        refuse_other_places(clients(dynamodb=address), ["dynamodb", "s3"], REGION, {})
    with pytest.raises(GuardError, match=r"s3 is asked at .* and whose account it is at "):
        refuse_other_places(clients(sts=address), ["s3"], REGION, {})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("s3contrl=http://x", "unknown service in --endpoint 's3contrl' (did you mean s3control?)"),
        ("s3", "--endpoint s3: write SERVICE=URL"),
        ("s3=localhost", "--endpoint s3=localhost: write SERVICE=URL"),
    ],
)
def test_what_is_no_place_is_refused(lake: Tree, server: MotoServer, given: str, said: str) -> None:
    assert_refused(live(lake, server.endpoint, f"--endpoint={given}"), said)


def test_s3_is_asked_for_buckets_of_the_account_alone(lake: Tree, server: MotoServer) -> None:
    with endpoint(server.endpoint) as stands:
        assert live(lake, stands.url).exit_code == 0
        of_buckets = [it for it in stands.requests if BUCKET in it.target]
    assert of_buckets
    assert all(it.headers.get("x-amz-expected-bucket-owner") == ACCOUNT for it in of_buckets)


def test_a_bucket_of_somebody_else_is_an_error(lake: Tree, server: MotoServer) -> None:
    def of_somebody_else(request: Request) -> Answer | None:
        return refused(403, "AccessDenied") if request.headers.get("x-amz-expected-bucket-owner") else None

    with endpoint(server.endpoint, of_somebody_else) as stands:
        run = live(lake, stands.url)
    assert {it.verdict for it in run.outcomes.values()} == {"error"}
    assert (
        "denied: s3:ListBucket on arn:aws:s3:::lake-raw: the bucket may belong to another account"
        in run.output
    )
