"""The recipes of make: what making a target runs, read and never executed.

Source: GNU make's manual, "Recipe Execution", "Choosing the Shell", "Using One Shell", "Errors in Recipes",
"Pattern Rules", "Including Other Makefiles".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

NAMES = ("GNUmakefile", "makefile", "Makefile")
_ASSIGNED = re.compile(r"^(?:export\s+|override\s+)*([\w.-]+)\s*(\?|:{0,3}|\+)?=\s*(.*)$")
_INCLUDES = re.compile(r"(?:-include|sinclude|include)\s+(.*)")
_CONDITION = re.compile(r"\s*(ifdef|ifndef|ifeq|ifneq|else|endif)\b")
_REFERENCE = re.compile(r"\$\$|\$\(([^()]+)\)|\$\{([^{}]+)\}")
_IGNORES = re.compile(r"(?:^|\s)(?:-?[a-zA-Z]*i[a-zA-Z]*|--ignore-errors)(?:\s|$)")
"""What is in MAKEFLAGS where make goes on whatever fails."""
_DEEPEST = 6
_MOST_FILLED = 20_000
"""How many references to variables are filled in one makefile."""

Included = Callable[[str], Iterable[str]]
"""Gives what the files hold that a pattern names."""


class Makefile:
    """The rules of a makefile: what each target needs, and its recipe."""

    def __init__(self, written: str, given: dict[str, str], included: Included) -> None:
        """Read a makefile, and those that it includes; `given` are the variables of the command line."""
        self._variables: dict[str, str] = {"MAKE": "make", "CURDIR": "."}
        self._given, self._included = given, included
        self._needs: dict[str, list[str]] = {}
        self._recipes: dict[str, list[str]] = {}
        self._first = ""
        self._references = 0
        self._read(written)
        self._variables |= given

    def script(self, targets: list[str], *, ignores: bool = False) -> str | None:
        """Return what making these targets runs, each line in a shell of its own; None for unknown ones.

        With `ignores` make goes on whatever fails.
        """
        asked = targets or [self._first]
        if not all(self._rule_for(target) for target in asked):
            return None
        ignores = ignores or ".IGNORE" in self._needs or bool(_IGNORES.search(self._filled("$(MAKEFLAGS)")))
        done: set[str] = set()
        lines = [line for target in asked for line in self._lines(target, done)]
        return "\n".join(f"{line} || true" if ignores else line for line in lines)

    # Reading.

    def _read(self, written: str, depth: int = 0) -> None:
        targets: list[str] = []
        within = 0
        is_defining = False
        for line in re.sub(r"\\\n\s*", " ", written).splitlines():
            prefix = self._variables.get(".RECIPEPREFIX", "")[:1] or "\t"
            if is_defining or line.startswith("define "):
                is_defining = line.strip() != "endef"
            elif line.startswith(prefix) and targets:
                for target in targets:
                    self._recipes[target].append(_perhaps(line[1:]) if within else line[1:])
            elif condition := _CONDITION.match(line):
                within += {"else": 0, "endif": -1}.get(condition[1], 1)
            elif included := _INCLUDES.fullmatch(line.strip()):
                texts = [it for name in self._filled(included[1]).split() for it in self._included(name)]
                for it in texts if depth < _DEEPEST else ():
                    self._read(it, depth + 1)
            elif assigned := _ASSIGNED.match(line):
                before = self._variables.get(assigned[1], "") if assigned[2] == "+" else ""
                self._variables[assigned[1]] = f"{before} {assigned[3].strip()}".strip()
            elif rule := _rule(self._filled(line, given=True)):
                targets, needs, first_line = rule
                self._add(targets, needs, first_line)
            elif line.strip() and not line.lstrip().startswith("#"):
                targets = []

    def _add(self, targets: list[str], needs: list[str], first_line: str) -> None:
        for target in targets:
            is_special = target.startswith(".") or "%" in target
            self._first = self._first or ("" if is_special else target)
            self._needs.setdefault(target, []).extend(needs)
            self._recipes.setdefault(target, []).extend([first_line] if first_line else [])

    # Making.

    def _rule_for(self, target: str) -> tuple[str, str] | None:
        """Return the target of the rule that makes another one, and what `%` is in it; None for no rule."""
        if target in self._recipes:
            return target, ""
        for pattern in self._recipes:
            before, wild, after = pattern.partition("%")
            fits = wild and len(target) >= len(pattern) and target.startswith(before)
            if fits and target.endswith(after):
                return pattern, target[len(before) : len(target) - len(after)]
        return None

    def _lines(self, target: str, done: set[str], depth: int = 0) -> Iterator[str]:
        rule = self._rule_for(target)
        if target in done or rule is None or depth > _DEEPEST:
            return
        done.add(target)
        made_by, stem = rule
        needs = [it.replace("%", stem) for it in self._needs[made_by] if it != "|"]
        for needed in needs:
            yield from self._lines(needed, done, depth + 1)
        own = {"$@": target, "$*": stem, "$<": next(iter(needs), ""), "$^": " ".join(needs)}
        recipe = self._recipes[made_by]
        for line in ["\n".join(recipe)] if recipe and ".ONESHELL" in self._needs else recipe:
            marks, written = _marked(line)
            written = written.lstrip()
            for sign, value in own.items():
                written = written.replace(sign, value)
            yield f"( {self._options}\n{self._filled(written)}\n)" + (" || true" if "-" in marks else "")

    @property
    def _options(self) -> str:
        """The options of the shell that runs a line: it ends at a failure within only where it is told to."""
        flags = self._variables.get(".SHELLFLAGS", "-ec" if ".POSIX" in self._needs else "-c")
        ends = any(re.fullmatch(r"-[a-z]*e[a-z]*", it) or it == "errexit" for it in flags.split())
        return f"set {'-' if ends else '+'}e" + ("; set -o pipefail" if "pipefail" in flags else "")

    def _filled(self, text: str, depth: int = 0, *, given: bool = False) -> str:
        """Return a text with the variables in it; one that is not known as the shell would write it."""

        def one(match: re.Match[str]) -> str:
            if match[0] == "$$":
                return "$$" if given else "$"
            name, replaces, change = (match[1] or match[2]).partition(":")
            value = (self._given if given else {}).get(name, self._variables.get(name))
            self._references += 1
            if value is None or self._references > _MOST_FILLED:
                return f"${{{name}}}" if re.fullmatch(r"\w+", name) else match[0]
            value = self._filled(value, depth + 1, given=given) if depth < _DEEPEST else value
            return " ".join(_changed(it, change) for it in value.split()) if replaces else value

        return _REFERENCE.sub(one, text)


def _rule(line: str) -> tuple[list[str], list[str], str] | None:
    """Return the targets of a rule, what they need, and the recipe on its line; None for no rule."""
    targets, colon, behind = line.partition(":")
    behind = behind.removeprefix(":")
    if not colon or not targets.strip() or line[0].isspace() or {"=", "#"} & {*targets} or behind[:1] == "=":
        return None
    needs, _, recipe = behind.partition(";")
    return targets.split(), needs.partition("#")[0].split(), recipe.strip()


def _perhaps(line: str) -> str:
    """Return a line of a recipe that stands in a condition of make, as one that a shell may come to."""
    marks, written = _marked(line)
    return f'{marks}if [ "$$MAKE_CONDITION" ]; then {written}; fi'


def _marked(line: str) -> tuple[str, str]:
    """Return what stands before a line of a recipe to say how it is run, `@-`, and the line."""
    written = line.lstrip().lstrip("@+-")
    return line.removesuffix(written), written


def _changed(word: str, change: str) -> str:
    """Return a word of `$(NAME:from=to)`: `%` is what both have in common, and else ends are exchanged."""
    before, _, after = change.partition("=")
    head, wild, tail = before.partition("%")
    if not wild:
        return word.removesuffix(before) + after if before and word.endswith(before) else word
    if not (word.startswith(head) and word.endswith(tail)):
        return word
    return after.replace("%", word[len(head) : len(word) - len(tail)], 1)
