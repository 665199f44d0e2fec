"""The table of a run over several environments: as wide as there are sources, the worst at the end."""

from collections.abc import Iterable
from dataclasses import replace

from plumbline.report.matrix import Matrix, matrix
from plumbline.suite.finding import Finding
from selftest.reports.made_up import FAILED, finding, results

COLUMNS = 80
EACH = ("dev", "sit", "prod")


def of(findings: Iterable[Finding]) -> Matrix:
    made = [*findings]
    environments: dict[str, list[str]] = {}
    for it in made:
        names = environments.setdefault(it.about.stack, [])
        names += [] if it.about.environment in names else [it.about.environment]
    found = results(made)
    sources = ("hcl", "moto", "live")
    return matrix(replace(found, run=replace(found.run, environments=environments, sources=sources)))


def held(stack: str, *environments: str, **more: object) -> list[Finding]:
    return [
        finding(0, stack=stack, environment=it, source=at, **more)
        for it in environments
        for at in ("hcl", "moto")
    ]


def test_one_environment_is_not_compared() -> None:
    assert not [*of(held("shop", "dev")).lines]


def test_what_is_alike_is_one_row_and_what_is_wrong_comes_last() -> None:
    wrong = finding(1, stack="shop", environment="dev", source="moto", **FAILED)
    lines = of([wrong, *held("shop", *EACH), *held("site", "prod")]).lines
    assert [*lines] == [
        "",
        "                hcl  moto",
        "shop/sit, prod  ✓ 1  ✓ 1",
        "site/prod       ✓ 1  ✓ 1",
        "shop/dev        ✓ 1  ✗ 1 ✓ 1",
        "  dynamodb      ✓ 1  ✗ 1 ✓ 1",
    ]


def test_a_source_that_nothing_was_asked_on_has_no_column() -> None:
    assert of(held("shop", *EACH)).sources == ["hcl", "moto"]


def test_many_environments_are_counted_and_those_that_differ_stand_by_themselves() -> None:
    many = [f"account-{it:03}" for it in range(100)]
    wrong = finding(1, stack="shop", environment=many[50], source="hcl", **FAILED)
    lines = [*of([wrong, *held("shop", *many)]).lines]
    assert lines[2].startswith("shop: 99 environments  ✓ 1")
    assert lines[3].startswith("shop/account-050       ✗ 1 ✓ 1")
    assert max(map(len, lines)) <= COLUMNS


def test_environments_that_differ_in_a_service_alone_are_not_one_row() -> None:
    of_dev = finding(1, stack="shop", environment="dev", source="hcl", **FAILED)
    of_sit = finding(
        1, stack="shop", environment="sit", source="hcl", test="tests/s3/test_buckets.py::test_x", **FAILED
    )
    lines = "\n".join(of([of_dev, of_sit, *held("shop", *EACH)]).lines)
    assert [it.split()[0] for it in lines.splitlines()[-4:]] == ["shop/dev", "dynamodb", "shop/sit", "s3"], (
        lines
    )
