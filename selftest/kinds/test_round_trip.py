"""Law 1: what a kind creates in an account is what it reads there."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.core.base_backend import BackendDict

from plumbline.kinds.cognito import UserPool
from plumbline.kinds.cognito_clients import UserPoolClient
from plumbline.kinds.function_layers import Layer
from plumbline.kinds.functions import Function
from plumbline.kinds.inventory import Inventory, OfWhat
from plumbline.kinds.kind import Kind
from plumbline.kinds.log_groups import LogGroup
from plumbline.kinds.registry import kinds
from plumbline.kinds.s3 import Bucket
from plumbline.proofs import calls
from plumbline.sources.moto.account import account
from plumbline.values.unknown import Placeholder
from selftest.kinds.agreement import carried, differences, lacked_by_nature
from selftest.kinds.given import BY_ITSELF
from selftest.kinds.iam_models import shown_by
from selftest.kinds.models import ACCOUNT, GROUP, HOLDER, LAYER, MODELS, POOL, REGION
from selftest.kinds.network_models import IN_A_VPC, prepared

SWITCHED_OFF = ("replica", "minutes_since_restorable")
"""What a resource has only where replication, or recovery, is switched on: how these fields begin."""

MADE_OF_CHOSEN = {"execution_arn", "user_pool_id"}
"""What has a name in it that AWS chooses."""

GIVEN_AS_PLACE = {
    ("account", "id"): "the account that is asked",
    ("alarm", "fires"): "CloudWatch alone lets an alarm fire",
    ("alarm", "recorded"): "nothing is measured in the account of the models",
    ("alarm", "hours_without_data"): "CloudWatch alone lets an alarm lack data",
    ("authorization", "trusts"): "the roles of the models let the same service assume them",
    ("bucket", "account"): "the account that is asked",
    ("bucket", "backup_plans"): "the account of the models has no plan",
    ("backup_plan", "refused"): "what AWS refuses of a plan is judged in source",
    ("cache_cluster", "narrow_acls"): "the subnets of the models have the network ACL of their VPC",
    ("cache_cluster", "status"): "in moto every cluster is available at once",
    ("cache_cluster", "subnet_group"): "the clusters of the models lie in the same subnets",
    ("cache_cluster", "subnet_ranges"): "the clusters of the models lie in the same subnets",
    ("cache_cluster", "vpc_id"): "the clusters of the models lie in the same subnets",
    ("config_recorder", "delivered"): "a recorder starts only where there is a channel",
    ("config_rule", "state"): "AWS alone brings a rule to another state",
    ("key", "key_spec"): "the keys of the models encrypt with one secret",
    ("log_group", "key_enabled"): "the groups of the models have no key of their own",
    ("log_group", "key_policy"): "the groups of the models have no key of their own",
    ("distribution", "minutes_invalidating"): "the distributions of the models have no invalidation",
    ("distribution", "oldest_invalidation"): "the distributions of the models have no invalidation",
    ("distribution", "status"): "in moto every distribution is deployed once it is listed",
    ("event_rule", "functions_let_in"): "what a function lets in is judged in source",
    ("function", "last_update_status"): "in moto every update succeeds",
    ("function", "narrow_acls"): "the subnets of the models have the network ACL of their VPC",
    ("function", "narrow_acls_beyond"): "the subnets of the models have the network ACL of their VPC",
    ("function", "versions"): "the functions of the models are published once",
    ("function", "state"): "in moto every function is active at once",
    ("key", "account"): "the account that is asked",
    ("metric_filter", "log_group_class"): "AWS takes filters of one class alone",
    ("metric_filter", "log_group_name"): "the group that the filter is asked of",
    ("nat_gateway", "state"): "in moto every NAT gateway is available at once",
    ("route_table", "vpc_id"): "the route tables of the models are of one VPC",
    ("secret", "being_deleted"): "whoever creates one does not delete it",
    ("simulation", "role_arn"): "the role that is asked about",
    ("ip_set", "scope"): "the scope that an account is asked for",
    ("topic", "key_enabled"): "the topics of the models have no key",
    ("topic", "key_policy"): "the topics of the models have no key",
    ("trail", "delivery_error"): "in moto S3 takes whatever a trail delivers",
    ("trail", "home_region"): "the region in which it is made",
    ("usage_plan", "key_ids"): "the plans of the models have no keys, whose ids moto chooses",
    ("trail", "log_delivery_error"): "in moto a log group takes whatever a trail delivers",
    ("trail", "minutes_since_log_delivery"): "the trails of the models have no log group",
    ("user_pool", "clients"): "the pools of the models have no clients",
    ("web_acl", "scope"): "the scope that an account is asked for",
    ("web_acl", "stages"): "moto has nothing that one stands before",
}
"""What is alike in all that is created, since it says which one that is."""

TOLD_IN_PART = {"unpacked"}
"""An account tells how large code is packed, and nobody gives it how large that is unpacked."""

each_kind = pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.noun)


def created_and_read(model: Kind, called: str = "") -> Kind:
    """Return what is read of a model that was created in an empty account, by its name or another one."""
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    if type(model) in IN_A_VPC or isinstance(model, Function):
        prepared(aws)
    Bucket(name=HOLDER, region=REGION).create(aws)
    LogGroup(name=GROUP).create(aws)
    Layer(name=LAYER).create(aws)
    if isinstance(model, UserPoolClient):
        UserPool(name=POOL).create(aws)
    for it in shown_by(model):
        it.create(aws)
    place = aws.within(model.region) if isinstance(model, Bucket) else aws
    return type(model).from_aws(place, called or model.name)


def test_every_kind_that_an_account_holds_has_models() -> None:
    created = {kind for kind in kinds().values() if kind.creatable()}
    assert created == MODELS.keys()


@pytest.mark.sampled(one_in=10)
@each_kind
def test_a_created_model_is_read_back_and_moto_answers_nothing_else(kind: type[Kind]) -> None:
    answered: dict[str, set[str]] = {name: set() for name in kind.model_fields if name != "name"}

    @given(MODELS[kind])
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
    def created(model: Kind) -> None:
        read = created_and_read(model)
        assert differences(model, read) == {}
        for name, values in answered.items():
            value = getattr(read, name)
            values.add("" if isinstance(value, Placeholder) else repr(value))

    created()
    alike = {(kind.noun, name) for name, values in answered.items() if len(values) == 1 and values != {""}}
    assert alike == {place for place in (*GIVEN_AS_PLACE, *BY_ITSELF) if place[0] == kind.noun}


@pytest.mark.parametrize("kind", [it for it in MODELS if it.listing], ids=lambda kind: kind.noun)
@given(data=st.data())
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_created_model_is_listed_by_its_name(kind: type[Kind], data: st.DataObject) -> None:
    model = data.draw(MODELS[kind])
    created_and_read(model)
    aws = account(ACCOUNT, REGION)
    place = aws.within(model.region) if isinstance(model, Bucket) else aws
    listed = Inventory.from_aws(place, "all", question=OfWhat(of=kind.plural)).found
    assert model.name in [it.name for it in listed]


@pytest.mark.parametrize("kind", [it for it in kinds().values() if it.listing], ids=lambda kind: kind.noun)
def test_a_list_is_read_to_its_end(kind: type[Kind]) -> None:
    assert [*calls(kind)] == []


@pytest.mark.sampled(one_in=10)
@each_kind
@given(data=st.data())
@settings(max_examples=1)
def test_every_field_is_compared_but_those_that_an_account_does_not_show(
    kind: type[Kind], data: st.DataObject
) -> None:
    model = data.draw(MODELS[kind])
    read = created_and_read(model)
    switched_off = {name for name in kind.model_fields if name.startswith(SWITCHED_OFF)}
    left_out = kind.model_fields.keys() - carried(model, read).keys()
    shown = lacked_by_nature(read) | switched_off | TOLD_IN_PART
    assert left_out <= shown | kind.chosen.keys() | MADE_OF_CHOSEN
