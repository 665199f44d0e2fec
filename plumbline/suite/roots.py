"""Which folder each Terraform root of a run lies in: said, found in a checkout, or the stack's own.

What is said of a stack is all that is examined of it. A root of which nothing is said then was not given;
it is never filled in from what lies beside the stack's YAML.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from shlex import quote

import pytest

from plumbline.expectations.stack import Stack
from plumbline.github.checkout import Checkout, shown
from plumbline.sources.recorded import Place
from plumbline.suite.choices import check
from plumbline.values.filling import fill
from plumbline.values.mistakes import did_you_mean

ENDS = (".tf", ".tf.json")
"""How the names of Terraform's files end."""
NO_TERRAFORM = "holds no Terraform: no file in it ends in .tf or .tf.json"
"""What is said of a folder that is no root."""
Roots = dict[Place, Path]
"""The folder of each root of each environment that was given."""


def places(stacks: Mapping[str, Stack], environments: Mapping[str, list[str]]) -> list[Place]:
    """Return every root of the chosen environments."""
    return [
        (stack, environment, root)
        for stack, chosen in environments.items()
        for environment in chosen
        for root in stacks[stack].roots(environment)
    ]


def typed(folder: Path, of: str = "") -> str:
    """Return what an option is given for a folder, ready for a shell: somebody else called it so, perhaps."""
    return quote(f"{of}{shown(folder)}")


def named(key: str, known: Iterable[Place]) -> list[Place]:
    """Return the places that a name means: root, stack, `stack/root`, `stack/environment` or all three."""
    return [
        (stack, environment, root)
        for stack, environment, root in known
        if key in (root, stack, f"{stack}/{root}", f"{stack}/{environment}", f"{stack}/{environment}/{root}")
    ]


def keyed(value: str) -> tuple[str, bool, str]:
    """Return what `ROOT=DIR` is given of, whether it says that at all, and the path; `=` may be in a path."""
    key, equals, text = value.rpartition("=")
    if Path(value).exists():
        return "", False, value
    while equals and not Path(text).exists() and "=" in key:
        key, _, more = key.rpartition("=")
        text = f"{more}={text}"
    return key, bool(equals), text


def meant(
    option: str, value: str, known: list[Place], stacks: Mapping[str, Stack]
) -> tuple[list[Place], Path]:
    """Return the places that `ROOT=FILE` is given of, all where it says none, and the path.

    Raises UsageError for a name of none of them, be it that of an environment that was not chosen.
    """
    key, equals, text = keyed(value)
    if equals and not named(key, known):
        _refuse_unchosen(f"{option} {value}", key, stacks)
        check(f"root in {option}", [key], names(known))
    return named(key, known) if equals else known, Path(text)


def _refuse_unchosen(said_by: str, key: str, stacks: Mapping[str, Stack]) -> None:
    """Raise UsageError for a name of what is not examined here, and of an environment without its stack."""
    for stack, environment, root in places(stacks, {name: [*it.environments] for name, it in stacks.items()}):
        if key in (environment, f"{environment}/{root}"):
            raise pytest.UsageError(f"{said_by}: {key} goes with its stack: {stack}/{key}")
        if named(key, [(stack, environment, root)]):
            raise pytest.UsageError(
                f"{said_by}: this run does not examine {stack}/{environment}: choose it with --env, or leave "
                "this out"
            )


def names(known: Iterable[Place]) -> list[str]:
    """Return what places can be named by, for a message: roots, and stacks where there are several."""
    known = list(known)
    stacks = list(dict.fromkeys(stack for stack, _, _ in known))
    roots = dict.fromkeys(root for _, _, root in known)
    return [*roots, *(stacks if len(stacks) > 1 else [])]


def said(stacks: Mapping[str, Stack], known: list[Place], given: list[str]) -> Roots:
    """Return the roots that --terraform gives; what is said of one root goes before what is said of all.

    Raises UsageError for what cannot be meant, and for two folders of one root.
    """
    found: dict[Place, tuple[int, Path]] = {}
    for value in given:
        for place, folder in _said(stacks, known, value).items():
            rank = _rank(value, place)
            other = found.get(place)
            if other and other[0] == rank and other[1].resolve() != folder.resolve():
                raise pytest.UsageError(
                    f"--terraform gives root {place[2]} of {place[0]}/{place[1]} twice: {shown(other[1])} "
                    f"and {shown(folder)}"
                )
            if not other or rank >= other[0]:
                found[place] = rank, folder
    return {place: folder for place, (_, folder) in found.items()}


def _rank(value: str, place: Place) -> int:
    """Return how much is said of a root: less where it is among all, more by environment, most by name."""
    key, equals, _ = keyed(value)
    stack, environment, root = place
    ways = (stack, f"{stack}/{environment}", root, f"{stack}/{root}", f"{stack}/{environment}/{root}")
    return 1 + max(rank for rank, way in enumerate(ways) if way == key) if equals else 0


