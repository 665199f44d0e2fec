"""What code keeps although a check refused it: however it is told on that it was refused."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from plumbline.github.checkout import Checkout
from plumbline.kinds.python_file import Entered, PythonFile
from plumbline.values.unknown import ReadError, Undetermined

HEAD = """
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
import boto3
import stix2
from botocore.exceptions import ClientError
from stix2.exceptions import STIXError
logger = logging.getLogger()
table = boto3.resource("dynamodb").Table("t")
runs = boto3.resource("dynamodb").Table("r")
"""


def read(folder: Path, source: str) -> PythonFile:
    (folder / "code.py").write_text(HEAD + dedent(source))
    asked = Entered(entry="handler", check="stix2.parse")
    return PythonFile.asked_of_repository(Checkout(folder), "code.py", asked)


KEPT = {
    "it is logged and kept": """
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                except STIXError:
                    logger.warning("invalid")
                table.put_item(Item=it)
        """,
    "the caller is told that it is valid": """
        def is_valid(it):
            try:
                stix2.parse(it)
            except Exception:
                logger.warning("invalid")
            return True
        def handler(event):
            for it in event:
                if not is_valid(it):
                    continue
                table.put_item(Item=it)
        """,
    "the caller is told nothing": """
        def check(it):
            try:
                stix2.parse(it)
            except (STIXError, ValueError):
                logger.warning("invalid")
        def handler(event):
            for it in event:
                check(it)
                table.put_item(Item=it)
        """,
    "the caller does not ask": """
        def is_valid(it):
            try:
                stix2.parse(it)
            except STIXError:
                return False
            return True
        def handler(event):
            for it in event:
                is_valid(it)
                table.put_item(Item=it)
        """,
    "the caller counts it and goes on": """
        def is_valid(it):
            try:
                stix2.parse(it)
            except STIXError:
                return False
            return True
        def handler(event):
            invalid = 0
            for it in event:
                if not is_valid(it):
                    invalid += 1
                table.put_item(Item=it)
        """,
    "the other way round": """
        def is_invalid(it):
            try:
                stix2.parse(it)
                return True
            except STIXError:
                return False
        def handler(event):
            for it in event:
                if is_invalid(it):
                    continue
                table.put_item(Item=it)
        """,
    "it is kept before": """
        def handler(event):
            for it in event:
                table.put_item(Item=it)
                stix2.parse(it)
        """,
    "whatever it is, finally": """
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                finally:
                    table.put_item(Item=it)
        """,
    "it is suppressed": """
        def handler(event):
            for it in event:
                with suppress(Exception):
                    stix2.parse(it)
                table.put_item(Item=it)
        """,
    "in the handler itself": """
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                except STIXError:
                    table.put_item(Item=it)
        """,
    "behind a condition of its own": """
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                except STIXError:
                    logger.warning("invalid")
                if it.get("name"):
                    table.put_item(Item=it)
        """,
    "in a function": """
        def keep(it):
            table.put_item(Item=it)
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                except STIXError:
                    logger.warning("invalid")
                keep(it)
        """,
    "all that was collected": """
        def handler(event):
            found = []
            for it in event:
                try:
                    stix2.parse(it)
                except STIXError:
                    logger.warning("invalid")
                found.append(it)
            for it in found:
                table.put_item(Item=it)
        """,
    "as a method": """
        class Keeper:
            def ok(self, it):
                try:
                    stix2.parse(it)
                except STIXError:
                    pass
                return True
            def keep(self, it):
                if self.ok(it):
                    table.put_item(Item=it)
        def handler(event):
            Keeper().keep(event)
        """,
}
NOT_KEPT = {
    "it is gone on with the next": """
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                except STIXError:
                    logger.warning("invalid")
                    continue
                table.put_item(Item=it)
        """,
    "nothing is caught": """
        def handler(event):
            for it in event:
                stix2.parse(it)
                table.put_item(Item=it)
        """,
    "another exception is caught": """
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                    table.put_item(Item=it)
                except ClientError:
                    table.put_item(Item={})
        """,
    "it is kept where nothing was raised": """
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                except STIXError:
                    logger.warning("invalid")
                else:
                    table.put_item(Item=it)
        """,
    "it is kept in what is tried": """
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                    table.put_item(Item=it)
                except Exception:
                    logger.exception("invalid")
        """,
    "the caller asks": """
        def is_valid(it):
            try:
                stix2.parse(it)
            except STIXError:
                return False
            return True
        def handler(event):
            for it in event:
                if is_valid(it) and it.get("id"):
                    table.put_item(Item=it)
        """,
    "nothing is what it returns": """
        def parsed(it):
            try:
                return stix2.parse(it)
            except STIXError as error:
                logger.warning("invalid %s", error)
                return None
        def handler(event):
            for it in event:
                one = parsed(it)
                if one is None:
                    continue
                table.put_item(Item=it)
        """,
    "it is raised as another one": """
        class Invalid(ValueError): ...
        def check(it):
            try:
                stix2.parse(it)
            except STIXError as error:
                raise Invalid(it) from error
        def handler(event):
            for it in event:
                try:
                    check(it)
                except Invalid:
                    continue
                table.put_item(Item=it)
        """,
    "those that are valid are listed": """
        def is_valid(it):
            try:
                stix2.parse(it)
            except STIXError:
                return False
            return True
        def handler(event):
            for it in [one for one in event if is_valid(one)]:
                table.put_item(Item=it)
        """,
    "those that are valid are filtered": """
        def is_valid(it):
            try:
                stix2.parse(it)
                return True
            except STIXError:
                return False
        def handler(event):
            for it in filter(is_valid, event):
                table.put_item(Item=it)
        """,
    "those that are valid are yielded": """
        def valid(them):
            for it in them:
                try:
                    stix2.parse(it)
                except STIXError:
                    continue
                yield it
        def handler(event):
            for it in valid(event):
                table.put_item(Item=it)
        """,
    "those that are valid are collected": """
        def handler(event):
            good, bad = [], []
            for it in event:
                try:
                    stix2.parse(it)
                    good.append(it)
                except STIXError:
                    bad.append(it)
            if bad:
                logger.warning("%s are invalid", len(bad))
            for it in good:
                table.put_item(Item=it)
        """,
    "a batch is refused as a whole": """
        def handler(event):
            errors = []
            for it in event:
                try:
                    stix2.parse(it)
                except STIXError as error:
                    errors.append(str(error))
            if errors:
                return {"statusCode": 400}
            with table.batch_writer() as batch:
                for it in event:
                    batch.put_item(Item=it)
                    table.put_item(Item=it)
        """,
    "all must be valid": """
        def is_valid(it):
            try:
                stix2.parse(it)
            except STIXError:
                return False
            return True
        def handler(event):
            if not all(is_valid(it) for it in event):
                raise ValueError("invalid")
            for it in event:
                table.put_item(Item=it)
        """,
    "a row says so": """
        def check(it):
            try:
                stix2.parse(it)
            except STIXError as error:
                return False, str(error)
            return True, ""
        def handler(event):
            for it in event:
                ok, why = check(it)
                if not ok:
                    logger.warning(why)
                    continue
                table.put_item(Item=it)
        """,
    "another table keeps how many": """
        def handler(event):
            invalid = 0
            for it in event:
                try:
                    stix2.parse(it)
                except STIXError:
                    invalid += 1
                    continue
                table.put_item(Item=it)
            runs.put_item(Item={"invalid": invalid})
        """,
    "a flag says so": """
        def handler(event):
            for it in event:
                valid = True
                try:
                    stix2.parse(it)
                except STIXError:
                    valid = False
                if valid:
                    table.put_item(Item=it)
        """,
    "the error is what is returned": """
        def error_of(it):
            try:
                stix2.parse(it)
            except STIXError as error:
                return f"invalid: {error}"
        def handler(event):
            for it in event:
                if error := error_of(it):
                    logger.warning(error)
                    continue
                table.put_item(Item=it)
        """,
    "there is no error": """
        def error_of(it):
            try:
                stix2.parse(it)
            except STIXError as error:
                return str(error)
            return None
        def handler(event):
            for it in event:
                if error_of(it) is None:
                    table.put_item(Item=it)
        """,
    "in a pool": """
        def one(it):
            try:
                stix2.parse(it)
            except STIXError:
                return None
            table.put_item(Item=it)
        def handler(event):
            with ThreadPoolExecutor() as pool:
                list(pool.map(one, event))
        """,
    "it is asserted": """
        def is_valid(it):
            try:
                stix2.parse(it)
            except STIXError:
                return False
            return True
        def handler(event):
            for it in event:
                assert is_valid(it)
                table.put_item(Item=it)
        """,
}
OPEN = {
    "what was noted of it decides": """
        def check(it):
            try:
                stix2.parse(it)
            except STIXError as error:
                return weighed(error)
        def handler(event):
            for it in event:
                if check(it):
                    table.put_item(Item=it)
        """,
    "an object says so": """
        from dataclasses import dataclass
        @dataclass
        class Result:
            valid: bool
        def check(it):
            try:
                stix2.parse(it)
            except STIXError:
                return Result(False)
            return Result(True)
        def handler(event):
            for it in event:
                result = check(it)
                if result.valid:
                    table.put_item(Item=it)
        """,
    "a mapping says so": """
        def is_valid(it):
            try:
                stix2.parse(it)
            except STIXError:
                return {"valid": False}
            return {"valid": True}
        def handler(event):
            for it in event:
                if is_valid(it)["valid"]:
                    table.put_item(Item=it)
        """,
    "they are sorted by what is known of them": """
        def is_valid(it):
            try:
                stix2.parse(it)
            except STIXError:
                return False
            return True
        def handler(event):
            found = {True: [], False: []}
            for it in event:
                found[is_valid(it)].append(it)
            for it in found[True]:
                table.put_item(Item=it)
        """,
    "an exception of Python's that it may raise": """
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                except KeyError:
                    logger.warning("invalid")
                table.put_item(Item=it)
        """,
    "one of somewhere else is raised in its place": """
        from ours import Broken, Invalid
        def check(it):
            try:
                stix2.parse(it)
            except STIXError:
                raise Invalid(it)
        def handler(event):
            for it in event:
                try:
                    check(it)
                except Broken:
                    logger.warning("invalid")
                table.put_item(Item=it)
        """,
    "an exception of somewhere else": """
        from ours import Broken
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                except Broken:
                    logger.warning("invalid")
                table.put_item(Item=it)
        """,
    "a setting switches it off": """
        def is_valid(it):
            try:
                stix2.parse(it)
            except STIXError:
                if os.environ.get("STRICT"):
                    return False
            return True
        def handler(event):
            for it in event:
                if is_valid(it):
                    table.put_item(Item=it)
        """,
    "a constant of the settings switches it off": """
        STRICT = os.environ.get("STRICT") == "1"
        def handler(event):
            for it in event:
                try:
                    stix2.parse(it)
                except STIXError:
                    if STRICT:
                        continue
                table.put_item(Item=it)
        """,
    "a setting switches it on": """
        def handler(event):
            for it in event:
                if os.environ["STRICT"] == "1":
                    stix2.parse(it)
                table.put_item(Item=it)
        """,
}


@pytest.mark.parametrize("source", KEPT.values(), ids=KEPT)
def test_what_is_refused_and_kept_is_told_with_its_line(tmp_path: Path, source: str) -> None:
    [told] = read(tmp_path, source).kept_though_refused(["table.put_item"])
    line = next(
        number
        for number, text in enumerate((tmp_path / "code.py").read_text().splitlines(), 1)
        if "table.put_item" in text
    )
    assert told == f"line {line}: table.put_item"


@pytest.mark.parametrize("source", NOT_KEPT.values(), ids=NOT_KEPT)
def test_what_is_refused_is_not_kept(tmp_path: Path, source: str) -> None:
    assert read(tmp_path, source).kept_though_refused(["table.put_item"]) == []


@pytest.mark.parametrize("source", OPEN.values(), ids=OPEN)
def test_what_hangs_on_what_nothing_tells_is_open(tmp_path: Path, source: str) -> None:
    with pytest.raises(Undetermined):
        read(tmp_path, source).kept_though_refused(["table.put_item"])


def test_what_keeps_nothing_is_told(tmp_path: Path) -> None:
    source = "def handler(event):\n    stix2.parse(event)\n    table.put_item(Item=event)\n"
    told = read(tmp_path, source).kept_though_refused(["table.put_item", "batch.put_item"])
    assert told == ["it never calls batch.put_item"]


IDLE = {
    "a constant": (True, "stix2.parse('{}')"),
    "a dictionary": (True, "stix2.parse({'type': 'indicator'}, allow_custom=False)"),
    "one at the top": (True, "stix2.parse(SAMPLE)"),
    "a copy of one": (True, "stix2.parse(SAMPLE.copy())"),
    "what is read from one": (True, "sample = json.loads(TEXT)\n        stix2.parse(sample)"),
    "what a function says": (True, "stix2.parse(made())"),
    "what a function is given": (True, "parsed(SAMPLE)"),
    "what came in": (False, "stix2.parse(it)"),
    "a copy of it": (False, "stix2.parse({**SAMPLE, 'id': it['id']})"),
    "what a function is given of it": (False, "parsed(it)"),
    "both": (False, "stix2.parse(SAMPLE)\n        stix2.parse(it)"),
    "what is filled": (False, "sample = {}\n        sample.update(it)\n        stix2.parse(sample)"),
    "what is given a place": (False, "sample = {}\n        sample['id'] = it\n        stix2.parse(sample)"),
    "what is read elsewhere": (False, "stix2.parse(boto3.client('s3').get_object(Bucket='b', Key='k'))"),
}


@pytest.mark.parametrize(("idle", "check"), IDLE.values(), ids=IDLE)
def test_a_check_of_what_the_file_says_itself_is_none(tmp_path: Path, idle: bool, check: str) -> None:
    """Whatever comes in is kept then, though the check refuses all that it is given."""
    source = f"""
