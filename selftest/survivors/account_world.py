"""What becomes of an edit of the account: it is made anew with one request changed, and tested."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from plumbline.aws.reads import Answer, Aws
from plumbline.suite.subjects import Examination
from plumbline.values.unknown import Undetermined
from selftest.mutations.suite import Suite
from selftest.mutations.worlds import Account, suite
from selftest.stacks.proven import Proven
from selftest.survivors.account_edits import COPIED, OMITTED, Edit, Requested, edits
from selftest.survivors.outcome import Outcome, held, read_sets


class Requests:
    """The requests that an account is made by, in order, and the one that is made otherwise."""

    def __init__(self, edit: Edit | None = None) -> None:
        self.made: list[Requested] = []
        self._edit = edit
        self.refused = ""
        """Why AWS's definitions, or moto, refuse the edit."""

    def through(self, aws: Aws) -> Aws:
        """Return the account so that requests to it are noted, and one is edited."""
        return _Noted(aws, self)

    def make(self, aws: Aws, operation: str, parameters: dict[str, object]) -> Answer:
        """Make a request, or what the edit makes of it."""
        request = Requested(len(self.made), operation, parameters)
        self.made.append(request)
        if self._edit is None or self._edit.request.number != request.number:
            return Aws.write(aws, operation, **parameters)
        assert operation == self._edit.request.operation
        if self._edit.way.startswith(OMITTED):
            raise Undetermined("the edit leaves it out")
        answer = Aws.write(aws, operation, **parameters) if self._edit.way.startswith(COPIED) else None
        try:
            edited = Aws.write(aws, operation, **self._edit.applied(parameters))
        except (BotoCoreError, ClientError) as refused:
            self.refused = str(refused)
            raise
        return edited if answer is None else answer


class _Noted(Aws):
    """An account whose requests are noted."""

    def __init__(self, aws: Aws, requests: Requests) -> None:
        self.__dict__.update(aws.__dict__)
        self._requests = requests

    def within(self, region: str, account: str = "") -> Aws:
        return _Noted(Aws.within(self, region, account), self._requests)

    def write(self, operation: str, **parameters: object) -> Answer:
        return self._requests.make(self, operation, parameters)


class AccountWorld:
    """The account of that environment of a stack in which most is asked."""

    def __init__(self, proven: Proven) -> None:
        self._proven, self.environment = proven, most_asked(proven)
        self._suite = suite(proven, self.environment, "live")
        self._asked = _of_settings(self._suite)
        self._services = functools.cache(self._services_of)
        self._reads = read_sets(self._asked.values())
        unedited = Account(proven, self.environment, lived=False)  # now: there is one account at a time
        self._lacking = len(unedited.filled.lacking)

    def edits(self) -> Iterator[Edit]:
        """Yield the edits of the account."""
        noted = Requests()
        account = Account(self._proven, self.environment, noted.through, lived=False)
        return edits(noted.made, {*account.filled.names.values()})

    def outcome(self, edit: Edit) -> Outcome:
        """Return what becomes of an edit."""
        requests = Requests(edit)
        account = Account(self._proven, self.environment, requests.through, lived=False)
        if requests.refused:
            return Outcome("refused", requests.refused)
        spread = len(account.filled.lacking) > self._lacking  # to what other services hold
        tests = list(self._asked) if spread else self._asking(edit)
        return held(self._suite, tests, account.as_asked(self._reads))

    def _asking(self, edit: Edit) -> list[str]:
        """Return the tests that an edited request can concern: of what it is about, then of its service."""
        service = edit.request.operation.partition(":")[0]
        about = [test for test, it in self._asked.items() if edit.name in _names(it)]
        return list(dict.fromkeys([*about, *(it for it in self._asked if service in self._services(it))]))

    def _services_of(self, test: str) -> frozenset[str]:
        """Return the services that a test asks, in the attributes that it reads."""
        it = self._asked[test]
        calls = (
            call
            for argument, subject in it.arguments.items()
            for call in subject.kind.calls_for(it.reads[argument], subject.question)
        )
        return frozenset(call.operation.partition(":")[0] for call in calls)


def _names(examination: Examination) -> set[str]:
    return {subject.name for subject in examination.arguments.values()}


def most_asked(proven: Proven) -> str:
    """Return the environment in which most tests ask the account for a setting."""
    return max(proven.environments, key=lambda it: len(_of_settings(suite(proven, it, "live"))))


def _of_settings(tests: Suite) -> dict[str, Examination]:
    """Return the tests that an edit of the account may turn red: none of what happened, and no probe."""
    return {test: it for test, it in tests.examined.items() if not it.operational and not it.probes}
