"""A probe of versions: an object is overwritten to see its earlier version read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.kinds.probed_bucket import ProbedBucket
from plumbline.kinds.replication import ProbeObject
from plumbline.values.unknown import missing_as

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_NO_BUCKET = ("NoSuchBucket",)
_KEYED = {"Bucket": "{name}", "Key": "{probe_key}"}
_OBJECT = "arn:aws:s3:::{name}/{probe_key}"
_LOCATION = Call("s3:GetBucketLocation", {"Bucket": "{name}"}, of="arn:aws:s3:::{name}", missing=_NO_BUCKET)
_PUT = Call("s3:PutObject", _KEYED, of=_OBJECT)
_GET = Call(
    "s3:GetObject",
    {**_KEYED, "VersionId": "{version}"},
    of=_OBJECT,
    absent=("NoSuchKey", "NoSuchVersion", "InvalidArgument"),
    action="s3:GetObjectVersion",
)
_VERSIONS = Call(
    "s3:ListObjectVersions",
    {"Bucket": "{name}", "Prefix": "{probe_key}"},
    of="arn:aws:s3:::{name}",
    action="s3:ListBucketVersions",
)
_DELETE = Call(
    "s3:DeleteObject", {**_KEYED, "VersionId": "{version}"}, of=_OBJECT, action="s3:DeleteObjectVersion"
)
"""The calls of the probe; the object is read and deleted by its versions only."""
_FIRST, _SECOND = b"version probe: first\n", b"version probe: second\n"


class VersionProbe(Kind):
    """An object that is overwritten to see its first version read by its id. Its name is the bucket's.

    Every version of it is removed afterwards. Source: Amazon S3 User Guide, "Retrieving object versions from
    a versioning-enabled bucket".
    """

    noun = "version_probe"
    plural = "version_probes"
    call = _LOCATION
    writes = (_PUT, _GET, _VERSIONS, _DELETE)
    question = ProbeObject

    recovered: bool = False
    """Whether the first version was read as it was written, after it had been overwritten."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Write the object, overwrite it, read the first version, and remove all of it.

        Raises `Missing` for the bucket, and `ReadError` where such an object is there already, or cannot be
        removed.
        """
        from plumbline.aws.probing import leave, undone

        probing = leave(asked.aws.probing)
        key, name = asked.question.probe_key, asked.name
        bucket = ProbedBucket(asked, name, _VERSIONS, _DELETE)
        with missing_as(name):
            asked.ask(_LOCATION).answer  # noqa: B018  # an answer says that it is there
        bucket.refuse_another()

        def remove() -> None:
            bucket.remove()
            probing.announce(f"removed {key} with all its versions from {name}")

        writing = f"writing s3://{name}/{key} and overwriting it; both are removed after"
        with undone(probing, writing, remove):
            first = asked.now(_PUT, parameters={"Body": _FIRST, "IfNoneMatch": "*"})
            asked.now(_PUT, parameters={"Body": _SECOND})
            version = first.get("VersionId", "null")
            read = asked.now(_GET, kept=_body, version=version)
        return Found(
            {"recovered": read.get("body") == _FIRST}, f"s3:GetObject arn:aws:s3:::{name}/{key} {version}"
        )


def _body(answer: Answer) -> Answer:
    """Return what the object holds: nothing but what the probe wrote into it."""
    return {"body": answer["Body"].read(len(_FIRST) + len(_SECOND))}
