"""Queries of Logs Insights that end in `stats`, which moto does not evaluate: it gives every line instead.

What is evaluated is a small part of the language: `filter` with `=`, `like`, `ispresent` and `and`, then a
`stats` of `count`, `max`, `min`, `sum` and `avg` of a field, or of one divided by another, or by a number.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from moto.logs import logs_query, models
from moto.logs.models import LogGroup, LogQuery
from moto.logs.responses import LogsResponse

Fields = Mapping[str, str | float]
"""What Logs Insights finds in a line, by its name for it."""

_execute_query = logs_query.execute_query
_NUMBERS = {
    "@duration": (re.compile(r"(?<!Billed )(?<!Init )Duration: ([\d.]+) ms"), 1),
    "@billedDuration": (re.compile(r"Billed Duration: ([\d.]+) ms"), 1),
    "@initDuration": (re.compile(r"Init Duration: ([\d.]+) ms"), 1),
    "@memorySize": (re.compile(r"Memory Size: ([\d.]+) MB"), 1_000_000),
    "@maxMemoryUsed": (re.compile(r"Max Memory Used: ([\d.]+) MB"), 1_000_000),
}
"""What is found in a line of Lambda. Source: CloudWatch Logs User Guide, "Supported logs and discovered
fields"."""
_MADE_OF: Mapping[str, Callable[[Sequence[float]], float]] = {
    "max": max,
    "min": min,
    "sum": sum,
    "avg": lambda values: sum(values) / len(values),
}
_CONDITION = re.compile(
    r"""ispresent\((?P<present>[@\w]+)\)|(?P<field>[@\w]+) *(?P<how>=|like) *["'/](?P<text>[^"'/]*)["'/]"""
)
_FUNCTION = re.compile(
    r"(?P<name>\w+)\((?P<of>\*|[@\w]+)(?: */ *(?P<by>[@\w.]+))?\) +as +(?P<called>\w+)", re.IGNORECASE
)


def _executed(log_groups: list[LogGroup], query: str, start_time: int, end_time: int) -> list[dict[str, str]]:
    """Return the rows that a query gives; of one that moto evaluates, those of moto."""
    commands = [it.strip() for it in query.split("|")]
    if not commands[-1].startswith("stats"):
        return _execute_query(log_groups, query, start_time, end_time)
    events = (it for group in log_groups for stream in group.streams.values() for it in stream.events)
    found = [_fields(it.message) for it in events if start_time <= it.timestamp / 1000 <= end_time]
    for command in commands[:-1]:
        assert command.startswith("filter"), f"{command} is not evaluated here"
        found = [it for it in found if all(_meets(it, condition) for condition in _conditions(command))]
    return [dict(_stats(commands[-1], found))] if found else []


def _fields(message: str) -> Fields:
    numbers = {name: (how.search(message), unit) for name, (how, unit) in _NUMBERS.items()}
    return {
        "@message": message,
        "@type": message.partition(" ")[0],
        **{name: float(match[1]) * unit for name, (match, unit) in numbers.items() if match},
    }


def _conditions(command: str) -> Iterator[re.Match[str]]:
    for part in command.removeprefix("filter").split(" and "):
        condition = _CONDITION.fullmatch(part.strip())
        assert condition, f"{part} is not evaluated here"
        yield condition


def _meets(fields: Fields, condition: re.Match[str]) -> bool:
    if condition["present"]:
        return condition["present"] in fields
    held = str(fields.get(condition["field"], ""))
    return held == condition["text"] if condition["how"] == "=" else condition["text"] in held


def _stats(command: str, found: Sequence[Fields]) -> Iterator[tuple[str, str]]:
    """Yield the columns of the only row; one that has no value is left out."""
    for function in _FUNCTION.finditer(command.removeprefix("stats")):
        if function["name"] == "count":
            number = sum(function["of"] == "*" or function["of"] in it for it in found)
            yield function["called"], str(number)
        elif values := [it for fields in found for it in _values(fields, function)]:
            yield function["called"], str(_MADE_OF[function["name"].lower()](values))


def _values(fields: Fields, function: re.Match[str]) -> Iterator[float]:
    by = function["by"] or "1"
    divisor = fields.get(by) if by.startswith("@") else float(by)
    if function["of"] in fields and divisor is not None:
        yield float(fields[function["of"]]) / float(divisor)


def _stop_query(self: LogsResponse) -> str:
    """Answer that a query was stopped; one that has ended moto leaves as it is."""
    query: LogQuery = self.logs_backend.get_query_results(self._get_param("queryId"))
    was_running = query.status in ("Scheduled", "Running")
    query.status = "Cancelled" if was_running else query.status
    return json.dumps({"success": was_running})


def install() -> None:
    """Add what is missing to moto."""
    setattr(models, "execute_query", _executed)  # noqa: B010
    setattr(LogsResponse, "stop_query", _stop_query)  # noqa: B010
