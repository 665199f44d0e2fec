"""Mutations for tests/cloudfront, tests/amplify, tests/appsync and tests/dns, and for what happened there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from moto.cloudfront.models import cloudfront_backends
from moto.core.utils import utcnow

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Lacking, Set, Without
from selftest.mutations.edits import Described, Edit, Happened, Removed, Replaced
from selftest.mutations.mutation import mutation, near_miss, on_each
from selftest.stacks.propie.log_roles import trusting_another

SERVING, BUILT, GRAPHQL = (f"infrastructure/{it}.tf" for it in ("cloudfront", "amplify", "appsync"))
SITE, ZONE = "prop-ie-dev-frontend", "dev.prop-ie.example"
RECOVERY = f"{SITE}-recovery"
DISTRIBUTION = "aws_cloudfront_distribution.site"
METRICS = "aws_cloudfront_monitoring_subscription.site"
APP, BRANCH, API = (
    'aws_amplify_app.frontend["main"]',
    "aws_amplify_branch.main",
    "aws_appsync_graphql_api.this",
)
STATUS = "realtime_metrics_subscription_status"
SWITCHED = f"monitoring_subscription.0.realtime_metrics_subscription_config.0.{STATUS}"
ENABLED, ROLLED_OUT = (f"propie-cf-01 cloudfront.{it}" for it in ("enabled", "deployed"))
SERVED = "propie-cf-01 probes.https"
ADDITIONAL, HITS, LATENCY, STALE = (f"propie-cf-0{it}" for it in (2, 3, 4, 5))
LATEST, ROLLBACK, SKIPPED, VARIABLES, RELEASED = (f"propie-amplify-0{it}" for it in (1, 2, 3, 5, 6))
FRAMEWORK, PLATFORM = (f"propie-amplify-04 amplify.{it}" for it in ("frameworks", "platform"))
RESOLVERS = "propie-appsync-01"
ERRORS, WRITTEN = (f"propie-appsync-02 appsync.{it}" for it in ("logging", "log-role"))
HOSTED = "propie-dr-03"
ALSO_A_VARIABLE = {VARIABLES: "it is no variable that the branch is to have"}


@dataclass(frozen=True)
class Changed(Described):
    """A distribution that somebody changes: all of its configuration is put anew."""

    service: str = "cloudfront"

    def apply(self, aws: Aws) -> None:
        """Read its configuration, change that and put it."""
        found = aws.write("cloudfront:GetDistributionConfig", Id=distribution(aws))
        said = found["DistributionConfig"]
        self.change(said)
        aws.write(
            "cloudfront:UpdateDistribution",
            Id=distribution(aws),
            IfMatch=found["ETag"],
            DistributionConfig=said,
        )


@dataclass(frozen=True)
class Asked(Described):
    """Calls about something, by its id where AWS chose one."""

    id_of: Callable[[Aws], dict[str, str]] = lambda _: {}

    def apply(self, aws: Aws) -> None:
        """Make the calls."""
        self.change(lambda operation, **more: aws.write(operation, **self.id_of(aws), **more))


def distribution(aws: Aws) -> str:
    """Return the id of the distribution."""
    listed = aws.write("cloudfront:ListDistributions")["DistributionList"]["Items"]
    return next(str(it["Id"]) for it in listed if it["Comment"] == SITE)


def app(aws: Aws, name: str = SITE) -> str:
    """Return the id of an application."""
    return next(str(it["appId"]) for it in aws.write("amplify:ListApps")["apps"] if it["name"] == name)


def graphql(aws: Aws) -> str:
    """Return the id of the GraphQL API."""
    [api] = aws.write("appsync:ListGraphqlApis")["graphqlApis"]
    return str(api["apiId"])


def subscribed(said: str | None) -> Edit:
    """Return that the additional metrics are switched off: by saying so, or by saying nothing of them."""

    def change(ask: Callable[..., Any]) -> None:
        if said is None:
            ask("cloudfront:DeleteMonitoringSubscription")
        else:
            switched = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": said}}
            ask("cloudfront:CreateMonitoringSubscription", MonitoringSubscription=switched)

    told = f"the metrics of {SITE}: {said or 'no subscription'}"
    return Asked(told, change, id_of=lambda aws: {"DistributionId": distribution(aws)})


def put(what: str, operation: str, **more: Any) -> Edit:
    """Return that somebody changes the application, or its branch, by a call of Amplify."""
    of_branch = {"branchName": "main"} if operation.endswith("Branch") else {}
    return Asked(
        f"{what} of {SITE}: {more}",
        lambda ask: ask(f"amplify:{operation}", **more),
        id_of=lambda aws: {"appId": app(aws), **of_branch},
    )


def measured(namespace: str, name: str, value: float, minutes: float = 6) -> Happened:
    """Return that CloudWatch is told a value of the distribution, or of the GraphQL API."""

    def happen(aws: Aws) -> None:
        if namespace == "AWS/AppSync":
            history.metric(aws, namespace, name, value, minutes, GraphQLAPIId=graphql(aws))
            return
        own = {"DistributionId": distribution(aws), "Region": "Global"}
        history.metric(aws.within("us-east-1"), namespace, name, value, minutes, **own)

    return Happened(f"{name} of {value:g}, {minutes:g} minutes ago", happen)


def built(*statuses: str) -> Happened:
    """Return how the jobs of the branch ended, the newest first."""
    told = ", before that ".join(statuses)
    return Happened(f"jobs of main: {told}", lambda aws: history.jobs(aws, SITE, "main", *statuses))


def invalidated(status: str, minutes: float) -> Happened:
    """Return that everything was said to be stale so long ago."""

    def happen(aws: Aws) -> None:
        batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": f"{minutes:g}"}
        made = aws.write(
            "cloudfront:CreateInvalidation", DistributionId=distribution(aws), InvalidationBatch=batch
        )["Invalidation"]
        held = cloudfront_backends[aws.account]["aws"].get_invalidation(distribution(aws), made["Id"])
        vars(held).update(status=status, create_time=utcnow() - timedelta(minutes=minutes))

    return Happened(f"an invalidation of {minutes:g} minutes ago is {status}", happen)


def _rolling_out(aws: Aws) -> None:
    held = cloudfront_backends[aws.account]["aws"].distributions[distribution(aws)]
    vars(held).update(_transitions=[], _status="InProgress")


def _without_branch(aws: Aws, name: str) -> None:
    aws.write("amplify:DeleteBranch", appId=app(aws, name), branchName="main")


def _without_zone(aws: Aws, name: str) -> None:
    [zone] = [
        it["Id"] for it in aws.write("route53:ListHostedZones")["HostedZones"] if it["Name"] == f"{name}."
    ]
    aws.write("route53:DeleteHostedZone", Id=zone)


def _within_a_vpc(ask: Callable[..., Any]) -> None:
    """Let one that VPCs alone are answered from stand in the place of the zone."""
    [zone] = ask("route53:ListHostedZones")["HostedZones"]
    ask("route53:DeleteHostedZone", Id=zone["Id"])
    config = {"PrivateZone": True, "Comment": ""}
    vpc = {"VPCRegion": "us-east-1", "VPCId": "vpc-0"}
    asked = {"Name": ZONE, "CallerReference": "2", "HostedZoneConfig": config, "VPC": vpc}
    ask("route53:CreateHostedZone", **asked)


DISABLED = Changed(f"{SITE} is disabled", lambda said: said.update(Enabled=False))
TAKEN_OFF = Changed(f"{SITE} serves nothing", lambda said: said.update(Enabled=False))
OF_RECOVERY = {
    FRAMEWORK: "nothing is built without a branch",
    VARIABLES: "nothing has variables without a branch",
}

MUTATIONS = [
    mutation(ENABLED, Replaced(SERVING, "  enabled         = true", "  enabled = false")),
    mutation(ENABLED, Set(DISTRIBUTION, "enabled", False)),
    mutation(ENABLED, DISABLED, only_on="moto"),
    mutation(ENABLED, DISABLED, falls_with={SERVED: "what is disabled serves nothing"}, only_on="live"),
    mutation(SERVED, TAKEN_OFF, falls_with={ENABLED: "CloudFront tells that it is"}, only_on="live"),
    mutation(ROLLED_OUT, Happened(f"{SITE} is still rolled out", _rolling_out)),
    *on_each(
        ADDITIONAL,
        Replaced(SERVING, f'{STATUS} = "Enabled"', f'{STATUS} = "Disabled"'),
        Set(METRICS, SWITCHED, "Disabled"),
        subscribed("Disabled"),
    ),
    *on_each(
        ADDITIONAL,
        Replaced(SERVING, "distribution_id = ", "count = 0\n  distribution_id = "),
        Without(METRICS),
        subscribed(None),
    ),
    mutation(HITS, measured("AWS/CloudFront", "CacheHitRate", 79, 20 * 60)),
    mutation(LATENCY, measured("AWS/CloudFront", "OriginLatency", 1001, 20)),
    mutation(STALE, invalidated("InProgress", 31)),
    mutation(LATEST, built("FAILED", "SUCCEED", "SUCCEED")),
    mutation(LATEST, built("RUNNING", "CANCELLED", "SUCCEED", "SUCCEED")),
    mutation(ROLLBACK, built("SUCCEED", *["FAILED"] * 9, "SUCCEED")),
    mutation(
        SKIPPED,
        Replaced(BUILT, "  branch_variables = {", '  branch_variables = {\n    TEST_SKIP = "true"'),
        falls_with=ALSO_A_VARIABLE,
    ),
    mutation(
        SKIPPED,
        Replaced(BUILT, "  lifecycle {", "  environment_variables = { TEST_SKIP = true }\n  lifecycle {"),
    ),
    mutation(SKIPPED, Set(APP, "environment_variables", {"TEST_SKIP": "true"}), only_on="state"),
    mutation(
        SKIPPED,
        Set(BRANCH, "environment_variables.TEST_SKIP", "true"),
        falls_with=ALSO_A_VARIABLE,
        only_on="state",
    ),
    mutation(
        SKIPPED, put("variables of all branches", "UpdateApp", environmentVariables={"TEST_SKIP": "true"})
    ),
    mutation(
        SKIPPED,
        put("variables of the branch", "UpdateBranch", environmentVariables={"TEST_SKIP": "true"}),
        falls_with={VARIABLES: "the call replaces the whole map"},
    ),
    *on_each(
        FRAMEWORK,
        Replaced(BUILT, '"Next.js - SSR"', '"Next.js - SSG"'),
        Set(BRANCH, "framework", "Next.js - SSG"),
        put("framework", "UpdateBranch", framework="React"),
    ),
    *on_each(
        PLATFORM,
        Replaced(BUILT, '"WEB_COMPUTE"', '"WEB"'),
        Set(APP, "platform", "WEB"),
        put("platform", "UpdateApp", platform="WEB"),
    ),
    mutation(VARIABLES, Replaced(BUILT, "    NEXT_PUBLIC_REGION              = var.region\n", "")),
    mutation(VARIABLES, Lacking(BRANCH, "environment_variables.NEXT_PUBLIC_REGION"), only_on="state"),
    mutation(
        VARIABLES,
        put(
            "variables of the branch",
            "UpdateBranch",
            environmentVariables={"NEXT_PUBLIC_REGION": "eu-west-1"},
        ),
    ),
    mutation(RELEASED, Removed(RECOVERY, _without_branch), falls_with=OF_RECOVERY),
    mutation(RESOLVERS, measured("AWS/AppSync", "Latency", 2001, 50)),
    *on_each(
        ERRORS,
        Replaced(GRAPHQL, '"ERROR"', '"NONE"'),
        Set(API, "log_config.0.field_log_level", "NONE"),
        Asked(
            "the GraphQL API logs nothing of resolvers",
            lambda ask: ask(
                "appsync:UpdateGraphqlApi",
                name="prop-ie-dev",
                authenticationType="API_KEY",
                logConfig={
                    "fieldLogLevel": "NONE",
                    "cloudWatchLogsRoleArn": "arn:aws:iam::100000000008:role/prop-ie-dev-appsync-logs",
                },
            ),
            id_of=lambda aws: {"apiId": graphql(aws)},
        ),
    ),
    *on_each(WRITTEN, *trusting_another("appsync")),
    mutation(
        WRITTEN,
        Replaced(GRAPHQL, 'aws_iam_role.logging["appsync"].arn', 'aws_iam_role.logging["apigateway"].arn'),
    ),
    mutation(HOSTED, Removed(ZONE, _without_zone)),
    mutation(HOSTED, Asked(f"{ZONE} is answered within a VPC alone", _within_a_vpc)),
]

NEAR_MISSES = [
    near_miss(HITS, measured("AWS/CloudFront", "CacheHitRate", 80, 20 * 60), why="it is borne"),
    near_miss(HITS, measured("AWS/CloudFront", "CacheHitRate", 10, 25 * 60), why="that was before"),
    near_miss(LATENCY, measured("AWS/CloudFront", "OriginLatency", 1000, 20), why="it is borne"),
    near_miss(STALE, invalidated("InProgress", 29), why="it may still be over in time"),
    near_miss(STALE, invalidated("Completed", 300), why="it is over"),
    near_miss(LATEST, built("RUNNING", "SUCCEED", "SUCCEED"), why="what has not ended says nothing"),
    near_miss(ROLLBACK, built(*["SUCCEED", *["FAILED"] * 8, "SUCCEED"]), why="the tenth is one of ten"),
    near_miss(
        SKIPPED,
        put("variables of all branches", "UpdateApp", environmentVariables={"TEST_SKIP": "false"}),
        why="it skips nothing",
    ),
    near_miss(RESOLVERS, measured("AWS/AppSync", "Latency", 2000, 50), why="it is borne"),
    near_miss(ERRORS, Replaced(GRAPHQL, '"ERROR"', '"ALL"'), why="errors are among all"),
]
