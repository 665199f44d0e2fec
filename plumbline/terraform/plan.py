"""Plans, as `terraform show -json` prints them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plumbline.terraform import changes
from plumbline.terraform.model import Configuration, RequiredProvider, Resource, Settings
from plumbline.terraform.planned import (
    Json,
    MadeFrom,
    doubts,
    is_partial,
    load,
    location,
    refusal,
    require_format,
    with_unknown,
)
from plumbline.terraform.planned_references import Call, Instances, References
from plumbline.terraform.values import Value
from plumbline.values.sensitive import mark, mark_where
from plumbline.values.unknown import Unknown

LEFT_OUT = "what the plan leaves out, which is not complete (-target),"


def read_plan(path: Path, settings: Settings) -> Configuration:
    """The resources as they would be after the plan; raises `TerraformError` for a file of another kind."""
    document = load(path)
    if "planned_values" not in document:
        sort = "a state: pass it with --state" if "values" in document or "lineage" in document else "no plan"
        raise refusal(path, f"is {sort}; a plan is what `terraform show -json` prints of a saved plan")
    require_format(path, document)
    if document.get("errored"):
        raise refusal(path, "is of a plan that ended with errors, and so is not complete")
    plan = _Plan(path, document)
    return Configuration(
        root=path,
        source="plan",
        resources=tuple(plan.resources()),
        outputs=plan.outputs(),
        required_providers=plan.required_providers(),
        not_evaluated=(LEFT_OUT,) if is_partial(document) else (),
        doubts=doubts(document),
        planned=changes.planned(document),
        settings=settings,
    )


class _Plan:
    def __init__(self, path: Path, document: Json) -> None:
        self.path = path
        self.document = document
        self.configuration: Json = document.get("configuration") or {}
        self._mark_variables()
        self.root = Call(self.configuration.get("root_module") or {})

    def _mark_variables(self) -> None:
        given = self.document.get("variables") or {}
        declared = (self.configuration.get("root_module") or {}).get("variables") or {}
        for name, variable in declared.items():
            if variable.get("sensitive"):
                mark(given.get(name, {}).get("value"))

    def resources(self) -> Iterator[Resource]:
        """Every managed instance that exists after the plan."""
        changes = [
            it
            for it in self.document.get("resource_changes", ())
            if it.get("mode") == "managed"
            and it["change"]["actions"] not in (["delete"], ["forget"])
            and "deposed" not in it
        ]
        types = Instances({change["address"]: change["type"] for change in changes})
        for change in changes:
            yield self._resource(change, change["change"], types)

    def _resource(self, change: Json, planned: Json, types: Instances) -> Resource:
        mark_where(planned["after"], planned.get("after_sensitive"))
        address, module = change["address"], change.get("module_address", "")
        references = References(str(self.path), self.root.inside(module), change, types)
        made_from = MadeFrom([references.expressions], references.unknown)
        values = with_unknown(planned["after"], planned.get("after_unknown", {}), address, made_from)
        assert isinstance(values, dict)
        return Resource(
            address=address,
            type=change["type"],
            name=change["name"],
            module=module,
            root=str(self.path),
            values=values,
            location=location(self.path),
            provider=self._provider(references.provider),
            lifecycle=Unknown(f"{address}: a plan does not carry lifecycle settings"),
            depends_on=references.depends_on(),
            references=references.by_argument(),
            written=tuple(references.expressions),
        )

    def _provider(self, key: str) -> dict[str, Value]:
        """A provider's configuration, as far as it is constant or a variable."""
        configured = (self.configuration.get("provider_config") or {}).get(key) or {}
        return {
            name: self._expression(f"provider.{key}.{name}", expression)
            for name, expression in (configured.get("expressions") or {}).items()
        }

    def _expression(self, place: str, expression: Any) -> Value:
        if isinstance(expression, list):
            return [self._expression(place, block) for block in expression]
        if "constant_value" in expression:
            return with_unknown(expression["constant_value"], None, place)
        if "references" in expression:
            return self._variable(place, expression["references"])
        return {name: self._expression(f"{place}.{name}", inner) for name, inner in expression.items()}

    def _variable(self, place: str, references: list[str]) -> Value:
        """The value of `var.x` alone; anything else the plan does not tell."""
        variables = self.document.get("variables") or {}
        name = references[0].removeprefix("var.")
        if len(references) == 1 and name in variables:
            return with_unknown(variables[name].get("value"), None, place)
        return Unknown(place)

    def outputs(self) -> dict[str, Value]:
        """The root module's outputs."""
        changes = self.document.get("output_changes") or {}
        for change in changes.values():
            mark_where(change.get("after"), change.get("after_sensitive"))
        return {
            name: with_unknown(change.get("after"), change.get("after_unknown"), f"output.{name}")
            for name, change in changes.items()
            if change.get("actions") != ["delete"]
        }

    def required_providers(self) -> dict[str, RequiredProvider]:
        """What the root module's provider configurations require."""
        providers = self.configuration.get("provider_config") or {}
        return {
            entry["name"]: RequiredProvider(entry.get("full_name"), entry.get("version_constraint"))
            for entry in providers.values()
            if "module_address" not in entry and "alias" not in entry
        }
