"""Plan and state files of an applied environment, as Terraform writes them."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from selftest.applied.environment import Applied


def plan_from_nothing(applied: Applied, folder: Path) -> dict[str, Path]:
    """The plan of each root as if nothing were deployed yet, as `terraform show -json` prints it."""
    with ThreadPoolExecutor() as pool:
        return dict(pool.map(lambda root: (root, _shown_plan(applied, root, folder)), applied.roots))


def plans(applied: Applied, folder: Path) -> dict[str, Path]:
    """The plan of each root from nothing; of a stack that asks what a plan changes, as it is deployed."""
    subjects = applied.proven.stack.subjects(applied.environment).values()
    if not any(it.kind.noun == "root_plan" for it in subjects):
        return plan_from_nothing(applied, folder)
    with ThreadPoolExecutor() as pool:
        made = pool.map(lambda root: (root, _shown_plan(applied, root, folder, again=True)), applied.roots)
        return dict(made)


def shown_states(applied: Applied, folder: Path) -> dict[str, Path]:
    """The state of each root, as `terraform show -json` prints it."""
    with ThreadPoolExecutor() as pool:
        shown = pool.map(lambda root: (root, _show(applied, root)), applied.roots)
        return {root: _written(folder / f"{root}-state.json", text) for root, text in shown}


def raw_states(applied: Applied) -> dict[str, Path]:
    """The state file of each root, as Terraform keeps it."""
    return {root: applied.folder / root / "terraform.tfstate" for root in applied.roots}


def edited(applied: Applied, folder: Path, file: str, old: str, new: str) -> Applied:
    """The environment with one edit of its source in a copy that nothing was applied from."""
    copy = folder / "edited"
    shutil.copytree(applied.folder, copy, symlinks=True)
    for root in applied.roots:
        (copy / root / "terraform.tfstate").unlink()
    text = (copy / file).read_text()
    assert old in text
    (copy / file).write_text(text.replace(old, new))
    return replace(applied, folder=copy)


def _shown_plan(applied: Applied, root: str, folder: Path, *, again: bool = False) -> Path:
    saved = folder / f"{root}.tfplan"
    saved.parent.mkdir(parents=True, exist_ok=True)
    state = ["-lock=false"] if again else [f"-state={folder / root}.tfstate"]
    planned = applied.with_variables(root, "plan", f"-out={saved}", *state)
    assert planned.returncode == 0, applied.explain(planned)
    return _written(folder / f"{root}-plan.json", _show(applied, root, os.fspath(saved)))


def _show(applied: Applied, root: str, *file: str) -> str:
    shown = applied.terraform(root, "show", "-json", *file)
    assert shown.returncode == 0, applied.explain(shown)
    return shown.stdout


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
