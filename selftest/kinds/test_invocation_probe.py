"""An invocation of a function: of its answer nothing is told but the words that were asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from urllib3.exceptions import ProtocolError

from plumbline.aws.probing import Probing
from plumbline.kinds.call import names_of
from plumbline.kinds.invocation_probe import InvocationProbe, Invoking
from plumbline.kinds.permitted import OfResource, Permitted
from plumbline.values.unknown import Missing, ReadError, Undetermined
from selftest.kinds.stub import Body, account, text

NAME = "collector"
SECRET = "ghp_0123456789abcdef"
QUESTION = Invoking(
    payload={"action": "status"}, words={"breaker.state": ["open", "closed"], "ready": ["true"]}
)


def probed(answer: Any, error: str = "") -> InvocationProbe:
    """The function that answers so."""
    headers = {"x_amzn_requestid": "1"} | ({"x_amz_function_error": error} if error else {})
    body = answer if isinstance(answer, str) else json.dumps(answer)
    aws = account({"Invoke": text(body, **headers)})
    aws.probing = Probing(announce=lambda _: None)
    return InvocationProbe.from_aws(aws, NAME, question=QUESTION)


def test_words_are_told_where_they_stand() -> None:
    found = probed({"breaker": {"state": "closed", "token": SECRET}, "ready": True})
    assert found.failure == ""
    assert found.answer == {"breaker.state": "closed", "ready": "true"}
    assert found.unlike({"breaker.state": ["closed"], "ready": ["true"]}) == []
    assert found.unlike({"breaker.state": ["open"]}) == ["breaker.state: closed"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"breaker": {"state": SECRET}}, "something else"),
        ({"breaker": {"state": {"closed": True}}}, "something else"),
        ({"breaker": SECRET}, "nothing"),
        ({}, "nothing"),
        (None, "nothing"),
        ([SECRET], "nothing"),
        (SECRET, "nothing"),
        ("", "nothing"),
    ],
)
def test_nothing_else_is_told(answer: Any, told: str) -> None:
    found = probed(answer)
    assert found.unlike({"breaker.state": ["closed"]}) == [f"breaker.state: {told}"]
    assert SECRET not in repr(found)


@pytest.mark.parametrize("error", ["Handled", "Unhandled"])
def test_a_function_that_fails_is_told_to_and_not_why(error: str) -> None:
    found = probed({"errorMessage": SECRET, "breaker": {"state": "closed"}}, error)
    assert found.failure == error
    assert SECRET not in repr(found)


def test_a_function_that_is_not_there_is_missing() -> None:
    gone = text('{"Message": "Function not found"}', 404, x_amzn_ErrorType="ResourceNotFoundException")
    aws = account({"Invoke": gone})
    aws.probing = Probing(announce=lambda _: None)
    with pytest.raises(Missing):
        InvocationProbe.from_aws(aws, NAME, question=QUESTION)


def test_without_leave_nothing_is_invoked() -> None:
    with pytest.raises(Undetermined, match="--allow-writes"):
        assert InvocationProbe.from_aws(account({}), NAME, question=QUESTION).failure == ""


class Broken(Body):
    """A body of which nothing more comes."""

    def read(self, *_: Any) -> bytes:
        raise ProtocolError


def test_an_answer_that_does_not_come_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selftest.kinds.stub.Body", Broken)
    with pytest.raises(ReadError, match="does not come"):
        assert probed({}).failure == ""


def test_what_is_invoked_is_announced() -> None:
    announced: list[str] = []
    aws = account({"Invoke": text("{}")})
    aws.probing = Probing(announce=announced.append)
    InvocationProbe.from_aws(aws, NAME, question=QUESTION)
    assert announced == ['invoking collector with {"action": "status"}']


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, False),
        ({"FunctionName": "other"}, True),
        ({"Payload": '{"action": "delete"}'}, True),
        ({"InvocationType": "Event"}, True),
    ],
)
def test_the_guard_lets_through_this_invocation_and_no_other(changed: dict[str, str], refused: bool) -> None:
    [call] = InvocationProbe.writes
    names = {**names_of(NAME, "", QUESTION), "account": "123456789012", "region": "eu-west-1"}
    asked = {
        "FunctionName": NAME,
        "InvocationType": "RequestResponse",
        "Payload": '{"action": "status"}',
        **changed,
    }
    permitted = Permitted([OfResource(call, names, writes=True)])
    assert bool(permitted.refuses("lambda:Invoke", asked)) is refused


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"breaker.state": ["open"]}, []),
        ({"breaker.states": ["open"]}, ["nobody looks at breaker.states"]),
        ({"breaker.state": ["opened"]}, ["opened is none of the words"]),
    ],
)
def test_what_nobody_looks_at_is_not_expected(answers: dict[str, list[str]], told: list[str]) -> None:
    found = [why for _, why in InvocationProbe.undecidable(QUESTION, {"answers": answers})]
    assert len(found) == len(told)
    assert all(part in why for part, why in zip(told, found, strict=True))
