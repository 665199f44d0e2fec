"""Tests as anybody writes them: helpers, loops and aliases work, and a card shows what they compared."""

import pytest

from plumbline.suite.record import Expectation
from selftest.front_door import SuiteRun
from selftest.input.tree import BUCKETS, Tree, assert_refused
from selftest.stacks.bbws import BBWS

FILE = "tests/s3/test_buckets.py"
MARKER = '@pytest.mark.invariant("s3.versioning")\n'
MARKED = '@pytest.mark.invariant("s3.versioning"'
SENTENCE = f"""{MARKER}def test_versioning_is_enabled(bucket, expected):
    assert bucket.versioning == expected.versioning
"""
READS = '@pytest.mark.invariant("s3.versioning", reads=["bucket.versioning", "expected.versioning"])\n'
DIFFERENCE = """    expected  versioning: "Enabled"
    observed  versioning: "Suspended"
"""
EVERYWHERE = ("--source=hcl", "--source=moto")

HELPER = f"""def same(one, other):
    assert one.versioning == other.versioning


{READS}def test_versioning_is_enabled(bucket, expected):
    same(bucket, expected)
"""
HELPER_IN_A_FILE = f"""from selftest_of_a_team import same


{READS}def test_versioning_is_enabled(bucket, expected):
    same(bucket, expected)
"""
NAMED_HELPER = f"""def same(name, one, other):
    assert getattr(one, name) == getattr(other, name)


{READS}def test_versioning_is_enabled(bucket, expected):
    same("versioning", bucket, expected)
"""
LOOP = f"""{MARKER}def test_versioning_is_enabled(bucket, expected):
    for name in ("name", "versioning"):
        assert getattr(bucket, name) == getattr(expected, name)
"""
LOOP_OVER_A_LIST = f"""NAMES = ["name", "versioning"]


{MARKER}def test_versioning_is_enabled(bucket, expected):
    for name in NAMES:
        assert getattr(bucket, name) == getattr(expected, name)
"""
LOOP_OVER_LISTS_OF_ITS_OWN = f"""{MARKER}def test_versioning_is_enabled(bucket, expected):
    names = ["name", "versioning"]
    for _, (one, other) in enumerate(zip(names, ["name", "versioning"])):
        assert getattr(bucket, one) == getattr(expected, other)
"""
ALIAS = f"""{MARKER}def test_versioning_is_enabled(bucket, expected):
    it = bucket
    assert it.versioning == expected.versioning
"""
TYPED_ALIAS = f"""{MARKER}def test_versioning_is_enabled(bucket, expected):
    it: object = bucket
    assert it.versioning == expected.versioning
"""
VALUE = f"""{MARKER}def test_versioning_is_enabled(bucket, expected):
    observed = bucket.versioning
    wanted = expected.versioning
    assert observed == wanted
"""
NESTED = f"""{MARKER}def test_versioning_is_enabled(bucket, expected):
    def versioned():
        return bucket.versioning

    wanted = expected.versioning
    assert versioned() == wanted
"""
NESTED_THAT_TAKES = f"""{MARKER}def test_versioning_is_enabled(bucket, expected):
    def same(one, other, name):
        assert getattr(one, name) == getattr(other, name)

    same(bucket, expected, name="versioning")
"""
ONE_BY_ONE = f"""{MARKER}def test_versioning_is_enabled(bucket, expected):
    assert bucket.name == expected.name and bucket.versioning == expected.versioning
"""
SHAPES = {
    "as it is": SENTENCE,
    "helper": HELPER,
    "helper that is given a name": NAMED_HELPER,
    "loop": LOOP,
    "loop over a list": LOOP_OVER_A_LIST,
    "loop over lists of its own": LOOP_OVER_LISTS_OF_ITS_OWN,
    "alias": ALIAS,
    "alias with a type": TYPED_ALIAS,
    "value in a variable": VALUE,
    "nested function": NESTED,
    "nested function that takes": NESTED_THAT_TAKES,
    "two comparisons": ONE_BY_ONE,
}


