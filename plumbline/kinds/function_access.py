"""Who may invoke a function: its own policy, that of each alias, and what API Gateway may do by them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.api_arns import TYPES, as_spelled, spelled
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.function_calls import (
    LATEST,
    NAMED,
    OF_FUNCTION,
    OF_QUALIFIED,
    bare_name,
    function_arn,
    qualifier_in,
)
from plumbline.kinds.function_versions import ALIASES
from plumbline.kinds.rest_invocations import ApiCall
from plumbline.policy import OVER_TLS, Context, Policy, Statement, decide, surely
from plumbline.terraform.declared import Beside, Declaration, given, known, settings_of
from plumbline.values.arns import account_in
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf, members
from plumbline.values.unknown import Placeholder, Undetermined, Unexamined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Resource

_OF_SOURCE = "AWS:SourceArn"
_INVOKES = "lambda:InvokeFunction"
_API_GATEWAY = "apigateway.amazonaws.com"
_NOBODY_ELSE_S = "000000000000"
"""Stands for an account that no policy names."""
_OTHER = "another0id"
"""Stands for the id of an API that no policy names."""
_NO_POLICY = ("ResourceNotFoundException",)
"""What is answered of a function or an alias that nobody is let invoke."""
_POLICY = Call("lambda:GetPolicy", NAMED, of=OF_FUNCTION, absent=_NO_POLICY)
_POLICY_OF = Call(
    "lambda:GetPolicy",
    {**NAMED, "Qualifier": "{qualifier}"},
    of=f"{OF_FUNCTION}:{{qualifier}}",
    on=OF_QUALIFIED,
    absent=_NO_POLICY,
)


class Permission(Model):
    """A statement of the policy of a function, or of a version or an alias of it."""

    qualifier: Text = ""
    """The version or the alias; empty for the function itself."""
    statement: Statement


class Access(Facet):
    """Who may invoke it."""

    call = _POLICY
    further_calls: ClassVar[tuple[Call, ...]] = (ALIASES, _POLICY_OF)
    beside = Beside("aws_lambda_permission", "function_name", many=True, bare=bare_name)
    further_types: ClassVar[tuple[str, ...]] = TYPES
    follows = ("aliases",)
    arguments: ClassVar = dict.fromkeys(("permissions", "refused", "lets_in_besides"), "source_arn")

    if TYPE_CHECKING:
        arn: str
        address: Text
        aliases: dict[Text, Text]

    permissions: list[Permission] = []

    def refused(self, calls: Sequence[ApiCall] | SomeOf) -> list[str]:
        """Return for which requests of an API it cannot be invoked that the API calls it for.

        A call as a role needs no leave of the function; Lambda takes no call but by POST. Raises
        `Undetermined` where that hangs on what is not known. Source: API Gateway Developer Guide, "Set up
        Lambda proxy integrations in API Gateway".
        """
        arn = known(self.arn)
        own = [it for it in members(calls) if it.function == arn or it.function.startswith(f"{arn}:")]
        found = ((it.function.removeprefix(arn).removeprefix(":"), it) for it in own if not it.role)
        told = surely(
            [
                *(
                    (f"{it.line}: not by POST, and Lambda takes nothing else", partial(_is_no_post, it))
                    for it in own
                ),
                *((_told(it.line, at), partial(self._refuses, at, it)) for at, it in found),
            ]
        )
        if not told and isinstance(calls, SomeOf):
            calls.refuse()
        return told if own else ["the API calls it for no request"]

    def _refuses(self, qualifier: str, call: ApiCall) -> bool:
        policy = self._policy(qualifier)
        told = [self._decided(policy, qualifier, source) for source in call.sources]
        return any(it != "allowed" for it in told)

    def lets_in_besides(self, execution_arn: Any) -> list[str]:
        """Return for what API Gateway may invoke it besides an API, as its policies name that.

        Raises `Undetermined` where nothing is let in for certain, and something may be.
        """
        own = known(as_spelled(execution_arn))
        return surely(
            (_told(told, at), partial(self._lets_in, at, source))
            for at in self._qualifiers()
            for told, source in self._others(at, own)
        )

    def _lets_in(self, qualifier: str, source: str) -> bool:
        return self._decided(self._policy(qualifier), qualifier, source) == "allowed"

    def _decided(self, policy: Policy, qualifier: str, source: str) -> str:
        arn = known(self.arn)
        told: Context = {
            **OVER_TLS,
            "aws:SourceArn": source,
            "aws:SourceAccount": account_in(source),
            "aws:PrincipalIsAWSService": "true",
            "aws:PrincipalServiceName": _API_GATEWAY,
        }
        resource = f"{arn}:{qualifier}" if qualifier else arn
        return decide([policy], _INVOKES, resource, ("Service", _API_GATEWAY), told)

    def _qualifiers(self) -> list[str]:
        """Return what has a policy. Raises `Undetermined` where that is not known."""
        found = dict.fromkeys(known(it.qualifier) for it in members(self.permissions))
        if not found and isinstance(self.permissions, SomeOf):
            self.permissions.refuse()
        return list(found)

    def _policy(self, qualifier: str) -> Policy:
        """Return the policy of the function, or of a version or an alias. Raises `Undetermined`."""
        listed = self.permissions
        statements = [it.statement for it in members(listed) if known(it.qualifier) == qualifier]
        if isinstance(listed, SomeOf):
            statements.append(_perhaps(listed.reason))
        is_read = not isinstance(self.address, Unexamined) or not qualifier or qualifier in self.aliases
        if not statements and not is_read:
            raise Undetermined(f"the policy of version {qualifier} is not read")
        return Policy(statements=[_compared(it) for it in statements])

    def _others(self, qualifier: str, own: str) -> Iterator[tuple[str, str]]:
        """Yield what API Gateway may ask for that is not an API's own, each with an ARN of it.

        That is an API that nothing names, of this account and of another one, and what the policies name.
        """
        _, partition, _, region, account, *_ = known(self.arn).split(":")
        for whose in (account, _NOBODY_ELSE_S):
            of_whom = "any API" if whose == account else "any API of any account"
            yield of_whom, f"arn:{partition}:execute-api:{region}:{whose}:{_OTHER}/x/GET/x"
        for statement in self._policy(qualifier).statements:
            for pattern in _sources_of(statement):
                if isinstance(pattern, str):
                    source = _like(pattern, f"arn:{partition}:execute-api:{region}:{account}:{_OTHER}")
                    if source.partition("/")[0] != own and ":execute-api:" in source:
                        yield pattern, source

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"permissions": lambda: sorted(_declared(declaration), key=repr)}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read the policy of the function, and of each alias that is listed."""
        own = asked.ask(_POLICY)
        named = [it["Name"] for it in asked.ask(ALIASES).answer["Aliases"]]
        replies = {"": own} | {it: asked.ask(_POLICY_OF, qualifier=it) for it in named}
        found = [
            Permission(qualifier=qualifier, statement=it)
            for qualifier, reply in replies.items()
            if (text := reply.answer.get("Policy"))
            for it in Policy.read(text, f"the policy of {asked.name}", "resource").statements
        ]
        return Found({"permissions": sorted(found, key=repr)}, own.call)

    def requested(self) -> Requests:
        for number, it in enumerate(self.permissions):
            statement, conditions = it.statement, _flat(it.statement)
            [(_, [principal])] = statement.principals.items()
            yield request(
                "lambda:AddPermission",
                FunctionName=self.name,
                StatementId=f"permission{number}",
                Action=known(statement.actions[0]),
                Principal=known(principal),
                **{name: known(conditions[key]) for key, name in _CONDITIONS.items() if key in conditions},
                **({"Qualifier": known(it.qualifier)} if known(it.qualifier) else {}),
            )


