"""Policies as people write them, of buckets and of roles that a token of GitHub assumes."""

from __future__ import annotations

import json

ISSUER = "token.actions.githubusercontent.com"


def denying(bucket: str, **stated: object) -> str:
    """Return the policy that denies plain HTTP to a bucket and its objects, with other things stated."""
    whole = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return policy({**whole, **stated})


def letting_in(log_bucket: str, source: str) -> str:
    """Return the policy of a log bucket that lets logs of a bucket, or of buckets called so, in."""
    return policy(
        {
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{log_bucket}/*",
            "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{source}"}},
        }
    )


def trust(account: str, **conditions: dict[str, object]) -> str:
    """Return a trust policy under these conditions: operator, and values by claim of the token."""
    named = {
        operator.replace("_", ":"): {f"{ISSUER}:{claim}": value for claim, value in claims.items()}
        for operator, claims in conditions.items()
    }
    return policy(
        {
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{ISSUER}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": named,
        }
    )


def policy(*statements: dict[str, object]) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
