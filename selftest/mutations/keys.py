"""What becomes of a key of KMS, by hand or by time; it is named by an alias, as `alias/notes-dev`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.kms.models import kms_backends

from plumbline.aws.reads import Aws
from selftest.mutations.edits import Described, Happened


def policy(principal: object, *, actions: str = "kms:*", **more: object) -> str:
    """Return the policy of a key that lets whoever that is do everything with it."""
    own = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**own, **more}]})


def has_policy(alias: str, told: str, text: str) -> Described:
    """Return that the key has another policy."""
    return _described(alias, told, lambda key: setattr(key, "policy", text))


def lets_in_no_more(alias: str, service: str) -> Described:
    """Return that somebody took a service out of its policy."""

    def take_out(key: Any) -> None:
        told = json.loads(key.policy)
        others = [it for it in told["Statement"] if service not in json.dumps(it["Principal"])]
        key.policy = json.dumps({**told, "Statement": others})

    return _described(alias, f"the key lets {service} in no more", take_out)


def about_to_be_deleted(alias: str) -> Described:
    """Return that somebody scheduled the key to be deleted."""
    return _described(alias, "the key is about to be deleted", _schedule)


def switched_off(alias: str) -> Described:
    """Return that somebody switched the key off."""
    return _described(alias, "the key is switched off", _switch_off)


def not_rotated(alias: str) -> Described:
    """Return that somebody switched its rotation off."""
    return _described(alias, "the key is not rotated", lambda key: setattr(key, "key_rotation_status", False))


def points_elsewhere(alias: str) -> Described:
    """Return that the alias stands for another key."""

    def point(kms: Any) -> None:
        other = kms.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "another one", [])
        kms.update_alias(other.id, alias)

    return Described("the alias stands for another key", point, "kms")


def never_rotated(alias: str, days: int) -> Happened:
    """Return that the key is that old, and was never rotated."""

    def age(aws: Aws) -> None:
        kms = kms_backends[aws.account][aws.region]
        made = datetime.now(UTC) - timedelta(days=days)
        kms.keys[kms.get_key_id_from_alias(alias)].creation_date = made.timestamp()

    return Happened(f"the key is {days} days old and was never rotated", age)


def _described(alias: str, told: str, change: Callable[[Any], None]) -> Described:
    return Described(told, lambda kms: change(kms.keys[kms.get_key_id_from_alias(alias)]), "kms")


def _switch_off(key: Any) -> None:
    key.enabled, key.key_state = False, "Disabled"


def _schedule(key: Any) -> None:
    key.enabled, key.key_state = False, "PendingDeletion"
