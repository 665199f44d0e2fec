"""Whether what came back is AWS's own: a proxy's, a gateway's or a captive portal's answer is none.

botocore takes JSON that is cut off, a page in XHTML and no body at all for an answer with nothing in it: "no
backup plans" instead of "not known"; and a proxy's refusal for one of AWS.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from plumbline.aws.typed import mistyped
from plumbline.aws.typed_xml import miswritten
from plumbline.values.shown import text

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

_ROOTS = {
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy",
    "GetObjectTagging": "Tagging",
    "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
    "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
    "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
    "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListParts": "ListPartsResult",
}
"""The outermost element of S3's answers that botocore's model does not name. Source: S3 API reference."""

_POLICIES = frozenset({"GetBucketPolicy"})
"""The operations of S3 that answer with a policy, in JSON and bare. Source: S3 API reference."""

_ERRORS = ("Error", "ErrorResponse", "Response")
"""The outermost elements of a refusal in XML: S3's, that of the query services, and EC2's."""

_OF_ERRORS = ("__type", "code", "Code")
"""The members of a refusal in JSON that say which one it is. Source: botocore, AWS JSON and REST-JSON."""

_ERROR_HEADERS = ("x-amzn-errortype", "x-amzn-query-error")


def refuse_foreign(operation_model: OperationModel, response_dict: dict[str, Any], **_: Any) -> None:
    """Refuse what is not an answer of the operation. Registered on botocore's `before-parse`.

    A failure that is a gateway's own keeps its number alone, by which botocore tries again. Raises
    `ResponseParserError`, which says what came instead.
    """
    from botocore.parsers import ResponseParserError

    status, body = response_dict["status_code"], response_dict["body"]
    if not isinstance(body, bytes) or operation_model.http.get("method") == "HEAD":
        decides = status < 300 or status == 404
        foreign = _without_headers_of_its_own(response_dict["headers"]) if decides else ""
    elif status < 300:
        foreign = _not_the_answer(operation_model, body)
    else:
        foreign = _not_a_refusal(operation_model, body, response_dict["headers"]) if body.strip() else ""
        if foreign and status >= 500:
            response_dict["body"] = b""
            return
    if foreign:
        raise ResponseParserError(f"status {status}, with {foreign}")


def _not_the_answer(model: OperationModel, body: bytes) -> str:
    """Return what a success holds instead of the operation's answer; empty where it holds that."""
    if not body.strip():
        return "nothing in it" if _says_something(model) else ""
    if not _says_something(model):
        return ""
    if model.name in _POLICIES:
        told = _json(body)
        return "" if isinstance(told, dict) and "Statement" in told else _called(body)
    match _protocol(model):
        case "json":
            told = _json(body)
            return _mistyped(model, told) if isinstance(told, dict) else _called(body)
        case "xml":
            if _root(body) not in _roots(model):
                return _called(body)
            return _no_truth(model, body) or _miswritten(model, body)
    return ""


def _miswritten(model: OperationModel, body: bytes) -> str:
    """Return which element of an answer in XML is not written as the operation has it; empty for none.

    What is no XML botocore tells. The place of a bucket is its document itself.
    """
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, LookupError, ValueError):
        return ""
    shape = model.output_shape
    payload = (
        "LocationConstraint" if model.name == "GetBucketLocation" else shape.serialization.get("payload")
    )
    wrong = miswritten(shape.members[payload] if payload else shape, root)
    return f"{text(wrong)} not written as the operation has it" if wrong else ""


def _mistyped(model: OperationModel, told: object) -> str:
    """Return which member of an answer in JSON is of another type than the operation's; empty for none."""
    shape = model.output_shape
    payload = shape.serialization.get("payload")
    wrong = mistyped(shape.members[payload] if payload else shape, told)
    return f"{text(wrong)} of another type than the operation's" if wrong else ""


def _without_headers_of_its_own(headers: Iterable[str]) -> str:
    """Return what is wrong with an answer that no document tells; empty where its headers are AWS's.

    A stream is whatever an object holds, and HEAD has no body: that S3 answered, its ids of the request say.
    """
    of_aws = any(it.lower().startswith("x-amz") for it in headers)
    return "" if of_aws else "no header of AWS's"


