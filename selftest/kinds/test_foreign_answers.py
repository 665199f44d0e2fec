"""Whatever comes back to any call that a kind makes and is not AWS's answer to it is an error of that call.

No body is an answer where the operation has none: HEAD, and what answers in headers alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from botocore.parsers import BaseXMLResponseParser, ResponseParserFactory

from plumbline.aws.operations import operation_model
from plumbline.aws.pages import MOST_EMPTY
from plumbline.aws.reads import FOREIGN, INCOMPLETE, Refusal
from plumbline.aws.typed_xml import miswritten
from plumbline.kinds.registry import operations
from plumbline.values.unknown import ReadError
from selftest.kinds.stub import Sent, account, text

XHTML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Sign in</title></head><body/></html>'
)
PROXY = "<html>Acc\xe8s refus\xe9 par le proxy</html>".encode("latin-1")
BODIES = {
    "nothing": b"",
    "blanks": b" \n",
    "a page": b"<!DOCTYPE html><title>Sign in</title>",
    "a page in XHTML": XHTML.encode(),
    "a page in ISO-8859-1": PROXY,
    "foreign XML": b"<Other/>",
    "foreign JSON": b'{"error": "denied by policy"}',
    "an empty object": b"{}",
    "a list": b"[]",
    "a text": b'"OK"',
    "a number": b"1",
    "null": b"null",
    "JSON that is cut off": b'{"Table": {"TableNa',
    "XML that is cut off": b"<Accoun",
    "binary": bytes(range(256)),
    "UTF-16": '{"TableNames": []}'.encode("utf-16"),
    "an encoding that there is not": b'<?xml version="1.0" encoding="klingon"?><a/>',
}


def required(shape: Any) -> Any:
    """The least value that a shape takes."""
    match shape.type_name:
        case "structure":
            return {name: required(shape.members[name]) for name in shape.required_members}
        case "list":
            return [required(shape.member)]
        case "map":
            return {}
        case "integer" | "long":
            return 1
        case "double" | "float":
            return 1.0
        case "timestamp":
            return 0
        case "boolean":
            return True
    return (shape.enum or ["x" * max(3, shape.metadata.get("min", 1))])[0]


def asked(operation: str) -> tuple[str, dict[str, Any]]:
    """An operation and what it takes at least."""
    model = operation_model(operation)
    assert model is not None
    return operation, required(model.input_shape) if model.input_shape else {}


def without_body(operation: str) -> bool:
    """Whether the operation answers in headers alone, or with an object's content."""
    model = operation_model(operation)
    assert model is not None
    return model.http["method"] == "HEAD" or bool(model.has_streaming_output)


def came(sent: Sent, operation: str) -> Any:
    """What a call ends in to which this is sent."""
    return account({operation.partition(":")[2]: sent})._call(*asked(operation), None)


READS = sorted(it for it in operations() if not without_body(it))

LOCATION = "<LocationConstraint>%s</LocationConstraint>"
OF_ANOTHER_TYPE: dict[str, list[Any]] = {
    "structure": [[], "x", 7, True],
    "map": [[], "x", 7, True],
    "list": [{}, "x", 7, [None]],
    "string": [7, [], {}, True],
    "blob": [7, [], {}, True],
    "boolean": ["true", 1, [], {}],
    "integer": ["7", [], {}, True],
    "long": ["7", [], {}, True],
    "float": ["many", [], {}, True],
    "double": ["many", [], {}, True],
    "timestamp": [[], {}, True],
}


def answers_in_json(operation: str) -> dict[str, Any]:
    """The members of an operation's answer, by their keys in JSON; none where it answers in XML."""
    model = operation_model(operation)
    assert model is not None
    if model.service_model.resolved_protocol not in ("json", "rest-json") or model.output_shape is None:
        return {}
    shape = model.output_shape
    whole = shape.members[shape.serialization["payload"]] if "payload" in shape.serialization else shape
    if whole.type_name != "structure":
        return {}
    there = {name: it for name, it in whole.members.items() if "location" not in it.serialization}
    return {it.serialization.get("name", name): it for name, it in there.items()}


OF_FAILURES = ("nothing", "a page in XHTML", "a page in ISO-8859-1", "foreign XML", "foreign JSON")
MET = [(200, body) for body in BODIES] + [(status, body) for status in (403, 502) for body in OF_FAILURES]


@pytest.mark.parametrize(("status", "body"), MET)
def test_what_is_not_aws_s_answer_is_an_error_of_its_call(status: int, body: str) -> None:
    aws = account({"*": text(BODIES[body], status)})
    of_its_own = {FOREIGN, INCOMPLETE, "500", "502"} | ({"403"} if body == "nothing" else set())
    """500: botocore takes what S3 answers in no form of its own for a failure, and tries again."""
    for operation in READS:
        refusal = aws._call(*asked(operation), None)
        assert isinstance(refusal, Refusal), (operation, refusal)
        assert refusal.code in of_its_own, (operation, refusal)


