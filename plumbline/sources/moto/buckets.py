"""What moto lacks of buckets: request metrics, who pays for requests, and all of a lifecycle rule.

moto has no request-metrics configurations and nobody who pays, and takes a call for one for the creation of
a bucket. Of lifecycle rules it drops the sizes that they are for, how many newer versions they keep, and the
size below which nothing moves: here the answer is what was put, after moto has checked it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import xmltodict  # type: ignore[import-untyped]
from moto.core.responses import ActionResult, EmptyResult
from moto.s3.exceptions import NoSuchLifecycleConfiguration, S3ClientError
from moto.s3.responses import S3Response

_SMALLEST = "x-amz-transition-default-minimum-object-size"
_LISTS = {
    "Transition": "Transitions",
    "NoncurrentVersionTransition": "NoncurrentVersionTransitions",
    "Tag": "Tags",
}
"""Elements that stand in the XML once for each member of a list, and what botocore calls the list."""


class NoSuchConfiguration(S3ClientError):
    """There is no configuration of this id."""

    code = "NoSuchConfiguration"

    def __init__(self) -> None:
        super().__init__("The specified configuration does not exist")


_get, _put, _delete = (
    S3Response._bucket_response_get,
    S3Response._bucket_response_put,
    S3Response._bucket_response_delete,
)


def install() -> None:
    """Add the operations to moto, and let it keep rules whole."""
    for name, operation in {
        "_bucket_response_get": _get_whole,
        "_bucket_response_put": _put_whole,
        "_bucket_response_delete": _delete_whole,
        "get_bucket_lifecycle": _get_lifecycle_whole,
    }.items():
        setattr(S3Response, name, operation)


def _get_whole(self: S3Response, bucket_name: str, querystring: dict[str, Any]) -> Any:
    if "requestPayment" in querystring:
        self.data["Action"] = "GetBucketRequestPayment"
        payer = vars(self.backend.get_bucket(bucket_name)).get("request_payer", "BucketOwner")
        return self.serialized(ActionResult({"Payer": payer}))
    if "metrics" not in querystring:
        return _get(self, bucket_name, querystring)
    kept = _metrics(self, bucket_name)
    if "id" not in querystring:
        self.data["Action"] = "ListBucketMetricsConfigurations"
        listed = {"IsTruncated": False, "MetricsConfigurationList": [*kept.values()]}
        return self.serialized(ActionResult(listed))
    self.data["Action"] = "GetBucketMetricsConfiguration"
    if (found := kept.get(_id(querystring))) is None:
        raise NoSuchConfiguration
    return self.serialized(ActionResult({"MetricsConfiguration": found}))


def _put_whole(self: S3Response, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
    if "metrics" in querystring:
        put = _with_lists(xmltodict.parse(self.body)["MetricsConfiguration"])
        _metrics(self, bucket_name)[_id(querystring)] = put
        return ""
    if "requestPayment" in querystring:
        payer = xmltodict.parse(self.body)["RequestPaymentConfiguration"]["Payer"]
        vars(self.backend.get_bucket(bucket_name))["request_payer"] = payer
        return ""
    answer = _put(self, request, bucket_name, querystring)
    if "lifecycle" in querystring:
        put = xmltodict.parse(self.body, force_list=("Rule",))["LifecycleConfiguration"]
        vars(self.backend.get_bucket(bucket_name))["lifecycle_put"] = {
            "Rules": [_with_lists(it) for it in put.get("Rule", [])],
            "TransitionDefaultMinimumObjectSize": self.headers.get(_SMALLEST, "all_storage_classes_128K"),
        }
    return answer


def _delete_whole(self: S3Response, bucket_name: str, querystring: dict[str, Any]) -> Any:
    if "metrics" not in querystring:
        return _delete(self, bucket_name, querystring)
    self.data["Action"] = "DeleteBucketMetricsConfiguration"
    _metrics(self, bucket_name).pop(_id(querystring), None)
    return self.serialized(EmptyResult())


def _get_lifecycle_whole(self: S3Response) -> Any:
    self.data["Action"] = "GetBucketLifecycleConfiguration"
    if not self.backend.get_bucket_lifecycle(self.bucket_name):
        raise NoSuchLifecycleConfiguration(bucket_name=self.bucket_name)
    return self.serialized(ActionResult(vars(self.backend.get_bucket(self.bucket_name))["lifecycle_put"]))


def _metrics(response: S3Response, bucket_name: str) -> dict[str, Any]:
    kept: dict[str, Any] = vars(response.backend.get_bucket(bucket_name)).setdefault("request_metrics", {})
    return kept


def _id(querystring: dict[str, Any]) -> str:
    return unquote(querystring["id"][0])


def _with_lists(element: Any, *, within: str = "") -> Any:
    """Return what an XML element says, with lists where the API has lists."""
    if not isinstance(element, dict):
        return element
    found: dict[str, Any] = {}
    for name, value in element.items():
        if name in _LISTS and (name != "Tag" or within == "And"):
            members = value if isinstance(value, list) else [value]
            found[_LISTS[name]] = [_with_lists(it) for it in members]
        elif not name.startswith("@"):
            empty: Any = {} if name in ("Filter", "And") else ""
            found[name] = _with_lists(empty if value is None else value, within=name)
    return found
