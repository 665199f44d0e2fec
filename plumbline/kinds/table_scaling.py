"""How Application Auto Scaling scales the provisioned capacity of a DynamoDB table; that of its indexes is
scaled for itself.

Source: Application Auto Scaling API reference, RegisterScalableTarget, PutScalingPolicy and
PutScheduledAction; AWS provider, `aws_appautoscaling_target`, `_policy` and `_scheduled_action`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias, TypeVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.table_settings import ARN_OF_TABLE
from plumbline.terraform.declared import Beside, Declaration, at, given, known
from plumbline.values.model import Model, Text
from plumbline.values.some_of import each_told, one_is
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Resource

T = TypeVar("T")

Capacity: TypeAlias = Literal["read_capacity", "write_capacity"]
_DIMENSIONS: Mapping[str, Capacity] = {
    "dynamodb:table:ReadCapacityUnits": "read_capacity",
    "dynamodb:table:WriteCapacityUnits": "write_capacity",
}
_USE: Mapping[str, str] = {
    "read_capacity": "DynamoDBReadCapacityUtilization",
    "write_capacity": "DynamoDBWriteCapacityUtilization",
}
"""Which predefined metric says how many percent are used. Source: API reference, PredefinedMetricType."""
_TRACKING = "TargetTrackingScaling"
_CONFIGURATION = "target_tracking_scaling_policy_configuration"
_ON_DEMAND = "PAY_PER_REQUEST"


class Bounds(Model):
    """Between how many units a capacity is to be scaled; what is not said is not asked."""

    min_capacity: int | None = None
    max_capacity: int | None = None


class ScalableTarget(Model):
    """A capacity that may be scaled, and between how many units.

    What is suspended, a plan knows only where `suspended_state` is written: else AWS leaves it as it is.
    """

    min_capacity: int
    max_capacity: int
    dynamic_scaling_in_suspended: bool = False
    dynamic_scaling_out_suspended: bool = False
    scheduled_scaling_suspended: bool = False


class ScheduledAction(Model):
    """What sets other bounds of a capacity at its time. These hold until somebody sets others."""

    action: Text
    """Its name, one among those of the capacity."""
    capacity: Text
    """`read_capacity` or `write_capacity`."""
    schedule: Text
    """When: `at(...)`, `rate(...)` or `cron(...)`."""
    min_capacity: int | None = None
    """Units; None where it leaves them as they are."""
    max_capacity: int | None = None


class Following(Model):
    """How a capacity is to follow its use; what is not said is not asked."""

    policy: str | None = None
    target_value: float | None = None
    disable_scale_in: bool = False
    scale_in_cooldown: int | None = None
    scale_out_cooldown: int | None = None


class ScalingPolicy(Model):
    """A policy that lets a capacity follow its use: target tracking by the predefined metric."""

    policy: Text
    """Its name."""
    target_value: float
    """Percent of the capacity that are to be in use."""
    disable_scale_in: bool = False
    """Whether what was added is never taken away again."""
    scale_in_cooldown: int = 0
    """Seconds; 0 unless said. Source: API reference, TargetTrackingScalingPolicyConfiguration."""
    scale_out_cooldown: int = 0


def table_in(resource_id: str) -> str:
    """Return the name of the table that a resource id of Application Auto Scaling has: `table/orders`."""
    return resource_id.removeprefix("table/")


class ScalableTargets(Facet):
    """Between how many units a table is scaled."""

    call = Call(
        "application-autoscaling:DescribeScalableTargets",
        {"ServiceNamespace": "dynamodb", "ResourceIds": ["table/{name}"]},
        of=ARN_OF_TABLE,
        on="*",
    )
    beside = Beside("aws_appautoscaling_target", "resource_id", many=True, bare=table_in)
    arguments: ClassVar = dict.fromkeys(("scalable_targets", "scaled_otherwise"), "min_capacity")

    if TYPE_CHECKING:
        billing_mode: str
        scheduled_actions: list[ScheduledAction]

    scalable_targets: dict[str, ScalableTarget] = {}
    """By `read_capacity` and `write_capacity`."""

    def scaled_otherwise(self, than: Mapping[str, Bounds]) -> list[str]:
        """Return what is not scaled, or not between these units; nothing of a table that bills on demand.

        What is suspended is not scaled, and a scheduled action sets other units. Raises `Undetermined` where
        that hangs on what is not known.
        """
        if known(self.billing_mode) == _ON_DEMAND:
            return []
        targets = known(self.scalable_targets)
        parts = product((_scaled_otherwise, self._scheduled_otherwise), than)
        return each_told(parts, lambda part: part[0](part[1], targets.get(part[1]), than[part[1]]))

    def _scheduled_otherwise(
        self, capacity: str, target: ScalableTarget | None, than: Bounds
    ) -> Iterator[str]:
        """Yield which actions set other units than these, where a target is there and lets them."""
        if target is None or than == Bounds():
            return
        for it in known(self.scheduled_actions):
            if known(it.capacity) == capacity:
                for told in _unlike(capacity, it, than, said=True):
                    if not known(target.scheduled_scaling_suspended):
                        yield f"{told} by the scheduled action {known(it.action)}"

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        said = _declared(declaration, _declared_target)
        return {"scalable_targets": lambda: _once(said, declaration.resource.address)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        found = _described(answer["ScalableTargets"], asked)
        return {"scalable_targets": {capacity: _described_target(it) for capacity, it in found}}

    def requested(self) -> Requests:
        for capacity, it in self.scalable_targets.items():
            yield request(
                "application-autoscaling:RegisterScalableTarget",
                **_place(self.name, capacity),
                MinCapacity=known(it.min_capacity),
                MaxCapacity=known(it.max_capacity),
                SuspendedState={
                    "DynamicScalingInSuspended": known(it.dynamic_scaling_in_suspended),
                    "DynamicScalingOutSuspended": known(it.dynamic_scaling_out_suspended),
                    "ScheduledScalingSuspended": known(it.scheduled_scaling_suspended),
                },
            )


class ScheduledActions(Facet):
    """What changes by schedule between how many units a table is scaled."""

    call = Call(
        "application-autoscaling:DescribeScheduledActions",
        {"ServiceNamespace": "dynamodb", "ResourceId": "table/{name}"},
        of=ARN_OF_TABLE,
        on="*",
    )
    beside = Beside("aws_appautoscaling_scheduled_action", "resource_id", many=True, bare=table_in)
    arguments: ClassVar = {"scheduled_actions": "scalable_target_action"}
    follows = ("scalable_targets",)

    scheduled_actions: list[ScheduledAction] = []

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"scheduled_actions": lambda: [it for _, it in _declared(declaration, _declared_action)]}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        found = _described(answer["ScheduledActions"], asked)
        return {"scheduled_actions": [_described_action(capacity, it) for capacity, it in found]}

    def requested(self) -> Requests:
        for it in self.scheduled_actions:
            bounds = {"MinCapacity": known(it.min_capacity), "MaxCapacity": known(it.max_capacity)}
            yield request(
                "application-autoscaling:PutScheduledAction",
                **_place(self.name, known(it.capacity)),
                ScheduledActionName=known(it.action),
                Schedule=known(it.schedule),
                ScalableTargetAction={name: units for name, units in bounds.items() if units is not None},
            )


class ScalingPolicies(Facet):
    """How the capacity of a table follows its use."""

    call = Call(
        "application-autoscaling:DescribeScalingPolicies",
        {"ServiceNamespace": "dynamodb", "ResourceId": "table/{name}"},
        of=ARN_OF_TABLE,
        on="*",
    )
    beside = Beside("aws_appautoscaling_policy", "resource_id", many=True, bare=table_in)
    arguments: ClassVar = dict.fromkeys(
        ("scaling_policies", "follows_otherwise", "provisioned_below"), _CONFIGURATION
    )
    follows = ("scalable_targets",)

    if TYPE_CHECKING:
        billing_mode: str
        provisioned_capacity: dict[str, int]
        scalable_targets: dict[str, ScalableTarget]

    scaling_policies: dict[str, ScalingPolicy] = {}
    """By `read_capacity` and `write_capacity`."""

    def follows_otherwise(self, than: Mapping[str, Following]) -> list[str]:
        """Return what follows its use not at all, or not so; nothing of a table that bills on demand.

        What is not scaled follows nothing. Raises `Undetermined` where that hangs on what is not known.
        """
        if known(self.billing_mode) == _ON_DEMAND:
            return []
        targets, policies = known(self.scalable_targets), known(self.scaling_policies)
        return each_told(than, lambda it: _follows_otherwise(it, targets.get(it), policies.get(it), than[it]))

    def provisioned_below(self, least: Mapping[str, int]) -> list[str]:
        """Return which capacity nobody scales and has fewer units than so many.

        Nothing of a table that bills on demand. Raises `Undetermined` where that hangs on what is not known.
        """
        if known(self.billing_mode) == _ON_DEMAND:
            return []
        return each_told(
            least,
            lambda it: _too_few(
                it,
                enough=lambda: known(self.provisioned_capacity).get(it, 0) >= least[it],
                scaled=lambda: _is_scaled(
                    it, known(self.scalable_targets).get(it), known(self.scaling_policies).get(it)
                ),
            ),
        )

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        said = _declared(declaration, _declared_policy)
        return {"scaling_policies": lambda: _once(said, declaration.resource.address)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        found = _described(answer["ScalingPolicies"], asked)
        told = ((capacity, policy) for capacity, it in found if (policy := _described_policy(capacity, it)))
        return {"scaling_policies": lambda: _once(told, asked.name)}

    def requested(self) -> Requests:
        for capacity, it in self.scaling_policies.items():
            yield request(
                "application-autoscaling:PutScalingPolicy",
                **_place(self.name, capacity),
                PolicyName=known(it.policy),
                PolicyType=_TRACKING,
                TargetTrackingScalingPolicyConfiguration={
                    "PredefinedMetricSpecification": {"PredefinedMetricType": _USE[capacity]},
                    "TargetValue": known(it.target_value),
                    "DisableScaleIn": known(it.disable_scale_in),
                    "ScaleInCooldown": known(it.scale_in_cooldown),
                    "ScaleOutCooldown": known(it.scale_out_cooldown),
                },
            )


def _place(table: str, capacity: str) -> dict[str, str]:
    """Return how Application Auto Scaling is told which capacity is meant."""
    dimension = next(it for it, its in _DIMENSIONS.items() if its == capacity)
    return {"ServiceNamespace": "dynamodb", "ResourceId": f"table/{table}", "ScalableDimension": dimension}


def _declared(declaration: Declaration, read: Callable[[str, Resource], T | None]) -> Iterator[tuple[str, T]]:
    """Yield what resources say of the capacities of a table; AWS refuses any other id or namespace of it.

    Raises `Undetermined` where it is not known of which they say it.
    """
    own = f"table/{known(declaration.resource.values.get('name'))}"
    for it in declaration.parts:
        names = (known(it.values.get("service_namespace")), known(it.values.get("resource_id")))
        capacity = _DIMENSIONS.get(known(it.values.get("scalable_dimension")))
        if capacity and names == ("dynamodb", own) and (found := read(capacity, it)):
            yield capacity, found


def _declared_target(capacity: str, target: Resource) -> dict[str, Any]:
    told: dict[str, Any] = {name: target.values.get(name) for name in ("min_capacity", "max_capacity")}
    for name in ("dynamic_scaling_in", "dynamic_scaling_out", "scheduled_scaling"):
        told[f"{name}_suspended"] = at(target.values, "suspended_state", f"{name}_suspended", default=False)
    return told


def _declared_action(capacity: str, action: Resource) -> dict[str, Any]:
    bounds = {it: at(action.values, "scalable_target_action", it) for it in ("min_capacity", "max_capacity")}
    return {
        "action": action.values.get("name"),
        "capacity": capacity,
        "schedule": action.values.get("schedule"),
        **{name: units if given(units) and units != "" else None for name, units in bounds.items()},
    }


def _declared_policy(capacity: str, policy: Resource) -> dict[str, Any] | None:
    """Return the policy if it is one by which the capacity follows its use; without a type it is none."""
    metric = at(policy.values, _CONFIGURATION, "predefined_metric_specification", "predefined_metric_type")
    if (known(policy.values.get("policy_type")), known(metric)) != (_TRACKING, _USE[capacity]):
        return None
    defaults = {"disable_scale_in": False, "scale_in_cooldown": 0, "scale_out_cooldown": 0}
    return {
        "policy": policy.values.get("name"),
        "target_value": at(policy.values, _CONFIGURATION, "target_value"),
        **{name: at(policy.values, _CONFIGURATION, name, default=it) for name, it in defaults.items()},
    }


def _once(found: Iterable[tuple[str, T]], table: str) -> dict[str, T]:
    """Return what is said of each capacity. Raises `Undetermined` where that is said twice, and differs.

    AWS keeps what was registered last, and refuses a second policy for the same metric. Source: Application
    Auto Scaling User Guide, "Target tracking scaling policies".
    """
    said: dict[str, T] = {}
    for capacity, it in found:
        if said.setdefault(capacity, it) != it:
            raise Undetermined(f"how {capacity} of {table} is scaled is said twice, and otherwise each time")
    return said


def _described(listed: Iterable[Mapping[str, Any]], asked: Asked) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what AWS lists of the capacities of the table that is asked about."""
    for it in listed:
        capacity = _DIMENSIONS.get(it["ScalableDimension"])
        if capacity and it["ResourceId"] == f"table/{asked.name}":
            yield capacity, it


