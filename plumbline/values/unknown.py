"""Values that the evidence does not give, and why: not known yet, not readable, not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import ClassVar, NoReturn, Self, TypeAlias


class Undetermined(Exception):
    """Raised where a test compares a value that the evidence cannot give.

    The outcome is a counted skip, never a pass and never a failure.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        _HEARD.get()(self)


Withheld: TypeAlias = "Undetermined | ReadError | NotRead"
"""Why somebody is not told a value."""
_HEARD: ContextVar[Callable[[Withheld], None]] = ContextVar("heard", default=lambda _: None)


@contextmanager
def hearing(told: Callable[[Withheld], None]) -> Iterator[None]:
    """Tell of each refusal in the block where it is made, whether or not anybody catches it."""
    before = _HEARD.set(told)
    try:
        yield
    finally:
        _HEARD.reset(before)


class NoData(Undetermined):
    """Raised where what happened would decide, and nothing was measured, logged or kept of it.

    A metric that does not exist never reads as healthy: the outcome is a skip, counted apart.
    """


class ReadError(Exception):
    """Raised where evidence could not be read: a denied or failed call, a file that does not parse.

    The outcome is an error, never a pass, a failure or a skip. `cause` is what such errors are
    grouped by, so that one denied call is one card; `advice` is what the reader can do, in words, and
    `command` what the reader can type; `by_root` says that a whole Terraform root could not be read;
    `denied` is the IAM action that was lacking. `left` is what was read all the same of what was asked for:
    what does not hang on the error, and can be wrong there, but not right.
    """

    def __init__(
        self,
        message: str,
        *,
        cause: str,
        advice: str = "",
        command: str = "",
        by_root: bool = False,
        denied: str = "",
    ) -> None:
        super().__init__(message, cause, advice, command)
        self.message, self.cause, self.advice, self.command = message, cause, advice, command
        self.by_root, self.denied = by_root, denied
        self.left: object | None = None

    def __str__(self) -> str:
        return self.message


class Fault(ReadError):
    """Raised where a facet ends in an error of its own: nothing is known of its fields.

    That is a fault of what examines, not of the evidence: the outcome is `broken`.
    """


class NotRead(Exception):
    """Raised where a sentence or a kind asks for what is not in its read set; the outcome is `broken`."""

    def __init__(self, noun: str, field: str) -> None:
        super().__init__(f"{noun}.{field} is asked for, and was not read")
        self.noun, self.field = noun, field
        _HEARD.get()(self)


class Missing(Exception):
    """Raised where the resource itself does not exist in the evidence: one failure for the resource.

    `holder` names the resource that it lies in, where that is what does not exist.
    """

    def __init__(self, what: str, where: str, holder: str = "") -> None:
        super().__init__(what, where, holder)
        self.what, self.where, self.holder = what, where, holder

    def __str__(self) -> str:
        return f"{self.what} does not exist {self.where}"


@contextmanager
def missing_as(holder: str) -> Iterator[None]:
    """Let what is missing in the block be a resource that the one which is asked for lies in."""
    try:
        yield
    except Missing as missing:
        raise Missing(missing.what, missing.where, holder=holder) from None


