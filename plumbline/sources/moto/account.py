"""AWS in this process: moto, cut off from the network and from the user's AWS configuration."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

from plumbline.aws.definitions import loader
from plumbline.aws.everywhere import let
from plumbline.aws.reads import Answers, Aws

NOWHERE = "http://127.0.0.1:9"
"""The proxy for what moto does not answer: nobody listens there, so nothing leaves the process."""


def account(number: str, region: str) -> Aws:
    """Return an empty account in moto, with an answer store of its own."""
    _start()
    return Aws(_clients(number), number, region, Answers(), calls=None)


def empty_all() -> None:
    """Empty all accounts in moto, so that the same can be filled anew in this process."""
    from moto.core.base_backend import BackendDict

    BackendDict.reset()


@functools.cache
def _start() -> Any:
    import moto.core.utils
    from moto import mock_aws

    from plumbline.sources.moto import extensions

    extensions.install()
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # some hundred machine images for each region
    for chosen in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):  # moto asks boto3 for the regions there are, and
        os.environ.pop(chosen, None)  # boto3 refuses a profile that nobody has configured
    setattr(moto.core.utils, "create_loader", lambda: loader(None))  # noqa: B010  # mypy knows no such name
    mock = mock_aws()
    mock.start()
    return mock


@functools.cache
def _clients(number: str) -> Callable[[str, str], Any]:
    import boto3
    import botocore.session
    from botocore.config import Config

    nothing = {"profile": None, "config_file": os.devnull, "credentials_file": os.devnull}
    variables = {name: (None, None, value, None) for name, value in nothing.items()}
    core = botocore.session.Session(session_vars=variables)
    core.register_component("data_loader", loader(None))
    session = boto3.Session(
        botocore_session=core,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )

    def as_account(params: dict[str, Any], **_: Any) -> None:
        params["headers"]["x-moto-account-id"] = number

    session.events.register("before-call", as_account)
    config = Config(ignore_configured_endpoint_urls=True, proxies=dict.fromkeys(("http", "https"), NOWHERE))

    @functools.cache
    def client(service: str, region: str) -> Any:
        return let(session.client(service, region_name=region, config=config))

    return client