def _described_target(target: Mapping[str, Any]) -> ScalableTarget:
    suspended = target.get("SuspendedState") or {}
    return ScalableTarget(
        min_capacity=target["MinCapacity"],
        max_capacity=target["MaxCapacity"],
        dynamic_scaling_in_suspended=suspended.get("DynamicScalingInSuspended", False),
        dynamic_scaling_out_suspended=suspended.get("DynamicScalingOutSuspended", False),
        scheduled_scaling_suspended=suspended.get("ScheduledScalingSuspended", False),
    )


def _described_action(capacity: str, action: Mapping[str, Any]) -> ScheduledAction:
    bounds = action.get("ScalableTargetAction") or {}
    return ScheduledAction(
        action=action["ScheduledActionName"],
        capacity=capacity,
        schedule=action.get("Schedule", ""),
        min_capacity=bounds.get("MinCapacity"),
        max_capacity=bounds.get("MaxCapacity"),
    )


def _described_policy(capacity: str, policy: Mapping[str, Any]) -> ScalingPolicy | None:
    told = policy.get("TargetTrackingScalingPolicyConfiguration", {})
    metric = told.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    if (policy["PolicyType"], metric) != (_TRACKING, _USE[capacity]):
        return None
    return ScalingPolicy(
        policy=policy["PolicyName"],
        target_value=told["TargetValue"],
        disable_scale_in=told.get("DisableScaleIn", False),
        scale_in_cooldown=told.get("ScaleInCooldown", 0),
        scale_out_cooldown=told.get("ScaleOutCooldown", 0),
    )


