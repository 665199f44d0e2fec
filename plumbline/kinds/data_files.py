"""Files that hold data: HCL, YAML and JSON. What they say at their top, and the first mistake in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plumbline.values.files import Tree
from plumbline.values.unknown import Unexamined

if TYPE_CHECKING:
    from plumbline.terraform.hcl.body import Body
    from plumbline.terraform.problems import Problems

_TEMPLATE = re.compile(r"\.(?:example|sample|dist|template)$")
"""What ends the name of a file that is there to be copied."""
_DEEPEST = 100
"""How deep YAML may be nested: what it costs to read grows with the square of that."""
_FORMATS = {
    **dict.fromkeys((".tf", ".hcl", ".tfvars", ".tfbackend"), "HCL"),
    **dict.fromkeys((".yaml", ".yml"), "YAML"),
    ".json": "JSON",
}


@dataclass(frozen=True)
class DataFile:
    """A file of one of these formats, by the end of its name."""

    path: Path
    content: bytes
    tree: Tree

    @property
    def format(self) -> str:
        """Its format; empty for what is none of these."""
        return _FORMATS.get(Path(_TEMPLATE.sub("", self.path.name)).suffix, "")

    @property
    def mistake(self) -> str | None:
        """The first thing that does not parse, with its line; None where all does."""
        return _MISTAKES[self.format](self) if self.format else None

    @property
    def settings(self) -> dict[str, Any]:
        """What HCL or JSON gives a value at its top, as far as it parses: a placeholder for no constant."""
        if self.format == "HCL":
            return {name: value for name, value, _ in self.arguments()}
        return self._mapping() if self.format == "JSON" else {}

    def arguments(self) -> Iterator[tuple[str, Any, str]]:
        """Yield the arguments at the top of HCL: name, value, file and line."""
        from plumbline.terraform.constants import constant
        from plumbline.terraform.expressions.base import EvaluationError
        from plumbline.terraform.values import settled

        for name, argument in self._body()[0].arguments.items():
            value: Any
            try:
                value = settled(constant(argument.expression))
            except (EvaluationError, RecursionError):
                value = Unexamined(f"{argument.location}: {name} is no constant")
            yield name, value, str(argument.location)

    def _body(self) -> tuple[Body, Problems]:
        from plumbline.terraform.directory import read_body
        from plumbline.terraform.hcl.body import Body
        from plumbline.terraform.problems import Problems

        problems = Problems()
        try:
            return read_body(self.path, problems, self.tree), problems
        except RecursionError:
            problems.add(f"{self.path.name} is nested too deeply.", None)
            return Body(), problems

    def _mapping(self) -> dict[str, Any]:
        try:
            found = json.loads(self.content)
        except (ValueError, RecursionError):
            return {}
        return {str(key): value for key, value in found.items()} if isinstance(found, Mapping) else {}

    def of_hcl(self) -> str | None:
        """Return the first mistake that Terraform's parser finds."""
        from plumbline.terraform.model import TerraformError

        try:
            self._body()[1].raise_any()
        except TerraformError as error:
            return str(error.problems[0])
        return None

    def of_yaml(self) -> str | None:
        """Return the first mistake of YAML, of as many documents as there are: that nothing is said, too."""
        import yaml

        depth, says_something = 0, False
        try:
            for event in yaml.parse(self.content, Loader=yaml.SafeLoader):
                opens = isinstance(event, yaml.CollectionStartEvent)
                says_something |= opens or bool(getattr(event, "value", ""))
                depth += opens
                depth -= isinstance(event, yaml.CollectionEndEvent)
                if depth > _DEEPEST:
                    return f"{self.path.name}:{_line(event.start_mark)}: it is nested too deeply"
        except yaml.MarkedYAMLError as error:
            return f"{self.path.name}:{_line(error.problem_mark)}: {error.problem or error.context}"
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            return f"{self.path.name}: {str(error).splitlines()[0]}"
        return None if says_something else f"{self.path.name}: it says nothing"

    def of_json(self) -> str | None:
        """Return the first mistake of JSON."""
        try:
            json.loads(self.content)
        except json.JSONDecodeError as error:
            return f"{self.path.name}:{error.lineno}: {error.msg}"
        except (ValueError, RecursionError) as error:
            return f"{self.path.name}: {error}"
        return None


def _line(mark: Any) -> int:
    """Return the line that a mark of YAML is in; it may have none."""
    return mark.line + 1 if mark else 1


_MISTAKES: dict[str, Callable[[DataFile], str | None]] = {
    "HCL": DataFile.of_hcl,
    "YAML": DataFile.of_yaml,
    "JSON": DataFile.of_json,
}
