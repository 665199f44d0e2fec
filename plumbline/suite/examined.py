"""What a run examines, in lines for people: folders, files, commits; what was not given, what not read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from plumbline.github.changes import is_changed
from plumbline.github.checkout import Checkout, shown
from plumbline.github.commit import commit_of
from plumbline.sources.recorded import Place
from plumbline.suite.roots import looked_past, places
from plumbline.suite.run import OF_CODE, Run
from plumbline.suite.unread import folders_not_read
from plumbline.values.shown import text

if TYPE_CHECKING:
    from plumbline.sources.saved import SavedEvidence

EXAMINED, NOT_GIVEN, NOT_READ = "Examined: ", "Not given: ", "Not read: "
"""How the lines begin that say what was examined, and what not, in reports and in evidence files."""
MOST_FOLDERS = 3
"""How many folders are named that are not read."""


def examined(run: Run) -> list[str]:
    """Return what is examined: `Terraform in ../infra at 1a2b3c4d: s3, dynamodb`."""
    if run.saved:
        return [_evidence(run.given["evidence"][0], run.saved)]
    source = _terraform(run) if _reads_source(run) else ()
    return [text(it, None) for it in (*source, *_files(run), *_outputs(run), *_checkout(run))]


def _evidence(file: str, saved: SavedEvidence) -> str:
    """Return what an evidence file is called, and what it says that it was taken of.

    An account that an endpoint of one's own answered for is so no account of AWS when it is replayed, either.
    """
    told = text(f"evidence {file}, taken {saved.taken:%Y-%m-%d %H:%M %Z}", None)
    return ": ".join([told, *_told(saved, EXAMINED)])


def _told(saved: SavedEvidence, begins: str) -> list[str]:
    """Return what the run that wrote a file said of itself: what it lacked, a replay lacks, too."""
    return [text(it.removeprefix(begins)) for it in saved.examined if it.startswith(begins)]


def not_given(run: Run) -> list[str]:
    """Return what the run would examine, had it been given: `Terraform roots iam, s3`."""
    if run.saved:
        return [*_told(run.saved, NOT_GIVEN), *run.lacking]
    known = places(run.stacks, run.environments)
    lacking = []
    without = [it for it in known if it not in run.terraform] if _reads_source(run) else []
    if without:
        hint = looked_past({**run.neighbours(), **run.stacks}, without, run.checkouts, dict(run.terraform))
        lacking.append(f"Terraform {_roots(run, without, run.terraform)}" + (f" ({hint})" if hint else ""))
    for sort, files in run.recorded.items():
        if unrecorded := _roots(run, [it for it in known if it not in files], files):
            lacking.append(f"a {sort} of Terraform {unrecorded}")
    nothing = [stack for stack in run.environments if not run.checkouts.get(stack)]
    if "repository" in run.sources and nothing:
        of = f" of {', '.join(nothing)}" if len(run.environments) > 1 else ""
        lacking.append(f"the repository{of}")
    return lacking


def not_read(run: Run) -> list[str]:
    """Return what lies beside what is examined, and the run says nothing of."""
    if run.saved:
        return _told(run.saved, NOT_READ)
    return [text(it, None) for it in (*_source_beside_files(run), *_folders(run))]


def _source_beside_files(run: Run) -> Iterator[str]:
    """Yield the Terraform that was given, or lies in a checkout, where plans or states alone are read."""
    if run.recorded and not _reads_source(run):
        yield from _terraform(run)


def _folders(run: Run) -> Iterator[str]:
    """Yield on one line what else of Terraform lies in the checkouts, where such is read or could be."""
    if not (_reads_source(run) or run.recorded):
        return
    found = [str(shown(it)) for it in folders_not_read(run)]
    more = [f"{len(found) - MOST_FOLDERS} more folders"] if len(found) > MOST_FOLDERS + 1 else []
    if names := [*(found[:MOST_FOLDERS] if more else found), *more]:
        yield f"Terraform in {', '.join(names)}"


def _reads_source(run: Run) -> bool:
    return bool(set(OF_CODE) & set(run.sources))


def _terraform(run: Run) -> Iterator[str]:
    folders: dict[Path, list[Place]] = {}
    for place, folder in run.terraform.items():
        whole = folder.as_posix().endswith(f"/{place[2]}")
        above = folder.parents[place[2].count("/")] if whole else folder
        folders.setdefault(above, []).append(place)
    for folder, of in folders.items():
        yield f"Terraform in {_at(run, folder)}: {', '.join(_names(run, of))}"


def _files(run: Run) -> Iterator[str]:
    for sort, files in run.recorded.items():
        for (stack, environment, root), file in files.items():
            doubts = f" ({'; '.join(file.doubts)})" if file.doubts else ""
            yield f"{sort} {shown(file.file)} of {stack}/{environment}, root {root}{doubts}"


def _outputs(run: Run) -> Iterator[str]:
    for place in run.outputs:
        yield f"outputs of {place[0]}/{place[1]}, root {place[2]}"


def _checkout(run: Run) -> Iterator[str]:
    if "repository" in run.sources or (run.live and _compares_with_files(run)):
        folders = dict.fromkeys(it.folder for it in _checkouts(run))
        yield from (f"repository {_at(run, folder)}" for folder in folders)


def _compares_with_files(run: Run) -> bool:
    """Whether a stack relates something deployed to a file of its repository."""
    for stack, environments in run.environments.items():
        for subjects in map(run.stacks[stack].subjects, environments):
            deployed = (it for it in subjects.values() if not it.kind.lies_in_repository)
            related = (subjects.get(key) for it in deployed for key in it.related.values())
            if any(it and it.kind.lies_in_repository for it in related):
                return True
    return False


def _checkouts(run: Run) -> list[Checkout]:
    return list(dict.fromkeys(it for several in run.checkouts.values() for it in several))


def _at(run: Run, folder: Path) -> str:
    commit = commit_of(folder)
    if not commit:
        return str(shown(folder))
    changed = is_changed(folder, _files_named(run))
    told = "" if changed is False else f" {'with uncommitted changes' if changed else 'or changed since'}"
    return f"{shown(folder)} at {commit[:8]}{told}"


def _files_named(run: Run) -> frozenset[str]:
    """Return the names of the files and folders of repositories that are asked about, without paths."""
    places = [(run.stacks[stack], it) for stack, several in run.environments.items() for it in several]
    subjects = (it for stack, environment in places for it in stack.subjects(environment).values())
    return frozenset(PurePosixPath(it.name).name for it in subjects if it.kind.lies_in_repository) - {""}


def _roots(run: Run, of: Collection[Place], given: Iterable[Place]) -> str:
    """Return some roots for people: `root data`, `roots iam, s3`; nothing where there are none.

    One that was given for another environment has its own beside it: `root shop/prod/data`.
    """
    elsewhere = {(stack, root) for stack, _, root in given}
    partly = [it for it in of if (it[0], it[2]) in elsewhere]
    names = [*_names(run, (it for it in of if it not in partly)), *map("/".join, partly)]
    return f"root{'s' * (len(names) > 1)} {', '.join(names)}" if names else ""


def _names(run: Run, of: Iterable[Place]) -> list[str]:
    """Return the names of some roots, each with its stack where the run examines several."""
    several = len(run.environments) > 1
    return list(dict.fromkeys(f"{stack}/{root}" if several else root for stack, _, root in of))
