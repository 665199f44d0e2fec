"""Functions of AWS Lambda, and how many of them an account runs at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds import lambda_runtimes
from plumbline.kinds.bounds import Some
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.function_access import Access
from plumbline.kinds.function_calls import (
    CONFIGURATION,
    NAMED,
    NO_SUCH,
    OF_FUNCTION,
    alias_arn,
    configuration_of,
    function_arn,
    invoked_at,
)
from plumbline.kinds.function_code import ByVariables, Code
from plumbline.kinds.function_layers import EMPTY_ZIP, Layers
from plumbline.kinds.function_network import Addresses, Placement, Reach, WaysOut
from plumbline.kinds.function_package import Unpacked
from plumbline.kinds.function_queue import AsynchronousCalls
from plumbline.kinds.function_url import Url
from plumbline.kinds.function_versions import Aliases, ProvisionedConcurrency, Versions
from plumbline.kinds.key_access import is_told_later
from plumbline.kinds.kind import NOT_DEPLOYED, NOT_IN_AWS, Kind
from plumbline.kinds.listing import Listing
from plumbline.kinds.log_writing import kept_out
from plumbline.terraform.declared import Declaration, block, given, known
from plumbline.values.arns import region_in
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Placeholder

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.iam import Role
    from plumbline.terraform.model import Configuration, Resource

_PASS_THROUGH = "PassThrough"
_OF_AWS = (
    *("AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSLambdaDynamoDBExecutionRole"),
    *("AWSLambdaKinesisExecutionRole", "AWSLambdaMSKExecutionRole", "AWSLambdaSQSQueueExecutionRole"),
)
"""AWS's own policies by which a function may write its log. Source: Lambda Developer Guide, "Working with AWS
managed policies in the execution role"."""
_UNRESERVED = -1
"""How Terraform says that a function reserves nothing. Source: provider, aws_lambda_function,
"reserved_concurrent_executions"."""


