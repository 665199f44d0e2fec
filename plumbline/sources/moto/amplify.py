"""Amplify, which moto lacks as a whole: applications and branches are made, changed, described and tagged.

A job that is started has succeeded at once: nothing is built.

The service is registered as moto's own are: a backend for each account and region, in a module of its name.
"""

import re
import sys
from typing import Any
from urllib.parse import unquote

from moto import backend_index
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

SERVICE = "amplify"
_OF_APP = {
    "description": "",
    "repository": "",
    "platform": "WEB",
    "environmentVariables": {},
    "enableBranchAutoBuild": False,
    "enableBasicAuth": False,
}
_OF_BRANCH = {
    "description": "",
    "stage": "NONE",
    "enableNotification": False,
    "environmentVariables": {},
    "enableAutoBuild": True,
    "customDomains": [],
    "framework": "",
    "activeJobId": "",
    "totalNumberOfJobs": "0",
    "enableBasicAuth": False,
    "ttl": "5",
    "enablePullRequestPreview": False,
}
"""What is answered of what was not said. Source: Amplify API Reference, App and Branch."""

_JOBS_AT_ONCE = 50


class AmplifyBackend(BaseBackend):
    """The applications of one account and region, and their branches."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.apps: dict[str, dict[str, Any]] = {}
        self.branches: dict[tuple[str, str], dict[str, Any]] = {}
        self.jobs: dict[tuple[str, str], list[dict[str, Any]]] = {}
        """Those of each branch, the newest first."""

    @property
    def _url_module(self) -> Any:
        return sys.modules[__name__]


class AmplifyResponse(BaseResponse):
    """The operations that the suite and Terraform call."""

    def __init__(self) -> None:
        super().__init__(service_name=SERVICE)
        self.automated_parameter_parsing = True

    @property
    def _backend(self) -> AmplifyBackend:
        backend: AmplifyBackend = amplify_backends[self.current_account][self.region]
        return backend

    def create_app(self) -> ActionResult:
        id_ = f"d{mock_random.get_random_hex(13)}"
        made = {
            **_OF_APP,
            **self._said,
            "appId": id_,
            "appArn": f"arn:aws:amplify:{self.region}:{self.current_account}:apps/{id_}",
            "defaultDomain": f"{id_}.amplifyapp.com",
            "createTime": utcnow(),
            "updateTime": utcnow(),
        }
        self._backend.apps[id_] = made
        return ActionResult({"app": made})

    def get_app(self) -> ActionResult:
        return ActionResult({"app": self._app})

    def update_app(self) -> ActionResult:
        self._app.update(self._said, updateTime=utcnow())
        return ActionResult({"app": self._app})

    def list_apps(self) -> ActionResult:
        return ActionResult({"apps": list(self._backend.apps.values())})

    def delete_app(self) -> ActionResult:
        app = self._app
        del self._backend.apps[app["appId"]]
        for key in [it for it in self._backend.branches if it[0] == app["appId"]]:
            del self._backend.branches[key]
        return ActionResult({"app": app})

    def create_branch(self) -> ActionResult:
        app, name = self._app, self._get_param("branchName")
        made = {
            **_OF_BRANCH,
            "displayName": name,
            **self._said,
            "branchArn": f"{app['appArn']}/branches/{name}",
            "branchName": name,
            "createTime": utcnow(),
            "updateTime": utcnow(),
        }
        self._backend.branches[app["appId"], name] = made
        return ActionResult({"branch": made})

    def get_branch(self) -> ActionResult:
        return ActionResult({"branch": self._branch})

    def update_branch(self) -> ActionResult:
        """Change a branch; what is said of its variables replaces all of them."""
        self._branch.update(self._said, updateTime=utcnow())
        return ActionResult({"branch": self._branch})

    def list_branches(self) -> ActionResult:
        of_app = self._app["appId"]
        return ActionResult(
            {"branches": [it for (app, _), it in self._backend.branches.items() if app == of_app]}
        )

    def delete_branch(self) -> ActionResult:
        branch = self._branch
        del self._backend.branches[self._app["appId"], branch["branchName"]]
        return ActionResult({"branch": branch})

    def start_job(self) -> ActionResult:
        branch, jobs = self._branch, self._jobs
        number = str(len(jobs) + 1)
        made = {
            "commitId": "HEAD",
            "commitMessage": "",
            "commitTime": utcnow(),
            **self._said,
            "jobArn": f"{branch['branchArn']}/jobs/{number.zfill(10)}",
            "jobId": number,
            "startTime": utcnow(),
            "endTime": utcnow(),
            "status": "SUCCEED",
        }
        jobs.insert(0, made)
        return ActionResult({"jobSummary": made})

    def list_jobs(self) -> ActionResult:
        """List some of the jobs; the token of the next page is how many there were before."""
        begin = int(self._get_param("nextToken") or 0)
        end = begin + int(self._get_param("maxResults") or _JOBS_AT_ONCE)
        more = {"nextToken": str(end)} if end < len(self._jobs) else {}
        return ActionResult({"jobSummaries": self._jobs[begin:end], **more})

    def get_job(self) -> ActionResult:
        asked = self._get_param("jobId")
        found = [it for it in self._jobs if it["jobId"] == asked]
        if not found:
            raise JsonRESTError("NotFoundException", f"Job {asked} not found.")
        return ActionResult({"job": {"summary": found[0], "steps": []}})

    def list_tags_for_resource(self) -> ActionResult:
        return ActionResult({"tags": self._tagged.get("tags", {})})

    def tag_resource(self) -> EmptyResult:
        self._tagged.setdefault("tags", {}).update(self._get_param("tags"))
        return EmptyResult()

    @property
    def _said(self) -> dict[str, Any]:
        """The members of the request but those that say of what it is."""
        of_what = ("appId", "branchName", "accessToken", "oauthToken")
        return {name: it for name, it in self.params.items() if name not in of_what}

    @property
    def _app(self) -> dict[str, Any]:
        id_ = self._get_param("appId")
        if id_ not in self._backend.apps:
            raise JsonRESTError("NotFoundException", f"App {id_} not found.")
        return self._backend.apps[id_]

    @property
    def _branch(self) -> dict[str, Any]:
        key = self._app["appId"], unquote(self._get_param("branchName"))
        if key not in self._backend.branches:
            raise JsonRESTError("NotFoundException", f"Branch {key[1]} not found.")
        return self._backend.branches[key]

    @property
    def _jobs(self) -> list[dict[str, Any]]:
        return self._backend.jobs.setdefault((self._app["appId"], self._branch["branchName"]), [])

    @property
    def _tagged(self) -> dict[str, Any]:
        _, app, *branch = unquote(self._get_param("resourceArn")).rpartition(":")[2].split("/", 3)
        held = self._backend.branches.get((app, branch[-1])) if branch else self._backend.apps.get(app)
        if held is None:
            raise JsonRESTError("ResourceNotFoundException", "The resource does not exist.")
        return held


# moto's own regions are those in which botocore knows of the service; proofs work in another one.
amplify_backends = BackendDict(AmplifyBackend, SERVICE, additional_regions=["af-south-1"])
url_bases = [r"https?://amplify\.(.+)\.amazonaws\.com"]
_APP = "{0}/apps/(?P<appId>[^/]+)"
_BRANCH = f"{_APP}/branches/(?P<branchName>[^/]+)"
url_paths = dict.fromkeys(
    (
        "{0}/apps$",
        f"{_APP}$",
        f"{_APP}/branches$",
        f"{_BRANCH}$",
        f"{_BRANCH}/jobs$",
        f"{_BRANCH}/jobs/(?P<jobId>[^/]+)$",
        "{0}/tags/(?P<resourceArn>.+)$",
    ),
    AmplifyResponse.dispatch,
)


def install() -> None:
    """Let moto find the service, unless it has one of its own."""
    if SERVICE not in dict(backend_index.backend_url_patterns):
        backend_index.backend_url_patterns.append((SERVICE, re.compile(url_bases[0])))
        sys.modules[f"moto.{SERVICE}"] = sys.modules[__name__]
