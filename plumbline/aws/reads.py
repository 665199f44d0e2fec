"""Reading the AWS API: in parallel, each call once, every failure named."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from plumbline.aws.completeness import lacking
from plumbline.aws.echoed import about_another
from plumbline.aws.fact import Fact
from plumbline.aws.guard import GuardError
from plumbline.aws.making import making
from plumbline.aws.pages import PageError, pages_of, whole
from plumbline.aws.places import is_at_its_usual_place, owned
from plumbline.aws.quiet import no_debug_logs
from plumbline.values.arns import partition_of
from plumbline.values.shown import text
from plumbline.values.unknown import Missing, ReadError, Undetermined
from plumbline.values.window import Window

if TYPE_CHECKING:
    from plumbline.aws.probing import Probing

Answer = dict[str, Any]
CallKey = tuple[str, str, str, str]
"""Account, region, operation and parameters of a call."""


@dataclass(frozen=True)
class Refusal:
    """What AWS said instead of an answer: its error code and message."""

    code: str
    message: str
    made: Made = field(default_factory=lambda: Made("", ()), compare=False)


@dataclass(frozen=True)
class Waiting:
    """How an answer is waited for that AWS is still working on: the call is made again and again."""

    over: Callable[[Answer], bool]
    """Whether an answer is the one that was waited for."""
    every_seconds: float
    times: int
    """How often the call is made again at most; then its last answer is taken as it is."""


@dataclass(frozen=True)
class Made:
    """When a call was made, in UTC, and the ids under which AWS knows its requests: one for each page."""

    time: str
    request_ids: tuple[str, ...]


MADE = "ResponseMetadata"
"""The key under which an answer holds its `Made`; AWS's own metadata is left out."""


@dataclass
class Answers:
    """Every call of a run and what came back, so that no call is made twice."""

    known: dict[CallKey, Answer | Refusal] = field(default_factory=dict)
    _pending: dict[CallKey, Future[Answer | Refusal]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, key: CallKey, call: Callable[[], Future[Answer | Refusal]]) -> Future[Answer | Refusal]:
        """Return the answer to `key`, calling only where nobody has asked before."""
        with self._lock:
            if key not in self._pending:
                self._pending[key] = _settled(self.known[key]) if key in self.known else call()
            return self._pending[key]

    @property
    def progress(self) -> tuple[int, int]:
        """How many calls were answered, and how many were asked so far."""
        with self._lock:
            return sum(pending.done() for pending in self._pending.values()), len(self._pending)

    def settle(self) -> dict[CallKey, Answer | Refusal]:
        """Wait for all calls and return those that came back; what was refused here is told by who asked."""
        self.known.update(
            {key: pending.result() for key, pending in self._pending.items() if not pending.exception()}
        )
        return self.known


def _settled(answer: Answer | Refusal) -> Future[Answer | Refusal]:
    future: Future[Answer | Refusal] = Future()
    future.set_result(answer)
    return future


class Reply:
    """The answer to one call, which may still be on its way."""

    def __init__(
        self,
        call: str,
        region: str,
        pending: Callable[[], Answer | Refusal],
        missing: Collection[str],
        absent: Collection[str],
        action: str = "",
    ) -> None:
        self.call = call
        self._region, self._action = region, action
        self._pending, self._missing, self._absent = pending, missing, absent

    def at(self, path: str) -> Fact:
        """Return the value at a JMESPath expression of the response; None where it is not there."""
        import jmespath

        return Fact(lambda: jmespath.search(path, self.answer), self.call)

    @property
    def answer(self) -> Answer:
        """Wait for the answer. Raises `ReadError` for a failed call, `Missing` for an absent resource.

        A `cached_property` would be wrong: in Python 3.11 all objects of a class wait for one lock.
        """
        answer = self._pending()
        if not isinstance(answer, Refusal):
            return answer
        if answer.code in self._absent:
            return {}
        operation, _, resource = self.call.partition(" ")
        if answer.code in self._missing:
            raise Missing(resource, f"({operation} answered {answer.code})")
        raise _read_error(operation, resource, self._region, answer, self._action or operation)


