"""An account in a moto server of its own, made of the reference Terraform without Terraform."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

from plumbline.aws.reads import Answers, Aws
from plumbline.expectations.stack import Subject
from plumbline.kinds.state_object import StateObject
from plumbline.sources.moto.filling import fill
from selftest.applied.server import session
from selftest.front_door import SuiteRun, run_suite, variables_of_server
from selftest.mutations import history
from selftest.mutations.worlds import declared
from selftest.stacks.bbws import BBWS


@dataclass(frozen=True)
class Served:
    """An environment whose account a moto server holds."""

    environment: str
    endpoint: str

    @property
    def aws(self) -> Aws:
        """The account, to change it."""
        places = BBWS.stack.placeholders(self.environment)
        return Aws(self._client, places["account"], places["region"], Answers(), calls=None)

    @property
    def variables(self) -> dict[str, str]:
        """The process environment in which the suite meets this account only."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return inherited | variables_of_server(self.endpoint)

    def run(self, *arguments: str) -> SuiteRun:
        """Run the suite against the account."""
        return run_suite("--env", f"bbws/{self.environment}", "--live", *arguments, variables=self.variables)

    def create(self) -> None:
        """Create everything that the reference Terraform declares, in an account that was emptied."""
        urlopen(Request(f"{self.endpoint}/moto-api/reset", method="POST"))
        fill(self.aws, declared(BBWS).roots(BBWS.name, self.environment))

    def live_through(self) -> None:
        """Let happen what happens in a healthy account."""
        history.seed(self.aws, self.subjects)

    def keep_states(self) -> None:
        """Let the states of the roots lie in their bucket, as where Terraform was applied."""
        history.seed(self.aws, [it for it in self.subjects if it.kind is StateObject])

    @property
    def subjects(self) -> list[Subject]:
        """The resources of the environment."""
        return list(BBWS.stack.subjects(self.environment).values())

    @functools.cached_property
    def _client(self) -> Any:
        made = session()

        @functools.cache
        def client(service: str, region: str) -> Any:
            return made.client(service, region_name=region, endpoint_url=self.endpoint)

        return client