_CONDITIONS = {
    "AWS:SourceArn": "SourceArn",
    "AWS:SourceAccount": "SourceAccount",
    "aws:PrincipalOrgID": "PrincipalOrgID",
    "lambda:FunctionUrlAuthType": "FunctionUrlAuthType",
}
"""What AddPermission makes conditions of. Source: Lambda API reference, AddPermission."""
_ARGUMENTS = {
    "source_arn": ("ArnLike", "AWS:SourceArn"),
    "source_account": ("StringEquals", "AWS:SourceAccount"),
    "principal_org_id": ("StringEquals", "aws:PrincipalOrgID"),
    "function_url_auth_type": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "event_source_token": ("StringEquals", "lambda:EventSourceToken"),
}
"""The conditions that Terraform's arguments stand for, by operator and key."""
_ACCOUNT = re.compile(r"\d{12}")


def _declared(declaration: Declaration) -> Iterator[Permission]:
    settings = settings_of(declaration.resource, declaration.configuration)
    function = function_arn(declaration.resource.values, settings)
    for permission in declaration.parts:
        qualifier, action = _qualifier(permission), permission.values.get("action")
        resource: Any = Unknown(f"{permission.address}.function_name")
        if function is not None and not isinstance(qualifier, Placeholder):
            resource = f"{function}:{qualifier}" if qualifier else function
        said: dict[str, Any] = {
            "actions": [action],
            "resources": [resource],
            "principals": _principals(permission.values.get("principal"), settings.partition),
            "conditions": _conditions(permission, declaration),
        }
        yield Permission(qualifier=qualifier, statement=Statement(effect="Allow", **said))


