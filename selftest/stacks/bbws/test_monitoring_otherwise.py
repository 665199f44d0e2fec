"""Ways of noticing that the runbook allows, other than the reference's: each turns nothing red."""

from __future__ import annotations

from pathlib import Path

import pytest

from selftest.mutations.edits import Replaced
from selftest.mutations.worlds import fallen_in_source
from selftest.stacks.proven import STACKS

[BBWS] = [proven for proven in STACKS if proven.name == "bbws"]
AUDIT, CONFIG, EVENTS = "monitoring/audit.tf", "monitoring/config.tf", "monitoring/events.tf"
SCOPE = "    compliance_resource_types = each.value.types\n"
GROUP = "    all_supported                 = true\n    include_global_resource_types = true\n"
DEPENDS = "  # CloudTrail tries the bucket when the trail is made.\n"
TABLES = '[for table in ["tenants", "products", "campaigns"] : "bbws-${table}-${var.environment}"]'
DELETED = 'eventName = ["DeleteTable"]'
TARGET = "  arn  = aws_sns_topic.alerts.arn\n"
FUNCTION = """
resource "aws_lambda_function" "tell" {
  function_name = "bbws-tell-${var.environment}"
  role          = aws_iam_role.config.arn
}
resource "aws_lambda_permission" "tell" {
  function_name = aws_lambda_function.tell.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
}
"""
OTHERWISE = {
    "just the three tables": Replaced(
        EVENTS, DELETED, f"{DELETED}, requestParameters = {{ tableName = {TABLES} }}"
    ),
    "tables by how their names begin": Replaced(
        EVENTS, DELETED, f'{DELETED}, requestParameters = {{ tableName = [{{ prefix = "bbws-" }}] }}'
    ),
    "just what succeeded": Replaced(EVENTS, DELETED, f"{DELETED}, errorCode = [{{ exists = false }}]"),
    "calls by how their names begin": Replaced(EVENTS, DELETED, 'eventName = [{ wildcard = "Delete*ble" }]'),
    "just this account and region": Replaced(
        EVENTS, '["aws.dynamodb"]', '["aws.dynamodb"], account = [local.account], region = [var.region]'
    ),
    "every management event": Replaced(
        EVENTS,
        "  tags          = local.tags\n",
        '  tags          = local.tags\n  state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"\n',
    ),
    "the default bus by its name": Replaced(EVENTS, TARGET, f'{TARGET}  event_bus_name = "default"\n'),
    "a recorder of all but some types": Replaced(
        CONFIG,
        GROUP,
        """    all_supported = false
    exclusion_by_resource_types {
      resource_types = ["AWS::EC2::NetworkInterface"]
    }
    recording_strategy {
      use_only = "EXCLUSION_BY_RESOURCE_TYPES"
    }
""",
    ),
    "rules that judge before and after": Replaced(
        CONFIG,
        "  scope {\n",
        """  evaluation_mode {
    mode = "DETECTIVE"
  }
  evaluation_mode {
    mode = "PROACTIVE"
  }
  scope {
""",
    ),
    "rules without a scope": Replaced(CONFIG, SCOPE, ""),
    "a trail by two selectors": Replaced(
        AUDIT,
        DEPENDS,
        """  event_selector {
    read_write_type = "ReadOnly"
  }
  event_selector {
    read_write_type = "WriteOnly"
    exclude_management_event_sources = ["kms.amazonaws.com"]
  }
""",
    ),
    "a trail by an advanced selector": Replaced(
        AUDIT,
        DEPENDS,
        """  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }
""",
    ),
    "a function that is told": Replaced(
        EVENTS,
        "aws_sns_topic.alerts.arn\n}\n",
        f"aws_lambda_function.tell.arn\n}}\n{FUNCTION}",
    ),
}


@pytest.mark.parametrize("edit", OTHERWISE.values(), ids=OTHERWISE)
def test_another_way_of_noticing_turns_nothing_red(edit: Replaced, tmp_path: Path) -> None:
    assert fallen_in_source(BBWS, "dev", [edit], tmp_path / "terraform") == {}
