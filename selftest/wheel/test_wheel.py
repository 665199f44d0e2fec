"""In a repository that names no stacks the wheel does nothing; in one that does it holds them."""

import json
import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from selftest.applied.server import MotoServer, moto_server, session
from selftest.front_door import variables_of_server
from selftest.wheel.conftest import Command
from selftest.wheel.repository import STACKS

pytestmark = pytest.mark.heavy
PYTEST = ("-m", "pytest", "-p", "no:cacheprovider")
CHOSEN = (f"--stacks={STACKS}", "--env=test")


def names_stacks(repository: Path) -> None:
    settings = repository / "pyproject.toml"
    settings.write_text(settings.read_text() + f'plumbline_stacks = "{STACKS}"\n')


def outcomes(finished: CompletedProcess[str]) -> str:
    assert "Traceback" not in finished.stdout + finished.stderr
    return finished.stdout


def test_a_repository_that_names_no_stacks_is_left_as_it_is(there: Command) -> None:
    ended = there("python", *PYTEST, "--env=qa", "-v")
    assert ended.returncode == 1
    assert "unit/check_tables.py::check_own_fixture PASSED" in outcomes(ended)
    assert "2 items" in ended.stdout
    assert "1 failed, 1 passed" in ended.stdout
    for word in ("plumbline: ", "examined: ", "✓", "P1"):
        assert word not in ended.stdout


def test_the_demo_is_in_it(there: Command) -> None:
    ended = there("plumbline", "demo")
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "✗ Post-deployment tests failed (8/15): 7 failed, 4 missing" in outcomes(ended)


def test_it_gets_one_option_and_one_setting(there: Command) -> None:
    helped = there("python", *PYTEST, "--help").stdout
    assert "--stacks=DIR" in helped
    assert "plumbline_stacks" in helped
    for option in ("--live", "--terraform", "--allow-writes", "--fail-on", "--sarif"):
        assert option not in helped


@pytest.mark.parametrize("named", [True, False], ids=["in the configuration", "on the command line"])
def test_named_stacks_are_held_with_sentences_and_kinds_of_both(
    there: Command, somebodys: Path, named: bool
) -> None:
    if named:
        names_stacks(somebodys)
    ended = there("python", *PYTEST, *(["--env=test"] if named else CHOSEN), "-v")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = outcomes(ended)
    for source in ("hcl", "moto"):
        assert f"test_point_in_time_recovery_is_enabled[shop/test/orders/{source}] PASSED" in told
        assert f"test_invoices_are_asked_for_by_the_shop[shop/test/invoices/{source}] PASSED" in told
    assert "✓ Pre-deployment tests passed (4/4)" in told
    assert "examined: Terraform in infra/terraform: data" in told
    assert "check_" not in told


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("other.ini", f"[pytest]\nplumbline_stacks = {STACKS}\n", ("-c", "other.ini")),
        ("infra/other.ini", "[pytest]\naddopts = --stacks=plumbline\n", ("-c", "infra/other.ini")),
        ("infra/other.ini", "[pytest]\naddopts = -o plumbline_stacks=plumbline\n", ("-c", "infra/other.ini")),
        ("other.ini", "[pytest]\n", ("-c", "other.ini", "-o", f"plumbline_stacks={STACKS}")),
        ("unused", "", ("-o", f"plumbline_stacks={STACKS}", "-n", "2")),
        (
            "infra/pytest.ini",
            "[pytest]\nplumbline_stacks = nowhere\n",
            (f"--stacks={STACKS}", "--rootdir=infra"),
        ),
    ],
)
def test_stacks_are_named_wherever_pytest_is_configured(
    there: Command, somebodys: Path, file: str, text: str, words: tuple[str, ...]
) -> None:
    (somebodys / file).write_text(text)
    ended = there("python", *PYTEST, "--env=test", *words)
    assert "✓ Pre-deployment tests passed (4/4)" in outcomes(ended), ended.stdout + ended.stderr


def test_a_setting_that_is_no_text_is_refused(there: Command, somebodys: Path) -> None:
    settings = somebodys / "pyproject.toml"
    for value in (f'["{STACKS}"]', "3"):
        settings.write_text(f"[tool.pytest.ini_options]\nplumbline_stacks = {value}\n")
        ended = there("python", *PYTEST, "--env=test")
        assert ended.returncode == 4
        assert 'pyproject.toml: plumbline_stacks names one folder: plumbline_stacks = "DIR"' in ended.stderr