def _qualifier(permission: Resource) -> Any:
    """Return the version or alias that a permission is of; empty for the function itself."""
    told, named = permission.values.get("qualifier"), permission.values.get("function_name")
    found = told if given(told) else qualifier_in(named) if isinstance(named, str) else ""
    return "" if isinstance(found, str) and found == LATEST else found


def _principals(principal: Any, partition: str) -> dict[str, list[Any]]:
    """Return who is let in as Lambda writes it; of whom it is not known who, that may be anybody."""
    if isinstance(principal, Placeholder):
        return {"AWS": [principal], "Service": [principal]}
    text = str(principal)
    if _ACCOUNT.fullmatch(text):
        return {"AWS": [f"arn:{partition}:iam::{text}:root"]}
    return {"Service" if text.endswith((".amazonaws.com", ".amazonaws.com.cn")) else "AWS": [text]}


def _conditions(permission: Resource, declaration: Declaration) -> dict[str, dict[str, list[Any]]]:
    conditions: dict[str, dict[str, list[Any]]] = {}
    for argument, (operator, key) in _ARGUMENTS.items():
        value = permission.values.get(argument)
        if given(value):
            told = spelled(value, declaration.configuration)
            conditions.setdefault(operator, {})[key] = [told]
    return conditions


def _told(what: str, qualifier: str) -> str:
    return f"{what} at {qualifier}" if qualifier else what


def _flat(statement: Statement) -> dict[str, Any]:
    return {key: values[0] for keys in statement.conditions.values() for key, values in keys.items()}


def _compared(statement: Statement) -> Statement:
    """Return a statement so that what is spelled in it can be compared."""
    conditions = {
        operator: {key: [as_spelled(it) for it in values] for key, values in keys.items()}
        for operator, keys in statement.conditions.items()
    }
    return statement.model_copy(update={"conditions": conditions})


def _is_no_post(call: ApiCall) -> bool:
    return bool(known(call.method) != "POST")


def _perhaps(reason: str) -> Statement:
    """Return what stands for the statements that there may be besides."""
    unknown: Any = Unexamined(reason)
    return Statement(
        effect="Allow", actions=[unknown], resources=[unknown], principals={"Service": [unknown]}
    )


def _sources_of(statement: Statement) -> Iterator[Any]:
    for keys in statement.conditions.values():
        for key, values in keys.items():
            if key.lower() == _OF_SOURCE.lower():
                yield from values


def _like(pattern: str, other: str) -> str:
    """Return an ARN that a pattern matches, of another API where it leaves open of which."""
    if pattern.startswith("*"):
        pattern = f"{other}{pattern[1:]}"
    parts = pattern.split(":", 5)
    if len(parts) == 6:
        begins = other.split(":")
        parts[:5] = [mine if it == "*" else it for it, mine in zip(parts[:5], begins, strict=False)]
    return ":".join(parts).replace("*", "x").replace("?", "x")
