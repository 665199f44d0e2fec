"""A facet and a kind that pass the kit, each with one thing stated wrong, and what the kit says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from plumbline.kinds import (
    Beside,
    Call,
    Declaration,
    Facet,
    Fields,
    Found,
    Kind,
    Permission,
    Requests,
    request,
)
from plumbline.kinds.s3 import Bucket

CALL = Call(
    "s3:GetBucketAccelerateConfiguration",
    {"Bucket": "{name}"},
    of="arn:aws:s3:::{name}",
    action="s3:GetAccelerateConfiguration",
)
ACL = Call("s3:GetBucketAcl", {"Bucket": "{name}"}, of="arn:aws:s3:::{name}")
READ = CALL.operation
BESIDE = "aws_s3_bucket_accelerate_configuration"


class Acceleration(Facet):
    """Whether transfers are accelerated."""

    call = CALL
    beside = Beside("aws_s3_bucket_accelerate_configuration", "bucket")
    arguments = {"accelerated": "status"}

    accelerated: str | None = None

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"accelerated": declaration.at("status")}

    @classmethod
    def described(cls, answer: Mapping[str, Any], asked: Any) -> Fields:
        return {"accelerated": answer.get("Status")}

    def requested(self) -> Requests:
        if self.accelerated:
            status = {"Status": self.accelerated}
            yield request(
                "s3:PutBucketAccelerateConfiguration", Bucket=self.name, AccelerateConfiguration=status
            )


@dataclass(frozen=True)
class Case:
    """Something that is stated wrong, and the sentences about it."""

    what: str
    stated: Mapping[str, Any]
    told: tuple[str, ...]
    example: Mapping[str, Any] = field(default_factory=lambda: {"name": "lake", "accelerated": "Enabled"})


def extending(case: Case) -> type[Kind]:
    """Return a kind of which one facet states something else than `Acceleration`."""
    stated = {"__doc__": Acceleration.__doc__, "__module__": __name__, **case.stated}
    # the fields are the facet's own: what it inherits would belong to another one
    own = {it: Acceleration.__dict__[it] for it in ("declared", "described", "requested")}
    own |= {it: getattr(Acceleration, it) for it in ("call", "beside", "arguments")}
    annotated = {"__annotations__": {"accelerated": "str | None"}, "accelerated": None}
    return _kind(type("Acceleration", (Facet,), annotated | own | stated))


def stating(case: Case) -> type[Kind]:
    """Return a kind that states something else of itself."""
    return _kind(Acceleration, **case.stated)


def _kind(facet: type[Facet], **stated: Any) -> type[Kind]:
    def requested(self: Any) -> Requests:
        placed = {"LocationConstraint": "eu-west-1"}
        yield request("s3:CreateBucket", Bucket=self.name, CreateBucketConfiguration=placed)

    core = {
        "__doc__": "A bucket.",
        "__module__": __name__,
        "__annotations__": {},
        "noun": "bucket_of_theirs",
        "plural": "buckets_of_theirs",
        "terraform_type": "aws_s3_bucket",
        "name_argument": "bucket",
        "call": Bucket.call,
        "described": classmethod(lambda cls, answer, asked: {}),
        "declared": classmethod(lambda cls, declaration: {}),
        "requested": requested,
    }
    return type("BucketOfTheirs", (facet, Kind), core | stated)


def _taking_no_for_an_answer(cls: type[Facet], asked: Any) -> Found:
    reply = asked.ask(CALL)
    try:
        return Found({"accelerated": reply.answer.get("Status")}, reply.call)
    except Exception:
        return Found({"accelerated": None}, reply.call)


def _knowing_better(cls: type[Facet], declaration: Declaration) -> Fields:
    status = declaration.values.get("status")
    return {"accelerated": status if isinstance(status, str) else None}


def _swapping(cls: type[Facet], declaration: Declaration) -> Fields:
    status = declaration.at("status")
    others = {"Enabled": "Suspended", "Suspended": "Enabled"}
    return {"accelerated": others[status] if isinstance(status, str) else status}


def _dividing(cls: type[Facet], declaration: Declaration) -> Fields:
    return {"accelerated": str(1 // 0)}


def _refused(self: Any) -> Requests:
    status = {"Status": "Sometimes"}
    yield request("s3:PutBucketAccelerateConfiguration", Bucket=self.name, AccelerateConfiguration=status)


STRAY = f"{__name__}.Acceleration gives acelerated, which is no field of it (did you mean accelerated?)"
NOT_KNOWN = f"accelerated is read as None where {READ} is denied: nobody knows it then"
FACETS = [
    Case("nothing", {}, ()),
    Case(
        "no example",
        {},
        ("no example gives accelerated a value other than its default",),
        example={"name": "lake"},
    ),
    Case(
        "denied-is-absent",
        {"call": replace(CALL, absent=("AccessDenied",))},
        (f"{READ} takes AccessDenied for absent: it says that nothing could be read", NOT_KNOWN),
    ),
    Case(
        "denied-is-missing",
        {"call": replace(CALL, missing=("AccessDenied",))},
        (
            f"{READ} takes AccessDenied for missing: it says that nothing could be read",
            f"where {READ} is denied, it is taken for missing: arn:aws:s3:::lake does not exist "
            f"({READ} answered AccessDenied)",
        ),
    ),
    Case("errors-swallowed", {"read": classmethod(_taking_no_for_an_answer)}, (NOT_KNOWN,)),
    Case(
        "action-of-another",
        {"call": replace(ACL, action="s3:GetBucketVersioning"), "in_answer": {}},
        (
            "s3:GetBucketAcl needs the action of its own name, and states s3:GetBucketVersioning",
            "accelerated was given to moto as 'Enabled' and read as None",
        ),
    ),
    Case(
        "arn-of-no-service",
        {"call": replace(CALL, of="arn:aws:s33:::{name}")},
        (f"{READ} reads arn:aws:s33:::{{name}}: there is no service s33 (did you mean s3?)",),
    ),
    Case(
        "of-nothing",
        {"call": replace(CALL, of="a bucket")},
        (f"{READ} asks for one of many, and of='a bucket' does not name it: write {{name}}",),
    ),
    Case(
        "placeholder",
        {"call": replace(CALL, parameters={"Bucket": "{nam}"})},
        (f"{READ} names {{nam}}, which nothing says (did you mean name?)",),
    ),
    Case(
        "placeholder-of-a-permission",
        {"call": replace(CALL, on="arn:aws:s3:::{nam}")},
        (f"{READ} names {{nam}}, which nothing says (did you mean name?)",),
    ),
    Case(
        "placeholder-of-a-further-permission",
        {"call": replace(CALL, besides=(Permission("kms:Decrypt", "arn:aws:kms:{region}:{acount}:key/*"),))},
        (f"{READ} names {{acount}}, which nothing says (did you mean account?)",),
    ),
    Case(
        "beside-a-type-of-none",
        {"beside": Beside(f"{BESIDE}s", "bucket")},
        (f"the AWS provider has no resource {BESIDE}s (did you mean {BESIDE}?)",),
    ),
    Case(
        "reads-types-of-none",
        {"further_types": ("aws_s3_buckets",), "seen_besides": ("aws_s33_bucket",)},
        (
            "the AWS provider has no resource aws_s3_buckets (did you mean aws_s3_bucket?)",
            "the AWS provider has no resource aws_s33_bucket (did you mean aws_s3_bucket?)",
        ),
    ),
    Case(
        "seen_through",
        {"seen_through": ("tabel",)},
        ("seen_through of Acceleration names tabel, which is no noun of a kind (did you mean table?)",),
    ),
    Case(
        "operation",
        {"call": replace(CALL, operation="s3:GetAccelerateConfiguration")},
        (
            "botocore knows no operation s3:GetAccelerateConfiguration "
            "(did you mean s3:GetBucketAccelerateConfiguration?)",
        ),
    ),
    Case(
        "parameter",
        {"call": replace(CALL, parameters={"Buckt": "{name}"})},
        (f"{READ} takes no parameter Buckt (did you mean Bucket?)",),
    ),
    Case(
        "further-call",
        {"further_calls": (ACL,)},
        ("Acceleration states s3:GetBucketAcl, and calls it for no example",),
    ),
    Case(
        "follows",
        {"follows": ("versionin",)},
        ("follows of Acceleration names versionin, which is no field of another facet",),
    ),
    Case(
        "arguments",
        {"arguments": {"acelerated": "status"}},
        (
            "arguments of Acceleration names acelerated, which is no attribute of it "
            "(did you mean accelerated?)",
        ),
    ),
    Case(
        "in_answer",
        {"in_answer": {"accelerated": "Statuss?", "more": "Status"}},
        (
            "in_answer of Acceleration names more, which is no field of it",
            f"accelerated is read at Statuss?: the answer to {READ} has no Statuss (did you mean Status?)",
        ),
    ),
    Case(
        "in_terraform",
        {"in_terraform": {"accelerated": "status.now", "more": "status"}},
        (
            "in_terraform of Acceleration names more, which is no field of it",
            "aws_s3_bucket_accelerate_configuration has nothing inside its argument status (status.now)",
        ),
    ),
    Case(
        "default-for-unknown",
        {"declared": classmethod(_knowing_better)},
        ("Acceleration.declared takes what nobody knows for the default of accelerated: None",),
    ),
    Case(
        "declared-nothing",
        {"declared": classmethod(lambda cls, declaration: {})},
        ("Acceleration.declared leaves accelerated at None where nobody knows it",),
    ),
    Case(
        "declared-constant",
        {"declared": classmethod(lambda cls, declaration: {"accelerated": "Enabled"})},
        ("Acceleration.declared says that accelerated is 'Enabled' where nobody knows it",),
    ),
    Case(
        "declared-elsewhere",
        {"declared": classmethod(lambda cls, it: {"accelerated": it.at("expected_bucket_owner")})},
        (f"Acceleration.declared knows accelerated where {BESIDE}.status is not known",),
    ),
    Case(
        "declared-swapped",
        {"declared": classmethod(_swapping)},
        ("Acceleration.declared takes 'Enabled' for another accelerated, and that one for 'Enabled'",),
    ),
    Case(
        "of-another-text",
        {
            "declared": Facet.__dict__["declared"],
            "in_terraform": {"accelerated": "expected_bucket_owner"},
            "arguments": {},
        },
        (
            "Acceleration reads accelerated at expected_bucket_owner; as AWS calls it, that is "
            f"{BESIDE}.status",
        ),
    ),
    Case(
        "described-constant",
        {"described": classmethod(lambda cls, answer, asked: {"accelerated": "Enabled"})},
        ("accelerated is read as 'Enabled' where it is not configured, and is None then",),
    ),
    Case(
        "joined-by-what-it-declares",
        {"beside": Beside(BESIDE, "status")},
        ("status declares accelerated, and cannot say whose Acceleration it is",),
    ),
    Case(
        "of-one-name",
        {"call": replace(CALL, parameters={"Bucket": "lake"})},
        (f"{READ} asks the same of everything: none of {{'Bucket': 'lake'}} says {{name}}",),
    ),
    Case(
        "writes",
        {"call": replace(CALL, operation="s3:DeleteBucketPolicy", action="s3:GetBucketPolicy")},
        (
            "s3:DeleteBucketPolicy does more than read",
            "s3:DeleteBucketPolicy needs the action of its own name, and states s3:GetBucketPolicy",
            "accelerated was given to moto as 'Enabled' and read as None",
        ),
    ),
    Case(
        "declared-raises",
        {"declared": classmethod(_dividing)},
        tuple(
            "Acceleration.declared ends in ZeroDivisionError: integer division or modulo by zero, "
            f"where its Terraform {how}"
            for how in ("says only what it must", "is not there", "has nothing that is known")
        ),
    ),
    Case(
        "declared-other-field",
        {"declared": classmethod(lambda cls, declaration: {"acelerated": None})},
        ("Acceleration.declared gives acelerated, which is no field of it (did you mean accelerated?)",),
    ),
    Case(
        "described-other-field",
        {"described": classmethod(lambda cls, answer, asked: {"acelerated": "x"})},
        (
            f"accelerated was given to moto as 'Enabled' and read as Unreadable({STRAY!r})",
            f"accelerated cannot be read where it is not configured: {STRAY}",
        ),
    ),
    Case(
        "described-where-absent",
        {"described": classmethod(lambda cls, answer, asked: {"accelerated": answer["Status"]})},
        (
            "accelerated cannot be read where it is not configured: "
            f"the answer to {READ} arn:aws:s3:::lake is not what the API describes",
        ),
    ),
    Case(
        "refused-by-moto",
        {"requested": _refused},
        (
            "moto refuses the example lake: An error occurred (MalformedXML) when calling the "
            "PutBucketAccelerateConfiguration operation: The XML you provided was not well-formed or did not "
            "validate against our published schema",
        ),
    ),
]
KINDS = [
    Case("nothing", {}, ()),
    Case(
        "name_pattern",
        {"name_pattern": "["},
        ("name_pattern '[' is no regular expression: unterminated character set at position 0",),
    ),
    Case(
        "name",
        {"name_pattern": "^pond"},
        ("the example lake is not called as name_pattern says: ^pond",),
    ),
    Case(
        "selected_by",
        {"selected_by": {"accelerated": "matchs"}},
        ("selected_by of BucketOfTheirs names matchs, which is no method",),
    ),
    Case(
        "implied",
        {"implied": ("named",)},
        ("it implies named, and has no also_expected that says what that is",),
    ),
    Case(
        "computed",
        {"computed": {"aws_s3_bucket.arm": lambda values, settings: "x"}},
        ("aws_s3_bucket has no argument arm (did you mean arn?)",),
    ),
    Case(
        "nouns-of-none",
        {"shows": ("tabel",), "held_by": "buckt"},
        (
            "shows of BucketOfTheirs names tabel, which is no noun of a kind (did you mean table?)",
            "held_by of BucketOfTheirs names buckt, which is no noun of a kind (did you mean bucket?)",
        ),
    ),
    Case(
        "fields-of-none",
        {"expects_some": ("acelerated",), "as_written": ("acelerated",), "called_by": ("arn",)},
        (
            "expects_some of BucketOfTheirs names acelerated, which is no field or limit "
            "(did you mean accelerated?)",
            "as_written of BucketOfTheirs names acelerated, which is no field (did you mean accelerated?)",
            "called_by of BucketOfTheirs names arn, which is no attribute that it says is chosen",
        ),
    ),
    Case(
        "types-of-none",
        {
            "former_types": ("aws_s3_buckt",),
            "listed_with": {"aws_s3_directory_bucket": "buckt"},
            "made_by": ("aws_s3_buckets",),
        },
        (
            "aws_s3_directory_bucket has no argument buckt (did you mean bucket?)",
            "the AWS provider has no resource aws_s3_buckt (did you mean aws_s3_bucket?)",
            "the AWS provider has no resource aws_s3_buckets (did you mean aws_s3_bucket?)",
        ),
    ),
    Case(
        "own_arn",
        {"own_arn": (replace(ACL, parameters={"Bucket": "{name}"}), "[Owner.ID]")},
        (
            "own_arn asks s3:GetBucketAcl, which no facet does: a live run would refuse it",
            "reading accelerated alone calls s3:GetBucketAcl, too",
        ),
    ),
    Case(
        "remedy_names",
        {"remedy_names": ("lock",)},
        ("remedies can name lock, and no named_in_remedies says what that is",),
    ),
    Case(
        "remedy_names-lacking",
        {"named_in_remedies": lambda self: {"lock": "1"}},
        ("named_in_remedies gives lock, which remedy_names does not list",),
    ),
    Case(
        "remedy_names-unread",
        {"remedy_names": ("speed",), "named_in_remedies": lambda self: {"speed": self.accelerated}},
        ("named_in_remedies gives speed where nobody could read it, and that is no text",),
    ),
    Case(
        "remedy_names-asked",
        {
            "remedy_names": ("speed",),
            "named_in_remedies": lambda self: {"speed": self.accelerated} if self.accelerated else {},
        },
        ("named_in_remedies takes for read what nobody could read: known only after apply: accelerated",),
    ),
    Case(
        "missing",
        {"call": replace(Bucket.calls()[0], missing=())},
        ("where there is no lake, reading it ends in an error: 404: s3:HeadBucket on arn:aws:s3:::lake",),
    ),
]
