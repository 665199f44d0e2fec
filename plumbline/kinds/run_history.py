"""How the workflows of a repository ran lately, and how long deployments have been waiting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field

from plumbline.kinds.github import host_of
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text
from plumbline.values.unknown import NoData, Undetermined

if TYPE_CHECKING:
    from plumbline.github.api import GitHub
    from plumbline.github.checkout import Checkout

_FAILED = frozenset({"failure", "timed_out", "startup_failure"})
"""The conclusions of a run that failed. Source: GitHub's REST API, "List workflow runs for a repository"."""
_LAST = 10
"""How many of the last runs of a workflow are read."""


class RunHistoryLimits(Model):
    """What can be expected of a history of runs besides its fields."""

    recurring_failures: Annotated[int, Field(gt=0, le=_LAST)]
    """How many failures in a row are one too many."""
    most_hours_waiting: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """How long a deployment may wait for its approval or its turn."""


class RunHistory(Kind):
    """The runs of all workflows of a repository. Its name is the environment whose deployments may wait.

    Source: GitHub's REST API, "List repository workflows", "List workflow runs for a workflow", "Get pending
    deployments for a workflow run" and "List jobs for a workflow run".
    """

    noun = "run_history"
    plural = "run_histories"
    lies_in_repository = True
    limits = RunHistoryLimits

    failures_in_a_row: dict[Text, int] = {}
    """How many of the last runs of each workflow failed, one after the other up to the newest."""
    hours_waiting: float = 0
    """How long the oldest deployment to the environment has been waiting for its approval; 0 for none."""
    hours_perhaps_waiting: float = 0
    """The same, where it waits for as long as the oldest of several that wait in its run."""
    hours_queued: float = 0
    """How long the oldest run has been queued, to whatever environment it deploys; 0 for none."""

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return the history as GitHub tells it. Raises `Undetermined` where it may not be asked."""
        host = host_of(checkout)
        path = "actions/workflows"
        try:
            failures = dict(_failures(host, path))
            waiting = [tuple(map(_hours_since, it)) for it in _waiting(host, name)]
            queued = [_hours_since(_begun(run)) for run in _queued(host)]
        except (AttributeError, KeyError, TypeError, ValueError):
            raise host.unexpected(path) from None
        if not failures:
            raise NoData(f"no workflow of {host.repository} has ended a run")
        fields = {
            "name": name,
            "failures_in_a_row": failures,
            "hours_waiting": max((least for least, _ in waiting), default=0),
            "hours_perhaps_waiting": max((most for _, most in waiting), default=0),
            "hours_queued": max(queued, default=0),
        }
        return cls.of(host.where(path), fields)

    def failing(self, recurring: int) -> list[str]:
        """Return the workflows of which so many of the last runs failed."""
        return [workflow for workflow, failures in self.failures_in_a_row.items() if failures >= recurring]

    def waits_longer_than(self, hours: float) -> bool:
        """Return whether a deployment to the environment waits longer.

        Raises `Undetermined` where a run is queued so long, or another job of its run waits so long, and
        GitHub does not tell where that deploys to.
        """
        if self.hours_waiting <= hours < self.hours_perhaps_waiting:
            told = f"a job of its run has been waiting for {self.hours_perhaps_waiting:.1f} hours"
            raise Undetermined(f"{told}, and GitHub does not say to which environment it deploys")
        if self.hours_waiting <= hours < self.hours_queued:
            told = f"a run has been queued for {self.hours_queued:.1f} hours"
            raise Undetermined(f"{told}, and GitHub does not say to which environment it deploys")
        return self.hours_waiting > hours


def _failures(host: GitHub, path: str) -> Iterator[tuple[str, int]]:
    for workflow in host.all(path, under="workflows"):
        if workflow["state"] != "active":
            continue
        answer = host.get(f"{path}/{workflow['id']}/runs?status=completed&per_page={_LAST}")
        if runs := answer["workflow_runs"]:
            failed = takewhile(lambda run: run["conclusion"] in _FAILED, runs)
            yield workflow["path"], len(list(failed))


def _waiting(host: GitHub, environment: str) -> Iterator[tuple[str, str]]:
    """Yield since when each deployment to an environment waits for its approval: at the latest, and at first.

    A run may have been asked for long before, and have waited for other environments, or been run again.
    """
    for run in host.all("actions/runs?status=waiting", under="workflow_runs"):
        deployments = host.get(f"actions/runs/{run['id']}/pending_deployments")
        for pending in deployments:
            if pending["environment"]["name"] == environment:
                since = pending.get("wait_timer_started_at")
                times = [since] if since else sorted(_since(host, run))
                yield (times[-1] if len(deployments) > 1 else times[0]), times[0]


def _since(host: GitHub, run: dict[str, Any]) -> list[str]:
    """Return since when the jobs of a run wait; since it began, where GitHub names none that does."""
    jobs = host.all(f"actions/runs/{run['id']}/jobs", under="jobs")
    return [it["created_at"] for it in jobs if it["status"] == "waiting"] or [_begun(run)]


def _begun(run: dict[str, Any]) -> str:
    """Return when a run began, or was run again."""
    return str(run.get("run_started_at") or run["created_at"])


def _queued(host: GitHub) -> Iterator[dict[str, Any]]:
    """Yield the runs that wait for a runner, or for another run of their concurrency group."""
    for status in ("queued", "pending"):
        yield from host.all(f"actions/runs?status={status}", under="workflow_runs")


def _hours_since(time: str) -> float:
    return round((datetime.now(UTC) - datetime.fromisoformat(time)) / timedelta(hours=1), 1)
