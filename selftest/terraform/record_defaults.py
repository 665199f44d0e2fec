"""Records which values the AWS provider gives to arguments that nobody configures, as its plans have them.

    TF_PLUGIN_DIR=... python -m selftest.terraform.record_defaults [TYPE ...]

Each resource type is configured with what it requires and nothing else. What a required argument must be like
nobody says, so that values are tried until the provider accepts one; a type of which none is found, or that
asks AWS before it plans, is left out. Of what it plans for the other arguments, those that the provider does
not compute are their defaults: its schema has no other way of giving them a value. Blocks of which it
plans none are empty lists here; of others it says nothing before they are applied.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from plumbline.terraform.defaults import RECORD
from selftest.terraform import oracle
from selftest.terraform.record_regional import PROVIDER
from selftest.terraform.record_schemas import schemas

Json: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[str, str]
"""A type, and an argument of it with the blocks around it."""
_TEXTS = (
    *(
        "x-name",
        "arn:aws:iam::123456789012:role/x",
        "{}",
        "10.0.0.0/16",
        "a@example.com",
        "x",
        "vpc-12345678",
    ),
    *("123456789012", "eu-west-1", "1", "https://example.com", "2030-01-01T00:00:00Z", "example.com"),
    *("abcdefghijklmnopqrst", "rate(1 day)", "10.0.0.1", "TCP", "ENABLED", "ACTIVE", "STANDARD", "us-east-1"),
    *("1.0", "x.fifo", "/x", "aws", "1d", "00:00-01:00", "mon:00:00-mon:01:00"),
)
"""What is tried, one after the other."""
_CALLED = (
    ("arn", 1),
    ("policy", 2),
    ("document", 2),
    ("definition", 2),
    ("cidr", 3),
    ("email", 4),
    ("domain", 12),
)
"""What is tried first of an argument that is called so."""
_BESIDES = {
    "aws_lambda_function": {"filename": "x.zip", "handler": "x.y", "runtime": "python3.13"},
    "aws_lambda_permission": {"source_account": "123456789012"},
    "aws_dynamodb_table": {
        "hash_key": "x",
        "read_capacity": 1,
        "write_capacity": 1,
        "attribute": {"name": "x", "type": "S"},
    },
    "aws_instance": {"ami": "ami-12345678", "instance_type": "t3.micro"},
    "aws_lb": {"subnets": ["subnet-1", "subnet-2"]},
    "aws_subnet": {"cidr_block": "10.0.0.0/24"},
    "aws_db_instance": {
        "engine": "postgres",
        "allocated_storage": 20,
        "username": "x",
        "password": "abcdefgh",
    },
    "aws_route": {"destination_cidr_block": "10.0.0.0/16", "gateway_id": "igw-1"},
    "aws_s3_object": {"content": "x"},
    "aws_cloudwatch_metric_alarm": {
        "metric_name": "x",
        "namespace": "x",
        "period": 60,
        "statistic": "Sum",
        "threshold": 1,
    },
    "aws_cloudwatch_event_rule": {"schedule_expression": "rate(1 day)"},
    "aws_ecs_service": {"task_definition": "x"},
}
"""What else some types want, of which Terraform's own schema says nothing: one of several arguments."""
_ONE_OF = re.compile(r'one of[^\["]*\[?"?([A-Za-z0-9_.:/-]+)"?')
_LEAST = re.compile(r"at least \((-?\d+)\)|range \((-?\d+)|>= (-?\d+)")
_ROUNDS = 30
_AT_ONCE = 60
"""How many types are planned together: one that asks AWS fails after seconds."""


