"""What a run examines, in lines for people: folders, files, commits; and what of it was not given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from plumbline.github.checkout import shown
from plumbline.github.commit import commit_of
from plumbline.suite.roots import places
from plumbline.suite.run import Run
from plumbline.values.shown import text

_OF_CODE = ("hcl", "moto")
"""The sources that are made of Terraform's files."""


def examined(run: Run) -> list[str]:
    """Return what is examined: `Terraform in ../infra at 1a2b3c4d: s3, dynamodb`."""
    if run.saved:
        return [text(f"evidence {run.given['evidence'][0]}, taken {run.saved.taken:%Y-%m-%d %H:%M %Z}", None)]
    return [text(it, None) for it in (*_terraform(run), *_files(run), *_outputs(run), *_checkout(run))]


def not_given(run: Run) -> list[str]:
    """Return what the run would examine, had it been given: `Terraform roots iam, s3`."""
    if run.saved:
        return []
    lacking = [*(_lacking_roots(run) if set(_OF_CODE) & set(run.sources) else [])]
    without = [stack for stack in run.stacks if not run.checkouts.get(stack)]
    known = places(run.stacks, run.environments)
    for sort, files in run.recorded.items():
        if unrecorded := dict.fromkeys(place[2] for place in known if place not in files):
            lacking.append(f"a {sort} of Terraform root{'s' * (len(unrecorded) > 1)} {', '.join(unrecorded)}")
    if "repository" in run.sources and without:
        of = f" of {', '.join(without)}" if len(run.stacks) > 1 else ""
        lacking.append(f"the repository{of}")
    return lacking


def _terraform(run: Run) -> Iterator[str]:
    if not set(_OF_CODE) & set(run.sources):
        return
    roots: dict[Path, dict[str, None]] = {}
    for (_, _, root), folder in run.terraform.items():
        whole = folder.as_posix().endswith(f"/{root}")
        above = folder.parents[root.count("/")] if whole else folder
        roots.setdefault(above, {})[root] = None
    for folder, names in roots.items():
        yield f"Terraform in {_at(folder)}: {', '.join(names)}"


def _files(run: Run) -> Iterator[str]:
    for sort, files in run.recorded.items():
        for (stack, environment, root), file in files.items():
            doubts = f" ({'; '.join(file.doubts)})" if file.doubts else ""
            yield f"{sort} {shown(file.file)} of {stack}/{environment}, root {root}{doubts}"


def _outputs(run: Run) -> Iterator[str]:
    for place in run.outputs:
        yield f"outputs of {place[0]}/{place[1]}, root {place[2]}"


def _checkout(run: Run) -> Iterator[str]:
    if "repository" in run.sources or run.live:
        folders = (it.folder for checkouts in run.checkouts.values() for it in checkouts)
        yield from (f"repository {_at(folder)}" for folder in dict.fromkeys(folders))


def _at(folder: Path) -> str:
    commit = commit_of(folder)
    return f"{shown(folder)} at {commit[:8]}" if commit else str(shown(folder))


def _lacking_roots(run: Run) -> Iterator[str]:
    known = places(run.stacks, run.environments)
    lacking = dict.fromkeys(root for stack, env, root in known if (stack, env, root) not in run.terraform)
    if lacking:
        yield f"Terraform root{'s' if len(lacking) > 1 else ''} {', '.join(lacking)}"
