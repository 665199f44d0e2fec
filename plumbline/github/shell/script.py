"""Going through a script on every way that it can take, without running anything of it.

A command succeeds unless the reader is told that it fails; a condition that nobody can know is taken both
ways. What ends a script early with a failure is the failure of its step, and hides no later command; what may
end it early with success makes each later command one that it only may come to.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import TYPE_CHECKING

from plumbline.github.shell import arithmetic, examples, expansion
from plumbline.github.shell.comparing import decided
from plumbline.github.shell.filters import filtered, piped
from plumbline.github.shell.path import (
    CONTAINERS,
    FAILS,
    OPEN,
    SUCCEEDS,
    UNREAD,
    WORKSPACE,
    Command,
    Path,
    Status,
    is_known,
)
from plumbline.github.shell.syntax import Source, parsed
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True)
class Followed:
    """A script that a command runs."""

    script: str
    name: str = "bash"
    """What `$0` is in it."""
    arguments: tuple[str, ...] = ()
    folder: str = WORKSPACE
    errexit: bool = False
    """Whether it ends where a command fails (`-e`)."""
    is_followed: bool = True
    """Whether it is gone through; what is in another language is only known by its text."""


Follow = Callable[[Command], Followed | None]
Fails = Callable[[Command], Status]
Expand = Callable[[str, str], tuple[str, ...]]
Compared = Callable[[str, str], None]
"""What is told of each two words that the script compares."""

MOST_COMMANDS = 5_000
"""How many commands are gone through in one step, those of functions and loops each time."""
MOST_WORDS = 2_000
"""How long a list of words may grow."""
_DEEPEST = 12
"""How deep scripts, functions and substitutions are followed."""
_TALL = 60
"""How deep a script may be nested."""
_OPERATORS = frozenset({";", ";;", "\n", "&", "&&", "||", "|", "|&"})


@dataclass(frozen=True)
class Settings:
    """How GitHub runs a script, and what is asked of it."""

    folder: str = WORKSPACE
    variables: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    errexit: bool = True
    pipefail: bool = False
    succeeds: Fails = lambda command: SUCCEEDS
    follow: Follow = lambda command: None
    expand: Expand = lambda pattern, folder: ()
    compared: Compared = lambda one, other: None


@dataclass(frozen=True)
class Outcome:
    """What a script comes to."""

    commands: tuple[Command, ...]
    statuses: frozenset[Status]
    """With which it may end."""

    @property
    def status(self) -> Status:
        """The one status that it ends with; open where there are several."""
        return next(iter(self.statuses)) if len(self.statuses) == 1 else OPEN


def outcome(script: str, settings: Settings) -> Outcome:
    """Return what a script comes to. Raises `Undetermined` where it is too long or too deep for that."""
    try:
        return _Script(settings).outcome(script)
    except RecursionError:
        raise Undetermined("a script is nested too deeply to be gone through") from None


@dataclass
class _Frame:
    """A script, a subshell or a function: what ends it ends nothing around it."""

    statuses: set[Status] = field(default_factory=set)
    quiet: bool = False
    """Whether it may end early without a failure."""
    rescued: Status = FAILS
    """With which it ends where it failed: a trap may end it another way."""


class _Script:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._commands: list[Command] = []
        self._functions: dict[str, tuple[Source, Node]] = {}
        self._aliases: dict[str, str] = {}
        self._frames: list[_Frame] = [_Frame()]
        self._ending: list[_Frame] = []
        self._turns: list[_Frame] = []
        self._behind: set[Status] = set()
        """With what commands end that run in the background."""
        self._status: Status = SUCCEEDS
        self._given: str | None = None
        self._depth = self._tall = self._passed = 0

    def outcome(self, script: str) -> Outcome:
        given = self._settings
        path = Path(dict(given.variables), given.folder, given.errexit, given.pipefail)
        path.arguments = given.arguments
        statuses = self._enclosed(script, path)
        return Outcome(tuple(self._commands), frozenset(statuses))

    # Scripts, subshells and lists of commands.

    def _enclosed(self, script: str, path: Path) -> set[Status]:
        source = parsed(script)
        return self._within(source, source.root, path)

    def _within(self, source: Source, node: Node, path: Path, checked: bool = False) -> set[Status]:
        """Return the statuses with which a shell of its own may end."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Undetermined("scripts that call scripts are not followed that deep")
        frame = _Frame()
        self._frames.append(frame)
        status = self._list(source, node, path, checked)
        self._frames.pop()
        self._depth -= 1
        if path.alive:
            frame.statuses.add(status)
        return {frame.rescued if it is FAILS else it for it in frame.statuses}

    def _list(self, source: Source, node: Node, path: Path, checked: bool = False) -> Status:
        """Go through the commands that stand one after the other; the status is that of the last one."""
        status: Status = SUCCEEDS
        for inner in node.children:
            if not path.alive:
                break
            if not inner.is_named or inner.type in ("comment", "heredoc_body", "variable_name"):
                continue
            status = self._statement(source, inner, path, checked)
        return status

    def _statement(self, source: Source, node: Node, path: Path, checked: bool) -> Status:
        after = node.next_sibling
        if after is not None and after.type == "&":
            self._behind.add(self._apart(source, node, path.forked()))
            return SUCCEEDS
        status = self._go(source, node, path, checked)
        path.variables["?"] = {True: "0", False: "1", None: "$?"}[status]
        excused = checked or not path.errexit or not path.alive or _is_excused(source, node)
        if excused or status is SUCCEEDS:
            return status
        self._end(path, FAILS, whole=True, surely=status is FAILS)
        return SUCCEEDS if path.alive else FAILS

    def _end(self, path: Path, status: Status, whole: bool, surely: bool = True) -> None:
        """End the shell that a way stands in, as `exit` and `-e` do, or with not `whole` its function."""
        frame = self._frames[-1] if whole or not self._ending else self._ending[-1]
        frame.statuses.add(status)
        if status is not FAILS:
            frame.quiet = True
        if surely:
            path.alive = False

    def _apart(self, source: Source, node: Node, path: Path) -> Status:
        """Go through what has a shell of its own without brackets: in the background, or in a pipe."""
        frame = _Frame()
        self._frames.append(frame)
        status = self._go(source, node, path, True)
        self._frames.pop()
        return _one({*frame.statuses, status} if path.alive else frame.statuses or {status})

    # What stands in a list.

    def _go(self, source: Source, node: Node, path: Path, checked: bool) -> Status:
        self._passed += 1
        self._tall += 1
        if self._passed > MOST_COMMANDS or self._tall > _TALL:
            raise Undetermined("a script is too long or too nested to be gone through")
        try:
            return self._node(source, node, path, checked)
        finally:
            self._tall -= 1

    def _node(self, source: Source, node: Node, path: Path, checked: bool) -> Status:
        match node.type:
            case "command":
                return self._simple(source, node, path, checked)
            case "test_command":
                return self._decided(list(self._flat(source, node, path)))
            case "list":
                return self._and_or(source, node, path, checked)
            case "pipeline":
                return self._pipeline(source, node, path)
            case "negated_command":
                status = self._go(source, node.named_children[-1], path, True)
                return OPEN if status is OPEN else not status
            case "redirected_statement":
                return self._redirected(source, node, path, checked)
            case "if_statement":
                return self._if(source, node, path, checked)
            case "case_statement":
                return self._case(source, node, path, checked)
            case "for_statement" | "while_statement" | "c_style_for_statement":
                return self._loop(source, node, path, checked)
            case "compound_statement" if node.children and node.children[0].type == "((":
                arithmetic.count(source.text(node), path.variables)
                return OPEN
            case "compound_statement" | "do_group" | "else_clause":
                return self._list(source, node, path, checked)
            case "subshell":
                return _one(self._within(source, node, path.forked(), checked))
            case "function_definition":
                name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
                if name is not None and body is not None:
                    self._functions[source.text(name)] = (source, body)
                return SUCCEEDS
            case "variable_assignment" | "variable_assignments" | "declaration_command":
                return self._assigned(source, node, path)
            case "ERROR":
                return self._unread(source, node, path)
        return SUCCEEDS

    def _unread(self, source: Source, node: Node, path: Path) -> Status:
        """Go through what the grammar does not know, of which each command may be come to."""
        branch = path.forked(sure=False)
        self._list(source, node, branch, True)
        path.joined([(path.forked(), False), (branch, True)])
        return SUCCEEDS

    def _and_or(self, source: Source, node: Node, path: Path, checked: bool) -> Status:
        left, right = node.named_children[0], node.named_children[-1]
        is_or = any(it.type == "||" for it in node.children)
        first = self._go(source, left, path, True)
        path.variables["?"] = {True: "0", False: "1", None: "$?"}[first]
        if not path.alive:
            return first
        if first is not OPEN:
            return first if first is is_or else self._statement(source, right, path, checked)
        branch = path.forked(sure=False)
        second = self._in_branch(source, [right], branch, checked)
        stays = path.forked()
        path.joined([(stays, False), (branch, self._is_quiet(branch))])
        if not branch.alive:
            return is_or
        return is_or if second is is_or else OPEN

    def _in_branch(self, source: Source, nodes: list[Node], path: Path, checked: bool) -> Status:
        status: Status = SUCCEEDS
        for node in nodes:
            if path.alive:
                status = self._statement(source, node, path, checked)
        return status

    def _is_quiet(self, branch: Path) -> bool:
        """Whether a branch may have ended its shell without a failure."""
        frames = [self._frames[-1], *self._ending[-1:]]
        return any(frame.quiet for frame in frames)

    def _pipeline(self, source: Source, node: Node, path: Path) -> Status:
        parts = node.named_children
        statuses = [self._apart(source, part, path.forked()) for part in parts]
        self._piped_into_shell(source, parts, path)
        if not path.pipefail or statuses[-1] is not SUCCEEDS:
            return statuses[-1]
        if FAILS in statuses:
            return FAILS
        return OPEN if OPEN in statuses else SUCCEEDS

    def _piped_into_shell(self, source: Source, parts: list[Node], path: Path) -> None:
        """Go through what comes out of a pipe into a shell: of `echo`, of files, or whatever it is."""
        last = self._command_words(source, parts[-1], path)
        if not _reads_script(last) and not _reads_orders(last):
            return
        lines = [self._command_words(source, it, path) for it in parts[:-1]]
        script = piped(lines)
        if _reads_orders(last):
            told = (UNREAD, source.text(parts[0]) if script is None else script)
            self._commands.append(Command(told, path.folder, path.variables, path.sure))
        elif script is not None:
            self._enclosed(script, path.forked())
        elif all(lines):
            for words in _shells(lines, " | ".join(map(source.text, parts[:-1]))):
                read = Command(words, path.folder, path.variables, path.sure)
                self._program(read, path.forked(), True)

    def _redirected(self, source: Source, node: Node, path: Path, checked: bool) -> Status:
        body = node.child_by_field_name("body")
        status: Status = SUCCEEDS
        for redirect in node.children:
            self._substitutions(source, redirect, path) if redirect.type.endswith("redirect") else None
        strings = [it.named_children[-1] for it in node.named_children if it.type == _HERESTRING]
        if (script := self._read_from(source, node, body, path)) is not None:
            return self._program(script, path, checked)
        if body is not None:
            self._given = self._text(source, strings[-1], path) if strings else None
            first = len(self._commands)
            status = self._go(source, body, path, checked)
            self._given = None
            self._note_file(source, node, path, first)
        self._writes_script(source, node, body, path)
        heredocs = [it for it in node.named_children if it.type == "heredoc_redirect"]
        for heredoc in heredocs:
            status = self._after_heredoc(source, heredoc, body, path, checked, status)
        return status

    def _note_orders(self, name: str, path: Path) -> None:
        """Note a file of the checkout that something else than a shell of here is given to do."""
        followed = self._settings.follow(Command(("bash", name), path.folder, path.variables))
        if followed is not None:
            told = (UNREAD, followed.script, name)
            self._commands.append(Command(told, path.folder, path.variables, path.sure))

    def _note_file(self, source: Source, node: Node, path: Path, first: int) -> None:
        """Note of the commands from one on the file that what they print is written to."""
        for file in self._files(source, node, path, ">", ">>")[-1:]:
            self._commands[first:] = [
                it if it.written_to else replace(it, written_to=file) for it in self._commands[first:]
            ]

    def _read_from(self, source: Source, node: Node, body: Node | None, path: Path) -> Command | None:
        """Return the call of a shell whose script is a file that it is given: `bash < ship.sh`."""
        words = self._command_words(source, body, path)
        given = self._files(source, node, path, "<")
        if not given or not words:
            return None
        if _reads_orders(words):
            self._note_orders(given[-1], path)
        if not _reads_script(words):
            return None
        return Command(("bash", *_options(words[1:]), given[-1]), path.folder, path.variables, path.sure)

    def _writes_script(self, source: Source, node: Node, body: Node | None, path: Path) -> None:
        """Note a script that is written into a file: who runs it later is not followed."""
        words = self._command_words(source, body, path)
        bodies = (part for it in node.named_children for part in it.named_children)
        written = [source.text(it) for it in bodies if it.type == "heredoc_body"]
        if words[:1] in (["echo"], ["printf"]):
            written.append(" ".join(words[1:]))
        names = self._files(source, node, path)
        names += _operands(words[1:]) if words[:1] == ["tee"] else []
        if written and any(_SCRIPT.search(it) for it in names):
            self._commands.append(
                Command((UNREAD, "\n".join(written)), path.folder, path.variables, sure=False)
            )

    def _after_heredoc(
        self, source: Source, heredoc: Node, body: Node | None, path: Path, checked: bool, status: Status
    ) -> Status:
        """Go through what a heredoc gives a shell, and what stands behind it on the same line."""
        content = next((it for it in heredoc.named_children if it.type == "heredoc_body"), None)
        words = self._command_words(source, body, path)
        if content is not None and _reads_script(words):
            status = self._given_script(source.text(content), words, path)
        elif content is not None and _reads_orders(words):
            self._commands.append(
                Command((UNREAD, source.text(content)), path.folder, path.variables, path.sure)
            )
        piped = [it for it in heredoc.named_children if it.type == "pipeline"]
        for part in (part for it in piped for part in it.named_children):
            behind = self._command_words(source, part, path)
            if content is not None and _reads_script(behind) and words[:1] in (["cat"], ["envsubst"]):
                status = self._given_script(source.text(content), behind, path)
            else:
                status = self._go(source, part, path.forked(), True)
        right = heredoc.child_by_field_name("right")
        if right is None or not path.alive:
            return status
        operator = next((it.type for it in heredoc.children if it.type in ("&&", "||", "|", "|&")), "")
        if operator == "||" and status is SUCCEEDS:
            return status
        if operator == "&&" and status is FAILS:
            return status
        return self._go(source, right, path, checked)

    def _given_script(self, script: str, words: list[str], path: Path) -> Status:
        inner = path.forked()
        inner.errexit = "-e" in words or "-ex" in words
        return _one(self._enclosed(script, inner))

    def _if(self, source: Source, node: Node, path: Path, checked: bool) -> Status:
        clauses = _clauses(node)
        return self._choose(source, clauses, path, checked)

    def _choose(
        self, source: Source, clauses: list[tuple[list[Node], list[Node]]], path: Path, checked: bool
    ) -> Status:
        """Go through the first clause whose condition holds, and through each whose condition may hold."""
        ways: list[tuple[Path, bool, Status]] = []
        for condition, body in clauses:
            holds: Status = SUCCEEDS
            for it in condition:
                holds = self._go(source, it, path, True)
                holds = self._unless_known(source, it, path, holds)
            if not path.alive:
                return FAILS
            if holds is SUCCEEDS:
                status = self._in_branch(source, body, path, checked)
                ways.append((path, self._is_quiet(path) and not path.alive, status))
                break
            if holds is OPEN:
                branch = path.forked(sure=False)
                status = self._in_branch(source, body, branch, checked)
                ways.append((branch, self._is_quiet(branch) and not branch.alive, status))
        else:
            ways.append((path, False, SUCCEEDS))
        if len(ways) == 1:
            return ways[0][2]
        last, quiet, status = ways[-1]
        ways[-1] = (last.forked(), quiet, status)
        before = path.sure
        path.alive = True
        path.joined([(way, quiet) for way, quiet, _ in ways])
        path.sure = path.sure and before
        return _one({status for way, _, status in ways if way.alive} or {FAILS})

    def _unless_known(self, source: Source, node: Node, path: Path, holds: Status) -> Status:
        """Return what a condition says; of a program, which may say either, nothing is known."""
        while node.type in ("negated_command", "redirected_statement") and node.named_children:
            node = node.named_children[-1] if node.type == "negated_command" else node.named_children[0]
        if node.type == "pipeline":
            return OPEN if holds is SUCCEEDS else holds
        if node.type != "command":
            return holds
        words = self._words(source, node, path.forked())
        told = self._settings.succeeds(Command(tuple(words), path.folder, path.variables))
        decides = words[:1] in ([":"], ["true"], ["false"], ["["], ["test"]) or words[0:1] == []
        followed = bool(words) and words[0] in self._functions
        return holds if decides or followed or told is FAILS else OPEN

    def _case(self, source: Source, node: Node, path: Path, checked: bool) -> Status:
        value = node.child_by_field_name("value")
        chosen = self._text(source, value, path) if value is not None else "$"
        ways: list[tuple[Path, bool]] = []
        statuses: set[Status] = set()
        settled = False
        for item in (it for it in node.named_children if it.type == "case_item"):
            patterns = [self._pattern(source, it, path) for it in item.children_by_field_name("value")]
            for pattern in patterns:
                self._settings.compared(chosen, pattern)
            fits = _fits(chosen, patterns)
            if fits is FAILS:
                continue
            branch = path.forked(sure=fits is SUCCEEDS and not ways)
            body = [it for it in item.named_children if it not in item.children_by_field_name("value")]
            statuses.add(self._in_branch(source, body, branch, checked))
            ways.append((branch, self._is_quiet(branch) and not branch.alive))
            if settled := fits is SUCCEEDS:
                break
        if not settled:
            ways.append((path.forked(), False))
            statuses.add(SUCCEEDS)
        path.joined(ways)
        return _one(statuses)

    def _loop(self, source: Source, node: Node, path: Path, checked: bool) -> Status:
        """Go through a loop: over words that are known once for each, and else once."""
        body = node.child_by_field_name("body")
        turns: list[tuple[str, str]] = [("", "")]
        sure: Status = SUCCEEDS
        if node.type == "for_statement":
            variable = node.child_by_field_name("variable")
            name = source.text(variable) if variable is not None else ""
            values = [
                it
                for value in node.children_by_field_name("value")
                for it in self._listed(source, value, path)
            ]
            turns = [(name, it) for it in values] or [(name, f"${name}")]
        elif node.type == "while_statement" and (lines := self._lines(source, node)) is not None:
            turns = lines
        elif node.type == "while_statement":
            condition = node.child_by_field_name("condition")
            if condition is not None:
                held = self._unless_known(source, condition, path, self._go(source, condition, path, True))
                until = node.children[0].type == "until"
                sure = held if held is OPEN or not until else not held
        if body is None or sure is FAILS:
            return SUCCEEDS
        status: Status = SUCCEEDS
        for name, value in turns:
            turn = path.forked(sure=sure is SUCCEEDS)
            if name:
                turn.variables[name] = value
            frame = _Frame()
            self._turns.append(frame)
            status = self._list(source, body, turn, checked)
            self._turns.pop()
            if frame.statuses:
                turn.alive, turn.sure = True, False
            quiet = self._is_quiet(turn) and not turn.alive
            path.joined([(turn, quiet)] if sure is SUCCEEDS else [(turn, quiet), (path.forked(), False)])
            if not path.alive:
                break
        return status

    def _lines(self, source: Source, node: Node) -> list[tuple[str, str]] | None:
        """Return the lines that `while read NAME` is given by a here-string; None for unknown ones."""
        given, condition = self._given, node.child_by_field_name("condition")
        written = source.text(condition) if condition is not None else ""
        reads = re.fullmatch(r"(?:IFS=\S*\s+)?read\s+(?:-r\s+)?(\w+)", written)
        if reads is None or given is None or not is_known(given):
            return None
        return [(reads[1], line) for line in given.split("\n")]

    # Commands.

    def _simple(self, source: Source, node: Node, path: Path, checked: bool) -> Status:
        own = dict(path.variables)
        status: Status = SUCCEEDS
        for it in node.named_children:
            if it.type == "variable_assignment":
                scratch = path.forked()
                self._assigned(source, it, scratch)
                own |= scratch.variables
        words = self._words(source, node, path)
        if not words:
            return status
        strings = [it for it in node.named_children if it.type == _HERESTRING]
        given = self._text(source, strings[-1].named_children[-1], path) if strings else None
        command = Command(tuple(words), path.folder, own, path.sure, given=given)
        if given is None and node.parent is not None and node.parent.type == "redirected_statement":
            given = self._given
        if given is not None and _reads_script(words):
            told = (words[0], *_options(words[1:]), "-c", given)
            return self._program(replace(command, words=told), path, checked)
        if given is not None and _reads_orders(words):
            self._commands.append(replace(command, words=(UNREAD, given)))
        return self._command(source, node, command, path, checked)

    def _command(self, source: Source, node: Node, command: Command, path: Path, checked: bool) -> Status:
        words = list(command.words)
        name, arguments = words[0], words[1:]
        if name in self._functions:
            return self._called(name, arguments, path, checked)
        if name in self._aliases:
            return self._program(
                replace(command, words=(*self._aliases[name].split(), *arguments)), path, checked
            )
        match name:
            case "shopt" if "nocasematch" in arguments and "-u" not in arguments:
                raise Undetermined("a script that compares whatever the case, by nocasematch, is not read")
            case "wait" if arguments and self._behind:
                return _one(self._behind)
            case ":" | "true" | "shopt" | "wait" | "unset":
                return SUCCEEDS
            case "shift":
                path.arguments = path.arguments[_number(arguments) :]
                return SUCCEEDS
            case "alias":
                self._aliases |= {it: text for it, _, text in (it.partition("=") for it in arguments) if text}
                return SUCCEEDS
            case "trap":
                self._trapped(arguments, path)
                return SUCCEEDS
            case "false":
                return FAILS
            case "[" | "test":
                return self._decided([it for it in arguments if it != "]"])
            case "let":
                for it in arguments:
                    arithmetic.count(it, path.variables)
                return OPEN
            case "set":
                _set(path, arguments)
                return SUCCEEDS
            case "cd" | "pushd":
                path.folder = _joined(path.folder, next(iter(_operands(arguments)), "."))
                return SUCCEEDS
            case "exit" | "return":
                status = _exit_status(arguments, path)
                self._end(path, status, whole=name == "exit")
                return status
            case "break" | "continue":
                self._leave_turn(path)
                return SUCCEEDS
            case "read" | "mapfile" | "readarray":
                for it in _operands(arguments):
                    path.variables[it] = f"${it}"
                return SUCCEEDS
            case "eval":
                return self._inline(" ".join(arguments), path, checked)
            case "exec" | "command" | "builtin" if arguments and not arguments[0].startswith("-"):
                inner = Command(tuple(arguments), command.folder, command.variables, command.sure)
                status = self._command(source, node, inner, path, checked)
                if name == "exec":
                    self._end(path, status, whole=True)
                return status
        return self._program(command, path, checked)

    def _trapped(self, arguments: list[str], path: Path) -> None:
        """Go through what a signal, an error or the end of the script may start, once one has failed."""
        script, *signals = [it for it in arguments if it == "-" or not it.startswith("-")] or [""]
        if not signals or script in ("-", ""):
            return
        signalled = {it.upper().removeprefix("SIG") for it in signals}
        inner = path.forked(sure=bool(signalled & {"EXIT", "0"}))
        inner.variables["?"], inner.errexit = "1", False
        frame = _Frame()
        self._frames.append(frame)
        self._inline(script, inner, True)
        self._frames.pop()
        if frame.quiet and signalled & {"EXIT", "ERR", "0"}:
            always = "ERR" not in signalled and not inner.alive and frame.statuses == {SUCCEEDS}
            self._frames[-1].rescued = SUCCEEDS if always else OPEN

    def _program(self, command: Command, path: Path, checked: bool) -> Status:
        """Go through a program: a script that can be read, or a command of its own."""
        followed = self._settings.follow(command)
        command = replace(command, is_read=followed is not None and followed.is_followed)
        told = self._settings.succeeds(command)
        self._commands.append(command)
        if followed is None:
            return told
        if not followed.is_followed:
            unread = replace(command, words=(UNREAD, followed.script, followed.name))
            self._commands.append(unread)
            return told
        inner = path.forked()
        inner.arguments, inner.folder = followed.arguments, followed.folder
        inner.errexit, inner.pipefail = followed.errexit, False
        inner.variables = {**command.variables, "0": followed.name}
        functions, self._functions = self._functions, {}
        status = _one(self._enclosed(followed.script, inner))
        self._functions = functions
        return FAILS if told is FAILS else status

    def _inline(self, script: str, path: Path, checked: bool) -> Status:
        source = parsed(script)
        return self._list(source, source.root, path, checked)

    def _called(self, name: str, arguments: list[str], path: Path, checked: bool) -> Status:
        source, body = self._functions[name]
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Undetermined("functions that call functions are not followed that deep")
        frame, outer = _Frame(), path.arguments
        self._ending.append(frame)
        path.arguments = tuple(arguments)
        status = self._go(source, body, path, checked)
        self._ending.pop()
        self._depth -= 1
        path.arguments = outer
        if frame.statuses:
            statuses = {*frame.statuses, status} if path.alive else set(frame.statuses)
            path.alive = True
            status = _one(statuses)
        return status

    def _decided(self, words: list[str]) -> Status:
        for left, operator, right in zip(words, words[1:], words[2:], strict=False):
            if operator in ("=", "==", "!="):
                self._settings.compared(left, right)
            elif operator == "=~":
                for example in examples.of_regex(right):
                    self._settings.compared(left, example)
        return decided(words)

    def _leave_turn(self, path: Path) -> None:
        if self._turns:
            self._turns[-1].statuses.add(SUCCEEDS)
            path.alive = False

    def _assigned(self, source: Source, node: Node, path: Path) -> Status:
        status: Status = SUCCEEDS
        nodes = [node] if node.type == "variable_assignment" else node.named_children
        for it in (it for it in nodes if it.type == "variable_assignment"):
            name, value = it.child_by_field_name("name"), it.child_by_field_name("value")
            if name is None:
                continue
            if value is None:
                path.variables[source.text(name)] = ""
            elif value.type == "array":
                found = [w for inner in value.named_children for w in self._listed(source, inner, path)]
                before = path.lists.get(source.text(name), ()) if "+=" in source.text(it)[:60] else ()
                if len(before) + len(found) > MOST_WORDS:
                    raise Undetermined(f"a list of more than {MOST_WORDS:,} words is not followed")
                path.lists[source.text(name)] = (*before, *found)
            else:
                self._status = SUCCEEDS
                known, told = source.text(name), self._text(source, value, path)
                is_added = any(part.type == "+=" for part in it.children)
                before_it = path.variables.get(known, f"${known}") if is_added else ""
                path.variables[known] = before_it + told
                status = self._status
        return status if node.type != "declaration_command" else SUCCEEDS

    # Words.

    def _words(self, source: Source, node: Node, path: Path) -> list[str]:
        found: list[str] = []
        for it in node.children:
            if it.type == "command_name":
                found += self._split(source, it.named_children[0] if it.named_children else it, path)
            elif it.type == "-":
                found.append("-")  # a word of its own, which the grammar does not name
            elif it.is_named and it.type not in ("variable_assignment", "comment"):
                if it.type.endswith("redirect"):
                    self._substitutions(source, it, path)
                else:
                    found += self._split(source, it, path)
        return found

    def _command_words(self, source: Source, node: Node | None, path: Path) -> list[str]:
        """Return the words of a command, which is not come to by that; none of anything else."""
        is_command = node is not None and node.type == "command"
        return self._words(source, node, path.forked()) if node is not None and is_command else []

    def _files(self, source: Source, node: Node, path: Path, *operators: str) -> list[str]:
        """Return the files that something is redirected to or from, by one of these operators or by any."""
        return [
            self._text(source, it.named_children[-1], path.forked())
            for it in node.named_children
            if it.type == "file_redirect"
            and it.named_children
            and (not operators or {*operators} & {at.type for at in it.children})
        ]

    def _split(self, source: Source, node: Node, path: Path) -> list[str]:
        return expansion.words(node, source, path, lambda it: self._substituted(source, it, path))

    def _listed(self, source: Source, node: Node, path: Path) -> list[str]:
        """Return the words of a list, with the files of the checkout that a pattern stands for."""
        words = self._split(source, node, path)
        patterns = node.type not in ("string", "raw_string")
        return [it for word in words for it in (self._expanded(word, path) if patterns else (word,))]

    def _expanded(self, word: str, path: Path) -> tuple[str, ...]:
        if not is_known(word) or not any(it in word for it in "*?["):
            return (word,)
        return self._settings.expand(word, path.folder) or (word,)

    def _text(self, source: Source, node: Node, path: Path) -> str:
        return expansion.text(node, source, path, lambda it: self._substituted(source, it, path))

    def _pattern(self, source: Source, node: Node, path: Path) -> str:
        """Return a pattern with the variables in it, which the grammar takes for a text of its own."""
        if node.type not in (_PATTERN, "regex"):
            return self._text(source, node, path)
        filled = _PARAMETER.sub(
            lambda found: path.variables.get(found[1] or found[2], found[0]), source.text(node)
        )
        return filled.translate(_UNQUOTED)

    def _substituted(self, source: Source, node: Node, path: Path) -> str:
        """Go through a substitution, and return what it becomes; as it is written where that is not known."""
        inner = path.forked()
        first = len(self._commands)
        self._status = _one(self._within(source, node, inner))
        told = self._commands[first:]
        if (found := filtered(told)) is not None:
            return found
        last = told[-1] if told else Command((), "")
        match last.words:
            case ("pwd", *_):
                return inner.folder
            case ("dirname", name) | ("dirname", "--", name) if is_known(name):
                return posixpath.dirname(name) or "."
            case ("basename", name) if is_known(name):
                return posixpath.basename(name)
            case ("echo", *words) if is_known(" ".join(words)):
                return " ".join(words)
        return source.text(node)

    def _substitutions(self, source: Source, node: Node, path: Path) -> None:
        for it in node.named_children:
            if it.type in ("command_substitution", "process_substitution"):
                self._within(source, it, path.forked(), True)
            elif it.type in ("string", "concatenation"):
                self._substitutions(source, it, path)

    def _flat(self, source: Source, node: Node, path: Path) -> Iterator[str]:
        """Yield the words of a condition in brackets, in their order."""
        for it in node.children:
            if it.type in ("[", "]", "[[", "]]"):
                continue
            if it.type == "unary_expression" and it.children and it.children[0].type in _OF_NUMBERS:
                yield "".join(self._flat(source, it, path))  # an option: arithmetic is written otherwise
            elif it.type in _INSIDE_CONDITIONS:
                yield from self._flat(source, it, path)
            elif it.type in ("regex", _PATTERN):
                yield self._pattern(source, it, path)
            elif it.is_named and it.type != "test_operator":
                yield self._text(source, it, path)
            else:
                yield source.text(it)