_DENIED = re.compile(r"AccessDenied|Unauthorized|Forbidden|^403$|AuthFailure|NotAuthorized", re.IGNORECASE)
_THROTTLED = re.compile(
    r"Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|LimitExceeded(Exception)?$", re.IGNORECASE
)
_EXPIRED = re.compile(
    r"ExpiredToken|RequestExpired|TokenRefreshRequired|InvalidClientTokenId|UnrecognizedClient", re.IGNORECASE
)
_UNREACHABLE = re.compile(r"(Connection|ConnectTimeout|ReadTimeout|ConnectionClosed)Error$")
"""How botocore calls it when a service is not reached, or goes away before it has answered."""
_WITHOUT_REASON = ("400",)
"""How S3 refuses an expired token on HEAD, whose answer has no body to say why."""


def _or_foreign(operation: str) -> str:
    """Return why S3 may refuse besides: it is asked for buckets of the account alone."""
    return ", or another account owns the bucket" if operation.startswith("s3:") else ""


def no_answer(code: str) -> bool:
    """Return whether an error code says that nothing could be read, and never what is there."""
    return any(it.search(code) for it in (_DENIED, _THROTTLED, _EXPIRED))


def _read_error(operation: str, resource: str, region: str, refusal: Refusal, needed: str) -> ReadError:
    """Return the error for a refused call: what was asked of what, why not, and what to do.

    `needed` is the IAM action that it takes. What one cause keeps from being read has one message, whatever
    was asked.
    """
    call = f"{operation} on {resource}"
    if refusal.code == INCOMPLETE:
        return ReadError(
            refusal.message,
            cause=refusal.message,
            advice=f"Something between here and AWS may have cut it off. It was asked on {resource}.",
        )
    if refusal.code == FOREIGN:
        told = f"{operation} was answered by something else than AWS"
        return ReadError(
            told,
            cause=told,
            advice="Is there a proxy, a captive portal or AWS_ENDPOINT_URL in between? "
            f"What came, asked on {resource}: {refusal.message}.",
        )
    if _DENIED.search(refusal.code):
        return ReadError(
            f"denied: {needed} on {resource}",
            cause=f"denied {needed} {resource}",
            denied=needed,
            advice=f"Allow {needed} on {resource} to the caller, then run again{_or_foreign(operation)}. "
            f"AWS said: {refusal.message}",
        )
    if _THROTTLED.search(refusal.code):
        advice = "Run again with a lower --concurrency, or raise AWS_MAX_ATTEMPTS."
        message = f"throttled until the retries ran out: {call}"
    elif _EXPIRED.search(refusal.code) or refusal.code in _WITHOUT_REASON:
        advice = "Renew the credentials (aws sso login, or a new role session) and run again."
        message = "the credentials are no longer valid"
    elif _UNREACHABLE.search(refusal.code):
        advice = f"Check the network and the endpoint. {call}: {refusal.message}"
        message = f"{operation.partition(':')[0]} in {region} does not answer"
    else:
        advice = f"AWS said: {refusal.message}"
        message = f"{refusal.code}: {call}"
    return ReadError(message, cause=f"{refusal.code} {call}", advice=advice)


INCOMPLETE = "IncompleteAnswer"
"""The code of an answer that lacks what AWS always sends; it is ours, and none of AWS's."""
FOREIGN = "ForeignAnswer"
"""The code of what came back and is no answer of AWS's to what was asked; it is ours, too."""

_NOT_SHOWN = "what came is not shown, since it may be secret"
_PART = "kept"
"""Under what a call tells, beside its parameters, which part of its answer is kept."""

_requests = threading.local()


def note_request(parsed: dict[str, Any], **_: Any) -> None:
    """Keep the id of a request for the call that it belongs to. Registered on botocore's `after-call`."""
    identifier = parsed.get("ResponseMetadata", {}).get("RequestId")
    if identifier:
        _requests.ids = (*getattr(_requests, "ids", ()), identifier)


