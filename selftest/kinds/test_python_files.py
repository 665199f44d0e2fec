"""What Python code does from where it is entered: what no way leads to is no proof of anything."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from plumbline.github.checkout import Checkout
from plumbline.kinds.python_file import Entered, PythonFile
from plumbline.values.unknown import Missing, ReadError, Undetermined


def read(folder: Path, source: str, entry: str = "handler") -> PythonFile:
    (folder / "code.py").write_text(dedent(source))
    return PythonFile.asked_of_repository(Checkout(folder), "code.py", Entered(entry=entry))


CALLED = {
    "in the entry": "import stix2\ndef handler(event):\n    stix2.parse(event)\n",
    "under another name": "from stix2 import parse as read\ndef handler(event):\n    read(event)\n",
    "in a function": (
        "import stix2\ndef f(x):\n    return stix2.parse(x)\ndef handler(event):\n    return f(event)\n"
    ),
    "handed on": (
        "import stix2\ndef f(x):\n    stix2.parse(x)\ndef handler(event):\n    list(map(f, event))\n"
    ),
    "in a method": """
        import stix2
        class Checks:
            def one(self, x):
                return stix2.parse(x)
        checks = Checks()
        def handler(event):
            return [checks.one(it) for it in event]
        """,
    "in a lambda": "import stix2\ndef handler(event):\n    return map(lambda x: stix2.parse(x), event)\n",
    "where it is imported": "import stix2\nstix2.parse({})\ndef handler(event):\n    pass\n",
    "in what is tried": (
        "import stix2\ndef handler(event):\n    try:\n        stix2.parse(event)\n"
        "    except ValueError:\n        return\n"
    ),
}
NOT_CALLED = {
    "a comment": "import stix2\ndef handler(event):\n    # stix2.parse(event)\n    return event\n",
    "a text": 'import stix2\ndef handler(event):\n    "stix2.parse(event)"\n',
    "a function that nothing names": (
        "import stix2\ndef f(x):\n    stix2.parse(x)\ndef handler(event):\n    return event\n"
    ),
    "behind if False": "import stix2\ndef handler(event):\n    if False:\n        stix2.parse(event)\n",
    "behind a constant": (
        "import stix2\nON = 0\ndef handler(event):\n    if ON and event:\n        stix2.parse(event)\n"
    ),
    "otherwise": (
        "import stix2\nOFF = True\ndef handler(event):\n    if OFF:\n        return\n"
        "    else:\n        stix2.parse(event)\n"
    ),
    "behind a return": "import stix2\ndef handler(event):\n    return event\n    stix2.parse(event)\n",
    "where it is run alone": (
        "import stix2\ndef handler(event):\n    pass\nif __name__ == '__main__':\n    stix2.parse({})\n"
    ),
    "another module's": "import json as stix2\ndef handler(event):\n    stix2.parse(event)\n",
    "only named": "import stix2\ndef handler(event):\n    return stix2.parse\n",
    "in a loop that never begins": (
        "import stix2\ndef handler(event):\n    while 0:\n        stix2.parse(event)\n"
    ),
}


@pytest.mark.parametrize("case", CALLED)
def test_what_is_called_is_found(tmp_path: Path, case: str) -> None:
    assert read(tmp_path, CALLED[case]).not_called(["stix2.parse"]) == []


@pytest.mark.parametrize("case", NOT_CALLED)
def test_what_is_not_called_is_not(tmp_path: Path, case: str) -> None:
    assert read(tmp_path, NOT_CALLED[case]).not_called(["stix2.parse"]) == ["stix2.parse"]


@pytest.mark.parametrize(
    "test", ['os.environ.get("CHECK") == "1"', "CHECK", 'os.getenv("CHECK")', "event and CHECK"]
)
def test_what_a_setting_decides_is_undetermined(tmp_path: Path, test: str) -> None:
    source = f"""
        import os, stix2
        CHECK = os.environ.get("CHECK")
        def handler(event):
            if {test}:
                stix2.parse(event)
                print("invalid")
        """
    held = read(tmp_path, source)
    with pytest.raises(Undetermined, match="the environment of the process decides"):
        held.not_called(["stix2.parse"])
    with pytest.raises(Undetermined, match="the environment of the process decides"):
        held.not_logged(["invalid"])
    assert held.not_called(["stix2.parse", "stix2.other"]) == ["stix2.other"]


def test_what_is_logged_is_found_with_what_is_filled_in(tmp_path: Path) -> None:
    held = read(
        tmp_path,
        """
        import logging
        log = logging.getLogger()
        def handler(event):
            log.warning("validation failed: %s", event)
            log.error(f"odd {event} thing")
            print("told " + event)
            event.update("no log")
        """,
    )
    assert held.logged == ["validation failed: %s", "odd {} thing", "told "]
    assert held.not_logged(["validation failed", "no log"]) == ["no log"]


LEVEL_SET = "logger.setLevel(logging.{})\n"
LEVELS = {
    "a warning": (True, "", 'logger.warning("told")'),
    "an error": (True, "", 'logging.error("told")'),
    "info, where info is set": (True, LEVEL_SET.format("INFO"), 'logger.info("told")'),
    "info of the module": (True, LEVEL_SET.format("INFO"), 'logging.info("told")'),
    "info of one that has the level of the root": (True, LEVEL_SET.format("INFO"), 'own.info("told")'),
    "debug of one that has a level": (True, 'own.setLevel("DEBUG")\n', 'own.debug("told")'),
    "info, where a function sets it": (
        True,
        "def begin():\n    logger.setLevel(20)\nbegin()\n",
        'own.info("told")',
    ),
    "debug, where info is set": (False, LEVEL_SET.format("INFO"), 'logger.debug("told")'),
    "a warning, where error is set": (False, LEVEL_SET.format("ERROR"), 'logger.warning("told")'),
    "a warning, where error is set right before": (
        False,
        LEVEL_SET.format("INFO"),
        'logger.setLevel(logging.ERROR)\n    logger.warning("told")',
    ),
    "a warning, where error is set last": (
        False,
        LEVEL_SET.format("INFO") + LEVEL_SET.format("ERROR"),
        'logger.warning("told")',
    ),
    "a warning, where error is set by its name": (False, 'logger.setLevel("ERROR")\n', 'own.warning("told")'),
    "a warning, where all are switched off": (False, "logging.disable()\n", 'logger.warning("told")'),
    "a level that is given": (False, "", 'logger.setLevel(30)\n    logger.log(logging.INFO, "told")'),
    "a level that is given and high enough": (True, "", 'logger.log(logging.ERROR, "told")'),
    "an error, where that is set": (True, LEVEL_SET.format("ERROR"), 'logger.exception("told")'),
    "print": (True, LEVEL_SET.format("CRITICAL"), 'print("told")'),
    "one of elsewhere": (True, "from shared import log\n", 'log.info("told")'),
    "info, where nothing is set": (None, "", 'logger.info("told")'),
    "debug, where nothing is set": (None, "", 'logger.debug("told")'),
    "debug of one of elsewhere": (None, "from shared import log\n", 'log.debug("told")'),
    "info, where it is set for nothing": (
        None,
        "logging.basicConfig(level=logging.INFO)\n",
        'logger.info("told")',
    ),
    "info, where it is set over": (
        True,
        "logging.basicConfig(level=logging.INFO, force=True)\n",
        'logger.info("told")',
    ),
    "a warning, of a level of the environment": (
        None,
        'logger.setLevel(os.environ.get("LEVEL", "INFO"))\n',
        'logger.warning("told")',
    ),
    "a warning, of a level that a condition sets": (
        None,
        LEVEL_SET.format("INFO"),
        'if event.quiet:\n        logger.setLevel("ERROR")\n    logger.warning("told")',
    ),
    "a warning, of a level that the environment sets": (
        None,
        LEVEL_SET.format("INFO"),
        'if os.environ.get("QUIET"):\n        logger.setLevel("ERROR")\n    logger.warning("told")',
    ),
    "a warning, where a handler shows errors": (
        None,
        "for it in logger.handlers:\n    it.setLevel(logging.ERROR)\n",
        'logger.warning("told")',
    ),
}


@pytest.mark.parametrize(("seen", "before", "body"), LEVELS.values(), ids=LEVELS)
def test_what_is_below_its_level_is_not_logged(
    tmp_path: Path, seen: bool | None, before: str, body: str
) -> None:
    head = "import logging, os\nlogger = logging.getLogger()\nown = logging.getLogger(__name__)\n"
    held = read(tmp_path, f"{head}{before}def handler(event):\n    {body}\n")
    if seen is None:
        with pytest.raises(Undetermined):
            held.not_logged(["told"])
    else:
        assert held.not_logged(["told"]) == ([] if seen else ["told"])


def test_a_constant_counts_that_is_read(tmp_path: Path) -> None:
    source = """
        RATE = 15 * 60
        UNUSED = 5
        TWICE = 1
        TWICE = 2
        CHANGED = 1
        TEXT = "900"
        FLAG = True
        def handler(event):
            global CHANGED
            CHANGED = 7
            return RATE, TWICE, CHANGED, TEXT, FLAG
        def other():
            return UNUSED
        """
    held = read(tmp_path, source)
    assert held.constants == {"RATE": 900, "TEXT": "900", "FLAG": True}
    assert held.beyond({"RATE": 900}) == []
    assert held.beyond({"RATE": 899}) == ["RATE is 900"]
    names = ("UNUSED", "TWICE", "CHANGED", "GONE")
    assert held.beyond(dict.fromkeys(names, 1000)) == [f"{it} is no constant that it goes by" for it in names]
    assert held.beyond({"TEXT": 1000, "FLAG": 1000}) == ["TEXT is '900'", "FLAG is True"]


@pytest.mark.parametrize("more", ["RATE * 2", "RATE + 100", "100 + RATE", "RATE**2", "RATE << 1"])
def test_a_constant_that_is_reckoned_with_may_be_more(tmp_path: Path, more: str) -> None:
    held = read(tmp_path, f"RATE = 900\ndef handler(event):\n    return event > {more}\n")
    with pytest.raises(Undetermined, match="it may go by more"):
        held.beyond({"RATE": 900})


def test_a_constant_that_is_divided_is_no_more(tmp_path: Path) -> None:
    held = read(tmp_path, "RATE = 900\ndef handler(event):\n    return 3600 / RATE\n")
    assert held.beyond({"RATE": 900}) == []


TAKEN = (
    "import logging, os, time\nfrom shared import fetch, count\nRATE = 900\nclass Exceeded(Exception): ...\n"
)
BOUNDING = {
    "raised": "if count() > RATE:\n    raise Exceeded\nreturn fetch()",
    "raised, the other way round": "if RATE < count():\n    raise Exceeded\nreturn fetch()",
    "raised, not less": "if not count() <= RATE:\n    raise Exceeded\nreturn fetch()",
    "raised, by how much": "if count() - RATE > 0:\n    raise Exceeded\nreturn fetch()",
    "returned": 'if count() > RATE:\n    return {"statusCode": 429}\nreturn fetch()',
    "asked within": "if count() <= RATE:\n    fetch()",
    "asked otherwise": "if count() > RATE:\n    logging.warning(1)\nelse:\n    fetch()",
    "raised after": "if count() <= RATE:\n    return fetch()\nraise Exceeded",
    "gone on with the next": "for it in event:\n    if count() > RATE:\n        continue\n    fetch(it)",
    "waited": "if count() > RATE:\n    time.sleep(60)\nreturn fetch()",
    "waited while": "while count() > RATE:\n    time.sleep(60)\nreturn fetch()",
    "noted first": "over = count() > RATE\nif over:\n    raise Exceeded\nreturn fetch()",
    "under another name": "most = RATE\nif count() > most:\n    raise Exceeded\nreturn fetch()",
    "asserted": "assert count() <= RATE\nreturn fetch()",
    "in a function": (
        "take()\nreturn fetch()\n---def take():\n    if count() > RATE:\n        raise Exceeded\n"
    ),
    "in a function that says so": (
        "if is_over():\n    raise Exceeded\nreturn fetch()\n---def is_over():\n    return count() > RATE\n"
    ),
    "in a function that says so, in two steps": (
        "if not may():\n    return None\nreturn fetch()\n"
        "---def may():\n    if count() > RATE:\n        return False\n    return True\n"
    ),
    "refused by a function": (
        "if count() > RATE:\n    refuse()\nfetch()\n---def refuse():\n    raise Exceeded\n"
    ),
    "caught and answered": (
        "try:\n    take()\nexcept Exceeded:\n    return 1\nreturn fetch()\n"
        "---def take():\n    if count() > RATE:\n        raise Exceeded\n"
    ),
    "caught around what is asked": (
        "try:\n    take()\n    fetch()\nexcept Exceeded:\n    logging.warning(1)\n"
        "---def take():\n    if count() > RATE:\n        raise Exceeded\n"
    ),
    "handed on": "return fetch(most=RATE)",
    "divided": "time.sleep(3600 / RATE)",
    "a range": "for n in range(RATE):\n    fetch()",
}
NOT_BOUNDING = {
    "logged": "if count() > RATE:\n    logging.warning('over')\nreturn fetch()",
    "logged with it": "if count() > RATE:\n    logging.warning('over %s', RATE)\nreturn fetch()",
    "printed": "if count() > RATE:\n    print(f'over {RATE}')\nreturn fetch()",
    "only told": "logging.info('at most %s', RATE)\nreturn fetch()",
    "passed": "if count() > RATE:\n    pass\nreturn fetch()",
    "compared alone": "count() > RATE\nreturn fetch()",
    "noted and logged": "over = count() > RATE\nif over:\n    logging.warning('over')\nreturn fetch()",
    "under another name": "most = RATE\nif count() > most:\n    logging.warning('over')\nreturn fetch()",
    "the wrong way round": "if count() < RATE:\n    raise Exceeded\nreturn fetch()",
    "in a function": (
        "take()\nreturn fetch()\n---def take():\n    if count() > RATE:\n        logging.warning('over')\n"
    ),
    "in a function whose word counts for nothing": (
        "may()\nreturn fetch()\n"
        "---def may():\n    if count() > RATE:\n        return False\n    return True\n"
    ),
    "in a function that says so": (
        "if is_over():\n    logging.warning('over')\nreturn fetch()\n"
        "---def is_over():\n    return count() > RATE\n"
    ),
    "caught and logged": (
        "try:\n    take()\nexcept Exceeded:\n    logging.warning('over')\nreturn fetch()\n"
        "---def take():\n    if count() > RATE:\n        raise Exceeded\n"
    ),
}
MAYBE_BOUNDING = {
    "where a setting says so": (
        "if os.getenv('LIMITED') and count() > RATE:\n    raise Exceeded\nreturn fetch()"
    ),
    "noted somewhere": "if count() > RATE:\n    event.over = True\nreturn fetch()",
    "something is called": "if count() > RATE:\n    fetch.told()\nreturn fetch()",
    "handed on, and called by nobody here": (
        "register(allowed)\nreturn fetch()---def allowed():\n    return count() < RATE\n"
    ),
    "raised where nobody is seen to call": (
        "register(check)\nreturn fetch()---def check():\n    if count() > RATE:\n        raise Exceeded\n"
    ),
    "either is returned": "if count() < RATE:\n    return answer()\nreturn fetch()",
}


def bounding(body: str) -> str:
    own, _, more = body.partition("---")
    return TAKEN + "def handler(event):\n" + indent(own, "    ") + "\n" + more


@pytest.mark.parametrize("case", BOUNDING)
def test_a_constant_that_bounds_something_is_gone_by(tmp_path: Path, case: str) -> None:
    held = read(tmp_path, bounding(BOUNDING[case]))
    assert held.beyond({"RATE": 900}) == []
    assert held.beyond({"RATE": 899}) == ["RATE is 900"]


@pytest.mark.parametrize("case", NOT_BOUNDING)
def test_a_constant_that_stops_nothing_is_not(tmp_path: Path, case: str) -> None:
    held = read(tmp_path, bounding(NOT_BOUNDING[case]))
    assert held.beyond({"RATE": 900}) == ["RATE is no constant that it goes by"]


@pytest.mark.parametrize("case", MAYBE_BOUNDING)
def test_a_constant_that_may_stop_something_is_undetermined(tmp_path: Path, case: str) -> None:
    with pytest.raises(Undetermined, match=r"is decided elsewhere|the environment"):
        read(tmp_path, bounding(MAYBE_BOUNDING[case])).beyond({"RATE": 900})


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("from shared.limits import RATE", "RATE"),
        ("from shared.limits import MOST as RATE", "RATE"),
        ("from .limits import RATE", "RATE"),
        ("from shared import limits", "limits.RATE"),
        ("import shared.limits as limits", "limits.RATE"),
        ("import os\nRATE = int(os.environ.get('RATE', '900'))", "RATE"),
    ],
)
def test_a_constant_that_lies_elsewhere_is_undetermined(tmp_path: Path, head: str, name: str) -> None:
    held = read(tmp_path, f"{head}\ndef handler(event):\n    if event > {name}:\n        raise ValueError\n")
    with pytest.raises(Undetermined, match=r"elsewhere|environment"):
        held.beyond({"RATE": 900})
    assert held.beyond({"OTHER": 900}) == ["OTHER is no constant that it goes by"]


WINDOWS = {
    "divided": (3600, "f'n:{int(time.time()) // 3600}'"),
    "divided by a constant": (3600, "f'n:{int(time.time() / HOUR)}'"),
    "divided twice": (3600, "f'n:{int(time.time()) // 60 // 60}'"),
    "divided by less": (60, "f'n:{int(time.time()) // 60}'"),
    "the beginning of it": (3600, "int(time.time()) - int(time.time()) % 3600"),
    "as a text": (3600, "time.strftime('n:%Y-%m-%dT%H')"),
    "as a text of a day": (86400, "datetime.now().strftime('%Y%m%d')"),
    "as a text that is filled in": (60, "f'{datetime.now():%Y%m%dT%H%M}'"),
    "in a function": (3600, "named('n', 3600)"),
    "of a clock that is read first": (3600, "f'n:{now // 3600}'"),
}


@pytest.mark.parametrize(("seconds", "name"), WINDOWS.values(), ids=WINDOWS)
def test_what_is_counted_for_a_window_is_told(tmp_path: Path, seconds: float, name: str) -> None:
    source = f"""
        import time
        from datetime import datetime
        RATE = 900
        HOUR = 60 * 60
        def handler(event):
            now = int(time.time())
            key = {name}
            taken = redis.incr(key)
            if taken > RATE:
                raise ValueError
        def named(start, seconds):
            return f"{{start}}:{{int(time.time()) // 3600}}"
        """
    held = read(tmp_path, source)
    assert held.windows["RATE"] == seconds
    told = [] if seconds == 3600 else [f"RATE is for {seconds} seconds"]
    assert held.counted_unlike({"RATE": 3600}) == told
    assert held.counted_unlike({"HOUR": 3600}) == ["HOUR is compared with nothing"]


@pytest.mark.parametrize(
    "counted", ["count(event)", "time.time() % 3600", "count(time.time() // 60, time.time() // 3600)"]
)
def test_what_is_counted_elsewhere_is_undetermined(tmp_path: Path, counted: str) -> None:
    compared = f"    if {counted} > RATE:\n        raise ValueError\n"
    source = f"import time\nRATE = 900\ndef handler(event):\n{compared}"
    held = read(tmp_path, source)
    with pytest.raises(Undetermined, match="is decided elsewhere"):
        held.counted_unlike({"RATE": 3600})


LOOP = (
    "import time, random, math\nFIRST = 0.5\ndef handler(event):\n    delay = 1\n"
    "    for attempt in range(4):\n        try:\n            return ask(event)\n"
    "        except ValueError:\n            pass\n{}\ndef ask(event):\n    return event\n"
    "{}"
)
GROWING = {
    "a power": ("time.sleep(FIRST * 2**attempt)", ""),
    "a power with a limit": ("time.sleep(min(30, 2 ** (attempt + 1)) * random.random())", ""),
    "a shift": ("time.sleep(0.1 * (1 << attempt))", ""),
    "a call": ("time.sleep(math.pow(2, attempt))", ""),
    "in a function": ("time.sleep(wait(attempt))", "def wait(n):\n    return FIRST * 2**n\n"),
    "in two functions": (
        "time.sleep(some(wait(attempt)))",
        "def some(x):\n    return x * random.random()\ndef wait(n):\n    length = 2**n\n    return length\n",
    ),
    "given first": ("wait = 2**attempt\ntime.sleep(wait)", ""),
    "multiplied": ("time.sleep(delay)\ndelay *= 2", ""),
    "multiplied up to a limit": ("time.sleep(delay)\ndelay = min(delay * 2, 60)", ""),
    "added to itself": ("time.sleep(delay)\ndelay += delay", ""),
    "up to a limit above the first": ("time.sleep(min(2, FIRST * 2**attempt))", ""),
    "by lot": ("time.sleep(random.uniform(0, min(20, 2**attempt)))", ""),
    "by a falling power of a fraction": ("time.sleep(0.5 ** -attempt)", ""),
    "divided by a power of a fraction": ("time.sleep(FIRST / 0.5**attempt)", ""),
    "of a length that nothing tells": ("time.sleep(event.first * 2**attempt)", ""),
    "up to a limit that nothing tells": ("time.sleep(min(event.most, FIRST * 2**attempt))", ""),
    "listed": ("time.sleep(WAITS[attempt])", "WAITS = (0.5, 1, 2, 4)\n"),
    "listed, the last ones the same": ("time.sleep(WAITS[min(attempt, 2)])", "WAITS = [1, 5, 30]\n"),
    "but after the last try": ("if attempt < 3:\n    time.sleep(2**attempt)", ""),
    "at once first": ("if attempt:\n    time.sleep(2**attempt)", ""),
    "where it may be tried again": ("if not event.ok:\n    time.sleep(delay)\n    delay *= 3", ""),
    "in a function that waits": ("pause(attempt)", "def pause(n):\n    time.sleep(FIRST * 2**n)\n"),
    "in a method that waits": (
        "Pause().now(attempt)",
        "class Pause:\n    def now(self, n, base=2):\n        time.sleep(base**n)\n",
    ),
}
NOT_GROWING = {
    "none": ("pass", ""),
    "the same": ("time.sleep(1)", ""),
    "a constant power": ("time.sleep(2**3)", ""),
    "a power of one": ("time.sleep(1**attempt)", ""),
    "a sum": ("time.sleep(attempt + 1)", ""),
    "a product": ("time.sleep(2 * attempt)", ""),
    "a power of something else": ("x = 2**attempt\ntime.sleep(1)", ""),
    "a function of something else": ("time.sleep(wait(3))", "def wait(n):\n    return 2**n\n"),
    "a comment": ("# time.sleep(2**attempt)", ""),
    "behind a return": ("continue\ntime.sleep(2**attempt)", ""),
    "added": ("time.sleep(delay)\ndelay += 1", ""),
    "divided by a power": ("time.sleep(FIRST / 2**attempt)", ""),
    "divided by a power, of a length that nothing tells": ("time.sleep(event.first / 2**attempt)", ""),
    "a limit that is the first wait": ("time.sleep(min(FIRST, FIRST * 2**attempt))", ""),
    "a falling power": ("time.sleep(2 ** -attempt)", ""),
    "a falling power, of a length that nothing tells": ("time.sleep(event.first * 2 ** -attempt)", ""),
    "a power of a fraction": ("time.sleep(0.5**attempt)", ""),
    "a power of a fraction, of a length that nothing tells": ("time.sleep(event.first * FIRST**attempt)", ""),
    "multiplied by a fraction": ("time.sleep(delay)\ndelay *= 0.5", ""),
    "multiplied by one": ("time.sleep(delay)\ndelay *= 1", ""),
    "multiplied by one, of a length that nothing tells": (
        "time.sleep(delay)\ndelay = event.x\ndelay *= 1",
        "",
    ),
    "set anew each time": ("delay = 1\ntime.sleep(delay)\ndelay *= 2", ""),
    "what remains of it": ("time.sleep(2**attempt % 2)", ""),
    "once": ("if attempt == 2:\n    time.sleep(2**attempt)", ""),
    "listed and the same": ("time.sleep(WAITS[attempt])", "WAITS = (1, 1, 1, 1)\n"),
    "listed and added": ("time.sleep(WAITS[attempt])", "WAITS = (1, 2, 3, 4)\n"),
    "listed and falling": ("time.sleep(WAITS[attempt])", "WAITS = (4, 2, 1, 0.5)\n"),
    "a function that waits the same": ("pause(attempt)", "def pause(n):\n    time.sleep(2)\n"),
    "in a function that nothing calls": (
        "pass",
        "def f():\n    for n in range(3):\n        time.sleep(2**n)\n",
    ),
}


def loop(statements: str, more: str) -> str:
    return LOOP.format(indent(statements, " " * 8), more)


@pytest.mark.parametrize("case", GROWING)
def test_waits_that_grow_by_a_factor_are_found(tmp_path: Path, case: str) -> None:
    assert read(tmp_path, loop(*GROWING[case])).backs_off is True


@pytest.mark.parametrize("case", NOT_GROWING)
def test_waits_that_do_not_are_not(tmp_path: Path, case: str) -> None:
    assert read(tmp_path, loop(*NOT_GROWING[case])).backs_off is False


ROUNDS = {
    "listed": (True, "for delay in (0.5, 1, 2, 4):\n", "delay"),
    "listed at the top": (True, "for delay in WAITS:\n", "delay"),
    "listed and counted": (True, "for n, delay in enumerate(WAITS):\n", "delay"),
    "made": (True, "for delay in [2**n for n in range(4)]:\n", "delay"),
    "two that are listed": (True, "for delay in (1, 2):\n", "delay"),
    "listed, equal": (False, "for delay in (1, 1, 1):\n", "delay"),
    "listed, falling": (False, "for delay in (4, 2, 1):\n", "delay"),
    "listed, by a sum": (False, "for delay in (1, 2, 3):\n", "delay"),
    "listed, one": (False, "for delay in (1,):\n", "delay"),
    "counted without an end": (True, "for n in itertools.count():\n", "2**n"),
    "as often as nothing tells": (True, "for n in range(event.tries):\n", "2**n"),
    "as often as nothing tells, falling": (False, "for n in range(event.tries):\n", "1 / 2**n"),
    "once": (False, "for n in range(1):\n", "2**n"),
    "once by a constant": (False, "for n in range(ONCE):\n", "2**n"),
    "never": (False, "for n in range(ONCE - 1):\n", "2**n"),
    "two by a sum": (False, "for n in range(2):\n", "n + 1"),
    "two by a power": (True, "for n in range(2):\n", "2**n"),
    "while it is less": (True, "n = 0\nwhile n < 4:\n    n += 1\n", "2**n"),
    "while it is less, once": (False, "n = 0\nwhile n < 1:\n    n += 1\n", "2**n"),
    "always": (True, "n = 0\nwhile True:\n    n += 1\n    if n > 5:\n        raise TimeoutError\n", "2**n"),
    "always, given up at once": (
        False,
        "n = 0\nwhile True:\n    n += 1\n    if n > 1:\n        raise TimeoutError\n",
        "2**n",
    ),
    "for each of many": (True, "for it in event:\n    for n in range(4):\n", "    2**n"),
    "for each of many, once": (False, "for it in event:\n    for n in range(1):\n", "    2**n"),
}


@pytest.mark.parametrize(("grows", "head", "wait"), ROUNDS.values(), ids=ROUNDS)
def test_waits_are_reckoned_for_each_round(tmp_path: Path, grows: bool, head: str, wait: str) -> None:
    inner = " " * (8 if wait.startswith(" ") else 4)
    body = f"{head}{inner}ask(event)\n{inner}time.sleep({wait.strip()})\n"
    source = "import itertools, time\nWAITS = [1, 3, 9]\nONCE = 1\ndef ask(it): ...\ndef handler(event):\n"
    assert read(tmp_path, source + indent(body, "    ")).backs_off is grows


TRIED_AGAIN: dict[str, tuple[bool, str]] = {
    "some": (True, "error.code not in {429, 503}"),
    "one of a constant": (True, "error.code not in SOME"),
    "none": (False, "error.code not in set()"),
    "one that stays": (False, "error.code not in {418}"),
    "those of a constant, that stay": (False, "error.code not in frozenset(OTHERS)"),
    "the server's": (True, "not 500 <= error.code < 600"),
    "the server's, reckoned": (True, "error.status_code // 100 != 5"),
    "one's own": (False, "error.response.status_code >= 400"),
    "all but these": (True, "error.code in OTHERS"),
    "what is no number": (True, "error.code != 'Throttling'"),
    "what may be anything": (True, "error.status"),
    "what nothing tells": (True, "error.code not in retried()"),
}


@pytest.mark.parametrize(("grows", "given_up"), TRIED_AGAIN.values(), ids=TRIED_AGAIN)
def test_waits_are_those_after_an_answer_that_may_pass(tmp_path: Path, grows: bool, given_up: str) -> None:
    source = f"""
