"""Whose a resource is stands in every report, and a run may ask about one owner's alone."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plumbline.__main__ import main
from plumbline.report.card import card
from selftest.front_door import neutral_variables, run_suite
from selftest.input.tree import DYNAMODB, STACK, Tree, assert_refused, copy_suite
from selftest.reports.made_up import FAILED, finding
from selftest.reports.test_merge import rows
from selftest.reports.test_notify import channel

OWNERS = 'owners: {tag: Owner, otherwise: "Team of {env}"}\n\nterraform:\n'
EVERYBODY = ("Tebogo", "Night Shift", "Team of sit")
"""Who is said in the tag that is expected of a table, of one table itself, and of all others."""
ASKED = ("--env=sit", "--source=hcl", "tests/dynamodb", "tests/iam")
RECOVERY = ("--env=sit", "--source=hcl", "-k", "ddb-15", "tests/dynamodb")


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A tree in which things have owners, and the recovery of one table is off."""
    tree = copy_suite(tmp_path_factory.mktemp("owned"))
    tree.edit(STACK, "terraform:\n", OWNERS)
    tree.edit(STACK, "  tenants:\n", "  tenants:\n    owner: Night Shift\n")
    tree.edit(f"{DYNAMODB}/main.tf", "enabled = true", "enabled = false")
    return tree


def asked(tree: Tree, *words: str) -> set[str]:
    """The tests that a run would ask."""
    run = tree.run("--collect-only", "-q", *ASKED, *words)
    assert run.exit_code == 0, run.output
    return {line for line in run.printed.splitlines() if "::" in line}


def test_every_report_says_whose_it_is(owned: Tree, tmp_path: Path) -> None:
    names = ("html", "sarif", "incident", "results", "junitxml")
    files = {name: tmp_path / f"out.{name}" for name in names}
    summary = tmp_path / "summary.md"
    job = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    with channel() as (url, told):
        run = run_suite(
            *RECOVERY,
            *(f"--{name}={path}" for name, path in files.items()),
            f"--alluredir={tmp_path}/allure",
            f"--notify={url}",
            variables=neutral_variables() | job,
            tree=owned.path,
        )
    assert run.exit_code == 1
    [card] = run.cards
    assert "\n    owner     Night Shift\n" in card
    assert "owner     Night Shift" in summary.read_text("utf-8")
    [annotation] = [line for line in run.printed.splitlines() if line.startswith(("::error", "::warning"))]
    assert "owner     Night Shift" in annotation
    [message] = told
    assert [line for line in message.splitlines() if line.endswith("not true (Night Shift)")]
    incident = files["incident"].read_text("utf-8")
    assert ", Night Shift)\n" in incident
    assert "\n- Owners: Night Shift\n" in incident
    shown = {it["resource"]: it["owner"] for it in rows(files["html"])}
    kept = {it["resource"]: it["owner"] for it in json.loads(files["results"].read_text("utf-8"))["results"]}
    expected = {
        "bbws-tenants-sit": "Night Shift",
        "bbws-products-sit": "Tebogo",
        "bbws-campaigns-sit": "Tebogo",
    }
    assert shown == kept == expected
    cases = ElementTree.parse(files["junitxml"]).iter("testcase")
    properties = [{it.get("name"): it.get("value") for it in case.iter("property")} for case in cases]
    assert {it["resource"]: it["owner"] for it in properties} == expected
    [result] = json.loads(files["sarif"].read_text("utf-8"))["runs"][0]["results"]
    assert result["properties"]["owner"] == "Night Shift"
    labels = [
        {it["name"]: it["value"] for it in json.loads(path.read_text("utf-8"))["labels"]}
        for path in (tmp_path / "allure").glob("*-result.json")
    ]
    assert {it["subSuite"]: it["owner"] for it in labels} == expected


