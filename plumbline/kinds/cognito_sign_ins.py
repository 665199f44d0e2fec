"""How sign-ins to a user pool ended: Cognito counts them in CloudWatch, and nobody by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from plumbline.aws.measured import Series, Values, measured
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.cognito import CLIENTS, POOLS, id_of_pool
from plumbline.kinds.cognito_clients import UserPoolClient, ids_of_client
from plumbline.kinds.facet import Facet, Found
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model
from plumbline.values.unknown import Unmeasured
from plumbline.values.window import LONGEST, Window

_HOUR, _MINUTE = 3600, 60
"""The seconds of the steps in which the sign-ins of days, and of minutes, are counted."""
_COUNTED = Call("cloudwatch:GetMetricData")


class SignIns(Facet):
    """The sign-ins of the days that are looked back on, whatever client of the pool they were made in.

    Each is published as 1 where it succeeded, and as 0 where not. Source: Cognito Developer Guide, "Metrics
    for Amazon Cognito user pools", SignInSuccesses.
    """

    further_calls: ClassVar[tuple[Call, ...]] = (POOLS, CLIENTS, _COUNTED)

    successful_sign_ins: float = 0
    """The share of them that succeeded, from 0 to 1."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what CloudWatch counted for each client."""
        pool = id_of_pool(asked)
        days = asked.question.signed_in_within_days
        window = Window(asked.window.end, timedelta(days=days)).from_step(_HOUR)
        none = Unmeasured(f"CloudWatch has no sign-in to {asked.name} in the last {days} days")
        clients = asked.ask(CLIENTS, id=pool)
        listed = clients.answer["UserPoolClients"]
        parts = [_of_client(pool, it["ClientId"], asked.region, _HOUR) for it in listed]
        if not parts:
            return Found({"successful_sign_ins": none}, clients.call)
        everything = [series for part in parts for series in part]
        values = measured(asked.aws, everything, window, f"sign-ins to {asked.name}")
        share = values.map(lambda found: _share(found, parts, none))
        return Found({"successful_sign_ins": share}, values.call)


class OfSignIns(Model):
    """Which sign-ins to a client are looked at."""

    looked_back_minutes: Annotated[int, Field(gt=0, le=LONGEST // timedelta(minutes=1))]


class ClientSignInsLimits(Model):
    """What can be expected of sign-ins to a client."""

    least: Annotated[float, Field(gt=0, le=1)]
    """The share that succeeds, at least."""


class ClientSignIns(Kind):
    """The sign-ins to one client of a user pool. Its name is the client's: `pool/client`.

    There is no metric of failures: the share that succeeds tells of them. Source: as of `SignIns`.
    """

    noun = "client_sign_ins"
    plural = "client_sign_ins"
    further_calls: ClassVar[tuple[Call, ...]] = (POOLS, CLIENTS, _COUNTED)
    limits = ClientSignInsLimits
    question = OfSignIns
    remedy_names = ("pool_id", "client_id")

    pool_id: str = ""
    client_id: str = ""
    succeeded: float = 0
    """The share of them that succeeded, from 0 to 1."""

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the pool."""
        return UserPoolClient.holder(name)

    def named_in_remedies(self) -> dict[str, str]:
        """Return the ids of the pool and of the client: every command takes those."""
        return known_texts(pool_id=self.pool_id, client_id=self.client_id)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what CloudWatch counted."""
        pool, client = ids_of_client(asked)
        window = Window(asked.window.end, timedelta(minutes=asked.question.looked_back_minutes))
        none = Unmeasured(f"CloudWatch has no sign-in to {asked.name} from {window}")
        part = _of_client(pool, client, asked.region, _MINUTE)
        values = measured(asked.aws, part, window, f"sign-ins to {asked.name}")
        share = values.map(lambda found: _share(found, [part], none))
        return Found({"pool_id": pool, "client_id": client, "succeeded": share}, values.call)


def _of_client(pool: str, client: str, region: str, step_seconds: int) -> tuple[Series, Series]:
    """Return what counts the sign-ins in a client that succeeded, and all of them."""
    dimensions = (("UserPool", pool), ("UserPoolClient", client))

    def of(statistic: str) -> Series:
        return Series("AWS/Cognito", "SignInSuccesses", dimensions, statistic, step_seconds, region)

    return of("Sum"), of("SampleCount")


def _share(found: Values, parts: list[tuple[Series, Series]], none: Unmeasured) -> float | Unmeasured:
    succeeded = sum(sum(found[of_client].values()) for of_client, _ in parts)
    tried = sum(sum(found[of_client].values()) for _, of_client in parts)
    return succeeded / tried if tried else none