def test_a_configuration_that_names_none_is_asked_alone(there: Command, somebodys: Path) -> None:
    names_stacks(somebodys)
    (somebodys / "other.ini").write_text("[pytest]\n")
    for words in (("-c", "other.ini"), ("-o", "plumbline_stacks=")):
        ended = there("python", *PYTEST, *words, "--live", "unit")
        assert "unrecognized arguments: --live" in ended.stderr


def test_what_is_broken_is_red(there: Command, somebodys: Path) -> None:
    main = somebodys / "infra/terraform/data/main.tf"
    main.write_text(main.read_text().replace("max_age_seconds = 90", "max_age_seconds = 9"))
    ended = there("python", *PYTEST, *CHOSEN)
    assert ended.returncode == 1
    assert "shop-02" in outcomes(ended)
    assert "✗ Pre-deployment tests failed (2/4): 2 failed" in ended.stdout


@pytest.mark.parametrize("value", [None, "local", "test"])
def test_its_own_option_means_for_its_own_tests_what_it_did(
    there: Command, somebodys: Path, value: str | None
) -> None:
    names_stacks(somebodys)
    (somebodys / "unit/check_env.py").write_text(
        f"def check_env(request):\n    assert request.config.getoption('--env') == {value or 'local'!r}\n"
    )
    ended = there("python", *PYTEST, *(["--env", value] if value else []), "unit/check_env.py")
    assert "1 passed" in outcomes(ended), ended.stdout + ended.stderr


THEIRS = """\
def pytest_addoption(parser):
    parser.addoption("--environment", dest="env", default="dev")
    parser.addoption("--source-dir", dest="source", default="src")
    parser.addoption("--stack-names", dest="stacks", default="all")
    parser.addoption("--live", action="store_true")
    parser.addoption("--concurrency", type=int, default=4)
    parser.addoption("--results", action="store_true")
"""
SEES = """\
def check_held(request):
    held = request.config.option
    print("\\nholds", held.env, held.source, held.stacks, held.live, held.concurrency, held.results)
"""


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("", "dev src all False 4 False"),
        ("--environment=qa --source-dir=lib --stack-names=one", "qa lib one False 4 False"),
        ("--live --concurrency=3 --results", "dev src all True 3 True"),
    ],
)
def test_its_own_tests_read_what_they_always_did(
    there: Command, somebodys: Path, named: bool, typed: str, held: str
) -> None:
    if named:
        names_stacks(somebodys)
    (somebodys / "conftest.py").write_text(THEIRS)
    (somebodys / "unit/check_held.py").write_text(SEES)
    ended = there("python", *PYTEST, "-s", "unit/check_held.py", *typed.split())
    assert f"\nholds {held}\n" in outcomes(ended), ended.stderr
    assert ended.returncode == 0


@pytest.mark.parametrize("more", ["", "--environment=qa --source-dir=lib --concurrency=3", "-n2"])
def test_our_values_are_held_beside_its_own(there: Command, somebodys: Path, more: str) -> None:
    names_stacks(somebodys)
    (somebodys / "conftest.py").write_text(THEIRS)
    ended = there("python", *PYTEST, "--env=test", "--source=hcl", *more.split())
    assert "✓ Pre-deployment tests passed (2/2)" in outcomes(ended), ended.stdout + ended.stderr


def test_what_is_no_environment_is_left_to_its_own_tests_and_said(there: Command, somebodys: Path) -> None:
    names_stacks(somebodys)
    ended = there("python", *PYTEST, "--env", "tset")
    assert "1 failed, 1 passed" in outcomes(ended), ended.stderr
    assert "No stack was held: unknown --env 'tset' (did you mean test?)" in ended.stdout
    assert "No stack was held" not in there("python", *PYTEST).stdout


def test_what_its_own_option_would_refuse_is_ours_alone(there: Command, somebodys: Path) -> None:
    names_stacks(somebodys)
    conftest = somebodys / "conftest.py"
    narrowed = 'default="local", choices=["local", "ci"]'
    conftest.write_text(conftest.read_text().replace('default="local"', narrowed))
    (somebodys / "unit/check_env.py").write_text(
        "def check_env(request):\n    assert request.config.getoption('--env') == 'local'\n"
    )
    ended = there("python", *PYTEST, "--env", "test")
    assert "✓ Pre-deployment tests passed (4/4)" in outcomes(ended), ended.stdout + ended.stderr
    assert "1 passed" in outcomes(there("python", *PYTEST, "--env", "test", "unit/check_env.py"))
    assert "unknown --env 'tset' (did you mean test?)" in there("python", *PYTEST, "--env", "tset").stderr


