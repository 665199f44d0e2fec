"""Workflow files are read as GitHub reads them: in the ways that people write them, and without a guess."""

from __future__ import annotations

import contextlib
import functools
import math
import os
import random
import shutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.github.checkout import Checkout
from plumbline.github.cron import days_between
from plumbline.kinds.workflow import Workflow
from plumbline.values.unknown import Missing, ReadError, Undetermined, Unexamined
from selftest.front_door import REPOSITORY

APPLY = "      - run: terraform apply tfplan\n"
Read = Callable[..., Workflow]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return what reads the jobs of a workflow, written as YAML; `files` are further ones."""

    def read(jobs: str, head: str = "on: push\n", **files: str) -> Workflow:
        folder = tmp_path / ".github" / "workflows"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "w.yml").write_text(f"{head}jobs:\n{textwrap.indent(textwrap.dedent(jobs), '  ')}")
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(textwrap.dedent(text))
        return Workflow.from_repository(Checkout(tmp_path), ".github/workflows/w.yml")

    return read


def job(*lines: str, steps: str = APPLY, name: str = "apply") -> str:
    """Return a job of these lines and steps."""
    settings = "".join(f"    {line}\n" for line in lines)
    return f"  {name}:\n{settings}    steps:\n{steps}"


@pytest.mark.parametrize("on", ["on: push", "'on': push", "on: [push]", "on:\n  push:\n", "true: push"])
def test_the_key_on_is_found_however_yaml_reads_it(read: Read, on: str) -> None:
    assert read(job(), head=f"{on}\n").triggers == 1


@pytest.mark.parametrize(
    ("runs_on", "label"),
    [
        ("ubuntu-latest", "ubuntu-latest"),
        ("[ubuntu-latest]", "ubuntu-latest"),
        ("[self-hosted, linux]", "self-hosted, linux"),
        ("{group: big, labels: x64}", "big, x64"),
    ],
)
def test_a_runner_is_named_by_its_labels(read: Read, runs_on: str, label: str) -> None:
    workflow = read(job(f"runs-on: {runs_on}"))
    assert workflow.runners == [label]
    assert workflow.where("runners").endswith("w.yml:4")


def test_a_runner_that_an_expression_chooses_is_not_guessed(read: Read) -> None:
    workflow = read(job("runs-on: ${{ matrix.os }}"))
    with pytest.raises(Undetermined, match=r"job apply runs on \$\{\{ matrix.os \}\}, at .*w.yml:4"):
        workflow.runners == ["ubuntu-latest"]  # noqa: B015


CONFIRMED = "deploy-${{ inputs.environment }}"
COMPARED = "inputs.confirmation == format('deploy-{0}', inputs.environment)"


@pytest.mark.parametrize(
    "jobs",
    [
        job(f"if: {COMPARED}"),
        job(f"if: ${{{{ {COMPARED} }}}}"),
        job(
            "if: format('deploy-{0}', github.event.inputs.environment) == github.event.inputs['confirmation']"
        ),
        job(f"if: github.ref == 'refs/heads/main' && {COMPARED}"),
        job(f"if: {COMPARED}", steps="      - run: echo yes\n", name="confirm") + job("needs: [confirm]"),
        job(
            steps="      - if: inputs.confirmation != format('deploy-{0}', inputs.environment)\n"
            f"        run: exit 1\n{APPLY}"
        ),
        job(
            steps='      - run: test "${{ inputs.confirmation }}" = "deploy-${{inputs.environment}}"\n'
            + APPLY
        ),
        job(
            "env: {WANTED: 'deploy-${{ inputs.environment }}'}",
            steps="      - env: {GIVEN: '${{ inputs.confirmation }}'}\n"
            '        run: |\n          if [[ "$GIVEN" != "${WANTED}" ]]; then\n'
            "            exit 2\n          fi\n" + APPLY,
        ),
    ],
)
def test_a_confirmation_is_recognised_however_it_is_compared(read: Read, jobs: str) -> None:
    assert read(jobs).confirmation == CONFIRMED


@pytest.mark.parametrize(
    "jobs",
    [
        job(),
        job(f"if: {COMPARED} || true"),
        job(f"if: {COMPARED}", steps="      - run: echo yes\n", name="confirm") + job(),
        job(f"if: {COMPARED}", steps="      - run: echo\n", name="confirm")
        + job("needs: confirm", "if: always()"),
        job(
            steps=APPLY
            + '      - run: test "${{ inputs.confirmation }}" = "deploy-${{ inputs.environment }}"\n'
        ),
        job(f"if: {COMPARED}") + job(name="apply-too"),
        job(
            steps="      - continue-on-error: true\n        run: |\n"
            '          test "${{ inputs.confirmation }}" = "deploy-${{ inputs.environment }}"\n' + APPLY
        ),
    ],
)
def test_what_lets_an_apply_through_unconfirmed_confirms_nothing(read: Read, jobs: str) -> None:
    workflow = read(jobs)
    assert not isinstance(workflow.confirmation, Unexamined)
    assert workflow.confirmation is None


def test_a_comparison_that_is_not_understood_is_undetermined(read: Read) -> None:
    workflow = read(job(steps='      - run: ./confirm.sh "${{ inputs.confirmation }}"\n' + APPLY))
    with pytest.raises(
        Undetermined, match=r"how inputs.confirmation is compared is not understood: .*w.yml:5"
    ):
        workflow.confirmation == CONFIRMED  # noqa: B015


def test_a_comment_or_a_message_about_terraform_runs_none(read: Read) -> None:
    workflow = read(
        job(steps="      - run: |\n          # terraform apply\n          echo terraform apply\n")
    )
    with pytest.raises(Undetermined, match=r"no job of .*w.yml runs terraform apply"):
        workflow.apply_environments == []  # noqa: B015


def test_the_steps_of_a_local_action_are_followed_with_what_it_is_given(read: Read) -> None:
    action = """
        inputs:
          environment: {required: true}
          name: {default: terraform-plan}
        runs:
          using: composite
          steps:
            - uses: actions/upload-artifact@v4
              with:
                name: ${{ inputs.name }}-${{ inputs.environment }}
                path: a/tfplan-${{ inputs.environment }}.binary
    """
    uses = "      - uses: ./plan\n        with: {environment: '${{ github.event.inputs.environment }}'}\n"
    workflow = read(job(steps=uses), **{"plan/action.yml": action})
    name, file = "terraform-plan-${{ inputs.environment }}", "tfplan-${{ inputs.environment }}.binary"
    assert workflow.artifacts == {name: [file]}
    assert workflow.where("artifacts").endswith("plan/action.yml:8")


KEPT = """
      - WHEN
        uses: actions/upload-artifact@v4
        with:
          name: plan
          path: |
            a/*/tfplan.binary
            a/*/.terraform.lock.hcl
            MORE
