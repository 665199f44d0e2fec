"""Where the services of an account are asked: all at one place, but for those that somebody names."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from plumbline.aws.guard import GuardError
from plumbline.values.arns import SUFFIXES

if TYPE_CHECKING:
    from botocore.model import OperationModel

_OF_AWS = (*(f".{it}" for it in SUFFIXES.values()), ".api.aws", ".api.amazonwebservices.com.cn")
"""How hosts of AWS end. Source: AWS General Reference, "AWS service endpoints"."""
_SETTING = "AWS_ENDPOINT_URL"
_NAMES = {
    "s3control": "S3_CONTROL",
    "logs": "CLOUDWATCH_LOGS",
    "events": "EVENTBRIDGE",
    "config": "CONFIG_SERVICE",
}
"""How settings call a service that botocore calls otherwise. Source: AWS SDKs and Tools Reference Guide."""


def is_of_aws(address: str) -> bool:
    """Return whether an address is AWS's own."""
    return (urlsplit(address).hostname or "").endswith(_OF_AWS)


def refuse_other_places(
    clients: Callable[[str, str], Any], services: Collection[str], region: str, named: Mapping[str, str]
) -> None:
    """Raise `GuardError` where a service would be asked at another place than whose account it is.

    `named` are the addresses of services that may lie elsewhere. Of another place nobody knows whose it is.
    """
    here = str(clients("sts", region).meta.endpoint_url)
    asked = {it: str(clients(it, region).meta.endpoint_url) for it in sorted({*services} - {*named})}
    elsewhere = {service: there for service, there in asked.items() if not _is_one_place(here, there)}
    if elsewhere:
        told = ", ".join(f"{service} is asked at {there}" for service, there in elsewhere.items())
        raise GuardError(
            f"{told}, and whose account it is at {'AWS' if is_of_aws(here) else here}.\nNothing was read. "
            f"Unset {', '.join(map(_variable, elsewhere))}, or what ~/.aws/config says of it, or say that it "
            f"is meant: --endpoint {next(iter(elsewhere))}=URL"
        )


def are_configured(session: Any) -> bool:
    """Return whether a session says anything of where services are asked."""
    profile: Mapping[str, Any] = session.get_scoped_config()
    return any(it.startswith(_SETTING) for it in os.environ) or not {"endpoint_url", "services"}.isdisjoint(
        profile
    )


def _is_one_place(here: str, there: str) -> bool:
    return (is_of_aws(here) and is_of_aws(there)) or urlsplit(here).netloc == urlsplit(there).netloc


def _variable(service: str) -> str:
    return f"{_SETTING}_{_NAMES.get(service, service).upper().replace('-', '_')}"


def owned(parameters: Mapping[str, Any], model: OperationModel, account: str) -> dict[str, Any]:
    """Return the parameters of a call so that S3 answers of a bucket only where the account owns it.

    Source: Amazon S3 User Guide, "Verifying bucket ownership with bucket owner condition".
    """
    of_buckets = model.service_model.service_name == "s3" and model.input_shape is not None
    takes = of_buckets and "ExpectedBucketOwner" in model.input_shape.members
    return {"ExpectedBucketOwner": account, **parameters} if takes else {**parameters}
