"""What the language says of provisioners and of the connections that they are run over.

Source: Terraform language, "Provisioners" and its pages on `local-exec`, `remote-exec`, `file` and
"Provisioner Connection Settings"; and what Terraform says of small roots.
"""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.terraform import references
from plumbline.terraform.expressions.base import Expression, Literal
from plumbline.terraform.expressions.collections import Tuple
from plumbline.terraform.expressions.templates import Template
from plumbline.terraform.hcl.body import Block, Body
from plumbline.terraform.model import Location
from plumbline.terraform.strays import strays

_ARGUMENTS = {
    "local-exec": {"command", "interpreter", "working_dir", "environment", "quiet"},
    "remote-exec": {"inline", "script", "scripts"},
    "file": {"source", "content", "destination"},
}
_REQUIRED = {"local-exec": "command", "file": "destination"}
_EXCLUSIVE = {"remote-exec": ("inline", "script", "scripts"), "file": ("source", "content")}
"""Of which one is set, and no more."""
_OF_EVERY = {"when", "on_failure"}
_OF_CONNECTION = {
    *("type", "user", "password", "host", "port", "timeout", "script_path", "target_platform"),
    *("private_key", "certificate", "host_key", "agent", "agent_identity", "cacert"),
    *("proxy_scheme", "proxy_host", "proxy_port", "proxy_user_name", "proxy_user_password"),
    *("bastion_host", "bastion_host_key", "bastion_port", "bastion_user", "bastion_password"),
    *("bastion_private_key", "bastion_certificate", "https", "insecure", "use_ntlm"),
}
_OF_DESTRUCTION = ("self", "count", "each", "path", "terraform")
"""What a provisioner can name when the resource is destroyed, and others may be gone."""


def told(block: Block) -> Iterator[tuple[str, Location]]:
    """Yield what Terraform refuses of the provisioners and the connection of a resource, and where."""
    shared, own = block.body.of_type("connection"), block.body.of_type("provisioner")
    yield from _single(shared)
    for provisioner in own:
        yield from _of(provisioner)
        yield from _of_connections(provisioner, shared)
        yield from _of_destruction(provisioner)
    for connection in shared[:1] if own else ():
        yield from strays(connection, _OF_CONNECTION)
    if any(map(is_for_destruction, own)):
        for connection in shared:
            yield from _leading_out(connection.body)


def told_of_removed(block: Block) -> Iterator[tuple[str, Location]]:
    """As `told`, of a `removed` block, of whose provisioners nothing is left to be created."""
    for provisioner in block.body.of_type("provisioner"):
        if not is_for_destruction(provisioner):
            yield "What is removed can only be destroyed: when = destroy.", provisioner.location
        yield from _of_destruction(provisioner)


def is_for_destruction(provisioner: Block) -> bool:
    """Whether a provisioner is run when its resource is destroyed."""
    when = provisioner.body.expression("when")
    return when is not None and "destroy" in (references.path(when), getattr(when, "constant", None))


def _of(provisioner: Block) -> Iterator[tuple[str, Location]]:
    """Yield what is wrong with the arguments of a provisioner."""
    name = provisioner.labels[0] if provisioner.labels else ""
    if name not in _ARGUMENTS:
        yield f'There is no provisioner "{name}".', provisioner.location
        return
    body = provisioner.body
    yield from strays(provisioner, _ARGUMENTS[name] | _OF_EVERY, ("connection",))
    if name in _REQUIRED and _REQUIRED[name] not in body.arguments:
        yield f'The argument "{_REQUIRED[name]}" is required, and is missing.', provisioner.location
    exclusive = _EXCLUSIVE.get(name, ())
    given = [body.arguments[it] for it in exclusive if it in body.arguments]
    if exclusive and all(getattr(it.expression, "constant", it) is None for it in given):
        yield f"One of these arguments is required: {', '.join(exclusive)}.", provisioner.location
    certain = [it for it in given if not _may_be_null(it.expression)]
    for extra in certain[1:]:
        yield f'"{extra.name}" and "{certain[0].name}" exclude each other.', extra.location


def _may_be_null(expression: Expression) -> bool:
    """Whether an expression may be null: what is written out as a value is not."""
    if isinstance(expression, Literal):
        return expression.constant is None
    return not isinstance(expression, (Tuple, Template))


def _of_connections(provisioner: Block, shared: list[Block]) -> Iterator[tuple[str, Location]]:
    """Yield what is wrong with the connection of a provisioner, which completes that of the resource."""
    own = provisioner.body.of_type("connection")
    yield from _single(own)
    for connection in own[:1]:
        yield from strays(connection, _OF_CONNECTION)
    both = [*own[:1], *shared[:1]]
    if both and not any("host" in it.body.arguments for it in both):
        yield 'The argument "host" is required, and is missing.', both[0].location


def _of_destruction(provisioner: Block) -> Iterator[tuple[str, Location]]:
    if is_for_destruction(provisioner):
        yield from _leading_out(provisioner.body)
        for connection in provisioner.body.of_type("connection"):
            yield from _leading_out(connection.body)


def _leading_out(body: Body) -> Iterator[tuple[str, Location]]:
    """Yield the references to what may be gone already."""
    sentence = "What is destroyed can name itself alone, by self, count.index and each.key."
    named = [it.expression for name, it in body.arguments.items() if name not in _OF_EVERY]
    for reference, _ in references.roots(named):
        if reference.path[0] not in _OF_DESTRUCTION or reference.path[:2] == ("each", "value"):
            yield sentence, reference.location


def _single(connections: list[Block]) -> Iterator[tuple[str, Location]]:
    for extra in connections[1:]:
        yield f"A connection block was already declared at {connections[0].location}.", extra.location