class Placeholder:
    """Stands where a value should be and refuses every use, so that no comparison decides by accident.

    Only `isinstance(value, Placeholder)` and `repr(value)` are safe; the latter is heard of as a refusal is,
    since the text of a list is made of it.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Return what it is, for people."""
        with suppress(Undetermined, ReadError, NotRead):
            self.refuse()
        return self._written()

    def _written(self) -> str:
        raise NotImplementedError

    def refuse(self, *_: object) -> NoReturn:
        """Raise the reason why there is no value."""
        raise NotImplementedError

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse what the value would have had, such as `items` of a mapping."""
        if name.startswith("_"):
            raise AttributeError(name)
        self.refuse()

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, *others: self.refuse(*others)
    __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = lambda self, *others: self.refuse(*others)
    __int__ = __float__ = __index__ = lambda self, *others: self.refuse(*others)
    __add__ = __radd__ = __sub__ = __rsub__ = lambda self, *others: self.refuse(*others)
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = lambda self, *others: self.refuse(*others)
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = lambda self, *others: self.refuse(*others)
    __and__ = __rand__ = __or__ = __ror__ = __neg__ = __abs__ = lambda self, *others: self.refuse(*others)

    def __deepcopy__(self, memo: object) -> Self:
        """Return the same: nothing of it can be changed, and what was read is known again by it."""
        return self

    def __str__(self) -> NoReturn:
        """Refuse a text, in which a value that nobody knows would pass for one."""
        self.refuse()

    def __format__(self, specification: str) -> NoReturn:
        """Refuse a place in an f-string, as `__str__` does."""
        self.refuse()

    def __hash__(self) -> NoReturn:
        """Refuse a set or the keys of a mapping, which would compare where nobody sees it."""
        self.refuse()


NOT_READ = "not read: "
"""How the origin begins that is no reference: it says why nothing is known."""


class Unknown(Placeholder):
    """Stands where Terraform would say "known after apply".

    `origin` is the reference that made the value unknown, such as `aws_kms_key.main.arn` or
    `module.m["k"].aws_s3_bucket.b[0].id`.
    """

    __slots__ = ("origin",)

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def _written(self) -> str:
        return f"Unknown({self.origin!r})"

    def refuse(self, *_: object) -> NoReturn:
        """Raise `Undetermined` naming the origin."""
        read = not self.origin.startswith(NOT_READ)
        raise Undetermined(f"known only after apply: {self.origin}" if read else self.origin)


class Identity(Unknown):
    """Stands for the name that AWS will choose for one resource: a key's id, an API's id, a subnet's.

    It belongs to the Terraform address that makes the resource, so that two are equal where one address of
    one root makes what they name, whichever attribute they were taken from, and differ where two addresses
    do: a remote object is bound to one resource instance (Terraform, "State", "Purpose of Terraform
    State"). With anything else it cannot be compared, and a hash would compare where nobody sees it.
    """

    __slots__ = ("address", "attribute", "root")

    def __init__(self, root: str, address: str, attribute: str) -> None:
        super().__init__(f"{address}.{attribute}")
        self.root, self.address, self.attribute = root, address, attribute

    def _written(self) -> str:
        return f"Identity({self.origin!r})"

    def __eq__(self, other: object) -> bool:
        """Return whether one address makes both. Raises `Undetermined` where that is not known."""
        if isinstance(other, Identity) and other.root == self.root:
            return other.address == self.address
        return self._refuse_beside(other)

    def __ne__(self, other: object) -> bool:
        """Return whether two addresses make them. Raises `Undetermined` where that is not known."""
        return not self == other

    __hash__ = Placeholder.__hash__

    def elsewhere(self, text: Callable[[str], str]) -> Identity:
        """Return what stands for the same resource where root and address are called otherwise."""
        return Identity(text(self.root), text(self.address), self.attribute)

    def _refuse_beside(self, other: object) -> NoReturn:
        """Raise `Undetermined` naming both; a placeholder of another sort has its own reason."""
        if isinstance(other, Identity):
            raise Undetermined(f"{self.origin} of {self.root} and {other.origin} of {other.root} may be one")
        if isinstance(other, Placeholder) and not isinstance(other, Unknown):
            other.refuse()
        named = other.origin if isinstance(other, Unknown) else repr(other)
        raise Undetermined(f"known only after apply: whether {self.origin} is {named}")


class Spelled(Unknown):
    """Stands for a text in which only the name is not known that AWS will choose for one resource.

    `text` has in its place what stands for the Terraform address that makes it: whoever compares it with what
    is spelled likewise finds the same resource the same. As a value it is as unknown as any other.
    """

    __slots__ = ("text",)

    def __init__(self, origin: str, text: str) -> None:
        super().__init__(origin)
        self.text = text


class Unexamined(Placeholder):
    """Stands for a field that this kind of evidence does not carry: source code has no table status."""

    __slots__ = ("reason",)
    refusal: ClassVar[type[Undetermined]] = Undetermined

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def _written(self) -> str:
        return f"{type(self).__name__}({self.reason!r})"

    def refuse(self, *_: object) -> NoReturn:
        """Raise `refusal` with the reason."""
        raise self.refusal(self.reason)


class Unread(Placeholder):
    """Stands for a field of a facet that nobody said would be read: asking for it is a fault of who asks."""

    __slots__ = ("field", "noun")

    def __init__(self, noun: str, field: str = "") -> None:
        self.noun, self.field = noun, field

    def _written(self) -> str:
        return f"Unread({self.noun!r}, {self.field!r})"

    def refuse(self, *_: object) -> NoReturn:
        """Raise `NotRead`."""
        raise NotRead(self.noun, self.field)


class Unmeasured(Unexamined):
    """Stands for what happened in a time of which there is no data."""

    __slots__ = ()
    refusal = NoData


class Unreadable(Placeholder):
    """Stands for a field whose call was denied or failed."""

    __slots__ = ("error",)

    def __init__(self, error: ReadError) -> None:
        self.error = error

    def _written(self) -> str:
        return f"Unreadable({self.error.cause!r})"

    def refuse(self, *_: object) -> NoReturn:
        """Raise the error that the call ended with; it was made before anybody asked, and is told of here."""
        _HEARD.get()(self.error)
        raise self.error
