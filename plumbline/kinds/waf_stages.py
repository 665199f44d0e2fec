"""The stages of REST APIs that a web ACL stands before.

An ARN has the id of the API, which AWS chooses; here it goes by its name, on every source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Asked, Call
from plumbline.terraform.companions import refers_to
from plumbline.terraform.declared import Declaration
from plumbline.values.model import Model
from plumbline.values.some_of import SomeOf, doubted
from plumbline.values.unknown import Placeholder, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

_STAGE, _API = "aws_api_gateway_stage", "aws_api_gateway_rest_api"
_ASSOCIATION = "aws_wafv2_web_acl_association"
TYPES = (_STAGE, _API)
API = Call(
    "apigateway:GetRestApi",
    {"restApiId": "{api}"},
    of="arn:aws:apigateway:{region}::/restapis/{api}",
    on="arn:aws:apigateway:{region}::/restapis/*",
    action="apigateway:GET",
)
_ARN = re.compile(r"arn:[\w-]+:apigateway:[\w-]*::/restapis/([^/]+)/stages/([^/]+)")


class ApiStage(Model):
    """A stage of a REST API."""

    api: str
    """The name of the API."""
    stage: str


def described_stage(arn: str, asked: Asked) -> ApiStage:
    """Return the stage of an ARN. Raises `ValueError` for an ARN that is none of a stage."""
    found = _ARN.fullmatch(arn)
    if found is None:
        raise ValueError(f"{arn} is no stage of a REST API")
    api = asked.ask(API, api=found[1]).answer["name"]
    return ApiStage(api=api, stage=found[2])


def declared_stages(declaration: Declaration) -> list[ApiStage] | SomeOf:
    """Return the stages that the associations of a web ACL name; where others may be among them, those.

    Raises `Undetermined` where the association of another one is for the same: what is applied last stands.
    """
    here = declaration.configuration
    for other in here.of_type(_ASSOCIATION):
        same = (it for it in declaration.parts if _are_for_one(other, it, here))
        if other not in declaration.parts and (own := next(same, None)):
            raise Undetermined(
                f"{own.address} and {other.address} are for one stage, and what is applied last stands"
            )
    stages: list[ApiStage] = []
    doubts: list[str] = []
    for association in declaration.parts:
        named = association.values.get("resource_arn")
        if isinstance(named, Placeholder):
            found = next((it for it in here.of_type(_STAGE) if refers_to(named, it)), None)
            if found is not None:
                name: Any = found.values.get("stage_name")
                stages.append(ApiStage(api=_api(found, here), stage=name))
            elif not any(refers_to(named, it) for it in here.resources):
                doubts.append(f"known only after apply: what {association.address} is for")
        elif told := _ARN.fullmatch(str(named)):
            stages.append(ApiStage(api=_named_by(told[1], here), stage=told[2]))
    return doubted(stages, doubts)


def _are_for_one(one: Resource, other: Resource, here: Configuration) -> bool:
    """Return whether two associations are known to be for the same stage."""
    named, besides = (it.values.get("resource_arn") for it in (one, other))
    if isinstance(named, Placeholder) and isinstance(besides, Placeholder):
        return any(refers_to(named, it) and refers_to(besides, it) for it in here.of_type(_STAGE))
    return isinstance(named, str) and named == besides


def _api(stage: Resource, configuration: Configuration) -> Any:
    """Return the name of the API that a stage is of."""
    named = stage.values.get("rest_api_id")
    if isinstance(named, str):
        return _named_by(named, configuration)
    found = next((it for it in configuration.of_type(_API) if refers_to(named, it)), None)
    return Unknown(f"{stage.address}.rest_api_id") if found is None else found.values.get("name")


def _named_by(identifier: str, configuration: Configuration) -> Any:
    """Return the name of the API of an id, where a state has it."""
    for it in configuration.of_type(_API):
        if it.values.get("id") == identifier:
            return it.values.get("name")
    return Unknown(f"the name of API {identifier}")