import json
SAMPLE = {{"type": "indicator"}}
TEXT = "{{}}"
def made():
    return {{"type": "indicator"}}
def parsed(which):
    stix2.parse(which)
def handler(event):
    for it in event:
        {check}
        table.put_item(Item=it)
"""
    file = read(tmp_path, source)
    assert file.not_called(["stix2.parse"]) == (["stix2.parse"] if idle else [])
    assert bool(file.kept_though_refused(["table.put_item"])) is idle


TABLES = {
    "by what writes to it": """
        def handler(event):
            with table.batch_writer() as batch:
                for it in event:
                    {0}
                    batch.put_item(Item=it)
        """,
    "under another name": """
        objects = boto3.resource("dynamodb").Table("o")
        def handler(event):
            for it in event:
                {0}
                objects.put_item(Item=it)
        """,
    "by what writes to it under another name": """
        objects = boto3.resource("dynamodb").Table("o")
        def handler(event):
            with objects.batch_writer() as batch:
                for it in event:
                    {0}
                    batch.put_item(Item=it)
        """,
    "in a function that it is handed to": """
        def keep(store, it):
            store.put_item(Item=it)
        def handler(event):
            for it in event:
                {0}
                keep(table, it)
        """,
    "of a function": """
        def objects():
            return boto3.resource("dynamodb").Table("o")
        def handler(event):
            for it in event:
                {0}
                objects().put_item(Item=it)
        """,
    "at once": """
        def handler(event):
            for it in event:
                {0}
                boto3.resource("dynamodb").Table("o").put_item(Item=it)
        """,
    "by a client": """
        client = boto3.client("dynamodb")
        def handler(event):
            for it in event:
                {0}
                client.put_item(TableName="o", Item=it)
        """,
}
OF_ITS_OWN = 'table = boto3.resource("dynamodb").Table("t")\nruns = boto3.resource("dynamodb").Table("r")\n'


def of_tables(folder: Path, source: str, check: str, head: str) -> PythonFile:
    (folder / "code.py").write_text(head + dedent(source).replace("{0}", check))
    asked = Entered(entry="handler", check="stix2.parse")
    return PythonFile.asked_of_repository(Checkout(folder), "code.py", asked)


@pytest.mark.parametrize("case", TABLES)
def test_a_table_keeps_under_any_name(tmp_path: Path, case: str) -> None:
    uses = "table." in TABLES[case] or "table," in TABLES[case]
    head = HEAD if uses else HEAD.replace(OF_ITS_OWN, "")
    held = of_tables(tmp_path, TABLES[case], "stix2.parse(it)", head)
    assert held.kept_though_refused(["table.put_item"]) == []
    held = of_tables(tmp_path, TABLES[case], "with suppress(Exception): stix2.parse(it)", head)
    [told] = held.kept_though_refused(["table.put_item"])
    assert told.endswith("put_item")


def test_of_several_tables_nothing_tells_which_it_is(tmp_path: Path) -> None:
    source = """
        objects, dedup = tables.Table("o"), tables.Table("d")
        def handler(event):
            for it in event:
                {0}
                objects.put_item(Item=it)
                dedup.put_item(Item=it)
        """
    head = HEAD.replace(OF_ITS_OWN, 'tables = boto3.resource("dynamodb")\n')
    held = of_tables(tmp_path, source, "stix2.parse(it)", head)
    assert held.kept_though_refused(["table.put_item"]) == []
    one = source.replace("                dedup.put_item(Item=it)\n", "")
    caught = "with suppress(Exception): stix2.parse(it); dedup.put_item(Item=it)"
    with pytest.raises(Undetermined, match="another table"):
        of_tables(tmp_path, one, caught, head).kept_though_refused(["table.put_item"])
    held = of_tables(tmp_path, source, "with suppress(Exception): stix2.parse(it)", head)
    assert len(held.kept_though_refused(["table.put_item"])) == 2


def test_a_table_that_is_there_and_keeps_nothing_is_told(tmp_path: Path) -> None:
    source = "def handler(event):\n    stix2.parse(event)\n    runs.put_item(Item=event)\n"
    assert read(tmp_path, source).kept_though_refused(["table.put_item"]) == ["it never calls table.put_item"]


def test_what_may_be_a_table_decides_nothing(tmp_path: Path) -> None:
    source = (
        "from ours import store\ndef handler(event):\n    stix2.parse(event)\n    store.put_item(event)\n"
    )
    held = of_tables(tmp_path, source, "", HEAD.replace(OF_ITS_OWN, ""))
    with pytest.raises(Undetermined, match="may be it"):
        held.kept_though_refused(["table.put_item"])


def test_what_stores_nothing_is_told(tmp_path: Path) -> None:
    source = "def handler(event):\n    stix2.parse(event)\n    return event\n"
    held = of_tables(tmp_path, source, "", HEAD.replace(OF_ITS_OWN, ""))
    assert held.kept_though_refused(["table.put_item"]) == ["it never calls table.put_item"]


def test_too_many_ways_are_open(tmp_path: Path) -> None:
    asks = "".join(f"    if event.get({number}):\n        return\n" for number in range(12))
    forks = "".join(
        f"    while event.n{number}:\n        if event.m{number}: break\n" for number in range(14)
    )
    source = f"def handler(event):\n{asks}{forks}    stix2.parse(event)\n    table.put_item(Item=event)\n"
    with pytest.raises(Undetermined, match="more than 2000 ways"):
        read(tmp_path, source).kept_though_refused(["table.put_item"])


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("not " * 3000 + "event", "nested too deeply|is no Python"),
        ("[" + "event, " * 70_000 + "]", "too long"),
    ],
)
def test_code_that_is_made_to_take_long_is_open(tmp_path: Path, expression: str, why: str) -> None:
    loops = "".join(f"    if event.get({number}):\n        return\n" for number in range(40))
    source = (
        f"def handler(event):\n    x = {expression}\n{loops}    stix2.parse(x)\n    table.put_item(Item=x)\n"
    )
    with pytest.raises((Undetermined, ReadError), match=why):
        read(tmp_path, source).kept_though_refused(["table.put_item"])