def test_stacks_of_a_repository_around_it_are_none_of_its_own(there: Command, somebodys: Path) -> None:
    names_stacks(somebodys)
    inner = somebodys / "service"
    (inner / ".git").mkdir(parents=True)
    (inner / "pytest.ini").write_text("[pytest]\n")
    (inner / "test_it.py").write_text("def test_it():\n    pass\n")
    ended = there(
        "python", "-c", "import os, pytest; os.chdir('service'); raise SystemExit(pytest.main(['--live']))"
    )
    assert "unrecognized arguments: --live" in ended.stderr


@pytest.mark.parametrize("place", ["..", "infra"])
def test_it_is_the_same_from_another_folder_and_a_card_is_tried_again_there(
    there: Command, somebodys: Path, place: str
) -> None:
    (somebodys / ".git").mkdir()
    main = somebodys / "infra/terraform/data/main.tf"
    main.write_text(main.read_text().replace("max_age_seconds = 90", "max_age_seconds = 9"))
    stacks = os.path.relpath(somebodys / STACKS, somebodys / place)
    starting = f"import os, sys, pytest; os.chdir({place!r}); sys.exit(pytest.main(sys.argv[1:]))"
    first = there("python", "-c", starting, *PYTEST[2:], f"--stacks={stacks}", "--env=test")
    assert "✗ Pre-deployment tests failed (2/4): 2 failed" in outcomes(first), first.stderr
    [again] = [line for line in first.stdout.splitlines() if " again " in line]
    second = there("python", "-c", starting, *PYTEST[2:], *shlex.split(again)[2:])
    assert "✗ Pre-deployment tests failed (0/1): 1 failed" in outcomes(second), second.stderr


def test_what_is_set_up_for_its_own_tests_is_not_for_the_sentences(there: Command, somebodys: Path) -> None:
    names_stacks(somebodys)
    own = "\n@pytest.fixture(autouse=True)\ndef database():\n    raise OSError('no database')\n"
    (somebodys / "conftest.py").write_text((somebodys / "conftest.py").read_text() + own)
    ended = there("python", *PYTEST, "--env=test", "-o", "usefixtures=database")
    assert "✓ Pre-deployment tests passed (4/4)" in outcomes(ended), ended.stdout + ended.stderr


def test_its_own_tests_run_as_before_beside_named_stacks(there: Command, somebodys: Path) -> None:
    names_stacks(somebodys)
    ended = there("python", *PYTEST)
    assert "1 failed, 1 passed" in outcomes(ended)
    assert "✓" not in ended.stdout
    assert "plumbline: no stack is held; that does: pytest --env test" in ended.stdout
    assert "examined" not in ended.stdout


@pytest.mark.parametrize("path", [".", "infra"])
def test_its_sentences_alone_are_no_verdict_on_the_stack(there: Command, somebodys: Path, path: str) -> None:
    names_stacks(somebodys)
    assert "✓" not in there("python", *PYTEST, path).stdout
    assert "✓ Pre-deployment tests passed (2/2)" in there("python", *PYTEST, f"{STACKS}/tests").stdout


def test_it_is_the_same_in_several_processes_and_other_ways_of_starting(there: Command) -> None:
    for words in (("-n", "2"), ("--import-mode=prepend",), ("--import-mode=importlib",), ("--assert=plain",)):
        ended = there("pytest", "-p", "no:cacheprovider", *CHOSEN, *words)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert "✓ Pre-deployment tests passed (4/4)" in ended.stdout


