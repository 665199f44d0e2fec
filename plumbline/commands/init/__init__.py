"""`python -m plumbline init NAME`: begins a stack and its runbook from what is there.

It asks nothing and overwrites nothing. What it writes holds of what it was made of; what it leaves out it
prints, with the reason.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from plumbline.commands.init import added
from plumbline.commands.init.added import Written
from plumbline.commands.init.begun import Begun, Ways, begun
from plumbline.commands.init.found import Found, keyed
from plumbline.commands.init.left_out import LeftOut
from plumbline.commands.init.made_of import Material, run_of
from plumbline.commands.init.of_account import of_account
from plumbline.commands.init.of_files import of_files
from plumbline.commands.init.of_terraform import of_its_terraform, of_terraform
from plumbline.commands.init.written import parts, runbook_text, sections, stack_text
from plumbline.expectations.home import Home, meant_from, named_from
from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack
from plumbline.github.checkout import shown
from plumbline.kinds.registry import look_in
from plumbline.suite.dropped import dropped, unusable
from plumbline.suite.offered import OPTIONS
from plumbline.suite.opening import Readings, refusing
from plumbline.suite.sentences import all_functions
from plumbline.values.files import ALLOWED_BY, checkouts_around
from plumbline.values.mistakes import DataError

_NAME = re.compile(r"[A-Za-z]\w*(?:[.-]\w+)*")
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
_FOLDER = "infra/plumbline"
"""Where stacks lie in a repository that names no other folder, as docs/your-own-stack.md has it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("name", metavar="NAME", help="what the stack is called: shop")
    for option, metavar, told in (
        ("--terraform", "DIR", "a Terraform root, or a folder of roots; or ROOT=DIR"),
        ("--var-file", "FILE", "values of variables; {env} in its name is each environment's"),
        (
            "--var",
            "NAME=VALUE",
            "one variable's value, of one root as ROOT/NAME; {env} in it is each environment's",
        ),
        ("--plan", "FILE", "what `terraform show -json` prints of a plan; or ROOT=FILE, ENV/ROOT=FILE"),
        ("--state", "FILE", "a state, as --plan"),
        ("--prefix", "P", "with --live: what the names begin with that are the stack's"),
        ("--tag", "KEY=VALUE", "with --live: a tag of what is the stack's; all that are given"),
        ("--env", "NAME", "an environment"),
        ("--account", "ENV=ID", "the account of an environment; ID alone is that of all"),
    ):
        parser.add_argument(option, action="append", default=[], metavar=metavar, help=f"{told} (repeatable)")
    told = "add what is new to the stack of this name: of its own Terraform, unless something else is given"
    parser.add_argument("--add", action="store_true", help=told)
    parser.add_argument(
        "--live", action="store_true", help="what the accounts hold, under a live run's guard"
    )
    parser.add_argument(ALLOWED_BY, **OPTIONS[ALLOWED_BY])
    parser.add_argument("--region", metavar="NAME", help="where the stack lies, if nothing says so")
    told = f"the folder of stacks to write to; unless pytest's configuration names one, {_FOLDER}"
    parser.add_argument("--to", metavar="DIR", help=told)


def run(arguments: argparse.Namespace) -> int:
    """Write a stack and its runbook, or what is new of one.

    Return 2 for what cannot be used, and where something would be overwritten.
    """
    home = _home(arguments.to)
    look_in(home.kinds)
    if not _NAME.fullmatch(arguments.name):
        told = "letters, digits, and . _ - between them"
        raise DataError(f"a stack cannot be called {arguments.name!r}: {told}")
    if arguments.region and not _REGION.fullmatch(arguments.region):
        raise DataError(f"--region {arguments.region}: a region of AWS is called like eu-west-1")
    with TemporaryDirectory(prefix="plumbline-init-") as folder:
        return (_add if arguments.add else _start)(arguments, home, Path(folder))


