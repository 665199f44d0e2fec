"""IAM Access Analyzer, which moto lacks as a whole: analyzers are made, listed, described and tagged.

The service is registered as moto's own are: a backend for each account and region, in a module of its name.
"""

import re
import sys
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from moto import backend_index
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import utcnow

SERVICE = "accessanalyzer"


@dataclass
class Analyzer:
    """An analyzer, which is active from the start."""

    name: str
    arn: str
    type: str
    tags: dict[str, str] = field(default_factory=dict)
    created: datetime = field(default_factory=utcnow)

    def described(self) -> dict[str, Any]:
        """The analyzer as the API shows it."""
        return {
            "arn": self.arn,
            "name": self.name,
            "type": self.type,
            "createdAt": self.created,
            "tags": self.tags,
            "status": "ACTIVE",
        }


class AccessAnalyzerBackend(BaseBackend):
    """The analyzers of one account and region, by name."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.analyzers: dict[str, Analyzer] = {}

    @property
    def _url_module(self) -> Any:
        return sys.modules[__name__]


class AccessAnalyzerResponse(BaseResponse):
    """The operations that the suite and Terraform call."""

    def __init__(self) -> None:
        super().__init__(service_name=SERVICE)
        self.automated_parameter_parsing = True

    @property
    def _analyzers(self) -> dict[str, Analyzer]:
        backend: AccessAnalyzerBackend = accessanalyzer_backends[self.current_account][self.region]
        return backend.analyzers

    def create_analyzer(self) -> ActionResult:
        name = self._get_param("analyzerName")
        arn = f"arn:aws:access-analyzer:{self.region}:{self.current_account}:analyzer/{name}"
        self._analyzers[name] = Analyzer(name, arn, self._get_param("type"), self._get_param("tags") or {})
        return ActionResult({"arn": arn})

    def get_analyzer(self) -> ActionResult:
        return ActionResult({"analyzer": self._found(self._get_param("analyzerName")).described()})

    def list_analyzers(self) -> ActionResult:
        return ActionResult({"analyzers": [analyzer.described() for analyzer in self._analyzers.values()]})

    def delete_analyzer(self) -> EmptyResult:
        del self._analyzers[self._found(self._get_param("analyzerName")).name]
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        name = unquote(self._get_param("resourceArn")).rpartition("/")[2]
        return ActionResult({"tags": self._found(name).tags})

    def _found(self, name: str) -> Analyzer:
        if name not in self._analyzers:
            raise JsonRESTError("ResourceNotFoundException", f"Analyzer {name} does not exist")
        return self._analyzers[name]


accessanalyzer_backends = BackendDict(AccessAnalyzerBackend, SERVICE)
url_bases = [r"https?://access-analyzer\.(.+)\.amazonaws\.com"]
url_paths = {
    "{0}/analyzer$": AccessAnalyzerResponse.dispatch,
    "{0}/analyzer/(?P<analyzerName>[^/]+)$": AccessAnalyzerResponse.dispatch,
    "{0}/tags/(?P<resourceArn>.+)$": AccessAnalyzerResponse.dispatch,
}


def install() -> None:
    """Let moto find the service, unless it has one of its own."""
    if SERVICE not in dict(backend_index.backend_url_patterns):
        backend_index.backend_url_patterns.append((SERVICE, re.compile(url_bases[0])))
        sys.modules[f"moto.{SERVICE}"] = sys.modules[__name__]
