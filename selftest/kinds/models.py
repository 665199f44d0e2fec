"""Models of each kind as an account may hold them, at random."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from plumbline.kinds.access_analyzer import AccessAnalyzers
from plumbline.kinds.account_settings import BackupSettings, SupportPlan
from plumbline.kinds.alarm_evaluation import Query
from plumbline.kinds.amplify import AmplifyApp, Branch
from plumbline.kinds.api_gateway_settings import ApiGatewaySettings
from plumbline.kinds.api_keys import ApiKey, PlanStage, UsagePlan
from plumbline.kinds.backup import BackupPlan, BackupVault, Condition, Selection
from plumbline.kinds.budgets import Budget, Notification
from plumbline.kinds.cloudtrail import Trail
from plumbline.kinds.cloudwatch import Alarm
from plumbline.kinds.cognito import UserPool
from plumbline.kinds.cognito_clients import UserPoolClient
from plumbline.kinds.cognito_identity import IdentityPool, Provider
from plumbline.kinds.config import ConfigRecorder, ConfigRule
from plumbline.kinds.config_scope import EXCLUSION, INCLUSION
from plumbline.kinds.dashboard import Dashboard
from plumbline.kinds.dashboard_body import Plotted
from plumbline.kinds.distributions import CacheBehavior, Distribution
from plumbline.kinds.dynamodb import Table
from plumbline.kinds.events import EventRule
from plumbline.kinds.function_access import Permission
from plumbline.kinds.function_layers import Layer
from plumbline.kinds.function_queue import Handling
from plumbline.kinds.function_versions import KeptReady
from plumbline.kinds.functions import Function
from plumbline.kinds.graphql_apis import GraphqlApi
from plumbline.kinds.hosted_zones import HostedZone
from plumbline.kinds.http_api import HttpApi
from plumbline.kinds.iam import ManagedPolicy, Role
from plumbline.kinds.iam_authorization import Authorization
from plumbline.kinds.kind import NOT_DEPLOYED, NOT_IN_AWS, Kind
from plumbline.kinds.kms import Key
from plumbline.kinds.lifecycle_rule import LifecycleRule, Transition
from plumbline.kinds.log_groups import LogGroup, MetricFilter
from plumbline.kinds.oidc import OidcProvider
from plumbline.kinds.policy_simulator import Simulation
from plumbline.kinds.public_access import AccountPublicAccess, PublicAccessBlock
from plumbline.kinds.rest_answers import Integration, Mapped
from plumbline.kinds.rest_api import RestApi
from plumbline.kinds.rest_authorizers import Authorizer
from plumbline.kinds.rest_invocations import Invocation
from plumbline.kinds.s3 import Bucket
from plumbline.kinds.s3_metrics import RequestMetrics
from plumbline.kinds.s3_object import StoredObject
from plumbline.kinds.s3_replication import ReplicationRule
from plumbline.kinds.secretsmanager import Secret
from plumbline.kinds.sns import Topic
from plumbline.kinds.sts import Account
from plumbline.kinds.table_definition import Index
from plumbline.kinds.table_scaling import ScalableTarget, ScalingPolicy, ScheduledAction
from plumbline.kinds.vpc import VpcEndpoints
from plumbline.kinds.waf_log_filter import LogFilter
from plumbline.kinds.waf_rules import OF_A_GROUP, OF_AWS, OF_AWS_ALLOWING, WafRule
from plumbline.kinds.wafv2 import IpSet, WebAcl
from plumbline.policy import Policy, Statement
from plumbline.sources.moto.extensions import SEVERITY_LEVELS
from plumbline.values.unknown import Unexamined
from selftest.kinds.iam_models import authorizations, managed_policies, policies, roles, simulations
from selftest.kinds.network_models import IN_A_VPC, placed, some_groups

ACCOUNT = "536580886816"
REGION = "af-south-1"
HOLDER = "a-bucket-of-objects"
"""The bucket that random objects lie in."""
GROUP = "/a-group-of-logs"
"""The log group that random filters count in."""
POOL = "a-pool"
"""The user pool that random clients are of."""
LAYER = "a-layer"
"""What random functions have beside their own code."""

names = st.from_regex(r"[a-z][a-z0-9]{2,9}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
words = st.from_regex(r"[A-Za-z][A-Za-z0-9 _.:/=+@-]{0,20}[A-Za-z0-9]", fullmatch=True)
tags = st.dictionaries(words.filter(lambda key: not key.lower().startswith("aws:")), words, max_size=4)
attributes = st.sampled_from(["PK", "SK", "email", "created", "owner", "status"])
units = st.integers(1, 100)
arns = st.builds("arn:aws:dynamodb:af-south-1:536580886816:table/{}".format, names | st.just("*"))
key_arns = (st.uuids().map("key/{}".format) | names.map("alias/{}".format)).map(
    f"arn:aws:kms:{REGION}:{ACCOUNT}:{{}}".format
)
topic_arns = names.map(f"arn:aws:sns:{REGION}:{ACCOUNT}:{{}}".format)

indexes = st.builds(
    Index,
    hash_key=attributes,
    range_key=st.none() | attributes,
    projection_type=st.sampled_from(["ALL", "KEYS_ONLY"]),
) | st.builds(
    Index,
    hash_key=attributes,
    projection_type=st.just("INCLUDE"),
    non_key_attributes=st.lists(names, min_size=1, max_size=3, unique=True),
)

CAPACITIES = ("read_capacity", "write_capacity")
scalable_targets = st.builds(
    ScalableTarget,
    min_capacity=units,
    max_capacity=units,
    dynamic_scaling_in_suspended=st.booleans(),
    dynamic_scaling_out_suspended=st.booleans(),
    scheduled_scaling_suspended=st.booleans(),
)
scheduled_actions = st.builds(
    ScheduledAction,
    action=names,
    capacity=st.sampled_from(CAPACITIES),
    schedule=st.just("cron(0 20 * * ? *)"),
    min_capacity=st.none() | units,
    max_capacity=units,
)
scaling_policies = st.builds(
    ScalingPolicy,
    policy=names,
    target_value=st.floats(20, 90),
    disable_scale_in=st.booleans(),
    scale_in_cooldown=units,
    scale_out_cooldown=units,
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table in which everything that follows from something else does follow from it."""
    name = draw(names)
    hash_key, other_key = draw(st.lists(attributes, min_size=2, max_size=2, unique=True))
    range_key = draw(st.sampled_from([other_key, None]))
    found = draw(st.dictionaries(names, indexes.filter(lambda it: it.hash_key != it.range_key), max_size=3))
    own = names.filter(lambda it: it not in found)
    others = attributes.filter(lambda it: it != hash_key)
    local = draw(st.dictionaries(own, others, max_size=2)) if range_key else {}
    keys = [hash_key, range_key, *(key for it in found.values() for key in (it.hash_key, it.range_key))]
    keys += local.values()
    keyed = list(dict.fromkeys(key for key in keys if key is not None))
    provisioned, recovers = draw(st.booleans()), draw(st.booleans())
    owners = ["", *(f"{index}." for index in found)] if provisioned else []
    return Table(
        name=name,
        arn=f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}",
        status="ACTIVE",
        billing_mode="PROVISIONED" if provisioned else "PAY_PER_REQUEST",
        hash_key=hash_key,
        range_key=range_key,
        attributes={key: draw(st.sampled_from("SNB")) for key in keyed},
        declared_attributes=sorted(keyed),
        key_attributes=keyed,
        indexes=found,
        index_keys={
            index: list(dict.fromkeys(key for key in (it.hash_key, it.range_key) if key is not None))
            for index, it in found.items()
        }
        | {index: [hash_key, key] for index, key in local.items()},
        index_names=[*found, *local],
        expires_by=draw(st.none() | attributes),
        contributor_insights=draw(st.booleans()),
        scalable_targets=draw(st.dictionaries(st.sampled_from(CAPACITIES), scalable_targets)),
        scheduled_actions=draw(
            st.lists(scheduled_actions, max_size=3, unique_by=lambda it: (it.action, it.capacity))
        ),
        scaling_policies=draw(st.dictionaries(st.sampled_from(CAPACITIES), scaling_policies)),
        provisioned_capacity={
            f"{owner}{sort}": draw(units) for owner in owners for sort in ("read_capacity", "write_capacity")
        },
        point_in_time_recovery=recovers,
        minutes_since_restorable=5 if recovers else None,
        deletion_protection_enabled=draw(st.booleans()),
        kms_key=draw(st.none() | key_arns),
        tags=draw(tags),
        resource_policy=draw(st.none() | policies),
    )


