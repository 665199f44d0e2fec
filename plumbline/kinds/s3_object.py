"""The objects in S3 buckets."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import PrivateAttr

from plumbline.kinds.bounds import Some
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import NOT_IN_AWS, Kind, Wanted
from plumbline.kinds.s3_owner import is_denied, told_once
from plumbline.kinds.settling import alone
from plumbline.terraform.declared import Declaration, is_ignored, known
from plumbline.values.files import ALLOWED_BY, EVERYWHERE
from plumbline.values.files import content as content_of
from plumbline.values.model import Model
from plumbline.values.unknown import Placeholder, ReadError, Unexamined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

_COMPARED = ("etag", "source_hash")
"""What Terraform knows a changed file by."""


class StoredObjectLimits(Model):
    """What can be expected of an object besides its fields."""

    least_bytes: Some
    file: str
    """The path that its source file ends in."""


class StoredObject(Kind):
    """An object in a bucket. Its name is `bucket/key`."""

    noun = "stored_object"
    plural = "stored_objects"
    terraform_type = "aws_s3_object"
    former_types = ("aws_s3_bucket_object",)
    name_argument = "key"
    held_by = "bucket"
    call = Call(
        "s3:HeadObject",
        {"Bucket": "{bucket}", "Key": "{key}"},
        of="arn:aws:s3:::{name}",
        missing=("404", "NoSuchKey", "NoSuchBucket"),
        action="s3:GetObject",
    )
    holder_call: ClassVar[Call] = Call(
        "s3:HeadBucket",
        {"Bucket": "{bucket}"},
        of="arn:aws:s3:::{bucket}",
        missing=("404", "NoSuchBucket"),
        action="s3:ListBucket",
    )
    limits = StoredObjectLimits

    content_type: str | None = None
    content_length: int = 0
    """Bytes."""
    etag: str | None = None
    """MD5 of the content as Terraform compares it: from `etag` or `source_hash`; None if it ignores them."""
    source: str = ""
    """The file that Terraform uploads, as it lies in the checkout; empty where it uploads none."""
    source_md5: str | None = None
    """MD5 of the file that was uploaded, or is to be."""

    _checkout: Path = PrivateAttr(default_factory=Path)

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return `bucket/key` of an `aws_s3_object`."""
        parts = [resource.values.get("bucket"), resource.values.get("key")]
        unknown = [part for part in parts if isinstance(part, Unknown)]
        return unknown[0] if unknown else "/".join(map(str, parts))

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the bucket."""
        return name.partition("/")[0]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return the fields with the size and MD5 of the source file."""
        resource, values = declaration.resource, declaration.values
        source, content = values.get("source", ""), _content(declaration)
        return {
            "content_type": values.get("content_type"),
            "content_length": content if isinstance(content, Placeholder) else len(content),
            "etag": next(
                (values[it] for it in _COMPARED if it in values and not is_ignored(resource, it)), None
            ),
            "source": lambda: source and _in_checkout(declaration, known(source)),
            "source_md5": content if isinstance(content, Placeholder) else _md5(content),
        }

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration, wanted: Wanted = None) -> Self:
        """Return the object as Terraform declares it, and keep where its file is to be read."""
        declared = super().from_terraform(resource, configuration, wanted)
        declared._checkout = configuration.tree.folder
        return declared

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "content_type": answer.get("ContentType"),
            "content_length": answer["ContentLength"],
            "etag": answer["ETag"].strip('"'),
            "source": NOT_IN_AWS,
            "source_md5": _uploaded_md5(answer["ETag"].strip('"'), answer.get("ServerSideEncryption", "")),
        }

    @classmethod
    def _described(cls, asked: Asked, wanted: Wanted) -> Self:
        model = super()._described(asked, wanted)
        if not is_denied(model.name):
            return model
        holder = alone(cls, lambda: asked.ask(cls.holder_call).answer)
        return told_once(model, asked.holder) if isinstance(holder, ReadError) and holder.denied else model

    @property
    def media_type(self) -> str | None:
        """The media type without its parameters, in lower case: `image/png` of `Image/PNG; q=1`.

        Source: RFC 9110, section 8.3.1: type and subtype are the same in any letter case.
        """
        return self.content_type and self.content_type.partition(";")[0].strip().lower()

    def requested(self) -> Requests:
        bucket, _, key = self.name.partition("/")
        body = content_of(self._checkout / self.source) if self.source else b"\n" * self.content_length
        yield request("s3:PutObject", Bucket=bucket, Key=key, Body=body, ContentType=self.content_type or "")


def _uploaded_md5(etag: str, encryption: str) -> str | Unexamined:
    """Return the MD5 that an ETag is. Source: S3 API reference, "Object", ETag."""
    if "-" in etag or encryption.startswith("aws:kms"):
        return Unexamined(f"the ETag {etag} is no MD5: uploaded in parts, or encrypted with KMS")
    return etag


def _in_checkout(declaration: Declaration, source: str) -> str | Unexamined:
    """Return a source as it lies in the checkout, wherever that lies; one beside it by its whole path."""
    path, tree = _readable(declaration, source), declaration.configuration.tree
    if isinstance(path, Unexamined) or tree == EVERYWHERE or not Path(path).is_relative_to(tree.folder):
        return path
    return str(Path(path).relative_to(tree.folder))


def _readable(declaration: Declaration, source: str) -> str | Unexamined:
    """Return where a source lies, where files may be read there."""
    path = declaration.configuration.root / os.path.expanduser(source)
    if declaration.configuration.tree.holds(path):
        return os.path.normpath(path)
    return Unexamined(f"{source} lies outside of the checkout and is not read ({ALLOWED_BY})")


def _content(declaration: Declaration) -> bytes | Placeholder:
    source, content = declaration.at("source"), declaration.at("content")
    for value in (source, content):
        if isinstance(value, Placeholder):
            return value
    if source is not None:
        path = _readable(declaration, str(source))
        if isinstance(path, Unexamined):
            return path
        return content_of(Path(path)) if os.path.isfile(path) else Unexamined(f"{source} is not at hand")
    return str(content or "").encode()


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
