"""What the runbook describes and does not name may be called anything: another name is no failure."""

import re

import pytest

from selftest.input.tree import Tree, copy_suite

MONITORING = "terraform/bbws/monitoring"
RENAMED = (
    ("config.tf", r'name( +)= "bbws-\$\{each\.key\}"', r'name\1= "${each.key}-bbws"'),
    ("audit.tf", r"bbws-trail-\$\{var\.environment\}", "org-trail"),  # of the bucket's policy, too
    ("alarms.tf", r'"bbws-state-lock-held-\$\{var\.environment\}"', '"lock held too long"'),
    ("alarms.tf", r"alarm_name( +)= each\.key", r'alarm_name\1= "alarm-${each.key}"'),
    ("events.tf", r'"bbws-\$\{each\.key\}-\$\{var\.environment\}"', '"tell-of-${each.key}"'),
    ("config.tf", r'name( +)= "default"\n  role_arn', r'name\1= "recorder"\n  role_arn'),
)


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The suite with Terraform that calls what it watches otherwise."""
    tree = copy_suite(tmp_path_factory.mktemp("renamed"))
    for file, old, new in RENAMED:
        path = tree.path / MONITORING / file
        text, times = re.subn(old, new, path.read_text())
        assert times, f"{file} does not hold {old}"
        path.write_text(text)
    return tree


def test_alarms_rules_the_trail_and_the_recorder_are_found_under_other_names(renamed: Tree) -> None:
    run = renamed.run("--env=dev", "--env=prod")
    assert run.exit_code == 0, run.output
    assert not run.those("failed", "error")
    found = {it.resource for it in run.those("passed")}
    assert {"org-trail", "recorder", "buckets-are-not-public-bbws", "lock held too long"} <= found
    assert {"alarm-bbws-backup-jobs-failed-dev", "tell-of-table-deleted"} <= found


def test_a_second_alarm_on_the_same_takes_nothing_from_the_first_and_is_no_alarm_of_the_stack(
    renamed: Tree,
) -> None:
    path = renamed.path / MONITORING / "second.tf"
    text = (renamed.path / MONITORING / "alarms.tf").read_text()
    [second] = re.findall(r'^resource "aws_cloudwatch_metric_alarm" "lock_held" .*?^}', text, re.M | re.S)
    second = second.replace('"lock_held"', '"second"').replace("lock held too long", "second")
    path.write_text(second.replace("= 600", "= 6000"))
    run = renamed.run("--env=dev", "--source=hcl", "-k", "state-lock-held or inv-06")
    path.unlink()
    assert {it.resource for it in run.those("passed")} == {"lock held too long"}, run.output
    [stranger] = run.those("failed")
    assert "the stack does not name second in af-south-1" in stranger.message