def _made() -> Made:
    """Return what is known of the call that this thread has just made."""
    return Made(datetime.now(UTC).isoformat(timespec="milliseconds"), getattr(_requests, "ids", ()))


class Aws:
    """One account and region of the AWS API, as kinds read it."""

    def __init__(
        self,
        clients: Callable[[str, str], Any],
        account: str,
        region: str,
        answers: Answers,
        calls: ThreadPoolExecutor | None,
        window: Window | None = None,
        probing: Probing | None = None,
        reads_secrets: bool = False,
    ) -> None:
        self.account, self.region = account, region
        self.window = window or Window()
        """The time that is looked back on; its end is the clock of the run."""
        self.probing = probing
        """The leave to probe, where the run has one."""
        self.reads_secrets = reads_secrets
        """Whether the run may read what is secret."""
        self.apart: Mapping[str, str] = {}
        """Where single services are asked, each by its name, that are asked elsewhere than all others."""
        self._clients, self._answers, self._calls = clients, answers, calls

    def within(self, region: str, account: str = "") -> Aws:
        """Return the same account in another region; with `account`, asked about what belongs to that one."""
        of = account or self.account
        mine = (self._answers, self._calls, self.window, self.probing, self.reads_secrets)
        return Aws(self._clients, of, region, *mine)

    def client(self, service: str) -> Any:
        """Return the botocore client of a service in this account and region."""
        return self._clients(service, self.region)

    @property
    def endpoint(self) -> str:
        """Where the account is asked, if that is not where everybody asks AWS; empty where it is."""
        client = self.client("sts")
        return "" if is_at_its_usual_place(client) else str(client.meta.endpoint_url)

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a regional resource such as `table/x` in this account and region."""
        return f"arn:{partition_of(self.region)}:{service}:{self.region}:{self.account}:{resource}"

    def read(
        self,
        operation: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        of: str,
        action: str = "",
        missing: Collection[str] = (),
        absent: Collection[str] = (),
        kept: Callable[[Answer], Answer] | None = None,
        waiting: Waiting | None = None,
        secret: bool = False,
        part: str = "",
    ) -> Reply:
        """Start a read such as `dynamodb:DescribeTable` about the resource `of`, and return its reply.

        `action` is the IAM action that it needs, where that is not named after the operation. Error codes in
        `missing` mean that the resource does not exist; those in `absent` mean that it
        exists and this is not configured. All pages of a paged answer are read. `kept` makes of the
        answer what the run may keep, where the answer itself may be secret or is too long; `part` says what
        that is where it is not the same for each who asks this. `waiting` says how long an answer is waited
        for that AWS is still working on; pages are not waited for. Of a `secret` answer nothing is told or
        logged, also where it is none that botocore can read.
        """
        parameters = dict(parameters or {})
        told = parameters | ({_PART: part} if part else {})
        key = (self.account, self.region, operation, repr(sorted(told.items())))
        call = self._secret_call if secret else self._call
        pending = self._answers.ask(key, lambda: self._start(call, operation, parameters, kept, waiting))
        return Reply(f"{operation} {of}", self.region, pending.result, missing, absent, action)

    def ask(self, operation: str) -> Answer | Refusal:
        """Make a call without parameters and return what came back."""
        key = (self.account, self.region, operation, repr([]))
        return self._answers.ask(key, lambda: self._start(self._call, operation, {})).result()

    def now(
        self,
        operation: str,
        parameters: dict[str, Any],
        *,
        of: str,
        action: str = "",
        missing: Collection[str] = (),
        absent: Collection[str] = (),
        kept: Callable[[Answer], Answer] | None = None,
    ) -> Answer:
        """Make a call of a probe, whatever was answered before, and return what came back.

        Error codes are told as `read` tells them; those in `absent` give an empty answer.
        """
        with making(operation, parameters):
            answer = self._call(operation, parameters, kept)
        return Reply(f"{operation} {of}", self.region, lambda: answer, missing, absent, action).answer

    def write(self, operation: str, **parameters: Any) -> Answer:
        """Make a call that changes something in moto."""
        service, method = _method(operation)
        response: Answer = getattr(self._clients(service, self.region), method)(**parameters)
        return response

    def _start(
        self,
        call: Callable[..., Answer | Refusal],
        operation: str,
        parameters: dict[str, Any],
        kept: Callable[[Answer], Answer] | None = None,
        waiting: Waiting | None = None,
    ) -> Future[Answer | Refusal]:
        if self._calls is None:
            return _settled(call(operation, parameters, kept, waiting))
        return self._calls.submit(call, operation, parameters, kept, waiting)

    def _secret_call(self, operation: str, parameters: dict[str, Any], *how: Any) -> Answer | Refusal:
        """Make a call whose answer is secret, and return what is kept of it, or what is no part of it."""
        try:
            with no_debug_logs():
                answer = self._call(operation, parameters, *how)
        except GuardError:
            raise
        except Exception:  # whoever shows where it was raised shows what was in hand there
            answer = Refusal(FOREIGN, "", _made())
        if not isinstance(answer, Refusal) or _DENIED.search(answer.code):
            return answer
        return replace(answer, message=_NOT_SHOWN)

    def _call(
        self,
        operation: str,
        parameters: dict[str, Any],
        kept: Callable[[Answer], Answer] | None,
        waiting: Waiting | None = None,
    ) -> Answer | Refusal:
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        service, method = _method(operation)
        client = self._clients(service, self.region)
        _requests.ids = ()
        model = client.meta.service_model.operation_model(operation.partition(":")[2])
        parameters = owned(parameters, model, self.account)
        pages = pages_of(client, operation, method)
        try:
            if pages:
                answer = whole(pages, parameters, lambda page: lacking(model, pages, page))
            else:
                answer = _waited_for(lambda: getattr(client, method)(**parameters), waiting)
        except ClientError as error:
            told = error.response["Error"]
            return Refusal(told.get("Code", ""), told.get("Message", ""), _made())
        except PageError as error:
            return Refusal(INCOMPLETE, f"AWS's answer to {operation} {error}", _made())
        except ResponseParserError as error:
            return Refusal(FOREIGN, str(error), _made())
        except BotoCoreError as error:
            return Refusal(type(error).__name__, str(error), _made())
        except GuardError:
            raise
        except Exception as error:  # botocore's parsers let through whatever an answer makes them raise
            return Refusal(FOREIGN, f"what botocore cannot read: {type(error).__name__}: {error}", _made())
        if not pages and (member := lacking(model, None, answer)):
            return Refusal(INCOMPLETE, f"AWS's answer to {operation} has no {member}", _made())
        if not pages and (other := about_another(model, parameters, answer)):
            return Refusal(FOREIGN, f"an answer about {text(other)}", _made())
        try:
            return (kept(answer) if kept else answer) | {MADE: _made()}
        except BotoCoreError as error:  # what an object holds comes as a stream, and may break off
            cut = f"AWS's answer to {operation} breaks off: {type(error).__name__}"
            return Refusal(INCOMPLETE, cut, _made())


def leave_to_read_secrets(aws: Aws) -> None:
    """Raise `Undetermined` in a run that may not read what is secret."""
    if not aws.reads_secrets:
        raise Undetermined("it would have to read a secret, and nothing does without --allow-secret-reads")


def _waited_for(call: Callable[[], Answer], waiting: Waiting | None) -> Answer:
    """Return the answer to a call, made again for as long as AWS is working on it."""
    answer = call()
    if waiting is None:
        return answer
    for _ in range(waiting.times):
        if waiting.over(answer):
            break
        time.sleep(waiting.every_seconds)
        answer = call()
    return answer


def _method(operation: str) -> tuple[str, str]:
    from botocore import xform_name

    service, name = operation.split(":")
    return service, xform_name(name)
