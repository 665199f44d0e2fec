"""Where the services of an account are asked: all at one place, but for those that somebody names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from plumbline.aws.definitions import loader
from plumbline.aws.guard import GuardError
from plumbline.values.arns import SUFFIXES, partition_of

if TYPE_CHECKING:
    from botocore.model import OperationModel

_SETTING = "AWS_ENDPOINT_URL"
_AS_WHOM = ("aws_", "role_", "source_", "credential_", "sso_", "web_identity_", "external_id", "mfa_")
"""How the settings of a profile begin that say who asks. Source: AWS SDKs and Tools Reference Guide."""
_IN_ENVIRONMENT = re.compile(r"AWS_(ENDPOINT|IGNORE|USE|S3|STS|DEFAULTS|REGION|DEFAULT_REGION|SDK).*")
_NAMES = {
    "s3control": "S3_CONTROL",
    "logs": "CLOUDWATCH_LOGS",
    "events": "EVENTBRIDGE",
    "config": "CONFIG_SERVICE",
}
"""How settings call a service that botocore calls otherwise. Source: AWS SDKs and Tools Reference Guide."""


def is_of_aws(client: Any) -> bool:
    """Return whether a client asks AWS itself: at an address of its service and region, or by a VPC's way.

    How a host ends does not say so: load balancers, APIs and machines of anybody are below amazonaws.com.
    """
    service, region = client.meta.service_model.endpoint_prefix, client.meta.region_name
    host = _host(client)
    return host in _hosts(service, region) or bool(_through_a_vpc(service, region).fullmatch(host))


def is_at_its_usual_place(client: Any) -> bool:
    """Return whether a client asks AWS itself at an address that everybody asks it at: by no VPC's way."""
    return _host(client) in _hosts(client.meta.service_model.endpoint_prefix, client.meta.region_name)


def _host(client: Any) -> str:
    """Return the host that a client asks; empty where it asks otherwise than AWS is asked."""
    address = urlsplit(str(client.meta.endpoint_url))
    return (address.hostname or "") if address.scheme == "https" and address.port in (None, 443) else ""


@cache
def _hosts(service: str, region: str) -> frozenset[str]:
    """Return the hosts of a service, those for FIPS and for both versions of IP too.

    Source: botocore's endpoint data; AWS General Reference, "AWS service endpoints".
    """
    found = (
        _resolver().construct_endpoint(service, region, use_dualstack_endpoint=both, use_fips_endpoint=fips)
        for both, fips in product((False, True), repeat=2)
    )
    of_first_region = f"{service}.{SUFFIXES[partition_of(region)]}"  # as S3 and STS have it
    return frozenset({of_first_region, *(it["hostname"] for it in found if it)})


@cache
def _resolver() -> Any:
    from botocore.regions import EndpointResolver

    return EndpointResolver(loader(None).load_data("endpoints"))


def _through_a_vpc(service: str, region: str) -> re.Pattern[str]:
    """Return the names of interface endpoints. Source: AWS PrivateLink Guide, "DNS names of endpoints"."""
    suffix = SUFFIXES[partition_of(region)]
    return re.compile(
        rf"(bucket\.|control\.)?vpce-[0-9a-z-]+\.{re.escape(f'{service}.{region}.vpce.{suffix}')}"
    )


def refuse_other_places(
    clients: Callable[[str, str], Any], services: Collection[str], region: str, named: Mapping[str, str]
) -> None:
    """Raise `GuardError` where a service would be asked at another place than whose account it is.

    `named` are the addresses of services that may lie elsewhere. Of another place nobody knows whose it is.
    """
    identity = clients("sts", region)
    here = str(identity.meta.endpoint_url)
    asked = {it: clients(it, region) for it in sorted({*services} - {*named})}
    elsewhere = {
        service: str(client.meta.endpoint_url)
        for service, client in asked.items()
        if not is_one_place(identity, client)
    }
    if elsewhere:
        told = ", ".join(f"{service} is asked at {there}" for service, there in elsewhere.items())
        whose = "AWS" if is_of_aws(identity) else here
        raise GuardError(
            f"{told}, and whose account it is at {whose}.\nNothing was read. "
            f"Unset {', '.join(map(_variable, elsewhere))}, or what ~/.aws/config says of it, or say that it "
            f"is meant: --endpoint {next(iter(elsewhere))}=URL"
        )


def apart(
    clients: Callable[[str, str], Any], services: Collection[str], region: str, named: Collection[str]
) -> dict[str, str]:
    """Return where services are asked that are neither at their usual place nor where STS is, nor named."""
    asked = {it: clients(it, region) for it in sorted({*services} - {*named, "sts"})}
    here = _netloc(clients("sts", region))
    return {
        service: str(client.meta.endpoint_url)
        for service, client in asked.items()
        if not is_at_its_usual_place(client) and _netloc(client) != here
    }


def _netloc(client: Any) -> str:
    return urlsplit(str(client.meta.endpoint_url)).netloc


def are_configured(session: Any) -> bool:
    """Return whether a session says anything of where services are asked."""
    profile: Mapping[str, Any] = session.get_scoped_config()
    return any(it.startswith(_SETTING) for it in os.environ) or not {"endpoint_url", "services"}.isdisjoint(
        profile
    )


@dataclass(frozen=True)
class Configured:
    """What a session says of where services are asked, and what gives its clients."""

    said: str
    clients: Callable[[str, str], Any] = field(compare=False)

    @classmethod
    def by(cls, session: Any, endpoints: Mapping[str, str], clients: Callable[[str, str], Any]) -> Configured:
        """Return what botocore's session, its profile and the environment say; not as whom they ask."""
        profile = session.get_scoped_config()
        said = {it: profile[it] for it in profile if not it.startswith(_AS_WHOM)}
        section = session.full_config.get("services", {}).get(profile.get("services"))
        variables = {it: told for it, told in os.environ.items() if _IN_ENVIRONMENT.fullmatch(it)}
        return cls(repr([sorted(it.items()) for it in (said, section or {}, variables, endpoints)]), clients)


@cache
def first_alike(configured: Configured) -> Callable[[str, str], Any]:
    """Return what gives the clients of the first session that says the same.

    A client takes longer to make than an account to answer, and where it asks is all that is looked at.
    """
    return configured.clients


def is_one_place(here: Any, there: Any) -> bool:
    """Return whether two clients ask AWS, or both the same place that is not AWS."""
    if is_of_aws(here) or is_of_aws(there):
        return is_of_aws(here) and is_of_aws(there)
    return _netloc(here) == _netloc(there)


def _variable(service: str) -> str:
    return f"{_SETTING}_{_NAMES.get(service, service).upper().replace('-', '_')}"


def owned(parameters: Mapping[str, Any], model: OperationModel, account: str) -> dict[str, Any]:
    """Return the parameters of a call so that S3 answers of a bucket only where the account owns it.

    Source: Amazon S3 User Guide, "Verifying bucket ownership with bucket owner condition".
    """
    of_buckets = model.service_model.service_name == "s3" and model.input_shape is not None
    takes = of_buckets and "ExpectedBucketOwner" in model.input_shape.members
    return {"ExpectedBucketOwner": account, **parameters} if takes else {**parameters}
