"""Kinds and facets from outside pass the kit, and the kit names each thing that is wrong with one."""

from dataclasses import replace
from types import ModuleType

import pytest

import plumbline.kinds.s3
from plumbline.expectations.stack import _of_kinds
from plumbline.kinds import NOT_DEPLOYED, Beside, Call, Facet, Found, Kind, Listing, request
from plumbline.kinds.refused import KindError
from plumbline.kinds.registry import _beside, composed, kinds
from plumbline.proofs import mistakes, stated
from selftest.kinds.outside import lake_kinds, planted
from selftest.kinds.outside.lake_kinds import Cors, CorsRule, UserPool

POOL = UserPool(name="lake", clients=["ingest", "query"])


def module(*classes: type) -> ModuleType:
    """Return a module of another distribution that holds these classes."""
    made = ModuleType("theirs")
    for each in classes:
        setattr(made, each.__name__, each)
    return made


def bucket(*facets: type[Facet]) -> type[Kind]:
    return composed([plumbline.kinds.s3], [module(*facets)])["bucket"]


def extended(**stated: object) -> type[Facet]:
    """Return the facet of CORS with something else stated."""
    return type("Cors", (Cors,), {"__doc__": Cors.__doc__, "extends": "bucket", **stated})


def one_rule(kind: type[Kind]) -> Kind:
    rule = CorsRule(id="shop", origins=["https://shop.example"], max_age_seconds=30)
    return kind(name="lake-raw", region="eu-west-1", account="123456789012", cors_rules=[rule])


def test_a_kind_from_outside_passes():
    assert mistakes(UserPool, [POOL]) == []


def test_a_facet_from_outside_passes():
    kind = bucket(Cors)
    assert mistakes(kind, [one_rule(kind)]) == []


def test_a_facet_from_outside_is_a_part_of_its_kind():
    kinds = composed([plumbline.kinds.s3], [lake_kinds])
    assert Cors in kinds["bucket"].facets()
    assert "cors_rules" in kinds["bucket"].model_fields
    assert kinds["sign_in_pool"] is UserPool


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (Call("s3:GetBucketCors"), "did you mean s3:"),
        (Call("s3:PutBucketTagging", action="s3:PutBucketTagging"), "does more than read"),
        *(
            (Call(operation, action=action), f"{operation} does more than read")
            for operation, action in (
                ("dynamodb:DeleteTable", "dynamodb:DescribeTable"),
                ("s3:PutBucketAccelerateConfiguration", "s3:GetAccelerateConfiguration"),
                ("dynamodb:BatchExecuteStatement", "dynamodb:PartiQLSelect"),
                ("elbv2:DeleteLoadBalancer", "elasticloadbalancing:DescribeLoadBalancers"),
                ("sts:GetFederationToken", "iam:GetRole"),
                ("sqs:ReceiveMessage", "sqs:ReceiveMessage"),
            )
        ),
    ],
)
def test_a_permission_that_is_none_is_refused_when_it_registers(call, told):
    with pytest.raises(KindError, match=told):
        bucket(type("Cors", (Facet,), {"__doc__": "x", "extends": "bucket", "call": call}))


NO_OPERATION = (
    "botocore knows no operation s3:GetAccelerateConfiguration "
    "(did you mean s3:GetBucketAccelerateConfiguration?)"
)
ACTION_S_NAME = Call("s3:GetAccelerateConfiguration", {"Bucket": "{name}"}, of="arn:aws:s3:::{name}")


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"call": ACTION_S_NAME}, NO_OPERATION),
        ({"further_calls": (ACTION_S_NAME,)}, NO_OPERATION),
        (
            {"call": Call("s3:GetBucketTagging", {"Buckt": "{name}"})},
            "s3:GetBucketTagging takes no parameter Buckt (did you mean Bucket?)",
        ),
    ],
)
def test_an_operation_that_is_none_is_refused_when_its_facet_registers(stated, told):
    with pytest.raises(KindError) as refused:
        bucket(extended(**stated))
    assert str(refused.value).endswith(f".Cors: {told}")


