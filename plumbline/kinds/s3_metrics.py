"""Which requests of a bucket CloudWatch counts: request-metrics configurations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.s3_call import of_bucket
from plumbline.terraform.declared import Beside, Declaration, block, each_once, given, known
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import ReadError

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_MOST_PAGES = 100
"""S3 keeps 1,000 configurations of a bucket, and lists 100 at once. Source: S3 API reference."""


_NAMED = {"prefix": "Prefix", "access": "AccessPointArn"}


class RequestMetrics(Model):
    """A configuration: its id is the dimension `FilterId` of what it counts."""

    id: Text
    only: list[Text] = []
    """What narrows it to less than every request: `prefix raw/`, `tag copy=yes`, `access point ARN`."""


class CountedRequests(Facet):
    """The request-metrics configurations."""

    call: ClassVar[Call] = of_bucket(
        "s3:ListBucketMetricsConfigurations", action="s3:GetMetricsConfiguration"
    )
    beside = Beside("aws_s3_bucket_metric", "bucket", many=True)
    arguments: ClassVar = dict.fromkeys(("request_metrics", "measured_requests"), "name")

    request_metrics: list[RequestMetrics] = []

    def measured_requests(self) -> list[dict[str, str]] | SomeOf:
        """Return the dimensions of each metric that counts all requests of the bucket.

        Source: Amazon S3 User Guide, "Metrics and dimensions", "S3 request metrics".
        """
        found = self.request_metrics
        members = found.members if isinstance(found, SomeOf) else known(found)
        all_of = [{"BucketName": self.name, "FilterId": it.id} for it in members if it.only == []]
        return SomeOf(all_of, found.reason) if isinstance(found, SomeOf) else all_of

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        found = [
            {"id": it.values.get("name"), "only": [*_declared_filter(block(it.values, "filter"))]}
            for it in declaration.parts
        ]
        each_once(
            declaration.resource.address,
            (
                (part, f"metrics {it['id']}", it["only"])
                for part, it in zip(declaration.parts, found, strict=True)
                if isinstance(it["id"], str)
            ),
        )
        return {"request_metrics": sorted(found, key=str)}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read the list, page by page: botocore does not do that for this one."""
        reply = asked.ask(cls.call)

        def described(first: Answer) -> Fields:
            return _described([first, *_further(first, asked)])

        return Found(reply.at("@").map(described), reply.call)

    def requested(self) -> Requests:
        for it in self.request_metrics:
            scope = _scope([part.split(" ", 1) for part in it.only])
            configuration = {"Id": it.id, **({"Filter": scope} if scope else {})}
            yield request(
                "s3:PutBucketMetricsConfiguration",
                Bucket=self.name,
                Id=it.id,
                MetricsConfiguration=configuration,
            )


def _further(page: Answer, asked: Asked) -> Iterator[Answer]:
    """Yield the pages after the first one. Raises `ReadError` for a list that does not end."""
    for _ in range(_MOST_PAGES):
        if not page.get("IsTruncated"):
            return
        further = {"ContinuationToken": page["NextContinuationToken"]}
        page = asked.ask(CountedRequests.call, parameters=further).answer
        yield page
    told = f"s3:ListBucketMetricsConfigurations of {asked.name} does not end"
    raise ReadError(told, cause=told)


def _described(answers: list[Answer]) -> Fields:
    listed = [it for answer in answers for it in answer.get("MetricsConfigurationList", [])]
    found = [{"id": it["Id"], "only": [*_described_filter(it.get("Filter") or {})]} for it in listed]
    return {"request_metrics": sorted(found, key=str)}


def _declared_filter(scope: Mapping[str, Any]) -> Iterator[str]:
    if given(prefix := known(scope.get("prefix"))):
        yield f"prefix {prefix}"
    for key, value in sorted((known(scope.get("tags")) or {}).items()):
        yield f"tag {key}={known(value)}"
    if given(point := known(scope.get("access_point"))):
        yield f"access point {point}"


def _described_filter(scope: Mapping[str, Any]) -> Iterator[str]:
    both = {**scope, **(scope.get("And") or {})}
    if both.get("Prefix"):
        yield f"prefix {both['Prefix']}"
    tags = [*([scope["Tag"]] if scope.get("Tag") else []), *both.get("Tags", [])]
    for key, value in sorted((it["Key"], it["Value"]) for it in tags):
        yield f"tag {key}={value}"
    if both.get("AccessPointArn"):
        yield f"access point {both['AccessPointArn']}"


def _scope(only: list[list[str]]) -> dict[str, Any]:
    """Return what narrows a configuration as its filter: one thing as itself, several under `And`."""
    tags = [value.partition("=") for sort, value in only if sort == "tag"]
    listed = [{"Key": key, "Value": value} for key, _, value in tags]
    scope = {_NAMED[sort]: value.removeprefix("point ") for sort, value in only if sort in _NAMED}
    if len(only) > 1:
        return {"And": {**scope, **({"Tags": listed} if listed else {})}}
    return {**scope, **({"Tag": listed[0]} if listed else {})}
