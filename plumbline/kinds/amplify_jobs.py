"""How the builds of a branch of an Amplify application ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from plumbline.kinds.amplify import APPS, ARN, id_of_app
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_JOBS = Call(
    "amplify:ListJobs",
    {"appId": "{id}", "branchName": "{branch}"},
    of=f"{ARN}/branches/{{branch}}/jobs/*",
    on="arn:aws:amplify:{region}:{account}:apps/*/branches/{branch}/jobs/*",
    missing=("NotFoundException",),
)
_SUCCEEDED = "SUCCEED"
_ENDED = (_SUCCEEDED, "FAILED", "CANCELLED")
"""The statuses of a job that has ended. Source: Amplify API reference, JobSummary, status."""


class OfJobs(Model):
    """What is asked of the builds of an application."""

    branch: Annotated[str, Field(min_length=1)]
    """The branch that is built."""
    looked_at: Annotated[int, Field(gt=0, le=50)]
    """How many of the newest jobs are looked at: Amplify lists 50 at once."""

    @property
    def bound(self) -> dict[str, Any]:
        """The parameter that ends the list after so many jobs."""
        return {"PaginationConfig": {"MaxItems": self.looked_at}}


class AmplifyJobsLimits(Model):
    """What can be expected of the builds besides the fields."""

    least_earlier_successes: Annotated[int, Field(gt=0)]


class AmplifyJobs(Kind):
    """The newest jobs of a branch. Its name is the application's."""

    noun = "amplify_jobs"
    plural = "amplify_jobs"
    call = _JOBS
    further_calls: ClassVar[tuple[Call, ...]] = (APPS,)
    limits = AmplifyJobsLimits
    question = OfJobs
    remedy_names = ("app_id", "job_id", "good_job_id")

    app_id: str = ""
    """The id of the application, as commands take it."""
    latest: str = ""
    """How the newest of them ended that has ended: SUCCEED, FAILED or CANCELLED."""
    latest_job: Text = ""
    """The id of that one."""
    last_success: Text = ""
    """The id of the newest that succeeded, which is what is served; empty where none did."""
    earlier_successes: int = 0
    """How many succeeded before that one: what it is possible to go back to."""

    def named_in_remedies(self) -> dict[str, str]:
        """Return the ids that commands take: of the application, and of jobs where there are such."""
        return known_texts(app_id=self.app_id, job_id=self.latest_job, good_job_id=self.last_success)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list the jobs. Amplify lists the newest first."""
        app = id_of_app(asked)
        reply = asked.ask(_JOBS, id=app, parameters=asked.question.bound)
        return Found(reply.at("@").map(lambda answer: {"app_id": app, **_told(answer, asked)}), reply.call)


def _told(answer: Answer, asked: Asked) -> Mapping[str, Any]:
    jobs: Sequence[Mapping[str, Any]] = answer["jobSummaries"]
    ended = [it for it in jobs if it["status"] in _ENDED]
    if not ended:
        none = Unmeasured(f"no job of branch {asked.question.branch} of {asked.name} has ended")
        return dict.fromkeys(("latest", "latest_job", "last_success", "earlier_successes"), none)
    succeeded = [it["jobId"] for it in ended if it["status"] == _SUCCEEDED]
    return {
        "latest": ended[0]["status"],
        "latest_job": ended[0]["jobId"],
        "last_success": succeeded[0] if succeeded else "",
        "earlier_successes": len(succeeded[1:]),
    }
