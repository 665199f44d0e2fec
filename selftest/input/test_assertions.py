"""What asserts nothing is no sentence, however it is written; what asserts in some way is one."""

import importlib.util
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from plumbline.suite.assertions import mistakes, mistakes_around
from plumbline.values.names import parsed

Told = Callable[[str], list[str]]
SAME = "bucket.versioning == expected.versioning"
ASSERTS_NOTHING = [
    (f"    holds = {SAME}\n", "it asserts nothing: what it compares it has to `assert`"),
    (f"    return {SAME}\n", "it asserts nothing"),
    (f'    assert ({SAME}, "versions")\n', "it asserts a tuple, and that always holds"),
    (
        f"    try:\n        assert {SAME}\n    except AssertionError:\n        pass\n",
        "it catches what it asserts",
    ),
    (f"    with __import__('contextlib').suppress(AssertionError):\n        assert {SAME}\n", "it catches"),
    (f"    with pytest.raises(Exception):\n        assert {SAME}\n", "it catches"),
    (f"    try:\n        assert {SAME}\n    finally:\n        return\n", "it catches"),
    (
        "    try:\n        held(bucket, expected)\n    except (KeyError, Exception):\n        return\n",
        "it catches",
    ),
    (f"    try:\n        assert {SAME}\n    except* AssertionError:\n        pass\n", "it catches"),
    (f"    all(it for it in [{SAME}])\n", "it asserts nothing"),
    (f"    assert bucket.name\n    any([{SAME}])\n", "drops what comes of it: it has to `assert` that"),
    (f"    assert bucket.name\n    {SAME}\n", "it says `bucket.versioning == expected.versioning` and drops"),
    (
        f"    assert bucket.name\n    return {SAME}\n",
        "it says `bucket.versioning == expected.versioning` and drops",
    ),
    (
        "    assert bucket.name\n    is_held(bucket, expected)\n",
        "it says `is_held(bucket, expected)` and drops",
    ),
    ("    is_held(bucket, expected)\n", "it asserts nothing"),
    (f"    def check():\n        assert {SAME}\n", "it asserts nothing"),
    (f"    return\n    assert {SAME}\n", "it asserts nothing"),
    (f"    if False:\n        assert {SAME}\n", "it asserts nothing"),
    (f"    pytest.skip(str({SAME}))\n", "it asserts nothing"),
    (
        "    assert bucket.name\n    assert expected.versioning == 'Enabled'\n",
        "it asserts `expected.versioning == 'Enabled'`, which is said of nothing that is there",
    ),
    (
        "    assert bucket.versioning and expected.versioning\n",
        "`expected.versioning`, which is said of nothing",
    ),
    (
        "    assert bucket.versioning\n    assert expected.versioning\n",
        "`expected.versioning`, which is said of nothing",
    ),
    (
        "    assert bucket.versioning and len(expected.versioning) > 1\n",
        "`len(expected.versioning) > 1`, which is said of nothing",
    ),
    (
        "    assert bucket.versioning and all(it for it in expected.versioning)\n",
        "`all((it for it in expected.versioning))`, which is said of nothing",
    ),
    (
        "    assert bucket.versioning and not expected.versioning\n",
        "`not expected.versioning`, which is said of nothing",
    ),
    (
        "    assert bucket.number < expected.most and expected.least < expected.most\n",
        "`expected.least < expected.most`, which is said of nothing",
    ),
    (
        "    want = expected.versioning\n    assert bucket.versioning and want\n",
        "`want`, which is said of nothing",
    ),
    (
        "    assert bucket.versioning and expected.versioning, expected.versioning\n",
        "`expected.versioning`, which is said of nothing",
    ),
    (
        "    assert len(bucket.tags) >= 0 and bucket.versioning == expected.versioning\n",
        "and that always holds",
    ),
    (
        "    assert 0 <= len(bucket.tags) and bucket.versioning == expected.versioning\n",
        "and that always holds",
    ),
    (
        f"    assert [{SAME}]\n",
        "it asserts `[bucket.versioning == expected.versioning]`, and that always holds",
    ),
    (f"    assert {{{SAME}}}\n", "and that always holds"),
    (f"    assert {SAME} or True\n", "and that always holds"),
    (f"    assert {SAME} or 'a message'\n", "and that always holds"),
    (f"    assert ({SAME} for it in [1])\n", "and that always holds"),
    (f"    assert (lambda: {SAME})\n", "and that always holds"),
    (f"    assert f'{{{SAME}}} '\n", "and that always holds"),
    ("    assert bucket.versioning == bucket.versioning or expected.versioning\n", "and that always holds"),
    (
        "    assert bucket.versioning == bucket.versioning and expected.versioning\n",
        "it asserts `bucket.versioning == bucket.versioning`, and that always holds",
    ),
    ("    assert bucket.versioning == bucket.versioning != expected.versioning\n", "and that always holds"),
    (
        "    assert expected.versioning and (True and bucket.versioning)\n",
        "it asserts `True`, and that always",
    ),
    ("    assert bucket.versioning in (expected.versioning, bucket.versioning)\n", "and that always holds"),
    ("    assert not bucket.versioning != bucket.versioning or expected\n", "and that always holds"),
    (f"    assert ({SAME}) is not None\n", "and that always holds"),
    (f"    assert f'{{{SAME}}}'\n", "and that always holds"),
    ("    assert f'{bucket.versioning!r}' and expected.versioning\n", "and that always holds"),
    (f"    assert str({SAME})\n", "and that always holds"),
    (f"    assert {SAME} or expected.versioning\n", "`expected.versioning`, which is said of nothing"),
    (f"    assert {SAME} or bucket.versioning != expected.versioning\n", "and that always holds"),
    (f"    assert any([{SAME}, True])\n", "and that always holds"),
    (f"    assert [{SAME}] != []\n", "and that always holds"),
    ("    assert len((bucket.versioning, expected.versioning))\n", "and that always holds"),
    ("    assert sorted([bucket.versioning, expected.versioning])\n", "and that always holds"),
    (f"    assert dict(same={SAME})\n", "and that always holds"),
    (f"    assert isinstance({SAME}, bool)\n", "and that always holds"),
    (f"    assert print({SAME}) is None\n", "and that always holds"),
    (f"    assert bool(str(not {SAME}))\n", "and that always holds"),
    (
        "    want = expected.versioning\n    assert bucket.versioning\n",
        "it says what 'want' is and asks nothing",
    ),
    (
        "    _ = expected.versioning\n    assert bucket.versioning\n",
        "it says what '_' is and asks nothing of it",
    ),
    (
        "    a, b = expected.versioning, 1\n    assert bucket.versioning\n",
        "it says what 'a' is and asks nothing",
    ),
    (
        "    want: str = expected.versioning\n    assert bucket.name\n",
        "it says what 'want' is and asks nothing",
    ),
]
HELPERS = """

import heapq

import pytest


def held(bucket, expected):
    if bucket.versioning != expected.versioning:
        pytest.fail("no versions")


def is_held(bucket, expected):
    return bucket.versioning == expected.versioning


def ignores(it, want):
    assert it


def is_one(it, *, other=None):
    return it == 1


def hands_on(it, want):
    ignores(it.versioning, want)


def goes_round(it, want):
    assert it.versioning
    goes_round(it, want)


def hears(bucket, expected):
    assert bucket.versioning == expected
"""
HELPED_IN_VAIN = [
    (
        "    ignores(bucket.versioning, expected.versioning)\n",
        "it hands `expected.versioning` to ignores, which asks",
    ),
    (
        "    assert is_one(bucket.versioning, other=expected.versioning)\n",
        "it hands `expected.versioning` to is_one",
    ),
    ("    hands_on(bucket, str(expected.versioning))\n", "it hands `str(expected.versioning)` to hands_on"),
    ("    goes_round(bucket, expected)\n", "it hands `expected` to goes_round"),
    (
        "    def same(it, want):\n        assert it\n    same(bucket.versioning, expected.versioning)\n",
        "it hands `expected.versioning` to same",
    ),
]
"""Bodies whose helper leaves out what is expected, and what is told of them."""
ASSERTS = [
    "    return held(bucket, expected)\n",
    f"    if bucket.name:\n        assert {SAME}\n        return None\n    return\n",
    "    hears(bucket, {'want': expected}['want'])\n",
    "    hears(*[bucket, expected])\n",
    "    hears(expected=expected.versioning, bucket=bucket)\n",
    f"    def check():\n        assert {SAME}\n    check()\n",
    "    held(bucket, expected)\n",
    "    assert is_held(bucket, expected)\n",
    f"    if not {SAME}:\n        pytest.fail('no versions')\n",
    f"    if not {SAME}:\n        raise AssertionError\n",
    f"    try:\n        assert {SAME}\n    except KeyError:\n        pass\n",
    f"    try:\n        assert {SAME}\n    except AssertionError:\n        pytest.fail('no versions')\n",
    f"    print(1)\n    with pytest.raises(KeyError):\n        bucket.tags['none']\n    assert {SAME}\n",
    f"    assert any([{SAME}])\n",
    f"    seen = []\n    heapq.heappush(seen, bucket.versioning)\n    assert {SAME}\n",
    f"    try:\n        open(bucket.name)\n    except Exception:\n        pass\n    assert {SAME}\n",
    "    assert all(it == expected.versioning for it in bucket.replicates_to)\n",
    "    want, _ = expected.versioning, 1\n    assert bucket.versioning == want\n",
    f"    asked = dict(a=1)\n    assert {SAME}\n",
    "    number = 0\n    for _ in bucket.tags:\n        number += 1\n    assert number == expected.number\n",
    "    for key, value in bucket.tags.items():\n        assert value == expected.versioning\n",
    "    assert 0 <= bucket.number <= expected.number and bucket.name in (expected.name, 'x')\n",
    "    assert 0 <= expected.number <= bucket.number\n",
    f"    assert f'{{bucket.versioning}}' and str(bucket.versioning) and {SAME}\n",
    f"    assert expected.versioning is not None and {SAME}\n",
    f"    assert len(expected.versioning) > 1\n    assert {SAME}\n",
    f"    assert all(it for it in expected.versioning) and {SAME}\n",
    "    want = expected.versioning\n    assert want\n    assert bucket.versioning == want\n",
    "    assert (want := expected.versioning) and bucket.versioning == want\n",
    "    if bucket.versioning != 'Enabled':\n        assert expected.optional\n",
    "    if bucket.versioning == 'Enabled':\n        return\n    assert expected.optional is True\n",
    "    assert bucket.versioning is not None and (bucket.name != expected.name) == expected.versioning\n",
]


