"""How sign-ins to a user pool ended: Cognito counts them in CloudWatch, and nobody by name."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from plumbline.aws.measured import Series, Values, measured
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.cognito import CLIENTS, POOLS, id_of_pool
from plumbline.kinds.facet import Facet, Found
from plumbline.values.unknown import Unmeasured
from plumbline.values.window import Window

_STEP_SECONDS = 3600


class SignIns(Facet):
    """The sign-ins of the days that are looked back on, whatever client of the pool they were made in.

    Each is published as 1 where it succeeded, and as 0 where not. Source: Cognito Developer Guide, "Metrics
    for Amazon Cognito user pools", SignInSuccesses.
    """

    further_calls: ClassVar[tuple[Call, ...]] = (POOLS, CLIENTS, Call("cloudwatch:GetMetricData"))

    successful_sign_ins: float = 0
    """The share of them that succeeded, from 0 to 1."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what CloudWatch counted for each client."""
        pool = id_of_pool(asked)
        days = asked.question.signed_in_within_days
        window = Window(asked.window.end, timedelta(days=days))
        none = Unmeasured(f"CloudWatch has no sign-in to {asked.name} in the last {days} days")
        clients = asked.ask(CLIENTS, id=pool)
        parts = [_of_client(pool, it["ClientId"], asked.region) for it in clients.answer["UserPoolClients"]]
        if not parts:
            return Found({"successful_sign_ins": none}, clients.call)
        everything = [series for part in parts for series in part]
        values = measured(asked.aws, everything, window, f"sign-ins to {asked.name}")
        share = values.map(lambda found: _share(found, parts, none))
        return Found({"successful_sign_ins": share}, values.call)


def _of_client(pool: str, client: str, region: str) -> tuple[Series, Series]:
    """Return what counts the sign-ins in a client that succeeded, and all of them."""
    dimensions = (("UserPool", pool), ("UserPoolClient", client))

    def of(statistic: str) -> Series:
        return Series("AWS/Cognito", "SignInSuccesses", dimensions, statistic, _STEP_SECONDS, region)

    return of("Sum"), of("SampleCount")


def _share(found: Values, parts: list[tuple[Series, Series]], none: Unmeasured) -> float | Unmeasured:
    succeeded = sum(sum(found[of_client].values()) for of_client, _ in parts)
    tried = sum(sum(found[of_client].values()) for _, of_client in parts)
    return succeeded / tried if tried else none