def _start(arguments: argparse.Namespace, home: Home, folder: Path) -> int:
    files = _files(home, arguments.name)
    left_out = LeftOut()
    material = _material(arguments, home, left_out)
    keyed(material.found)
    made = _begun(material, home, folder, left_out)
    if not made.asked:
        told = "no sentence holds of anything that was found, so nothing is written"
        raise DataError("\n".join([told, *left_out.all()]))
    texts = (stack_text(material.about, made), runbook_text(material.about, made))
    written = dict(zip(files, texts, strict=True))
    _refuse_unusable(home, arguments.name, written, folder)
    _write(written)
    print("\n".join(material.told))
    print(f"wrote {shown(files[0])}: {_counted(made)}")
    print(f"wrote {shown(files[1])}: {len(parts(made))} sentences")
    _tell_left_out(material, home, left_out)
    return 0


def _add(arguments: argparse.Namespace, home: Home, folder: Path) -> int:
    it = added.written(home, arguments.name)
    left_out = LeftOut()
    material = _additional(it.stack, arguments, home, left_out)
    subjects = [its for env in it.stack.environments for its in it.stack.subjects(env).values()]
    read = Readings(home, material.run(it.stack)).read(
        material.sources[0], [its for its in subjects if its.found_by or added.is_made_of_others(its)]
    )
    functions = all_functions(home.sentences)
    added.tell_fallen(it, read, material.sources[0], functions, left_out)
    there = it.there(read)
    material = replace(material, found=added.new(material.found, there))
    keyed(material.found, it.keys)
    made = _begun(material, home, folder, left_out, it, there)
    added.take_out_unaskable(it, made, left_out)
    added.take_out_refuted(it, made, functions, left_out)
    if not made.found:
        print("\n".join([*material.told, f"nothing is new to {shown(it.stack.path)}", *left_out.all()]))
        return 0
    files = added.texts(it, material.about, made)
    _refuse_unusable(home, arguments.name, files, folder)
    for path, text in files.items():
        _replace(path, text)
    print("\n".join(material.told))
    print(f"added to {', '.join(str(shown(path)) for path in files)}: {_counted(made)}")
    _tell_left_out(material, home, left_out)
    return 0


def _refuse_unusable(home: Home, name: str, files: Mapping[Path, str], folder: Path) -> None:
    """Raise `DataError` where the files would be none that a run can use."""
    tried = added.tried(home, files, folder / "tried")
    with _calling(tried.folder, home.folder):
        stack = Stack(tried.folder / "stacks" / f"{name}.yaml")
        runbook = Runbook.of(stack, tried.runbooks)
    run = replace(run_of(stack, ("hcl",)), runbooks={stack.name: runbook})
    functions = all_functions(home.sentences)
    with refusing():
        if mistakes := [*unusable(run, functions), *dropped(run, functions)]:
            raise DataError("\n".join(["nothing is written, since it could not be used:", *mistakes]))


@contextmanager
def _calling(tried: Path, theirs: Path) -> Iterator[None]:
    """Call a file that is only tried as the one that it would be, in the mistakes that are in it."""
    try:
        yield
    except DataError as mistake:
        told = str(mistake)
        for it in (tried, shown(tried)):
            told = told.replace(str(it), str(shown(theirs)))
        raise DataError(told) from None


def _home(given: str | None) -> Home:
    """Return the folder of stacks that is written to."""
    named = None if given else meant_from(Path.cwd())
    if named and named.stacks:
        named = named_from(Path.cwd())
    folder = named.folder if named else Path(os.path.abspath(given or _FOLDER))
    if folder.exists() and not folder.is_dir():
        said = f"--to {given}" if given else str(shown(folder))
        raise DataError(f"{said}: that is a file; stacks lie in a folder, which --to DIR names")
    return named or Home(folder, next(checkouts_around(folder), Path.cwd()))


def _files(home: Home, name: str) -> tuple[Path, Path]:
    """Return the files to write. Raises `DataError` where one exists."""
    stack, runbook = home.folder / "stacks" / f"{name}.yaml", home.folder / "runbooks" / f"{name}.yaml"
    for path in (stack, runbook, runbook.with_suffix("")):
        if path.exists():
            told = "--add adds what is new to it; or choose another NAME, or another folder with --to DIR"
            raise DataError(f"{shown(path)} exists, and nothing is overwritten: {told}")
    return stack, runbook