_PARAMETER = re.compile(r"\$(?:\{(\w+)\}|([A-Za-z_]\w*))")
_UNQUOTED = str.maketrans("", "", "\"'")
_HERESTRING = "herestring_redirect"
_READS_ORDERS = CONTAINERS | {"python", "python3", "node", "ruby", "perl", "php", "pwsh", "expect", "ssh"}
_READS_ORDERS |= {"at", "batch"}
"""Programs that do what they are given to read, in a language of their own or elsewhere."""
_SHELLS = frozenset({"bash", "sh", "/bin/bash", "/bin/sh", "zsh", "dash"})
_PATTERN = "extglob_pattern"
_OF_NUMBERS = frozenset({"--", "++", "-", "+"})
_INSIDE_CONDITIONS = frozenset(
    {"binary_expression", "unary_expression", "parenthesized_expression", "negation_expression"}
)


_SCRIPT = re.compile(r"\.(?:sh|bash|zsh|ps1|py)$|(?:^|/)s?bin/[\w.-]+$")
"""The name of a file that is a script."""


def _reads_script(words: list[str]) -> bool:
    """Whether a shell reads its script from what it is given."""
    return bool(words) and words[0] in _SHELLS and ("-s" in words or not _operands(words[1:]))


def _reads_orders(words: list[str]) -> bool:
    """Whether a program does what it is given to read: in a language of its own, elsewhere, or later."""
    name = posixpath.basename(words[0]) if words else ""
    # Before a heredoc the grammar leaves a lone `-` out.
    of_make = name in ("make", "gmake") and ("-f", "-") in pairwise([*words, "-"])
    return of_make or name in _READS_ORDERS


