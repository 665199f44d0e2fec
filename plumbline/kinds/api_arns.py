"""ARNs by which API Gateway says for which request of which API it asks: also while AWS has to choose the id.

Source: API Gateway Developer Guide, "Control access for invoking an API": the resource of the execution
service; Lambda Developer Guide, "Granting function access to AWS services".
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from plumbline.terraform.declared import settings_of
from plumbline.terraform.values import is_derived, parts_of
from plumbline.values.arns import partition_of
from plumbline.values.unknown import Identity, Placeholder, Spelled, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plumbline.kinds.call import Asked
    from plumbline.terraform.model import Configuration, Resource, Settings

REST_API = "aws_api_gateway_rest_api"
_APIS = (REST_API, "aws_apigatewayv2_api")
_STAGE = "aws_api_gateway_stage"
TYPES = (*_APIS, _STAGE)
_MEANS_SOMETHING = re.compile(r"[:/*?$]")


def execution_arn(settings: Settings, identifier: Any) -> str | None:
    """Return the ARN that the requests to an API begin with; None where it is not known."""
    if not all(isinstance(it, str) for it in (settings.account, settings.region, identifier)):
        return None
    return f"arn:{settings.partition}:execute-api:{settings.region}:{settings.account}:{identifier}"


def own_execution_arn(api: Mapping[str, Any], settings: Settings) -> str | None:
    """Return it of an API of Terraform, whose id may have been chosen by now."""
    try:
        identifier = api["id"]
    except KeyError:
        return None
    return execution_arn(settings, identifier)


def described_execution_arn(asked: Asked, identifier: str) -> str:
    """Return it of an API of an account."""
    return f"arn:{partition_of(asked.region)}:execute-api:{asked.region}:{asked.account}:{identifier}"


def declared_execution_arn(api: Resource, configuration: Configuration) -> Any:
    """Return it of an API of Terraform: spelled with what stands for its id while AWS has to choose that."""
    settings = settings_of(api, configuration)
    told = {**configuration.chosen_for(api), **api.values}.get("id")
    if isinstance(told, str) and told:
        return execution_arn(settings, told) or Unknown(f"{api.address}.execution_arn")
    spelled = execution_arn(settings, _stands_for(api))
    origin = f"{api.address}.execution_arn"
    return Spelled(origin, spelled) if spelled else Unknown(origin)


def spelled(value: Any, configuration: Configuration) -> Any:
    """Return a text with what stands for the ids of APIs in it; as it is where anything else is unknown."""
    if not isinstance(value, Unknown):
        return value
    texts = [_text(it, configuration) for it in parts_of(value)]
    whole = "".join(it for it in texts if it is not None)
    return Spelled(value.origin, whole) if texts and None not in texts else value


def as_spelled(value: Any) -> Any:
    """Return a value for whoever only compares it with what is spelled likewise."""
    return value.text if isinstance(value, Spelled) else value


def _text(part: str | Unknown, configuration: Configuration) -> str | None:
    """Return what stands for a part of a text; None where that is not known."""
    if isinstance(part, str):
        return part
    if is_derived(part):
        return None
    address, _, attribute = part.origin.rpartition(".")
    try:
        resource = configuration.at(address)
    except KeyError:
        return None
    if resource.type in _APIS and attribute == "id":
        return _stands_for(resource)
    if resource.type in _APIS and attribute == "arn":
        return _managed_at(resource, configuration)
    if resource.type in _APIS and attribute == "execution_arn":
        return _known(as_spelled(declared_execution_arn(resource, configuration)))
    if resource.type == _STAGE and attribute == "execution_arn":
        return _of_stage(resource, configuration)
    return None


def _managed_at(api: Resource, configuration: Configuration) -> str | None:
    """Return the ARN by which an API itself is changed, and none of its requests is told."""
    settings = settings_of(api, configuration)
    if not isinstance(settings.region, str):
        return None
    kind = "restapis" if api.type == REST_API else "apis"
    return f"arn:{settings.partition}:apigateway:{settings.region}::/{kind}/{_stands_for(api)}"


def _of_stage(stage: Resource, configuration: Configuration) -> str | None:
    """Return the ARN that the requests to a stage begin with."""
    named, name = stage.values.get("rest_api_id"), stage.values.get("stage_name")
    for api in configuration.of_type(REST_API):
        if isinstance(named, Identity) and named.address == api.address and isinstance(name, str):
            own = _known(as_spelled(declared_execution_arn(api, configuration)))
            return own and f"{own}/{name}"
    return None


def _known(value: Any) -> str | None:
    return None if isinstance(value, Placeholder) else str(value)


def _stands_for(resource: Resource) -> str:
    """Return what stands for the id of an API in an ARN, where no pattern takes it for anything else."""
    root = "/".join(PurePath(resource.root).parts[-2:])
    return "{" + _MEANS_SOMETHING.sub("_", f"{root} {resource.address}".strip()) + "}"
