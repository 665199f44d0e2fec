"""What was changed of a client of a user pool lately, and whether a deployment did it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.cognito import CLIENTS, POOLS
from plumbline.kinds.cognito_clients import CLIENT, UserPoolClient, ids_of_client, without_secret
from plumbline.kinds.event_history import KEPT, LATE
from plumbline.kinds.facet import Found
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_EVENTS = Call("cloudtrail:LookupEvents", of="changes of client {name}", on="*")
_CHANGES = (
    *("CreateUserPoolClient", "UpdateUserPoolClient"),
    *("AddUserPoolClientSecret", "DeleteUserPoolClientSecret"),
)
"""What makes a client, or its secret, other than it was. Source: Cognito API Reference, "Actions"."""
_AT_ONCE = timedelta(minutes=1)
"""How far apart CloudTrail and Cognito may say that one change was."""


class OfChanges(Model):
    """Which changes are looked at, and who deploys."""

    deployed_by: Annotated[list[str], Field(min_length=1)]
    """The names of the roles, or users, as which deployments act."""
    looked_back_minutes: Annotated[int, Field(gt=0, le=KEPT // timedelta(minutes=1))]


class ClientChanges(Kind):
    """The changes of one client of a user pool, also of its secret. Its name is the client's: `pool/client`.

    Of an event only when and what it was is kept, and whether who deploys did it.
    """

    noun = "client_changes"
    plural = "client_changes"
    call = CLIENT
    further_calls: ClassVar[tuple[Call, ...]] = (POOLS, CLIENTS, _EVENTS)
    question = OfChanges
    remedy_names = ("pool_id", "client_id")

    pool_id: str = ""
    client_id: str = ""
    outside_deployments: list[Text] = []
    """When somebody else than who deploys changed it, with what was asked for; oldest first."""

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the pool."""
        return UserPoolClient.holder(name)

    def named_in_remedies(self) -> dict[str, str]:
        """Return the ids of the pool and of the client: every command takes those."""
        return known_texts(pool_id=self.pool_id, client_id=self.client_id)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to look up what changed the client, and when Cognito says that it was changed last."""
        pool, client = ids_of_client(asked)
        told = asked.ask(CLIENT, id=pool, client=client, kept=without_secret)
        start = asked.window.ago(minutes=asked.question.looked_back_minutes)
        events = [
            asked.ask(
                _EVENTS,
                parameters={
                    "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}],
                    "StartTime": start.isoformat(),
                    "EndTime": asked.window.end.isoformat(),
                },
                kept=lambda answer: _kept(answer, client, asked.question.deployed_by),
                part=f"{client} {sorted(asked.question.deployed_by)}",
            ).at("changes")
            for name in _CHANGES
        ]
        found = told.at("UserPoolClient.LastModifiedDate").map(
            lambda last: _outside(last, [it for one in events for it in one.value()], start, asked)
        )
        fields = {"pool_id": pool, "client_id": client, "outside_deployments": found}
        return Found(fields, f"{_EVENTS.operation} {told.call}")


def _kept(answer: Answer, client: str, deployed_by: list[str]) -> Answer:
    """Return when what of a client was changed, and whether by who deploys; nothing else of the events."""
    records = [(it, json.loads(it["CloudTrailEvent"])) for it in answer["Events"]]
    changes = [
        {"at": it["EventTime"].isoformat(), "name": it["EventName"], "deployed": _who(record) in deployed_by}
        for it, record in records
        if not record.get("errorCode") and client in _clients(record)
    ]
    return {"changes": changes}


def _clients(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of the client that an event is about; of one that is created the answer tells it."""
    yield str((record.get("requestParameters") or {}).get("clientId"))
    made = (record.get("responseElements") or {}).get("userPoolClient") or {}
    yield str(made.get("clientId"))


def _who(record: Mapping[str, Any]) -> str:
    """Return the name of the role, or of the user, that an event was asked for as; empty for the root user.

    Source: CloudTrail User Guide, "CloudTrail userIdentity element".
    """
    asker = record.get("userIdentity") or {}
    issuer = (asker.get("sessionContext") or {}).get("sessionIssuer") or {}
    return str(issuer.get("userName") or asker.get("userName") or "")


def _outside(last: datetime, changes: list[Mapping[str, Any]], start: datetime, asked: Asked) -> list[str]:
    """Return the changes that no deployment made; also one that Cognito tells of and CloudTrail does not.

    Raises `Undetermined` for the latter where CloudTrail may yet tell of it.
    """
    made = sorted((datetime.fromisoformat(it["at"]), it["name"], it["deployed"]) for it in changes)
    found = [(at, name) for at, name, deployed in made if not deployed]
    if last >= start and not any(abs(at - last) <= _AT_ONCE for at, _, _ in made):
        if not found and last > asked.window.end - LATE:
            raise Undetermined(
                f"client {asked.name} was changed at {_told(last)}, and CloudTrail may not tell yet by whom"
            )
        found = sorted([*found, (last, "changed, and CloudTrail does not say by whom")])
    return [f"{_told(at)}: {name}" for at, name in found]


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
