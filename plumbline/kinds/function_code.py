"""Where Terraform has a function, and whether it uploads the function's code when a source of it changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.facet import Facet, Fields
from plumbline.kinds.kind import NOT_IN_AWS
from plumbline.terraform.declared import NOT_WRITTEN_OUT, Declaration, given, is_ignored, known
from plumbline.values.model import Text
from plumbline.values.unknown import Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.call import Asked
    from plumbline.terraform.model import Resource

_HASH = "source_code_hash"
_OF_PACKAGE = (_HASH, "s3_object_version", "s3_key", "filename")
"""The arguments whose change makes the provider upload code. Source: provider, aws_lambda_function."""
_OF_IMAGE = ("image_uri",)
_WHERE = ("filename", "s3_bucket", "s3_key")
"""Those that say which package it is."""
_BY_REFERENCE = (_HASH, "s3_object_version")
"""Those that are others with each package where they are of another resource; a name may be the same."""


class Code(Facet):
    """How the code of a function gets from its sources to AWS."""

    arguments: ClassVar = {"follows_source": "source_code_hash"}

    address: Text = ""
    """Where it stands in Terraform: `aws_lambda_function.orders`."""
    follows_source: bool = True
    """Whether apply uploads the code when what it is made of has changed."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "address": declaration.resource.address,
            "follows_source": lambda: _follows_source(declaration),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"address": NOT_IN_AWS, "follows_source": NOT_IN_AWS}


class ByVariables(Facet):
    """Which of its settings somebody changes by a variable of the root, and how."""

    arguments: ClassVar = dict.fromkeys(("by_variables", "not_by"), "memory_size")

    by_variables: dict[Text, list[Text]] = {}
    """The variables of the root that `timeout` and `memory_size` have the values of, whatever these are."""

    def not_by(self, variables: Mapping[str, str]) -> list[str]:
        """Return the settings that do not have the value of their variable: `memory_size: var.memory`."""
        told = self.by_variables
        return [f"{it}: var.{name}" for it, name in variables.items() if name not in told.get(it, [])]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        function = declaration.resource
        if function.from_variables is None:
            return {"by_variables": NOT_WRITTEN_OUT}
        return {"by_variables": lambda: {it: _variables_of(it, declaration) for it in _BY_NUMBERS}}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"by_variables": NOT_IN_AWS}


_BY_NUMBERS = ("timeout", "memory_size")


def _variables_of(argument: str, declaration: Declaration) -> list[str]:
    """Return the variables that an argument has the value of.

    Raises `Undetermined` where that of one of them cannot be changed to see it.
    """
    function = declaration.resource
    return [it for it in function.variables.get(argument, ()) if _follows(argument, it, declaration)]


def _follows(argument: str, name: str, declaration: Declaration) -> bool:
    """Return whether an argument has the value of a variable, as that has another one.

    It is tried, since what is made of a variable on its way need not be it: the least of it and a constant.
    """
    from plumbline.terraform.model import TerraformError

    configuration, address = declaration.configuration, declaration.resource.address
    variable, again = configuration.variables[name], configuration.with_variable
    value = known(variable.value)
    if again is None or isinstance(value, bool) or not isinstance(value, int):
        return False
    if known(declaration.resource.values.get(argument)) != value:
        return False
    for other in (value + 1, value - 1):
        if known(variable.accepts(other)):
            try:
                return bool(known(again(name, other).at(address).values.get(argument)) == other)
            except (TerraformError, KeyError):
                continue
    raise Undetermined(f"no other value of variable {name} was found that Terraform takes")


def _follows_source(declaration: Declaration) -> Any:
    """Return whether an argument that tells of changed code is made of that code, and is not ignored.

    Raises `Undetermined` where whoever runs Terraform gives it, where it may be made of the code of another
    function, and where another resource replaces the function.
    """
    function = declaration.resource
    if function.from_files is None or function.from_variables is None:
        return NOT_WRITTEN_OUT
    is_image = known(function.values.get("package_type")) == "Image"
    telling = [
        name
        for name in (_OF_IMAGE if is_image else _OF_PACKAGE)
        if given(function.values.get(name)) and not is_ignored(function, name)
    ]
    if of_code := [name for name in telling if _is_of_code(name, declaration)]:
        if of_code == [_HASH] and (other := _of_the_same_file(declaration)):
            raise Undetermined(
                f"{_HASH} of {function.address} and {other.address}, of other packages, is of one file"
            )
        return True
    if asked_for := [it for it in telling if it in function.from_variables]:
        raise Undetermined(f"whoever runs Terraform gives {asked_for[0]} of {function.address}")
    if given(replaced := known(function.lifecycle).get("replace_triggered_by")):
        raise Undetermined(f"{function.address} is replaced with {replaced}")
    return False


def _is_of_code(argument: str, declaration: Declaration) -> bool:
    """Return whether an argument is made of a file, of an image, or of an object of a package."""
    function = declaration.resource
    if argument in (function.from_files or ()):
        return True
    references = function.references.get(argument, ())
    if argument in _BY_REFERENCE:
        return bool(references)
    if argument in _OF_IMAGE:
        return any("image" in it for it in references)
    return any(_is_named_by_files(it, declaration) for it in references)


def _of_the_same_file(declaration: Declaration) -> Resource | None:
    """Return a function of another package that has the hash of the file that this one has the hash of.

    One of both is not made of it, unless the other's code lies in it, too. A hash of several files may be of
    the sources of all functions.
    """
    function = declaration.resource
    files = function.files.get(_HASH, ())
    if len(files) != 1 or not files[0]:
        return None
    here = declaration.configuration.of_type(function.type)
    alike = (it for it in here if it is not function and it.files.get(_HASH) == files)
    return next((it for it in alike if any(_said(it, by) != _said(function, by) for by in _WHERE)), None)


def _said(function: Resource, argument: str) -> Any:
    """Return an argument as far as it is known: its value, or what it refers to."""
    value = function.values.get(argument)
    return function.references.get(argument, ()) if isinstance(value, Placeholder) else value


def _is_named_by_files(reference: str, declaration: Declaration) -> bool:
    """Return whether it is to an argument that is made of what files hold: `aws_s3_object.code.key`."""
    address, _, argument = reference.rpartition(".")
    try:
        named = declaration.configuration.at(address)
    except KeyError:
        return False
    return argument in (named.from_files or ())