public_access_blocks = st.builds(
    PublicAccessBlock, **dict.fromkeys(PublicAccessBlock.model_fields, st.booleans())
)
account_public_access = st.builds(
    AccountPublicAccess, name=st.just(ACCOUNT), public_access_block=public_access_blocks
)


@st.composite
def buckets(draw: st.DrawFn) -> Bucket:
    """A bucket; it replicates or locks where it is versioned, as S3 demands, and nowhere else."""
    versioning: Literal["Enabled", "Suspended"] | None = draw(st.sampled_from([None, "Enabled", "Suspended"]))
    algorithm = draw(st.sampled_from(["AES256", "aws:kms"]))
    policy = draw(st.none() | bucket_policies)
    name = draw(names)
    return Bucket(
        name=name,
        arn=f"arn:aws:s3:::{name}",
        region=draw(st.sampled_from([REGION, "eu-west-1", "us-east-1"])),
        versioning=versioning,
        sse_algorithm=algorithm,
        kms_key=draw(st.none() | key_arns) if algorithm == "aws:kms" else None,
        bucket_key_enabled=draw(st.booleans()),
        public_access_block=draw(public_access_blocks),
        policy=policy,
        policy_is_public=policy is not None and "*" in policy.statements[0].principals["AWS"],
        public_grantees=draw(
            st.sampled_from([[], [f"{_GROUPS}/AllUsers"], [f"{_GROUPS}/AuthenticatedUsers"]])
        ),
        log_delivery=draw(st.sampled_from([[], ["READ_ACP", "WRITE"]])),
        object_ownership=draw(st.sampled_from([None, "BucketOwnerEnforced", "ObjectWriter"])),
        tags=draw(tags),
        account=ACCOUNT,
        **draw(lifecycles),
        **draw(st.just({}) | st.fixed_dictionaries({"logs_to": st.just(name), "log_prefix": names})),
        request_metrics=draw(request_metrics),
        payer=draw(st.sampled_from(["BucketOwner", "Requester"])),
        **(draw(replications()) | draw(locks) if versioning == "Enabled" else {}),
    )