def _said(stacks: Mapping[str, Stack], known: list[Place], value: str) -> Roots:
    """Return the roots that one --terraform gives. Raises UsageError for what cannot be meant."""
    key, equals, text = keyed(value)
    folder = Path(os.path.realpath(text) if ".." in Path(text).parts else text).absolute()
    if text and folder.is_file():
        raise pytest.UsageError(f"--terraform {value}: that is a file; {_of_file(folder)}")
    if not text or not folder.is_dir():
        raise pytest.UsageError(f"--terraform {value}: there is no folder {text or repr(text)}")
    of, _ = meant("--terraform", value, known, stacks)
    by_root = [it for it in of if key == it[2] or key.endswith(f"/{it[2]}")] if equals else []
    if by_root and by_root != of:
        raise pytest.UsageError(
            f"--terraform {value}: {key} is a stack and a root of {by_root[0][0]}: say "
            f"{by_root[0][0]}/{key}=DIR, or give each root of the stack"
        )
    of = _of_environments(stacks, of, key, folder, f"--terraform {value}")
    found = dict.fromkeys(of, folder) if by_root else _below(folder, of, f"--terraform {value}")
    of_folder: dict[Path, list[str]] = {}
    for (stack, _, _), it in found.items():
        of_folder.setdefault(it, []).append(stack)
    for it, several in of_folder.items():
        if len(set(several)) > 1:
            first = several[0] if not by_root else f"{several[0]}/{key}"
            raise pytest.UsageError(
                f"--terraform {value}: {shown(it)} would be read for {' and '.join(dict.fromkeys(several))}: "
                f"say of which, such as --terraform {first}={text}"
            )
    return found


def _of_file(file: Path) -> str:
    """Return how a file was meant that was given for a folder of Terraform."""
    if file.name.endswith(ENDS):
        return f"give the folder that holds it: {shown(file.parent)}"
    return "Terraform lies in a folder; what `terraform show -json` prints is given with --plan or --state"


def _of_environments(
    stacks: Mapping[str, Stack], of: list[Place], key: str, folder: Path, said_by: str
) -> list[Place]:
    """Return the places without those whose stack has such a folder for another environment.

    Raises UsageError where none is left: what is examined of it is said by name.
    """
    its = [
        it for it in of if key.startswith(f"{it[0]}/{it[1]}") or not _is_of_another(stacks[it[0]], it, folder)
    ]
    if of and not its:
        stack, environment, _ = of[0]
        raise pytest.UsageError(
            f"{said_by} is called as that of another environment than {environment}: "
            f"say that it is meant with --terraform {typed(folder, f'{stack}/{environment}=')}"
        )
    return its


def _is_of_another(stack: Stack, place: Place, folder: Path) -> bool:
    """Return whether a folder ends as the stack's one for another environment does, and not as this one's."""
    own = _ends(stack, place[1], place[2])
    others = {end for it in stack.environments for end in _ends(stack, it, place[2])}
    return any(_ends_with(folder, it) for it in others) and not any(_ends_with(folder, it) for it in own)


def _ends(stack: Stack, environment: str, root: str) -> list[tuple[str, ...]]:
    """Return how a folder of roots, or a root in it, ends for an environment where others end otherwise."""
    parts = [stack.directory(it).parts for it in (environment, *stack.environments)]
    differ = next(
        (n for n in range(1, len(parts[0]) + 1) if any(it[-n:] != parts[0][-n:] for it in parts)), 0
    )
    end = parts[0][-differ:] if differ else ()
    return [end, (*end, *Path(root).parts)] if end else []


def _ends_with(folder: Path, end: tuple[str, ...]) -> bool:
    return folder.parts[-len(end) :] == end


def _below(folder: Path, of: list[Place], said_by: str) -> Roots:
    """Return the roots that lie below a folder. Raises UsageError where none does, with where they may be."""
    found = {place: folder / place[2] for place in of if (folder / place[2]).is_dir()}
    if not found:
        wanted = ", ".join(dict.fromkeys(root for _, _, root in of))
        raise pytest.UsageError(f"{said_by} holds no Terraform root: {wanted}{_nearby(folder, of)}")
    return found


def _nearby(folder: Path, of: list[Place]) -> str:
    """Return how a folder can be meant that is one level off."""
    roots = list(dict.fromkeys(root for _, _, root in of))
    called = next((root for root in roots if folder.parts[-len(Path(root).parts) :] == Path(root).parts), "")
    own = called or (roots[0] if len(roots) == 1 else "ROOT")
    if holds_terraform(folder):
        return f"; it is a root itself: --terraform {typed(folder, f'{own}=')}"
    near = [*folder.parents[:3], *sorted(it for it in folder.iterdir() if it.is_dir())]
    holding = next((it for it in near if any(holds_terraform(it / root) for root in roots)), None)
    return f"; {shown(holding)} does: --terraform {typed(holding)}" if holding else ""


def within(stacks: Mapping[str, Stack], known: Iterable[Place], repository: Path) -> Roots:
    """Return the roots that lie in a checkout: where the stack says, or less deep."""
    found: Roots = {}
    for stack, environment, root in known:
        folders = _directories(stacks[stack], environment, repository)
        holding = next((it for it in folders if holds_terraform(it / root)), None)
        if holding:
            found[stack, environment, root] = holding / root
    return found