"""
NOT_KEPT = {
    "where all goes well": ("if: success()", "", ["tfplan.binary", ".terraform.lock.hcl"]),
    "where something fails": ("if: failure()", "", None),
    "never": ("if: false", "", None),
    "for one choice": ("if: inputs.environment == 'dev'", "", None),
    "without the plan": ("if: always()", "!a/*/*.binary", [".terraform.lock.hcl"]),
    "without its folder": ("if: always()", "!a/", []),
    "without another file": ("if: always()", "!b/**", ["tfplan.binary", ".terraform.lock.hcl"]),
}
SAVED = {
    "under its name": ("terraform plan -out=tfplan.binary", ["tfplan.binary"]),
    "in another folder": ("terraform -chdir=a plan -out b/tfplan.binary", ["tfplan.binary"]),
    "and called otherwise": ("terraform plan -out=p && mv p a/tfplan.binary", ["p", "tfplan.binary"]),
    "nowhere": ("terraform plan", []),
    "and only read": ("terraform show tfplan.binary", []),
}


@pytest.mark.parametrize(("run", "names"), SAVED.values(), ids=SAVED)
def test_a_plan_lies_where_it_is_saved(read: Read, run: str, names: list[str]) -> None:
    assert read(job(steps=f"      - run: {run}\n")).saved_plans == names


def test_what_plans_by_itself_may_save_it_anywhere(read: Read) -> None:
    workflow = read(job(steps="      - uses: octo-org/terraform-plan@v1\n"))
    with pytest.raises(Undetermined, match=r"octo-org/terraform-plan@v1.* saves a plan cannot be read"):
        assert "tfplan.binary" in workflow.saved_plans


CHOICE = """on:
  workflow_dispatch:
    inputs:
      environment: {type: choice, options: [dev, sit], required: true}
