"""Sessions for deployed accounts: standard AWS configuration, guarded before the first read."""

from __future__ import annotations

import functools
import re
import shlex
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plumbline.aws.bounded import Bounded
from plumbline.aws.definitions import loader
from plumbline.aws.everywhere import own
from plumbline.aws.foreign import refuse_foreign
from plumbline.aws.guard import WHO_AM_I, GuardError, Refuses, any_resource, refusing_all_but
from plumbline.aws.places import Configured, apart, are_configured, first_alike, refuse_other_places
from plumbline.aws.plain_http import leave_tls_out
from plumbline.aws.quiet import hush
from plumbline.aws.reads import FOREIGN, INCOMPLETE, Answers, Aws, Refusal, note_request

if TYPE_CHECKING:
    from plumbline.aws.probing import Probing
    from plumbline.expectations.stack import Environment
    from plumbline.values.window import Window

CONNECT_SECONDS = 5
READ_SECONDS = 20


@dataclass(frozen=True)
class Reached:
    """An account that somebody has credentials of, and what tells whether it is the one that is meant."""

    aws: Aws
    check: Callable[[], None]
    """Raises `GuardError` where it is not; nothing is to be read before."""


def connect(environment: str, *how: Any, **more: Any) -> Aws:
    """Return the account of an environment, known to be its own. Takes what `reach` takes."""
    reached = reach(environment, *how, **more)
    reached.check()
    return reached.aws


def reach(
    environment: str,
    settings: Environment,
    region: str,
    answers: Answers,
    calls: ThreadPoolExecutor,
    allowed: Collection[str],
    window: Window | None = None,
    probing: Probing | None = None,
    endpoints: Mapping[str, str] | None = None,
    refuses: Refuses = any_resource,
    *,
    reads_secrets: bool = False,
) -> Reached:
    """Return the account that there are credentials of, before anybody is asked whose it is.

    `allowed` are the operations, such as `s3:HeadBucket`, that may be called, and `refuses` says of which
    resources not; `reads_secrets` says whether what is secret may be read; `endpoints` are the addresses of
    services that lie elsewhere. Raises `GuardError` for missing and expired credentials; the check does for
    foreign ones, for an unreachable endpoint, and for a service that is asked at another place than whose
    account it is.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    assert settings.account, "a run of an environment without an account is refused before it connects"
    hush()
    try:
        session = boto3.Session(botocore_session=_session(settings.profile), region_name=region)
        if settings.role:
            session = _assumed(session, settings.role, region)
        clients = _clients(session, refusing_all_but(allowed, refuses), endpoints or {})
        clients("sts", region)
    except (BotoCoreError, ClientError) as error:
        raise GuardError(_explain(environment, settings, region, type(error).__name__, str(error))) from None
    except (ResponseParserError, LookupError) as error:  # what came is no answer about the role to assume
        raise GuardError(_explain(environment, settings, region, FOREIGN, str(error))) from None
    aws = Aws(clients, settings.account, region, answers, calls, window, probing, reads_secrets)
    asked = first_alike(Configured.by(session._session, endpoints or {}, clients))

    def check() -> None:
        _guard_account(aws, environment, settings)
        if are_configured(session._session):
            services = {it.partition(":")[0] for it in allowed}
            refuse_other_places(asked, services, region, endpoints or {})
            aws.apart = apart(asked, services, region, endpoints or {})

    return Reached(aws, check)


_ENABLED_BY_DEFAULT = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"),
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
)
"""Regions that every account has. Source: AWS Account Management Guide, "Enable or disable AWS Regions"."""
_OPT_IN = (
    ".\n{region} is a region that an account has to enable, and tokens of the global STS endpoint do not "
    "hold in it.\nEnable it: aws account enable-region --region-name {region}; or take tokens of a regional "
    "endpoint: export AWS_STS_REGIONAL_ENDPOINTS=regional"
)


def _guard_account(aws: Aws, environment: str, settings: Environment) -> None:
    answer = aws.ask(WHO_AM_I)
    if isinstance(answer, Refusal):
        raise GuardError(_explain(environment, settings, aws.region, answer.code, answer.message))
    if answer.get("Account") != settings.account:
        raise GuardError(
            f"environment {environment} is account {settings.account}, but the credentials in use belong to "
            f"account {answer.get('Account')} ({answer.get('Arn')}).\n"
            f"Nothing was read. {_to_choose(settings)}"
        )


def _explain(environment: str, settings: Environment, region: str, code: str, message: str) -> str:
    """Return what to do about a session that cannot start."""
    wanted = f"environment {environment} needs credentials of account {settings.account}"
    if code in ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"):
        return f"{wanted}, and {_to_sign_in(settings.profile)}"
    if code == "ProfileNotFound":
        return f"{wanted}: {message}.\nList the profiles there are: aws configure list-profiles"
    if "Expired" in code or code in (
        "TokenRefreshRequired",
        "UnauthorizedSSOTokenError",
        "SSOTokenLoadError",
    ):
        own = f" --profile {shlex.quote(settings.profile)}" if settings.profile else ""
        return f"{wanted}, and those in use have expired ({code}).\nRenew them: aws sso login{own}"
    if code in (FOREIGN, INCOMPLETE):
        advice = "Is AWS_ENDPOINT_URL, a proxy or a captive portal something else than AWS?"
        return f"{wanted}, and the answer to who they belong to is not AWS's.\n{advice}"
    if "Connect" in code or "Endpoint" in code or "Timeout" in code:
        advice = "Check the network, and AWS_ENDPOINT_URL if it is set."
        return f"{wanted}: AWS cannot be reached ({message}).\n{advice}"
    told = f"{wanted}, and AWS refused those in use: {code}: {message}"
    unknown = code in ("InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "InvalidToken")
    return told + _OPT_IN.format(region=region) if unknown and region not in _ENABLED_BY_DEFAULT else told


def _to_choose(settings: Environment) -> str:
    """Return how credentials of the environment's account are chosen instead."""
    account, profile = settings.account, settings.profile
    if profile:
        return f"Its stack names profile {profile}: mend that, or name one of account {account}."
    alone = f"Choose a profile of account {account}: export AWS_PROFILE=..."
    return f"{alone}, or, where a run reads several accounts, as `profile` of each environment in its stack."