def _no_truth(model: OperationModel, body: bytes) -> str:
    """Return which element is to say `true` or `false` and says something else, which botocore takes for no.

    Source: XML Schema, boolean, and S3 API reference, PolicyStatus.
    """
    names = _of_truth(model.output_shape)
    if not names:
        return ""
    said = re.finditer(rb"<(?:\w+:)?(%s)(?: [^<>]*)?(?:/>|>([^<]*)<)" % "|".join(names).encode(), body)
    wrong = next((it for it in said if it[2] not in (b"true", b"false")), None)
    return f"{wrong[1].decode()} neither true nor false" if wrong else ""


@lru_cache(512)
def _of_truth(shape: Shape) -> tuple[str, ...]:
    """Return what the elements of an answer are called that are true or false, and nothing else."""
    found: dict[str, set[bool]] = {}
    seen: set[str] = set()
    left = [("", shape)]
    while left:
        name, it = left.pop()
        found.setdefault(it.serialization.get("name", name), set()).add(it.type_name == "boolean")
        if it.name not in seen:
            seen.add(it.name)
            members = dict(it.members) if it.type_name == "structure" else {}
            members |= {"member": it.member} if it.type_name == "list" else {}
            members |= {"value": it.value} if it.type_name == "map" else {}
            left += members.items()
    return tuple(sorted(name for name, is_truth in found.items() if is_truth == {True}))


def _not_a_refusal(model: OperationModel, body: bytes, headers: dict[str, str]) -> str:
    """Return what a failure holds instead of AWS's refusal; empty where it holds that."""
    match _protocol(model):
        case "json":
            told = _json(body)
            named = any(it in headers for it in _ERROR_HEADERS) or (
                isinstance(told, dict) and any(it in told for it in _OF_ERRORS)
            )
            return "" if isinstance(told, dict) and named else _called(body)
        case "xml":
            return "" if _root(body) in _ERRORS else _called(body)
    return ""


def _says_something(model: OperationModel) -> bool:
    """Return whether the answer to an operation has a body that is AWS's own document."""
    shape = model.output_shape
    if shape is None:
        return False
    payload = shape.serialization.get("payload")
    if payload and model.name not in _POLICIES:
        return bool(shape.members[payload].type_name == "structure")
    return any("location" not in member.serialization for member in shape.members.values())


def _protocol(model: OperationModel) -> str:
    """Return the form of a service's answers: `json` or `xml`; empty for one that is not known here."""
    named = model.service_model.resolved_protocol
    if named in ("json", "rest-json"):
        return "json"
    return "xml" if named in ("query", "ec2", "rest-xml") else ""


def _roots(model: OperationModel) -> tuple[str, ...]:
    """Return what the outermost element of the answer to an operation may be called.

    moto calls it after the operation where S3 does not.
    """
    shape = model.output_shape
    of_operation = (f"{model.name}Response", f"{model.name.removesuffix('Configuration')}Response")
    if model.service_model.service_name == "s3" and model.name in _ROOTS:
        return (_ROOTS[model.name], *of_operation)
    if payload := shape.serialization.get("payload"):
        member = shape.members[payload]
        return (member.name, member.serialization.get("name", payload), payload, *of_operation)
    return (*of_operation, f"{model.name}Result", shape.name)


def _json(body: bytes) -> object:
    """Return what JSON says; None for what is none, or says a thing twice."""
    try:
        told: object = json.loads(body, object_pairs_hook=_each_once, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    return told


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object. Raises `ValueError` where it has a key twice: neither is more than the other."""
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ValueError("a key stands there twice")
    return told


def _refused(constant: str) -> object:
    """Raise `ValueError` for `NaN` and `Infinity`, which Python takes and JSON has not."""
    raise ValueError(f"{constant} is no JSON")


def _root(body: bytes) -> str:
    """Return the name of a document's outermost element, without its namespace; empty for what is no XML.

    AWS writes it in UTF-8, and has no entities of its own.
    """
    if b"\0" in body or b"<!DOCTYPE" in body:
        return ""
    try:
        _, root = next(ElementTree.iterparse(io.BytesIO(body), events=("start",)))
    except (ElementTree.ParseError, StopIteration, LookupError, ValueError):
        return ""  # LookupError and ValueError: it says that it is in an encoding that there is not
    return str(root.tag).rpartition("}")[2]


def _called(body: bytes) -> str:
    """Return what a body is that is not AWS's, for people."""
    begins = body.lstrip()[:512].lower()
    return "a web page" if b"<html" in begins or b"<!doctype html" in begins else "something else than AWS's"