def run_of(tree: Tree, sentence: str, *arguments: str) -> SuiteRun:
    """Run a sentence instead of the one about versioning."""
    tree.edit(FILE, SENTENCE, sentence)
    return tree.run("--env=sit", "-k", "test_versioning_is_enabled and not audit", *arguments)


def suspend(tree: Tree) -> None:
    tree.edit(f"{BUCKETS}/main.tf", 'status = "Enabled"', 'status = "Suspended"')


@pytest.mark.parametrize("rewriting", ["rewrite", "plain"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_card_shows_what_was_compared_however_it_is_written(tree: Tree, shape: str, rewriting: str) -> None:
    suspend(tree)
    run = run_of(tree, SHAPES[shape], *EVERYWHERE, f"--assert={rewriting}")
    failures = run.those("failed")
    assert [it.source for it in failures] == ["hcl", "moto"], run.output
    for failure in failures:
        assert DIFFERENCE in failure.message
        assert "finding" not in failure.message
    assert f"{BUCKETS}/main.tf:" in failures[0].message
    assert {it.invariant for it in run.outcomes.values()} == {"bbws-s3-08"}


@pytest.mark.parametrize("shape", SHAPES)
def test_it_holds_of_what_is_right_however_it_is_written(tree: Tree, shape: str) -> None:
    run = run_of(tree, SHAPES[shape], *EVERYWHERE)
    assert {(it.verdict, it.source) for it in run.outcomes.values()} == {
        ("passed", "hcl"),
        ("passed", "moto"),
    }


def test_a_helper_in_a_file_of_its_own_is_shown_as_well(tree: Tree) -> None:
    """pytest rewrites no assertions there."""
    suspend(tree)
    (tree.path / "selftest_of_a_team.py").write_text(HELPER.partition("\n\n\n")[0] + "\n")
    [failure] = run_of(tree, HELPER_IN_A_FILE, "--source=hcl").those("failed")
    assert DIFFERENCE in failure.message


@pytest.mark.parametrize("written", ["from .alike import same", "from . import alike\n\nsame = alike.same"])
def test_a_helper_lies_beside_the_sentences(tree: Tree, written: str) -> None:
    suspend(tree)
    (tree.path / "tests/s3/alike.py").write_text(HELPER.partition("\n\n\n")[0] + "\n")
    sentence = HELPER_IN_A_FILE.replace("from selftest_of_a_team import same", written)
    [failure] = run_of(tree, sentence, "--source=hcl").those("failed")
    assert DIFFERENCE in failure.message


def test_a_card_is_the_same_in_several_processes(tree: Tree) -> None:
    suspend(tree)
    tree.edit(FILE, SENTENCE, HELPER)
    chosen = ("--env=sit", "-k", "test_versioning_is_enabled and not audit", *EVERYWHERE)
    alone, several = tree.run(*chosen), tree.run(*chosen, "-n", "2")
    assert several.cards == alone.cards != []


@pytest.mark.parametrize("source", ["hcl", "moto"])
@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_read_that_nothing_said_names_the_line_to_add(tree: Tree, source: str, processes: str) -> None:
    silent = HELPER.replace(READS, READS.replace('"bucket.versioning", ', ""))
    run = run_of(tree, silent, f"--source={source}", "-n", processes)
    [failure] = run.those("failed")
    place = f"{FILE}:{tree.line(FILE, MARKED)}"
    line = '@pytest.mark.invariant("s3.versioning", reads=["expected.versioning", "bucket.versioning"])'
    assert (
        f"bucket.versioning is read, and nothing says so before: write {line} at {place}" in failure.message
    )
    assert "Traceback" not in run.output
    assert "1 broken" in run.last_line or "1 broken" in run.printed
    assert run.exit_code == 1


def test_what_is_read_outside_the_read_set_is_no_pass_where_the_test_goes_on(tree: Tree) -> None:
    swallowing = f"""def versioned(it):
    try:
        return it.versioning
    except BaseException:
        return True


{MARKER}def test_versioning_is_enabled(bucket, expected):
    assert versioned(bucket) == expected.versioning
"""
    run = run_of(tree, swallowing, "--source=hcl")
    assert [it.verdict for it in run.outcomes.values()] == ["failed"]
    assert "bucket.versioning is read, and nothing says so before" in run.printed


@pytest.mark.parametrize(
    "use",
    [
        "bucket == 1",
        "bucket",
        "bucket in [1]",
        "sorted([bucket, bucket]) == []",
        'f"{bucket}"',
        "len({bucket}) == 1",
    ],
)
def test_a_resource_as_a_whole_is_neither_equal_nor_true(tree: Tree, use: str) -> None:
    whole = SENTENCE.replace("assert bucket.versioning", f"assert {use}\n    assert bucket.versioning")
    run = run_of(tree, whole, "--source=hcl")
    assert [it.verdict for it in run.outcomes.values()] == ["failed"]
    assert "bucket is used as a whole; read what is meant: bucket.…" in run.printed


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "(bucket, expected)",
            "(buckt, expected)",
            "it takes 'buckt', which is no kind, and nothing that a stack relates to one "
            "(did you mean bucket?)",
        ),
        (
            "(bucket, expected)",
            "(bucket, expcted)",
            "it takes 'expcted', which is no kind, and nothing that a stack relates to one "
            "(did you mean expected?)",
        ),
        ("(bucket, expected)", "(expected)", "it takes no resource; its first argument is the kind"),
        (
            "== expected.versioning",
            "",
            "it takes 'expected' and asks nothing of it; if a helper does, say so: "
            '@pytest.mark.invariant("s3.versioning", reads=["expected.versioning"])',
        ),
        (
            "assert bucket.versioning == expected.versioning",
            "same(bucket, b=expected)\n\n\ndef same(a, b):\n    assert a.versioning == b.versioning",
            'reads=["bucket.versioning", "expected.versioning"])',
        ),
        (
            "assert bucket.versioning == expected.versioning",
            "assert all(map(print, [bucket, expected]))",
            'reads=["bucket.…", "expected.…"])',
        ),
        (
            "bucket.versioning ==",
            "bucket.versionning ==",
            "a bucket has no 'versionning' (did you mean versioning?)",
        ),
        (
            "== expected.versioning",
            "== expected.versionning",
            "a stack can expect no 'versionning' (did you mean versioning?)",
        ),
        (
            '"s3.versioning")',
            '"s3.versioning", reads=["bucket.sse_algoritm"])',
            "its marker reads bucket.sse_algoritm, and a bucket has no 'sse_algoritm' "
            "(did you mean sse_algorithm?)",
        ),
        (
            '"s3.versioning")',
            '"s3.versioning", reads=["bucet.versioning"])',
            "its marker reads bucet.versioning, and it takes no bucet (did you mean bucket?)",
        ),
        ('"s3.versioning")', '"s3.versioning", reads=["versioning"])', "write 'argument.attribute'"),
        ('"s3.versioning")', '"s3.versioning", reads="bucket.name")', "write a list of texts"),
    ],
)
def test_a_test_that_can_ask_nothing_is_refused_before_it_runs(
    tree: Tree, old: str, new: str, said: str
) -> None:
    run = run_of(tree, SENTENCE.replace(old, new))
    assert run.exit_code == 2, run.output
    place = f"{FILE}:{tree.line(FILE, MARKED)}"
    assert f"{place}: test_versioning_is_enabled: " in run.printed
    assert said in run.printed
    assert "Traceback" not in run.output
    assert "plumbline/suite" not in run.output
    assert not run.those("passed", "failed", "skipped")


