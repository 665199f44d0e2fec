"""Versions of a function: those that are kept, the aliases that name them, instances that are kept ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import WrapValidator

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.function_calls import LATEST, NAMED, NO_SUCH, OF_FUNCTION, bare_name, qualifier_in
from plumbline.kinds.kind import NOT_DEPLOYED
from plumbline.terraform.declared import Beside, Declaration, blocks, each_once, known
from plumbline.terraform.values import is_derived
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.some_of import SomeOf, each_told, listed, members, one_is
from plumbline.values.unknown import Placeholder, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.rest_invocations import ApiCall
    from plumbline.terraform.model import Resource

ALIASES = Call("lambda:ListAliases", NAMED, of=OF_FUNCTION, missing=NO_SUCH)
_READY = "READY"
_WEIGHTS = "AdditionalVersionWeights"
_SOME = 0.1
"""How much of the calls moto is told that another version is given."""

Shares = Annotated[list[Text], WrapValidator(keep_placeholder)]


class Aliases(Facet):
    """The names that versions of a function have, and that can be given to another version."""

    call = ALIASES
    beside = Beside("aws_lambda_alias", "function_name", many=True, bare=bare_name)
    arguments: ClassVar = {
        **dict.fromkeys(("aliases", "unpublished"), "function_version"),
        "shared_with": "routing_config",
    }

    if TYPE_CHECKING:
        address: Text
        publish: bool

    aliases: dict[Text, Text] = {}
    """The version of each alias."""
    shared_with: dict[Text, Shares] = {}
    """The versions that are given some of the calls of each alias besides its own, where there are any."""

    def unpublished(self, names: Sequence[str]) -> list[str]:
        """Return which of these aliases are not there, or stand for anything but published versions.

        What an alias shares its calls with must be published, too. Source: Lambda Developer Guide, "Implement
        Lambda canary deployments using a weighted alias". Raises `Undetermined` where nothing is for certain
        and that hangs on a version that nobody knows.
        """
        absent = [f"there is no alias {it}" for it in names if it not in self.aliases]
        there = [it for it in names if it in self.aliases]
        served = [(it, by) for it in there for by in (it, *listed(self.shared_with.get(it, [])))]
        return absent + each_told(served, lambda it: self._unpublished(*it))

    def _unpublished(self, alias: str, by: Any) -> Iterator[str]:
        """Yield that an alias is served by what is no published version: by its own, or by another one."""
        if not self._is_published(by):
            yield f"{alias} is no published version" if by == alias else f"{alias} shares its calls with {by}"

    def _is_published(self, qualifier: Any) -> bool:
        """Return whether a qualifier is a published version, or an alias of one. Raises `Undetermined`."""
        version = qualifier if isinstance(qualifier, Placeholder) else self.aliases.get(qualifier, qualifier)
        if self._is_own(version) and known(self.publish):
            return True
        return bool(known(version) != LATEST)

    def _is_own(self, version: Any) -> bool:
        """Return whether it is the newest version of this function, which only apply tells."""
        if not isinstance(version, Unknown) or is_derived(version):
            return False
        return bool(version.origin == f"{known(self.address)}.version")

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "aliases": lambda: {
                known(it.values.get("name")): it.values.get("function_version") for it in declaration.parts
            },
            "shared_with": lambda: {
                known(it.values.get("name")): shares
                for it in declaration.parts
                if isinstance(shares := _declared_shares(it), Placeholder) or shares
            },
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        routed = {it["Name"]: it.get("RoutingConfig") or {} for it in answer["Aliases"]}
        shares = {alias: sorted(it.get(_WEIGHTS) or {}) for alias, it in routed.items()}
        return {
            "aliases": {it["Name"]: it["FunctionVersion"] for it in answer["Aliases"]},
            "shared_with": {alias: versions for alias, versions in shares.items() if versions},
        }

    def requested(self) -> Requests:
        for alias, version in self.aliases.items():
            shares = {known(it): _SOME for it in known(self.shared_with.get(alias, []))}
            yield request(
                "lambda:CreateAlias",
                FunctionName=self.name,
                Name=alias,
                FunctionVersion=known(version),
                **({"RoutingConfig": {_WEIGHTS: shares}} if shares else {}),
            )


class Versions(Facet):
    """The versions of a function that were published, and that an alias can be given back to."""

    call = Call("lambda:ListVersionsByFunction", NAMED, of=OF_FUNCTION, missing=NO_SUCH)

    versions: list[Text] = []
    """Their numbers; `$LATEST` is none that is kept."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"versions": NOT_DEPLOYED}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list them, and keep nothing of their environment, where secrets may stand."""
        reply = asked.ask(cls.calls()[0], kept=_numbers)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"versions": [it["Version"] for it in answer["Versions"] if it["Version"] != LATEST]}


