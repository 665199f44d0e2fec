"""AWS Backup: plans with their selections, and vaults."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import field_validator

from plumbline.aws.schedules import minutes_of, starts_after
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.kinds.vault_access import VAULT_POLICY, VAULTS, kept_out, kept_out_there, vault_named
from plumbline.terraform.companions import belonging
from plumbline.terraform.declared import Beside, Declaration, arn, at, blocks, known
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf, doubted, members, one_is
from plumbline.values.unknown import Missing, Placeholder, Undetermined
from plumbline.values.wildcards import wildcard

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_OF_A_TAG = "aws:ResourceTag/"
"""What stands before the tag of a condition. Source: AWS Backup Developer Guide, API_ConditionParameter."""
_OPERATORS: dict[str, Callable[[str | None, str], bool]] = {
    "StringEquals": lambda value, pattern: value == pattern,
    "StringNotEquals": lambda value, pattern: value != pattern,
    "StringLike": lambda value, pattern: value is not None and _is_like(pattern, value),
    "StringNotLike": lambda value, pattern: value is None or not _is_like(pattern, value),
}


class Condition(Model):
    """A tag that a resource must or must not carry."""

    operator: str
    """StringEquals, StringNotEquals, StringLike or StringNotLike."""
    key: str
    value: str

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Return whether `tags` satisfy the condition."""
        return bool(_OPERATORS[self.operator](tags.get(self.key.removeprefix(_OF_A_TAG)), self.value))


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

        By its ARN or by one of the `selection_tags`, where all conditions hold. Raises `Undetermined` where
        there is neither: AWS Backup's reference says that everything is selected then, and
        CreateBackupSelection refuses it. Source: AWS Backup Developer Guide, API_BackupSelection; the AWS
        provider's issues 25436 and 49829.
        """
        if not (self.resources or self.selection_tags):
            raise Undetermined(
                f"selection {self.name} names neither resources nor tags: AWS Backup refuses to create it"
            )
        named = (partial(_selects, pattern, arn) for pattern in members(self.resources))
        tagged = (partial(condition.holds, tags) for condition in self.selection_tags)
        doubts: list[str] = [self.resources.reason] if isinstance(self.resources, SomeOf) else []
        selected = one_is(doubted([*named, *tagged], doubts), lambda ask: ask())
        if not selected or one_is(self.not_resources, lambda it: _selects(it, arn)):
            return False
        as_documented = [it for it in self.conditions if it.key.startswith(_OF_A_TAG)]
        if not all(condition.holds(tags) for condition in as_documented):
            return False
        for it in self.conditions:
            if it not in as_documented:
                wanted = f"AWS Backup wants {_OF_A_TAG}{it.key}"
                raise Undetermined(f"a condition of selection {self.name} is on {it.key}: {wanted}")
        return True


def _is_like(pattern: str, text: str) -> bool:
    """Return whether a text is as a pattern says, in which `*` alone is more than itself."""
    return wildcard(known(pattern))(known(text))


def _selects(pattern: str, arn: str) -> bool:
    """Return whether a pattern of ARNs selects one.

    Raises `Undetermined` where it does by a `*` within the name of the resource: "the asterisk must appear at
    the end". Source: AWS Backup Developer Guide, API_BackupSelection.
    """
    if not _is_like(pattern, arn):
        return False
    if "*" in ":".join(known(pattern).split(":")[5:])[:-1]:
        raise Undetermined(f"AWS Backup takes a * at the end of a name alone, and {pattern} has one within")
    return True


def _has_placeholder(members: Any) -> bool:
    if isinstance(members, Placeholder | SomeOf):
        return True
    parts = [value for member in members for value in _parts(member)]
    return any(isinstance(part, Placeholder) for part in parts)


def _parts(member: object) -> list[object]:
    return [value for _, value in member] if isinstance(member, Condition) else [member]


_PLAN_ARN = "arn:aws:backup:{region}:{account}:backup-plan:{plan_id}"
_PLANS = Call("backup:ListBackupPlans", of="backup plans in {region}")


def _of_plan(operation: str, **parameters: str) -> Call:
    return Call(
        operation,
        {"BackupPlanId": "{plan_id}", **parameters},
        of=_PLAN_ARN,
        on="arn:aws:backup:{region}:{account}:backup-plan:*",
    )


def _plan_id(asked: Asked) -> str:
    """Return the id of the plan of this name. Raises `Missing` where there is none."""
    for plan in asked.ask(_PLANS).answer.get("BackupPlansList", []):
        if plan["BackupPlanName"] == asked.name:
            return str(plan["BackupPlanId"])
    raise Missing(f"backup plan {asked.name}", f"in {asked.region} (backup:ListBackupPlans)")


_SELECTIONS = _of_plan("backup:ListBackupSelections")
_SELECTION = _of_plan("backup:GetBackupSelection", SelectionId="{selection_id}")


class Selections(Facet):
    """What the plan covers."""

    further_calls: ClassVar[tuple[Call, ...]] = (_PLANS, _SELECTIONS, _SELECTION)
    beside = Beside("aws_backup_selection", "plan_id", many=True)

    selections: list[Selection] = []

    @property
    def selection_roles(self) -> list[str]:
        """The ARNs of the roles that the selections name, each once."""
        return sorted({known(selection.iam_role_arn) for selection in self.selections})

    def covers(self, arn: str, tags: Mapping[str, str]) -> bool:
        """Return whether a selection of the plan covers a resource."""
        return one_is(self.selections, lambda selection: selection.covers(arn, tags))

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"selections": [_declared_selection(it.values) for it in declaration.parts]}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list the selections; each is then asked for by its id."""
        listed = asked.ask(_SELECTIONS, plan_id=_plan_id(asked))
        return Found(
            listed.at("@").map(lambda answer: {"selections": _each_selection(answer, asked)}), listed.call
        )

    def requested(self) -> Requests:
        plans = yield request("backup:ListBackupPlans")
        ids = {plan["BackupPlanName"]: plan["BackupPlanId"] for plan in plans["BackupPlansList"]}
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
            yield request(
                "backup:CreateBackupSelection", BackupPlanId=ids[self.name], BackupSelection=created
            )


