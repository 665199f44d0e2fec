"""What actions of others do: those that apply, those that plan, and those of which only the name is known.

An action stands among the commands as `uses:`, its name, and its inputs as `name=value`. Sources: the
action.yml of each (dflook/terraform-github-actions, hashicorp/tfc-workflows-github, OP5dev/TF-via-PR,
gruntwork-io/terragrunt-action, pulumi/actions, hashicorp/terraform-cdk-action, appleboy/terraform-action).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from shlex import split

from plumbline.github.shell.path import Command, Status, is_known

Inputs = Mapping[str, str]


def _always(inputs: Inputs) -> Status:
    return True


def _never(inputs: Inputs) -> Status:
    return False


def _says(name: str, words: str, otherwise: Status = False) -> Callable[[Inputs], Status]:
    """Return what tells whether an input holds one of these words."""

    def told(inputs: Inputs) -> Status:
        value = inputs.get(name)
        if value is None:
            return otherwise
        return bool(re.search(rf"\b(?:{words})\b", value.lower())) if is_known(value) else None

    return told


def _run_of_hcp(inputs: Inputs) -> Status:
    """Return whether a run of HCP Terraform may apply: the workspace decides, unless it only plans."""
    return False if inputs.get("plan_only") == "true" else None


_APPLY: dict[str, Callable[[Inputs], Status]] = {
    "dflook/terraform-apply": _always,
    "dflook/tofu-apply": _always,
    "dflook/terraform-destroy": _always,
    "dflook/tofu-destroy": _always,
    "dflook/terraform-destroy-workspace": _always,
    "dflook/tofu-destroy-workspace": _always,
    "hashicorp/tfc-workflows-github/actions/apply-run": _always,
    "hashicorp/tfc-workflows-github/actions/create-run": _run_of_hcp,
    "hashicorp/terraform-github-actions": _says("tf_actions_subcommand", "apply|destroy", None),
    "hashicorp/terraform-cdk-action": _says("mode", "deploy|auto-approve-apply|destroy", None),
    "op5dev/tf-via-pr": _says("command", "apply", False),
    "devsectop/tf-via-pr": _says("command", "apply", False),
    "gruntwork-io/terragrunt-action": _says("tg_command", "apply|destroy|apply-all", None),
    "pulumi/actions": _says("command", "up|update|destroy", None),
    "appleboy/terraform-action": _says("actions", "apply|destroy", None),
    "terraform-community-modules/terraform-apply": _always,
    "aws-actions/aws-cdk-github-actions": _says("subcommand", "deploy|destroy", None),
    "youyo/aws-cdk-github-actions": _says("cdk_subcommand", "deploy|destroy", None),
}
_CHECK: dict[str, Callable[[Inputs], Status]] = {
    "dflook/terraform-plan": _always,
    "dflook/tofu-plan": _always,
    "dflook/terraform-check": _always,
    "dflook/tofu-check": _always,
    "dflook/terraform-validate": _always,
    "dflook/tofu-validate": _always,
    "dflook/terraform-test": _always,
    "hashicorp/tfc-workflows-github/actions/create-run": _always,
    "op5dev/tf-via-pr": _says("command", "plan", False),
    "devsectop/tf-via-pr": _says("command", "plan", False),
    "gruntwork-io/terragrunt-action": _says("tg_command", "plan|validate", False),
    "hashicorp/terraform-github-actions": _says("tf_actions_subcommand", "plan|validate", False),
    "pulumi/actions": _says("command", "preview", False),
}
_HARMLESS_OWNERS = (
    "actions/",
    "github/",
    "docker/",
    "slackapi/",
    "aws-actions/",
    "google-github-actions/auth",
    "azure/login",
)
_DEPLOYING = re.compile(
    r"(?:^|[^a-z])(?:digger|diggerhq|terrateam|terrateamio|apply|deploy|deployer|deployment|destroy|terraform|terragrunt|tofu|opentofu|pulumi|cdktf|cdk|tf)(?:[^a-z]|$)"
)
_HARMLESS = re.compile(
    r"(?:^|[^a-z])(?:setup|install|installer|lint|tflint|fmt|format|docs?|validate|plan|scan|scanner|security|cost|infracost"
    r"|comment|commenter|outputs?|version|versions|checkov|trivy|tfsec|slack|notify|notification|status|pages|cache|review)(?:[^a-z]|$)"
)
_TELLS = re.compile(r"slack|notif|comment|teams|discord|summary")
_ITSELF = "${{ github.repository }}"
_RETRY = ("nick-fields/retry", "nick-invision/retry")
_WRITTEN = re.compile(r"\b(?:terraform|tofu|terragrunt)\b.{0,200}?\b(?:apply|destroy)\b", re.DOTALL)
_PLUMBLINE = "/.github/actions/plumbline"


def as_command(uses: str, inputs: Inputs, folder: str, variables: Mapping[str, str] | None = None) -> Command:
    """Return an action as it stands among the commands."""
    words = ("uses:", uses, *(f"{name}={value}" for name, value in inputs.items()))
    return Command(words, folder, variables or {})


def name_of(command: Command) -> str:
    """Return the action of a command without its version, in small letters."""
    return command.words[1].partition("@")[0].lower()


def inputs_of(command: Command) -> dict[str, str]:
    """Return what the action of a command is given."""
    return {name: value for name, _, value in (it.partition("=") for it in command.words[2:])}


def applies(command: Command) -> Status:
    """Return whether an action changes infrastructure; None for one that may, by its name.

    What a workflow elsewhere does, or a program of the checkout, no name says.
    """
    name = name_of(command)
    if name in _APPLY:
        return _APPLY[name](inputs_of(command))
    if name in _CHECK or f"/{name}".endswith(_PLUMBLINE):
        return False
    if name.startswith("./") or "/.github/workflows/" in name:
        return None
    if tells(command):
        return False
    if any(_WRITTEN.search(value) for value in inputs_of(command).values()):
        return None
    if name.startswith(_HARMLESS_OWNERS):
        return False
    return None if _DEPLOYING.search(name) and not _HARMLESS.search(name) else False


def tells(command: Command) -> bool:
    """Return whether an action only tells something, to people or below a pull request."""
    return bool(_TELLS.search(name_of(command)))


def script_of(uses: str, inputs: Inputs) -> str:
    """Return the script that an action only runs again where it fails; empty for every other action."""
    return inputs.get("command", "") if uses.partition("@")[0].lower() in _RETRY else ""


def checked_out_to(uses: str, inputs: Inputs) -> str:
    """Return the folder that an action checks the repository itself out to; empty for the workspace.

    Source: the README of actions/checkout, `repository` and `path`.
    """
    is_own = inputs.get("repository", _ITSELF) in (_ITSELF, "")
    is_checkout = uses.partition("@")[0].lower() == "actions/checkout"
    path = posixpath.normpath(inputs.get("path") or ".")
    return path if is_own and is_checkout and path != "." else ""


def checks(command: Command) -> bool:
    """Return whether an action plans, validates or tests."""
    known = _CHECK.get(name_of(command), _never)
    return known(inputs_of(command)) is True or tests(command) is not None


def tests(command: Command) -> tuple[str, ...] | None:
    """Return what the action of this product gives pytest; None for every other action."""
    if not f"/{name_of(command)}".endswith(_PLUMBLINE):
        return None
    inputs = inputs_of(command)
    try:
        given = split(inputs.get("arguments", ""))
    except ValueError:
        given = inputs.get("arguments", "").split()
    chosen = inputs.get("environment", "").strip()
    severe = ",".join(re.split(r"[\s,]+", inputs.get("fail-on", "").strip()))
    options = [f"--env={chosen}"] if chosen else []
    return (*options, *([f"--fail-on={severe}"] if severe else []), *given)
