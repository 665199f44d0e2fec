"""What the runbook's own list of the most important sentences names is asserted."""

from selftest.stacks.bbws import BBWS


def numbered(prefix: str, *numbers: int) -> set[str]:
    """Return catalogue ids: `numbered("ddb", 1)` is `bbws-ddb-01`."""
    return {f"bbws-{prefix}-{number:02}" for number in numbers}


SPINE = (
    numbered("acct", 1)
    | numbered("ddb", 1, 2, *range(5, 13), 15, 17, 19, 20)
    | numbered("bkp", *range(1, 6))
    | numbered("s3", 1, 2, 4, 5, *range(7, 15))
    | numbered("rep", *range(1, 6), 8, 9, 15)
    | numbered("tf", 1, 2, 3, 10, 11)
)


def test_the_spine_of_the_runbook_is_asserted() -> None:
    tested = {identifier for identifier, invariant in BBWS.runbook.invariants.items() if invariant.tests}
    assert SPINE - tested == set()