CLASS = f"""class TestBuckets:
    {MARKER}    def test_versioning_is_enabled(self, bucket, expected):
        assert bucket.versioning == expected.versioning
"""


@pytest.mark.parametrize(
    ("sentence", "name", "said"),
    [
        (CLASS, "test_versioning_is_enabled", "a sentence is a function of its module, in no class"),
        (
            MARKER + CLASS.replace(f"{MARKER}    ", ""),
            "TestBuckets",
            "a sentence is a function of its module, in no class: write it outside, with its marker",
        ),
        (
            SENTENCE.replace("def test", "async def test"),
            "test_versioning_is_enabled",
            "a sentence waits for nothing: write `def test_versioning_is_enabled` without `async`",
        ),
        (
            SENTENCE.replace('"s3.versioning")', '"s3.versioning", read=["bucket.name"])'),
            "test_versioning_is_enabled",
            "its marker takes no 'read' (did you mean reads?): write "
            '@pytest.mark.invariant("service.sentence", reads=["argument.attribute"])',
        ),
        *(
            (SENTENCE.replace('("s3.versioning")', given), "test_versioning_is_enabled", "names no sentence")
            for given in ("", "()", "(7)", '("s3.versioning", "s3.exists")')
        ),
    ],
)
def test_what_is_marked_and_can_be_no_sentence_is_refused(
    tree: Tree, sentence: str, name: str, said: str
) -> None:
    run = run_of(tree, sentence)
    assert_refused(run, f"{FILE}:{tree.line(FILE, f' {name}') - 1}: {name}: ", said)