class BackupPlan(Selections, Kind):
    """A backup plan with its rules and selections."""

    noun = "backup_plan"
    plural = "backup_plans"
    terraform_type = "aws_backup_plan"
    listing = Listing(_PLANS, "BackupPlansList[].BackupPlanName")
    own_arn = _PLANS, "BackupPlansList[?BackupPlanName=='{name}'].BackupPlanArn"
    further_calls: ClassVar[tuple[Call, ...]] = (
        *(_PLANS, _of_plan("backup:GetBackupPlan"), VAULTS, VAULT_POLICY),
        *(_SELECTIONS, _SELECTION),
    )
    arguments: ClassVar = dict.fromkeys(("schedules", "target_vaults", "refused", "never_started"), "rule")
    arn_lists: ClassVar = ("aws_backup_selection.resources", "aws_backup_selection.not_resources")

    schedules: list[Text] = []
    """The schedule expression of each rule; empty for a rule that never starts by itself."""
    target_vaults: list[Text] = []
    """The vault that each rule writes to."""
    refused: list[Text] = []
    """What AWS Backup does not take of the rules, so that there will be no such plan, or no such backup.

    In an account, where there is the plan, what its vaults do not take.
    """
    never_started: list[Text] = []
    """The schedules on which nothing is backed up: that are none, or did not come any more when it was read.

    Source: AWS Backup Developer Guide, API_BackupRule: a cron expression; a rate is refused.
    """

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        rules = declaration.blocks("rule")
        schedules = [rule.get("schedule", "") for rule in rules]
        return {
            "schedules": schedules,
            "target_vaults": [rule.get("target_vault_name", "") for rule in rules],
            "refused": lambda: _all_refused(rules, declaration.values.get("name"), declaration),
            "never_started": lambda: _never_started(schedules, datetime.now(UTC).date()),
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read the plan, once its id is known."""
        plan = asked.ask(cls.further_calls[1], plan_id=_plan_id(asked))
        return Found(plan.at("@").map(lambda answer: cls.described(answer, asked)), plan.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        rules = answer["BackupPlan"]["Rules"]
        schedules = [rule.get("ScheduleExpression", "") for rule in rules]
        return {
            "schedules": schedules,
            "target_vaults": [rule["TargetBackupVaultName"] for rule in rules],
            "refused": lambda: kept_out_there(rules, lambda: _roles_there(asked), asked),
            "never_started": _never_started(schedules, asked.window.end.date()),
        }

    def requested(self) -> Requests:
        rules = [
            {"RuleName": f"rule-{position}", "TargetBackupVaultName": vault, "ScheduleExpression": schedule}
            for position, (vault, schedule) in enumerate(zip(self.target_vaults, self.schedules, strict=True))
        ]
        yield request("backup:CreateBackupPlan", BackupPlan={"BackupPlanName": self.name, "Rules": rules})


def _never_started(schedules: list[Any], today: date) -> list[str]:
    return [it for it in map(known, schedules) if not _comes(it, today)]


def _comes(schedule: str, today: date) -> bool:
    try:
        return starts_after(schedule, today)
    except ValueError:
        return False


def _all_refused(rules: list[Mapping[str, Any]], name: Any, declaration: Declaration) -> list[str] | SomeOf:
    """Return what AWS Backup or a vault does not take; where vaults may refuse more, at least that."""
    plan, here = declaration.resource, declaration.configuration

    def roles() -> list[Any]:
        beside = belonging(plan, here, "aws_backup_selection", "plan_id", name)
        return [it.values.get("iam_role_arn") for it in beside.certain]

    kept = kept_out(rules, roles, declaration)
    refused = [*(reason for rule in rules for reason in _refused(rule)), *members(kept)]
    return SomeOf(refused, kept.reason) if isinstance(kept, SomeOf) else refused


_DAYS_IN_COLD_STORAGE = 90
_MOST_DAYS_OF_CONTINUOUS_BACKUPS = 35
_LEAST_MINUTES_TO_START = 60


def _refused(rule: Mapping[str, Any]) -> Iterator[str]:
    """Yield why AWS Backup does not take a rule.

    Source: AWS Backup Developer Guide, API_Lifecycle, API_BackupRule, "Point-in-time recovery" and "Backup
    frequency".
    """
    kept = known(at(rule, "lifecycle", "delete_after", default=0))
    moved = known(at(rule, "lifecycle", "cold_storage_after", default=0))
    continuous = known(rule.get("enable_continuous_backup"))
    often = minutes_of(known(rule.get("schedule", "")))
    starts_within = known(rule.get("start_window"))
    if len(often) > 1:
        yield f"started {len(often)} times an hour: it takes a schedule that comes once an hour at most"
    if starts_within and starts_within < _LEAST_MINUTES_TO_START:
        yield f"started within {starts_within} minutes: it takes {_LEAST_MINUTES_TO_START} and more"
    if kept and moved and kept < moved + _DAYS_IN_COLD_STORAGE:
        yield f"deleted after {kept} days, and moved to cold storage after {moved}: that is for 90 days"
    if continuous and (moved or not 0 < kept <= _MOST_DAYS_OF_CONTINUOUS_BACKUPS):
        yield "continuous backups are kept for 1 to 35 days, and not in cold storage"


class BackupVault(Kind):
    """A backup vault."""

    noun = "backup_vault"
    plural = "backup_vaults"
    terraform_type = "aws_backup_vault"
    further_types = ("aws_backup_vault_lock_configuration", "aws_backup_vault_policy")
    listed_with: ClassVar = {"aws_backup_logically_air_gapped_vault": "name"}
    listing = Listing(
        VAULTS,
        "BackupVaultList[?!starts_with(BackupVaultName, 'aws/')].BackupVaultName",
    )
    call = VAULTS
    computed: ClassVar = {
        "aws_backup_vault.id": lambda vault, settings: vault.get("name"),
        "aws_backup_vault.arn": lambda vault, settings: arn(
            settings, "backup", "backup-vault:", vault.get("name")
        ),
    }

    arn: str = ""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"arn": cls.derive("arn", declaration.resource, declaration.configuration)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        vault = vault_named(asked.name, asked)
        if vault is None:
            raise Missing(f"backup vault {asked.name}", f"in {asked.region} ({VAULTS.operation})")
        return {"arn": vault["BackupVaultArn"]}

    def requested(self) -> Requests:
        yield request("backup:CreateBackupVault", BackupVaultName=self.name)


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


def _each_selection(answer: Answer, asked: Asked) -> list[dict[str, Any]]:
    """Return the selections that an answer lists, each asked for by its id."""
    ids = [it["SelectionId"] for it in answer.get("BackupSelectionsList", [])]
    replies = [asked.ask(_SELECTION, plan_id=_plan_id(asked), selection_id=it) for it in ids]
    return [_described_selection(reply.answer["BackupSelection"]) for reply in replies]


def _roles_there(asked: Asked) -> list[str]:
    """Return the ARNs of the roles that the selections of a plan name in an account."""
    listed = asked.ask(_SELECTIONS, plan_id=_plan_id(asked)).answer
    return sorted({it["iam_role_arn"] for it in _each_selection(listed, asked)})


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