@pytest.mark.parametrize(
    "stated",
    [
        {"listing": Listing(ACTION_S_NAME, "Names")},
        {"candidates": Listing(ACTION_S_NAME, "Names")},
        {"holder_call": ACTION_S_NAME},
        {"writes": (ACTION_S_NAME,)},
    ],
    ids=lambda it: next(iter(it)),
)
def test_an_operation_that_is_none_is_refused_when_its_kind_registers(stated):
    own = {"__doc__": "A pool.", "noun": "sign_in_pool", "plural": "sign_in_pools", "call": UserPool.call}
    with pytest.raises(KindError) as refused:
        composed([plumbline.kinds.s3], [module(type("UserPool", (UserPool,), own | stated))])
    assert str(refused.value).endswith(f".UserPool: {NO_OPERATION}")


def test_a_placeholder_that_nothing_fills_in_is_refused_when_it_registers():
    call = Call("s3:GetBucketTagging", {"Bucket": "{nam}"}, of="arn:aws:s3:::{name}")
    own = {"__doc__": "A lake.", "noun": "lake", "plural": "lakes", "call": call}
    with pytest.raises(KindError) as refused:
        composed([plumbline.kinds.s3], [module(type("Lake", (Kind,), own))])
    told = "s3:GetBucketTagging names {nam}, which nothing says (did you mean name?)"
    assert str(refused.value).endswith(f".Lake: {told}")


@pytest.mark.parametrize(
    "stated",
    [{"of": "arn:aws:s3:::{nam}"}, {"on": "arn:aws:s3:::{nam}"}],
    ids=lambda it: next(iter(it)),
)
def test_a_placeholder_that_nothing_fills_in_is_refused_when_its_facet_registers(stated):
    with pytest.raises(KindError) as refused:
        bucket(extended(call=replace(Cors.call, **stated)))
    told = "s3:GetBucketCors names {nam}, which nothing says (did you mean name?)"
    assert str(refused.value).endswith(f".Cors: {told}")


@pytest.mark.parametrize(
    "stated",
    [
        {"listing": Listing(Call("cognito-idp:ListUserPools", of="pools in {regon}"), "UserPools[].Name")},
        {"own_arn": (replace(UserPool.call, of="{regon}"), "[UserPool.Arn]")},
    ],
    ids=lambda it: next(iter(it)),
)
def test_a_placeholder_that_nothing_fills_in_is_refused_in_whatever_call_of_a_kind(stated):
    own = {"__doc__": "A pool.", "noun": "sign_in_pool", "plural": "sign_in_pools", "call": UserPool.call}
    with pytest.raises(KindError, match=r"names \{regon\}, which nothing says \(did you mean region\?\)"):
        composed([plumbline.kinds.s3], [module(type("UserPool", (UserPool,), own | stated))])


def test_a_placeholder_that_a_facet_s_own_reading_fills_in_is_its_own():
    def read(cls, asked):
        return Found({"cors_rules": asked.ask(cls.call, nam="lake").at("CORSRules")}, "")

    assert bucket(extended(call=replace(Cors.call, of="{nam}"), read=classmethod(read)))


def test_a_permission_that_is_no_operation_may_be_written_with():
    passing = Call("iam:PassRole", of="arn:aws:iam::{account}:role/{name}")
    own = {"__doc__": "A pool.", "noun": "sign_in_pool", "plural": "sign_in_pools", "writes": (passing,)}
    pool = type("UserPool", (UserPool,), own)
    assert composed([plumbline.kinds.s3], [module(pool)])["sign_in_pool"] is pool


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("elbv2:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers"),
        ("s3:SelectObjectContent", "s3:GetObject"),
        ("dynamodb:TransactGetItems", "dynamodb:GetItem"),
        ("logs:StartQuery", ""),
        ("cloudformation:ValidateTemplate", ""),
    ],
)
def test_what_reads_is_taken_whatever_its_permission_is_called(operation, action):
    call = Call(operation, action=action)
    assert call in bucket(extended(call=call)).calls_for()


