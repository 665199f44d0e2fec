"""S3 calls a policy public or not as its user guide says, "The meaning of public", with its own examples."""

from typing import Any

import pytest
from moto.s3.utils import bucket_policy_is_public

from plumbline.policy import Policy, is_public
from plumbline.values.unknown import Undetermined

EVERYBODY: dict[str, Any] = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}


def granting(**more: Any) -> Policy:
    """A policy of one grant to everybody, with elements replaced or added."""
    statement = {name: value for name, value in (EVERYBODY | more).items() if value is not None}
    return Policy.read({"Statement": statement}, "here")


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    """A condition of a grant."""
    return {"Condition": {operator: {key: list(values)}}}


PUBLIC = {
    "everybody": {},
    "everybody of AWS": {"Principal": {"AWS": "*"}},
    "one of them everybody": {"Principal": {"AWS": ["111122223333", "*"]}},
    "all but one": {"Principal": None, "NotPrincipal": {"AWS": "111122223333"}},
    "any role of an account": {"Principal": {"AWS": "arn:aws:iam::111122223333:role/*"}},
    "any of the endpoints": when("StringLike", "aws:SourceVpc", "vpc-*"),
    "one of them any": when("StringLike", "aws:SourceVpce", "vpce-1", "vpce-*"),
    "but for an endpoint": when("StringNotEquals", "aws:SourceVpce", "vpce-1"),
    "over TLS": when("Bool", "aws:SecureTransport", "true"),
    "whoever says so": when("StringLike", "aws:Referer", "https://example.com/*"),
    "half the world": when("IpAddress", "aws:SourceIp", "0.0.0.0/1"),
    "much of IPv6": when("IpAddress", "aws:SourceIp", "2000::/16"),
    "by a variable": when("StringEquals", "aws:userid", "${aws:userid}"),
    "access points of any account": when(
        "ArnLike", "s3:DataAccessPointArn", "arn:aws:s3:eu-west-1:*:accesspoint/x"
    ),
}
CLOSED = {
    "a role": {"Principal": {"AWS": "arn:aws:iam::111122223333:role/JohnDoe"}},
    "a service": {"Principal": {"Service": "cloudtrail.amazonaws.com"}},
    "a VPC": when("StringEquals", "aws:SourceVpc", "vpc-91237329"),
    "a VPC, in any case": when("StringEquals", "AWS:sourcevpc", "vpc-91237329"),
    "a range": when("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
    "all private addresses of a class": when("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
    "an organisation": when("StringEquals", "aws:PrincipalOrgID", "o-1"),
    "a distribution": when(
        "StringEquals", "aws:SourceArn", "arn:aws:cloudfront::111122223333:distribution/E1"
    ),
    "access points of an account": when(
        "ArnLike", "s3:DataAccessPointArn", "arn:aws:s3:eu-west-1:1:accesspoint/*"
    ),
    "nobody": {"Effect": "Deny"},
    "a VPC over TLS": {
        "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}, "Bool": {"aws:SecureTransport": "true"}}
    },
}
UNTOLD = {
    "where a key is there": when("StringEqualsIfExists", "aws:SourceVpc", "vpc-1"),
    "of a set": when("ForAllValues:StringEquals", "aws:SourceVpc", "vpc-1"),
    "a key of which the guide is silent": when("StringEquals", "aws:PrincipalOrgPaths", "o-1/r-1/"),
    "to nobody": {"Principal": None},
}


@pytest.mark.parametrize("grant", PUBLIC)
def test_a_grant_that_fixes_nobody_is_public(grant: str) -> None:
    assert is_public(granting(**PUBLIC[grant]))


@pytest.mark.parametrize("grant", CLOSED)
def test_a_grant_to_what_is_fixed_is_not(grant: str) -> None:
    assert not is_public(granting(**CLOSED[grant]))


@pytest.mark.parametrize("grant", UNTOLD)
def test_what_the_guide_does_not_tell_is_undetermined(grant: str) -> None:
    with pytest.raises(Undetermined):
        is_public(granting(**UNTOLD[grant]))


def test_one_public_grant_is_enough_whatever_is_untold_beside_it() -> None:
    statements = [EVERYBODY, EVERYBODY | UNTOLD["of a set"], {**EVERYBODY, "Effect": "Deny"}]
    assert is_public(Policy.read({"Statement": statements}, "here"))


@pytest.mark.parametrize("grant", ["everybody", "everybody of AWS", "one of them everybody"])
def test_moto_says_so_too_where_there_is_no_condition(grant: str) -> None:
    assert bucket_policy_is_public(granting(**PUBLIC[grant]).as_json())
