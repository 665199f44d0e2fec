"""What a secret holds is judged in memory: its form is told, and never what it holds."""

from __future__ import annotations

import json
import logging
import traceback
from typing import Any

import pytest

from plumbline.aws.quiet import no_debug_logs
from plumbline.aws.reads import Aws
from plumbline.kinds.secret_content import OTHER, OfContent, SecretContent, judged
from plumbline.values.unknown import Missing, ReadError, Undetermined
from selftest.kinds.stub import Sent, account, text

NAME, ARN = "keys", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:keys-AbCdEf"
CANARY = "canary-0123456789abcdef"
ASKED = OfContent(must_hold=["shodan", "otx"], placeholders=["NEW_KEY", "emergency"])
JSON = {"content_type": "application/x-amz-json-1.1"}
DESCRIBED = text(json.dumps({"ARN": ARN, "Name": NAME}), **JSON)
WHOLE = {"shodan": CANARY, "otx": f"{CANARY}-2"}


def valued(value: Any, **more: Any) -> Sent:
    """What Secrets Manager answers where a secret holds this."""
    held = value if isinstance(value, str) else json.dumps(value)
    return text(json.dumps({"ARN": ARN, "Name": NAME, "SecretString": held, **more}), **JSON)


def allowed(sent: Sent, described: Sent = DESCRIBED) -> Aws:
    """An account that a run may read secrets of."""
    aws = account({"DescribeSecret": described, "GetSecretValue": sent})
    aws.reads_secrets = True
    return aws


def read(sent: Sent, described: Sent = DESCRIBED, asked: OfContent = ASKED) -> SecretContent:
    """What is told of a secret of which that is answered."""
    return SecretContent.from_aws(allowed(sent, described), NAME, question=asked)


def told(found: SecretContent) -> tuple[Any, ...]:
    """What sentences compare."""
    return found.mistake, found.lacking, found.placeholders


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (WHOLE, (None, [], [])),
        ({**WHOLE, "else": 5}, (None, [], [])),
        ({"shodan": CANARY}, (None, ["otx"], [])),
        ({**WHOLE, "otx": ""}, (None, ["otx"], [])),
        ({**WHOLE, "otx": " \n"}, (None, ["otx"], [])),
        ({**WHOLE, "otx": None}, (None, ["otx"], [])),
        ({**WHOLE, "otx": 12}, (None, ["otx"], [])),
        ({**WHOLE, "otx": {"key": CANARY}}, (None, ["otx"], [])),
        ({**WHOLE, "otx": "NEW_KEY"}, (None, [], ["otx"])),
        ({**WHOLE, "otx": " new_key "}, (None, [], ["otx"])),
        ({**WHOLE, "otx": "NEW_KEY_2"}, (None, [], [])),
        ({**WHOLE, CANARY: "emergency"}, (None, [], [OTHER])),
        ({**WHOLE, CANARY: {"deep": [["emergency"]]}}, (None, [], [OTHER])),
        ({"rotated": "emergency"}, (None, ["shodan", "otx"], [OTHER])),
        ({}, (None, ["shodan", "otx"], [])),
        ([CANARY], ("its current value is JSON, and no object", ["shodan", "otx"], [])),
        (json.dumps(CANARY), ("its current value is JSON, and no object", ["shodan", "otx"], [])),
        (CANARY, ("its current value is no JSON", ["shodan", "otx"], [])),
        (f'{{"shodan": "{CANARY}"', ("its current value is no JSON", ["shodan", "otx"], [])),
        ("[" * 100_000, ("its current value is no JSON", ["shodan", "otx"], [])),
        ("9" * 5000, ("its current value is no JSON", ["shodan", "otx"], [])),
        ("", ("its current value is no JSON", ["shodan", "otx"], [])),
    ],
)
def test_form_is_told_and_nothing_else(value: Any, expected: tuple[Any, ...]) -> None:
    found = read(valued(value))
    assert told(found) == expected
    assert CANARY not in f"{found!r} {found.model_dump()!r}"


def test_what_is_kept_of_an_answer_has_nothing_of_it() -> None:
    aws = allowed(valued({**WHOLE, CANARY: "NEW_KEY"}))
    SecretContent.from_aws(aws, NAME, question=ASKED)
    assert CANARY not in repr(aws._answers.settle())


@pytest.mark.parametrize("value", [b"\xff", json.dumps(WHOLE).encode()], ids=["bytes", "JSON in bytes"])
def test_bytes_are_no_text(value: bytes) -> None:
    kept = judged({"SecretBinary": value}, ASKED)
    assert kept["mistake"] == "its current value is bytes, and no text"
    assert kept["lacking"] == ASKED.must_hold


