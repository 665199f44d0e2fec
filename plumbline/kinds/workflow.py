"""GitHub Actions: workflow files, as a checkout of the repository holds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import WrapValidator

from plumbline.github.deployment import Deployment, ScheduledCheck, Upload
from plumbline.github.pytest_calls import DOUBT
from plumbline.github.uploads import ANY_FILE, leads_to
from plumbline.kinds.bounds import Some
from plumbline.kinds.kind import Kind
from plumbline.terraform.declared import known
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.some_of import one_is
from plumbline.values.unknown import Missing, ReadError, Undetermined, Unexamined, Unreadable

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout
    from plumbline.github.scripts import Scripts
    from plumbline.github.workflows import WorkflowFile


class Work(Model):
    """Work that a workflow does in one of several ways."""

    commands: list[str] = []
    """Command lines, as patterns with `*`."""
    types: list[str] = []
    """Types of Terraform resources, in the roots that it is done on."""


class Uploads(Model):
    """What must come into a bucket with each deployment."""

    environment: str
    """The environment whose deployments are asked for."""
    types: list[str] = []
    """Types of Terraform resources that bring it."""
    bucket: str
    """The bucket that a script brings it into."""
    files: str = "*"
    """The names of its files, as a pattern with `*`."""


class WorkflowLimits(Model):
    """What can be expected of a workflow besides its fields."""

    most_terraform_minutes: Some
    plan_artifact: str
    """The name of the artifact that holds the plan."""
    plan_file: str
    index_checks: Work
    """What must be among what is checked."""
    uploads: Uploads
    """What must be among what is deployed."""
    tested_stack: str
    """The stack that the tests after an apply must ask about."""
    initialised_for: str
    """The environment whose backends are asked for."""
    backend: dict[str, str]
    """The settings that they must have where a workflow gives them."""
    grouped_by: list[str]
    """The references that say whose state a run changes: what a concurrency group may hang on."""
    run_address: str
    """What each notice of a waiting approval holds."""
    most_days_between_checks: Some
    checked_for: str
    """The environment whose checks are asked for."""


class Workflow(Kind):
    """A workflow file by its path, or all those in a folder."""

    noun = "workflow"
    plural = "workflows"
    expects_some = ("backend", "notified_channels", "required_inputs")
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
    artifacts: dict[str, Annotated[list[Text], WrapValidator(keep_placeholder)]] = {}
    """The names of the files in each artifact that every run uploads in which nothing fails."""
    saved_plans: list[Text] = []
    """The names of the files that a run saves plans of Terraform in."""
    apply_environments: list[Text] = []
    """The GitHub environments of the jobs that apply, each once; empty for a job without one."""
    backends: dict[Text, list[Text]] = {}
    """The settings of backends that `terraform init` is given for each environment, as `KEY=VALUE`."""
    checked_before_apply: bool = False
    """Whether no apply is come to where the plan, validation or tests failed that its job waits for."""
    tested_after_apply: bool = False
    """Whether live tests of the environment follow every apply, and can fail the run."""
    tested_stacks: list[Text] = []
    """The stacks of this product that these tests ask about; `*` for all of them."""
    notified_channels: list[Text] = []
    """The Slack channels told of every waiting approval while it waits."""
    approval_notices: list[Text] = []
    """What they are told."""
    scheduled_checks: list[ScheduledCheck] = []
    """What checks backups by a schedule."""
    checks: list[Text] = []
    """The command lines that surely run where Terraform is changed, and that can fail the run."""
    checked_types: list[Text] = []
    """The types of the resources that are checked where they are changed; `?` for those of unread roots."""
    assumed_roles: list[Text] = []
    """The roles of AWS that logins name, each once, as they are written; empty for one that names none."""
    logins_without_token: list[Text] = []
    """The logins as a role in jobs that may not ask GitHub for a token, as file:line."""
    static_keys: list[Text] = []
    """Where a key of AWS is used that no step of the run has made, as file:line."""
    deployments: list[Deployment] = []
    """What is surely brought about, and can fail, for each choice of who starts a deployment."""

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return the workflow, or the folder of workflows, as its files say.

        Raises `Missing` for one that is not there and `ReadError` for a file that is no YAML.
        """
        from plumbline.github import (
            backends,
            checking,
            deploying,
            gates,
            logins,
            notices,
            running,
            testing,
            writing,
        )
        from plumbline.github.artifacts import artifacts, saved_plans
        from plumbline.github.schedules import scheduled_checks
        from plumbline.github.scripts import Scripts
        from plumbline.github.workflows import WorkflowFile

        folder = checkout.folder / name
        paths = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])
        if not paths and not name.endswith((".yml", ".yaml")):
            raise Missing(f"a workflow in {name}", checkout.told)
        files = [WorkflowFile(checkout, path) for path in paths or [checkout.find(name, cls.noun)]]
        scripts: Scripts = checkout.kept.setdefault("scripts", Scripts(checkout))
        readers: dict[str, Callable[[Sequence[WorkflowFile]], tuple[Any, str]]] = {
            "triggers": lambda files: (sum(len(file.triggers) for file in files), files[0].of_trigger()),
            "jobs": lambda files: (sum(len(file.jobs) for file in files), files[0].where("jobs")),
            "tabs": writing.tabs,
            "trailing_blanks": writing.trailing_blanks,
            "undeclared": writing.undeclared,
            "debug_logging": writing.debug_logging,
            "assumed_roles": logins.assumed_roles,
            "logins_without_token": logins.logins_without_token,
            "static_keys": logins.static_keys,
            "runners": running.runners,
            "required_inputs": running.required_inputs,
        }
        followed: dict[str, Callable[[Sequence[WorkflowFile], Scripts], tuple[Any, str]]] = {
            "artifacts": artifacts,
            "saved_plans": saved_plans,
            "terraform_minutes": running.terraform_minutes,
            "concurrency_groups": running.concurrency_groups,
            "cancels_runs": running.cancels_runs,
            "apply_environments": gates.apply_environments,
            "backends": backends.backends,
            "confirmation": gates.confirmation,
            "checked_before_apply": gates.checked_before_apply,
            "tested_after_apply": testing.tested_after_apply,
            "tested_stacks": testing.tested_stacks,
            "notified_channels": notices.notified_channels,
            "approval_notices": notices.approval_notices,
            "scheduled_checks": scheduled_checks,
            "checks": checking.checks,
            "checked_types": checking.checked_types,
            "deployments": deploying.deployments,
        }
        readers |= {field: partial(_read, read, scripts) for field, read in followed.items()}
        fields: dict[str, Any] = {"name": name}
        located: dict[str, object] = {}
        for field, read in readers.items():
            try:
                fields[field], located[field] = read(files)
            except Undetermined as undetermined:
                fields[field] = Unexamined(str(undetermined))
            except ReadError as error:
                fields[field] = Unreadable(error)
        return cls.of(files[0].where() if len(files) == 1 else checkout.shown(folder), fields, located)

    def stray_groups(self, grouped_by: Sequence[str]) -> list[str]:
        """Return the groups under which two runs may meet that change the state of one environment.

        All others are one group for each environment, whatever its name.
        """
        shapes = {group: _shape(group, grouped_by) for group in self.concurrency_groups}
        one = next((shape for shape in shapes.values() if _MARK in shape and "${{" not in shape), None)
        return [group for group, shape in shapes.items() if shape != one]

    def other_backend_settings(self, environment: str, backend: Mapping[str, str]) -> list[str]:
        """Return the settings that an environment's backends are given and that are not as they must be.

        Raises `Undetermined` where a file of settings lies outside the checkout, and where nobody knows
        which environment is given others.
        """
        if other := _others(self.backends.get(environment, []), backend):
            return other
        for setting in [*self.backends.get(environment, []), *_others(self.backends.get("", []), backend)]:
            if setting.startswith("?=") or setting in self.backends.get("", []):
                raise Undetermined(f"terraform init is given {setting.removeprefix('?=')}: whose is that?")
        return []

    def checks_any(self, work: Work) -> bool:
        """Return whether some of the work is checked. Raises `Undetermined` where what is unread may."""
        return _does(work, self.checks, self.checked_types)

    def tests_stack(self, name: str) -> bool:
        """Return whether the tests after every apply ask about a stack, by its name or about all."""
        return "*" in self.tested_stacks or name in self.tested_stacks

    def uploads(self, wanted: Uploads) -> bool:
        """Return whether each deployment of an environment brings this about.

        Raises `Undetermined` where one does not, and may: by what is not read, or only a run decides.
        """
        own = [it for it in self.deployments if _is_of(it, wanted.environment)]
        every = own or self.deployments
        return bool(every) and not one_is(every, lambda it: not _brings(it, wanted))

    def is_checked_every(self, days: int, environment: str) -> bool:
        """Return whether backups of an environment are checked by a schedule, so often or more often.

        Raises `Undetermined` where they are not, and may be.
        """
        return one_is(self.scheduled_checks, lambda it: _is_of(it, environment) and it.days <= days)

    def notices_hold(self, text: str) -> bool:
        """Return whether there is a notice of a waiting approval, and each holds a text.

        The address of the server may be written out. Source: GitHub's documentation, "Contexts", server_url.
        """
        notices = [known(it).replace(_ON_GITHUB, _ON_SERVER) for it in self.approval_notices]
        return bool(notices) and all(text.replace(_ON_GITHUB, _ON_SERVER) in it for it in notices)


