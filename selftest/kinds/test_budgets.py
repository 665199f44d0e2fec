"""Budgets in Terraform: whose they are, when they are, and what Terraform would not take."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.kinds.budgets import Budget
from plumbline.kinds.selection import Selection
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.values.unknown import Missing, ReadError, Undetermined

OWN = "123456789012"
ANOTHER = 'resource "aws_organizations_account" "a" {\n name = "a"\n email = "a@example.com"\n}\n'
TOLD = """
  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = %s
    threshold_type             = "%s"
    notification_type          = "ACTUAL"
    subscriber_email_addresses = ["somebody@example.com"]
  }
"""


def budget(folder: Path, more: str, limit: str = "20") -> Budget:
    text = f'budget_type = "COST"\n limit_amount = "{limit}"\n limit_unit = "USD"\n time_unit = "MONTHLY"\n'
    (folder / "main.tf").write_text(f'resource "aws_budgets_budget" "b" {{\n name = "b"\n {text}{more}}}\n')
    return Budget.find(evaluate(folder, settings=Settings(account=OWN, owner=OWN)), "b", "here")


def test_whether_a_topic_hears_it_is_undetermined_where_nobody_else_is_told(tmp_path: Path) -> None:
    persons = 'subscriber_email_addresses = ["somebody@example.com"]'
    topic = 'subscriber_sns_topic_arns = ["arn:aws:sns:eu-west-1:123456789012:costs"]'
    both = TOLD.replace(persons, f"{persons}\n    {topic}") % (100, "PERCENTAGE")
    alone = TOLD.replace(persons, topic) % (100, "PERCENTAGE")
    assert budget(tmp_path, both).warns
    with pytest.raises(Undetermined, match=r"whether arn:aws:sns:\S+:costs lets AWS Budgets publish"):
        _ = budget(tmp_path, alone).warns
    assert not budget(tmp_path, alone.replace("100", "500")).warns


@pytest.mark.parametrize(
    ("threshold", "measure", "warns"),
    [
        (80, "PERCENTAGE", True),
        (100, "PERCENTAGE", True),
        (101, "PERCENTAGE", False),
        (20, "ABSOLUTE_VALUE", True),
        (21, "ABSOLUTE_VALUE", False),
    ],
)
def test_it_warns_of_its_limit_at_the_latest(
    tmp_path: Path, threshold: int, measure: str, warns: bool
) -> None:
    assert budget(tmp_path, TOLD % (threshold, measure)).warns is warns


@pytest.mark.parametrize(
    ("more", "begun", "ended"),
    [
        ("", True, False),
        ('time_period_start = "2035-01-01_00:00"\n', False, False),
        ('time_period_start = "2017-01-01_00:00"\n time_period_end = "2018-01-01_00:00"\n', True, True),
    ],
)
def test_it_has_its_time(tmp_path: Path, more: str, begun: bool, ended: bool) -> None:
    found = budget(tmp_path, more)
    assert (found.begun, found.ended) == (begun, ended)


def test_one_of_another_account_is_none_of_this_one(tmp_path: Path) -> None:
    assert budget(tmp_path, f'account_id = "{OWN}"\n').name == "b"
    with pytest.raises(Missing):
        budget(tmp_path, 'account_id = "999999999999"\n')


def test_one_of_which_only_apply_says_whose_it_is_may_be_the_accounts(tmp_path: Path) -> None:
    (tmp_path / "account.tf").write_text(ANOTHER)
    found = budget(tmp_path, "account_id = aws_organizations_account.a.id\n")
    with pytest.raises(Undetermined, match=r"aws_organizations_account\.a\.id"):
        assert found.limit_amount == 20


def test_beside_the_accounts_own_it_decides_nothing(tmp_path: Path) -> None:
    (tmp_path / "other.tf").write_text(
        'resource "aws_budgets_budget" "o" {\n name = "o"\n budget_type = "COST"\n time_unit = "MONTHLY"\n'
        f" account_id = aws_organizations_account.a.id\n}}\n{ANOTHER}"
    )
    budget(tmp_path, "")
    code = evaluate(tmp_path, settings=Settings(account=OWN, owner=OWN))
    meant = Selection(Budget, {"budget_type": "COST", "time_unit": "MONTHLY"})
    assert meant.in_source([code], "us-east-1", "here", None).name == "b"


@pytest.mark.parametrize(
    ("more", "limit", "field", "told"),
    [
        ('time_period_end = "2035-01-01"\n', "20", "ended", "time_period_end is '2035-01-01'"),
        ("", "20 USD", "limit_amount", "limit_amount is '20 USD', and must be a number"),
        (TOLD.replace("GREATER_THAN", "GREATER") % (80, "PERCENTAGE"), "20", "notifications", "'GREATER'"),
    ],
)
def test_what_is_mistyped_is_told_with_its_place(
    tmp_path: Path, more: str, limit: str, field: str, told: str
) -> None:
    with pytest.raises(ReadError, match=rf"main\.tf:\d+.*{told}"):
        assert getattr(budget(tmp_path, more, limit), field) != field