def _to_sign_in(profile: str | None) -> str:
    """Return that there are no credentials, and how to get some: of the profile that a stack names, if so."""
    if not profile:
        return "none were found.\nSet AWS_PROFILE, or run: aws sso login --profile <profile>"
    own = f"--profile {shlex.quote(profile)}"
    told = f"profile {profile}, which its stack names, gives none"
    return f"{told}.\nRun: aws sso login {own}, or aws configure {own}"


def _session(profile: str | None) -> Any:
    """Return a session of botocore that reads the definition of no service anew."""
    from botocore.session import Session

    made = Session(profile=profile)
    made.register_component("data_loader", loader(made.get_config_variable("data_path")))
    return made


def usual(profiles: Iterable[str | None], endpoints: Mapping[str, str]) -> Callable[[str, str], list[Any]]:
    """Return what gives the clients that ask a service in a region where a run asks it; nothing is asked."""
    sessions = [_session(it) for it in dict.fromkeys(profiles)]
    nobody = {"aws_access_key_id": "nobody", "aws_secret_access_key": "nobody"}  # lest any are fetched

    @functools.cache
    def clients(service: str, region: str) -> list[Any]:
        where = {**nobody, "region_name": region, "endpoint_url": endpoints.get(service)}
        return [it.create_client(service, **where) for it in sessions]

    return clients


def _assumed(session: Any, role: str, region: str) -> Any:
    import boto3

    sts = session.client("sts", region_name=region)
    sts.meta.events.register("before-parse", refuse_foreign)
    credentials = sts.assume_role(RoleArn=role, RoleSessionName="plumbline")["Credentials"]
    return boto3.Session(
        botocore_session=_session(None),
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        region_name=region,
    )


def _clients(
    session: Any, guard: Callable[..., None], endpoints: Mapping[str, str]
) -> Callable[[str, str], Any]:
    """Return a function that gives one guarded client for each service and region."""
    from botocore.config import Config

    for event in ("before-parameter-build", "before-call"):
        session.events.register_first(event, guard)
    session.events.register("before-call.s3-control", ask_the_address_itself)
    session.events.register("before-call.s3", leave_tls_out)
    session.events.register("before-parse", refuse_foreign)
    session.events.register("after-call", note_request)
    config = Config(
        retries={"mode": "adaptive"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=50,
    )
    lock = threading.Lock()

    @functools.cache
    def make(service: str, region: str) -> Any:
        where = {"endpoint_url": endpoints[service]} if service in endpoints else {}
        made = session.client(service, region_name=region, config=config, **where)
        made._endpoint.http_session = Bounded(made._endpoint.http_session)
        return own(made)

    def client(service: str, region: str) -> Any:
        with lock:  # boto3 sessions are not thread safe; their clients are
            return make(service, region)

    return client


def ask_the_address_itself(params: dict[str, Any], **_: Any) -> None:
    """Take the account id from in front of a host under which there are no names.

    S3 Control puts it there, also where AWS_ENDPOINT_URL is the address of a server on this machine.
    """
    params["url"] = re.sub(r"//\d{12}\.((?:\d+\.){3}\d+|localhost)(?=[:/])", r"//\1", params["url"])
