"""What the AWS provider knows of each region without asking AWS: accounts of services, and hosted zones.

The record is what the provider answers, by `selftest.terraform.record_regional`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from plumbline.terraform.values import Value

RECORD = Path(__file__).parent / "schemas" / "regional.json"


@dataclass(frozen=True)
class Asked:
    """A data source that the provider answers by region, and with which arguments."""

    type: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    arn: str = ""
    """Its ARN, where it has one, of the partition and the id."""


_OF_ROOT = "arn:{partition}:iam::{id}:root"
BY_TYPE = {
    "load_balancing_account": Asked("aws_elb_service_account", arn=_OF_ROOT),
    "trail_account": Asked("aws_cloudtrail_service_account", arn=_OF_ROOT),
    "warehouse_account": Asked("aws_redshift_service_account", arn="arn:{partition}:iam::{id}:user/logs"),
    "classic_zone": Asked("aws_elb_hosted_zone_id"),
    "application_zone": Asked("aws_lb_hosted_zone_id", {"load_balancer_type": "application"}),
    "network_zone": Asked("aws_lb_hosted_zone_id", {"load_balancer_type": "network"}),
    "platform_zone": Asked("aws_elastic_beanstalk_hosted_zone"),
    "distribution_logs": Asked("aws_cloudfront_log_delivery_canonical_user_id"),
}
"""By the name that the record has for it."""
TYPES = frozenset(it.type for it in BY_TYPE.values())


def answer(
    type: str, values: Mapping[str, Value], region: str | None, partition: str
) -> dict[str, Value] | None:
    """Return what a data source of `TYPES` gives in a region; None where that is not in the record.

    `partition` is the provider's. What of the arguments is not given is as the provider has it.
    """
    for name, it in BY_TYPE.items():
        kind = str(values.get("load_balancer_type") or "application")
        if it.type == type and it.arguments.get("load_balancer_type", kind) == kind:
            found = _record()[name].get(region or "")
            if found is None:
                return None
            arn = {"arn": it.arn.format(partition=partition, id=found)} if it.arn else {}
            return {"id": found, **it.arguments, **arn}
    return None


@cache
def _record() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(RECORD.read_text("utf-8"))
    return found