def _shells(lines: list[list[str]], written: str) -> Iterator[tuple[str, ...]]:
    """Yield the calls of a shell that run what comes out of a pipe which is not known.

    What is fetched is taken at its name, as every script is that cannot be read.
    """
    first = lines[0]
    if len(lines) == 1 and first[0] == "cat" and _operands(first[1:]):
        yield from (("bash", name) for name in _operands(first[1:]))
    elif posixpath.basename(first[0]) in ("curl", "wget"):
        yield from (("bash", it) for it in first[1:] if "://" in it)
    else:
        yield "bash", "-c", f"$({written})"


def _number(arguments: list[str]) -> int:
    """Return how many arguments `shift` takes away."""
    return int(arguments[0]) if arguments and arguments[0].isdigit() else 1


def _is_excused(source: Source, node: Node) -> bool:
    """Whether `-e` lets the failure of this pass: of what `!` turns round, and of all but the last of a list.

    A list hands its last part's failure on by itself, so what is left of it here failed before the last.
    """
    return node.type in ("negated_command", "list", "if_statement", "while_statement", "for_statement")


def _one(statuses: set[Status]) -> Status:
    return next(iter(statuses)) if len(statuses) == 1 else OPEN


def _clauses(node: Node) -> list[tuple[list[Node], list[Node]]]:
    """Return the conditions of an `if` with what stands behind each; `else` has none."""
    found: list[tuple[list[Node], list[Node]]] = []
    condition: list[Node] = []
    body: list[Node] = []
    inside = False
    for it in node.children:
        if it.type == "then":
            inside = True
        elif it.type == "elif_clause":
            found += _clauses(it)
        elif it.type == "else_clause":
            found.append(([], [inner for inner in it.named_children if inner.type != "comment"]))
        elif it.is_named and it.type != "comment":
            (body if inside else condition).append(it)
    return [(condition, body), *found]