def test_a_facet_that_repeats_a_field_of_its_kind_is_refused():
    repeating = type(
        "Repeating", (Facet,), {"extends": "bucket", "__annotations__": {"tags": "str"}, "tags": ""}
    )
    with pytest.raises(KindError, match=r"\.Repeating: a bucket has a field tags already: name it otherwise"):
        bucket(repeating)


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("versioning", property(lambda self: "Enabled")),
        ("versioning", lambda self: "Enabled"),
        ("named", classmethod(lambda cls, resource, configuration: "lake")),
    ],
)
def test_a_facet_that_hides_what_its_kind_has_is_refused(name, member):
    with pytest.raises(KindError, match=rf"\.Cors: a bucket has a field {name} already"):
        bucket(extended(**{name: member}))


def test_what_a_method_reads_of_another_facet_is_read_with_it():
    def both(self):
        return self._versions() and self.cors_rules

    def _versions(self):
        return self.versioning is not None

    kind = bucket(extended(both=both, _versions=_versions))
    versioning = plumbline.kinds.s3.Versioning
    assert versioning in kind.needed({"both"})
    assert versioning not in kind.needed({"cors_rules"})


def test_a_field_of_no_type_is_refused():
    stated = {"__annotations__": {"rules": "Nothing"}, "rules": (), "extends": "bucket"}
    with pytest.raises(KindError, match=r"\.Lifecycle: a field of it is of type Nothing, which its module"):
        bucket(type("Lifecycle", (Facet,), stated))


def test_a_facet_of_no_kind_is_refused():
    with pytest.raises(KindError, match=r"\.Cors: there is no kind 'buckte' \(did you mean bucket\?\)"):
        bucket(extended(extends="buckte"))


def test_a_noun_that_there_is_already_is_refused():
    with pytest.raises(KindError, match="there is a kind bucket already"):
        bucket(type("Bucket", (Kind,), {"__doc__": "x", "noun": "bucket", "plural": "buckets"}))


def test_the_kit_names_a_parameter_that_the_operation_does_not_take():
    class Described(UserPool):
        """A pool of users."""

        noun, plural = "sign_in_pool", "sign_in_pools"
        call = Call("cognito-idp:DescribeUserPoolDomain", {"Name": "{name}"}, of="{name}", on="*")

    told = "sign_in_pool: cognito-idp:DescribeUserPoolDomain takes no parameter Name"
    assert told in mistakes(Described)


def test_the_kit_names_an_argument_that_terraform_does_not_know():
    class Declared(UserPool):
        """A pool of users."""

        noun, plural = "sign_in_pool", "sign_in_pools"
        arguments = {"id": "text"}

    assert "sign_in_pool: aws_cognito_user_pool has no argument text" in mistakes(Declared)


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (
            {"beside": Beside("aws_s3_bucket_cors_configurations", "bucket")},
            "the AWS provider has no resource aws_s3_bucket_cors_configurations "
            "(did you mean aws_s3_bucket_cors_configuration?)",
        ),
        (
            {"beside": Beside("aws_s3_bucket_cors_configuration", "buckt")},
            "aws_s3_bucket_cors_configuration has no argument buckt (did you mean bucket?)",
        ),
        (
            {"arguments": {"cors_rules": "cors_rules"}},
            "aws_s3_bucket_cors_configuration has no argument cors_rules (did you mean cors_rule?)",
        ),
        (
            {"further_types": ("aws_s3_buckets",)},
            "the AWS provider has no resource aws_s3_buckets (did you mean aws_s3_bucket?)",
        ),
        (
            {"beside": "aws_s3_bucket_cors_configuration"},
            "what it states of Terraform is none: 'str' object has no attribute 'types'",
        ),
    ],
)
def test_what_no_terraform_declares_is_refused_when_its_facet_registers(stated, told):
    with pytest.raises(KindError) as refused:
        bucket(extended(**stated))
    assert str(refused.value).endswith(f".Cors: {told}")


def test_what_no_terraform_declares_is_refused_when_its_kind_registers():
    own = {"__doc__": "A pool.", "noun": "sign_in_pool", "plural": "sign_in_pools", "call": UserPool.call}
    pool = type("UserPool", (UserPool,), own | {"terraform_type": "aws_cognito_user_pol"})
    with pytest.raises(
        KindError, match=r"no resource aws_cognito_user_pol \(did you mean aws_cognito_user_pool"
    ):
        composed([plumbline.kinds.s3], [module(pool)])


