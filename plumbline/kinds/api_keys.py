"""API keys and usage plans of API Gateway. The value of a key is never asked for, and never kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.by_name import asked_of_moto, id_among
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Request, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.kinds.rest_stages import Limit
from plumbline.terraform.declared import Beside, Declaration, as_chosen, block, blocks, known
from plumbline.values.model import Model, Text
from plumbline.values.some_of import one_is
from plumbline.values.unknown import Placeholder

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_KEYS = Call(
    "apigateway:GetApiKeys",
    of="API keys in {region}",
    on="arn:aws:apigateway:{region}::/apikeys",
    action="apigateway:GET",
)
_PLANS = Call(
    "apigateway:GetUsagePlans",
    of="usage plans in {region}",
    on="arn:aws:apigateway:{region}::/usageplans",
    action="apigateway:GET",
)
_KEYS_OF_PLAN = Call(
    "apigateway:GetUsagePlanKeys",
    {"usagePlanId": "{plan}"},
    of="arn:aws:apigateway:{region}::/usageplans/{plan}/keys",
    on="arn:aws:apigateway:{region}::/usageplans/*/keys",
    action="apigateway:GET",
)
_SECRET = "value"
_API_KEY = "API_KEY"
"""The only type of key that a plan has. Source: API Gateway API reference, CreateUsagePlanKey, keyType."""


def _without_values(answer: Answer) -> Answer:
    """Return a list of keys without what each of them is."""
    kept = [{name: it for name, it in key.items() if name != _SECRET} for key in answer.get("items", [])]
    return {**answer, "items": kept}


class ApiKey(Kind):
    """An API key, named by what it is called: its id is AWS's to choose."""

    noun = "api_key"
    plural = "api_keys"
    terraform_type = "aws_api_gateway_api_key"
    listing = Listing(_KEYS, "items[].name")
    call = _KEYS
    chosen: ClassVar = {"id": "id"}

    id: str = ""
    enabled: bool = True

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "id": as_chosen(declaration.resource, "id"),
            "enabled": declaration.at("enabled", default=True),
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        reply = asked.ask(_KEYS, kept=_without_values)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        own = _id(answer, asked, _KEYS, "API key")
        return {"id": own, "enabled": _of_id(answer, own)["enabled"]}

    def requested(self) -> Requests:
        yield request("apigateway:CreateApiKey", name=self.name, enabled=self.enabled)


class PlanStage(Model):
    """A stage that a usage plan covers."""

    api: Text
    """The id of its API."""
    stage: Text
    rates: dict[Text, Limit] = {}
    """How many requests a second whoever has a key may make of single methods: `/leads/GET`."""
    bursts: dict[Text, Limit] = {}
    """How many at once, likewise."""


class PlanStages(Facet):
    """What whoever has a key of the plan may ask for."""

    call = _PLANS
    arguments: ClassVar = dict.fromkeys(("stages", "covers"), "api_stages")

    stages: list[PlanStage] = []

    def covers(self, api: str, stage: str) -> bool:
        """Return whether a stage of the API of an id is in the plan. Raises `Undetermined`."""
        named = [it for it in self.stages if isinstance(it.stage, Placeholder) or it.stage == stage]
        return one_is(named, lambda it: bool(known(it.stage) == stage and it.api == api))

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"stages": [_declared_stage(it) for it in declaration.blocks("api_stages")]}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        own = _id(answer, asked, _PLANS, "usage plan")
        return {"stages": [_described_stage(it) for it in _of_id(answer, own).get("apiStages") or []]}

    def requested(self) -> Requests:
        if not self.stages:
            return
        plan = yield from asked_of_moto(_PLANS, "items", "id", name=self.name)
        for it in self.stages:
            place = f"{known(it.api)}:{known(it.stage)}"
            yield _changed(plan, "add", "/apiStages", place)
            for name, limits in (("rateLimit", it.rates), ("burstLimit", it.bursts)):
                for path, limit in limits.items():
                    where = f"/apiStages/{place}/throttle/{path}/{name}"
                    yield _changed(plan, "replace", where, f"{known(limit):g}")


