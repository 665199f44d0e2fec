"""Mutations for tests/monitoring, as far as the topic and the trail's log are concerned."""

from __future__ import annotations

from typing import Any

from selftest.mutations import keys
from selftest.mutations.documents import Added, Set, Without
from selftest.mutations.edits import Described, Replaced, Written, call
from selftest.mutations.mutation import mutation, near_miss, on_each
from selftest.mutations.policies import policy

MODULES = "infrastructure/terraform/modules"
ALARM, TRAIL, KEYS = (
    f"{MODULES}/{it}.tf" for it in ("monitoring/alarm", "monitoring/trail", "security/keys")
)
IN = "module.monitoring"
ACCOUNT = "100000000005"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:threat-intel-alerts-dev"
DATA_KEY, ROLE, NAME = (
    "alias/threat-intel-data-key-dev",
    "threat-intel-trail-delivery-role-dev",
    "threat-intel-dev",
)
GROUP = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:CloudTrail/"
LETS_IN = "threat-intel-mon-03"
LOGGING, TO_GROUP, AS_ROLE = (
    f"threat-intel-mon-06 trail.{it}" for it in ("logging", "log-group", "log-role")
)
ENCRYPTED = "threat-intel-mon-06 logs.key"
DELIVERS = "threat-intel-mon-07 trail.log-delivery"

HEARD, FIRES = (f"threat-intel-mon-01 alarms.{it}" for it in ("heard", "fires"))
SUBSCRIBED, NOTICED = "threat-intel-mon-02", "threat-intel-high-error-rate-dev"
UNHEARD = {HEARD: "nobody hears an alarm that may not publish"}
NOT_THERE = {AS_ROLE: "the role may write to the platform's group alone"}
UNDELIVERED = {DELIVERS: "what is not recorded is not delivered"}


