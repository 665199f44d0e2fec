"""Arguments and blocks that a block of the language itself does not have."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from plumbline.terraform.hcl.body import Block
from plumbline.terraform.model import Location


def strays(
    block: Block, arguments: Collection[str], blocks: Collection[str] = ()
) -> Iterator[tuple[str, Location]]:
    """Yield what stands in a block besides some arguments and some types of blocks, and where."""
    for argument in block.body.arguments.values():
        if argument.name not in arguments:
            yield f'An argument named "{argument.name}" is not expected here.', argument.location
    for inner in block.body.blocks:
        if inner.type not in blocks:
            yield f'Blocks of type "{inner.type}" are not expected here.', inner.location
