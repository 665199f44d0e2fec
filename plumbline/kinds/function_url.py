"""The URL of a function: whoever has it comes past every API."""

from __future__ import annotations

from typing import ClassVar

from plumbline.kinds.call import Call
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.terraform.declared import Beside, Declaration


class Url(Facet):
    """Whether a function has a URL of its own. In an account that of an alias is not asked for."""

    call = Call(
        "lambda:GetFunctionUrlConfig",
        {"FunctionName": "{name}"},
        of="arn:aws:lambda:{region}:{account}:function:{name}",
        absent=("ResourceNotFoundException",),
    )
    beside = Beside("aws_lambda_function_url", "function_name", many=True)
    arguments: ClassVar = {"url_authorized_by": "authorization_type"}
    in_answer: ClassVar = {"url_authorized_by": "AuthType?"}

    url_authorized_by: str = ""
    """AWS_IAM, or NONE where it asks nobody who calls; empty where there is no URL. Source: Lambda Developer
    Guide, "Control access to Lambda function URLs"."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        told = [it.values.get("authorization_type") for it in declaration.parts]
        return {"url_authorized_by": next(iter(told), "")}

    def requested(self) -> Requests:
        if self.url_authorized_by:
            yield request(
                "lambda:CreateFunctionUrlConfig", FunctionName=self.name, AuthType=self.url_authorized_by
            )
