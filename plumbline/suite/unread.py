"""Terraform that lies in an examined checkout, and that no root of the run reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from plumbline.expectations.home import SENTENCES
from plumbline.github.checkout import Checkout
from plumbline.suite.roots import ENDS, within
from plumbline.suite.run import Run
from plumbline.values.files import content

_LOCAL_MODULE = re.compile(r'\bsource"?\s*[=:]\s*"(\.\.?/[^"$%]*)"')
"""Where a module lies whose folder is said; one from a registry is nowhere in the checkout."""


def folders_not_read(run: Run) -> list[Path]:
    """Return the folders with Terraform that no root reads: none of a root, nor of a module that is called.

    Those of stacks and environments that were not chosen are not among them, nor what lies in this package or
    in our own proofs.
    """
    checkouts = dict.fromkeys(it for several in run.checkouts.values() for it in several)
    roots = [*run.terraform.values(), *_not_chosen(run, checkouts)]
    read = _with_modules(it.resolve() for it in roots)
    found = [folder for checkout in checkouts for folder in _folders(checkout) if folder not in read]
    called = {module for folder in found for module in _modules(folder)}
    return [it for it in dict.fromkeys(found) if it not in called]


def _folders(checkout: Checkout) -> list[Path]:
    """Return the folders of a checkout that hold Terraform."""
    top = checkout.folder.resolve()
    ours = (SENTENCES.parent / "selftest", Path(__file__).parents[1])
    holding = dict.fromkeys(it.parent for it in checkout.files if it.name.endswith(ENDS))
    return [
        it for it in (top / folder for folder in holding) if not any(it.is_relative_to(own) for own in ours)
    ]


def _not_chosen(run: Run, checkouts: Iterable[Checkout]) -> Iterator[Path]:
    """Yield the roots in checkouts that stacks or environments name which were not chosen."""
    stacks = {**run.neighbours(), **run.stacks}
    others = [
        (name, environment, root)
        for name, stack in stacks.items()
        for environment in stack.environments
        if environment not in run.environments.get(name, ())
        for root in stack.roots(environment)
    ]
    for checkout in checkouts:
        yield from within(stacks, others, checkout.folder).values()


def _with_modules(folders: Iterable[Path]) -> set[Path]:
    """Return some folders and those of the modules that they call, and these."""
    found: set[Path] = set()
    waiting = [*folders]
    while waiting:
        folder = waiting.pop()
        if folder not in found:
            found.add(folder)
            waiting += _modules(folder)
    return found


@cache
def _modules(folder: Path) -> frozenset[Path]:
    """Return the folders of the modules that the Terraform in a folder calls by path."""
    files = (it for end in ENDS for it in folder.glob(f"*{end}") if it.is_file())
    texts = (_text(it) for it in files)
    return frozenset((folder / path).resolve() for text in texts for path in _LOCAL_MODULE.findall(text))


def _text(file: Path) -> str:
    """Return what a file says; nothing where it cannot be read, which its own root would tell."""
    try:
        return content(file).decode("utf-8", "replace")
    except OSError:
        return ""