@pytest.fixture
def of(tmp_path: Path) -> Told:
    """Gives what is wrong with a test of this body."""

    def told(body: str) -> list[str]:
        file = tmp_path / "sentence.py"
        file.write_text(f"{HELPERS}\n\ndef test_it(bucket, expected):\n{body}")
        specification = importlib.util.spec_from_file_location("sentence", file)
        assert specification
        assert specification.loader
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        source = parsed(module.test_it)
        assert source
        return list(mistakes(source, vars(module)))

    return told


@pytest.mark.filterwarnings("ignore:assertion is always true:SyntaxWarning")
@pytest.mark.parametrize(("body", "said"), ASSERTS_NOTHING)
def test_what_asserts_nothing_is_refused(of: Told, body: str, said: str) -> None:
    assert any(said in it for it in of(body)), of(body)


DECORATED_IN_VAIN = [
    ("try:\n            sentence(*given)\n        except Exception:\n            pass", "catches what it"),
    ("with contextlib.suppress(AssertionError):\n            sentence(*given, **named)", "catches what it"),
    ("print(given, named)", "never calls it"),
]
DECORATED = """\
import contextlib, functools

def decorator(sentence):
    @functools.wraps(sentence)
    def around(*given, **named):
        {around}
    return around

@decorator
@decorator
def test_it(bucket, expected):
    assert bucket.versioning == expected.versioning
"""