@dataclass
class Trial:
    """Configurations of types, and which values they are given."""

    types: dict[str, Json]
    """The block of each in the schema of its provider."""
    chosen: dict[Place, str | int] = field(default_factory=dict)
    tried: dict[Place, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)
    """The arguments, by the line that they stand in."""
    spans: dict[str, range] = field(default_factory=dict)

    def text(self, types: list[str]) -> str:
        """The configuration of these types."""
        self.lines, self.places, self.spans = PROVIDER.splitlines(), {}, {}
        for it in types:
            first = len(self.lines)
            self.lines.append(f'resource "{it}" "x" {{')
            self._body(it, self.types[it], "")
            self.lines += _written(_BESIDES.get(it, {}))
            self.lines.append("}")
            self.spans[it] = range(first + 1, len(self.lines) + 1)
        return "\n".join(self.lines) + "\n"

    def _body(self, type_: str, block: Json, above: str) -> None:
        for name, it in block.get("attributes", {}).items():
            if it.get("required"):
                place = (type_, f"{above}{name}")
                self.lines.append(f"{name} = {self._value(place, it.get('type', 'string'))}")
                self.places[len(self.lines)] = place
        for name, nested in block.get("block_types", {}).items():
            if nested.get("min_items", 0):
                self.lines.append(f"{name} {{")
                self.places[len(self.lines)] = (type_, f"{above}{name}")
                self._body(type_, nested["block"], f"{above}{name}.")
                self.lines.append("}")

    def _value(self, place: Place, kind: Any) -> str:
        if kind == "bool":
            return "true"
        if kind == "number":
            return str(number if isinstance(number := self.chosen.get(place), int) else 1)
        if kind == "string":
            return json.dumps(str(self.chosen.get(place, _TEXTS[_first(place)])))
        if kind[0] in ("list", "set"):
            return f"[{self._value(place, kind[1])}]"
        if kind[0] == "map":
            return f"{{ k = {self._value(place, kind[1])} }}"
        members = (
            f"{name} = {self._value((place[0], f'{place[1]}.{name}'), it)}" for name, it in kind[1].items()
        )
        return f"{{ {', '.join(members)} }}"

    def refused(self, diagnostics: list[Json]) -> set[str]:
        """Try something else of what is refused; return the types of which nothing else is left to try."""
        given_up: set[str] = set()
        seen: set[Place] = set()
        for it in diagnostics:
            line = it.get("range", {}).get("start", {}).get("line", 0)
            place = self.places.get(line)
            if place is None:
                given_up |= {name for name, lines in self.spans.items() if line in lines}
            elif place not in seen:
                seen.add(place)
                if not self._another(place, f"{it['summary']} {it.get('detail', '')}"):
                    given_up.add(place[0])
        return given_up

    def _another(self, place: Place, told: str) -> bool:
        """Choose another value for an argument; return whether there is one."""
        tried = self.tried[place] = self.tried.get(place, -1) + 1
        if tried == 0 and (named := _ONE_OF.search(told)):
            self.chosen[place] = named[1]
        elif tried == 0 and (least := _LEAST.search(told)):
            self.chosen[place] = int(next(it for it in least.groups() if it))
        elif tried < len(_TEXTS):
            self.chosen[place] = _TEXTS[tried]
        return tried < len(_TEXTS)


def _written(body: Json) -> Iterator[str]:
    """Arguments, and blocks of arguments, line by line."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield from (f"{name} {{", *_written(value), "}")
        else:
            yield f"{name} = {json.dumps(value)}"


def _first(place: Place) -> int:
    name = place[1].rpartition(".")[2]
    return next((number for word, number in _CALLED if word in name), 0)


def answers(types: dict[str, Json]) -> dict[str, Json]:
    """The defaults of each type of which a configuration is found; what has none is not among them."""
    trial, alive = Trial(types), sorted(types)
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        for _ in range(_ROUNDS):
            directory.joinpath("main.tf").write_text(trial.text(alive), "utf-8")
            oracle.run(directory, "init", f"-plugin-dir={oracle.plugins()}")
            told = json.loads(oracle.run(directory, "validate", "-json").stdout)
            errors = [it for it in told["diagnostics"] if it["severity"] == "error"]
            given_up = trial.refused(errors)
            alive = [it for it in alive if it not in given_up]
            if not errors:
                break
        found: dict[str, Json] = {}
        for at in range(0, len(alive), _AT_ONCE):
            found |= dict(_planned(directory, trial, alive[at : at + _AT_ONCE]))
    return dict(sorted(found.items()))


def _planned(directory: Path, trial: Trial, types: list[str]) -> Iterator[tuple[str, Json]]:
    directory.joinpath("main.tf").write_text(trial.text(types), "utf-8")
    told = oracle.run(directory, "plan", "-input=false", "-refresh=false", "-out=plan.bin", "-json").stdout
    lines = [json.loads(line) for line in told.splitlines()]
    errors = [it["diagnostic"] for it in lines if it.get("@level") == "error"]
    refused = {it.get("address", "").partition(".")[0] for it in errors}
    if errors:
        rest = [it for it in types if it not in refused]
        if rest and len(rest) < len(types):
            yield from _planned(directory, trial, rest)
        return
    plan = json.loads(oracle.run(directory, "show", "-json", "plan.bin").stdout)
    for change in plan["resource_changes"]:
        yield change["type"], _defaults(trial, change)


def _defaults(trial: Trial, change: Json) -> Json:
    """What a plan gives to arguments that are neither configured nor computed."""
    attributes = trial.types[change["type"]]["attributes"]
    planned, unknown = change["change"]["after"], change["change"]["after_unknown"]
    besides = _BESIDES.get(change["type"], {})
    optional = (
        it for it in attributes if attributes[it].get("optional") and not attributes[it].get("computed")
    )
    left = [name for name in optional if name not in besides]
    told = {name: planned.get(name) for name in left if unknown.get(name) is not True}
    given = {name: value for name, value in told.items() if value not in (None, {}, [])}
    empty = {
        name: [] for name in trial.types[change["type"]].get("block_types", ()) if planned.get(name) == []
    }
    return dict(sorted((given | empty).items()))


def main(types: list[str]) -> None:
    """Adds types to the record, or makes it anew of all that it holds."""
    _, provider = schemas()
    blocks = {name: it["block"] for name, it in provider["resource_schemas"].items()}
    kept = json.loads(RECORD.read_text("utf-8"))
    made = answers({name: blocks[name] for name in types or kept})
    RECORD.write_text(json.dumps(dict(sorted((kept | made).items())), separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
