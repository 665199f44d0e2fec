"""Where stacks lie: a folder with stacks/ and runbooks/, and optionally waivers/, tests/ and kinds/.

This repository's is fixtures/. Another repository names its own in the configuration of pytest, as
`plumbline_stacks`, or says it with --stacks.
"""

from __future__ import annotations

import configparser
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plumbline.values.files import checkouts_around
from plumbline.values.mistakes import DataError, did_you_mean, nearest

SETTING = "plumbline_stacks"
"""The setting that names the folder, relative to the file that it stands in."""
HELP = "folder with stacks/ and runbooks/, and optionally waivers/, tests/ and kinds/ of its own"
"""What --stacks is for."""
_PACKAGE = Path(__file__).parents[1]
SENTENCES = _PACKAGE / "sentences" if (_PACKAGE / "sentences").is_dir() else _PACKAGE.parent / "tests"
"""Our own sentences: in the package where it was installed, beside it in a checkout."""
_PARTS = ("stacks", "runbooks", "waivers", "tests", "kinds")
"""What lies in a folder of stacks."""
_FILES = (
    "pytest.toml",
    ".pytest.toml",
    "pytest.ini",
    ".pytest.ini",
    "pyproject.toml",
    "tox.ini",
    "setup.cfg",
)
"""Where pytest is configured. Source: pytest's documentation, "Configuration file formats"."""
_IN_INI = {"setup.cfg": "tool:pytest"}
_IN_TOML = (("pytest",), ("tool", "pytest"), ("tool", "pytest", "ini_options"))


@dataclass(frozen=True)
class Home:
    """A folder of stacks."""

    folder: Path
    repository: Path
    """The repository that it belongs to: what is examined where nothing else is given."""

    @property
    def stacks(self) -> dict[str, Path]:
        """The file of each stack, by its name."""
        return {path.stem: path for path in sorted((self.folder / "stacks").glob("*.yaml"))}

    @property
    def runbooks(self) -> Path:
        """Where the runbooks lie."""
        return self.folder / "runbooks"

    @property
    def waivers(self) -> Path:
        """Where the waivers lie."""
        return self.folder / "waivers"

    @property
    def sentences(self) -> tuple[Path, ...]:
        """The folders of test functions: ours, and those beside the stacks."""
        own = self.folder / "tests"
        return (SENTENCES, own) if own.is_dir() else (SENTENCES,)

    @property
    def kinds(self) -> tuple[Path, ...]:
        """The modules of kinds and facets beside the stacks."""
        return tuple(sorted((self.folder / "kinds").glob("[!_]*.py")))


def named_from(place: Path) -> Home | None:
    """Return what the nearest configuration of pytest names, from a folder upward; None where none does.

    Another repository around that of the folder is not asked.
    Raises `DataError` for a setting that names no folder of stacks.
    """
    return next((home for file in _configurations(place) if (home := named_in(file))), None)


def meant_from(place: Path) -> Home | None:
    """Return what `named_from` does, also where no stack lies there yet.

    Raises `DataError` for a setting that names nothing.
    """
    return next((home for file in _configurations(place) if (home := _meant_in(file))), None)


def named_in(file: Path) -> Home | None:
    """Return what a configuration of pytest names; None where it does not. Raises as `named_from`."""
    meant = _meant_in(file)
    return _home(meant.folder, meant.repository, f"{SETTING} = {_setting(file)} in {file}") if meant else None


def _configurations(place: Path) -> Iterator[Path]:
    """Yield the files that may configure pytest, from a folder upward, the nearest first."""
    repository = next(checkouts_around(place), Path(place.anchor))
    above = (it for it in (place, *place.parents) if it.is_relative_to(repository))
    yield from (file for folder in above for name in _FILES if (file := folder / name).is_file())


def _meant_in(file: Path) -> Home | None:
    named = _setting(file)
    if not isinstance(named, str):
        raise DataError(f'{file}: {SETTING} names one folder: {SETTING} = "DIR"')
    return Home((file.parent / named).absolute(), file.parent.absolute()) if named else None