def _fits(value: str, patterns: list[str]) -> Status:
    if "*" in patterns or value in patterns:
        return SUCCEEDS
    if not is_known(value) or not all(map(is_known, patterns)):
        return OPEN
    return any(fnmatchcase(value, it) for it in patterns)


def _set(path: Path, arguments: list[str]) -> None:
    """Set the options `-e` and `pipefail`, which `+` switches off, and the arguments behind them."""
    if "--" in arguments:
        path.arguments = tuple(arguments[arguments.index("--") + 1 :])
        arguments = arguments[: arguments.index("--")]
    for position, word in enumerate(arguments):
        on = word.startswith("-")
        if not re.fullmatch(r"[-+][A-Za-z]+", word):
            continue
        named = arguments[position + 1] if word[-1] == "o" and position + 1 < len(arguments) else ""
        if "e" in word[1:] or named == "errexit":
            path.errexit = on
        if named == "pipefail":
            path.pipefail = on


def _exit_status(arguments: list[str], path: Path) -> Status:
    given = arguments[0] if arguments else path.variables.get("?", "0")
    return given in ("0", "") if is_known(given) else OPEN


def _options(words: list[str]) -> list[str]:
    return [it for it in words if it.startswith("-") and it != "-s"]


def _operands(words: list[str]) -> list[str]:
    return [it for it in words if not it.startswith("-")]


def _joined(folder: str, other: str) -> str:
    """Return where `cd other` leads from a folder."""
    return posixpath.normpath(posixpath.join(folder, other)) if other != "-" else "$OLDPWD"
