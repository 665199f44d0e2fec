"""What GitHub's REST API answers of a repository whose settings are as the runbook wants them.

The replies are laid out as GitHub's documentation shows them: "Get an environment", "List deployment branch
policies", "Get a branch", "Get rules for a branch", "List workflow runs for a workflow" and "Get pending
deployments for a workflow run".
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from plumbline.github.api import GitHub, NotFound

NAME = "octo-org/schemas"
Replies = dict[str, Any]


def environment(name: str) -> Replies:
    """Return the reply to `GET environments/NAME`."""
    reviewer = {"type": "User", "reviewer": {"login": "octocat", "id": 1, "type": "User"}}
    return {
        "id": 161088068,
        "name": name,
        "can_admins_bypass": True,
        "protection_rules": [
            {"id": 3736, "type": "wait_timer", "wait_timer": 30},
            {"id": 3755, "type": "required_reviewers", "prevent_self_review": False, "reviewers": [reviewer]},
            {"id": 3756, "type": "branch_policy"},
        ],
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    }


def ended_runs(*conclusions: str) -> Replies:
    """Return the reply to `GET actions/workflows/ID/runs`, the newest run first."""
    told = conclusions or ("failure", "failure", "success")
    runs = [{"id": number, "status": "completed", "conclusion": it} for number, it in enumerate(told)]
    return {"total_count": len(runs), "workflow_runs": runs}


def _hours_ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def job(status: str, hours: float) -> dict[str, Any]:
    """A job of a run, made so many hours ago."""
    return {"id": 1, "status": status, "created_at": _hours_ago(hours)}


def conforming(*environments: str) -> Replies:
    """Return the reply to each path."""
    policies = {"total_count": 1, "branch_policies": [{"id": 361471, "name": "main", "type": "branch"}]}
    checks = {"enforcement_level": "off", "contexts": [], "checks": []}
    rule = {
        "type": "required_status_checks",
        "ruleset_source_type": "Repository",
        "ruleset_id": 42,
        "parameters": {
            "strict_required_status_checks_policy": True,
            "required_status_checks": [{"context": "validate schemas / static", "integration_id": 15368}],
        },
    }
    names = ("terraform-apply", "validate-schemas")
    workflows = [
        {"id": number, "name": name, "path": f".github/workflows/{name}.yml", "state": "active"}
        for number, name in enumerate(names, start=1)
    ]
    waiting = {"id": 30433642, "status": "waiting", "created_at": _hours_ago(1)}
    pending = [{"environment": {"name": "sit"}, "wait_timer": 0, "wait_timer_started_at": _hours_ago(1)}]
    return {
        **{f"actions/workflows/{it['id']}/runs?status=completed": ended_runs() for it in workflows},
        "actions/workflows": {"total_count": 2, "workflows": workflows},
        "actions/runs?status=waiting": {"total_count": 1, "workflow_runs": [waiting]},
        "actions/runs?status=queued": {"total_count": 0, "workflow_runs": []},
        "actions/runs?status=pending": {"total_count": 0, "workflow_runs": []},
        "actions/runs/30433642/pending_deployments": pending,
        "actions/runs/30433642/jobs": {"total_count": 1, "jobs": [job("waiting", hours=1)]},
        "": {"id": 1296269, "full_name": NAME, "private": True},
        **{f"environments/{name}": environment(name) for name in environments},
        **{f"environments/{name}/deployment-branch-policies": policies for name in environments},
        "branches?protected=true": [{"name": "main", "protected": True}],
        "branches/main": {
            "name": "main",
            "protected": True,
            "protection": {"enabled": False, "required_status_checks": checks},
        },
        "rules/branches/main": [{"type": "deletion", "ruleset_id": 42}, rule],
    }


class Canned(GitHub):
    """GitHub without a network: it gives these replies."""

    def __init__(self, replies: Replies) -> None:
        super().__init__(NAME, "not-a-token")
        object.__setattr__(self, "replies", replies)

    def _asked(self, path: str) -> Any:
        name = path.partition("&per_page")[0].partition("?per_page")[0]
        if name not in self.replies:  # type: ignore[attr-defined]
            raise NotFound
        return copy.deepcopy(self.replies[name])  # type: ignore[attr-defined]
