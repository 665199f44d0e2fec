"""The users of a user pool. Who they are never leaves this module: they are counted, or told by a hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.cognito import POOLS, id_of_pool, of_pool
from plumbline.kinds.cognito_sign_ins import SignIns
from plumbline.kinds.facet import Facet, Found
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import Kind
from plumbline.values.counting import AtLeast, Counted
from plumbline.values.model import Model, Text
from plumbline.values.pseudonyms import pseudonym
from plumbline.values.some_of import SomeOf, doubted, members
from plumbline.values.unknown import ReadError

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_USERS = of_pool("ListUsers")
_MEMBERS = of_pool("ListUsersInGroup", ("ResourceNotFoundException",), GroupName="{group}")
_USER = of_pool("AdminGetUser", Username="{username}")
_WAITING = "FORCE_CHANGE_PASSWORD"
"""The status of who has never signed in, or is to choose a new password, and holds a temporary one. Source:
Cognito Developer Guide, "User account confirmation"."""
_TOKEN = "SOFTWARE_TOKEN_MFA"


class OfUsers(Model):
    """What is asked of the users of a pool."""

    group: str
    """The group whose members are looked at."""
    created_within_days: Annotated[int, Field(gt=0, le=3650)] = 7
    """How long ago a user was created that counts as new, at most."""
    waiting_days: Annotated[int, Field(gt=0, le=3650)] = 7
    """How long a temporary password may wait for its user: by default it is good for seven days."""
    signed_in_within_days: Annotated[int, Field(gt=0, le=63)] = 7
    """How long ago sign-ins are looked at, at most."""
    looked_at_up_to: Annotated[int, Field(gt=0)] = 1000
    """How many users of the pool, and how many members of the group, are looked at at most."""

    @property
    def bound(self) -> dict[str, Any]:
        """The parameter that ends a list after so many users."""
        return {"PaginationConfig": {"MaxItems": self.looked_at_up_to}}


class PoolUsersLimits(Model):
    """What can be expected of the users of a pool."""

    least_members: Annotated[int, Field(gt=0)]
    """How many enabled members the group has at least."""
    least_successful_sign_ins: Annotated[float, Field(gt=0, le=1)]
    """The share of sign-ins that succeed, at least."""
    approved: list[Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]]
    """The users that may be new, each by the hash that a card shows, of the name or of the e-mail address."""


class Members(Facet):
    """The members of the group."""

    call = _MEMBERS
    further_calls: ClassVar[tuple[Call, ...]] = (POOLS, _USER)

    enabled_members: Counted = 0
    """How many there are that can sign in; at least so many where there are more than were looked at."""
    without_token: list[Text] = []
    """Those of them that no code of an authenticator app is asked of, by their hashes; sorted."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list the members; each that is enabled is then asked for, since no list tells of MFA."""
        pool = id_of_pool(asked)
        reply = asked.ask(
            _MEMBERS,
            id=pool,
            parameters=asked.question.bound,
            kept=lambda answer: _kept_of_members(answer, pool, asked),
        )
        return Found(reply.at("@").map(_of_members), reply.call)