_MARK = "{environment}"
_ON_GITHUB, _ON_SERVER = "https://github.com/", "${{ github.server_url }}/"


def _read(
    read: Callable[[Sequence[WorkflowFile], Scripts], tuple[Any, str]],
    scripts: Scripts,
    files: Sequence[WorkflowFile],
) -> tuple[Any, str]:
    return read(files, scripts)


def _shape(group: str, grouped_by: Sequence[str]) -> str:
    """Return a group as GitHub compares it, without regard to case, for whatever environment."""
    shape = group.casefold()
    for reference in grouped_by:
        shape = shape.replace(f"${{{{ {reference.casefold()} }}}}", _MARK)
    return shape


def _others(settings: Sequence[str], backend: Mapping[str, str]) -> list[str]:
    given = [it.partition("=") for it in settings]
    return [f"{name}={value}" for name, _, value in given if backend.get(name, value) != value]


def _is_of(it: Deployment | ScheduledCheck, environment: str) -> bool:
    """Return whether something is done in an environment, by its name or as a part of one, or in any."""
    named = known(it.environment)
    return not named or environment in (named, *re.split(r"[\W_]+", named))


def _brings(deployment: Deployment, wanted: Uploads) -> bool:
    """Return whether a deployment brings this about. Raises `Undetermined` where only a run tells."""

    def by_terraform() -> bool:
        return one_is(deployment.types, lambda it: it in wanted.types)

    def by_script() -> bool:
        return one_is(deployment.uploads, lambda it: _fits(it.names, wanted.files) and leads(it))

    def leads(upload: Upload) -> bool:
        return leads_to(known(upload.destination), wanted.bucket)

    return one_is((by_terraform, by_script), lambda way: way())


def _fits(names: Sequence[str], wanted: str) -> bool:
    return any(it == ANY_FILE or fnmatchcase(it, wanted) for it in map(known, names))


def _does(work: Work, commands: Sequence[str], types: Sequence[str]) -> bool:
    declared, lines = {*types}, [it for it in commands if not it.startswith(DOUBT)]

    def is_meant(line: str) -> bool:
        return any(fnmatchcase(line, pattern) for pattern in work.commands)

    if declared & {*work.types} or any(map(is_meant, lines)):
        return True
    for it in work.types:
        if f"{DOUBT}{it}" in declared:
            raise Undetermined(f"it is checked, and not known whether that is started by each change of {it}")
    doubtful = (it.removeprefix(DOUBT) for it in commands if it.startswith(DOUBT))
    if (perhaps := next(filter(is_meant, doubtful), None)) is not None:
        raise Undetermined(f"whether this checks it when it is changed is not known: {perhaps}")
    if "?" in declared or f"{DOUBT}?" in declared:
        raise Undetermined(
            "the Terraform that it is done on lies outside the checkout, or only a run knows where"
        )
    return False