"""


@pytest.mark.parametrize(("when", "more", "files"), NOT_KEPT.values(), ids=NOT_KEPT)
def test_an_artifact_is_what_every_run_keeps(
    read: Read, when: str, more: str, files: list[str] | None
) -> None:
    workflow = read(job(steps=KEPT.replace("WHEN", when).replace("MORE", more)), head=CHOICE)
    assert workflow.artifacts == ({} if files is None else {"plan": files})


PLANNED = """
      - uses: actions/checkout@v4
      - run: |
          BEFORE
          terraform -chdir=a/one plan -out=tfplan
          terraform -chdir=a/two plan -out=tfplan
          AFTER
      - AGAIN
      - uses: actions/upload-artifact@v4
        with: {name: plan, path: PATH}
      - run: |
          rm a/*/tfplan
          terraform -chdir=b plan -out=tfplan
"""
LOST: dict[str, tuple[list[str] | str, dict[str, str]]] = {
    "nothing": (["tfplan"], {}),
    "removed": ([], {"AFTER": "rm -f a/one/tfplan a/two/tfplan"}),
    "by a pattern": ([], {"AFTER": "rm -f a/*/tfplan"}),
    "with its folder": ([], {"AFTER": "rm -rf ./a"}),
    "in its folder": (
        [],
        {"AFTER": "for it in a/*/; do (cd $it && unlink tfplan); done", "PATH": "a/one/tfplan"},
    ),
    "emptied": ([], {"AFTER": "truncate -s 0 a/one/tfplan a/two/tfplan"}),
    "found and removed": ([], {"AFTER": "find a -name tfplan -delete"}),
    "others found": (["tfplan"], {"AFTER": "find a -name '*.json' -delete"}),
    "found by more": ("is there", {"AFTER": "find a -name tfplan -mtime +1 -delete"}),
    "cleaned": ([], {"AFTER": "git clean -ffdx"}),
    "cleaned but for what Git ignores": ("is there", {"AFTER": "git clean -fd"}),
    "told what would be cleaned": (["tfplan"], {"AFTER": "git clean -ndx"}),
    "checked out again": ([], {"AGAIN": "uses: actions/checkout@v4"}),
    "checked out beside": (["tfplan"], {"AGAIN": "{uses: actions/checkout@v4, with: {path: other}}"}),
    "checked out over it": (["tfplan"], {"AGAIN": "{uses: actions/checkout@v4, with: {clean: false}}"}),
    "one of two": ("is there", {"AFTER": "rm a/one/tfplan"}),
    "another file": (["tfplan"], {"AFTER": "rm -rf a/one/.terraform other"}),
    "a temporary file": (["tfplan"], {"AFTER": 'rm -rf "$RUNNER_TEMP/x"'}),
    "what only a run knows": ("is there", {"AFTER": "rm -f a/$(cat gone)/tfplan"}),
    "perhaps": ("is there", {"AFTER": "if test -e x; then rm -f a/*/tfplan; fi"}),
    "in one environment": ([], {"AGAIN": "{if: inputs.environment == 'dev', run: rm -rf a}"}),
    "perhaps in the first of its environments": (
        "is there",
        {"AGAIN": "{if: inputs.environment == 'dev', run: 'if test -e x; then rm -rf a; fi'}"},
    ),
    "where something fails": (["tfplan"], {"AGAIN": "{if: failure(), run: rm -rf a}"}),
    "removed before": (["tfplan"], {"BEFORE": "rm -f a/*/tfplan"}),
    "moved away": ([], {"AFTER": "mv a/one/tfplan x; mv a/two/tfplan y"}),
    "moved there": (["tfplan"], {"AFTER": "mkdir out; mv a/one/tfplan out; rm -r a", "PATH": "out/tfplan"}),
    "saved later": ([], {"PATH": "b/tfplan"}),
    "copied, and removed": (["tfplan"], {"AFTER": "cp a/one/tfplan out/; rm -r a", "PATH": "out/tfplan"}),
}