def home_of(given: str | None, place: Path) -> Home:
    """Return the home that the command line says, or else the nearest configuration of pytest.

    The kinds beside its stacks are known from then on. Raises `DataError` where neither names one.
    """
    home = said(given, place) if given else named_from(place)
    if home is None:
        raise DataError(f"no stacks are named: give --stacks DIR, or {SETTING} = DIR in pytest.ini")
    from plumbline.kinds.registry import look_in

    look_in(home.kinds)
    return home


def said(given: str, place: Path, by: str = "--stacks ") -> Home:
    """Return the home that an option says, relative to the folder `place`. Raises `DataError`."""
    folder = Path(os.path.abspath(place / given))  # as pytest calls what it collects there
    here = Path.cwd()
    without = here if folder.is_relative_to(here) else place
    return _home(folder, next(checkouts_around(folder), without), f"{by}{given}")


def _home(folder: Path, repository: Path, said_by: str) -> Home:
    folder = Path(folder).absolute()
    if not folder.is_dir():
        raise DataError(f"{said_by}: there is no folder {folder}")
    home = Home(folder, repository.absolute())
    if told := next(_passed_over(folder), None):
        raise DataError(told)
    for what, path in _beside_stacks(folder):
        if home.stacks and path.stem not in home.stacks:
            near = did_you_mean(path.stem, home.stacks)
            raise DataError(f"{path} is of no stack{near}: {what} is called as its stack is")
    if not home.stacks:
        below = next((it.parent for it in sorted(folder.glob("*/stacks")) if any(it.glob("*.yaml"))), None)
        hint = f"some lie in {below}" if below else f"it would be {folder / 'stacks'}/NAME.yaml"
        raise DataError(f"{said_by}: no stack lies there; {hint}")
    return home


def _passed_over(folder: Path) -> Iterator[str]:
    """Yield what is wrong with what somebody meant for a folder of stacks and that nothing would read."""
    for path in sorted(it for it in folder.glob("*") if it.is_dir() and it.name not in _PARTS):
        meant = nearest(path.name.lower(), _PARTS)
        if meant and any(it.suffix in (".yaml", ".yml", ".py") for it in path.rglob("*")):
            to_do = f"move what it holds to {meant}" if (folder / meant).is_dir() else f"call it {meant}"
            yield f"{path} would be passed over: {to_do}"
    for part in ("stacks", "runbooks", "waivers"):
        for path in sorted((folder / part).rglob("*")):
            if path.suffix.lower() not in (".yaml", ".yml"):
                continue
            if path.parent == folder / part and path.suffix != ".yaml":
                yield f"{path} would be passed over: call it {path.stem}.yaml"
            elif path.parent != folder / part and part != "runbooks":
                of = path.parent.name if part == "waivers" else path.stem
                yield f"{path} would be passed over: it would be {folder / part / of}.yaml"
    for path in sorted((folder / "kinds").glob("[!_.]*/")):
        if any(path.rglob("*.py")):
            yield f"{path} would be passed over: kinds are modules, {folder / 'kinds'}/NAME.py"


def _beside_stacks(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield what lies beside stacks and is of one of them, and what that is."""
    yield from (("a file of waivers", it) for it in sorted((folder / "waivers").glob("*.yaml")))
    for it in sorted((folder / "runbooks").glob("*")):
        if it.suffix == ".yaml" or (it.is_dir() and any(it.glob("*.yaml"))):
            yield "a runbook", it


def _setting(file: Path) -> object:
    """Return the value in a configuration file; empty where it says none, or cannot be read at all."""
    try:
        text = file.read_text(encoding="utf-8")
        return _in_toml(text) if file.suffix == ".toml" else _in_ini(text, _IN_INI.get(file.name, "pytest"))
    except (OSError, UnicodeDecodeError, configparser.Error, tomllib.TOMLDecodeError):
        return ""  # what is wrong with its own configuration pytest says best


def _in_ini(text: str, section: str) -> str:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(text)
    return parser.get(section, SETTING, fallback="").strip()


def _in_toml(text: str) -> object:
    whole = tomllib.loads(text)
    return next((found for found in _settings_in(whole) if found != ""), "")


def _settings_in(whole: dict[str, object]) -> Iterator[object]:
    for path in _IN_TOML:
        table: object = whole
        for step in path:
            table = table.get(step) if isinstance(table, dict) else None
        if isinstance(table, dict) and SETTING in table:
            yield table[SETTING]