@pytest.fixture
def account() -> Iterator[MotoServer]:
    """An account with a table that can be restored, and a bucket from which nothing is ever deleted."""
    with moto_server("123456789012") as server:
        made = {"region_name": "eu-west-1", "endpoint_url": server.endpoint}
        database, storage = session().client("dynamodb", **made), session().client("s3", **made)
        database.create_table(
            TableName="shop-orders-test",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
        database.update_continuous_backups(
            TableName="shop-orders-test",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
        storage.create_bucket(
            Bucket="shop-invoices-test", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        yield server


def test_it_is_held_against_an_account(there: Command, account: MotoServer) -> None:
    variables = variables_of_server(account.endpoint) | {"AWS_REGION": "eu-west-1"}
    ended = there("pytest", "-p", "no:cacheprovider", *CHOSEN, "--live", "-v", **variables)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    told = outcomes(ended)
    assert "test_point_in_time_recovery_is_enabled[shop/test/orders/live] PASSED" in told
    assert "test_invoices_are_asked_for_by_the_shop[shop/test/invoices/live] FAILED" in told
    assert f"Examined: shop/test is account 123456789012 in eu-west-1, asked at {account.endpoint}" in told


def test_a_stack_is_begun_from_terraform_and_held(there: Command, somebodys: Path) -> None:
    where = ("--env", "test", "--region", "eu-west-1", "--to", "infra/checks")
    begun = there("plumbline", "init", "store", "--terraform", "infra/terraform", *where)
    assert begun.returncode == 0, begun.stdout + begun.stderr
    assert "next: pytest --stacks infra/checks --env test" in begun.stdout
    held = there("pytest", "-p", "no:cacheprovider", "--stacks=infra/checks", "--env=test")
    assert held.returncode == 0, held.stdout + held.stderr
    assert "✓ Pre-deployment tests passed" in outcomes(held)
    main = somebodys / "infra/terraform/data/main.tf"
    main.write_text(main.read_text().replace("enabled = true", "enabled = false"))
    broken = there("pytest", "-p", "no:cacheprovider", "--stacks=infra/checks", "--env=test")
    assert broken.returncode == 1
    assert "type      point_in_time_recovery { enabled = true }" in outcomes(broken)


def test_the_command_finds_the_same_stacks(there: Command, somebodys: Path) -> None:
    names_stacks(somebodys)
    found = there("plumbline", "coverage", "--json")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["shop"]["invariants"] == 2
    explained = there("plumbline", "explain", "shop-02")
    assert "Pages of the shop may ask for invoices." in explained.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((f"--stacks={STACKS}x",), f"--stacks {STACKS}x: there is no folder"),
        (("--stacks=infra",), "no stack lies there; some lie in "),
        ((f"--stacks={STACKS}", "--stack=shpo"), "unknown --stack 'shpo' (did you mean shop?)"),
    ],
)
def test_wrong_stacks_are_a_usage_error(there: Command, words: tuple[str, ...], said: str) -> None:
    ended = there("pytest", *words)
    assert ended.returncode == 4
    assert said in ended.stderr


@pytest.mark.parametrize(
    "option", ["--fail-on=P1", "--sarif=out.sarif", "--save-evidence=kept.json", "--source=hcl"]
)
def test_every_option_of_ours_asks_for_the_sentences(there: Command, somebodys: Path, option: str) -> None:
    names_stacks(somebodys)
    ended = there("pytest", "-p", "no:cacheprovider", option)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "✓ Pre-deployment tests passed" in ended.stdout


@pytest.mark.parametrize("option", ["--sarif=out.sarif", "--source=hcl"])
def test_beside_an_option_of_ours_an_unknown_environment_is_refused(
    there: Command, somebodys: Path, option: str
) -> None:
    names_stacks(somebodys)
    ended = there("pytest", "-p", "no:cacheprovider", "--env=tset", option)
    assert ended.returncode == 4, ended.stdout
    assert "unknown --env 'tset' (did you mean test?)" in ended.stderr


def test_what_is_typed_counts_also_where_it_is_the_default_of_their_option(
    there: Command, somebodys: Path
) -> None:
    names_stacks(somebodys)
    conftest = somebodys / "conftest.py"
    conftest.write_text(conftest.read_text().replace('default="local"', 'default="test"'))
    ended = there("pytest", "-p", "no:cacheprovider", "--env", "test", "--source=hcl")
    assert "plumbline: shop (test) on hcl" in ended.stdout
    assert ended.returncode == 0


def test_the_repository_itself_means_the_sentences_and_a_folder_without_one_is_refused(
    there: Command, somebodys: Path
) -> None:
    names_stacks(somebodys)
    whole = there("pytest", "-p", "no:cacheprovider", ".", "--source=hcl")
    assert "✓ Pre-deployment tests passed (2/2)" in whole.stdout, whole.stdout + whole.stderr
    nothing = there("pytest", "-p", "no:cacheprovider", "unit", "--source=hcl")
    assert nothing.returncode == 4
    assert "--source asks for sentences, and unit holds none" in nothing.stderr
    bare = there("pytest", "-p", "no:cacheprovider", "infra/terraform", "--source=hcl")
    assert bare.returncode == 4
    assert "--source asks for sentences, and infra/terraform holds none" in bare.stderr
    assert "examined" not in bare.stdout
    spread = there("pytest", "-p", "no:cacheprovider", "unit", "--source=hcl", "-n2")
    assert spread.returncode == 4
    assert spread.stderr == nothing.stderr


def test_a_second_repository_among_the_paths_is_refused(
    there: Command, somebodys: Path, tmp_path: Path
) -> None:
    names_stacks(somebodys)
    another = tmp_path / "another"
    shutil.copytree(somebodys / "infra/terraform", another / "infra/terraform")
    for place in (another, os.path.relpath(another, somebodys)):
        ended = there("pytest", "-p", "no:cacheprovider", ".", str(place), "--source=hcl")
        assert ended.returncode == 4
        assert f"a checkout is examined with --repository={place}" in ended.stderr
        assert not ended.stdout
    ended = there("pytest", "-p", "no:cacheprovider", ".", f"--repository={another}", "--source=hcl")
    assert f"Examined: Terraform in {another}/infra/terraform" in ended.stdout


def test_where_no_sentence_asks_anything_it_is_said(there: Command, somebodys: Path) -> None:
    names_stacks(somebodys)
    ended = there("pytest", "-p", "no:cacheprovider", "--source=repository")
    assert ended.returncode == 5
    assert "No sentence asks anything of test on repository." in ended.stdout


@pytest.mark.parametrize(
    ("moved", "setting"),
    [
        ("tests/build/test_origins.py", ""),
        ("tests/.kept/test_origins.py", ""),
        ("tests/data/test_origins.py", 'norecursedirs = ["data", "dynamodb"]\n'),
    ],
)
def test_what_the_repository_passes_over_is_collected_all_the_same(
    there: Command, somebodys: Path, moved: str, setting: str
) -> None:
    place = somebodys / STACKS / moved
    place.parent.mkdir(parents=True)
    (somebodys / STACKS / "tests/s3/test_origins.py").rename(place)
    settings = somebodys / "pyproject.toml"
    settings.write_text(settings.read_text() + setting)
    ended = there("pytest", "-p", "no:cacheprovider", *CHOSEN)
    assert "✓ Pre-deployment tests passed (4/4)" in ended.stdout, ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("name", "sentence", "said"),
    [
        ("test_more.py", "shop.nobody", "no runbook in infra/plumbline/runbooks names shop.nobody"),
        (
            "more_test.py",
            "shop.origins",
            "is not collected: call it test_more_test.py",
        ),
    ],
)
def test_a_sentence_that_would_be_passed_over_is_refused(
    there: Command, somebodys: Path, name: str, sentence: str, said: str
) -> None:
    text = (somebodys / STACKS / "tests/s3/test_origins.py").read_text()
    (somebodys / STACKS / "tests/s3" / name).write_text(text.replace("shop.origins", sentence))
    ended = there("pytest", *CHOSEN)
    assert ended.returncode == 4
    assert said in ended.stderr


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("stacks/more.yml", "call it more.yaml"),
        ("waivers/shop.YAML", "call it shop.yaml"),
        ("stacks/more/cart.yaml", "it would be "),
        ("kinds/lake/__init__.py", "kinds are modules, "),
        ("waiver/shop.yaml", "call it waivers"),
        ("runbook/shop.yaml", "move what it holds to runbooks"),
        ("stack/cart.yaml", "move what it holds to stacks"),
        ("test/test_more.py", "move what it holds to tests"),
        ("kind/more.py", "move what it holds to kinds"),
    ],
)
def test_files_that_would_be_passed_over_are_refused(
    there: Command, somebodys: Path, file: str, said: str
) -> None:
    path = somebodys / STACKS / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("format: 2\n")
    ended = there("pytest", *CHOSEN)
    assert ended.returncode == 4
    assert f"would be passed over: {said}" in ended.stderr


def test_where_stacks_are_named_and_nothing_else_is_a_test_it_says_how_they_are_held(
    there: Command, somebodys: Path
) -> None:
    names_stacks(somebodys)
    (somebodys / "empty").mkdir()
    ended = there("python", *PYTEST, "empty")
    assert ended.returncode == 5
    assert f"The stacks in {STACKS} are held with: pytest --env test" in ended.stdout
    searched = there("python", *PYTEST, "-k", "shop-02")
    assert "are held with: pytest --env test -k shop-02" in searched.stdout
    assert "Nothing is called" not in searched.stdout


def test_it_can_be_left_out_by_the_name_that_pytest_calls_it_by(there: Command, somebodys: Path) -> None:
    names_stacks(somebodys)
    without = there("python", *PYTEST, "-p", "no:plumbline", "--env=test")
    assert "1 failed, 1 passed" in outcomes(without), without.stderr
    assert "Examined: " not in without.stdout
    both = there("python", *PYTEST, "-p", "no:plumbline", *CHOSEN)
    assert both.returncode == 4
    assert "--stacks asks for what -p no:plumbline leaves out" in both.stderr