@pytest.mark.parametrize(("files", "edits"), LOST.values(), ids=LOST)
def test_an_artifact_holds_nothing_that_is_gone_by_then(
    read: Read, files: list[str] | str, edits: dict[str, str]
) -> None:
    written = {"BEFORE": "true", "AFTER": "true", "AGAIN": "run: true", "PATH": "a/*/tfplan", **edits}
    steps = PLANNED
    for name, text in written.items():
        steps = steps.replace(name, text)
    made = {f"a/{it}/main.tf": "" for it in ("one", "two")}
    found = read(job(steps=steps), head=CHOICE, **made).artifacts["plan"]
    if isinstance(files, str):
        with pytest.raises(Undetermined, match=files):
            assert "tfplan" in found
    else:
        assert found == files


def test_whether_an_artifact_is_kept_may_hang_on_what_a_run_computes(read: Read) -> None:
    workflow = read(
        job(steps=KEPT.replace("WHEN", "if: vars.KEEP == 'yes'").replace("MORE", "")), head=CHOICE
    )
    with pytest.raises(Undetermined, match=r"hangs on what the run computes: .*w\.yml:\d+"):
        assert workflow.artifacts == {}


def test_actions_that_use_each_other_end(read: Read) -> None:
    action = "runs:\n  using: composite\n  steps:\n    - uses: ./again\n"
    assert read(job(steps="      - uses: ./again\n"), **{"again/action.yml": action}).jobs == 1


def test_a_group_and_a_time_limit_are_those_of_the_called_workflow(read: Read) -> None:
    called = "on: workflow_call\njobs:\n" + job("timeout-minutes: 50", "concurrency: own", name="inner")
    workflow = read("  plan:\n    uses: ./.github/workflows/c.yml\n", **{".github/workflows/c.yml": called})
    assert (workflow.concurrency_groups, workflow.terraform_minutes) == (["own"], 50)
    assert workflow.where("concurrency_groups").endswith("c.yml:5")


def test_a_group_of_the_workflow_is_that_of_its_jobs(read: Read) -> None:
    head = "on: push\nconcurrency: {group: all, cancel-in-progress: true}\n"
    workflow = read(job(), head=head)
    assert (workflow.concurrency_groups, workflow.cancels_runs) == (["all"], True)
    assert workflow.where("concurrency_groups").endswith("w.yml:2")


def test_a_job_without_a_time_limit_has_that_of_github(read: Read) -> None:
    assert read(job()).terraform_minutes == 360


def test_a_part_of_a_minute_is_more_than_none(read: Read) -> None:
    assert read(job("timeout-minutes: 30.5")).terraform_minutes == 31


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("${{ inputs.gone }}", "inputs.gone"),
        ("${{ github.event.inputs['gone'] }}", "inputs.gone"),
        ("${{ needs.gone.result }}", "needs.gone"),
        ("${{ needs.first.outputs.gone || 'x' }}", "needs.first.outputs.gone"),
        ("${{ env.GONE }}", "env.GONE"),
        ("${{ contains(env.GONE, 'a') && inputs.given }}", "env.GONE"),
    ],
)
def test_a_name_that_nothing_declares_is_told_with_its_line(read: Read, written: str, name: str) -> None:
    first = job("outputs: {known: x}", steps="      - run: echo\n", name="first")
    head = "on: {workflow_dispatch: {inputs: {given: {}}}}\nenv: {KNOWN: 1}\n"
    last = job("needs: first", steps=f'      - run: "x {written}"\n')
    workflow = read(first + last, head=head)
    assert workflow.undeclared == [f"{name} at {workflow.where('undeclared')}"]
    assert workflow.where("undeclared").endswith("w.yml:11")


