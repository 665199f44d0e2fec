"""What a secret holds: it is looked at in memory, and nothing is kept of it but whether it has its form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from plumbline.kinds.call import Asked, Call, Permission
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.kinds.secretsmanager import DESCRIBE, NAMED, ON
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_DECRYPTING = Permission(
    "kms:Decrypt",
    on="arn:aws:kms:{region}:{account}:key/*",
    only={
        "StringEquals": {"kms:ViaService": "secretsmanager.{region}.amazonaws.com"},
        "StringLike": {"kms:EncryptionContext:SecretARN": ON},
    },
)
"""What whoever reads a secret needs of its key. Source: Secrets Manager User Guide, "Secret encryption and
decryption in AWS Secrets Manager", "Permissions for the KMS key" and "Secrets Manager encryption context"."""
_VALUE = Call(
    "secretsmanager:GetSecretValue",
    NAMED,
    of=DESCRIBE.of,
    on=ON,
    absent=("ResourceNotFoundException",),
    secret=True,
    besides=(_DECRYPTING,),
)
OTHER = "another key"
"""How a key is told that the YAML does not name: its name may be as secret as what stands under it."""
_NO_VALUE, _NO_TEXT = "it has no current value", "its current value is bytes, and no text"
_NO_JSON, _NO_OBJECT = "its current value is no JSON", "its current value is JSON, and no object"
_DELETED = "it is scheduled for deletion, and nobody can read it"


class OfContent(Model):
    """What a secret must hold."""

    must_hold: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]
    """The keys of its JSON object under each of which a text must stand that is not empty."""
    placeholders: list[Annotated[str, Field(min_length=1)]] = []
    """Texts that stand for a value which somebody has yet to write; in whatever letter case."""


class SecretContent(Kind):
    """The form of what a secret holds, read with --allow-secret-reads alone. Its name is the secret's."""

    noun = "secret_content"
    plural = "secret_contents"
    call = DESCRIBE
    secret_reads = (_VALUE,)
    question = OfContent

    mistake: Text | None = None
    """Why nobody can look for keys in it; None where it is a JSON object."""
    lacking: list[Text] = []
    """The keys under which nothing stands, or no text."""
    placeholders: list[Text] = []
    """The keys under which a placeholder stands, sorted; `another key` for those that are not asked for."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to ask for its value, once it is there. Raises `Undetermined` in a run that may not."""
        from plumbline.aws.reads import leave_to_read_secrets

        leave_to_read_secrets(asked.aws)
        secret = asked.ask(DESCRIBE)
        if secret.answer.get("DeletedDate") is not None:
            return Found(_fields(_unusable(_DELETED, asked.question), asked), secret.call)
        reply = asked.ask(_VALUE, kept=lambda answer: judged(answer, asked.question))
        return Found(reply.at("@").map(lambda kept: _fields(kept, asked)), reply.call)


def judged(answer: Answer, asked: OfContent) -> Answer:
    """Return what may be kept of an answer: whether what it holds has its form. It raises nothing."""
    text = answer.get("SecretString")
    if not isinstance(text, str):
        return _unusable(_NO_TEXT if answer.get("SecretBinary") else _NO_VALUE, asked)
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return _unusable(_NO_JSON, asked)
    if not isinstance(told, dict):
        return _unusable(_NO_OBJECT, asked)
    return {
        **_judged_by(asked),
        "mistake": None,
        "lacking": [key for key in asked.must_hold if not _says_something(told.get(key))],
        "placeholders": sorted({*_standing_in(told, asked)}),
    }


def _unusable(mistake: str, asked: OfContent) -> dict[str, Any]:
    """Return what is told of what has no keys: it lacks them all."""
    return {**_judged_by(asked), "mistake": mistake, "lacking": list(asked.must_hold), "placeholders": []}


def _judged_by(asked: OfContent) -> dict[str, Any]:
    return {"asked": [list(asked.must_hold), list(asked.placeholders)]}


def _fields(kept: Answer, asked: Asked) -> dict[str, Any]:
    """Return the fields. Raises `Undetermined` where it was judged by what another entry asks."""
    told = kept or _unusable(_NO_VALUE, asked.question)
    if told["asked"] != _judged_by(asked.question)["asked"]:
        raise Undetermined(
            f"another entry asks {asked.name} for other keys or placeholders: give both the same"
        )
    return {name: told[name] for name in ("mistake", "lacking", "placeholders")}


def _says_something(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _standing_in(told: Mapping[str, Any], asked: OfContent) -> Iterator[str]:
    """Yield the keys under which a placeholder stands, however deep; of those not asked for no name."""
    placeholders = {it.strip().casefold() for it in asked.placeholders}
    for key, value in told.items():
        if any(it.strip().casefold() in placeholders for it in _texts(value)):
            yield key if key in asked.must_hold else OTHER


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in a value of JSON, however deep: what was parsed is no deeper than Python can go."""
    ahead = [value]
    while ahead:
        it = ahead.pop()
        if isinstance(it, str):
            yield it
        elif isinstance(it, dict):
            ahead += it.values()
        elif isinstance(it, list):
            ahead += it