def _around(tmp_path: Path, around: str) -> list[str]:
    file = tmp_path / "decorated.py"
    file.write_text(DECORATED.format(around=around))
    return list(mistakes_around(runpy.run_path(str(file))["test_it"]))


@pytest.mark.parametrize(("around", "said"), DECORATED_IN_VAIN)
def test_a_decorator_that_keeps_a_sentence_from_failing_is_refused(
    tmp_path: Path, around: str, said: str
) -> None:
    assert [said in it and "`around`" in it for it in _around(tmp_path, around)] == [True, True]


@pytest.mark.parametrize(
    "around",
    [
        "return sentence(*given, **named)",
        "try:\n            sentence(*given, **named)\n        finally:\n            print()",
        "try:\n            sentence(*given, **named)\n        except KeyError:\n            print()",
        "for attempt in (1, 2):\n            sentence(*given, **named)",
    ],
)
def test_a_decorator_that_lets_a_sentence_fail_may_stand(tmp_path: Path, around: str) -> None:
    assert not _around(tmp_path, around)


def test_a_decorator_may_stand_around_what_is_written_in_no_python(tmp_path: Path) -> None:
    file = tmp_path / "cached.py"
    around = "return sentence(*given, **named)"
    file.write_text(DECORATED.format(around=around).replace("@decorator\ndef", "@functools.cache\ndef"))
    assert not list(mistakes_around(runpy.run_path(str(file))["test_it"]))


@pytest.mark.parametrize(("body", "said"), HELPED_IN_VAIN)
def test_a_helper_that_leaves_out_what_is_expected_is_refused(of: Told, body: str, said: str) -> None:
    assert any(it.startswith(said) for it in of(body)), of(body)


@pytest.mark.parametrize("body", ASSERTS)
def test_what_asserts_in_some_way_is_asked(of: Told, body: str) -> None:
    assert not of(body)
