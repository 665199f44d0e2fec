"""What is typed for a bucket without tags gives it all that Terraform gives it, the part of the stack too.

Which part that is a sentence says of the templates alone: that one is green is no proof of the others.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from selftest.mutations.edits import call
from selftest.mutations.repaired import Shell, advised, served
from selftest.mutations.worlds import Account, reached, suite
from selftest.stacks.proven import STACKS

BBWS = next(it for it in STACKS if it.name == "bbws")
TAGGED = {
    "templates": ("dev", "bbws-templates-dev", "s3"),
    "terraform-state": ("dev", "bbws-terraform-state-dev", "terraform-state"),
    "audit": ("dev", "bbws-audit-dev", "monitoring"),
}


@pytest.mark.parametrize("key", TAGGED)
def test_a_bucket_is_tagged_as_terraform_tags_it(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment, _, _ = TAGGED[key]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOTO_ACCOUNT_ID", str(BBWS.stack.environments[environment].account))
    with reached():
        _is_tagged_again(key, tmp_path)


def _is_tagged_again(key: str, folder: Path) -> None:
    environment, bucket, part = TAGGED[key]
    subject = BBWS.stack.subjects(environment)[key]
    account = Account(BBWS, environment)
    made = account.as_asked().read(subject).tags
    assert made["Component"] == part
    account.change([call("s3:DeleteBucketTagging", Bucket=bucket)])
    (line,) = advised(suite(BBWS, environment, "moto"), "bbws-s3-11", account.as_asked(), BBWS)
    with served() as endpoint:
        assert not Shell(folder, endpoint).type(line)
    assert account.as_asked().read(subject).tags == made
