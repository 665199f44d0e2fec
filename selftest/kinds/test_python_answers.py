"""The headers of a function's answers, as its source in Python reads."""

from __future__ import annotations

import pytest

from plumbline.kinds.python_answers import unlike
from plumbline.values.unknown import Undetermined

ASKED = {"Access-Control-Allow-Origin": "*"}
CORS = 'CORS = {"Access-Control-Allow-Origin": "*"}\n'


def function(answer: str, before: str = CORS, after: str = "") -> str:
    return f"{before}def handler(event, context):\n    {answer}\n{after}"


@pytest.mark.parametrize(
    "source",
    [
        function('return {"statusCode": 200, "headers": {"access-control-allow-origin": "*"}}'),
        function('return {"statusCode": 200, "headers": CORS}'),
        function('return {"statusCode": 200, "headers": {**CORS, "Content-Type": "text/plain"}}'),
        function('return {"statusCode": 200, "headers": CORS | {"X-A": "b"}}'),
        function("return dict(statusCode=200, headers=dict(CORS=1, **CORS))"),
        function('return {"statusCode": 200, "headers": CORS}', 'ANY = "*"\n' + CORS.replace('"*"', "ANY")),
        function('return {"statusCode": 200, "headers": CORS}', after='print(CORS.get("a"))\n'),
    ],
)
def test_every_answer_has_the_header(source: str) -> None:
    assert unlike(source, "f.py", ASKED) == []


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (function('return {"statusCode": 200}'), "f.py:3: no Access-Control-Allow-Origin"),
        (function('return {"statusCode": 200, "headers": {}}'), "f.py:3: no Access-Control-Allow-Origin"),
        (
            function(
                'return {"statusCode": 200, "headers": CORS} if event else {"statusCode": 500, "headers": {}}'
            ),
            "f.py:3: no Access-Control-Allow-Origin",
        ),
        (
            function('return {"statusCode": 200, "headers": CORS}', CORS.replace("*", "https://a.example")),
            "f.py:3: Access-Control-Allow-Origin is 'https://a.example'",
        ),
    ],
)
def test_an_answer_without_it_is_told_with_its_line(source: str, told: str) -> None:
    assert unlike(source, "f.py", ASKED) == [told]


@pytest.mark.parametrize(
    "source",
    [
        function("return answer(200)"),
        function('return {"statusCode": 200, "headers": headers()}'),
        function('return {"statusCode": 200, "headers": CORS}', "from shared import CORS\n"),
        function(
            'return {"statusCode": 200, "headers": CORS}', after='CORS.pop("Access-Control-Allow-Origin")\n'
        ),
        function('return {"statusCode": 200, "headers": CORS}', after='CORS["a"] = "b"\n'),
        function('return {"statusCode": 200, "headers": CORS}', after="CORS = {}\n"),
        function('return {"statusCode": 200, "headers": CORS}', CORS.replace('"*"', "origin()")),
        function('answer = {"statusCode": 200}\n    answer["headers"] = CORS\n    return answer'),
        function('return {"statusCode": 200, "multiValueHeaders": {}}'),
        function('return {"statusCode": 200, "headers": {name: "*"}}'),
    ],
)
def test_what_is_made_at_run_time_decides_nothing(source: str) -> None:
    with pytest.raises(Undetermined):
        unlike(source, "f.py", ASKED)


MADE = 'def made(status):\n    return {"statusCode": status, "headers": CORS}\n'


def changed(*statements: str) -> str:
    lines = "".join(f"    {it}\n" for it in ("answer = made(200)", *statements, "return answer"))
    return f"{CORS}{MADE}def handler(event, context):\n{lines}"


@pytest.mark.parametrize(
    "source",
    [
        changed('answer["headers"] = {}'),
        changed('answer["headers"] = {"Content-Type": "text/plain"}'),
        changed('answer["headers"] = headers()'),
        changed('answer["headers"].update({"access-control-allow-origin": "https://a.example"})'),
        changed('answer["headers"].update(others())'),
        changed('answer["headers"] |= {"Access-Control-Allow-Origin": "https://a.example"}'),
        changed('answer["headers"]["Access-Control-Allow-Origin"] = origin()'),
        changed('answer["headers"].pop("Access-Control-Allow-Origin")'),
        changed('answer["headers"].clear()'),
        changed('del answer["headers"]'),
        changed('del answer["headers"]["Access-Control-Allow-Origin"]'),
        changed('answer.pop("headers")'),
        changed("answer.clear()"),
        changed('answer.update({"headers": {}})'),
        changed("answer.update(headers={})"),
        changed("answer.update(others())"),
        changed('answer |= {"headers": {}}'),
        changed('answer = {**answer, "headers": {}}'),
        changed('answer = answer | {"headers": {}}'),
        changed("answer = dict(answer, headers={})"),
        changed('headers = answer["headers"]', "headers.clear()"),
        changed('answer.get("headers")["Access-Control-Allow-Origin"] = "none"'),
        changed("plain(answer)") + 'def plain(it):\n    it["headers"] = {}\n',
        changed('other = {"body": ""}', 'other["statusCode"] = 500', "return other"),
        function('it = {"statusCode": 200, "headers": CORS}\n    it["headers"] = {}\n    return it'),
        f'{CORS}{MADE}def handler(event, context):\n    return {{**made(200), "headers": {{}}}}\n',
        f'{CORS}{MADE}def handler(event, context):\n    return made(200) | {{"headers": {{}}}}\n',
    ],
)
def test_headers_that_are_changed_after_decide_nothing(source: str) -> None:
    with pytest.raises(Undetermined):
        unlike(source, "f.py", ASKED)


@pytest.mark.parametrize(
    "source",
    [
        changed('answer["headers"] = CORS'),
        changed('answer["headers"] = {**CORS, "X-A": "b"}'),
        changed('answer["headers"].update({"X-A": "b"})'),
        changed('answer["headers"] |= {"X-A": "b"}'),
        changed('answer["headers"]["X-A"] = named()'),
        changed('answer["body"] = "told"'),
        changed('answer["statusCode"] = 404'),
        changed('send({**event, "headers": {"Accept": "text/plain"}})'),
        changed('found = {"a": 1}', "found.update(others())", "if event: return found"),
        changed("found = []", "found.clear()", "if event: return found"),
        changed('answer.update({"body": "told"})'),
        changed('answer = {**answer, "body": "told"}'),
        changed('print(answer["headers"].get("X-A"))'),
        changed('event["headers"]["X-A"] = "b"'),
        changed('asked = {"url": "u"}', 'asked["headers"] = {"Accept": "text/plain"}', "send(asked)"),
    ],
)
def test_headers_that_stay_are_there(source: str) -> None:
    assert unlike(source, "f.py", ASKED) == []