@pytest.mark.parametrize("operation", [it for it in READS if answers_in_json(it)])
def test_what_is_of_another_type_than_the_operation_s_is_an_error_of_its_call(operation: str) -> None:
    for key, member in answers_in_json(operation).items():
        for wrong in OF_ANOTHER_TYPE[member.type_name]:
            refusal = came(text(json.dumps({key: wrong})), operation)
            assert isinstance(refusal, Refusal), (key, wrong, refusal)
            assert refusal.code == FOREIGN, (key, wrong, refusal)
            assert f"{key}{'[0]' if wrong == [None] else ''} of another type" in refusal.message


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("dynamodb:ListTables", '{"TableNames": ["a"], "LastEvaluatedTableName": null}'),
        ("backup:ListBackupPlans", '{"BackupPlansList": [{"CreationDate": "2026-01-01T00:00:00Z"}]}'),
        ("backup:ListBackupPlans", '{"BackupPlansList": [{"CreationDate": 1.7E9, "MayBeNew": {}}]}'),
        ("lambda:GetFunctionConfiguration", '{"FunctionArn": "a", "Timeout": 3, "DeadLetterConfig": null}'),
    ],
    ids=["null", "a time as text", "a time as a number, and what is new", "null beside numbers"],
)
def test_what_is_of_the_operation_s_types_is_read(operation: str, body: str) -> None:
    assert not isinstance(came(text(body), operation), Refusal)


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("dynamodb:ListTables", '{"TableNames": ["a"], "TableNames": []}'),
        ("dynamodb:ListTables", '{"TableNames": [], "ResultSize": NaN}'),
        ("s3:GetBucketLocation", '<!DOCTYPE a [<!ENTITY x "EU">]>' + LOCATION % "&x;"),
        ("s3:GetBucketLocation", (LOCATION % "EU").encode("utf-16")),
    ],
    ids=["a key twice", "no number", "an entity", "UTF-16"],
)
def test_what_aws_never_writes_is_an_error_of_its_call(operation: str, body: str | bytes) -> None:
    refusal = came(text(body), operation)
    assert isinstance(refusal, Refusal)
    assert refusal.code == FOREIGN


@pytest.mark.parametrize(
    ("operation", "asked_for", "body"),
    [
        ("dynamodb:DescribeTable", {"TableName": "orders"}, '{"Table": {"TableName": "%s"}}'),
        (
            "lambda:GetFunctionConfiguration",
            {"FunctionName": "orders"},
            '{"FunctionName": "%s", "FunctionArn": "a"}',
        ),
        (
            "iam:GetRole",
            {"RoleName": "orders"},
            "<GetRoleResponse><GetRoleResult><Role><RoleName>%s</RoleName></Role></GetRoleResult></GetRoleResponse>",
        ),
    ],
    ids=["a table", "a function", "a role"],
)
def test_an_answer_about_something_else_than_was_asked_is_an_error_of_its_call(
    operation: str, asked_for: dict[str, str], body: str
) -> None:
    named = [account({"*": text(body % it)})._call(operation, asked_for, None) for it in ("orders", "carts")]
    assert [isinstance(it, Refusal) for it in named] == [False, True]
    assert named[1].message.endswith("Name carts")


def test_a_refusal_of_a_proxy_is_not_told_as_one_of_aws() -> None:
    with pytest.raises(ReadError, match="was answered by something else than AWS") as told:
        _ = account({"ListTables": text(PROXY, 403)}).read("dynamodb:ListTables", of="tables").answer
    assert "proxy" in told.value.advice
    assert "Allow" not in told.value.advice


@pytest.mark.parametrize(
    ("operation", "sent", "code"),
    [
        ("dynamodb:ListTables", text('{"__type": "x#AccessDeniedException"}', 400), "AccessDeniedException"),
        (
            "backup:ListBackupPlans",
            text("{}", 403, x_amzn_errortype="ForbiddenException:"),
            "ForbiddenException",
        ),
        ("s3:GetBucketAcl", text("<Error><Code>AccessDenied</Code></Error>", 403), "AccessDenied"),
        (
            "iam:GetRole",
            text("<ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>", 404),
            "NoSuchEntity",
        ),
        (
            "ec2:DescribeVpcEndpoints",
            text("<Response><Errors><Error><Code>Blocked</Code></Error></Errors></Response>", 403),
            "Blocked",
        ),
    ],
)
def test_a_refusal_of_aws_keeps_its_code(operation: str, sent: Sent, code: str) -> None:
    assert came(sent, operation).code == code


