"""What a run prints: within 80 columns where nothing is to be copied, folded, and the same without colour."""

import re
import shlex
import shutil
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from plumbline.report.terminal import MOST_REASONS
from selftest.applied.environment import Applied
from selftest.applied.fixtures import only
from selftest.front_door import SuiteRun, cards_in, neutral_variables, run_suite
from selftest.live.endpoint import Answer, Request, endpoint, passed_on
from selftest.recorded.kept import file as kept
from selftest.stacks.bbws import BBWS

COLUMNS = 80
COPIED = re.compile(
    r"^    (finding|where|type|again|console| {10})|^tests/|^plugins:|generated xml|^[✓✗?] P"
    r"|^([Ee]xamined|[Nn]ot given|Not listed): "
)
"""Lines that are not wrapped, to be copied or searched for, and those that pytest prints itself."""


def printed(tree: Path, *arguments: str, **variables: str) -> SuiteRun:
    given = ("--stack=bbws", f"--terraform={tree}", "--source=hcl", *arguments)
    return run_suite(*given, variables=neutral_variables() | {"COLUMNS": str(COLUMNS)} | variables)


def test_nothing_but_what_is_copied_is_wider_than_80_columns(broken_tree: Path) -> None:
    lines = printed(broken_tree, "-p", "no:random_order").printed.splitlines()
    assert [line for line in lines if len(line) > COLUMNS and not COPIED.match(line)] == []


def test_a_matrix_comes_with_several_environments_only(broken_tree: Path) -> None:
    """Its cells count outcomes, and of the services of an environment stands what is wrong."""
    run = printed(broken_tree)
    ended = Counter(it.verdict for test, it in run.outcomes.items() if "[bbws/sit/" in test)
    [row] = re.findall(r"^bbws/sit +(.*)$", run.printed, re.MULTILINE)
    assert re.fullmatch(rf"✗ {ended['failed']} (\S \d+ )*✓ {ended['passed']}", row), (row, ended)
    assert len(re.findall(r"^  dynamodb +✗ 2 ", run.printed, re.MULTILINE)) == 3, run.printed
    assert not re.search(r"^  dynamodb +✗", printed(broken_tree, "--env=sit").printed, re.MULTILINE)


def test_of_many_reasons_some_are_told_and_the_others_counted(broken_tree: Path) -> None:
    """Each is told with -v; the tests that have one are counted either way."""
    few, all_of_them = (printed(broken_tree, *given).printed for given in ((), ("-v",)))
    told = [re.findall(r"^\? (\d+) x (.*)", it, re.MULTILINE) for it in (few, all_of_them)]
    assert len(told[0]) == MOST_REASONS + 1 < len(told[1])
    assert re.match(r"\d+ more reasons; -v and the reports tell them all", told[0][-1][1])
    assert sum(int(number) for number, _ in told[0]) == sum(int(number) for number, _ in told[1])


def test_an_index_ends_with_the_worst_and_says_what_is_wrong(broken_tree: Path) -> None:
    run = printed(broken_tree, "--env=sit,prod", "--source=hcl,moto")
    heads = re.findall(r"^[✗!] (P\d  \S+  \S+?)(?:,.*|:.*| .*)?$", run.printed, re.MULTILINE)
    number = len(heads) // 2
    assert number > 3
    assert [it.split()[:2] for it in heads[number:]] == [it.split()[:2] for it in heads[number - 1 :: -1]]
    assert run.printed.rindex("  bbws-") > run.printed.rindex("\n  dynamodb ")


def test_a_card_begins_with_what_is_wrong(broken_tree: Path) -> None:
    words = " ".join(printed(broken_tree, "--env=sit").printed.split())
    assert "✗ P3 bbws-ddb-15 bbws-tenants-sit: point_in_time_recovery is false, not true" in words, words


def test_what_repeats_across_environments_is_one_card(broken_tree: Path) -> None:
    cards = re.findall(r"^[✗!] P\d  (\S+)", printed(broken_tree, "-q").printed, re.MULTILINE)
    assert len(cards) - cards.count("bbws-inv-01") == len(set(cards) - {"bbws-inv-01"}) == 3


def test_quiet_gives_each_card_a_line_that_names_the_resource(broken_tree: Path) -> None:
    run = printed(broken_tree, "-q")
    line = re.search(r"^✗ P2  bbws-ddb-15  bbws-tenants-\w+ and 2 more: (.*)$", run.printed, re.MULTILINE)
    assert line
    assert line[1].endswith(" (3 tests)")
    assert "    again" not in run.printed
    assert "plumbline:" not in run.printed


@pytest.mark.parametrize("arguments", [("-v",), ("-n", "2"), ("-v", "-n", "2")], ids=" ".join)
def test_cards_are_the_same_in_any_number_of_processes(broken_tree: Path, arguments: tuple[str, ...]) -> None:
    assert printed(broken_tree, *arguments).cards == printed(broken_tree).cards


def test_colour_adds_nothing_but_colour(broken_tree: Path) -> None:
    plain = printed(broken_tree, "--color=no")
    coloured = printed(broken_tree, "--color=yes")
    assert "\x1b" not in plain.printed
    assert "\x1b" in coloured.printed
    without = re.sub(r"\x1b\[[\d;]*m", "", coloured.printed)
    assert plain.cards == cards_in(without)


@pytest.mark.parametrize("way", ["terraform", "plan", "state", "evidence"])
def test_the_command_of_a_card_runs_its_test_again(broken_tree: Path, tmp_path: Path, way: str) -> None:
    """Also where the evidence lies in a folder whose name a shell would split."""
    folder = tmp_path / "its own"
    shutil.copytree(broken_tree, folder)
    given = {
        "terraform": ["--env=sit", f"--terraform={folder}"],
        "evidence": [f"--evidence={folder / 'read'}"],
    }
    for sort in ("plan", "state"):
        text = kept(BBWS, "dev", "dynamodb", sort).read_text(encoding="utf-8")
        (folder / f"{sort}.json").write_text(
            text.replace('"PAY_PER_REQUEST"', '"PROVISIONED"'), encoding="utf-8"
        )
        given[sort] = ["--env=bbws/dev", f"--{sort}={folder / sort}.json"]
    run_suite(*given["terraform"], f"--save-evidence={folder / 'read'}")
    failed = next(iter(run_suite(*given[way]).those("failed")))
    [command] = re.findall(r"^    again     pytest (.*)$", failed.message, re.MULTILINE)
    again = run_suite(*shlex.split(command))
    assert {test: it.verdict for test, it in again.outcomes.items()} == {failed.test: "failed"}, command


@only(BBWS, "sit")
def test_the_header_says_who_reads_which_account(applied: Applied) -> None:
    run = run_suite("--env=sit", "--live", variables=applied.variables)
    assert f"deployed: bbws/sit is account {applied.account} in {applied.region}" in run.printed
    assert f"as arn:aws:sts::{applied.account}:user/" in run.printed


@only(BBWS, "sit")
@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_long_read_says_how_far_it_is(applied: Applied, processes: str) -> None:
    def late(handler: BaseHTTPRequestHandler, request: Request) -> None:
        time.sleep(3)
        passed_on(applied.endpoint)(handler, request)

    def slow(request: Request) -> Answer | None:
        return late if request.asks("DescribeTable") else None

    with endpoint(applied.endpoint, slow) as stands:
        variables = applied.variables | {"AWS_ENDPOINT_URL": stands.url}
        run = run_suite("--env=sit", "--live", "-n", processes, variables=variables)
    assert re.search(r"reading the deployed account: \d+ of \d+ calls answered so far", run.printed)
    assert run.exit_code == 0