class PoolUsers(Members, SignIns, Kind):
    """The users of a pool. Its name is the pool's."""

    noun = "pool_users"
    plural = "pool_users"
    call = _USERS
    further_calls: ClassVar[tuple[Call, ...]] = (POOLS,)
    limits = PoolUsersLimits
    question = OfUsers
    remedy_names = ("pool_id",)

    pool_id: str = ""
    """The id of the pool, as commands take it."""
    without_verified_email: list[Text] = []
    """Who has no e-mail address that is verified, by their hashes; sorted."""
    waiting: list[Text] = []
    """Who has held a temporary password for longer than is borne, by their hashes; sorted."""
    new: list[list[Text]] = []
    """Who was created lately: of each the hashes of the name and of the e-mail address; sorted."""

    def unapproved(self, approved: list[str]) -> list[str] | SomeOf:
        """Return who is new and not among the approved, by the hash of the name."""
        found = [hashes[0] for hashes in members(self.new) if not {*hashes} & {*approved}]
        return SomeOf(found, self.new.reason) if isinstance(self.new, SomeOf) else found

    def named_in_remedies(self) -> dict[str, str]:
        """Return the id of the pool: every command takes that."""
        return known_texts(pool_id=self.pool_id)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list the users."""
        pool = id_of_pool(asked)
        end = asked.window.end
        reply = asked.ask(
            _USERS,
            id=pool,
            parameters=asked.question.bound,
            kept=lambda answer: _kept(answer, pool, asked.question, end),
        )
        return Found(reply.at("@").map(lambda kept: {"pool_id": pool, **_of_users(kept)}), reply.call)


def _kept(answer: Answer, pool: str, question: OfUsers, end: datetime) -> Answer:
    """Return what may be kept of a list of users: hashes of those of which something is asked."""
    users = answer["Users"]
    waited = end - timedelta(days=question.waiting_days)
    created = end - timedelta(days=question.created_within_days)
    waiting = [it for it in users if it["UserStatus"] == _WAITING and it["UserCreateDate"] < waited]
    return {
        "unverified": _hashes(pool, (it for it in users if _attributes(it).get("email_verified") != "true")),
        "waiting": _hashes(pool, (it for it in waiting if it["UserLastModifiedDate"] < waited)),
        "changed": len([it for it in waiting if it["UserLastModifiedDate"] >= waited]),
        "new": sorted([*_both(pool, it)] for it in users if it["UserCreateDate"] > created),
        "more": "NextToken" in answer,
    }


def _of_users(kept: Answer) -> Mapping[str, Any]:
    more = ["there are more users than were looked at: raise `looked_at_up_to`"] if kept["more"] else []
    changed = kept["changed"]
    given_anew = [f"{changed} with a temporary password may have been given it anew"] if changed else []
    return {
        "without_verified_email": doubted(kept["unverified"], more),
        "waiting": doubted(kept["waiting"], [*more, *given_anew]),
        "new": doubted(kept["new"], more),
    }


def _kept_of_members(answer: Answer, pool: str, asked: Asked) -> Answer:
    """Return what may be kept of a list of members: how many are enabled, and hashes of some of these."""
    enabled = [it for it in answer["Users"] if it["Enabled"]]
    return {
        "enabled": len(enabled),
        "without_token": _hashes(pool, (it for it in enabled if not _has_token(it["Username"], pool, asked))),
        "more": "NextToken" in answer,
    }


def _of_members(kept: Answer) -> Mapping[str, Any]:
    """Return what was found; nobody is in a group that is not there, which another sentence tells."""
    if not kept:
        return {"enabled_members": 0, "without_token": []}
    number, without = kept["enabled"], kept["without_token"]
    if not kept["more"]:
        return {"enabled_members": number, "without_token": without}
    told = "there are more members than were looked at: raise `looked_at_up_to`"
    return {"enabled_members": AtLeast(number), "without_token": SomeOf(without, told)}


def _has_token(name: str, pool: str, asked: Asked) -> bool:
    """Return whether a user is asked for a code of an authenticator app.

    Raises `ReadError` without what AWS said of it, which may name the user.
    """
    try:
        user = asked.now(_USER, id=pool, username=name)
    except ReadError as error:
        told = "What AWS said of it is not shown: it may name a user."
        raise ReadError(error.message, cause=error.cause, advice=told, denied=error.denied) from None
    return _TOKEN in user.get("UserMFASettingList", [])


def _hashes(pool: str, users: Iterator[Mapping[str, Any]]) -> list[str]:
    return sorted(pseudonym(pool, it["Username"]) for it in users)


def _both(pool: str, user: Mapping[str, Any]) -> Iterator[str]:
    """Yield the hashes of a user's name, and of the e-mail address where there is one."""
    yield pseudonym(pool, user["Username"])
    if email := _attributes(user).get("email"):
        yield pseudonym(pool, email)


def _attributes(user: Mapping[str, Any]) -> dict[str, str]:
    return {it["Name"]: it.get("Value", "") for it in user.get("Attributes", [])}
