"""AWS Backup: plans with their selections, and vaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import field_validator

from plumbline.kinds.kind import Kind
from plumbline.terraform.declared import arn, blocks, companions, known, place
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.terraform.model import Configuration, Resource

_OPERATORS: dict[str, Callable[[str | None, str], bool]] = {
    "StringEquals": lambda value, pattern: value == pattern,
    "StringNotEquals": lambda value, pattern: value != pattern,
    "StringLike": lambda value, pattern: value is not None and fnmatchcase(value, pattern),
    "StringNotLike": lambda value, pattern: value is None or not fnmatchcase(value, pattern),
}


_OF_SELECTIONS = ("selections", "selection_roles", "covers")
"""What the selections answer."""


class Condition(Model):
    """A tag that a resource must or must not carry."""

    operator: str
    """StringEquals, StringNotEquals, StringLike or StringNotLike."""
    key: str
    value: str

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Return whether `tags` satisfy the condition."""
        return bool(
            _OPERATORS[self.operator](tags.get(self.key.removeprefix("aws:ResourceTag/")), self.value)
        )


class Selection(Model):
    """What a backup plan covers, and as which role."""

    name: str
    iam_role_arn: str
    resources: list[Text] = []
    """ARNs, with `*` as wildcard; any of them may match."""
    not_resources: list[Text] = []
    selection_tags: list[Condition] = []
    """Tags of which a resource must carry at least one."""
    conditions: list[Condition] = []
    """Tags of which a resource must satisfy all."""

    @field_validator("resources", "not_resources", "selection_tags", "conditions")
    @classmethod
    def _in_order(cls, members: Any) -> Any:
        """Put in one order what AWS keeps as sets; what is not known as a whole stays as it is."""
        return sorted(members, key=str) if not _has_placeholder(members) else members

    def covers(self, arn: str, tags: Mapping[str, str]) -> bool:
        """Return whether a resource with this ARN and these tags is selected.

        Source: AWS Backup Developer Guide, API_BackupSelection. It does not say how ARNs and
        ListOfTags combine, so where just one of the two matches this raises `Undetermined`.
        """
        if any(fnmatchcase(known(arn), known(pattern)) for pattern in self.not_resources):
            return False
        if not all(condition.holds(tags) for condition in self.conditions):
            return False
        by_arn = any(fnmatchcase(known(arn), known(pattern)) for pattern in self.resources)
        by_tag = any(condition.holds(tags) for condition in self.selection_tags)
        if self.resources and self.selection_tags and by_arn != by_tag:
            raise Undetermined(f"selection {self.name} matches {arn} by ARN or by tag, but not by both")
        return by_arn or by_tag or not (self.resources or self.selection_tags)


def _has_placeholder(members: Any) -> bool:
    if isinstance(members, Placeholder):
        return True
    parts = [value for member in members for value in _parts(member)]
    return any(isinstance(part, Placeholder) for part in parts)


def _parts(member: object) -> list[object]:
    return [value for _, value in member] if isinstance(member, Condition) else [member]


class BackupPlan(Kind):
    """A backup plan with its rules and selections."""

    noun = "backup_plan"
    plural = "backup_plans"
    needs_others = True
    terraform_type = "aws_backup_plan"
    reads: ClassVar = {
        "backup:ListBackupPlans": "*",
        "backup:GetBackupPlan": "arn:aws:backup:{region}:{account}:backup-plan:*",
        "backup:ListBackupSelections": "arn:aws:backup:{region}:{account}:backup-plan:*",
        "backup:GetBackupSelection": "arn:aws:backup:{region}:{account}:backup-plan:*",
    }

    arn_lists: ClassVar = ("aws_backup_selection.resources", "aws_backup_selection.not_resources")

    schedules: list[Text] = []
    """The schedule expression of each rule; empty for a rule that never starts by itself."""
    target_vaults: list[Text] = []
    """The vault that each rule writes to."""
    selections: list[Selection] = []

    @property
    def selection_roles(self) -> list[str]:
        """The ARNs of the roles that the selections name, each once."""
        return sorted({known(selection.iam_role_arn) for selection in self.selections})

    def covers(self, arn: str, tags: Mapping[str, str]) -> bool:
        """Return whether a selection of the plan covers a resource."""
        return any(selection.covers(arn, tags) for selection in self.selections)

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the plan as `aws_backup_plan` and its `aws_backup_selection` declare it."""
        fields = {
            "name": resource.values.get("name"),
            "schedules": lambda: [it.get("schedule", "") for it in blocks(resource.values, "rule")],
            "target_vaults": lambda: [
                it.get("target_vault_name", "") for it in blocks(resource.values, "rule")
            ],
            "selections": lambda: [
                _declared_selection(it.values) for it in _selections(resource, configuration)
            ],
        }
        selections = configuration.of_type("aws_backup_selection")
        located = {
            "schedules": place(resource, "rule"),
            "target_vaults": place(resource, "rule"),
            **dict.fromkeys(_OF_SELECTIONS, selections[0].location if selections else resource.location),
        }
        return cls.of(str(resource.location), fields, located)

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the plan of this name as AWS Backup describes it."""
        listed = aws.read("backup:ListBackupPlans", of=f"backup plan {name}")
        plan_id = listed.at(f"BackupPlansList[?BackupPlanName=='{name}'].BackupPlanId | [0]").value()
        if plan_id is None:
            raise Missing(f"backup plan {name}", f"in {aws.region} (backup:ListBackupPlans)")
        plan_arn = aws.arn("backup", f"backup-plan:{plan_id}")
        plan = aws.read("backup:GetBackupPlan", {"BackupPlanId": plan_id}, of=plan_arn)
        selections = aws.read("backup:ListBackupSelections", {"BackupPlanId": plan_id}, of=plan_arn)
        fields = {
            "name": name,
            "schedules": plan.at("BackupPlan.Rules[].ScheduleExpression || `[]`"),
            "target_vaults": plan.at("BackupPlan.Rules[].TargetBackupVaultName"),
            "selections": selections.at("BackupSelectionsList[].SelectionId || `[]`").map(
                lambda ids: _described_selections(aws, plan_id, ids)
            ),
        }
        located = dict.fromkeys(_OF_SELECTIONS, selections.call) | {"name": listed.call}
        return cls.of(plan.call, aws.gather(fields), located)

    def create(self, aws: Aws) -> None:
        """Create the plan and its selections in moto."""
        rules = [
            {"RuleName": f"rule-{position}", "TargetBackupVaultName": vault, "ScheduleExpression": schedule}
            for position, (vault, schedule) in enumerate(zip(self.target_vaults, self.schedules, strict=True))
        ]
        plan = {"BackupPlanName": self.name, "Rules": rules}
        plan_id = aws.write("backup:CreateBackupPlan", BackupPlan=plan)["BackupPlanId"]
        for selection in self.selections:
            created = {
                "SelectionName": selection.name,
                "IamRoleArn": known(selection.iam_role_arn),
                "Resources": [known(pattern) for pattern in selection.resources],
                "NotResources": [known(pattern) for pattern in selection.not_resources],
                "ListOfTags": [
                    {"ConditionType": "STRINGEQUALS", "ConditionKey": tag.key, "ConditionValue": tag.value}
                    for tag in selection.selection_tags
                ],
                "Conditions": {
                    operator: [
                        {"ConditionKey": condition.key, "ConditionValue": condition.value}
                        for condition in selection.conditions
                        if condition.operator == operator
                    ]
                    for operator in _OPERATORS
                },
            }
            aws.write("backup:CreateBackupSelection", BackupPlanId=plan_id, BackupSelection=created)