def _declared_shares(alias: Resource) -> Any:
    """Return the versions that are given some of the calls of an alias; a placeholder where nobody knows."""
    told = blocks(alias.values, "routing_config")
    weights = told[0].get("additional_version_weights") if told else None
    return weights if isinstance(weights, Placeholder) else sorted(weights or {})


def _numbers(answer: Answer) -> Answer:
    return {"Versions": [{"Version": it["Version"]} for it in answer["Versions"]]}


class KeptReady(Model):
    """Instances that are kept ready for whoever calls a version or an alias."""

    qualifier: Text
    """The version or the alias."""
    instances: int = 0
    """How many are asked for."""
    allocated: int = 0
    """How many there are."""
    status: Text = ""
    """READY, IN_PROGRESS or FAILED."""


class ProvisionedConcurrency(Facet):
    """The instances of a function that are ready before anybody calls it: provisioned concurrency."""

    call = Call("lambda:ListProvisionedConcurrencyConfigs", NAMED, of=OF_FUNCTION, missing=NO_SUCH)
    beside = Beside("aws_lambda_provisioned_concurrency_config", "function_name", many=True, bare=bare_name)
    follows = ("aliases",)
    arguments: ClassVar = dict.fromkeys(
        ("kept_ready", "not_provisioned", "not_ready", "kept_cold"), "provisioned_concurrent_executions"
    )

    if TYPE_CHECKING:
        arn: str
        aliases: dict[Text, Text]
        reserved_concurrent_executions: int | None

        def _is_published(self, qualifier: Any) -> bool: ...
        def _is_own(self, version: Any) -> bool: ...

    kept_ready: list[KeptReady] = []

    def not_provisioned(self, least: int) -> list[str]:
        """Return why not so many instances are kept ready for a published version or an alias of one.

        Nothing where they are, for whichever of them. Lambda keeps none ready for `$LATEST`, and in all no
        more than are reserved for the function. Raises `Undetermined` where that hangs on a version that
        nobody knows. Source: Lambda Developer Guide, "Configuring provisioned concurrency for a function".
        """
        return self._lacking(least, self._too_few)

    def not_ready(self, least: int) -> list[str]:
        """Return why so many instances are not there, as `not_provisioned` does; these are asked for."""
        return self._lacking(least, self._too_few_there)

    def kept_cold(self, calls: Sequence[ApiCall] | SomeOf, least: int) -> list[str]:
        """Return for which requests of an API not so many instances are asked for.

        Lambda keeps them ready for a version, by whichever alias it is called, and for no other one. Raises
        `Undetermined` where that hangs on what is not known. Source: Lambda Developer Guide, "Configuring
        provisioned concurrency for a function".
        """
        arn = known(self.arn)
        own = [it for it in members(calls) if it.function == arn or it.function.startswith(f"{arn}:")]
        told = each_told(own, lambda it: self._cold(it, qualifier_in(it.function), least))
        if not told and isinstance(calls, SomeOf):
            calls.refuse()
        return told if own else ["the API calls it for no request"]

    def _cold(self, call: ApiCall, qualifier: str, least: int) -> Iterator[str]:
        enough = [it for it in members(self.kept_ready) if known(it.instances) >= least]
        if not qualifier:
            yield f"{call.line}: calls no version or alias, and nothing is kept ready for what it calls"
        elif not one_is(
            [it.qualifier for it in enough], lambda it: it == qualifier or self._is_same(it, qualifier)
        ):
            if not isinstance(self.kept_ready, list):
                self.kept_ready.refuse()
            yield f"{call.line}: calls {qualifier}, of which nothing is kept ready"

    def _is_same(self, one: Any, other: str) -> bool:
        """Return whether two qualifiers are of one version. Raises `Undetermined`."""
        versions = [it if isinstance(it, Placeholder) else self.aliases.get(it, it) for it in (one, other)]
        return all(map(self._is_own, versions)) or bool(known(versions[0]) == known(versions[1]))

    def _lacking(self, least: int, why_not: Callable[[KeptReady, int], Iterator[str]]) -> list[str]:
        told: list[str] = []
        doubts: list[Undetermined] = []
        for it in members(self.kept_ready):
            try:
                found = [*why_not(it, least)]
            except Undetermined as doubt:
                doubts.append(doubt)
                continue
            if not found:
                return []
            told += found
        if doubts:
            raise doubts[0]
        if not isinstance(self.kept_ready, list):
            self.kept_ready.refuse()
        return told or ["nothing is kept ready"]

    def _too_few(self, kept: KeptReady, least: int) -> Iterator[str]:
        if known(kept.instances) < least:
            yield f"{_told(kept.qualifier)}: {kept.instances} instances"
        elif not self._is_published(kept.qualifier):
            yield f"{_told(kept.qualifier)} is no published version"
        elif not self._has_room(kept):
            reserved = self.reserved_concurrent_executions
            yield f"{_told(kept.qualifier)}: of {reserved} that the function may run at a time"

    def _has_room(self, kept: KeptReady) -> bool:
        """Return whether all that are kept ready, or these alone where others are not known, are reserved."""
        reserved = known(self.reserved_concurrent_executions)
        if reserved is None:
            return True
        listed = [it.instances for it in members(self.kept_ready)]
        surely = sum(it for it in listed if not isinstance(it, Placeholder))
        return bool(max(surely, known(kept.instances)) <= reserved)

    def _too_few_there(self, kept: KeptReady, least: int) -> Iterator[str]:
        yield from self._too_few(kept, least)
        if known(kept.status) != _READY or known(kept.allocated) < least:
            there = f"{known(kept.allocated)} of {known(kept.instances)} instances are there"
            yield f"{_told(kept.qualifier)}: {there}, {known(kept.status)}"

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        found = [(it, _declared(it)) for it in declaration.parts]
        told = (
            (it, f"instances of {own}", kept.instances)
            for it, kept in found
            if isinstance(own := kept.qualifier, str)
        )
        each_once(declaration.resource.address, told)
        return {"kept_ready": [kept for _, kept in found]}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "kept_ready": [
                KeptReady(
                    qualifier=qualifier_in(it["FunctionArn"]),
                    instances=it["RequestedProvisionedConcurrentExecutions"],
                    allocated=it.get("AllocatedProvisionedConcurrentExecutions", 0),
                    status=it["Status"],
                )
                for it in answer["ProvisionedConcurrencyConfigs"]
            ]
        }

    def requested(self) -> Requests:
        for it in self.kept_ready:
            yield request(
                "lambda:PutProvisionedConcurrencyConfig",
                FunctionName=self.name,
                Qualifier=known(it.qualifier),
                ProvisionedConcurrentExecutions=known(it.instances),
            )


def _declared(settings: Resource) -> KeptReady:
    found: dict[str, Any] = {
        "qualifier": settings.values.get("qualifier"),
        "instances": settings.values.get("provisioned_concurrent_executions"),
    }
    return KeptReady(**found | dict.fromkeys(("allocated", "status"), NOT_DEPLOYED))


def _told(qualifier: Any) -> str:
    return "a version of it" if isinstance(qualifier, Placeholder) else str(qualifier)