class Concurrency(Facet):
    """How many of a function's instances are kept for it."""

    call = Call("lambda:GetFunctionConcurrency", NAMED, of=OF_FUNCTION, missing=NO_SUCH)
    in_answer: ClassVar = {"reserved_concurrent_executions": "ReservedConcurrentExecutions?"}

    reserved_concurrent_executions: int | None = None
    """None where it takes from what nobody reserves. Of zero it is never run. Source: Lambda Developer Guide,
    "Configuring reserved concurrency"."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        reserved = declaration.at("reserved_concurrent_executions")
        is_none = not isinstance(reserved, Placeholder) and reserved in (None, _UNRESERVED)
        return {"reserved_concurrent_executions": None if is_none else reserved}

    def requested(self) -> Requests:
        if self.reserved_concurrent_executions is not None:
            yield request(
                "lambda:PutFunctionConcurrency",
                FunctionName=self.name,
                ReservedConcurrentExecutions=self.reserved_concurrent_executions,
            )


class FunctionLimits(Model):
    """What can be expected of a function besides its fields."""

    least_reserved: Some
    """So many instances it must be able to run, if it reserves any."""
    runtime_family: str
    """The language that its runtime must be of, as AWS names it: nodejs."""
    supported_on: Text
    """A day on which AWS must still support its runtime: 2026-12-31."""
    least_seconds: Some
    """After which Lambda may end it, at the earliest."""
    most_seconds: Some
    """How long it may run at most."""
    below_bytes: Some
    """So many bytes it must not have, unpacked, together with its layers."""
    least_memory: Some
    """Megabytes that it must have at least."""
    set_by: dict[str, str]
    """The variable of the root whose value a setting must have, by the setting: `memory_size`."""
    published_aliases: list[str]
    """The aliases that it has, each for a published version."""
    least_versions: Some
    """So many published versions of it there are at least."""
    least_kept_ready: Some
    """So many instances must be there before anybody calls it."""
    internet_port: int
    """The port of TCP that it must reach on the internet."""


class Function(
    Code,
    ByVariables,
    Concurrency,
    Aliases,
    Versions,
    ProvisionedConcurrency,
    AsynchronousCalls,
    Layers,
    Unpacked,
    Access,
    Placement,
    Addresses,
    Reach,
    WaysOut,
    Url,
    Kind,
):
    """A function as it is invoked without a version or an alias: `$LATEST`."""

    noun = "function"
    plural = "functions"
    expects_some = ("set_by", "published_aliases")
    terraform_type = "aws_lambda_function"
    name_argument = "function_name"
    limits = FunctionLimits
    listing = Listing(Call("lambda:ListFunctions", of="functions in {region}"), "Functions[].FunctionName")
    call = CONFIGURATION
    arguments: ClassVar = {
        "log_group": "logging_config",
        "tracing": "tracing_config",
        "kept_from_its_log": "role",
        "milliseconds": "timeout",
        **dict.fromkeys(("runtime_family", "runtime_ends"), "runtime"),
    }
    computed: ClassVar = {
        "aws_lambda_function.id": lambda it, settings: it.get("function_name"),
        "aws_lambda_function.arn": function_arn,
        "aws_lambda_function.invoke_arn": lambda it, settings: invoked_at(
            function_arn(it, settings), settings
        ),
        "aws_lambda_alias.arn": alias_arn,
        "aws_lambda_alias.invoke_arn": lambda it, settings: invoked_at(alias_arn(it, settings), settings),
    }
    chosen: ClassVar = {"version": "Versions[-1].Version"}

    arn: str = ""
    role: str = ""
    """The ARN of the role as which it runs."""
    state: str = "Active"
    """Pending, Active, Inactive or Failed."""
    last_update_status: str = "Successful"
    """Successful, Failed or InProgress."""
    runtime: str = ""
    """Empty for a container image, which brings its own."""
    log_group: Text = ""
    timeout: int = 3
    """After how many seconds Lambda ends it."""
    memory_size: int = 128
    """In megabytes."""
    tracing: str = _PASS_THROUGH
    """Active, or PassThrough, where only requests are traced that whoever calls it traces."""
    publish: bool = False
    """Whether apply publishes a version of it."""

    @property
    def runtime_family(self) -> str:
        """The language of the runtime as AWS names it: nodejs, python."""
        return lambda_runtimes.family(known(self.runtime))

    @property
    def runtime_ends(self) -> str:
        """The last day of AWS's support of the runtime: 2027-04-30; empty for a container image.

        Raises `Undetermined` for a runtime that AWS had not, or had no date for, when the table was made.
        """
        runtime = known(self.runtime)
        return lambda_runtimes.ends(runtime) if runtime else ""

    def kept_from_its_log(self, role: Role) -> list[str]:
        """Return what keeps it from writing to its log group, which is there, as a role.

        Raises `Undetermined` where what AWS's and other managed policies grant would decide.
        """
        region = region_in(known(self.arn))
        return kept_out("lambda", role, known(self.log_group), region, *_OF_AWS, is_there=True)

    def milliseconds(self, share: float) -> float:
        """Return a share of the time after which Lambda ends it, as Lambda measures durations."""
        seconds: int = known(self.timeout)
        return share * seconds * 1000

    def can_run(self, least_reserved: int) -> bool:
        """Return whether so many of it may run at a time, unless others take all that nobody reserves."""
        reserved = self.reserved_concurrent_executions
        return reserved is None or reserved >= least_reserved

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "arn": cls.derive("arn", declaration.resource, declaration.configuration),
            "role": declaration.at("role"),
            "state": NOT_DEPLOYED,
            "last_update_status": NOT_DEPLOYED,
            "runtime": runtime if given(runtime := declaration.at("runtime")) else "",
            "log_group": lambda: _log_group(declaration.resource, declaration.configuration),
            "timeout": declaration.at("timeout", default=3),
            "memory_size": declaration.at("memory_size", default=128),
            "tracing": lambda: _tracing(declaration),
            "publish": declaration.at("publish", default=False),
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to ask for it, and keep nothing of its environment, where secrets may stand."""
        reply = configuration_of(asked)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "arn": answer["FunctionArn"],
            "role": answer["Role"],
            "state": answer["State"],
            "last_update_status": answer["LastUpdateStatus"],
            "runtime": answer.get("Runtime", ""),
            "log_group": answer["LoggingConfig"]["LogGroup"],
            "timeout": answer["Timeout"],
            "memory_size": answer["MemorySize"],
            "tracing": answer["TracingConfig"]["Mode"],
            "publish": NOT_IN_AWS,
        }

    def requested(self) -> Requests:
        """Return what creates it, of code that does nothing. moto wants the role to be there."""
        yield request(
            "lambda:CreateFunction",
            FunctionName=self.name,
            Role=self.role,
            Handler="index.handler",
            Code={"ZipFile": EMPTY_ZIP},
            LoggingConfig={"LogGroup": self.log_group},
            Timeout=self.timeout,
            MemorySize=self.memory_size,
            TracingConfig={"Mode": self.tracing},
            **({"Runtime": self.runtime} if self.runtime else {}),
            **({} if isinstance(self.publish, Placeholder) else {"Publish": self.publish}),
        )
        yield request("lambda:ListVersionsByFunction", FunctionName=self.name)


def _usual_group(name: str) -> str:
    """Return the log group of a function that says none. Source: Lambda Developer Guide, "Log groups"."""
    return f"/aws/lambda/{name}"


def _log_group(function: Resource, configuration: Configuration) -> Any:
    unset = is_told_later(function, "logging_config", configuration)
    told = None if unset else block(function.values, "logging_config").get("log_group")
    name = function.values.get("function_name")
    if given(told) or isinstance(name, Placeholder):
        return told if given(told) else name
    return _usual_group(str(name))


def _tracing(declaration: Declaration) -> Any:
    """Return how a function is traced. What is not said is AWS's to choose, and that is `PassThrough`."""
    if is_told_later(declaration.resource, "tracing_config", declaration.configuration):
        return _PASS_THROUGH
    return declaration.at("tracing_config", "mode", default=_PASS_THROUGH)


class LambdaSettingsLimits(Model):
    """What can be expected of an account besides its fields."""

    least_concurrent_executions: Some
    least_unreserved: Some
    """So many instances must be left to functions that reserve none."""


class LambdaSettings(Kind):
    """What Lambda allows an account in a region. Its name is the region's."""

    noun = "lambda_settings"
    plural = "lambda_settings_of_regions"
    limits = LambdaSettingsLimits
    call = Call("lambda:GetAccountSettings", of="Lambda in {name}")
    in_answer: ClassVar = {
        "concurrent_executions": "AccountLimit.ConcurrentExecutions",
        "unreserved_concurrent_executions": "AccountLimit.UnreservedConcurrentExecutions",
    }

    concurrent_executions: int = 0
    """How many instances of all functions together run at a time."""
    unreserved_concurrent_executions: int = 0
    """How many of them no function has reserved."""