def test_no_body_is_an_answer_where_the_operation_has_none() -> None:
    assert not isinstance(came(text(b"", x_amz_request_id="1"), "s3:HeadBucket"), Refusal)


@pytest.mark.parametrize(
    ("operation", "status"),
    [(it, status) for it in ("s3:HeadBucket", "s3:HeadObject") for status in (200, 404)]
    + [("s3:GetObject", 200)],
)
def test_what_says_all_by_its_headers_has_those_of_aws(operation: str, status: int) -> None:
    assert came(text(b"", status), operation).code == FOREIGN
    answer = came(text(b"", status, x_amz_request_id="1"), operation)
    assert not isinstance(answer, Refusal) or answer.code == "404"


def test_a_later_page_without_its_list_is_no_end_of_it() -> None:
    pages = iter(['{"TableNames": ["a"], "LastEvaluatedTableName": "aaa"}', "{}"])
    refusal = came(lambda _: (200, {}, next(pages).encode()), "dynamodb:ListTables")
    assert (refusal.code, refusal.message) == (
        INCOMPLETE,
        "AWS's answer to dynamodb:ListTables has no TableNames on page 2",
    )


def endless(entries: bool) -> Iterator[bytes]:
    """Pages without end: with a table on each, or with none."""
    number = 0
    while True:
        number += 1
        names = [f"table-{number}"] if entries else []
        yield json.dumps({"TableNames": names, "LastEvaluatedTableName": f"table-{number}"}).encode()


@pytest.mark.parametrize("entries", [False, True], ids=["empty", "with entries"])
def test_a_list_that_never_ends_ends_with_a_message(monkeypatch: pytest.MonkeyPatch, entries: bool) -> None:
    monkeypatch.setattr("plumbline.aws.pages.MOST_PAGES", MOST_EMPTY + 100)
    pages = endless(entries)
    refusal = came(lambda _: (200, {}, next(pages)), "dynamodb:ListTables")
    assert "AWS's answer to dynamodb:ListTables does not end" in refusal.message


def test_pages_with_nothing_in_them_are_read_on_over() -> None:
    pages = endless(entries=False)
    sent = [next(pages) for _ in range(MOST_EMPTY - 1)] + [b'{"TableNames": ["last"]}']
    answer = came(lambda _: (200, {}, sent.pop(0)), "dynamodb:ListTables")
    assert answer["TableNames"] == ["last"]


POLICY_STATUS = '<PolicyStatus xmlns="http://s3.amazonaws.com/doc/2006-03-01/">%s</PolicyStatus>'
OF_OTHERS = {
    "those of insights": ("cloudtrail:GetEventSelectors", '{"TrailARN": "a", "InsightSelectors": []}'),
    "what was put": ("dynamodb:GetResourcePolicy", '{"RevisionId": "1702604080000"}'),
    "what is managed": ("backup:DescribeRegionSettings", '{"ResourceTypeManagementPreference": {}}'),
    "a key": ("kms:GetKeyRotationStatus", '{"KeyId": "x"}'),
    "who asked": ("lambda:GetPolicy", '{"RevisionId": "x"}'),
    "shouted": ("s3:GetBucketPolicyStatus", POLICY_STATUS % "<IsPublic>TRUE</IsPublic>"),
    "not said": ("s3:GetBucketPolicyStatus", POLICY_STATUS % "<IsPublic/>"),
    "a number": ("s3:GetBucketPolicyStatus", POLICY_STATUS % '<IsPublic x="y">1</IsPublic>'),
    "a word": (
        "s3:GetPublicAccessBlock",
        "<PublicAccessBlockConfiguration><BlockPublicAcls>no</BlockPublicAcls>"
        "</PublicAccessBlockConfiguration>",
    ),
}


@pytest.mark.parametrize("what", OF_OTHERS)
def test_an_answer_without_what_always_comes_is_that_of_another_operation(what: str) -> None:
    operation, body = OF_OTHERS[what]
    with pytest.raises(ReadError):
        account({"*": text(body)}).read(*asked(operation), of="it").answer  # noqa: B018


@pytest.mark.parametrize("said", ["true", "false"])
def test_what_is_true_or_false_is_read(said: str) -> None:
    body = text(POLICY_STATUS % f"<IsPublic>{said}</IsPublic>")
    answer = account({"*": body}).read(*asked("s3:GetBucketPolicyStatus"), of="it").answer
    assert answer["PolicyStatus"] == {"IsPublic": said == "true"}