class PlanLimits(Facet):
    """How much whoever has a key of the plan may ask for."""

    call = _PLANS
    arguments: ClassVar = {
        **dict.fromkeys(("rate_limit", "burst_limit", "switched_off"), "throttle_settings"),
        **dict.fromkeys(("quota_limit", "quota_period"), "quota_settings"),
    }

    if TYPE_CHECKING:
        stages: list[PlanStage]

    rate_limit: float | None = None
    """Requests a second; None where they are not limited."""
    burst_limit: int | None = None
    """Requests at once."""
    quota_limit: int | None = None
    """Requests in each period."""
    quota_period: str | None = None
    """DAY, WEEK or MONTH."""

    @property
    def switched_off(self) -> list[str]:
        """What keeps every request from being answered: a limit of zero, of the plan or of a method.

        Raises `Undetermined` where a limit is not known and none is zero.
        """
        limits: dict[str, Any] = {
            "rate_limit": self.rate_limit,
            "burst_limit": self.burst_limit,
            "quota_limit": self.quota_limit,
        }
        for it in self.stages:
            limits |= {f"rate_limit of {path}": limit for path, limit in it.rates.items()}
            limits |= {f"burst_limit of {path}": limit for path, limit in it.bursts.items()}
        zero = [name for name, limit in limits.items() if not isinstance(limit, Placeholder) and limit == 0]
        if not zero:
            for limit in limits.values():
                known(limit)
        return [f"{name}: 0" for name in zero]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        values = declaration.values
        return {
            "rate_limit": lambda: _limit(values, "throttle_settings", "rate_limit"),
            "burst_limit": lambda: _limit(values, "throttle_settings", "burst_limit"),
            "quota_limit": lambda: _limit(values, "quota_settings", "limit"),
            "quota_period": lambda: block(values, "quota_settings").get("period"),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        found = _of_id(answer, _id(answer, asked, _PLANS, "usage plan"))
        throttle, quota = found.get("throttle") or {}, found.get("quota") or {}
        return {
            "rate_limit": throttle.get("rateLimit"),
            "burst_limit": throttle.get("burstLimit"),
            "quota_limit": quota.get("limit"),
            "quota_period": quota.get("period"),
        }

    def requested(self) -> Requests:
        given = {
            "/throttle/rateLimit": self.rate_limit,
            "/throttle/burstLimit": self.burst_limit,
            "/quota/limit": self.quota_limit,
            "/quota/period": self.quota_period,
        }
        changes = {path: known(it) for path, it in given.items() if known(it) is not None}
        if changes:
            plan = yield from asked_of_moto(_PLANS, "items", "id", name=self.name)
            for path, value in changes.items():
                number = value if isinstance(value, str) else f"{value:g}"
                yield _changed(plan, "replace", path, number)


class PlanKeys(Facet):
    """Which keys belong to the plan."""

    call = _KEYS_OF_PLAN
    further_calls: ClassVar[tuple[Call, ...]] = (_PLANS,)
    beside = Beside("aws_api_gateway_usage_plan_key", "usage_plan_id", many=True)
    arguments: ClassVar = dict.fromkeys(("key_ids", "has_key"), "key_id")

    key_ids: list[Text] = []

    def has_key(self, key: str) -> bool:
        """Return whether the key of an id belongs to it. Raises `Undetermined`."""
        return one_is(self.key_ids, lambda it: bool(it == key))

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"key_ids": [it.values.get("key_id") for it in declaration.parts]}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        plan = _id(asked.ask(_PLANS).answer, asked, _PLANS, "usage plan")
        reply = asked.ask(_KEYS_OF_PLAN, kept=_without_values, plan=plan)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"key_ids": [it["id"] for it in answer.get("items", [])]}

    def requested(self) -> Requests:
        if not self.key_ids:
            return
        plan = yield from asked_of_moto(_PLANS, "items", "id", name=self.name)
        for key in self.key_ids:
            yield request(
                "apigateway:CreateUsagePlanKey", usagePlanId=plan, keyId=known(key), keyType=_API_KEY
            )


class UsagePlanLimits(Model):
    """What can be expected of a usage plan besides its fields."""

    stage: str
    """The stage of the related API that it covers."""


class UsagePlan(PlanStages, PlanLimits, PlanKeys, Kind):
    """A usage plan, named by what it is called: its id is AWS's to choose."""

    noun = "usage_plan"
    plural = "usage_plans"
    terraform_type = "aws_api_gateway_usage_plan"
    limits = UsagePlanLimits
    listing = Listing(_PLANS, "items[].name")
    call = _PLANS
    chosen: ClassVar = {"id": "id"}

    id: str = ""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"id": as_chosen(declaration.resource, "id")}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"id": _id(answer, asked, _PLANS, "usage plan")}

    def requested(self) -> Requests:
        yield request("apigateway:CreateUsagePlan", name=self.name)


def _id(answer: Answer, asked: Asked, call: Call, what: str) -> str:
    return id_among(((it["name"], it["id"]) for it in answer.get("items", [])), asked, call, what)


def _of_id(answer: Answer, identifier: str) -> dict[str, Any]:
    return next(it for it in answer["items"] if it["id"] == identifier)


def _limit(values: Mapping[str, Any], block_: str, argument: str) -> Any:
    """Return a limit in a block; None without the block, and 0 where it does not say it.

    Source: AWS provider, aws_api_gateway_usage_plan: what is left out of `throttle_settings` is set to 0.
    """
    given = blocks(values, block_)
    return _or_zero(given[0].get(argument)) if given else None


def _declared_stage(stage: Mapping[str, Any]) -> PlanStage:
    throttles = {known(it["path"]): it for it in blocks(stage, "throttle")}
    return PlanStage(
        api=stage["api_id"],
        stage=stage["stage"],
        rates={path: _or_zero(it.get("rate_limit")) for path, it in throttles.items()},
        bursts={path: _or_zero(it.get("burst_limit")) for path, it in throttles.items()},
    )


def _described_stage(stage: Mapping[str, Any]) -> PlanStage:
    throttles = stage.get("throttle") or {}
    return PlanStage(
        api=stage["apiId"],
        stage=stage["stage"],
        rates={path: it["rateLimit"] for path, it in throttles.items() if "rateLimit" in it},
        bursts={path: it["burstLimit"] for path, it in throttles.items() if "burstLimit" in it},
    )


def _or_zero(limit: Any) -> Any:
    return 0 if limit is None else limit


def _changed(plan: str, op: str, path: str, value: str) -> Request:
    change = {"op": op, "path": path, "value": value}
    return request("apigateway:UpdateUsagePlan", usagePlanId=plan, patchOperations=[change])
