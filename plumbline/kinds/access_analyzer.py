"""IAM Access Analyzer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind, Wanted
from plumbline.terraform.companions import everywhere
from plumbline.terraform.declared import Declaration, given, known, region
from plumbline.values.model import Text
from plumbline.values.some_of import doubted
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration

_OUTSIDE = ("ACCOUNT", "ORGANIZATION")
"""The types that report what is granted to anybody outside; others look for grants within that nobody uses or
that are there at all. Source: IAM User Guide, "Using AWS Identity and Access Management Access Analyzer"."""
_UNLESS_SAID = "ACCOUNT"
"""Source: AWS provider, aws_accessanalyzer_analyzer, type."""


class AccessAnalyzers(Kind):
    """The access analyzers of a region; that is their name here."""

    noun = "access_analyzers"
    plural = "access_analyzers"
    shows = ("access_analyzers",)
    terraform_type = "aws_accessanalyzer_analyzer"
    name_argument = "analyzer_name"
    call = Call(
        "accessanalyzer:ListAnalyzers", of="analyzers in {region}", action="access-analyzer:ListAnalyzers"
    )

    active: list[Text] = []
    """The names of those at work that report what is granted to anybody outside, sorted; in Terraform of what
    it declares in the region."""

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str, wanted: Wanted = None) -> Self:
        """Return the analyzers that Terraform declares in the region; there may be none."""
        declared = everywhere(configuration, cls.terraform_type)
        names: list[object] = []
        doubts = [*declared.doubts]
        for it, root in declared.found:
            try:
                if known(region(it, root)) == name and _looks_outside(it.values.get("type")):
                    names.append(it.values.get("analyzer_name"))
            except Undetermined as doubt:
                doubts.append(f"whether {it.address} is one: {doubt.reason}")
        place = str(declared.found[0][0].location) if declared.found else where
        return cls.of(place, {"name": name, "active": doubted(sorted(names, key=repr), doubts)})

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return the one analyzer that a resource declares: moto is given each by itself."""
        name = declaration.at("analyzer_name")
        return {"active": [name] if _looks_outside(declaration.resource.values.get("type")) else []}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        at_work = (it for it in answer["analyzers"] if it["status"] == "ACTIVE")
        return {"active": sorted(it["name"] for it in at_work if it["type"] in _OUTSIDE)}

    def requested(self) -> Requests:
        for analyzer in self.active:
            yield request("accessanalyzer:CreateAnalyzer", analyzerName=analyzer, type="ACCOUNT")


def _looks_outside(type_: object) -> bool:
    return (known(type_) if given(type_) else _UNLESS_SAID) in _OUTSIDE
