"""A kit of proofs for kinds and facets, those of this package and any other's.

Each proof yields what is wrong, one sentence each; `mistakes(kind, examples)` puts a kind through all.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator

from plumbline.kinds.declared_names import undeclarable
from plumbline.kinds.kind import Kind
from plumbline.proofs.declarations import declares
from plumbline.proofs.examples import by_examples
from plumbline.proofs.statements import calls, identity, impossible, statements

__all__ = ["calls", "mistakes", "stated"]


def mistakes(kind: type[Kind], examples: Iterable[Kind] = ()) -> list[str]:
    """Return what is wrong with a kind, one sentence each; nothing for a sound one.

    Examples are models as an account may hold them: moto is given each and asked for it again. That is left
    out where a call cannot be made at all.
    """
    models = list(examples)
    found = stated(kind)
    if not _told(impossible, kind):
        found += by_examples(kind, models)
    if kind.creatable() and not kind.shows and not models:
        found.append("moto can hold it, and no example was given")
    return [it if it.startswith(f"{kind.noun}:") else f"{kind.noun}: {it}" for it in dict.fromkeys(found)]


def stated(kind: type[Kind]) -> list[str]:
    """Return what is wrong with what a kind states, whatever an account holds."""
    return [told for it in (identity, statements, calls, undeclarable, declares) for told in _told(it, kind)]


def _told(proof: Callable[[type[Kind]], Iterator[str]], kind: type[Kind]) -> list[str]:
    try:
        return [*proof(kind)]
    except Exception as error:  # what is stated is not of the type that it should be
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return [f"the proof {proof.__name__} ends in {type(error).__name__}: {error}, at {frame.line}"]
