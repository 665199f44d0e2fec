"""IAM Access Analyzer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind, Wanted
from plumbline.terraform.companions import everywhere
from plumbline.terraform.declared import Declaration
from plumbline.values.model import Text

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration


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
    """The names of the analyzers that are at work; in Terraform those that it declares. Sorted."""

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str, wanted: Wanted = None) -> Self:
        """Return the analyzers that Terraform declares; there may be none."""
        declared = everywhere(configuration, cls.terraform_type)
        names = sorted((it.values.get("analyzer_name") for it, _ in declared.found), key=repr)
        place = str(declared.found[0][0].location) if declared.found else where
        return cls.of(place, {"name": name, "active": declared.complete(names)})

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return the one analyzer that a resource declares: moto is given each by itself."""
        return {"active": [declaration.at("analyzer_name")]}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"active": sorted(it["name"] for it in answer["analyzers"] if it["status"] == "ACTIVE")}

    def requested(self) -> Requests:
        for analyzer in self.active:
            yield request("accessanalyzer:CreateAnalyzer", analyzerName=analyzer, type="ACCOUNT")
