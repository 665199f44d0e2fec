"""Turns python-hcl2's syntax tree into bodies and expressions."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from plumbline.terraform import numbers
from plumbline.terraform.expressions.access import Attribute, DottedKey, Each, Index, Reference, Splat
from plumbline.terraform.expressions.base import Expression, Literal
from plumbline.terraform.expressions.calls import Call
from plumbline.terraform.expressions.collections import ForObject, ForTuple, Loop, Object, Tuple
from plumbline.terraform.expressions.operators import Binary, Conditional, Unary
from plumbline.terraform.hcl import grammar
from plumbline.terraform.hcl.body import Argument, Block, Body
from plumbline.terraform.hcl.masking import Document, mask, mask_template
from plumbline.terraform.hcl.templates import Nesting
from plumbline.terraform.model import Location
from plumbline.terraform.source import Source, SyntaxProblem
from plumbline.terraform.values import InvalidValue

if TYPE_CHECKING:
    from lark import Token
    from lark import Tree as LarkTree

    Tree: TypeAlias = LarkTree[Any]

_CONSTANTS = {"true": True, "false": False, "null": None}


def parse_file(source: Source) -> tuple[Body, list[SyntaxProblem]]:
    """The body of a configuration file, and what is wrong with it beyond its grammar.

    Raises `SyntaxProblem` where the text does not parse at all.
    """
    document = mask(source)
    parser = _Parser(document)
    body = parser.file(_tree(document))
    return body, parser.problems


def parse_template(source: Source) -> Expression:
    """The template that a whole file is; raises `SyntaxProblem`."""
    document = mask_template(source)
    parser = _Parser(document)
    if document.expressions:
        parser.file(_tree(document))
    return parser.template(0, unwrap=True)


def parse_string(source: Source, place: Location) -> Expression:
    """The template that a JSON string is, all of which counts as written at one place."""
    source.at(place)
    return parse_template(source)


def parse_expression(source: Source, place: Location | None = None) -> Expression:
    """A text that is one expression, all of which counts as written at one place if that is given.

    Raises `SyntaxProblem`.
    """
    padded = Source(source.file, f"_ = {source.text}\n")
    if place is not None:
        padded.at(place)
    body, problems = parse_file(padded)
    if problems or list(body.arguments) != ["_"] or body.blocks:
        raise SyntaxProblem("One expression is required here.", place or source.place(0))
    return body.arguments["_"].expression


def _tree(document: Document) -> Tree:
    from lark.exceptions import UnexpectedEOF, UnexpectedInput, UnexpectedToken

    try:
        return grammar.parse(document.text)
    except UnexpectedToken as error:
        offset = error.token.start_pos if error.token.type != "$END" else None
        if offset is not None and "LBRACE" in error.expected and len(error.expected) <= 2:
            offset = len(document.text[:offset].rstrip())  # a header without a block ends on an earlier line
        raise _syntax_problem(document, offset) from None
    except UnexpectedEOF:
        raise _syntax_problem(document, None) from None
    except UnexpectedInput as error:
        raise _syntax_problem(document, error.pos_in_stream) from None


def _syntax_problem(document: Document, offset: int | None) -> SyntaxProblem:
    source = document.source
    if offset is None:
        return SyntaxProblem("The file ends in the middle of a block.", source.place(len(source.text)))
    position = min(source.position(offset), len(source.text))
    found = source.text[position : position + 1]
    what = "the end of the line" if found in ("\n", "\r", "") else f'"{found}"'
    return SyntaxProblem(f"Invalid syntax: {what} is not expected here.", source.place(position))


class _Parser:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.source = document.source
        self.problems: list[SyntaxProblem] = []
        self.expressions: list[Expression] = []

    def file(self, tree: Tree) -> Body:
        """The file's own body; the expressions of templates, which stand at its end, are kept aside."""
        children = _trees(_trees(tree)[0])
        appended = self.document.expressions
        main = children[: len(children) - appended]
        # Innermost templates come first, so that an outer one finds its parts converted.
        for child in children[len(main) :]:
            self.expressions.append(self.expression(_trees(child)[-1]))
        return self.body(main)

    def body(self, children: list[Tree]) -> Body:
        body = Body()
        for child in children:
            if child is not children[0] and not self._begins_line(child):
                self.refuse("An argument or block must begin on a line of its own.", child)
            if child.data == "attribute":
                self._argument(body, child)
            else:
                body.blocks.append(self.block(child))
        return body

    def _begins_line(self, tree: Tree) -> bool:
        start = tree.meta.start_pos
        line = self.document.text.rfind("\n", 0, start) + 1
        return self.document.text[line:start].isspace() or line == start

    def _argument(self, body: Body, tree: Tree) -> None:
        name, value = _trees(tree)
        argument = Argument(
            self.name(name), self.expression(value), self.source, name.meta.start_pos, value.meta.end_pos
        )
        if argument.name in body.arguments:
            first = body.arguments[argument.name].location
            self.refuse(f'The argument "{argument.name}" was already set at {first}.', name)
        body.arguments[argument.name] = argument

    def block(self, tree: Tree) -> Block:
        children = _trees(tree)
        header, body = children[:-1], children[-1]
        self._check_braces(tree, _trees(body))
        labels = [self.label(label) for label in header[1:]]
        return Block(
            self.name(header[0]), labels, self.body(_trees(body)), self.source, header[0].meta.start_pos
        )

    def _check_braces(self, tree: Tree, children: list[Tree]) -> None:
        """A block is written on one line with at most one argument, or its closing brace begins a line.

        What is between the brackets of that argument's value may take several lines.
        """
        opening = next(token for token in _tokens(tree) if token.type == "LBRACE").start_pos
        closing = tree.meta.end_pos - 1
        text = self.document.text
        if len(children) == 1 and children[0].data == "attribute":
            only = children[0].meta
            between = text[opening : only.start_pos] + text[only.end_pos : closing]
        else:
            between = text[opening:closing]
        if "\n" not in between:
            if any(child.data == "block" for child in children):
                self.refuse("A block on one line cannot hold another block.", children[0])
            return
        line = text.rfind("\n", 0, closing) + 1
        if text[line:closing].strip():
            self.refuse("A line break must follow the last argument of a block.", children[-1])
        elif children and not self._begins_line(children[0]):
            self.refuse("A line break must follow the opening brace of a block.", children[0])

    def label(self, tree: Tree) -> str:
        if tree.data != "string":
            return self.name(tree)
        template = self.template(self.source.position(tree.meta.start_pos))
        if isinstance(template, Literal):
            return str(template.constant)
        self.refuse("A block's label cannot contain a template.", tree)
        return ""

    def name(self, tree: Tree) -> str:
        start = self.source.position(tree.meta.start_pos)
        return self.source.text[start : start + tree.meta.end_pos - tree.meta.start_pos]

    def refuse(self, summary: str, tree: Tree) -> None:
        self.problems.append(SyntaxProblem(summary, self.source.location(tree.meta.start_pos)))

    def expression(self, tree: Tree) -> Expression:
        """Any expression."""
        while tree.data == "expr_term":
            tree = _trees(tree)[0]
        return _EXPRESSIONS[tree.data](self, tree)

    def identifier(self, tree: Tree) -> Expression:
        return Reference(self.source, tree.meta.start_pos, (self.name(tree),))

    def literal(self, tree: Tree) -> Expression:
        return Literal(self.source, tree.meta.start_pos, _CONSTANTS[self.name(tree)])

    def number(self, tree: Tree) -> Expression:
        try:
            constant = numbers.parse(self.name(tree))
        except InvalidValue as error:
            raise SyntaxProblem(f"{error}.", self.source.location(tree.meta.start_pos)) from None
        return Literal(self.source, tree.meta.start_pos, constant)

    def string(self, tree: Tree) -> Expression:
        return self.template(self.source.position(tree.meta.start_pos), unwrap=True)

    def template(self, position: int, *, unwrap: bool = False) -> Expression:
        """The template at a position of the source; as a single `${...}` it may stand for its inner value."""
        raw = self.document.templates[position]
        return Nesting(self.source, raw, self.expressions).template(unwrap=unwrap)

    def conditional(self, tree: Tree) -> Expression:
        condition, yes, no = map(self.expression, _trees(tree))
        return Conditional(self.source, tree.meta.start_pos, condition, yes, no)

    def binary(self, tree: Tree) -> Expression:
        left, term = _trees(tree)
        operator, right = _trees(term)
        symbol = str(_tokens(operator)[0]).strip()
        return Binary(
            self.source, operator.meta.start_pos, symbol, self.expression(left), self.expression(right)
        )

    def unary(self, tree: Tree) -> Expression:
        operator = str(_tokens(tree)[0])
        return Unary(self.source, tree.meta.start_pos, operator, self.expression(_trees(tree)[0]))

    def tuple_(self, tree: Tree) -> Expression:
        return Tuple(self.source, tree.meta.start_pos, [self.expression(child) for child in _trees(tree)])

    def object(self, tree: Tree) -> Expression:
        elements = _trees(tree)
        for before, after in pairwise(elements):
            # To python-hcl2 the line break after an operation belongs to the operation.
            written = self.document.text[before.meta.start_pos : after.meta.start_pos]
            between = written[len(written.rstrip(", \t\r\n")) :]
            if "\n" not in between and "," not in between:
                self.refuse("A comma or a line break must separate the elements of an object.", after)
        return Object(self.source, tree.meta.start_pos, [self.element(element) for element in elements])

    def element(self, tree: Tree) -> tuple[Expression, Expression]:
        key, value = _trees(tree)
        return self.key(_trees(key)[0]), self.expression(value)

    def key(self, tree: Tree) -> Expression:
        """A bare word as a key stands for itself; in parentheses it is a reference."""
        bare = tree
        if bare.data == "expr_term" and not _is_parenthesised(bare):
            bare = _trees(bare)[0]
        if bare.data in ("identifier", "keyword", "literal_value"):
            return Literal(self.source, tree.meta.start_pos, self.name(bare))
        expression = self.expression(tree)
        if bare.data == "get_attr_expr_term" and isinstance(expression, Reference):
            return DottedKey(self.source, expression.offset, expression.path)
        return expression

    def call(self, tree: Tree) -> Expression:
        parts = _trees(tree)
        names = [self.name(part) for part in parts if part.data == "identifier"]
        arguments = parts[-1] if parts[-1].data == "arguments" else None
        expand = arguments is not None and any(token.type == "ELLIPSIS" for token in _tokens(arguments))
        given = [] if arguments is None else [self.expression(argument) for argument in _trees(arguments)]
        return Call(self.source, tree.meta.start_pos, "::".join(names), given, expand)

    def chain(self, tree: Tree) -> Expression:
        """An expression, and the accesses that follow it: `.name`, `[key]`, `.0`, `[*]` and `.*`."""
        base, accesses = _chained(tree)
        for before, after in pairwise(accesses):
            if before.data == after.data == "short_index":
                self.refuse("Two legacy indexes cannot follow each other; write [0][1].", after)
        return self.followed(self.expression(base), deque(accesses))

    def followed(self, target: Expression, accesses: deque[Tree]) -> Expression:
        """`target` followed by accesses, all of which are taken.

        What stands behind `[*]` belongs to each element, a further splat included; behind `.*` only names and
        legacy indexes do. Source: HCL native syntax specification, "Splat Operators".
        """
        while accesses:
            access = accesses.popleft()
            if access.data not in ("full_splat", "attr_splat"):
                target = self.get(target, access)
                continue
            offset = access.meta.start_pos
            own = accesses if access.data == "full_splat" else _names(accesses)
            target = Splat(self.source, offset, target, self.followed(Each(self.source, offset), own))
        return target

    def get(self, target: Expression, access: Tree) -> Expression:
        """`target` followed by one access: `.name`, `[key]` or `.0`."""
        offset = access.meta.start_pos
        if access.data == "get_attr":
            name = self.name(_trees(access)[0])
            if isinstance(target, Reference):
                return Reference(self.source, target.offset, (*target.path, name))
            return Attribute(self.source, offset, target, name)
        if access.data == "short_index":
            index = next(token for token in _tokens(access) if token.type == "INT_LITERAL")
            return Index(self.source, offset, target, Literal(self.source, offset, int(index[:18])))
        return Index(self.source, offset, target, self.expression(_trees(access)[0]))

    def for_tuple(self, tree: Tree) -> Expression:
        intro, result, *condition = _trees(tree)
        loop = self.loop(intro, condition)
        return ForTuple(self.source, tree.meta.start_pos, loop, self.expression(result))

    def for_object(self, tree: Tree) -> Expression:
        intro, key, result, *condition = _trees(tree)
        loop = self.loop(intro, condition)
        grouping = any(token.type == "ELLIPSIS" for token in _tokens(tree))
        parts = self.expression(key), self.expression(result)
        return ForObject(self.source, tree.meta.start_pos, loop, *parts, grouping=grouping)

    def loop(self, intro: Tree, conditions: list[Tree]) -> Loop:
        *names, collection = _trees(intro)
        condition = self.expression(_trees(conditions[0])[0]) if conditions else None
        return Loop(tuple(map(self.name, names)), self.expression(collection), condition)


