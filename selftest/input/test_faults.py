"""A facet beside the stacks that ends in an error of its own breaks the sentences that read it alone."""

from selftest.input.tree import TABLE_NOT_FOUND, Tree

FACET = '''
from plumbline.kinds import Call, Facet


class Acceleration(Facet):
    """Whether transfers are accelerated."""

    extends = "bucket"
    call = Call(
        "s3:GetBucketAccelerateConfiguration",
        {"Bucket": "{name}"},
        of="arn:aws:s3:::{name}",
        action="s3:GetAccelerateConfiguration",
    )
    accelerated: str | None = None

    @classmethod
    def described(cls, answer, asked):
        return {"accelerated": 1 // 0}
'''
SENTENCE = """
import pytest


@pytest.mark.invariant("lake.accelerated")
def test_transfers_are_not_accelerated(bucket):
    assert not bucket.accelerated
"""
INVARIANT = """invariants:
  bbws-lake-01:
    test: lake.accelerated
    of: [templates]
    section: '3.1.1'
    statement: Transfers are not accelerated.
    severity: P1
    evidence: [aws]
"""


def test_a_facet_s_own_error_is_told_of_its_sentences_alone(tree: Tree) -> None:
    for folder, file, text in (("kinds", "lake.py", FACET), ("tests", "test_lake.py", SENTENCE)):
        (tree.path / "fixtures" / folder).mkdir()
        (tree.path / "fixtures" / folder / file).write_text(text)
    tree.edit(TABLE_NOT_FOUND, "invariants:\n", INVARIANT)
    run = tree.run("--env=sit", "--source=moto", "-k", "lake or public_access or versioned")
    assert run.invariants("error") == {"bbws-lake-01"}, run.output
    assert "! broken  bbws-lake-01" in run.printed
    assert "Traceback" not in run.output
    assert "Placeholder" not in run.output
    assert "Acceleration ends in ZeroDivisionError: integer division or modulo by zero" in run.output
    assert "Mend the facet: it is raised at " in " ".join(run.output.split())
    assert "bbws-s3-06" in run.invariants("passed")
    assert run.invariants("failed") == set()