def _material(arguments: argparse.Namespace, home: Home, left_out: LeftOut) -> Material:
    """Return what the command line says that the stack is made of. Raises `DataError`."""
    ways = {
        "--terraform DIR": arguments.terraform,
        "--plan FILE": arguments.plan,
        "--state FILE": arguments.state,
        "--live": arguments.live,
    }
    given = [way for way, values in ways.items() if values]
    if len(given) != 1:
        told = f"{' and '.join(given)} are given" if given else "nothing is given to make a stack of"
        raise DataError(f"{told}: give one of {', '.join(ways)}")
    if arguments.live:
        return of_account(arguments, home, left_out)
    if arguments.terraform:
        return of_terraform(arguments, home, left_out)
    return of_files(arguments, left_out)


def _additional(stack: Stack, arguments: argparse.Namespace, home: Home, left_out: LeftOut) -> Material:
    """Return what a stack could be made of: its own Terraform, unless something else is given."""
    of_stack = {"--env": arguments.env, "--var": arguments.var, "--var-file": arguments.var_file}
    of_stack |= {"--region": arguments.region, "--account": arguments.account}
    if given := [option for option, value in of_stack.items() if value]:
        raise DataError(f"{given[0]} is what {shown(stack.path)} says: with --add it is not given")
    if arguments.live or arguments.plan or arguments.state:
        arguments.env, arguments.region = list(stack.environments), stack.region
        arguments.account = [f"{env}={it.account}" for env, it in stack.environments.items() if it.account]
        return _material(arguments, home, left_out)
    return of_its_terraform(stack, arguments, home, left_out)


def _begun(
    material: Material,
    home: Home,
    folder: Path,
    left_out: LeftOut,
    it: Written | None = None,
    there: Sequence[Found] = (),
) -> Begun:
    path = folder / "stacks" / f"{material.about.name}.yaml"
    path.parent.mkdir()

    def stack_of(made: Begun) -> Stack:
        text = added.draft(it, material.about, made) if it else stack_text(material.about, made)
        path.write_text(text, encoding="utf-8", newline="")
        with _calling(path, it.stack.path if it else path):
            return Stack(path)

    def readings_of(stack: Stack) -> Readings:
        if "moto" in material.sources:
            from plumbline.sources.moto.account import empty_all

            empty_all()
        return Readings(home, material.run(stack))

    functions = all_functions(home.sentences)
    ways = Ways(
        functions, material.names, stack_of, readings_of, material.sources, left_out, material.prefixes
    )
    return begun(material.found, ways, there)


def _write(texts: Mapping[Path, str]) -> None:
    written: list[Path] = []
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                written.append(path)
                file.write(text)
        except OSError as error:
            for half in written:  # one without the other is of no use
                half.unlink(missing_ok=True)
            raise DataError(f"{shown(path)} cannot be written: {error.strerror}") from None


def _replace(path: Path, text: str) -> None:
    """Write a file anew, whole or not at all: one that a link leads to, with the mode that it has."""
    try:
        real = path.resolve(strict=True)
        beside = real.with_name(f".{real.name}.new")
        beside.write_text(text, encoding="utf-8", newline="")
        shutil.copymode(real, beside)
        beside.replace(real)
    except OSError as error:
        raise DataError(f"{shown(path)} cannot be written: {error.strerror}") from None


def _counted(made: Begun) -> str:
    counted = (
        f"{len(them)} {(plural if len(them) > 1 else them[0].kind.noun).replace('_', ' ')}"
        for plural, them in sections(made.found).items()
    )
    return ", ".join(counted)


def _tell_left_out(material: Material, home: Home, left_out: LeftOut) -> None:
    """Print what was left out, and what to type next."""
    print("\n".join(left_out.all()))
    named = named_from(Path.cwd())
    stacks = () if named and named.folder == home.folder else ("--stacks", str(shown(home.folder)))
    alone = len(home.stacks) == 1
    environment = material.about.environments[0]
    chosen = environment if alone else f"{material.about.name}/{environment}"
    words = ["pytest", *stacks, "--env", chosen, *material.again]
    print(f"\nnext: {shlex.join(words)}")