import time
SOME, OTHERS = {{429}}, [401, 403]
def ask(it): ...
def handler(event):
    for n in range(4):
        try:
            return ask(event)
        except OSError as error:
            if {given_up} or n == 3:
                raise
        time.sleep(2**n)
""".replace("SOME, OTHERS = {429}, [401, 403]", "SOME = {429}\nOTHERS = [401, 403]")
    assert read(tmp_path, source).backs_off is grows


LIBRARIES = {
    "backoff": (
        "import backoff\n@backoff.on_exception(backoff.expo, ValueError)\ndef handler(event):\n    pass\n"
    ),
    "tenacity": (
        "from tenacity import retry, wait_exponential\n"
        "@retry(wait=wait_exponential(multiplier=1))\ndef handler(event):\n    pass\n"
    ),
    "urllib3": (
        "from urllib3.util import Retry\nRETRY = Retry(total=3, backoff_factor=1)\n"
        "def handler(event):\n    return RETRY\n"
    ),
    "itself": (
        "import time\ndef handler(event, n=0):\n    try:\n        return 1\n"
        "    except ValueError:\n        time.sleep(2**n)\n"
        "        return handler(event, n + 1)\n"
    ),
}


@pytest.mark.parametrize("case", LIBRARIES)
def test_libraries_that_wait_so_are_known(tmp_path: Path, case: str) -> None:
    assert read(tmp_path, LIBRARIES[case]).backs_off is True


@pytest.mark.parametrize(
    "source",
    [
        "from shared.retrying import retry\n@retry\ndef handler(event):\n    pass\n",
        "import tenacity\n@tenacity.retry(wait=tenacity.wait_fixed(1))\ndef handler(event):\n    pass\n",
        (
            "import time\nfrom shared import wait\ndef handler(event):\n    for n in range(3):\n"
            "        time.sleep(wait(n))\n"
        ),
    ],
)
def test_what_lies_elsewhere_may_wait_so(tmp_path: Path, source: str) -> None:
    with pytest.raises(Undetermined, match="which lies elsewhere"):
        assert not read(tmp_path, source).backs_off


def test_what_is_imported_and_not_used_is_no_doubt(tmp_path: Path) -> None:
    source = "import retrying, circuitbreaker\ndef handler(event):\n    return event\n"
    held = read(tmp_path, source)
    assert (held.backs_off, held.breaks_circuit) == (False, False)


OWN = """
import time
MOST = 5
class Breaker:
    def __init__(self):
        self.failures = 0
        self.opened_at = None
    def call(self, ask):
        {guard}
        try:
            answer = ask()
        except ValueError:
            {handler}
            raise
        self.failures = 0
        return answer
