"""Secrets in everything that a live run touches, and something wrong beside each for reports to speak of."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from selftest.applied.environment import Applied

TABLE, BUCKET, TEMPLATE = "bbws-tenants-dev", "bbws-templates-dev", "billing/invoice.html"
ROLE = "AWSBackupDefaultServiceRole"

SECRETS = {
    "a tag of a table": "planted-in-a-tag-of-a-table",
    "a tag of a bucket": "planted-in-a-tag-of-a-bucket",
    "an object": "planted-in-an-object",
    "a bucket policy": "planted-in-a-bucket-policy",
    "a trust condition": "planted-in-a-trust-condition",
    "a tag of a role": "planted-in-a-tag-of-a-role",
    "the secret key": "planted-in-the-secret-key",
    "the session token": "planted-in-the-session-token",
}
"""What must be seen nowhere, by where it is planted."""

OWNER, WRONG_OWNER = "Tebogo", "planted-wrong-owner"
"""The values of a tag that is compared: as the stack has it, and as a report must show it."""

IN_USE = {
    "AWS_SECRET_ACCESS_KEY": SECRETS["the secret key"],
    "AWS_SESSION_TOKEN": SECRETS["the session token"],
}


@contextmanager
def planted(account: Applied, owner: str) -> Iterator[None]:
    """Plant the secrets in the account beside this owner, and take them out again."""
    dynamodb, s3, iam = (account.client(service) for service in ("dynamodb", "s3", "iam"))
    table = dynamodb.describe_table(TableName=TABLE)["Table"]["TableArn"]
    tags = s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]
    body = s3.get_object(Bucket=BUCKET, Key=TEMPLATE)["Body"].read()
    trust = iam.get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]
    owned = {"Key": "Owner", "Value": owner}

    account.tag_table(table, secret_tag("a tag of a table"), owned)
    others = [tag for tag in tags if tag["Key"] != "Owner"]
    tag_bucket(s3, [*others, secret_tag("a tag of a bucket"), owned])
    s3.put_object(Bucket=BUCKET, Key=TEMPLATE, Body=SECRETS["an object"].encode(), ContentType="text/plain")
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy()))
    iam.tag_role(RoleName=ROLE, Tags=[secret_tag("a tag of a role")])
    iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=json.dumps(conditional(trust)))
    try:
        yield
    finally:
        dynamodb.untag_resource(ResourceArn=table, TagKeys=["ApiKey"])
        account.tag_table(table, *(tag for tag in tags if tag["Key"] == "Owner"))
        tag_bucket(s3, tags)
        s3.put_object(Bucket=BUCKET, Key=TEMPLATE, Body=body, ContentType="text/html")
        s3.delete_bucket_policy(Bucket=BUCKET)
        iam.untag_role(RoleName=ROLE, TagKeys=["ApiKey"])
        iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=json.dumps(trust))


def secret_tag(place: str) -> dict[str, str]:
    """A tag that holds a secret."""
    return {"Key": "ApiKey", "Value": SECRETS[place]}


def tag_bucket(s3: Any, tags: list[dict[str, str]]) -> None:
    """Give the bucket these tags and no others."""
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": tags})


def policy() -> Mapping[str, Any]:
    """A bucket policy that opens the bucket to whoever knows a secret."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/*",
        "Condition": {"StringEquals": {"aws:UserAgent": SECRETS["a bucket policy"]}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def conditional(trust: Mapping[str, Any]) -> Mapping[str, Any]:
    """The trust policy for another service, for whoever knows a secret."""
    condition = {"StringEquals": {"sts:ExternalId": SECRETS["a trust condition"]}}
    statements = [
        {**statement, "Principal": {"Service": "ec2.amazonaws.com"}, "Condition": condition}
        for statement in trust["Statement"]
    ]
    return {**trust, "Statement": statements}