def _scaled_otherwise(capacity: str, target: ScalableTarget | None, than: Bounds) -> Iterator[str]:
    if target is None:
        yield f"{capacity} is not scaled"
        return
    yield from _unlike(capacity, target, than)
    yield from _suspended(capacity, target)


def _follows_otherwise(
    capacity: str, target: ScalableTarget | None, policy: ScalingPolicy | None, than: Following
) -> Iterator[str]:
    if target is None:
        yield f"{capacity} is not scaled"
        return
    if policy is None:
        yield f"no policy lets {capacity} follow its use"
    else:
        yield from _unlike(capacity, policy, than)
    yield from _suspended(capacity, target)


def _too_few(capacity: str, enough: Callable[[], bool], scaled: Callable[[], bool]) -> Iterator[str]:
    if not one_is((enough, scaled), lambda it: it()):
        yield f"{capacity} is not scaled, and has too few units"


def _is_scaled(capacity: str, target: ScalableTarget | None, policy: ScalingPolicy | None) -> bool:
    return target is not None and policy is not None and not [*_suspended(capacity, target)]


def _suspended(capacity: str, target: ScalableTarget) -> Iterator[str]:
    if one_is((target.dynamic_scaling_in_suspended, target.dynamic_scaling_out_suspended), known):
        yield f"{capacity} is not scaled: that is suspended"


def _unlike(capacity: str, found: Model, than: Model, *, said: bool = False) -> Iterator[str]:
    """Yield what of a capacity is otherwise than it is to be, where that is said; of what is said alone."""
    for name, wanted in than:
        told = known(getattr(found, name)) if wanted is not None else wanted
        if told != wanted and not (said and told is None):
            yield f"{capacity}: {name} is {told}"