_ACCESSES = frozenset(
    {"get_attr_expr_term", "index_expr_term", "full_splat_expr_term", "attr_splat_expr_term"}
)
_EXPRESSIONS: dict[str, Callable[[_Parser, Any], Expression]] = {
    "identifier": _Parser.identifier,
    "literal_value": _Parser.literal,
    "int_lit": _Parser.number,
    "float_lit": _Parser.number,
    "string": _Parser.string,
    "conditional": _Parser.conditional,
    "binary_op": _Parser.binary,
    "unary_op": _Parser.unary,
    "tuple": _Parser.tuple_,
    "object": _Parser.object,
    "function_call": _Parser.call,
    "get_attr_expr_term": _Parser.chain,
    "index_expr_term": _Parser.chain,
    "full_splat_expr_term": _Parser.chain,
    "attr_splat_expr_term": _Parser.chain,
    "for_tuple_expr": _Parser.for_tuple,
    "for_object_expr": _Parser.for_object,
}


def _chained(tree: Tree) -> tuple[Tree, list[Tree]]:
    """What a chain of accesses begins with, and the accesses in their order; parentheses end a chain."""
    accesses: list[Tree] = []
    while tree.data in _ACCESSES:
        tree, access = _trees(tree)
        inner = _trees(access) if access.data in ("full_splat", "attr_splat") else []
        accesses += [*reversed(inner), access]
        while tree.data == "expr_term" and not _is_parenthesised(tree):
            tree = _trees(tree)[0]
    return tree, accesses[::-1]


def _names(accesses: deque[Tree]) -> deque[Tree]:
    """Takes away the names and legacy indexes that accesses begin with."""
    taken: deque[Tree] = deque()
    while accesses and accesses[0].data in ("get_attr", "short_index"):
        taken.append(accesses.popleft())
    return taken


def _trees(tree: Tree) -> list[Tree]:
    """The children that mean something: neither punctuation nor line breaks."""
    return [
        child for child in tree.children if hasattr(child, "data") and child.data != "new_line_or_comment"
    ]


def _tokens(tree: Tree) -> list[Token]:
    tokens: list[Token] = [child for child in tree.children if not hasattr(child, "data")]  # type: ignore[misc]
    return tokens


def _is_parenthesised(tree: Tree) -> bool:
    return any(token.type == "LPAR" for token in _tokens(tree))