class BackupVault(Kind):
    """A backup vault."""

    noun = "backup_vault"
    plural = "backup_vaults"
    terraform_type = "aws_backup_vault"
    reads: ClassVar = {"backup:DescribeBackupVault": "arn:aws:backup:{region}:{account}:backup-vault:{name}"}
    computed: ClassVar = {
        "aws_backup_vault.id": lambda vault, settings: vault.get("name"),
        "aws_backup_vault.arn": lambda vault, settings: arn(
            settings, "backup", "backup-vault:", vault.get("name")
        ),
    }

    arn: str = ""

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the vault as `aws_backup_vault` declares it."""
        vault_arn = cls.derive("arn", resource, configuration)
        return cls.of(str(resource.location), {"name": resource.values.get("name"), "arn": vault_arn})

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the vault as AWS Backup describes it."""
        vault = aws.read(
            "backup:DescribeBackupVault",
            {"BackupVaultName": name},
            of=aws.arn("backup", f"backup-vault:{name}"),
            missing=["ResourceNotFoundException"],
        )
        fields = {"name": vault.at("BackupVaultName"), "arn": vault.at("BackupVaultArn")}
        return cls.of(vault.call, aws.gather(fields))

    def create(self, aws: Aws) -> None:
        """Create the vault in moto."""
        aws.write("backup:CreateBackupVault", BackupVaultName=self.name)


def _selections(plan: Resource, configuration: Configuration) -> list[Resource]:
    return companions(plan, configuration, "aws_backup_selection", "plan_id")


def _declared_selection(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": values.get("name"),
        "iam_role_arn": values.get("iam_role_arn"),
        "resources": values.get("resources") or [],
        "not_resources": values.get("not_resources") or [],
        "selection_tags": [
            {"operator": "StringEquals", "key": tag.get("key"), "value": tag.get("value")}
            for tag in blocks(values, "selection_tag")
        ],
        "conditions": [
            {"operator": operator, "key": condition.get("key"), "value": condition.get("value")}
            for group in blocks(values, "condition")
            for operator in _OPERATORS
            for condition in blocks(group, _snake(operator))
        ],
    }


def _described_selections(aws: Aws, plan_id: str, ids: list[str]) -> list[dict[str, Any]]:
    replies = [
        aws.read(
            "backup:GetBackupSelection",
            {"BackupPlanId": plan_id, "SelectionId": selection_id},
            of=f"selection {selection_id} of backup plan {plan_id}",
        )
        for selection_id in ids
    ]
    return [_described_selection(reply.at("BackupSelection").value()) for reply in replies]


def _described_selection(selection: dict[str, Any]) -> dict[str, Any]:
    conditions: dict[str, list[dict[str, str]]] = selection.get("Conditions") or {}
    return {
        "name": selection["SelectionName"],
        "iam_role_arn": selection["IamRoleArn"],
        "resources": selection.get("Resources") or [],
        "not_resources": selection.get("NotResources") or [],
        "selection_tags": [_condition("StringEquals", tag) for tag in selection.get("ListOfTags") or []],
        "conditions": [
            _condition(operator, condition)
            for operator, listed in conditions.items()
            for condition in listed or []
        ],
    }


def _condition(operator: str, condition: dict[str, str]) -> dict[str, str]:
    return {
        "operator": operator,
        "key": condition["ConditionKey"],
        "value": condition["ConditionValue"],
    }


def _snake(operator: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operator).lstrip("_")
