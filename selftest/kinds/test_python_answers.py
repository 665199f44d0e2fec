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