breaker = Breaker()
def handler(event):
    return breaker.call(lambda: event)
"""
GUARD = "if self.opened_at and time.time() < self.opened_at + 60:\n            raise RuntimeError"
NOTES = (
    "self.failures += 1\n            if self.failures >= MOST:\n                self.opened_at = time.time()"
)
PLAIN = """
import time
state = {"failures": 0, "until": 0}
def note():
    state["failures"] += 1
    if state["failures"] > 3:
        state["until"] = time.time() + 60
def is_open():
    return time.time() < state["until"]
def handler(event):
    if is_open():
        return None
    for it in event:
        try:
            ask(it)
        except OSError:
            note()
def ask(it):
    return it
"""
SHARED = """
import time
MOST = 5
class Breaker:
    def __init__(self):
        self.failures, self.open = "failures", "open"
    def call(self, ask):
        redis = connection()
        {guard}
        try:
            answer = ask()
        except ValueError:
            if redis.incr(self.failures) >= MOST:
                {note}
            raise
        redis.delete(self.failures)
        return answer
breaker = Breaker()
def handler(event):
    return breaker.call(lambda: event)
"""
ASKED, RAISED = "redis.exists(self.open)", "            raise\n        redis"
OPENED = 'redis.set(self.open, "1", ex=60)'


def own(guard: str, handler: str = NOTES) -> str:
    return OWN.format(guard=guard.replace("\n", "\n        "), handler=handler)


def shared(test: str, note: str = OPENED) -> str:
    return SHARED.format(guard=f"if {test}:\n            raise RuntimeError", note=note)


def state(guard: str, noted: str = "open") -> str:
    return own(guard, NOTES.replace("self.opened_at = time.time()", f'self.state = "{noted}"'))


BREAKING = {
    "noted for a time": shared("redis.exists(self.open)", 'redis.setex(self.open, 60, "1")'),
    "counted for a time": shared("redis.exists(self.open)").replace(
        "            if redis.incr", "            redis.expire(self.failures, 60)\n            if redis.incr"
    ),
    "forgotten once it stops": shared(
        "redis.exists(self.open)", f"{OPENED}\n                redis.delete(self.failures)"
    ),
    "a class": OWN.format(guard=GUARD, handler=NOTES),
    "what all share": shared("redis.exists(self.open)"),
    "what all share, as a text": shared('redis.get(self.open) == b"1"'),
    "what all share, for how long": shared("redis.ttl(self.open) > 0"),
    "what all share, the other way round": shared("not not redis.exists(self.open)"),
    "what all share, read first": SHARED.format(
        guard="found = redis.get(self.open)\n        if found is not None:\n            raise RuntimeError",
        note=OPENED,
    ),
    "a state": state('if self.state == "open":\n    raise RuntimeError'),
    "a state that may be tried again": state(
        'if self.state == "open":\n    if time.time() - self.since < 60:\n        raise RuntimeError\n'
        '    self.state = "half-open"'
    ),
    "a state that may be tried again, otherwise": state(
        'if self.state == "open" and time.time() - self.since > 60:\n    self.state = "half-open"\n'
        'elif self.state == "open":\n    raise RuntimeError'
    ),
    "how long it is": own("if self.opened_at and time.time() - self.opened_at < 60:\n    raise RuntimeError"),
    "how long it is, the other way round": own(
        "if not (self.opened_at is None or time.time() > self.opened_at + 60):\n    raise RuntimeError"
    ),
    "few are let through": OWN.format(
        guard=GUARD,
        handler="self.failures += 1\n            if self.failures < MOST:\n                pass\n"
        "            else:\n                self.opened_at = time.time()",
    ),
    "under a lock": own("with self.lock:\n    if self.opened_at:\n        raise RuntimeError"),
    "asserted": own("assert not self.opened_at"),
    "a function that raises": PLAIN.replace(
        "    if is_open():\n        return None\n", "    refuse_if_open()\n"
    )
    + "def refuse_if_open():\n    if is_open():\n        raise RuntimeError\n",
    "a function of several steps": PLAIN.replace(
        '    return time.time() < state["until"]',
        '    if not state["until"]:\n        return False\n    return time.time() < state["until"]',
    ),
    "a key that is passed": SHARED.format(
        guard="if is_open(redis, self.open):\n            raise RuntimeError", note="trip(redis, self.open)"
    )
    + 'def is_open(r, key):\n    return r.exists(key)\ndef trip(r, key):\n    r.set(key, "1", ex=60)\n',
    "cleared where it was answered": OWN.format(guard=GUARD, handler=NOTES).replace(
        "        self.failures = 0\n        return", "        self.opened_at = None\n        return"
    ),
    "cleared on one of two ways": OWN.format(
        guard=GUARD, handler=f"{NOTES}\n            if self.other:\n                self.opened_at = None"
    ),
    "failures of a source": shared("redis.exists(self.open)")
    .replace(
        "import time", "import time\nfrom urllib.error import URLError\nfrom urllib.request import urlopen"
    )
    .replace("except ValueError", "except (URLError, TimeoutError)")
    .replace("lambda: event", "lambda: urlopen(event)"),
    "functions": PLAIN,
    "a library": "import pybreaker\nb = pybreaker.CircuitBreaker()\n@b\ndef handler(event):\n    pass\n",
    "a decorator": "from circuitbreaker import circuit\n@circuit\ndef handler(event):\n    pass\n",
}
NOT_BREAKING = {
    "no guard": OWN.format(guard="pass", handler=NOTES),
    "a guard of something else": OWN.format(
        guard="if self.other:\n            raise RuntimeError", handler=NOTES
    ),
    "a guard that lets through": OWN.format(guard="if self.opened_at:\n            print(1)", handler=NOTES),
    "nothing counted": OWN.format(guard=GUARD, handler="pass"),
    "nothing compared": OWN.format(guard=GUARD, handler="self.opened_at = time.time()"),
    "a name alone": "class CircuitBreaker:\n    pass\ndef handler(event):\n    return CircuitBreaker()\n",
    "nothing uses it": OWN.format(guard=GUARD, handler=NOTES).replace("breaker.call(lambda: event)", "event"),
    "the other way round": shared("not redis.exists(self.open)"),
    "the other way round, as a text": shared('redis.get(self.open) != "1"'),
    "the other way round, for nothing": shared("redis.get(self.open) is None"),
    "the other way round, for how long": shared("redis.ttl(self.open) <= 0"),
    "the other way round, in a function": PLAIN.replace("return time.time() <", "return time.time() >"),
    "the other way round, around it": PLAIN.replace("if is_open():\n        return None", "if is_open():")
    .replace("    for it", "        for it")
    .replace("        try", "            try")
    .replace("            ask(it)\n        except", "                ask(it)\n            except")
    .replace("            note()", "                note()"),
    "another state": state('if self.state == "closed":\n    raise RuntimeError'),
    "a state that is noted as another": state('if self.state == "open":\n    raise RuntimeError', "closed"),
    "a time that is over": own("if time.time() - self.opened_at > 60:\n    raise RuntimeError"),
    "cleared right after": OWN.format(
        guard=GUARD, handler=f"{NOTES}\n                self.opened_at = None\n"
    ),
    "cleared right after, in any case": OWN.format(
        guard=GUARD, handler=f"{NOTES}\n            self.opened_at = None\n"
    ),
    "cleared right after, by a method": shared(
        "redis.exists(self.open)", f"{OPENED}\n                redis.delete(self.open)"
    ),
    "cleared finally": OWN.format(guard=GUARD, handler=NOTES).replace(
        "            raise\n        self.failures",
        "            raise\n        finally:\n            self.opened_at = None\n        self.failures",
    ),
    "cleared before it is asked for": own(f"self.opened_at = None\n{GUARD}".replace("\n        ", "\n")),
    "only logged": shared("redis.exists(self.open)", "logger.warning(self.open)"),
    "noted for no time": shared("redis.exists(self.open)", 'redis.set(self.open, "1", ex=0)'),
    "noted for no time, by its place": shared(
        "redis.exists(self.open)", 'redis.setex(self.open, MOST - 5, "1")'
    ),
    "noted for no time, in another way": shared(
        "redis.exists(self.open)", 'redis.set(self.open, "1", px=timedelta(seconds=0))'
    ),
    "counted anew at each failure": shared("redis.exists(self.open)").replace(
        "            if redis.incr", "            redis.delete(self.failures)\n            if redis.incr"
    ),
    "forgotten after each failure": shared("redis.exists(self.open)").replace(
        "            raise\n        redis",
        "            redis.expire(self.failures, 0)\n            raise\n        redis",
    ),
    "forgotten finally": shared("redis.exists(self.open)").replace(
        "            raise\n        redis.delete",
        "            raise\n        finally:\n            redis.delete",
    ),
    "forgotten while there are few": shared("redis.exists(self.open)").replace(
        RAISED, f"            else:\n                redis.delete(self.failures)\n{RAISED}"
    ),
    "forgotten before each try": OWN.format(guard=f"{GUARD}\n        self.failures = 0", handler=NOTES),
    "forgotten where it goes on": OWN.format(guard=GUARD, handler=NOTES).replace(
        "            raise\n        self.failures = 0", "        self.failures = 0"
    ),
    "forgotten by a function": PLAIN.replace(
        "            ask(it)\n", "            anew()\n            ask(it)\n"
    )
    + "def anew():\n    state['failures'] = 0\n",
    "few failures": OWN.format(guard=GUARD, handler=NOTES.replace(">= MOST", "<= MOST")),
    "a guard behind": PLAIN.replace("    if is_open():\n        return None\n", "")
    + "    if is_open():\n        return None\n",
}


@pytest.mark.parametrize("case", BREAKING)
def test_what_stops_asking_is_found(tmp_path: Path, case: str) -> None:
    assert read(tmp_path, BREAKING[case]).breaks_circuit is True


@pytest.mark.parametrize("case", NOT_BREAKING)
def test_what_goes_on_asking_is_not(tmp_path: Path, case: str) -> None:
    assert read(tmp_path, NOT_BREAKING[case]).breaks_circuit is False


MAYBE_BREAKING = {
    "noted in a way that nothing tells": shared("redis.exists(self.open)", "redis.note(self.open)"),
    "asked for in a way that nothing tells": shared("weighed(redis.get(self.open) or 0, 3) in event"),
    "compared with what nothing tells": state("if self.state == self.wanted:\n    raise RuntimeError"),
    "a narrow exception": BREAKING["failures of a source"].replace(
        "(URLError, TimeoutError)", "TimeoutError"
    ),
    "another exception": BREAKING["failures of a source"].replace("(URLError, TimeoutError)", "KeyError"),
    "one that nothing raises": BREAKING["failures of a source"]
    .replace("(URLError, TimeoutError)", "Failed")
    .replace("class Breaker:", "class Failed(Exception): ...\nclass Breaker:"),
}


@pytest.mark.parametrize("case", MAYBE_BREAKING)
def test_what_may_stop_asking_is_undetermined(tmp_path: Path, case: str) -> None:
    with pytest.raises(Undetermined):
        print(read(tmp_path, MAYBE_BREAKING[case]).breaks_circuit)


LIMITS: dict[str, tuple[bool | None, str]] = {
    "five": (True, "5"),
    "as many as may be": (True, "2 * 5"),
    "one more": (False, "11"),
    "a power": (False, "10**9"),
    "a power too high": (None, "10**900"),
    "a setting": (None, "int(os.environ['MOST'])"),
}


@pytest.mark.parametrize(("soon", "most"), LIMITS.values(), ids=LIMITS)
def test_it_stops_after_so_many_failures(tmp_path: Path, soon: bool | None, most: str) -> None:
    file = read(tmp_path, shared("redis.exists(self.open)").replace("MOST = 5", f"import os\nMOST = {most}"))
    if soon is None:
        with pytest.raises(Undetermined, match="is known at run time alone"):
            file.stops_asking_after(10)
    else:
        assert file.breaks_circuit
        assert file.stops_asking_after(10) is soon
    assert not read(tmp_path, NOT_BREAKING["no guard"]).stops_asking_after(10)


def test_a_breaker_that_lies_elsewhere_may_stop_it(tmp_path: Path) -> None:
    source = "from shared.circuit import guarded\n@guarded\ndef handler(event):\n    pass\n"
    with pytest.raises(Undetermined, match=r"shared\.circuit\.guarded, which lies elsewhere"):
        assert not read(tmp_path, source).breaks_circuit


def test_a_breaker_that_a_setting_switches_is_undetermined(tmp_path: Path) -> None:
    source = BREAKING["functions"].replace("if is_open():", "if ON and is_open():")
    held = read(tmp_path, f"import os\nON = os.environ.get('ON')\n{source}")
    with pytest.raises(Undetermined, match="the environment of the process decides"):
        assert held.breaks_circuit


USUAL = {
    "waits of a decorator": (
        "backs_off",
        """
        import time, functools
        def retry(tries=4):
            def outer(f):
                @functools.wraps(f)
                def inner(*a):
                    delay = 1
                    for n in range(tries):
                        try:
                            return f(*a)
                        except OSError:
                            if n == tries - 1:
                                raise
                            time.sleep(delay)
                            delay *= 2
                return inner
            return outer
        @retry()
        def handler(event): return event
        """,
    ),
    "waits of an object": (
        "backs_off",
        """
        import time
        class C:
            def __init__(self): self.base=1
            def get(self, n):
                for attempt in range(5):
                    try:
                        return ask()
                    except OSError as e:
                        wait = min(self.base * (2 ** attempt), 30)
                        time.sleep(wait)
                raise OSError
        def handler(event): return C().get(1)
        """,
    ),
    "waits while there are tries": (
        "backs_off",
        """
        import time
        MAX = 5
        def handler(event):
            retries = 0
            while retries < MAX:
                try:
                    return ask()
                except OSError:
                    retries += 1
                    if retries == MAX: raise
                    time.sleep(2 ** retries)
        """,
    ),
    "waits of a coroutine": (
        "backs_off",
        """
        import asyncio
        async def handler(event):
            delay = 0.5
            while True:
                resp = await ask()
                if resp.ok:
                    return resp
                await asyncio.sleep(delay)
                delay = min(delay * 2, 8)
        """,
    ),
    "waits of an answer": (
        "backs_off",
        """
        import time
        def handler(event):
            for attempt in range(1, 5):
                r = ask()
                if r.status_code == 429:
                    time.sleep(int(r.headers.get("Retry-After", 2 ** attempt)))
                    continue
                return r
        """,
    ),
    "a breaker of a mapping": (
        "breaks_circuit",
        """
        import time
        STATE = {"failures": 0, "opened_at": None}
        MOST, COOL = 5, 60
        def handler(event):
            if STATE["opened_at"] is not None:
                if time.time() - STATE["opened_at"] < COOL:
                    return {"statusCode": 503}
                STATE["opened_at"] = None
                STATE["failures"] = 0
            try:
                return ask()
            except Exception:
                STATE["failures"] += 1
                if STATE["failures"] >= MOST:
                    STATE["opened_at"] = time.time()
                raise
        """,
    ),
    "a breaker of an enumeration": (
        "breaks_circuit",
        """
        import time
        from enum import Enum
        class State(Enum):
            CLOSED = 1
            OPEN = 2
        class B:
            def __init__(self):
                self.state = State.CLOSED
                self.n = 0
                self.at = 0
            def call(self, f):
                if self.state == State.OPEN:
                    if time.time() - self.at > 60:
                        self.state = State.CLOSED
                    else:
                        raise RuntimeError
                try:
                    r = f()
                    self.ok()
                    return r
                except Exception as e:
                    self.failed()
                    raise e
            def ok(self):
                self.n = 0
                self.state = State.CLOSED
            def failed(self):
                self.n += 1
                if self.n >= 5:
                    self.state = State.OPEN
                    self.at = time.time()
        b = B()
        def handler(event): return b.call(lambda: event)
        """,
    ),
    "a breaker that is asked": (
        "breaks_circuit",
        """
        import time
        class B:
            def allow(self):
                if self.state == "open":
                    if time.monotonic() - self.at >= 60:
                        self.state = "half_open"
                        return True
                    return False
                return True
            def fail(self):
                self.n += 1
                if self.n >= 5:
                    self.state = "open"
                    self.at = time.monotonic()
        b = B()
        def handler(event):
            if not b.allow():
                return None
            try:
                return ask()
            except OSError:
                b.fail()
                raise
        """,
    ),
    "a breaker of two variables": (
        "breaks_circuit",
        """
        failures = 0
        open_until = 0.0
        import time
        def handler(event):
            global failures, open_until
            now = time.time()
            if now < open_until:
                raise RuntimeError("open")
            try:
                r = ask()
            except OSError:
                failures += 1
                if failures > 3:
                    open_until = now + 60
                raise
            failures = 0
            return r
        """,
    ),
}


@pytest.mark.parametrize(("field", "source"), USUAL.values(), ids=USUAL)
def test_what_is_usual_is_found(tmp_path: Path, field: str, source: str) -> None:
    assert getattr(read(tmp_path, source), field) is True


def test_what_is_no_python_is_an_error(tmp_path: Path) -> None:
    for source in ("def handler(:\n", "\0", "(" * 2000):
        with pytest.raises(ReadError, match="is no Python"):
            read(tmp_path, source)


def test_where_it_is_not_entered_nothing_is_known(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match="no function main"):
        read(tmp_path, "def handler(event):\n    pass\n", "main")


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        PythonFile.asked_of_repository(Checkout(tmp_path), "code.py", Entered(entry="handler"))