locks = st.builds(
    lambda mode, unit, time: {"locks": mode, f"locked_{unit}": time},
    st.sampled_from(["GOVERNANCE", "COMPLIANCE"]),
    st.sampled_from(["days", "years"]),
    st.integers(1, 100),
)
_GROUPS = "http://acs.amazonaws.com/groups/global"
bucket_policies = st.sampled_from(["*", f"arn:aws:iam::{ACCOUNT}:root"]).map(
    lambda principal: Policy.read(
        {
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": principal},
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::shop/*",
            }
        },
        "here",
    )
)


moves = st.lists(
    st.builds(
        Transition,
        storage_class=st.sampled_from(["STANDARD_IA", "GLACIER", "DEEP_ARCHIVE"]),
        days=st.integers(30, 400),
    )
    | st.builds(
        Transition, storage_class=st.just("GLACIER"), days=st.none(), date=st.just("2030-01-01T00:00:00Z")
    ),
    max_size=2,
)
old_moves = st.lists(
    st.builds(
        Transition,
        storage_class=st.just("GLACIER"),
        days=st.integers(1, 400),
        newer_noncurrent_versions=st.none() | units,
    ),
    max_size=1,
)
scopes_of_rules: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "prefix": names,
        "tags": st.dictionaries(names, names, min_size=1, max_size=2),
        "object_size_greater_than": st.integers(1, 1000),
        "object_size_less_than": st.integers(2000, 3000),
    },
) | st.fixed_dictionaries({"has_filter": st.just(False)}, optional={"prefix": names})
ends_of_rules: SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"expiration_days": units}),
    st.just({"expiration_date": "2030-01-01T00:00:00Z"}),
    st.just({"expired_object_delete_marker": True}),
    st.fixed_dictionaries({"noncurrent_days": units, "newer_noncurrent_versions": st.none() | units}),
    st.fixed_dictionaries({"days_after_initiation": units}),
)
lifecycle_rules = st.builds(
    lambda name, status, scope, ends, moved, old: LifecycleRule(
        id=name, status=status, transitions=moved, noncurrent_version_transitions=old, **scope, **ends
    ),
    names,
    st.sampled_from(["Enabled", "Disabled"]),
    scopes_of_rules,
    ends_of_rules,
    moves,
    old_moves,
)
lifecycles: SearchStrategy[dict[str, Any]] = st.just({}) | st.fixed_dictionaries(
    {
        "lifecycle_rules": st.lists(lifecycle_rules, min_size=1, max_size=3, unique_by=lambda it: it.id),
        "transition_default_minimum_object_size": st.sampled_from(
            ["all_storage_classes_128K", "varies_by_storage_class"]
        ),
    }
)


def _by_key(tags: list[str]) -> list[str]:
    return sorted(tags, key=lambda it: it.split("="))


request_metrics = st.lists(
    st.builds(
        RequestMetrics,
        id=names,
        only=st.tuples(
            st.lists(names.map("prefix {}".format), max_size=1),
            st.lists(st.builds("tag {}={}".format, names, names), max_size=2, unique=True).map(_by_key),
        ).map(lambda both: [*both[0], *both[1]]),
    ),
    max_size=2,
    unique_by=lambda it: it.id,
).map(lambda found: sorted(found, key=lambda it: str({"id": it.id, "only": it.only})))


@st.composite
def keys(draw: st.DrawFn) -> Key:
    """A key with the alias that names it, and perhaps others; its ARN is KMS's to choose."""
    aliases = draw(st.lists(names.map("alias/{}".format), min_size=1, max_size=3, unique=True))
    enabled, rotation = draw(st.booleans()), draw(st.booleans())
    return Key(
        name=draw(st.sampled_from(aliases)),
        arn=NOT_DEPLOYED,
        aliases=sorted(f"arn:aws:kms:{REGION}:{ACCOUNT}:{alias}" for alias in aliases),
        enabled=enabled,
        state="Enabled" if enabled else "Disabled",
        deletion_window_in_days=NOT_IN_AWS,
        prevent_destroy=NOT_IN_AWS,
        rotation=rotation,
        rotation_period_in_days=draw(st.sampled_from([90, 365, 2560])) if rotation else None,
        policy=draw(st.none() | st.builds(_lets_in, topic_arns)),
        account=ACCOUNT,
    )


@st.composite
def user_pools(draw: st.DrawFn) -> UserPool:
    """A user pool; its id and its ARN are Cognito's to choose."""
    return UserPool(
        name=draw(names),
        id=NOT_DEPLOYED,
        arn=NOT_DEPLOYED,
        mfa=draw(st.sampled_from(["OFF", "OPTIONAL", "ON"])),
        software_token_mfa=draw(st.booleans()),
        threat_protection=draw(st.sampled_from(["OFF", "AUDIT", "ENFORCED"])),
        tier=draw(st.sampled_from(["LITE", "ESSENTIALS", "PLUS"])),
        groups=sorted(draw(st.sets(names, max_size=2))),
    )


@st.composite
def user_pool_clients(draw: st.DrawFn) -> UserPoolClient:
    """A client of a pool; the ids of both are Cognito's to choose."""
    return UserPoolClient(
        name=f"{POOL}/{draw(names)}",
        id=NOT_DEPLOYED,
        user_pool_id=NOT_DEPLOYED,
        explicit_auth_flows=sorted(
            draw(st.sets(st.sampled_from(["ALLOW_CUSTOM_AUTH", "ALLOW_USER_SRP_AUTH"]), min_size=1))
        ),
        generate_secret=draw(st.booleans()),
        prevent_user_existence_errors=draw(st.sampled_from(["ENABLED", "LEGACY"])),
        enable_token_revocation=draw(st.booleans()),
        access_token_seconds=draw(st.sampled_from([300, 3600])),
        id_token_seconds=draw(st.sampled_from([300, 3600])),
        refresh_token_seconds=draw(st.sampled_from([3600, 86400])),
    )


providers_of_users = st.builds(
    Provider,
    provider_name=names.map("cognito-idp.af-south-1.amazonaws.com/{}".format),
    client_id=names,
    server_side_token_check=st.booleans(),
)


@st.composite
def identity_pools(draw: st.DrawFn) -> IdentityPool:
    """An identity pool; its id is Cognito's to choose."""
    return IdentityPool(
        name=draw(names),
        id=NOT_DEPLOYED,
        allow_unauthenticated_identities=draw(st.booleans()),
        providers=sorted(draw(st.lists(providers_of_users, max_size=2)), key=repr),
    )


@st.composite
def distributions(draw: st.DrawFn) -> Distribution:
    """A distribution, called by its comment or by its first alias; its id and its ARN are chosen."""
    aliases = sorted(draw(st.sets(names.map("{}.example.com".format), max_size=2)))
    comment = draw(names if not aliases else names | st.just(""))
    policies = st.sampled_from(["allow-all", "https-only", "redirect-to-https"])
    patterns = [*draw(st.lists(names.map("/{}/*".format), max_size=2, unique=True)), "*"]
    return Distribution(
        name=comment or aliases[0],
        id=NOT_DEPLOYED,
        arn=NOT_DEPLOYED,
        comment=comment,
        aliases=aliases,
        enabled=draw(st.booleans()),
        behaviors=[CacheBehavior(path_pattern=it, viewer_protocol_policy=draw(policies)) for it in patterns],
        minimum_protocol_version=draw(st.sampled_from(["TLSv1", "TLSv1.1_2016", "TLSv1.2_2021"])),
        additional_metrics=draw(st.sampled_from(["Enabled", "Disabled"])),
    )


variables = st.dictionaries(names.map(str.upper), st.booleans(), max_size=3)
branches = st.builds(
    Branch, framework=st.sampled_from(["Next.js - SSR", "React", ""]), environment_variables=variables
)
amplify_apps = st.builds(
    lambda name, platform, own, found: AmplifyApp(
        name=name,
        id=NOT_DEPLOYED,
        arn=NOT_DEPLOYED,
        platform=platform,
        environment_variables=own,
        branches=found,
    ),
    names,
    st.sampled_from(["WEB", "WEB_COMPUTE", "WEB_DYNAMIC"]),
    variables,
    st.dictionaries(names, branches, max_size=2),
)
graphql_apis = st.builds(
    lambda name, level, role: GraphqlApi(
        name=name,
        id=NOT_DEPLOYED,
        arn=NOT_DEPLOYED,
        field_log_level=level,
        log_role="" if level == "NONE" else f"arn:aws:iam::{ACCOUNT}:role/{role}",
    ),
    names,
    st.sampled_from(["NONE", "ERROR", "INFO", "DEBUG", "ALL"]),
    names,
)
hosted_zones = st.builds(
    lambda name, private: HostedZone(name=f"{name}.example", private=private),
    names,
    st.booleans(),
)
ip_sets = st.sampled_from(
    [("IPV4", ["192.0.2.0/24", "203.0.113.7/32"]), ("IPV6", ["2001:db8::/32"])]
).flatmap(
    lambda told: st.builds(
        lambda name, addresses: IpSet(
            name=name, arn=NOT_DEPLOYED, ip_address_version=told[0], addresses=sorted(addresses)
        ),
        names,
        st.sets(st.sampled_from(told[1])),
    )
)


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    """A budget, and whom it tells of what."""
    name = draw(names)
    sorts, ways = st.sampled_from(["ACTUAL", "FORECASTED"]), st.sampled_from(["above", "below"])
    told = draw(st.dictionaries(st.tuples(sorts, ways, units), st.integers(1, 3), max_size=3))
    topics = [[], [f"arn:aws:sns:{REGION}:{ACCOUNT}:costs"]]
    return Budget(
        name=name,
        arn=f"arn:aws:budgets::{ACCOUNT}:budget/{name}",
        budget_type=draw(st.sampled_from(["COST", "USAGE"])),
        limit_amount=draw(units),
        limit_unit=draw(st.sampled_from(["USD", "GB"])),
        time_unit=draw(st.sampled_from(["DAILY", "MONTHLY", "ANNUALLY"])),
        limited_to=sorted(draw(st.sets(st.sampled_from(["Service", "Region"])))),
        ended=draw(st.booleans()),
        begun=draw(st.booleans()),
        notifications=sorted(
            (
                Notification(
                    when=f"{sort} {way} {threshold} PERCENTAGE",
                    subscribers=number,
                    topics=draw(st.sampled_from(topics)),
                )
                for (sort, way, threshold), number in told.items()
            ),
            key=lambda it: it.when,
        ),
    )


groups_of_logs = names.map(f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:aws-waf-logs-{{}}".format)
log_filters = st.builds(
    LogFilter,
    behavior=st.sampled_from(["KEEP", "DROP"]),
    requirement=st.sampled_from(["MEETS_ALL", "MEETS_ANY"]),
    actions=st.lists(st.sampled_from(["ALLOW", "BLOCK", "COUNT"]), min_size=1, unique=True).map(sorted),
    labels=st.lists(names, max_size=1),
)
logged = st.fixed_dictionaries({"log_destinations": st.lists(groups_of_logs, max_size=1)})
filtered = st.fixed_dictionaries(
    {
        "log_destinations": groups_of_logs.map(lambda it: [it]),
        "log_filters": st.lists(log_filters, min_size=1, max_size=2),
        "logged_otherwise": st.sampled_from(["DROP", "KEEP"]),
    }
)


@st.composite
def web_acls(draw: st.DrawFn) -> WebAcl:
    """A web ACL, which stands before nothing."""
    sets = st.lists(names.map(f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/ipset/{{}}/1".format), max_size=2)
    drawn = draw(st.lists(st.tuples(names, sets, st.sampled_from(["ALLOW", "BLOCK", "COUNT"])), max_size=3))
    groups = draw(st.lists(st.sampled_from([OF_AWS, OF_AWS_ALLOWING, OF_A_GROUP]), max_size=2))
    rules = [(name, action, found) for name, found, action in drawn]
    rules += [(f"group-{number}", action, []) for number, action in enumerate(groups)]
    return WebAcl(
        name=draw(names),
        arn=NOT_DEPLOYED,
        rules=[
            WafRule(name=name, priority=priority, action=action, ip_sets=found)
            for priority, (name, action, found) in enumerate(rules)
        ],
        metrics_enabled=draw(st.booleans()),
        metric_name=draw(names),
        **draw(st.one_of(logged, filtered)),
    )


@st.composite
def oidc_providers(draw: st.DrawFn) -> OidcProvider:
    """An identity provider, perhaps with a path in its URL."""
    name = draw(names.map("{}.example.com".format)) + draw(st.sampled_from(["", "/shop"]))
    return OidcProvider(
        name=name,
        arn=f"arn:aws:iam::{ACCOUNT}:oidc-provider/{name}",
        url=f"https://{name}",
        audiences=sorted(draw(st.sets(names, min_size=1, max_size=3))),
    )


@st.composite
def dashboards(draw: st.DrawFn) -> Dashboard:
    """A dashboard with widgets of all sorts."""
    drawn = draw(st.lists(st.tuples(words, words, st.dictionaries(names, names, max_size=2)), max_size=3))
    arrays = [[namespace, name, *(it for pair in of.items() for it in pair)] for namespace, name, of in drawn]
    math = draw(st.sampled_from([[], ["m1 * 2"], ["SEARCH('{AWS/S3,BucketName}', 'Sum', 300)"]]))
    shown: list[Any] = [*arrays, *([{"expression": it}] for it in math)]
    alarmed = draw(
        st.lists(names.map(f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{{}}".format), max_size=1)
    )
    explored = draw(st.sampled_from([{}, {"AWS::EC2::Instance": ["CPUUtilization"]}]))
    titles = draw(st.lists(words, max_size=1))
    logs = draw(st.lists(names, max_size=2, unique=True))
    query = " | ".join([*(f"SOURCE '{it}'" for it in logs), "fields @message"])
    widgets = [
        {
            "type": "metric",
            "properties": {"metrics": shown, "region": REGION, **({"title": titles[0]} if titles else {})},
        },
        *({"type": "alarm", "properties": {"alarms": [it]}} for it in alarmed),
        *(
            {
                "type": "explorer",
                "properties": {"metrics": [{"resourceType": sort, "metricName": it} for it in of]},
            }
            for sort, of in explored.items()
        ),
        *({"type": "log", "properties": {"query": query}} for _ in logs[:1]),
    ]
    found = {namespace for namespace, _, _ in drawn} | ({"AWS/S3"} if "SEARCH" in "".join(math) else set())
    doubts = [*explored, *alarmed]
    return Dashboard(
        name=draw(names),
        body=json.dumps({"widgets": widgets}, sort_keys=True),
        titles=titles,
        plotted_of_nothing=Unexamined("doubted") if drawn else [],
        namespaces=Unexamined("doubted") if doubts else sorted(found),
        metrics=[
            Plotted(namespace=namespace, metric_name=name, dimensions=of, region=REGION)
            for namespace, name, of in drawn
        ],
        expressions=math,
        log_groups=logs,
        regions=[REGION] if shown else [],
        explored=explored,
        alarms=alarmed,
    )


def _lets_in(source: str) -> Policy:
    """A policy of a key or a topic that lets a service in for one of its resources."""
    allowed = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "*"}
    return Policy.read(
        {"Statement": allowed | {"Condition": {"ArnLike": {"aws:SourceArn": source}}}}, "at random"
    )


@st.composite
def replications(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of a bucket that replicates, or of one that does not."""
    narrowings = st.lists(st.builds("tag {}".format, names), max_size=2, unique=True)
    rule = st.builds(
        ReplicationRule,
        status=st.sampled_from(["Enabled", "Disabled"]),
        destination=st.builds("arn:aws:s3:::{}".format, names),
        only=st.tuples(st.lists(st.builds("prefix {}/".format, names), max_size=1), narrowings).map(
            lambda both: [*both[0], *both[1]]
        ),
        sse_kms_encrypted_objects=st.booleans(),
        metrics=st.booleans(),
    )
    rules = draw(st.dictionaries(names, rule, max_size=2))
    if not rules:
        return {}
    enabled = {name: it for name, it in rules.items() if it.status == "Enabled"}
    destinations = list(dict.fromkeys(it.destination for it in enabled.values()))
    scopes: dict[str, list[list[str]]] = {to: [] for to in destinations}
    for it in enabled.values():
        scopes[it.destination].append(it.only)
    for it in rules.values():
        if it.destination not in destinations:
            scopes.setdefault(it.destination, []).append(it.only)
    return {
        "replication_rules": rules,
        "replicates_to": destinations,
        "replicates_only": {
            to: [] if [] in several else [it for only in several for it in only]
            for to, several in scopes.items()
        },
        "replication_without_metrics": [name for name, it in enabled.items() if not it.metrics],
        "replication_role": f"arn:aws:iam::{ACCOUNT}:role/{draw(names)}",
    }


@st.composite
def stored_objects(draw: st.DrawFn) -> StoredObject:
    """An object; what it holds is blank lines, so that its length gives its ETag."""
    length = draw(st.integers(0, 300))
    md5 = hashlib.md5(b"\n" * length, usedforsecurity=False).hexdigest()
    return StoredObject(
        name=f"{HOLDER}/{draw(names)}/{draw(names)}.html",
        content_type=draw(st.sampled_from(["text/html", "text/plain", "application/json"])),
        content_length=length,
        etag=md5,
        source_md5=md5,
    )


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """A selection of a backup plan."""
    operators = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike")
    return Selection(
        name=draw(names),
        iam_role_arn=f"arn:aws:iam::{ACCOUNT}:role/{draw(names)}",
        resources=draw(st.lists(arns, max_size=3)),
        not_resources=draw(st.lists(arns, max_size=2)),
        selection_tags=[
            Condition(operator="StringEquals", key=key, value=value) for key, value in draw(tags).items()
        ],
        conditions=[
            Condition(operator=operator, key=f"aws:ResourceTag/{key}", value=value)
            for operator in operators
            for key, value in draw(st.dictionaries(words, words, max_size=1)).items()
        ],
    )


@st.composite
def backup_plans(draw: st.DrawFn) -> BackupPlan:
    """A plan with its selections; a rule of the year before never starts again."""
    years = st.sampled_from(["*", "2020"])
    rules = draw(st.lists(st.tuples(st.integers(0, 23), years, names), min_size=1, max_size=3))
    schedules = [f"cron(0 {hour} * * ? {year})" for hour, year, _ in rules]
    return BackupPlan(
        name=draw(names),
        schedules=schedules,
        never_started=[it for it in schedules if "2020" in it],
        target_vaults=[vault for *_, vault in rules],
        selections=draw(st.lists(selections(), max_size=2)),
    )


access_analyzers = st.lists(names, max_size=2, unique=True).map(
    lambda active: AccessAnalyzers(name=REGION, active=sorted(active))
)
vpc_endpoints = st.lists(policies, max_size=2).map(
    lambda given: VpcEndpoints(name=f"com.amazonaws.{REGION}.dynamodb", policies=sorted(given, key=str))
)
vaults = names.map(
    lambda name: BackupVault(name=name, arn=f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:{name}")
)

of_a_metric: dict[str, SearchStrategy[Any]] = {
    "namespace": words,
    "metric_name": words,
    "dimensions": st.dictionaries(names, names, max_size=3),
    "statistic": st.sampled_from(["Sum", "Average", "Maximum", "p99"]),
    "period": st.sampled_from([60, 300, 3600]),
    "unit": st.sampled_from([None, "Count", "Seconds"]),
}
of_expressions = st.lists(
    st.builds(Query, id=st.just("m1"), return_data=st.just(False), **of_a_metric), min_size=1, max_size=1
).map(lambda metrics: [Query(id="e1", expression="m1 * 2"), *metrics])
decided_by: dict[str, SearchStrategy[Any]] = {
    "name": names,
    "evaluation_periods": units,
    "datapoints_to_alarm": st.none() | st.just(1),
    "comparison_operator": st.sampled_from(["GreaterThanThreshold", "LessThanOrEqualToThreshold"]),
    "threshold": st.integers(0, 1000).map(float),
    "treat_missing_data": st.sampled_from(["missing", "breaching", "notBreaching", "ignore"]),
    "evaluate_low_sample_count_percentiles": st.sampled_from([None, "ignore"]),
    "actions_enabled": st.booleans(),
    "alarm_actions": st.lists(topic_arns, max_size=2, unique=True),
}
alarms = st.builds(Alarm, **of_a_metric, **decided_by) | st.builds(
    Alarm, queries=of_expressions, **decided_by
)


@st.composite
def topics(draw: st.DrawFn) -> Topic:
    """A topic that some have subscribed to."""
    name = draw(names)
    heard = draw(st.sets(st.from_regex(r"email:[0-9a-f]{12}", fullmatch=True), max_size=2))
    return Topic(
        name=name,
        arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}",
        subscriptions=sorted(heard),
        policy=draw(st.none() | st.builds(_lets_in, topic_arns)),
        kms_key=draw(st.sampled_from([None, f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/sns"])),
    )


@st.composite
def functions(draw: st.DrawFn) -> Function:
    """A function that reserves some of the account's instances, or none."""
    name = draw(names)
    aliases = sorted(draw(st.sets(names, max_size=2)))
    return Function(
        name=name,
        arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
        role=f"arn:aws:iam::{ACCOUNT}:role/{draw(names)}",
        runtime=draw(st.sampled_from(["nodejs22.x", "python3.13", "java21"])),
        log_group=f"/aws/lambda/{draw(names)}",
        reserved_concurrent_executions=draw(st.none() | st.integers(0, 100)),
        timeout=draw(st.integers(1, 900)),
        memory_size=draw(st.integers(128, 10240)),
        tracing=draw(st.sampled_from(["Active", "PassThrough"])),
        layers=draw(st.sampled_from([[], [f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:{LAYER}:1"]])),
        unpacked=NOT_DEPLOYED,
        publish=True,
        versions=["1"],
        aliases=dict.fromkeys(aliases, "1"),
        shared_with={it: ["2"] for it in aliases if draw(st.booleans())},
        permissions=[_let_in(name, it) for it in ("", *aliases) if draw(st.booleans())],
        **_of_versions(draw),
        **placed(draw(some_groups)),
        url_authorized_by=draw(st.sampled_from(["", "AWS_IAM", "NONE"])),
    )


def _let_in(function: str, alias: str) -> Permission:
    """A permission of API Gateway for one API, to invoke a function or an alias of it."""
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
    statement = Statement(
        effect="Allow",
        actions=["lambda:InvokeFunction"],
        resources=[f"{arn}:{alias}" if alias else arn],
        principals={"Service": ["apigateway.amazonaws.com"]},
        conditions={"ArnLike": {"AWS:SourceArn": [f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc/*"]}},
    )
    return Permission(qualifier=alias, statement=statement)


def _of_versions(draw: st.DrawFn) -> dict[str, Any]:
    """What is kept ready of a published version, and how calls are handled that nobody waits for."""
    kept = draw(st.none() | st.integers(1, 10))
    handled = [
        Handling(qualifier=it, retries=draw(st.integers(0, 2)), seconds=draw(st.integers(60, 21600)))
        for it in ("", "1")
        if draw(st.booleans())
    ]
    ready = KeptReady(qualifier="1", instances=kept, allocated=kept, status="READY") if kept else None
    return {"kept_ready": [ready] if ready else [], "handled": handled}


@st.composite
def layers_of_functions(draw: st.DrawFn) -> Layer:
    """A layer for some runtimes, or for whichever."""
    runtimes = st.lists(st.sampled_from(["python3.12", "python3.13"]), unique=True)
    return Layer(name=draw(names), arn=NOT_DEPLOYED, runtimes=sorted(draw(runtimes)))


header_values = st.sampled_from(["'*'", "'GET,POST'", "integration.response.header.a"])
headers = st.dictionaries(st.sampled_from(["Access-Control-Allow-Origin", "X-A"]), header_values)
integrations = st.sampled_from(["AWS_PROXY", "HTTP", "AWS"]).map(lambda it: Integration(type=it)) | (
    st.sampled_from(["", "200", "204"]).map(lambda it: Integration(type="MOCK", mocked=it))
)
mapped = st.builds(Mapped, pattern=st.sampled_from(["", r"5\d\d"]), headers=headers, overrides=st.booleans())


def _invoked(route: str) -> st.SearchStrategy[Invocation]:
    """A function that is invoked for a route, in API Gateway's own name or as a role."""
    function = names.map(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}".format)
    role = st.sampled_from(["", f"arn:aws:iam::{ACCOUNT}:role/api"])
    method = st.sampled_from(("POST", "GET"))
    return st.builds(Invocation, route=st.just(route), function=function, role=role, method=method)


authorizers = st.builds(Authorizer, type=st.sampled_from(["TOKEN", "REQUEST"])) | st.builds(
    Authorizer,
    type=st.just("COGNITO_USER_POOLS"),
    providers=st.lists(
        names.map(f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{{}}".format), min_size=1, unique=True
    ).map(sorted),
)
parts_of_requests = st.lists(st.sampled_from(["body", "parameters"]), unique=True).map(sorted)


@st.composite
def rest_apis(draw: st.DrawFn) -> RestApi:
    """An API with some routes, and what answers them; what it has a stage of it throttles, or not."""
    paths = draw(st.lists(names.map("/{}".format) | names.map("/leads/{}".format), min_size=1, max_size=3))
    authorized = st.sampled_from(["NONE", "AWS_IAM", "COGNITO_USER_POOLS"])
    stages = draw(st.sets(names.map(lambda it: it.replace("-", "_")), max_size=2))
    methods = ("*/*", f"{paths[0].lstrip('/')}/POST")
    routes = [f"POST {path}" for path in dict.fromkeys(paths)]
    handed = {it: draw(integrations) for it in routes}
    known_to = draw(st.dictionaries(names, authorizers, max_size=2))
    settings = [f"{it} {method}" for it in sorted(stages) for method in methods if draw(st.booleans())]
    levels = {it: draw(st.sampled_from(["OFF", "ERROR", "INFO"])) for it in settings}
    answers = [f"{it} {status}" for it in routes for status in ("200", "500") if draw(st.booleans())]
    return RestApi(
        name=draw(names),
        id=NOT_DEPLOYED,
        routes={it: draw(authorized) for it in routes},
        with_key={it: draw(st.booleans()) for it in routes},
        authorizers=known_to,
        authorized_with={it: draw(st.sampled_from(["", *known_to])) for it in routes},
        required={it: draw(parts_of_requests) for it in routes},
        validated={it: draw(parts_of_requests) for it in routes},
        timeouts={it: draw(st.integers(50, 29_000)) for it in routes},
        execution_logs=sorted({it.partition(" ")[0] for it, level in levels.items() if level != "OFF"}),
        logging_levels=levels,
        detailed_metrics={it: draw(st.booleans()) for it in settings},
        integrations=handed,
        invoked=sorted((draw(_invoked(it)) for it in routes if handed[it].type.startswith("AWS")), key=repr),
        execution_arn=NOT_DEPLOYED,
        response_headers={it: sorted(draw(headers)) for it in answers},
        mapped={it: draw(mapped) for it in answers},
        gateway_headers={it: draw(headers) for it in ("DEFAULT_4XX", "THROTTLED") if draw(st.booleans())},
        api_key_source=draw(st.sampled_from(["HEADER", "AUTHORIZER"])),
        access_logs={it: draw(st.just("") | names.map("/aws/apigateway/{}".format)) for it in sorted(stages)},
        deployed=dict.fromkeys(sorted(stages), True),
        throttles={it: draw(units) for it in settings},
        bursts={it: draw(units | st.just(-1)) for it in settings},
    )


api_keys = st.builds(
    lambda name, enabled: ApiKey(name=name, id=NOT_DEPLOYED, enabled=enabled), names, st.booleans()
)
limits = st.dictionaries(names.map("/{}/GET".format), st.integers(0, 9), max_size=2)


@st.composite
def usage_plans(draw: st.DrawFn) -> UsagePlan:
    """A plan with limits or without, of all and of single methods."""
    in_stages = draw(st.sets(names, max_size=2))
    limited, counted = draw(st.booleans()), draw(st.booleans())
    return UsagePlan(
        name=draw(names),
        id=NOT_DEPLOYED,
        stages=[PlanStage(api="a", stage=it, rates=draw(limits), bursts={}) for it in sorted(in_stages)],
        rate_limit=draw(st.sampled_from([0, 0.5, 100])) if limited else None,
        burst_limit=draw(units) if limited else None,
        quota_limit=draw(units) if counted else None,
        quota_period=draw(st.sampled_from(["DAY", "MONTH"])) if counted else None,
    )


http_apis = st.builds(
    lambda name, protocol: HttpApi(name=name, id=NOT_DEPLOYED, protocol_type=protocol),
    names,
    st.sampled_from(["HTTP", "WEBSOCKET"]),
)
event_patterns = st.builds(
    lambda service, calls: {"source": [f"aws.{service}"], "detail": {"eventName": sorted(calls)}},
    st.sampled_from(["s3", "dynamodb"]),
    st.sets(st.sampled_from(["DeleteTable", "DeleteBucket", "UpdateTable"]), min_size=1),
)
event_rules = st.builds(
    EventRule,
    name=names,
    state=st.sampled_from(["ENABLED", "DISABLED"]),
    event_pattern=event_patterns,
    targets=st.sets(topic_arns, max_size=2).map(sorted),
) | st.one_of(
    st.builds(EventRule, name=names, takes_reads=st.just(True), event_pattern=event_patterns),
    st.builds(
        lambda bus, name: EventRule(name=f"{bus}/{name}", event_bus=bus, event_pattern={"source": ["shop"]}),
        names,
        names,
    ),
)
recorded_types = st.sets(st.sampled_from(["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::IAM::Role"]))
some_types = st.sets(st.sampled_from(["AWS::DynamoDB::Table", "AWS::S3::Bucket"]), min_size=1).map(sorted)
recording_groups = st.one_of(
    st.just({"all_supported": True}),
    st.builds(lambda types: {"resource_types": types, "strategy": INCLUSION}, some_types),
    st.builds(lambda types: {"excluded_types": types, "strategy": EXCLUSION}, some_types),
)
config_recorders = st.builds(
    lambda name, recording, group: ConfigRecorder(name=name, recording=recording, delivered=True, **group),
    names,
    st.booleans(),
    recording_groups,
)
scopes = st.one_of(
    st.builds(lambda types: {"resource_types": types}, recorded_types.map(sorted)),
    st.builds(lambda name: {"resource_types": ["AWS::S3::Bucket"], "resource_id": name}, names),
    st.builds(lambda key, value: {"resource_tag": {key: value}}, words, st.none() | words),
)
modes = st.sampled_from([["DETECTIVE"], ["PROACTIVE"], ["DETECTIVE", "PROACTIVE"]])
config_rules = (
    st.builds(
        lambda name, identifier, scope, modes: ConfigRule(
            name=name, source_identifier=identifier, evaluation_modes=modes, **scope
        ),
        names,
        st.sampled_from(["S3_BUCKET_VERSIONING_ENABLED", "DYNAMODB_PITR_ENABLED"]),
        scopes,
        modes,
    )
    | st.builds(
        ConfigRule,
        name=names,
        source_identifier=st.just("REQUIRED_TAGS"),
        required_tags=st.lists(words, min_size=1, max_size=6, unique=True),
    )
    | st.builds(
        ConfigRule,
        name=names,
        source_identifier=st.just("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED"),
        excluded=st.sets(names, max_size=2).map(sorted),
    )
)
role_arns = names.map(f"arn:aws:iam::{ACCOUNT}:role/{{}}".format)
trails = st.builds(
    lambda name, logs, **more: Trail(
        name=name, arn=f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{name}", **logs, **more
    ),
    name=names,
    logs=st.fixed_dictionaries({"is_logging": st.booleans()})
    | st.fixed_dictionaries(  # one that is logging has delivered something there, in moto
        {
            "is_logging": st.just(False),
            "log_group_arn": names.map(f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{{}}".format),
            "log_role": role_arns,
        }
    ),
    home_region=st.just(REGION),
    is_multi_region_trail=st.booleans(),
    s3_bucket_name=names,
    management_events=st.booleans(),
)
log_groups = st.builds(
    lambda name, days, key: LogGroup(
        name=name,
        arn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}",
        retention_in_days=days,
        kms_key=key,
    ),
    names.map("/aws/lambda/{}".format),
    st.sampled_from([None, 7, 90]),
    st.sampled_from([None, f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/logs"]),
)
metric_filters = st.builds(
    MetricFilter,
    name=names,
    log_group_name=st.just(GROUP),
    pattern=st.lists(names, max_size=3).map(" ".join),
    metric_namespace=names,
    metric_name=names,
    metric_value=st.sampled_from(["1", "0", "$.latency"]),
    default_value=st.none() | st.just(0.0),
    metric_dimensions=st.dictionaries(names, st.just("$.field"), max_size=2),
    unit=st.sampled_from([None, "Count"]),
)

backup_settings = st.builds(
    BackupSettings,
    name=st.just(REGION),
    opted_in=st.fixed_dictionaries({"DynamoDB": st.booleans(), "S3": st.booleans()}),
)


@st.composite
def secrets(draw: st.DrawFn) -> Secret:
    """A secret; AWS chooses how its ARN ends."""
    name = draw(names)
    partial_arn = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}"
    return Secret(
        name=name,
        partial_arn=partial_arn,
        kms_key=draw(st.none() | key_arns),
        arn=NOT_DEPLOYED,
        rotation=draw(st.booleans()),
        policy=draw(st.none() | policies),
    )


MODELS: dict[type[Kind], SearchStrategy[Any]] = {
    **IN_A_VPC,
    AccessAnalyzers: access_analyzers,
    AccountPublicAccess: account_public_access,
    Account: st.just(Account(name=ACCOUNT, id=ACCOUNT)),
    Alarm: alarms,
    AmplifyApp: amplify_apps,
    ApiKey: api_keys,
    Authorization: authorizations(),
    BackupPlan: backup_plans(),
    BackupSettings: backup_settings,
    BackupVault: vaults,
    Bucket: buckets(),
    ConfigRecorder: config_recorders,
    ConfigRule: config_rules,
    EventRule: event_rules,
    Dashboard: dashboards(),
    Function: functions(),
    Layer: layers_of_functions(),
    GraphqlApi: graphql_apis,
    HostedZone: hosted_zones,
    HttpApi: http_apis,
    Key: keys(),
    LogGroup: log_groups,
    ManagedPolicy: managed_policies(),
    MetricFilter: metric_filters,
    OidcProvider: oidc_providers(),
    ApiGatewaySettings: st.builds(
        ApiGatewaySettings,
        name=st.just(REGION),
        log_role=st.none() | names.map(f"arn:aws:iam::{ACCOUNT}:role/{{}}".format),
    ),
    RestApi: rest_apis(),
    Role: roles(),
    Simulation: simulations(),
    Secret: secrets(),
    StoredObject: stored_objects(),
    Table: tables(),
    SupportPlan: st.just(SupportPlan(name=ACCOUNT, severity_levels=list(SEVERITY_LEVELS))),
    Topic: topics(),
    VpcEndpoints: vpc_endpoints,
    Trail: trails,
    UsagePlan: usage_plans(),
    UserPool: user_pools(),
    UserPoolClient: user_pool_clients(),
    Budget: budgets(),
    Distribution: distributions(),
    IdentityPool: identity_pools(),
    IpSet: ip_sets,
    WebAcl: web_acls(),
}
"""How to make a model of each kind that can be created."""