def test_only_buckets_of_which_it_is_expected_are_asked_through_a_helper(tree: Tree) -> None:
    before = tree.run("--env=sit", "-k", "test_versioning_is_enabled and not audit", "--source=hcl")
    after = run_of(tree, HELPER, "--source=hcl")
    assert after.outcomes.keys() == before.outcomes.keys() != set()


SAME = "bucket.versioning == expected.versioning"
HEAD = f"{MARKER}def test_versioning_is_enabled(bucket, expected):\n"
HOLDS = f"""{MARKER[:-2]}, reads=["bucket.versioning", "expected.versioning"])
def test_versioning_is_enabled(bucket, expected):
    held(bucket, expected)
    assert all(it == expected.versioning for it in bucket.replicates_to)


def held(bucket, expected):
    if bucket.versioning != expected.versioning:
        pytest.fail("no versions")
"""


def test_what_asserts_in_a_helper_and_of_every_one_of_none_is_asked(tree: Tree) -> None:
    run = run_of(tree, HOLDS, "--source=hcl")
    assert run.those("passed"), run.output
    assert run.exit_code == 0


def test_what_asserts_nothing_is_refused(tree: Tree) -> None:
    run = run_of(tree, f"{HEAD}    {SAME}\n", "--source=hcl")
    assert run.exit_code == 2, run.output
    assert "it asserts nothing: what it compares it has to `assert`" in run.printed


ALARMS = "tests/monitoring/test_alarms.py"
HEARS = "assert topic.keeps_alarm_out(alarm.name) == []"


def test_what_a_method_answers_is_asserted(tree: Tree) -> None:
    tree.edit(ALARMS, HEARS, HEARS.removeprefix("assert ").removesuffix(" == []"))
    run = tree.run("--env=sit", "--source=hcl", "-k", "reaches_somebody")
    assert run.exit_code == 2
    assert (
        "it says `topic.keeps_alarm_out(alarm.name)` and drops what comes of it: it has to `assert` that"
        in run.printed
    )


def test_a_method_that_is_not_called_is_no_pass(tree: Tree) -> None:
    tree.edit(ALARMS, HEARS, HEARS.partition("(")[0])
    run = tree.run("--env=sit", "--source=hcl", "-k", "reaches_somebody")
    assert run.exit_code == 1
    assert "topic.keeps_alarm_out is not called: topic.keeps_alarm_out(…)" in run.printed


EXPECTED_TO_FAIL = [
    (f"{FILE}:{{line}}: test_versioning_is_enabled[", "@pytest.mark.xfail\n", "", 4),
    (f"{FILE}:{{line}}: test_versioning_is_enabled[", "pytestmark = pytest.mark.xfail(strict=True)\n", "", 4),
    ("it is expected to fail (xfail)", "", "    pytest.xfail('known')\n", 1),
    (
        "it is expected to fail (xfail)",
        "@pytest.fixture(autouse=True)\ndef k(request):\n    request.node.add_marker(pytest.mark.xfail)\n\n",
        "",
        1,
    ),
]


@pytest.mark.parametrize(("said", "before", "first", "exit_code"), EXPECTED_TO_FAIL)
def test_no_sentence_is_expected_to_fail(
    tree: Tree, said: str, before: str, first: str, exit_code: int
) -> None:
    suspend(tree)
    run = run_of(tree, f"{before}{HEAD}{first}    assert {SAME}\n", "--source=hcl")
    assert run.exit_code == exit_code, run.output
    told = run.complained if exit_code == 4 else run.printed
    assert said.format(line=tree.line(FILE, MARKED)) in told
    assert "write a waiver" in told


