"""A region that there is not is refused in a stack, with the one that was meant; a new one is not."""

from pathlib import Path

import pytest

from plumbline.aws.regions import unlike_any
from plumbline.expectations.stack import Stack
from plumbline.values.mistakes import DataError
from selftest.input.test_inventory import THE_STACK


@pytest.mark.parametrize(
    "region", ["eu-west-1", "af-south-1", "us-gov-west-1", "cn-north-1", "eu-west-9", "ap-southeast-12"]
)
def test_what_is_a_region_or_may_be_one_is_none_to_be_refused(region: str) -> None:
    assert unlike_any(region) == ""


@pytest.mark.parametrize(
    ("region", "meant"),
    [
        ("eu-wset-1", "eu-west-1"),
        ("eu-west1", "eu-west-1"),
        ("EU-WEST-1", "eu-west-1"),
        ("eu-west-1a", "eu-"),
    ],
)
def test_what_is_no_region_is_told_with_the_one_that_is(region: str, meant: str) -> None:
    assert f"there is no region {region!r} (did you mean {meant}" in unlike_any(region)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("region: eu-west-1", "region: eu-wset-1"),
        ('{account: "123456789012"}', '{account: "123456789012", region: eu-wset-1}'),
        ('"orders-{env}", root', '"orders-{env}", region: eu-wset-1, root'),
        ("prefixes: [orders-]", "prefixes: [orders-], regions: [eu-wset-1]"),
    ],
)
def test_wherever_a_stack_names_one_it_is_refused_at_its_line(tmp_path: Path, old: str, new: str) -> None:
    assert old in THE_STACK
    path = tmp_path / "small.yaml"
    path.write_text(THE_STACK.replace(old, new))
    line = next(number for number, it in enumerate(path.read_text().splitlines(), 1) if "wset" in it)
    with pytest.raises(DataError, match=f"small.yaml:{line}: there is no region 'eu-wset-1'"):
        Stack(path)