def publishing(**more: Any) -> str:
    """Return a policy of the topic that lets a service publish."""
    own = {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": "sns:Publish"}
    return policy({**own, "Resource": TOPIC, **more})


def trust(service: str, **condition: Any) -> str:
    """Return a trust policy for a service."""
    told = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return policy({**told, **({"Condition": condition} if condition else {})})


OF_FUNCTIONS = policy(
    *(
        {"Effect": "Allow", "Principal": whose, "Action": "kms:*", "Resource": "*", **more}
        for whose, more in (
            ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, {}),
            ({"Service": ["cloudwatch.amazonaws.com", "cloudtrail.amazonaws.com"]}, {}),
            (
                {"Service": "logs.us-east-1.amazonaws.com"},
                {
                    "Condition": {
                        "ArnLike": {
                            "kms:EncryptionContext:aws:logs:arn": (
                                f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/lambda/*"
                            )
                        }
                    }
                },
            ),
        )
    )
)
OTHERS = publishing(Principal={"Service": "events.amazonaws.com"})
OF_TRAIL = {"StringEquals": {"aws:SourceArn": f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/{NAME}"}}
STREAMS = '["logs:CreateLogStream", "logs:PutLogEvents"]'
WRITES_ONLY = policy({"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"})
SUBSCRIPTION = 'resource "aws_sns_topic_subscription" "alerts" {'
OF_ONE = "dimensions  = { FunctionName = metric_query.value }"
KEY_IN_STACK = 'Principal = { Service = "cloudwatch.amazonaws.com" }'

MUTATIONS = [
    *on_each(
        HEARD,
        Replaced(ALARM, "actions_enabled     = true", "actions_enabled = false"),
        Set(f"{IN}.aws_cloudwatch_metric_alarm.high_error_rate", "actions_enabled", value=False),
        call("cloudwatch:DisableAlarmActions", AlarmNames=[NOTICED]),
    ),
    mutation(
        HEARD, Replaced(ALARM, "alarm_actions       = [aws_sns_topic.alerts.arn]", "alarm_actions = []")
    ),
    *(
        mutation(FIRES, Replaced(ALARM, *edit))
        for edit in (
            ('"100 * SUM([', '"SUM(['),
            ('metric_name = "Errors"', 'metric_name = "Throttles"'),
            ('"GreaterThanThreshold"', '"LessThanThreshold"'),
            ("threshold           = 5", "threshold = 100"),
            ("period      = 300", "period = 0"),  # CloudWatch takes no such alarm
        )
    ),
    mutation(  # many calls alone, of which none fails, are told of
        FIRES,
        Replaced(ALARM, ' / SUM([${join(", ", [for id', ' + SUM([${join(", ", [for id'),
        Replaced(ALARM, "threshold           = 5", "threshold = 1000"),
    ),
    *on_each(
        FIRES,
        Replaced(ALARM, "threshold           = 5", "threshold = 500"),
        Set(f"{IN}.aws_cloudwatch_metric_alarm.high_error_rate", "threshold", value=500),
        Described(
            "the threshold of a share in percent is 500",
            lambda cloudwatch: vars(cloudwatch.alarms[NOTICED]).update(threshold=500),
            "cloudwatch",
        ),
    ),
    *on_each(
        SUBSCRIBED,
        Replaced(ALARM, SUBSCRIPTION, f"{SUBSCRIPTION}\n  count = 0"),
        Without(f"{IN}.aws_sns_topic_subscription.alerts"),
        Described("nobody is subscribed to the topic", lambda sns: sns.subscriptions.clear(), "sns"),
        falls_with={HEARD: "nobody hears it"},
    ),
    *on_each(
        LETS_IN,
        Replaced(ALARM, '["cloudwatch.amazonaws.com"]', '["events.amazonaws.com"]'),
        Set(f"{IN}.aws_sns_topic_policy.alerts", "policy", OTHERS),
        call("sns:SetTopicAttributes", TopicArn=TOPIC, AttributeName="Policy", AttributeValue=OTHERS),
        falls_with=UNHEARD,
    ),
    *on_each(
        LETS_IN,
        Replaced(ALARM, "kms_master_key_id = var.data_key_arn", 'kms_master_key_id = "alias/aws/sns"'),
        Set(f"{IN}.aws_sns_topic.alerts", "kms_master_key_id", "alias/aws/sns"),
        call(
            "sns:SetTopicAttributes",
            TopicArn=TOPIC,
            AttributeName="KmsMasterKeyId",
            AttributeValue="alias/aws/sns",
        ),
        falls_with=UNHEARD,
    ),
    mutation(
        LETS_IN,
        Replaced(KEYS, KEY_IN_STACK, KEY_IN_STACK.replace("cloudwatch", "events")),
        falls_with=UNHEARD,
    ),
    mutation(
        LETS_IN,
        Replaced(KEYS, '["kms:Decrypt", "kms:GenerateDataKey*"]', '["kms:GenerateDataKey*"]'),
        falls_with=UNHEARD,
    ),
    mutation(LETS_IN, Replaced(ALARM, "values   = [var.account_id]", 'values = ["1"]'), falls_with=UNHEARD),
    mutation(
        LETS_IN,
        keys.has_policy(
            DATA_KEY, "the key leaves all to its account", keys.policy(f"arn:aws:iam::{ACCOUNT}:root")
        ),
        falls_with=UNHEARD
        | dict.fromkeys(
            ("threat-intel-lambda-14 logs.key", "threat-intel-mon-06 logs.key"),
            "it encrypts the log groups, too",
        ),
    ),
    *on_each(
        LOGGING,
        Replaced(TRAIL, "enable_logging             = true", "enable_logging = false"),
        Set(f"{IN}.aws_cloudtrail.this", "enable_logging", False),
        call("cloudtrail:StopLogging", Name=NAME),
    )[:2],
    mutation(LOGGING, call("cloudtrail:StopLogging", Name=NAME), only_on="moto"),
    mutation(LOGGING, call("cloudtrail:StopLogging", Name=NAME), falls_with=UNDELIVERED, only_on="live"),
    mutation(
        LOGGING,
        Replaced(
            TRAIL,
            "  enable_logging             = true\n",
            '  enable_logging = true\n  event_selector {\n    read_write_type = "WriteOnly"\n  }\n',
        ),
    ),
    *on_each(
        TO_GROUP,
        Replaced(TRAIL, '"${aws_cloudwatch_log_group.trail.arn}:*"', f'"{GROUP}Another:*"'),
        Set(f"{IN}.aws_cloudtrail.this", "cloud_watch_logs_group_arn", f"{GROUP}Another:*"),
        call("cloudtrail:UpdateTrail", Name=NAME, CloudWatchLogsLogGroupArn=f"{GROUP}Another:*"),
        falls_with=NOT_THERE,
    ),
    *on_each(
        ENCRYPTED,
        Replaced(KEYS, '${var.account_id}:log-group:*"', '${var.account_id}:log-group:/aws/lambda/*"'),
        Set("module.security.aws_kms_key.data", "policy", OF_FUNCTIONS),
        keys.has_policy(DATA_KEY, "the key lets the groups of functions in, and no other", OF_FUNCTIONS),
    ),
    *on_each(
        AS_ROLE,
        Replaced(TRAIL, STREAMS, '["logs:PutLogEvents"]'),
        Set(f"{IN}.aws_iam_role_policy.trail_delivery", "policy", WRITES_ONLY),
        call(
            "iam:PutRolePolicy", RoleName=ROLE, PolicyName="TrailDeliveryPolicy", PolicyDocument=WRITES_ONLY
        ),
    ),
    *on_each(
        AS_ROLE,
        Replaced(TRAIL, '["cloudtrail.amazonaws.com"]', '["lambda.amazonaws.com"]'),
        Set(f"{IN}.aws_iam_role.trail", "assume_role_policy", trust("lambda.amazonaws.com")),
        call(
            "iam:UpdateAssumeRolePolicy",
            RoleName=ROLE,
            PolicyDocument=trust("cloudtrail.amazonaws.com", **OF_TRAIL),
        ),
    ),
    mutation(
        AS_ROLE, Replaced(TRAIL, "log-stream:${var.account_id}_CloudTrail_*", "log-stream:CloudTrail_*")
    ),
    mutation(AS_ROLE, call("iam:DeleteRolePolicy", RoleName=ROLE, PolicyName="TrailDeliveryPolicy")),
    *(
        mutation("threat-intel-inv-07", edit, unlisted=True)
        for edit in (
            Written(
                f"{MODULES}/monitoring/more.tf",
                'resource "aws_cloudtrail" "more" {\n  name = "threat-intel-more"\n'
                "  s3_bucket_name = var.trail_bucket_name\n}\n",
            ),
            Added(
                f"{IN}.aws_cloudtrail.more",
                {"name": "threat-intel-more", "s3_bucket_name": "more"},
                f"{IN}.aws_cloudtrail.this",
            ),
            call("cloudtrail:CreateTrail", Name="threat-intel-more", S3BucketName="more"),
        )
    ),
]

NEAR_MISSES = [
    near_miss(FIRES, Replaced(ALARM, "threshold           = 5", "threshold = 50"), why="all failing is more"),
    near_miss(
        FIRES,
        *[Replaced(ALARM, f"        {OF_ONE}\n", "")] * 2,
        why="Lambda counts them together, too",
    ),
    near_miss(
        LETS_IN,
        call(
            "sns:SetTopicAttributes",
            TopicArn=TOPIC,
            AttributeName="Policy",
            AttributeValue=publishing(
                Condition={
                    "ArnLike": {
                        "aws:SourceArn": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:threat-intel-*"
                    }
                }
            ),
        ),
        why="the alarm is one of these",
    ),
    near_miss(
        AS_ROLE,
        Replaced(TRAIL, ":log-stream:${var.account_id}_CloudTrail_*", ":*"),
        why="that covers every stream of the group",
    ),
]
