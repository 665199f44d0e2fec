"""A probe of TLS: a request over plain HTTP that must be refused."""

from __future__ import annotations

from plumbline.aws.plain_http import plainly
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.values.unknown import Undetermined, missing_as

_PARAMETERS = {"Bucket": "{name}"}
_BUCKET = "arn:aws:s3:::{name}"
_LIST = Call("s3:ListObjectsV2", _PARAMETERS, of=_BUCKET, action="s3:ListBucket", missing=("NoSuchBucket",))
_REFUSED = Call("s3:ListObjectsV2", _PARAMETERS, of=_BUCKET, action="s3:ListBucket", absent=("AccessDenied",))
_ONE = {"PaginationConfig": {"MaxItems": 1, "PageSize": 1}}


class PlainHttpProbe(Kind):
    """A list of one key, asked for without TLS. Its name is the bucket's.

    The same is asked over TLS before, so that only the missing TLS can be what is refused. Nothing is
    written; but the request, its signature and the session token of temporary credentials can be read on
    their way. Source: Amazon S3 User Guide, "Security best practices for Amazon S3", "Enforce encryption of
    data in transit".
    """

    noun = "plain_http_probe"
    plural = "plain_http_probes"
    writes = (_LIST,)

    refused: bool = False
    """Whether S3 refused over plain HTTP what it had answered over TLS."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Ask over TLS, and then without.

        Raises `Missing` for the bucket, `ReadError` where it is refused over TLS, too, and `Undetermined`
        where S3 is asked without TLS anyway.
        """
        from plumbline.aws.probing import leave

        probing = leave(asked.aws.probing)
        place = str(asked.aws.client("s3").meta.endpoint_url)
        if not place.startswith("https://"):
            raise Undetermined(f"S3 is asked at {place}, where there is no TLS to leave out")
        with missing_as(asked.name):
            asked.now(_LIST, parameters=_ONE)
        probing.announce(f"asking for a key of s3://{asked.name} over plain HTTP")
        with plainly():
            answer = asked.now(_REFUSED, parameters=_ONE)
        return Found({"refused": not answer}, f"s3:ListObjectsV2 {_BUCKET.format(name=asked.name)} over http")