def test_a_page_of_several_runs_says_it(
    owned: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, page = tmp_path / "kept.json", tmp_path / "page.html"
    owned.run(*RECOVERY, f"--results={kept}")
    assert main(["merge", str(kept), "--html", str(page)]) == 1
    assert "    owner     Night Shift\n" in capsys.readouterr().out
    assert {it["owner"] for it in rows(page)} == {"Night Shift", "Tebogo"}


def test_one_cause_with_things_of_several_owners_names_them_all() -> None:
    same = [finding(it, **FAILED, owner=name) for it, name in enumerate(("Shop", "", "Night Shift", "Shop"))]
    lines = [*card(same)]
    at = lines.index("    owner     Shop")
    assert lines[at + 1] == "              Night Shift"
    assert not any(line.startswith("    owner") for line in card([finding(0, **FAILED)]))


def test_owners_share_all_that_is_asked(owned: Tree) -> None:
    of = {name: asked(owned, f"--only=owner:{name}") for name in EVERYBODY}
    assert all(of.values())
    assert set.union(*of.values()) == asked(owned)
    assert sum(map(len, of.values())) == len(asked(owned))
    assert all("/tenants/" in it for it in of["Night Shift"])
    assert any("/roles" in it or "role" in it for it in of["Team of sit"])
    both = asked(owned, "--only=owner:Tebogo", "--only", "owner:Night Shift")
    assert both == of["Tebogo"] | of["Night Shift"]


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["one process", "two"])
def test_what_is_wrong_with_what_is_somebody_elses_fails_nothing(
    owned: Tree, tmp_path: Path, more: tuple[str, ...]
) -> None:
    theirs = owned.run(*RECOVERY, *more, "--only=owner:Tebogo")
    assert theirs.exit_code == 0, theirs.output
    assert {it.resource for it in theirs.those("passed")} == {"bbws-products-sit", "bbws-campaigns-sit"}
    assert "\nonly: what is Tebogo's\n" in theirs.printed
    assert "\nOnly: what is Tebogo's; of the rest nothing was asked\n" in theirs.printed
    incident = tmp_path / "incident.txt"
    ours = owned.run(*RECOVERY, *more, "--only=owner:Night Shift", f"--incident={incident}")
    assert ours.exit_code == 1
    command = "- pytest --env sit --only 'owner:Night Shift' - ✗"
    assert command in incident.read_text("utf-8")
    assert {it.resource for it in ours.those("failed")} == {"bbws-tenants-sit"}


def test_a_waiver_of_what_is_somebody_elses_covers_something(owned: Tree, tmp_path: Path) -> None:
    tree = copy_suite(tmp_path)
    tree.edit(STACK, "terraform:\n", OWNERS)
    (tree.path / "fixtures/waivers").mkdir(exist_ok=True)
    (tree.path / "fixtures/waivers/bbws.yaml").write_text(
        "format: 2\nstack: bbws\nwaivers:\n  - {invariant: bbws-ddb-15, resource: bbws-tenants-sit, "
        "owner: Lead, reason: it is filled each night, until: 2999-12-31}\n"
    )
    run = tree.run(*ASKED, "--only=owner:Team of sit")
    assert run.exit_code == 0, run.output
    assert "covers nothing" not in run.output


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            "owner:Tebgo",
            "unknown owner in --only 'Tebgo' (did you mean Tebogo?); valid: Night Shift, Team of sit, Tebogo",
        ),
        ("owner:", "--only owner:: write owner:NAME, such as owner:Night Shift"),
        ("Tebogo", "--only Tebogo: write owner:NAME, such as owner:Night Shift"),
        ("team:Tebogo", "--only team:Tebogo: write owner:NAME, such as owner:Night Shift"),
    ],
)
def test_an_owner_of_nothing_is_refused(owned: Tree, given: str, told: str) -> None:
    assert_refused(owned.run("--env=sit", f"--only={given}"), told)


def test_owners_are_refused_where_no_stack_says_any(tree: Tree) -> None:
    told = "--only owner:Tebogo: no stack says whose anything is: write `owner` of a resource, or `owners`"
    assert_refused(tree.run("--env=sit", "--only=owner:Tebogo"), told)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("owners: {tag: Ownr}", "no resource is expected to carry the tag 'Ownr' (did you mean Owner?)"),
        ("owners: {tags: Owner}", "unknown key 'tags' in owners: did you mean 'tag'?"),
        ('owners: {otherwise: "{team}"}', "unknown placeholder {team}"),
    ],
)
def test_what_says_no_owner_is_refused_with_its_line(tree: Tree, said: str, told: str) -> None:
    tree.edit(STACK, "terraform:\n", f"{said}\nterraform:\n")
    assert_refused(tree.run("--env=sit"), f"{STACK}:{tree.line(STACK, 'owners:')}: ", told)
