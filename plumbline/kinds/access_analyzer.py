"""IAM Access Analyzer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from plumbline.kinds.kind import Kind
from plumbline.values.model import Text

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.terraform.model import Configuration


class AccessAnalyzers(Kind):
    """The access analyzers of a region; that is their name here."""

    noun = "access_analyzers"
    plural = "access_analyzers"
    terraform_type = "aws_accessanalyzer_analyzer"
    reads: ClassVar = {"accessanalyzer:ListAnalyzers": "*"}

    active: list[Text] = []
    """The names of the analyzers that are at work; in Terraform those that it declares. Sorted."""

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str) -> Self:
        """Return the analyzers that Terraform declares; there may be none."""
        declared = configuration.of_type(cls.terraform_type)
        names = sorted((it.values.get("analyzer_name") for it in declared), key=repr)
        return cls.of(str(declared[0].location) if declared else where, {"name": name, "active": names})

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the analyzers that are active in the region."""
        listed = aws.read("accessanalyzer:ListAnalyzers", of=f"analyzers in {aws.region}")
        active = listed.at("analyzers[?status=='ACTIVE'].name").map(sorted)
        return cls.of(listed.call, aws.gather({"name": name, "active": active}))

    def create(self, aws: Aws) -> None:
        """Create the analyzers in moto."""
        for analyzer in self.active:
            aws.write("accessanalyzer:CreateAnalyzer", analyzerName=analyzer, type="ACCOUNT")