def written(shape: Any, name: str, depth: int = 5) -> str:
    """What an answer in XML says of a member, each thing once."""
    inner = "x"
    repeated = shape.serialization.get("flattened")
    match shape.type_name:
        case "structure":
            there = {at: it for at, it in shape.members.items() if depth and _is_element(it)}
            inner = "".join(written(it, called(it, at), depth - 1) for at, it in there.items())
        case "list":
            entry = name if repeated else shape.member.serialization.get("name", "member")
            one = written(shape.member, entry, depth)
            return f"{one}{one}" if repeated else f"<{name}>{one}{one}</{name}>"
        case "map":
            key, value = (it.serialization.get("name") for it in (shape.key, shape.value))
            told = f"<{key or 'key'}>k</{key or 'key'}>{written(shape.value, value or 'value', depth)}"
            return f"<{name}>{told}</{name}>" if repeated else f"<{name}><entry>{told}</entry></{name}>"
        case "boolean":
            inner = "true"
        case "integer" | "long" | "double" | "float":
            inner = "7"
        case "timestamp":
            inner = "2026-01-01T00:00:00Z"
    return f"<{name}>{inner}</{name}>"


def _is_element(member: Any) -> bool:
    return not {"location", "xmlAttribute"} & {*member.serialization}


def called(member: Any, name: str) -> str:
    """What botocore looks for of a member."""
    return str(BaseXMLResponseParser(ResponseParserFactory())._member_key_name(member, name))


def protocol(operation: str) -> str:
    """How an operation answers."""
    model = operation_model(operation)
    assert model is not None
    return str(model.service_model.resolved_protocol)


IN_XML = [it for it in READS if protocol(it) in ("query", "ec2", "rest-xml")]


def wholly(operation: str) -> tuple[Any, str]:
    """An operation's output, and an answer that says everything."""
    model = operation_model(operation)
    assert model is not None
    shape = model.output_shape
    payload = shape.serialization.get("payload")
    told = written(shape.members[payload] if payload else shape, "a")
    wrapper = shape.serialization.get("resultWrapper")
    return (shape.members[payload] if payload else shape), (
        f"<r>{told.replace('<a>', f'<{wrapper}>', 1)[: -len('</a>')]}</{wrapper}></r>" if wrapper else told
    )


@pytest.mark.parametrize("operation", IN_XML)
def test_what_stands_in_an_answer_twice_is_not_read(operation: str) -> None:
    shape, told = wholly(operation)
    assert miswritten(shape, fromstring(told)) == ""
    tree = fromstring(told)
    for parent in [*tree.iter()]:
        for at, it in enumerate([*parent]):
            if len(parent.findall(it.tag)) > 1:
                continue  # an entry of a list: there may be more
            parent.insert(at, it)
            is_entry = len(parent) == 2 and it.tag == "entry"
            assert is_entry or miswritten(shape, tree), f"{parent.tag}/{it.tag} twice"
            del parent[at]


@pytest.mark.parametrize("operation", IN_XML)
def test_a_text_with_elements_in_it_is_not_read(operation: str) -> None:
    shape, told = wholly(operation)
    tree = fromstring(told)
    for it in [*tree.iter()]:
        if it.text == "x":
            it.append(fromstring("<b/>"))
            assert miswritten(shape, tree), it.tag
            it.remove(it[0])


TWICE = {
    "not public, and public": (
        "s3:GetBucketPolicyStatus",
        "<PolicyStatus><IsPublic>false</IsPublic><IsPublic>true</IsPublic></PolicyStatus>",
    ),
    "nobody, and everybody": (
        "s3:GetBucketAcl",
        "<AccessControlPolicy><Owner/><AccessControlList/><AccessControlList><Grant><Grantee>"
        "<URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee></Grant></AccessControlList>"
        "</AccessControlPolicy>",
    ),
    "a place in a place": ("s3:GetBucketLocation", LOCATION % (LOCATION % "eu-west-3")),
    "words among settings": (
        "s3:GetBucketVersioning",
        "<VersioningConfiguration>x</VersioningConfiguration>",
    ),
    "two policies": (
        "sns:GetTopicAttributes",
        "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes><entry><key>Policy</key>"
        "<value>a</value></entry><entry><key>Policy</key><value>b</value></entry></Attributes>"
        "</GetTopicAttributesResult></GetTopicAttributesResponse>",
    ),
}


@pytest.mark.parametrize(("operation", "body"), TWICE.values(), ids=TWICE)
def test_xml_that_contradicts_itself_is_an_error_of_its_call(operation: str, body: str) -> None:
    answer = came(text(body), operation)
    assert isinstance(answer, Refusal)
    assert answer.code == FOREIGN