def test_a_secret_without_a_value_is_told_as_that() -> None:
    none = text('{"__type": "ResourceNotFoundException"}', 400, **JSON)
    assert told(read(none)) == ("it has no current value", ["shodan", "otx"], [])


def test_the_value_of_a_secret_that_is_being_deleted_is_not_asked_for() -> None:
    deleted = text(json.dumps({"ARN": ARN, "Name": NAME, "DeletedDate": 1.5e9}), **JSON)
    found = read(text("never", 500), deleted)
    assert found.mistake == "it is scheduled for deletion, and nobody can read it"


def test_a_secret_that_is_not_there_is_missing() -> None:
    gone = text('{"__type": "ResourceNotFoundException"}', 400, **JSON)
    with pytest.raises(Missing):
        read(valued(WHOLE), gone)


def test_without_leave_nothing_is_asked() -> None:
    def asked(_: Any) -> tuple[int, dict[str, str], bytes]:
        raise AssertionError("somebody asked")

    with pytest.raises(Undetermined, match="--allow-secret-reads"):
        bool(SecretContent.from_aws(account({"*": asked}), NAME, question=ASKED).lacking)


def test_what_another_entry_asked_is_not_taken_for_its_own() -> None:
    aws = allowed(valued({"shodan": CANARY}))
    assert SecretContent.from_aws(aws, NAME, question=OfContent(must_hold=["shodan"])).lacking == []
    other = SecretContent.from_aws(aws, NAME, question=ASKED)
    with pytest.raises(Undetermined, match="give both the same"):
        bool(other.lacking)


@pytest.mark.parametrize(
    "answer",
    [
        text(f'{{"SecretString": "{CANARY}', **JSON),
        text(f"<html>{CANARY}</html>"),
        text(json.dumps([CANARY]), **JSON),
        text(json.dumps({"__type": "Strange", "message": CANARY}), 400, **JSON),
        text(json.dumps({"SecretString": CANARY, "CreatedDate": CANARY}), **JSON),
        text(json.dumps({"SecretString": {"a": CANARY}}), **JSON),
        text(json.dumps({"SecretBinary": CANARY}), **JSON),
    ],
    ids=["cut off", "a page", "a list", "a refusal", "no time", "no text", "no bytes"],
)
def test_no_error_tells_what_came(answer: Sent) -> None:
    aws = allowed(answer)
    found = SecretContent.from_aws(aws, NAME, question=ASKED)
    try:
        seen = repr(told(found))
    except ReadError as error:
        seen = "".join(traceback.format_exception(error)) + error.advice + error.cause
    assert CANARY not in f"{seen} {aws._answers.settle()!r}"


def test_a_denied_read_names_what_is_lacking() -> None:
    denied = text('{"__type": "AccessDeniedException", "Message": "not you"}', 400, **JSON)
    with pytest.raises(ReadError) as refused:
        bool(read(denied).lacking)
    assert refused.value.denied == "secretsmanager:GetSecretValue"


def test_what_goes_wrong_while_it_is_judged_is_not_told() -> None:
    aws = allowed(valued(WHOLE))

    def wrong(answer: Any) -> Any:
        raise RuntimeError(answer["SecretString"])

    reply = aws.read("secretsmanager:GetSecretValue", {"SecretId": NAME}, of=ARN, kept=wrong, secret=True)
    with pytest.raises(ReadError) as refused:
        bool(reply.answer)
    assert CANARY not in "".join(traceback.format_exception(refused.value)) + refused.value.advice


def test_no_debug_log_has_it_whatever_level_somebody_set(caplog: pytest.LogCaptureFixture) -> None:
    loggers = [logging.getLogger(it) for it in ("botocore", "botocore.parsers", "urllib3")]
    before = [it.level for it in loggers]
    caplog.set_level(logging.DEBUG)
    try:
        for it in loggers:
            it.setLevel(logging.DEBUG)
        assert read(valued(WHOLE)).lacking == []
        assert (
            account({"DescribeSecret": DESCRIBED})
            .read("secretsmanager:DescribeSecret", {"SecretId": NAME}, of=ARN)
            .answer
        )
    finally:
        for it, level in zip(loggers, before, strict=True):
            it.setLevel(level)
    assert "Response body" in caplog.text, "logs are as they were for whatever is not secret"
    assert CANARY not in caplog.text


def test_silence_ends_with_the_last_of_several_calls() -> None:
    before = logging.root.manager.disable
    with no_debug_logs():
        with no_debug_logs():
            assert logging.root.manager.disable >= logging.DEBUG
        assert logging.root.manager.disable >= logging.DEBUG
    assert logging.root.manager.disable == before
