"""GitHub Actions: workflow files, as a checkout of the repository holds them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, Undetermined, Unexamined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout
    from plumbline.github.workflows import WorkflowFile


class WorkflowLimits(Model):
    """What can be expected of a workflow besides its fields."""

    most_terraform_minutes: int
    plan_artifact: str
    """The name of the artifact that holds the plan."""
    plan_file: str
    index_checks: list[str]
    """Parts of command lines of which one must run."""
    uploads: list[str]
    """Parts of command lines of which one must run."""
    most_days_between_checks: int


class Workflow(Kind):
    """A workflow file by its path, or all those in a folder."""

    noun = "workflow"
    plural = "workflows"
    lies_in_repository = True
    limits = WorkflowLimits

    triggers: int = 0
    """How many events start it."""
    jobs: int = 0
    """How many jobs it has."""
    tabs: list[Text] = []
    """The lines with a tab character, as file:line."""
    trailing_blanks: list[Text] = []
    """The lines that end in blanks, as file:line."""
    undeclared: list[Text] = []
    """The inputs, job outputs and variables that an expression uses and nothing declares."""
    debug_logging: list[Text] = []
    """The lines that switch Terraform's log on, as file:line."""
    runners: list[Text] = []
    """The labels that jobs run on, each once."""
    terraform_minutes: int = 0
    """The longest time limit of a job that runs Terraform."""
    required_inputs: dict[str, bool] = {}
    """The inputs of a manual start, and whether each must be given."""
    confirmation: str | None = None
    """What the input `confirmation` must equal before anything is applied."""
    concurrency_groups: list[Text] = []
    """The groups of the jobs that take Terraform's state lock, each once; empty for a job without one."""
    cancels_runs: bool = False
    """Whether such a job may be cancelled by a later run of its group."""
    artifacts: dict[str, list[Text]] = {}
    """The names of the files in each artifact that is uploaded."""
    apply_environments: list[Text] = []
    """The GitHub environments of the jobs that apply, each once; empty for a job without one."""
    checked_before_apply: bool = False
    """Whether every job that applies waits for one that plans, validates or tests."""
    tested_after_apply: bool = False
    """Whether tests run after every apply."""
    notified_channels: list[Text] = []
    """The Slack channels told by jobs that wait for no approval themselves."""
    scheduled_checks: dict[str, int] = {}
    """The workflows that check backups by a schedule, each with the most days between two checks."""
    commands: Text = ""
    """The command lines of all steps, in their order."""

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return the workflow, or the folder of workflows, as its files say.

        Raises `Missing` for one that is not there and `ReadError` for a file that is no YAML.
        """
        from plumbline.github import gates, running, writing
        from plumbline.github.workflows import WorkflowFile

        folder = checkout.folder / name
        paths = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])
        if not paths and not name.endswith((".yml", ".yaml")):
            raise Missing(f"a workflow in {name}", checkout.told)
        files = [WorkflowFile(checkout, path) for path in paths or [checkout.find(name, cls.noun)]]
        readers: dict[str, Callable[[Sequence[WorkflowFile]], tuple[Any, str]]] = {
            "triggers": lambda files: (sum(len(file.triggers) for file in files), files[0].of_trigger()),
            "jobs": lambda files: (sum(len(file.jobs) for file in files), files[0].where("jobs")),
            "tabs": writing.tabs,
            "trailing_blanks": writing.trailing_blanks,
            "undeclared": writing.undeclared,
            "debug_logging": writing.debug_logging,
            "runners": running.runners,
            "terraform_minutes": running.terraform_minutes,
            "required_inputs": running.required_inputs,
            "confirmation": gates.confirmation,
            "concurrency_groups": running.concurrency_groups,
            "cancels_runs": running.cancels_runs,
            "artifacts": running.artifacts,
            "apply_environments": gates.apply_environments,
            "checked_before_apply": gates.checked_before_apply,
            "tested_after_apply": gates.tested_after_apply,
            "notified_channels": gates.notified_channels,
            "scheduled_checks": running.scheduled_checks,
            "commands": running.command_lines,
        }
        fields: dict[str, Any] = {"name": name}
        located: dict[str, object] = {}
        for field, read in readers.items():
            try:
                fields[field], located[field] = read(files)
            except Undetermined as undetermined:
                fields[field] = Unexamined(str(undetermined))
        return cls.of(files[0].where() if len(files) == 1 else checkout.shown(folder), fields, located)

    def runs_any(self, parts: Sequence[str]) -> bool:
        """Return whether some command line contains one of these parts."""
        return any(part in self.commands for part in parts)