def looked_past(
    stacks: Mapping[str, Stack],
    lacking: Iterable[Place],
    checkouts: Mapping[str, Iterable[Checkout]],
    found: Roots,
) -> str:
    """Return where roots seem to lie that are not where their stack says: below its checkout, or above it.

    What was found is another root, and what another stack names is that one's.
    """
    lacking = list(lacking)
    read = {it.resolve() for it in found.values()}
    for stack, several in checkouts.items():
        its = [it for it in lacking if it[0] == stack]
        key = f"{stack}=" if len(checkouts) > 1 else ""
        for checkout in several if its else ():
            top = checkout.folder.resolve()
            holding = dict.fromkeys(it.parent for it in checkout.files if it.name.endswith(ENDS))
            others = [it for name, it in stacks.items() if name != stack]
            free = (it for it in holding if top / it not in read and not _is_named(top / it, others))
            for folder in free:
                for _, _, root in its:
                    steps = Path(root).parts
                    if len(folder.parts) >= len(steps) and folder.parts[-len(steps) :] == steps:
                        above = top.joinpath(*folder.parts[: -len(steps)])
                        return f"{shown(above)} holds {root}: --terraform {typed(above, key)}"
            for above in top.parents[:3]:
                if within(stacks, its, above):
                    return f"{shown(above)} holds them: --repository {typed(above, key)}"
    return ""


def _is_named(folder: Path, stacks: Iterable[Stack]) -> bool:
    """Return whether a folder lies as some stack says of a root of its own."""
    return any(
        _ends_with(folder, (*stack.directory(environment).parts, *Path(root).parts))
        for stack in stacks
        for environment in stack.environments
        for root in stack.roots(environment)
    )


def _directories(stack: Stack, environment: str, repository: Path) -> Iterator[Path]:
    """Yield the folder that holds the roots as the stack says, and those above it in the checkout."""
    yield stack.roots_in(repository, environment)
    yield from (repository / above for above in stack.directory(environment).parents)


def own(stacks: Mapping[str, Stack], known: Iterable[Place], repository: Path) -> Roots:
    """Return every root where the stack says that it lies. Raises UsageError for one that is missing."""
    found = {}
    for stack, environment, root in known:
        folder = next(_directories(stacks[stack], environment, repository)) / root
        if not folder.is_dir():
            near = did_you_mean(root, _roots_beside(folder, root))
            told = f"there is no Terraform root {shown(folder)}{near}"
            told += "; write it there, or say where it lies with --terraform"
            raise pytest.UsageError(stacks[stack].root_said_wrong(environment, root, told))
        found[stack, environment, root] = folder
    return found


def _roots_beside(folder: Path, root: str) -> Iterator[str]:
    """Yield the roots that lie where another one is looked for, as a stack would name them."""
    above = Path(root).parent
    yield from ((above / it.name).as_posix() for it in sorted(folder.parent.glob("*")) if holds_terraform(it))


def holds_terraform(folder: Path) -> bool:
    """Whether a folder holds Terraform itself, not only further below."""
    return folder.is_dir() and any(True for end in ENDS for _ in folder.glob(f"*{end}"))


def check_roots(stacks: Mapping[str, Stack], roots: Roots) -> None:
    """Raise UsageError for a root without Terraform, or without the variables of its environment alone."""
    for (name, environment, root), folder in roots.items():
        if not holds_terraform(folder):
            near = next((it for it in (folder / root, folder.parent) if holds_terraform(it)), None)
            hint = f"; {shown(near)} does: --terraform {typed(near, f'{root}=')}" if near else ""
            raise pytest.UsageError(f"{shown(folder)} {NO_TERRAFORM}{hint}")
        _check_variables(stacks[name], environment, folder)
    for name in dict.fromkeys(place[0] for place in roots):
        _check_var_files(stacks[name], roots)


def _check_var_files(stack: Stack, roots: Roots) -> None:
    """Raise UsageError for a variable file that no root has in any environment, so that defaults would do."""
    chosen = dict.fromkeys(place[1] for place in roots if place[0] == stack.name)
    folders = [roots.get((stack.name, it, root)) for it in chosen for root in stack.roots(it)]
    if None in folders:
        return  # a root that is not given may have it
    for number, pattern in enumerate(stack.terraform.var_files):
        names = [*dict.fromkeys(str(fill(pattern, stack.placeholders(it))) for it in stack.environments)]
        if not any((folder / name).is_file() for folder in folders if folder for name in names):
            told = f"no root has {' or '.join(names)}: defaults would do for what it says"
            raise pytest.UsageError(stack.said_wrong(("terraform", "var_files", number), told))


def _check_variables(stack: Stack, environment: str, folder: Path) -> None:
    for pattern in stack.terraform.var_files:
        name = fill(pattern, stack.placeholders(environment))
        others = [fill(pattern, stack.placeholders(other)) for other in stack.environments]
        present = [other for other in others if (folder / other).is_file()]
        if present and name not in present:
            verb = "is" if len(present) == 1 else "are"
            raise pytest.UsageError(
                f"{shown(folder) / name} is missing, while {', '.join(present)} {verb} there: "
                f"{environment} would be evaluated with defaults"
            )