def test_what_another_provider_declares_is_taken_as_it_is_stated():
    beside = Beside("awscc_s3_bucket_policy", "bucket")
    assert bucket(extended(beside=beside, arguments={"cors_rules": "rules"}))


def test_what_is_stated_and_of_no_such_type_is_told_and_ends_no_proof():
    own = {"__doc__": "A pool.", "noun": "sign_in_pool", "plural": "sign_in_pools", "call": UserPool.call}
    told = mistakes(type("UserPool", (UserPool,), own | {"beside": "aws_cognito_user_pool_domain"}))
    ended = "the proof undeclarable ends in AttributeError: 'str' object has no attribute 'types', at "
    assert f"sign_in_pool: {ended}for type_ in facet.beside.types:" in told


def test_the_kit_names_a_field_that_moto_does_not_give_back():
    class Silent(UserPool):
        """A pool of users."""

        noun, plural = "sign_in_pool", "sign_in_pools"
        label: str = ""

        @classmethod
        def described(cls, answer, asked):
            return {**super().described(answer, asked), "label": ""}

    silent = Silent(name="lake", label="of the lake")
    assert "sign_in_pool: label was given to moto as 'of the lake' and read as ''" in mistakes(
        Silent, [silent]
    )


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (
            {"id": "UserPools.Id"},
            "id is chosen as UserPools.Id: the answer to cognito-idp:DescribeUserPool has no UserPools "
            "(did you mean UserPool?)",
        ),
        (
            {"id": "Id"},
            "id is chosen as Id: the answer to cognito-idp:DescribeUserPool has no Id",
        ),
        (
            {"id": "UserPool.CustomDomain"},
            "id is chosen as UserPool.CustomDomain, and moto's answer to cognito-idp:DescribeUserPool has no "
            "such thing",
        ),
        ({"pool_id": "UserPool.Id"}, "aws_cognito_user_pool has no argument pool_id"),
    ],
)
def test_the_kit_names_what_aws_does_not_choose(chosen, told):
    stated = {
        "__doc__": "A pool of users.",
        "noun": "sign_in_pool",
        "plural": "sign_in_pools",
        "chosen": chosen,
    }
    kind = type("Chosen", (UserPool,), stated)
    assert f"sign_in_pool: {told}" in mistakes(kind, [kind(name="lake", id=NOT_DEPLOYED)])


def test_the_kit_names_a_last_request_that_answers_nothing():
    class Answering(UserPool):
        """A pool of users."""

        noun, plural = "sign_in_pool", "sign_in_pools"

        def requested(self):
            made = yield request("cognito-idp:CreateUserPool", PoolName=self.name)
            pool = made["UserPool"]["Id"]
            yield request("cognito-idp:CreateUserPoolDomain", UserPoolId=pool, Domain=self.name)

    told = mistakes(Answering, [Answering(name="lake")])
    assert (
        "sign_in_pool: arn is chosen as UserPool.Arn: the answer to cognito-idp:CreateUserPoolDomain has no "
        "UserPool"
    ) in told


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.noun)
def test_what_our_own_kinds_state_passes(kind):
    assert stated(kind) == []


@pytest.mark.parametrize("case", planted.FACETS, ids=lambda case: case.what)
def test_the_kit_names_what_is_wrong_with_a_facet(case):
    kind = planted.extending(case)
    told = mistakes(kind, [kind(**case.example)])
    assert [it for it in case.told if f"bucket_of_theirs: {it}" not in told] == []
    assert len(told) == len(case.told)


@pytest.mark.parametrize("case", planted.KINDS, ids=lambda case: case.what)
def test_the_kit_names_what_is_wrong_with_a_kind(case):
    kind = planted.stating(case)
    told = mistakes(kind, [kind(**case.example)])
    assert [it for it in case.told if f"bucket_of_theirs: {it}" not in told] == []
    assert len(told) == len(case.told)


