"""What a facet beside the stacks gets wrong is told of the sentences that read it, or where it registers."""

import pytest

from selftest.input.tree import TABLE_NOT_FOUND, Tree, assert_refused

FACET = '''
import sys

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

    def requested(self):
        yield from ()
'''
NOT_REQUESTED = FACET.partition("    @classmethod")[0] + '    in_answer = {"accelerated": "Status"}\n'
LEAVES = FACET.replace("1 // 0", "{leave}").replace("yield from ()", "{leave}\n        yield")
READS_MORE = f"""{NOT_REQUESTED}
    @property
    def kept(self):
        return _is_kept(self)


def _is_kept(bucket):
    return bucket.versioning == "Enabled"
"""
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


def beside(tree: Tree, facet: str) -> None:
    """Write a facet beside the stacks, and a sentence that reads it."""
    for folder, file, text in (("kinds", "lake.py", facet), ("tests", "test_lake.py", SENTENCE)):
        (tree.path / "fixtures" / folder).mkdir()
        (tree.path / "fixtures" / folder / file).write_text(text)
    tree.edit(TABLE_NOT_FOUND, "invariants:\n", INVARIANT)


def test_a_file_of_sentences_that_is_no_python_is_told_with_its_line(tree: Tree) -> None:
    beside(tree, FACET)
    path = tree.path / "fixtures/tests/test_lake.py"
    path.write_text(f"{path.read_text()}\n\ndef x(:\n    pass\n")
    line = path.read_text().splitlines().index("def x(:") + 1
    assert_refused(tree.run("--env=sit"), f"fixtures/tests/test_lake.py:{line}: this is no Python: ")


def test_a_facet_s_own_error_is_told_of_its_sentences_alone(tree: Tree) -> None:
    beside(tree, FACET)
    run = tree.run("--env=sit", "--source=moto", "-k", "lake or public_access or versioned")
    assert run.invariants("error") == {"bbws-lake-01"}, run.output
    assert "! broken  bbws-lake-01" in run.printed
    assert "Traceback" not in run.output
    assert "Placeholder" not in run.output
    assert "Acceleration ends in ZeroDivisionError: integer division or modulo by zero" in run.output
    assert "Mend the facet: it is raised at " in " ".join(run.output.split())
    assert "bbws-s3-06" in run.invariants("passed")
    assert run.invariants("failed") == set()


@pytest.mark.parametrize(
    ("leave", "told"),
    [("sys.exit(0)", "SystemExit: 0"), ('__import__("pytest").skip("not today")', "Skipped: not today")],
)
def test_a_facet_that_leaves_takes_no_other_one_along(tree: Tree, leave: str, told: str) -> None:
    beside(tree, LEAVES.replace("{leave}", leave))
    run = tree.run("--env=sit", "--source=moto", "-k", "lake or public_access or versioned")
    assert run.invariants("error") == {"bbws-lake-01"}, run.output
    assert f"Acceleration ends in {told}" in run.output
    assert "bbws-s3-06" in run.invariants("passed")


def test_what_a_property_asks_unseen_names_the_line_to_add(tree: Tree) -> None:
    beside(tree, READS_MORE)
    tree.edit("fixtures/tests/test_lake.py", "not bucket.accelerated", "bucket.kept")
    run = tree.run("--env=sit", "--source=moto", "-k", "lake")
    [broken] = run.those("failed")
    line = '@pytest.mark.invariant("lake.accelerated", reads=["bucket.versioning"])'
    assert f"bucket.kept asks bucket.versioning, and nothing says so before: write {line}" in broken.message


def test_what_a_facet_never_requests_moto_cannot_answer(tree: Tree) -> None:
    beside(tree, NOT_REQUESTED)
    run = tree.run("--env=sit", "--source=moto", "-k", "lake")
    [skipped] = {it.message for it in run.those("skipped") if it.invariant == "bbws-lake-01"}
    assert skipped.startswith("undetermined: moto is never given this: the facet has no `requested`; ")
    assert run.invariants("passed") == set()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            'accelerated: "Unheard | None" = None',
            "a field of it is of type Unheard, which its module does not know",
        ),
        ("accelerated: Speed | None = None", "a field of it has a type that no field can have: "),
        ("accelerated: str", "accelerated has no default: write what it is where nothing is declared of it"),
    ],
)
def test_a_facet_with_a_field_that_can_be_none_is_refused(tree: Tree, written: str, said: str) -> None:
    told = FACET.replace("accelerated: str | None = None", written)
    beside(tree, told.replace("\n\n\nclass", "\n\n\nclass Speed: pass\n\n\nclass", 1))
    assert_refused(tree.run("--env=sit"), f"Acceleration: {said}")
