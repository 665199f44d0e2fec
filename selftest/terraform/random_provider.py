"""A stand-in of the provider hashicorp/random, for the proofs alone: of its resources it has `random_id`.

Terraform starts it as it starts any provider; `selftest.terraform.mirror` lays it where Terraform looks. What
it plans, computes and replaces follows the documentation of the real one, version 3: an id is made of as many
random bytes as `byte_length` says, written in five ways, and each argument replaces it.
"""

from __future__ import annotations

import base64
import secrets
from typing import Any

from tf import types
from tf.iface import (
    CreateContext,
    DeleteContext,
    PlanContext,
    Provider,
    ReadContext,
    Resource,
    UpdateContext,
)
from tf.runner import run_provider
from tf.schema import Attribute, Schema

_WRITTEN = ("id", "b64_url", "b64_std", "hex", "dec")


class RandomId(Resource):
    """Random bytes, made once."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    @classmethod
    def get_name(cls) -> str:
        return "id"

    @classmethod
    def get_schema(cls) -> Schema:
        text = types.String()
        return Schema(
            version=0,
            attributes=[
                Attribute("byte_length", types.Number(), required=True, requires_replace=True),
                Attribute("keepers", types.Map(text), optional=True, requires_replace=True),
                Attribute("prefix", text, optional=True, requires_replace=True),
                *(Attribute(name, text, computed=True) for name in _WRITTEN),
            ],
        )

    def plan(
        self, ctx: PlanContext, current: dict[str, Any] | None, planned: dict[str, Any]
    ) -> dict[str, Any]:
        return planned

    def create(self, ctx: CreateContext, planned: dict[str, Any]) -> dict[str, Any]:
        return planned | written(secrets.token_bytes(int(planned["byte_length"])), planned["prefix"] or "")

    def read(self, ctx: ReadContext, current: dict[str, Any]) -> dict[str, Any]:
        return current

    def update(self, ctx: UpdateContext, current: dict[str, Any], planned: dict[str, Any]) -> dict[str, Any]:
        return planned

    def delete(self, ctx: DeleteContext, current: dict[str, Any]) -> None:
        return None


def written(number: bytes, prefix: str) -> dict[str, str]:
    """Return bytes as the provider writes them: all but the id behind the prefix."""
    url = base64.urlsafe_b64encode(number).decode().rstrip("=")
    return {
        "id": url,
        "b64_url": prefix + url,
        "b64_std": prefix + base64.b64encode(number).decode(),
        "hex": prefix + number.hex(),
        "dec": prefix + str(int.from_bytes(number, "big")),
    }


class RandomProvider(Provider):
    """Settings it has none."""

    def get_model_prefix(self) -> str:
        return "random_"

    def full_name(self) -> str:
        return "registry.terraform.io/hashicorp/random"

    def get_provider_schema(self, diags: object) -> Schema:
        return Schema()

    def validate_config(self, diags: object, config: object) -> None:
        return None

    def configure_provider(self, diags: object, config: object) -> None:
        return None

    def get_data_sources(self) -> list[Any]:
        return []

    def get_resources(self) -> list[type[Resource]]:
        return [RandomId]


if __name__ == "__main__":
    run_provider(RandomProvider())