def test_the_kit_names_a_facet_whose_reading_calls_more_than_it_says():
    class Cors(Facet):
        """Which pages may ask."""

        extends = "bucket"
        call = lake_kinds.Cors.call
        cors_rules: list[str] = []

        @classmethod
        def read(cls, asked):
            asked.ask(Call("s3:GetBucketVersioning", {"Bucket": "{name}"})).at("@").value()
            return super().read(asked)

        @classmethod
        def described(cls, answer, asked):
            return {"cors_rules": []}

    kind = bucket(Cors)
    told = mistakes(kind, [kind(name="lake-raw", region="eu-west-1", account="123456789012")])
    assert "bucket: reading cors_rules alone calls s3:GetBucketVersioning, too" in told
    assert "bucket: cors_rules cannot be read where s3:GetBucketVersioning is denied" in told


def named(**stated: object) -> type[Kind]:
    """Return a kind that is called so."""
    return type("Lake", (Kind,), {"__doc__": "x", "__module__": "theirs", **stated})


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"noun": "lake"}, "theirs.Lake: a kind says what it is called, and plural is missing"),
        ({"noun": 5, "plural": "lakes"}, "theirs.Lake: noun 5 is no name"),
        ({"noun": "lake", "plural": None}, "plural is missing"),
        ({"noun": "data lake", "plural": "lakes"}, "noun 'data lake' is no name"),
        ({"noun": "lake", "plural": "data-lakes"}, "plural 'data-lakes' is no name"),
        ({"noun": "lake", "plural": "_lakes"}, "plural '_lakes' is no name"),
        ({"noun": "class", "plural": "classes"}, "noun 'class' is no name"),
        (
            {"noun": "lake", "plural": "buckets"},
            "buckets is the section of plumbline.kinds.s3.Bucket",
        ),
        ({"plural": "lakes"}, "theirs.Lake: a kind says what it is called: noun and plural"),
        ({"noun": "expected", "plural": "lakes"}, "every test is given something else as expected"),
        ({"noun": "request", "plural": "lakes"}, "every test is given something else as request"),
        ({"noun": "lake", "plural": "lakes", "call": "s3:Get"}, "theirs.Lake: what it states of its calls"),
        ({"noun": "lake", "plural": "lakes", "listing": "Names"}, "theirs.Lake: what it states of its calls"),
    ],
)
def test_a_kind_that_nobody_can_name_is_refused_and_named(stated, told):
    with pytest.raises(KindError) as refused:
        composed([plumbline.kinds.s3], [module(named(**stated))])
    assert told in str(refused.value)


@pytest.mark.parametrize("plural", ["environments", "terraform", "copy"])
def test_a_kind_whose_section_is_another_part_of_a_stack_is_refused(plural):
    with pytest.raises(KindError, match=f"theirs.Lake: {plural} is another part of a stack"):
        _of_kinds((named(noun="lake", plural=plural),))


def test_a_facet_that_no_kind_has_is_refused():
    lone = type("Lone", (Facet,), {"__doc__": "x", "__module__": "theirs"})
    with pytest.raises(KindError, match=r"theirs\.Lone: no kind inherits this facet, and it extends none"):
        composed([plumbline.kinds.s3], [module(lone)])
    holding = type("Lake", (lone, Kind), {"__doc__": "x", "noun": "lake", "plural": "lakes"})
    assert composed([plumbline.kinds.s3], [module(lone, holding)])["lake"] is holding


def test_what_lies_beside_stacks_is_told_with_its_file(tmp_path):
    path = tmp_path / "pond.py"
    path.write_text(
        "from plumbline.kinds import Call, Facet\n\n\n"
        "class Level(Facet):\n"
        '    """How high it stands."""\n\n'
        '    extends = "bucket"\n'
        '    call = Call("dynamodb:DeleteTable", action="dynamodb:DescribeTable")\n'
    )
    with pytest.raises(KindError) as refused:
        composed([plumbline.kinds.s3], [_beside(path)])
    assert str(refused.value) == f"{path}: Level: dynamodb:DeleteTable does more than read"
