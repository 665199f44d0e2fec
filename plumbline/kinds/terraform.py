"""A Terraform root: its backend, its version pin and the values its variables accept."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, PrivateAttr, WrapValidator

from plumbline.kinds.bounds import AtMost, Some
from plumbline.kinds.candidates import entries_like, names_besides, shown
from plumbline.kinds.facet import Facet
from plumbline.kinds.kind import Kind, Wanted
from plumbline.kinds.provider_constraints import disagreeing
from plumbline.terraform.declared import known
from plumbline.terraform.values import settled
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.unknown import Placeholder, ReadError, Undetermined, Unexamined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.called_modules import Code
    from plumbline.terraform.model import Backend, Configuration, Variable
    from plumbline.terraform.values import Value


ONLY_SOURCE = "only Terraform source says this, not a plan or a state"
_NEEDED = frozenset({"bucket", "key"})
"""What the backend of S3 does not work without."""
_LOCKING = frozenset({"dynamodb_table", "use_lockfile", "region", "encrypt"})
"""What may be given with it."""
_NO_ENTRY = "not in the map"
_OF_PERSONS = re.compile(r"@|\+\d{6}")
"""What stands in addresses of e-mail, and how numbers of telephones begin."""
Keys = Annotated[list[str], AfterValidator(sorted), WrapValidator(keep_placeholder)]
"""The keys of a map, which the evidence may not give; they have no order."""


class CalledModules(Facet):
    """The modules that it calls, and those that these call."""

    modules_elsewhere: list[Text] = []
    """Those whose source is no folder of the checkout that holds Terraform code, with file and line."""
    disagreeing_providers: list[Text] = []
    """The providers of which it and its modules ask for versions that no one version is."""
    module_variables: dict[str, dict[str, Text]] = {}
    """The variables of each module of the checkout that is called, by its folder: the call that does not give
    one a value, or gives it `null`; empty where each gives it one."""


class RootLimits(Model):
    """What can be expected of a root besides its fields."""

    terraform_version: str
    """A release that `required_version` must admit."""
    accepted_names: dict[str, list[str]]
    """The values that variables must accept, and no others, by variable: `environment`."""
    most_entries: dict[str, AtMost]
    """How many entries variables must accept, and no more, by variable."""
    calls: list[str]
    """Modules that must be called, by their folders: `modules/network`."""
    output_texts: dict[str, str]
    """What outputs are: `https://<aws_lb.web.dns_name>/` has for what only apply decides what that is of.
    Of an output that is a map, `output.key` is what it has there."""
    least_defaults: dict[str, Some]
    """What the defaults of variables must be at least, by variable."""
    passes: dict[str, list[str]]
    """The variables that a module must declare and be given, by its folder: `modules/network`."""


class Root(CalledModules, Kind):
    """The settings of one Terraform root, as its source gives them."""

    noun = "root"
    plural = "roots"
    expects_some = (
        "accepted_names",
        "backend",
        "calls",
        "defaults",
        "least_defaults",
        "most_entries",
        "output_keys",
        "output_texts",
        "outputs",
        "passes",
    )
    limits = RootLimits
    as_written = ("defaults",)

    backend_type: str = "local"
    backend: dict[str, Any] = {}
    """The backend's settings, those of its -backend-config file included."""
    required_version: str | None = None
    outputs: list[str] = []
    """The outputs that it declares."""
    output_keys: dict[str, Keys] = {}
    """Of each output that is a map, its keys."""
    defaults: dict[str, Any] = {}
    """Of each variable that has one, its default; of a sensitive one, and where somebody is reached, not."""
    _variables: dict[str, Variable] = PrivateAttr(default_factory=dict)
    _configuration: Configuration | None = PrivateAttr(default=None)

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str, wanted: Wanted = None) -> Self:
        """Return the settings of the root that `configuration` was evaluated from."""
        from plumbline.terraform.called_modules import elsewhere, reached

        if configuration.source != "hcl":
            raise Undetermined(ONLY_SOURCE)
        backend = configuration.backend
        fields: dict[str, Any] = {"name": name, "required_version": configuration.required_version}
        located: dict[str, object] = {}
        if backend is not None:
            fields |= {"backend_type": backend.type, "backend": _completed(backend)}
            located = dict.fromkeys(("backend", "backend_type"), backend.location)
        fields |= {"outputs": sorted(configuration.outputs), "output_keys": _keys(configuration.outputs)}
        code = reached(configuration.root, configuration.tree)
        fields |= {
            "modules_elsewhere": [str(it) for it in elsewhere(code)],
            "defaults": _defaults(configuration.variables),
            "disagreeing_providers": lambda: disagreeing(code),
            "module_variables": _variables_of_modules(code),
        }
        root = cls.of(where, fields, located)
        root._variables.update(configuration.variables)
        root._configuration = configuration
        return root

    def admits(self, version: str) -> bool:
        """Return whether `required_version` allows a Terraform release.

        Raises `ReadError` for what is no constraint. Source: Terraform language, "Version constraints".
        """
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        if self.required_version is None:
            return False
        constraints = [part.strip() for part in self.required_version.split(",")]
        try:
            return all(SpecifierSet(_specifier(constraint)).contains(version) for constraint in constraints)
        except InvalidSpecifier:
            message = f"required_version is {self.required_version!r}, which is no version constraint"
            raise ReadError(message, cause=message, advice="terraform init refuses it too") from None

    def texts_of(self, outputs: Iterable[str]) -> dict[str, str]:
        """Return what outputs are, with `<address.attribute>` for what only apply decides.

        Of a map `output.key` is one entry. Raises `Undetermined` where what is made of that cannot be told.
        """
        return {
            it: str(self.answered(f"output {it} is", functools.partial(self._text, it))) for it in outputs
        }

    def _text(self, output: str) -> str:
        from plumbline.terraform.filled_in import filled_in

        configuration = self._configuration
        name, _, key = output.partition(".")
        if configuration is None or name not in configuration.outputs:
            return "not declared"
        return filled_in(
            configuration,
            _part(configuration.outputs[name], key),
            lambda it: _part(it.outputs[name], key),
        )

    def not_called(self, modules: Iterable[str]) -> list[str]:
        """Return the modules that are not called, neither by the root nor by another module."""
        return [it for it in modules if not self._called(it)]

    def _called(self, folder: str) -> list[str]:
        """Return the folders of modules that are called and end so."""
        steps = PurePosixPath(folder).parts
        return [it for it in self.module_variables if PurePosixPath(it).parts[-len(steps) :] == steps]

    @property
    def variables(self) -> list[str]:
        """The variables that it declares."""
        return sorted(self._variables)

    def accepted_of(self, names: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Return what each variable's type and validation rules accept of its names, and the first of others.

        What is none: no name at all, what environments are often called, names like these (in other letters,
        longer, shorter, one character changed), and every word that the rules themselves come across.
        Raises `Undetermined` where a rule cannot be evaluated and nothing else decides.
        """
        return {variable: self._accepted_of(variable, tuple(some)) for variable, some in names.items()}

    def _accepted_of(self, variable: str, names: tuple[str, ...]) -> list[str]:
        ask = functools.partial(self._accepted, variable, names)
        return list(self.answered(f"{variable} accepts besides {list(names)}", ask))

    def _accepted(self, variable: str, names: tuple[str, ...]) -> list[str]:
        declared = self._declared(variable)
        nothing = [None] if declared.nullable else []
        others = [*names_besides(names, declared.words()), *nothing]
        doubts: list[Undetermined] = []
        for other in others:
            try:
                if self._accepts(variable, other):
                    return [*(it for it in names if self._accepts(variable, it)), shown(other)]
            except Undetermined as doubt:
                doubts.append(doubt)
        accepted = [it for it in names if self._accepts(variable, it)]
        if doubts and accepted == list(names):
            raise doubts[0]
        return accepted

    def accepts_entries(self, numbers: Mapping[str, int]) -> bool:
        """Return whether each variable accepts a list or map of so many entries like the ones it has now."""
        return all(self._accepts_number(variable, number) for variable, number in numbers.items())

    def accepts_more_entries(self, numbers: Mapping[str, int]) -> bool:
        """Return whether any variable accepts more entries than that: one more, two, twice as many."""
        more = ((variable, it) for variable, number in numbers.items() for it in _more(number))
        return any(self._accepts_number(variable, number) for variable, number in more)

    def _accepts_number(self, variable: str, number: int) -> bool:
        ask = functools.partial(self._accepts_entries, variable, number)
        return bool(self.answered(f"{variable} accepts {number} entries", ask))

    def defaults_below(self, least: Mapping[str, int]) -> list[str]:
        """Return which variables have no default of at least that. Raises `Undetermined` as the defaults."""
        return [
            f"{name}: {self.defaults.get(name, 'no default')}"
            for name, number in least.items()
            if not _is_at_least(known(self.defaults.get(name)), number)
        ]

    def not_passed(self, passes: Mapping[str, Sequence[str]]) -> list[str]:
        """Return why modules do not get these variables, by the folder of the module.

        It does not call the module, the module does not declare the variable, or a call passes none, or null.
        """
        return [told for folder, names in passes.items() for told in self._not_passed(folder, names)]

    def _not_passed(self, folder: str, names: Sequence[str]) -> Iterator[str]:
        called = self._called(folder)
        if not called:
            yield f"{folder} is not called"
        for module, name in itertools.product(called, names):
            variables = self.module_variables[module]
            if name not in variables:
                yield f"{folder} declares no variable {name}"
            elif variables[name]:
                yield f"{variables[name]} passes no {name}"

    def _accepts_entries(self, variable: str, number: int) -> bool:
        declared = self._declared(variable)
        return any(self._accepts(variable, entries) for entries in entries_like(declared, number))

    def _declared(self, variable: str) -> Variable:
        if variable not in self._variables:
            raise Undetermined(f"root {self.name} declares no variable {variable}")
        self._where.setdefault(variable, str(self._variables[variable].location))
        return self._variables[variable]

    def _accepts(self, variable: str, candidate: Any) -> bool:
        accepted = self._declared(variable).accepts(candidate)
        return accepted.refuse() if isinstance(accepted, Unknown) else accepted


def _variables_of_modules(code: Iterable[Code]) -> dict[str, dict[str, str]]:
    from plumbline.terraform.called_modules import code_of

    code, found = [*code], dict[str, dict[str, str]]()
    for call in (it for each in code for it in each.calls):
        if called := code_of(call, code):
            variables = found.setdefault(called.shown, dict.fromkeys(sorted(called.variables), ""))
            variables.update((name, str(call)) for name in sorted(called.variables - call.passed))
    return found


def _is_at_least(value: Any, number: int) -> bool:
    return isinstance(value, int | float) and value >= number


def _defaults(variables: Mapping[str, Variable]) -> dict[str, Any]:
    return {name: _default(it) for name, it in variables.items() if it.default is not None}


def _default(variable: Variable) -> Any:
    if variable.sensitive:
        return Unexamined(f"variable {variable.name} is sensitive")
    if _OF_PERSONS.search(repr(variable.default)):
        return Unexamined(f"the default of variable {variable.name} may be where somebody is reached")
    return settled(variable.default)


def _keys(outputs: Mapping[str, Value]) -> dict[str, list[str] | Placeholder]:
    """Return the keys of each output that is a map, or may be one."""
    return {
        name: value if isinstance(value, Placeholder) else list(value)
        for name, value in outputs.items()
        if isinstance(value, dict | Placeholder)
    }


def _part(value: Value, key: str) -> Value:
    """Return what a map has under a key, which is all of it where no key is given."""
    if not key:
        return value
    if isinstance(value, Placeholder):
        value.refuse()
    return value.get(key, _NO_ENTRY) if isinstance(value, dict) else _NO_ENTRY


def _completed(backend: Backend) -> dict[str, Any]:
    """Return a backend's settings; where it cannot work with them, the others are given at `terraform init`.

    Source: Terraform's documentation, "Backend block: partial configuration" and "S3 backend".
    """
    if backend.type != "s3" or backend.values.keys() >= _NEEDED:
        return dict(backend.values)
    later = Unknown("given at terraform init -backend-config, of which no file is at hand")
    return dict.fromkeys(sorted(_NEEDED | _LOCKING), later) | backend.values


def _more(number: int) -> list[int]:
    return [number + 1, number + 2, 2 * number + 1, 10 * number + 1]


def _specifier(constraint: str) -> str:
    """Return a Terraform version constraint in Python's spelling: `~> 1.6` as `~=1.6`."""
    number = constraint.lstrip("=!<>~ ")
    operator = constraint[: len(constraint) - len(number)].strip()
    if operator == "~>":
        return f"~={number}" if "." in number else f">={number}"
    return f"{ {'': '==', '=': '=='}.get(operator, operator) }{number}"
