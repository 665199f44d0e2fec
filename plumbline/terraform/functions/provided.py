"""Functions that providers define, called `provider::name::function`.

Those of the AWS provider that only take texts apart and put them together are evaluated; what any other one
gives is not known. Source: AWS provider's documentation, "Functions"; Terraform language, "Functions".
"""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.terraform.functions.function import Function, Parameter, declare
from plumbline.terraform.model import RequiredProvider
from plumbline.terraform.types import ANY, STRING
from plumbline.terraform.values import InvalidValue, Pending, Value

PREFIX = "provider::"
TABLE: dict[str, Function] = {}
function = declare(TABLE)

_AWS = frozenset({"hashicorp/aws", "registry.terraform.io/hashicorp/aws"})
_SECTIONS = ("partition", "service", "region", "account_id", "resource")
_ROLE = "role/"


@function(STRING)
def arn_parse(arn: str) -> Value:
    return {**_sections(arn)}


def _sections(arn: str) -> dict[str, str]:
    prefix, *sections = arn.split(":", len(_SECTIONS))
    if prefix != "arn" or len(sections) != len(_SECTIONS):
        raise InvalidValue(f'"{arn}" is not an ARN')
    return dict(zip(_SECTIONS, sections, strict=True))


@function(*[STRING] * len(_SECTIONS), returns=STRING)
def arn_build(*sections: str) -> Value:
    return ":".join(("arn", *sections))


@function(STRING, returns=STRING)
def trim_iam_role_path(arn: str) -> Value:
    role = _sections(arn)
    if role["service"] != "iam" or role["region"] or not role["resource"].startswith(_ROLE):
        raise InvalidValue(f'"{arn}" is not the ARN of a role')
    *_, name = role["resource"].rpartition("/")
    return arn_build(*{**role, "resource": f"{_ROLE}{name}"}.values())


def find(name: str, required: Mapping[str, RequiredProvider]) -> Function:
    """The function of this name; raises `InvalidValue` where the module does not require its provider."""
    _, provider, *rest = name.split("::")
    if provider not in required or len(rest) != 1:
        raise InvalidValue(
            f'there is no function named "{name}": required_providers of the module do not name "{provider}"'
        )
    if required[provider].source in _AWS and rest[0] in TABLE:
        return TABLE[rest[0]]
    return _undetermined(name)


def _undetermined(name: str) -> Function:
    """A function of which only its provider knows what it gives."""
    anything = Parameter(ANY, null=True, unknown=True)
    return Function(name, (), anything, ANY, lambda *given: Pending(f"{name}()"), scoped=False)
