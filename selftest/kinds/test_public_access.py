"""The public access block of an account: whose it is, and where it is asked for."""

import json
from pathlib import Path
from typing import Any

import pytest

from plumbline.aws.session import ask_the_address_itself
from plumbline.kinds.public_access import AccountPublicAccess
from selftest.recorded.kept import file, opened
from selftest.stacks.bbws import BBWS

ACCOUNT = BBWS.accounts["dev"]
OF_THE_ACCOUNT = "aws_s3_account_public_access_block.account"


def test_what_names_no_account_in_a_plan_is_about_the_callers(tmp_path: Path) -> None:
    plan = json.loads(file(BBWS, "dev", "s3", "plan").read_text())
    [change] = [it["change"] for it in plan["resource_changes"] if it["address"] == OF_THE_ACCOUNT]
    [planned] = [
        it for it in plan["planned_values"]["root_module"]["resources"] if it["address"] == OF_THE_ACCOUNT
    ]
    [written] = [
        it for it in plan["configuration"]["root_module"]["resources"] if it["address"] == OF_THE_ACCOUNT
    ]
    del change["after"]["account_id"], planned["values"]["account_id"], written["expressions"]["account_id"]
    change["after_unknown"]["account_id"] = True
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    [configuration] = opened(BBWS, "dev", "plan", [tmp_path / "plan.json"]).values()
    assert AccountPublicAccess.find(configuration, ACCOUNT, "here").public_access_block.block_public_acls


@pytest.mark.parametrize(
    ("asked", "instead"),
    [
        (f"http://{ACCOUNT}.127.0.0.1:5000/v20180820/x", "http://127.0.0.1:5000/v20180820/x"),
        (f"http://{ACCOUNT}.localhost:4566/v20180820/x", "http://localhost:4566/v20180820/x"),
        (f"https://{ACCOUNT}.s3-control.af-south-1.amazonaws.com/v20180820/x", None),
        (f"https://{ACCOUNT}.localhost.example.com/v20180820/x", None),
        (f"https://{ACCOUNT}.vpce-1.s3-control.af-south-1.vpce.amazonaws.com/v20180820/x", None),
        ("http://127.0.0.1:5000/v20180820/x", None),
    ],
)
def test_only_a_server_without_names_is_asked_itself(asked: str, instead: str | None) -> None:
    request: dict[str, Any] = {"url": asked}
    ask_the_address_itself(request)
    assert request["url"] == (instead or asked)
