"""What GitHub keeps of a repository beside its files: who approves a deployment, what a merge needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from plumbline.kinds.bounds import Some
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Undetermined
from plumbline.values.wildcards import ANYTHING, literal, matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from plumbline.github.api import GitHub
    from plumbline.github.checkout import Checkout

_NOT_NAMED = "it lies in GitHub's settings: give --github OWNER/NAME and a token in GH_TOKEN or GITHUB_TOKEN"


class DeploymentEnvironmentLimits(Model):
    """What can be expected of a deployment environment besides its fields."""

    least_reviewers: Some


class DeploymentEnvironment(Kind):
    """An environment of GitHub that jobs deploy to.

    Source: GitHub's REST API, "Get an environment" and "List deployment branch policies".
    """

    noun = "deployment_environment"
    plural = "deployment_environments"
    lies_in_repository = True
    limits = DeploymentEnvironmentLimits

    reviewers: int = 0
    """How many people or teams may approve; one of them has to."""
    branches: list[Text] = []
    """The branches and tags that may deploy, or patterns of them; `*` where nothing restricts them."""

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return the environment as GitHub describes it. Raises `Undetermined` where it may not be asked."""
        from plumbline.github.api import encoded

        host = host_of(checkout)
        path = f"environments/{encoded(name)}"
        answer = host.get(path, f"GitHub environment {name}")
        try:
            rules = answer.get("protection_rules", [])
            listed = [
                it for rule in rules if rule["type"] == "required_reviewers" for it in rule["reviewers"]
            ]
            fields = {
                "name": answer["name"],
                "reviewers": len(listed),
                "branches": _branches(host, path, answer),
            }
        except (AttributeError, KeyError, TypeError):
            raise host.unexpected(path) from None
        return cls.of(host.where(path), fields)


class ProtectedBranchLimits(Model):
    """What can be expected of a branch besides its fields."""

    workflow: str
    """The workflow file that a merge must need."""


class ProtectedBranch(Kind):
    """A branch, and what GitHub asks of a merge into it: by its protection, or by rules that apply to it.

    Source: GitHub's REST API, "Get a branch" and "Get rules for a branch".
    """

    noun = "protected_branch"
    plural = "protected_branches"
    lies_in_repository = True

    limits = ProtectedBranchLimits

    required_checks: list[Text] = []
    """The status checks that a merge needs."""
    required_workflows: list[Text] = []
    """The workflow files of the checkout that a merge needs, as a whole or a job of theirs."""

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return the branch as GitHub describes it. Raises `Undetermined` where it may not be asked."""
        from plumbline.github.api import encoded

        host = host_of(checkout)
        path, rules_path = f"branches/{encoded(name)}", f"rules/branches/{encoded(name)}"
        branch = host.get(path, f"branch {name}")
        rules = host.all(rules_path)
        try:
            checks = _required_checks(branch, rules)
            fields: dict[str, Any] = {"name": branch["name"], "required_checks": checks}
        except (AttributeError, KeyError, TypeError):
            raise host.unexpected(path) from None
        fields["required_workflows"] = lambda: _required_workflows(checkout, checks)
        return cls.of(host.where(path), fields)


def _required_workflows(checkout: Checkout, checks: Sequence[str]) -> list[str]:
    """Return the workflows that these checks stand for, by their paths in the checkout.

    A job's check bears its name, or its key where it has none; a job that calls a workflow, or has a matrix,
    adds to it. Source: GitHub Docs, "Troubleshooting required status checks" and "About protected branches".
    """
    from plumbline.github.workflows import document, mapping, text

    found = []
    for path in checkout.below(".github/workflows", (".yml", ".yaml")):
        name = path.relative_to(checkout.folder).as_posix()
        workflow = mapping(document(checkout, path).data)
        jobs = mapping(workflow.get("jobs"))
        names = [text(mapping(job).get("name")) or str(key) for key, job in jobs.items()]
        of_workflow = text(workflow.get("name")) or name
        patterns = [_check(it, of_workflow) for it in (*names, *map(str, jobs))]
        if name in checks or any(fits(check) for fits in patterns for check in checks):
            found.append(name)
    return found


def _check(job: str, workflow: str) -> Callable[[str], bool]:
    """Return what the checks of a job are called; what an expression in its name gives may be anything."""
    named = ANYTHING.join(map(literal, re.split(r"\$\{\{.*?\}\}", job)))
    return matcher(rf"(?:{literal(workflow)} / )?{named}(?: \(.*\)| / .*)?", job)


def host_of(checkout: Checkout) -> GitHub:
    """Return what reads GitHub's settings of a checkout. Raises `Undetermined` where it is not named."""
    if checkout.host is None:
        raise Undetermined(_NOT_NAMED)
    return checkout.host


def _branches(host: GitHub, path: str, environment: dict[str, Any]) -> list[str]:
    policy = environment.get("deployment_branch_policy")
    if not policy:
        return ["*"]
    if policy["custom_branch_policies"]:
        policies = host.all(f"{path}/deployment-branch-policies", under="branch_policies")
        return [it["name"] for it in policies]
    return [it["name"] for it in host.all("branches?protected=true")]


def _required_checks(branch: dict[str, Any], rules: list[dict[str, Any]]) -> list[str]:
    protection = branch.get("protection") or {}
    own = protection.get("required_status_checks") or {}
    asked = own.get("enforcement_level") != "off" and protection.get("enabled", True)
    contexts = list(own.get("contexts", [])) if asked else []
    for rule in rules:
        if rule["type"] == "required_status_checks":
            contexts += [it["context"] for it in rule["parameters"]["required_status_checks"]]
        elif rule["type"] == "workflows":
            contexts += [it["path"] for it in rule["parameters"]["workflows"]]
    return list(dict.fromkeys(contexts))