def test_declared_names_are_told_by_nobody(read: Read) -> None:
    first = job("outputs: {known: x}", name="first")
    later = "      - run: echo LATER=1 >> $GITHUB_ENV\n"
    used = "inputs.GIVEN, env.KNOWN, env.LATER, needs.first.outputs.known, 'inputs.gone', github.event.number"
    head = "on: {workflow_dispatch: {inputs: {given: {}}}}\nenv: {KNOWN: 1}\n"
    last = job("needs: [first]", steps=f"{later}      - run: x ${{{{ format('', {used}) }}}}\n")
    assert read(first + last, head=head).undeclared == []


@pytest.mark.parametrize(
    "first",
    [
        job("env: {OWN: 1}", name="first"),
        job(steps="      - {run: echo, env: {OWN: 1}}\n", name="first"),
        job(steps="      - run: echo OWN=1 >> $GITHUB_ENV\n", name="first"),
    ],
)
def test_a_variable_of_one_job_is_known_in_no_other(read: Read, first: str) -> None:
    last = job(steps="      - run: echo ${{ env.OWN }}\n")
    workflow = read(first + last)
    assert workflow.undeclared == [f"env.OWN at {workflow.where('undeclared')}"]


IN_ACTIONS: dict[str, tuple[list[str], str]] = {
    "another input": (["inputs.gone"], "{shell: bash, run: 'x ${{ inputs.gone }}'}"),
    "an input of the workflow": (["inputs.given"], "{shell: bash, if: inputs.given, run: x}"),
    "handed on": (["inputs.gone"], "{uses: a/b@v1, with: {c: '${{ inputs[''gone''] }}'}}"),
    "in no letters of its own": ([], "{shell: bash, run: 'x ${{ inputs.OWN }}'}"),
    "a variable": (["env.GONE"], "{shell: bash, run: 'x ${{ env.GONE }}'}"),
    "a variable of its step": ([], "{shell: bash, env: {GONE: 1}, run: 'x ${{ env.GONE }}'}"),
    "a variable of the job": ([], "{shell: bash, run: 'x ${{ env.KNOWN }}'}"),
    "a step": ([], "{shell: bash, run: 'x ${{ steps.gone.outputs.x }}'}"),
}


@pytest.mark.parametrize(("names", "step"), IN_ACTIONS.values(), ids=IN_ACTIONS)
@pytest.mark.parametrize("around", ["", "outer"])
def test_what_an_action_of_the_checkout_does_not_declare_is_told_with_its_line(
    read: Read, names: list[str], step: str, around: str
) -> None:
    head = "on: {workflow_dispatch: {inputs: {given: {}}}}\nenv: {KNOWN: 1}\n"
    inner = f"description: not ${{{{ inputs.gone }}}}\ninputs: {{own: {{}}}}\nruns:\n  steps:\n    - {step}\n"
    outer = "runs: {using: composite, steps: [{uses: ./inner}]}\n"
    files = {"inner/action.yml": inner, "outer/action.yaml": outer}
    workflow = read(job(steps=f"      - uses: ./{around or 'inner'}\n"), head=head, **files)
    told = [it.rpartition(" at ") for it in workflow.undeclared]
    assert [name for name, _, _ in told] == names
    assert all(where.endswith("inner/action.yml:5") for _, _, where in told)


def test_a_variable_of_a_step_is_known_in_that_step(read: Read) -> None:
    steps = "      - {run: 'echo ${{ env.OWN }}', env: {OWN: 1}}\n"
    assert read(job(steps=steps)).undeclared == []
    assert read(job(steps=f"{steps}      - run: echo ${{{{ env.OWN }}}}\n")).undeclared != []


