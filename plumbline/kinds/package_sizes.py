"""How large a function is with its layers once they are unpacked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import WrapValidator

from plumbline.values.counting import AtLeast, Between, Counted
from plumbline.values.model import Text, keep_placeholder
from plumbline.values.unknown import Placeholder, Undetermined

Size: TypeAlias = Annotated[Counted, WrapValidator(keep_placeholder)]
Sizes: TypeAlias = dict[Text, Size]
"""Bytes by what has them: the function, and each layer. Each may be at least so many."""


def too_large(sizes: Mapping[str, int | Placeholder], limit: int) -> list[str]:
    """Return how large all are together where that is not below a limit.

    What is known decides, where it is enough. Raises `Undetermined` for what is not known otherwise.
    """
    known = {name: size for name, size in sizes.items() if not isinstance(size, Placeholder)}
    least = sum(int(it) for it in known.values())
    open_ = [it for it in sizes.values() if isinstance(it, Placeholder | AtLeast)]
    if least >= limit:
        told = ", ".join(f"{name} {int(size):,}" for name, size in known.items())
        return [f"{'at least ' if open_ else ''}{least:,} bytes: {told}"]
    if sum(it.most if isinstance(it, Between) else int(it) for it in known.values()) < limit:
        open_ = [it for it in open_ if not isinstance(it, Between)]
    for it in open_:
        if isinstance(it, Placeholder):
            it.refuse()
        raise Undetermined(it.reason.replace("{}", f"at least {int(it):,}"))
    return []