def test_an_argument_that_nothing_is_asked_of_is_refused(tree: Tree) -> None:
    run = run_of(tree, HEAD.replace("expected", "expected, repository_file") + f"    assert {SAME}\n")
    assert run.exit_code == 2
    assert "it takes 'repository_file' and asks nothing of it" in run.printed


COMES_TO_NOTHING = [
    ('    if bucket.sse_algorithm == "nothing":\n        assert PLACE\n', "never asked what is expected"),
    (
        "    for it in bucket.tags:\n        if not it:\n            assert PLACE\n",
        "never asked what is expected",
    ),
    ("    if bucket.versioning:\n        return\n    assert PLACE\n", "never asked what is expected"),
    ("    assert bucket.versioning, expected.versioning\n", "never asked what is expected"),
    (
        '    assert expected.versioning == "Enabled" or bucket.versioning\n',
        "read nothing of what it is given",
    ),
]


@pytest.mark.parametrize(("body", "said"), COMES_TO_NOTHING)
def test_what_came_to_no_assertion_is_no_pass(tree: Tree, body: str, said: str) -> None:
    run = run_of(tree, HEAD + body.replace("PLACE", SAME), "--source=hcl")
    assert "passed" not in {it.verdict for it in run.outcomes.values()}, run.output
    assert said in run.printed


def test_no_sentence_changes_what_another_expects() -> None:
    expected = Expectation(BBWS.stack.subjects("dev")["tenants"], str)
    tags = expected.tags
    tags.clear()
    assert expected.tags


@pytest.mark.parametrize("processes", ["0", "2"])
def test_no_sentence_changes_what_another_reads(tree: Tree, processes: str) -> None:
    """They are given the same model of a bucket, and each its own values of it."""
    changing = SENTENCE.replace("    assert", "    bucket.tags.clear()\n    assert")
    tree.edit(FILE, SENTENCE, "")
    tree.edit(FILE, "@pytest.mark.invariant", changing + "\n\n@pytest.mark.invariant")
    run = tree.run("--env=sit", "-k", "test_buckets and (versioning or tags)", *EVERYWHERE, "-n", processes)
    assert run.exit_code == 0, run.output
    assert {it.test.split("[")[0].split("::")[1] for it in run.those("passed")} > {
        "test_versioning_is_enabled"
    }


def test_what_is_not_known_is_no_failure_where_it_is_held_against_none(tree: Tree) -> None:
    tree.edit(f"{BUCKETS}/main.tf", 'status = "Enabled"', "status = aws_s3_bucket.templates.hosted_zone_id")
    body = '    assert bucket.versioning is None or expected.versioning == "x"\n'
    run = run_of(tree, HEAD + body, "--source=hcl")
    assert [it.verdict for it in run.outcomes.values()] == ["skipped"], run.output


@pytest.mark.parametrize("rewriting", ["rewrite", "plain"])
@pytest.mark.parametrize(
    "message",
    ['f"encrypted with {bucket.sse_algorithm}"', '"encrypted with " + bucket.sse_algorithm'],
)
def test_what_a_message_cannot_say_decides_nothing(tree: Tree, message: str, rewriting: str) -> None:
    tree.edit(
        f"{BUCKETS}/main.tf",
        'sse_algorithm = "AES256"',
        "sse_algorithm = aws_s3_bucket.templates.hosted_zone_id",
    )
    head = MARKED + ', reads=["bucket.sse_algorithm"])\n' + SENTENCE.removeprefix(MARKER).rstrip()
    run = run_of(tree, f"{head}, {message}\n", "--source=hcl", f"--assert={rewriting}")
    assert [it.verdict for it in run.outcomes.values()] == ["passed"], run.output
    suspend(tree)
    run = tree.run(
        *("--env=sit", "-k", "test_versioning_is_enabled and not audit"),
        *("--source=hcl", f"--assert={rewriting}"),
    )
    [failure] = run.those("failed")
    assert DIFFERENCE in failure.message
