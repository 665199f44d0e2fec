"""The security groups that functions have together: who they are to what they reach."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Self

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Found
from plumbline.kinds.function_calls import without_environment
from plumbline.kinds.functions import Function
from plumbline.kinds.kind import Kind, Wanted
from plumbline.terraform.companions import everywhere
from plumbline.terraform.declared import known
from plumbline.values.model import Text
from plumbline.values.some_of import SomeOf, doubted
from plumbline.values.unknown import Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration


class Placements(Kind):
    """The security groups of functions. Its name is theirs, with a space between several; `*` is any text."""

    noun = "placements"
    plural = "placements_of_functions"
    shows = ("function", "security_group")
    further_types = ("aws_lambda_function",)
    call = Call("lambda:ListFunctions", of="functions in {region}", on="*")

    security_group_ids: list[Text] = []
    """Sorted, each once."""

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str, wanted: Wanted = None) -> Self:
        """Return the groups of the functions that Terraform declares under these names."""
        declared = everywhere(configuration, Function.terraform_type)
        found: list[Any] = []
        doubts: list[str] = []
        for function, root in declared.found:
            called = Function.named(function, root)
            if isinstance(called, Placeholder):
                doubts.append(f"known only after apply: what {function.address} is called")
            elif _matches(called, name):
                own = Function.from_terraform(function, root, ("security_group_ids",))
                try:
                    found += known(own.security_group_ids)
                except Undetermined as doubt:
                    doubts.append(doubt.reason)
        members = declared.complete(_each_once(found))
        several = members if isinstance(members, list) else members.members
        reasons = [*doubts, *([members.reason] if isinstance(members, SomeOf) else [])]
        place = str(declared.found[0][0].location) if declared.found else where
        return cls.of(place, {"name": name, "security_group_ids": doubted(several, reasons)})

    @classmethod
    def read(cls, asked: Asked) -> Found:
        reply = asked.ask(cls.call, kept=_without_environments)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        own = [it for it in answer["Functions"] if _matches(it["FunctionName"], asked.name)]
        groups = [group for it in own for group in (it.get("VpcConfig") or {}).get("SecurityGroupIds") or []]
        return {"security_group_ids": _each_once(groups)}


def _without_environments(answer: Answer) -> Answer:
    return {**answer, "Functions": [without_environment(it) for it in answer["Functions"]]}


def _each_once(groups: list[Any]) -> list[Any]:
    return sorted({repr(it): it for it in groups}.values(), key=repr)


def _matches(name: str, patterns: str) -> bool:
    return any(fnmatchcase(name, it) for it in patterns.split())
