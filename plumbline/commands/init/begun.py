"""A stack and a runbook that are begun: what is expected of what was found, and what holds of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from plumbline.commands.init.as_found import Otherwise, expected, why
from plumbline.commands.init.catalogue import Said, catalogue, said_of
from plumbline.commands.init.filled_in import Different, Names, joined
from plumbline.commands.init.found import Found
from plumbline.commands.init.inventories import inventories
from plumbline.commands.init.left_out import LeftOut
from plumbline.commands.init.trial import Outcome, Verdict, together, tried
from plumbline.commands.init.unasked import fields_unasked
from plumbline.expectations.invariant import SOURCES
from plumbline.expectations.stack import Stack, Subject
from plumbline.kinds.kind import Kind
from plumbline.sources.differences import Reading
from plumbline.suite.opening import Readings
from plumbline.suite.reads import EXPECTED, noun_of, read_set
from plumbline.values.unknown import Undetermined

Cell = tuple[str, str]
"""The key of a resource, and an environment."""
Functions = Mapping[str, Callable[..., None]]
_LIVE = "live"
OF_ACCOUNTS = "aws"
"""The evidence that an account gives, whatever moto cannot answer."""


@dataclass
class Asked:
    """A sentence, and of what it is asked."""

    sentence: str
    function: Callable[..., None]
    said: Said
    noun: str
    fields: tuple[str, ...]
    """What it asks of what is expected."""
    values: dict[Cell, dict[str, Any]] = field(default_factory=dict)
    """What is expected of each resource that it is asked of."""
    evidence: list[str] = field(default_factory=list)


@dataclass
class Begun:
    """What a stack and its runbook are written from."""

    found: list[Found]
    asked: list[Asked]
    names: Names
    related: dict[str, dict[str, str]]
    """The other resources that sentences about one look at, by its key and their argument."""
    otherwise: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """What sentences would demand of a resource and is not so, with the environments, by its key."""
    there: list[Found] = field(default_factory=list)
    """What the stack names already: sentences may look at it besides."""
    failing: set[tuple[str, Cell]] = field(default_factory=set)
    """The sentences that do not hold, and of which resource in which environment."""
    incomplete: set[type[Kind]] = field(default_factory=set)
    """The kinds of which something is there that no sentence is about."""

    def take_out(self, key: str, environment: str) -> None:
        """Say nothing of a resource in an environment."""
        for asked in self.asked:
            asked.values.pop((key, environment), None)
        self.at(key).names.pop(environment, None)
        self.found = [it for it in self.found if it.key != key or it.names]

    def at(self, key: str) -> Found:
        """Return the resource of a key."""
        return next(it for it in (*self.found, *self.there) if it.key == key)

    def expected(self, cell: Cell) -> dict[str, Any]:
        """Return what is expected of a resource in an environment."""
        return {name: value for it in self.asked for name, value in it.values.get(cell, {}).items()}

    def is_implied(self, asked: Asked) -> set[Cell]:
        """Return of what a sentence would be asked that names nothing: of all that has what it asks."""
        return {*self.having(asked.noun, asked.fields)}

    def having(self, noun: str, fields: Collection[str]) -> list[Cell]:
        """Return what of a kind has something said of all these fields."""
        return [
            (it.key, env)
            for it in self.found
            if it.kind.noun == noun
            for env in it.environments
            if not {*fields} - {"name"} - self.expected((it.key, env)).keys() - {*it.kind.implied}
        ]


@dataclass(frozen=True)
class Ways:
    """What what was found is held against, and how it is read."""

    functions: Functions
    names: Names
    stack_of: Callable[[Begun], Stack]
    """Makes a stack of what is said so far. Raises `DataError`."""
    readings_of: Callable[[Stack], Readings]
    sources: tuple[str, ...]
    """What is read, and the first of them says what is expected."""
    left_out: LeftOut
    prefixes: tuple[str, ...] = ()
    """How everything begins that was looked for, where nothing else was."""


def begun(found: list[Found], ways: Ways, there: Sequence[Found] = ()) -> Begun:
    """Return what can be said of what was found, and holds; then of which of it there is nothing else.

    What is `there` is named already, and nothing is said of it.
    """
    made = Begun(found, [], ways.names, {}, there=list(there))
    _begin(made, found, ways)
    lists = _lists(made, ways)
    made.found += lists
    _begin(made, lists, ways)
    return made


def _lists(made: Begun, ways: Ways) -> list[Found]:
    """Return an inventory of each kind of which all stands in the stack, and that has none there."""
    every, left_out = [*made.there, *made.found], ways.left_out
    fresh = list(dict.fromkeys(it.kind for it in made.found if it.kind.listing))
    inventoried = {it.asks.get("of") for it in made.there}
    whole = []
    for kind in fresh:
        if kind in made.incomplete or kind.noun in left_out.nouns:
            told = "not all of them stand in the stack, which an inventory would tell"
            left_out.add(told, f"the inventory of {kind.plural.replace('_', ' ')}")
        elif kind.plural not in inventoried:
            whole.append(kind)
    keys = {it.key for it in every}
    listed = inventories([it for it in every if it.kind in whole], made.names, ways.prefixes)
    return [it for it in listed if it.key not in keys]


def _begin(made: Begun, found: list[Found], ways: Ways) -> None:
    """Ask of some resources all that sentences can ask of them, and take out what does not hold."""
    models = _models(ways, ways.stack_of(made), [*found, *made.there])
    _leave_out_unread(made, found, models, ways)
    there = [it for it in found if it.names]
    order = [*catalogue()]
    functions = sorted(
        ways.functions.items(), key=lambda it: order.index(it[0]) if it[0] in order else len(order)
    )
    asked = [it for it in (_asked(*pair, there, made, ways.left_out) for pair in functions) if it]
    for it in asked:
        _expect(it, there, models, made, ways)
    made.asked += asked
    _try(made, asked, models, ways)
    _leave_out_unasked(made, ways.left_out)
    _note_unasked(made, found, models, ways)


def _asked(
    sentence: str, function: Callable[..., None], found: Iterable[Found], made: Begun, left_out: LeftOut
) -> Asked | None:
    """Return a sentence, if it is about something that was found and can be written."""
    reads = read_set(function)
    said, noun = said_of(sentence, function.__name__), noun_of(reads)
    if not any(it.kind.noun == noun for it in found):
        return None
    if said.only_you:
        left_out.ask(said.only_you, sentence)
    beside = {it.kind.noun for it in (*made.found, *made.there)}
    if not said.is_written or not beside.issuperset(said.only_beside):
        return None
    return Asked(sentence, function, said, noun, tuple(reads.get(EXPECTED, ())), evidence=[*said.evidence])


Models = Mapping[tuple[str, str, str], Reading]
"""What each source gave, by the source, the environment and the key."""


def _models(ways: Ways, stack: Stack, found: Iterable[Found]) -> Models:
    read = ways.readings_of(stack)
    subjects = {(env, it.key): stack.subjects(env)[it.key] for it in found for env in it.environments}
    return {
        (source, env, key): reading
        for source in ways.sources
        for (env, key), reading in _given(read.read(source, subjects.values()), subjects).items()
    }


def _given(
    read: Mapping[Subject, Reading], subjects: Mapping[tuple[str, str], Subject]
) -> dict[tuple[str, str], Reading]:
    return {place: read[subject] for place, subject in subjects.items()}


def _leave_out_unread(made: Begun, found: Iterable[Found], models: Models, ways: Ways) -> None:
    """Take out what its source does not give: nothing can be expected of it."""
    for it in found:
        for env in it.environments:
            reading = models[ways.sources[0], env, it.key]
            if not isinstance(reading, Kind):
                ways.left_out.nameless(it.kind.noun, why(reading), it.called(env), env)
                del it.names[env]
    made.found = [it for it in made.found if it.names]


def _expect(asked: Asked, about: Iterable[Found], models: Models, made: Begun, ways: Ways) -> None:
    """Note what a sentence expects of each resource that it can be asked of."""
    for it in about:
        for env in it.environments if it.kind.noun == asked.noun else ():
            model = models[ways.sources[0], env, it.key]
            assert isinstance(model, Kind)
            try:
                values = expected(asked.said, asked.fields, model, made.names, env)
            except Otherwise as other:
                ways.left_out.fails(asked.sentence, asked.said, it.called(env), env)
                where = made.otherwise.setdefault(it.key, {}).setdefault(other.demanded, [])
                where += [] if env in where else [env]
            except Undetermined as reason:
                ways.left_out.unclear(asked.sentence, reason.reason, it.called(env), env)
            else:
                if values is not None:
                    asked.values[it.key, env] = values


def _try(made: Begun, asked: list[Asked], models: Models, ways: Ways) -> None:
    """Take out of what is asked whatever does not hold, or cannot be told, and find what is related."""
    _leave_out_unsayable(made, ways.left_out)
    stack = ways.stack_of(made)
    for it in asked:
        told: dict[str, list[Outcome]] = {}
        unmade: set[str] = set()
        if not _answering(it, ways.sources):
            it.values = it.values if it.evidence == [_LIVE] else {}
            continue
        for cell in [*it.values]:
            outcomes = _outcomes(it, cell, made, models, stack, ways.sources)
            decided = together(outcomes.values())
            if decided.verdict is not Verdict.HOLDS:
                _note(it, cell, decided, made, ways.left_out)
            elif unread := next((its for its in outcomes.values() if its.verdict is Verdict.UNREAD), None):
                unmade.add(cell[0])
                reason = f"asked of source alone, since it could not be read otherwise: {unread.reason}"
                ways.left_out.add(reason, made.at(cell[0]).called(cell[1]), cell[1])
            if decided.verdict is Verdict.HOLDS or (
                decided.verdict is Verdict.UNKNOWN and it.said.even_unknown
            ):
                for source, outcome in outcomes.items():
                    told.setdefault(source, []).append(outcome)
            else:
                del it.values[cell]
        it.evidence = [sort for sort in it.evidence if sort == OF_ACCOUNTS or _can_answer(sort, told)]
        if unmade:
            made.asked.append(_of_source(it, unmade))
    made.asked = [it for it in made.asked if it.values]


def _of_source(asked: Asked, keys: Collection[str]) -> Asked:
    """Return what is asked of some resources without what accounts say, and take it out of what is asked."""
    apart = {cell: values for cell, values in asked.values.items() if cell[0] in keys}
    asked.values = {cell: values for cell, values in asked.values.items() if cell[0] not in keys}
    return replace(asked, values=apart, evidence=[it for it in asked.evidence if it != OF_ACCOUNTS])


def _leave_out_unsayable(made: Begun, left_out: LeftOut) -> None:
    for asked in made.asked:
        for (key, env), values in [*asked.values.items()]:
            try:
                joined({env: values}, made.names)
            except Different:
                name = made.at(key).called(env)
                left_out.add(
                    "a stack would fill in the braces in a value of it", f"{asked.sentence} of {name}", env
                )
                del asked.values[key, env]


def _outcomes(
    asked: Asked,
    cell: Cell,
    made: Begun,
    models: Models,
    stack: Stack,
    sources: tuple[str, ...],
) -> dict[str, Outcome]:
    """Return what comes of a sentence on each source that can answer it, with the related it holds with."""
    key, env = cell
    best: dict[str, Outcome] = {}
    for related in _related(asked, key, env, made):
        places = {asked.noun: key, **related}
        subjects = {argument: stack.subjects(env)[other] for argument, other in places.items()}
        outcomes = {
            source: tried(
                asked.sentence,
                asked.function,
                source,
                {it: (subjects[it], models[source, env, other]) for it, other in places.items()},
            )
            for source in _answering(asked, sources)
        }
        if together(outcomes.values()).verdict is Verdict.HOLDS:
            if related:
                made.related.setdefault(key, {}).update(related)
            return outcomes
        best = best or outcomes
    return best or dict.fromkeys(sources, Outcome(Verdict.FAILS, "nothing is there that it could look at"))


def _answering(asked: Asked, sources: Iterable[str]) -> list[str]:
    """Return the sources that can answer a sentence, of those that are read."""
    return [it for it in sources if any(it in SOURCES[sort] for sort in asked.said.evidence)]


def _related(asked: Asked, key: str, env: str, made: Begun) -> Iterator[dict[str, str]]:
    """Yield what a sentence could look at besides: what it does already, or else each of the kind."""
    if not asked.said.pairs:
        yield {}
        return
    [(argument, noun)] = asked.said.pairs.items()
    settled = made.related.get(key, {}).get(argument)
    every = (*made.found, *made.there)
    there = [it.key for it in every if it.kind.noun == noun and env in it.environments]
    yield from ({argument: it} for it in ([settled] if settled in there else [] if settled else there))


def _note(asked: Asked, cell: Cell, outcome: Outcome, made: Begun, left_out: LeftOut) -> None:
    key, env = cell
    name = made.at(key).called(env)
    if outcome.verdict is Verdict.FAILS:
        made.failing.add((asked.sentence, cell))
        if not asked.said.of_some:
            left_out.fails(asked.sentence, asked.said, name, env)
    elif outcome.verdict is Verdict.UNREAD:
        left_out.add(f"it could not be read: {outcome.reason}", f"{asked.sentence} of {name}", env)
    else:
        left_out.unclear(asked.sentence, outcome.reason, name, env)


def _can_answer(sort: str, told: Mapping[str, list[Outcome]]) -> bool:
    """Return whether a sort of evidence told anything, as far as it was asked."""
    outcomes = [it for source in SOURCES[sort] for it in told.get(source, [])]
    return not outcomes or any(it.verdict is Verdict.HOLDS for it in outcomes)


def _leave_out_unasked(made: Begun, left_out: LeftOut) -> None:
    """Take out what no sentence asks anything of: a stack with it is refused."""
    asked = {
        (place, env)
        for it in made.asked
        for key, env in it.values
        for place in (key, *(made.related.get(key, {}).get(argument, key) for argument in it.said.pairs))
    }
    for it in made.found:
        for env in it.environments:
            if (it.key, env) not in asked:
                told = f"no sentence that holds is about this {it.kind.noun.replace('_', ' ')}"
                if it.kind.terraform_type:
                    left_out.add(told, it.called(env), env)
                made.incomplete.add(it.kind)
                del it.names[env]
    made.found = [it for it in made.found if it.names]


def _note_unasked(made: Begun, found: Iterable[Found], models: Models, ways: Ways) -> None:
    """Note the settings of what is written that no sentence asks about, of it or of what it is related to.

    What sentences ask that only the stack's owner can write is told with those.
    """
    unwritten = [
        read_set(it) for name, it in ways.functions.items() if not said_of(name, it.__name__).is_written
    ]
    asked: dict[Cell, set[str]] = defaultdict(set)
    for it in made.asked:
        reads = read_set(it.function)
        for key, env in it.values:
            for argument, other in {it.noun: key, **made.related.get(key, {})}.items():
                asked[other, env] |= {*reads.get(argument, ())}
    for its in found:
        for env in its.environments:
            model = models[ways.sources[0], env, its.key]
            assert isinstance(model, Kind)
            told = {name for reads in unwritten for name in reads.get(its.kind.noun, ())}
            for name in fields_unasked(model, asked[its.key, env] | told):
                ways.left_out.unasked[f"{its.kind.noun}.{name}"].add((its.key, ""))


def by_environment(made: Begun, found: Found) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return what is expected of a resource everywhere, and what in single environments."""
    expected = {env: made.expected((found.key, env)) for env in found.environments}
    fields = dict.fromkeys(name for it in expected.values() for name in it)
    everywhere: dict[str, Any] = {}
    somewhere: dict[str, dict[str, Any]] = {}
    for name in fields:
        values = {env: it[name] for env, it in expected.items() if name in it}
        try:
            if values.keys() != expected.keys():
                raise Different
            everywhere[name] = joined(values, made.names)
        except Different:
            for env, value in values.items():
                somewhere.setdefault(env, {})[name] = joined({env: value}, made.names)
    return everywhere, somewhere