@pytest.mark.parametrize(
    ("broken", "place", "told"),
    [
        ("on: push\njobs:\n  a: [\n", "w.yml:4:1", "did not find expected node content"),
        ("on: push\njobs:\n\ta: 1\n", "w.yml:3:1", r"cannot start any token"),
        ("on: push\non: pull_request\n", "w.yml:2", "is written twice"),
    ],
)
def test_what_is_no_yaml_is_an_error_with_its_line(
    tmp_path: Path, broken: str, place: str, told: str
) -> None:
    (tmp_path / "w.yml").write_text(broken)
    with pytest.raises(ReadError, match=f"{place}.*{told}"):
        Workflow.from_repository(Checkout(tmp_path), "w.yml")


def test_a_folder_without_workflows_is_missing(tmp_path: Path) -> None:
    with pytest.raises(
        Missing, match=f"a workflow in .github/workflows does not exist in the checkout {tmp_path}"
    ):
        Workflow.from_repository(Checkout(tmp_path), ".github/workflows")


numbers = st.booleans() | st.integers() | st.floats()
scalars = st.none() | numbers | st.text(max_size=8) | st.sampled_from(["${{ x.y }}", "./a"])
keys = st.sampled_from(
    [
        *("on", "schedule", "cron", "workflow_dispatch", "inputs", "jobs", "needs", "if", "env", "outputs"),
        *(
            "runs-on",
            "timeout-minutes",
            "concurrency",
            "group",
            "environment",
            "steps",
            "uses",
            "with",
            "run",
        ),
    ]
)
shapes = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=40,
)


@given(data=st.dictionaries(keys, shapes, max_size=5))
@settings(max_examples=100, deadline=None, derandomize="CI" in os.environ)
def test_no_shape_of_a_workflow_breaks_its_reader(data: dict[str, Any], tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("shape")
    (folder / "w.yml").write_text(yaml.safe_dump(data))
    try:
        Workflow.from_repository(Checkout(folder), "w.yml")
    except ReadError as told:
        assert "w.yml" in told.message  # noqa: PT017


@pytest.mark.parametrize(
    ("crons", "days"),
    [
        (["0 5 * * 1"], 7),
        (["0 5 * * MON"], 7),
        (["30 6 * * 1-5"], 3),
        (["*/15 * * * *"], 1),
        (["0 0 1 * *"], 31),
        (["0 0 */2 * *"], 2),
        (["0 0 1 * *", "0 0 15 * *"], 17),
        (["0 0 1,15 * 1"], 7),
        (["0 0 29 2 *"], 1461),
        (["0 0 * jan-jun sun"], 196),
    ],
)
def test_the_most_days_between_two_starts(crons: list[str], days: int) -> None:
    assert days_between(crons) == days


@pytest.mark.parametrize(
    "cron", ["", "0 5 * *", "0 5 * * 8", "61 * * * *", "x * * * *", "0 0 31 2 *", "0 0 5-1 * *"]
)
def test_what_is_no_schedule_is_refused(cron: str) -> None:
    with pytest.raises(ValueError, match=r"field|never comes"):
        days_between([cron])


GARBAGE = [
    None,
    True,
    -1,
    math.inf,
    math.nan,
    "x",
    "${{ x.y }}",
    [],
    {},
    ["a"],
    {"a": 1},
    [None],
    {"b": [{}]},
]
PARTS = [f".github/workflows/terraform-{name}.yml" for name in ("apply", "plan")]


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of every value inside a YAML document."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    )
    for key, inner in entries:
        yield (*place, key)
        yield from places(inner, (*place, key))


@pytest.mark.parametrize("part", [*PARTS, ".github/actions/terraform/action.yml"])
def test_no_garbage_inside_a_workflow_breaks_its_reader(tmp_path: Path, part: str) -> None:
    shutil.copytree(REPOSITORY / ".github", tmp_path / ".github")
    chance = random.Random(20261121)
    for _ in range(20):
        data = yaml.safe_load((REPOSITORY / part).read_text())
        *steps, last = chance.choice(list(places(data)))
        holder = functools.reduce(lambda value, step: value[step], steps, data)
        holder[last] = chance.choice(GARBAGE)
        (tmp_path / part).write_text(yaml.safe_dump(data))
        for name in PARTS:
            with contextlib.suppress(ReadError):
                Workflow.from_repository(Checkout(tmp_path), name)
