"""Layers of functions: what is unpacked beside a function's own code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.function_calls import CONFIGURATION, NO_SUCH, configuration_of
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Declaration, as_chosen
from plumbline.values.model import Text
from plumbline.values.unknown import Missing

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
"""The end of a ZIP archive without anything before it. Source: PKWARE, APPNOTE.TXT, 4.3.16."""


class Layers(Facet):
    """The layers of a function."""

    call = CONFIGURATION

    layers: list[Text] = []
    """The ARNs of their versions, in the order in which they are unpacked."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"layers": declaration.at("layers", default=[])}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        reply = configuration_of(asked)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"layers": [it["Arn"] for it in answer.get("Layers") or []]}

    def requested(self) -> Requests:
        if self.layers:
            yield request("lambda:UpdateFunctionConfiguration", FunctionName=self.name, Layers=self.layers)


class Layer(Kind):
    """A layer in its newest version."""

    noun = "layer"
    plural = "layers"
    terraform_type = "aws_lambda_layer_version"
    name_argument = "layer_name"
    call = Call(
        "lambda:ListLayerVersions",
        {"LayerName": "{name}"},
        of="arn:aws:lambda:{region}:{account}:layer:{name}",
        on="*",
        missing=NO_SUCH,
    )
    listing = Listing(Call("lambda:ListLayers", of="layers in {region}"), "Layers[].LayerName")
    chosen: ClassVar = {"arn": "LayerVersionArn", "layer_arn": "LayerArn", "version": "Version"}
    arguments: ClassVar = {"runtimes": "compatible_runtimes"}

    arn: str = ""
    """That of its version."""
    runtimes: list[Text] = []
    """Those that it is meant for, sorted; none where nobody said."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "arn": as_chosen(declaration.resource, "arn"),
            "runtimes": lambda: sorted(declaration.at("compatible_runtimes", default=[]), key=repr),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return the fields of the newest version. Raises `Missing` where there is none."""
        versions: list[dict[str, Any]] = answer["LayerVersions"]
        if not versions:
            raise Missing(f"layer {asked.name}", f"in {asked.region} (lambda:ListLayerVersions)")
        newest = max(versions, key=lambda it: int(it["Version"]))
        return {
            "arn": newest["LayerVersionArn"],
            "runtimes": sorted(newest.get("CompatibleRuntimes") or []),
        }

    def requested(self) -> Requests:
        """Return what publishes a version of it that holds nothing."""
        yield request(
            "lambda:PublishLayerVersion",
            LayerName=self.name,
            Content={"ZipFile": EMPTY_ZIP},
            CompatibleRuntimes=self.runtimes,
        )
