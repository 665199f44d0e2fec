"""How jobs log in to AWS, in the ways in which people write that."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.github.checkout import Checkout
from plumbline.kinds.workflow import Workflow

ROLE = "${{ secrets.AWS_ROLE }}"
LOGIN = f"{{uses: aws-actions/configure-aws-credentials@v4, with: {{role-to-assume: '{ROLE}'}}}}"


def read(folder: Path, *lines: str, head: str = "on: push", step: str = LOGIN, **files: str) -> Workflow:
    """Return the workflows of a checkout with one job of these lines and a step."""
    settings = "".join(f"    {line}\n" for line in ("runs-on: ubuntu-latest", *lines))
    texts = {"w": f"{head}\njobs:\n  a:\n{settings}    steps:\n      - {step}\n", **files}
    for name, text in texts.items():
        path = folder / ".github" / ("workflows" if name != "action" else "actions/login")
        path.mkdir(parents=True, exist_ok=True)
        (path / f"{name}.yml").write_text(text)
    return Workflow.from_repository(Checkout(folder), ".github/workflows")


PERMITTED = "permissions: {id-token: write}"


def test_a_login_tells_its_role(tmp_path: Path) -> None:
    workflow = read(tmp_path, PERMITTED)
    assert workflow.assumed_roles == [ROLE]
    assert workflow.logins_without_token == []
    assert workflow.static_keys == []


@pytest.mark.parametrize("lines", [(PERMITTED,), ("permissions: write-all",)])
def test_a_job_that_may_ask_for_a_token(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert read(tmp_path, *lines, head="on: push\npermissions: {}").logins_without_token == []


@pytest.mark.parametrize(
    "lines", [(), ("permissions: {}",), ("permissions: read-all",), ("permissions: {id-token: none}",)]
)
def test_a_job_that_may_not(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert len(read(tmp_path, *lines).logins_without_token) == 1


def test_the_permissions_of_a_file_are_those_of_its_jobs(tmp_path: Path) -> None:
    assert read(tmp_path, head=f"on: push\n{PERMITTED}").logins_without_token == []
    assert len(read(tmp_path, "permissions: {}", head=f"on: push\n{PERMITTED}").logins_without_token) == 1


@pytest.mark.parametrize(("permitted", "without"), [(f"    {PERMITTED}\n", 0), ("", 1)])
def test_a_called_workflow_is_permitted_what_its_caller_is(
    tmp_path: Path, permitted: str, without: int
) -> None:
    caller = f"on: push\njobs:\n  c:\n{permitted}    uses: ./.github/workflows/w.yml\n"
    assert len(read(tmp_path, head="on: workflow_call", c=caller).logins_without_token) == without


def test_a_login_in_an_action_of_the_checkout_counts(tmp_path: Path) -> None:
    action = f"name: l\nruns:\n  using: composite\n  steps:\n    - {LOGIN}\n"
    workflow = read(tmp_path, step="{uses: ./.github/actions/login}", action=action)
    assert workflow.assumed_roles == [ROLE]
    assert len(workflow.logins_without_token) == 1


KEPT = [
    "{run: x, env: {AWS_ACCESS_KEY_ID: '${{ secrets.KEY }}'}}",
    "{run: x, env: {AWS_SECRET_ACCESS_KEY: '${{ vars.KEY }}'}}",
    "{run: x, env: {OTHER: '${{ secrets.AWS_ACCESS_KEY_ID }}'}}",
    "{uses: a/b@v1, with: {aws-access-key-id: '${{ secrets.KEY }}'}}",
    "{run: 'export AWS_SECRET_ACCESS_KEY=abcdef'}",
    "{run: 'aws configure set aws_access_key_id abcdef'}",
    "{run: 'echo \"AWS_ACCESS_KEY_ID=${{ secrets.A }}\" >> $GITHUB_ENV'}",
    "{run: 'AWS_SECRET_ACCESS_KEY=${{secrets.A || vars.A}} terraform plan'}",
    "{run: 'aws configure set aws_access_key_id ${{ secrets.A }}'}",
    "{run: 'curl -u AKIAIOSFODNN7EXAMPLE:x https://example.com'}",
]
MADE = [
    "{run: x, env: {AWS_ACCESS_KEY_ID: '${{ steps.login.outputs.aws-access-key-id }}'}}",
    "{run: x, env: {AWS_ACCESS_KEY_ID: ''}}",
    "{run: 'export AWS_ACCESS_KEY_ID=$(jq -r .AccessKeyId it.json)'}",
    "{run: 'docker run -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY image'}",
    "{run: 'echo \"AWS_ACCESS_KEY_ID=${{ steps.login.outputs.key }}\" >> $GITHUB_ENV'}",
    "{run: 'aws configure set aws_access_key_id ${{ env.KEY }}'}",
    "{run: 'unset AWS_ACCESS_KEY_ID'}",
]


@pytest.mark.parametrize("step", KEPT)
def test_a_key_that_somebody_keeps_is_found(tmp_path: Path, step: str) -> None:
    assert len(read(tmp_path, step=step).static_keys) == 1


@pytest.mark.parametrize("step", MADE)
def test_what_the_run_itself_makes_is_no_such_key(tmp_path: Path, step: str) -> None:
    assert read(tmp_path, step=step).static_keys == []


def test_a_key_in_an_action_of_the_checkout_is_found(tmp_path: Path) -> None:
    action = f"name: l\nruns:\n  using: composite\n  steps:\n    - {KEPT[0]}\n"
    assert len(read(tmp_path, step="{uses: ./.github/actions/login}", action=action).static_keys) == 1
