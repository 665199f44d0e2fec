"""What a deployment brings about: what its roots declare, as Terraform applies it, and what it uploads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.workflow import Uploads, Workflow
from plumbline.values.unknown import Undetermined
from selftest.github.deployment import workflow
from selftest.github.test_runs import OPEN, RUN_APPLY, RUN_PLAN, TESTS, changed, script

WANTED = Uploads(environment="sit", types=["aws_s3_object"], bucket="mail-sit", files="*.html")
TABLES = "terraform -chdir=terraform/dynamodb apply"
FILES = {
    "templates/welcome.html": "<html></html>\n",
    "templates/notes.md": "x\n",
    "docs/guide.md": "x\n",
    "scripts/in-a-loop.sh": "#!/usr/bin/env bash\nset -euo pipefail\nbucket=mail-$1\nfailed=0\n"
    'for key in *.html; do\n  if aws s3 cp "$key" "s3://$bucket/$key"; then\n    echo "$key"\n  else\n'
    '    failed=$((failed + 1))\n  fi\ndone\n[ "$failed" -eq 0 ]\n',
    "scripts/ends-early.sh": "#!/bin/sh\nexit 0\naws s3 cp templates s3://mail-$1 --recursive\n",
    "Makefile": "templates:\n\taws s3 sync templates s3://mail-$(ENV)\n",
}


def brings(read: Workflow) -> Any:
    """Return whether each deployment of sit uploads the templates, or that it is open."""
    try:
        return read.uploads(WANTED)
    except Undetermined:
        return OPEN


def with_(*lines: str) -> list[tuple[str, str]]:
    """Return the change after which the tables alone are applied, and these lines follow."""
    return [(RUN_APPLY, script("set -e", TABLES, *lines))]


S3 = "terraform -chdir=terraform/s3"
SYNC = "aws s3 sync templates s3://mail-${{ inputs.environment }}"
DEPLOYS: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "as it is": (True, []),
    "another root": (False, with_("true")),
    "every root": (True, [(RUN_APPLY, 'run: for it in terraform/*/; do terraform -chdir="$it" apply; done')]),
    "by an action": (
        True,
        [(RUN_APPLY, "uses: dflook/terraform-apply@v1\n        with: {path: terraform/s3}")],
    ),
    "who knows which": (OPEN, [(RUN_APPLY, "run: terraform -chdir=${{ vars.ROOT }} apply")]),
    # How much of its root an apply brings about.
    "destroyed": (False, with_(f"{S3} destroy -auto-approve")),
    "destroyed by apply": (False, with_(f"{S3} apply -destroy -auto-approve")),
    "destroyed by apply, with --": (False, with_(f"{S3} apply --destroy=true -auto-approve")),
    "not destroyed": (True, with_(f"{S3} apply -destroy=false -auto-approve")),
    "only refreshed": (False, with_(f"{S3} apply -refresh-only -auto-approve")),
    "refreshed first": (True, with_(f"{S3} apply -refresh=true -auto-approve")),
    "applied and destroyed": (False, with_(f"{S3} apply -auto-approve", f"{S3} destroy -auto-approve")),
    "destroyed and applied": (True, with_(f"{S3} destroy -auto-approve", f"{S3} apply -auto-approve")),
    "another resource": (False, with_(f"{S3} apply -target=aws_s3_bucket.templates")),
    "another resource, apart": (False, with_(f"{S3} apply -target aws_s3_bucket.templates")),
    "this resource": (True, with_(f"{S3} apply -target='aws_s3_object.x[\"a.html\"]'")),
    "one that is not there": (False, with_(f"{S3} apply -target=aws_s3_object.y")),
    "a module": (OPEN, with_(f"{S3} apply -target=module.templates")),
    "one that only a run knows": (OPEN, with_(f"{S3} apply -target=$WHAT")),
    "all but another": (True, with_(f"{S3} apply -exclude=aws_s3_bucket.x")),
    "all but this": (False, with_(f"{S3} apply -exclude=aws_s3_object.x")),
    "by a variable of Terraform": (
        False,
        with_("export TF_CLI_ARGS_apply=-destroy", f"{S3} apply -auto-approve"),
    ),
    "by one for the call": (False, with_(f"TF_CLI_ARGS='-no-color -refresh-only' {S3} apply")),
    "by one of env": (False, with_(f"env TF_CLI_ARGS_apply=-destroy {S3} apply")),
    "by one of the job": (
        False,
        [("    timeout-minutes: 20\n", "    timeout-minutes: 20\n    env: {TF_CLI_ARGS_apply: -destroy}\n")],
    ),
    "by one that says little": (True, with_(f"TF_CLI_ARGS_apply=-no-color {S3} apply")),
    "with arguments that only a run knows": (
        OPEN,
        with_(f"{S3} apply -auto-approve ${{{{ vars.ARGUMENTS }}}}"),
    ),
    "a plan to destroy": (False, [(RUN_PLAN, f"{RUN_PLAN} -destroy")]),
    "a plan to refresh": (False, [(RUN_PLAN, f"{RUN_PLAN} -refresh-only")]),
    "a plan of another resource": (False, [(RUN_PLAN, f"{RUN_PLAN} -target=aws_s3_bucket.x")]),
    "a plan to destroy, of another file": (True, [(RUN_PLAN, f"{RUN_PLAN}\n      - {RUN_PLAN}-2 -destroy")]),
    "an action that destroys": (
        False,
        [(RUN_APPLY, "uses: dflook/terraform-destroy@v1\n        with: {path: terraform/s3}")],
    ),
    "an action that is told to destroy": (
        False,
        [(RUN_APPLY, "uses: dflook/terraform-apply@v1\n        with: {path: terraform/s3, destroy: true}")],
    ),
    "|| true": (False, [(RUN_APPLY, f"{RUN_APPLY} || true")]),
    "where a variable of the repository says so": (
        OPEN,
        with_('if [ "${{ vars.S3 }}" = yes ]; then', f"  {S3} apply", "fi"),
    ),
    "in dev alone": (False, with_('if [ "${{ inputs.environment }}" = dev ]; then', f"  {S3} apply", "fi")),
    "in sit alone": (True, with_('if [ "${{ inputs.environment }}" = sit ]; then', f"  {S3} apply", "fi")),
    # By script.
    "by script": (True, with_('./scripts/upload-templates.sh "${{ inputs.environment }}"')),
    "by script for sit": (True, with_("bash scripts/upload-templates.sh sit")),
    "by script for dev": (False, with_("bash scripts/upload-templates.sh dev")),
    "by script, one after the other": (True, with_('scripts/in-a-loop.sh "${{ inputs.environment }}"')),
    "by script that ends early": (False, with_('sh scripts/ends-early.sh "${{ inputs.environment }}"')),
    "by script || true": (False, with_('scripts/upload-templates.sh "${{ inputs.environment }}" || true')),
    "by script, only parsed": (False, with_("bash -n scripts/upload-templates.sh sit")),
    "the script is made executable": (False, with_("chmod +x scripts/upload-templates.sh")),
    "the script is checked": (False, with_("shellcheck scripts/upload-templates.sh")),
    "the script is told of": (False, with_("echo ./scripts/upload-templates.sh sit")),
    "by another program": (OPEN, with_("python scripts/upload_templates.py")),
    "by an action for S3": (OPEN, [*with_("true"), (TESTS, "uses: jakejarvis/s3-sync-action@v0.5.1")]),
    "an artifact": (False, [*with_("true"), (TESTS, "uses: actions/upload-artifact@v4")]),
    "by script in another job, for dev": (
        False,
        [
            *with_("true"),
            (TESTS, "if: inputs.environment == 'dev'\n        run: ./scripts/upload-templates.sh dev"),
        ],
    ),
    "by make": (True, with_("make templates ENV=${{ inputs.environment }}")),
    "by make, only told": (False, with_("make -n templates ENV=${{ inputs.environment }}")),
    "synchronised": (True, with_(SYNC)),
    "by a variable": (
        True,
        [
            *with_('aws s3 sync templates "s3://mail-$E/"'),
            (
                "    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          set -e",
                "    env: {E: '${{ inputs.environment }}'}\n    steps:\n      - run: |\n          set -e",
            ),
        ],
    ),
    "|| true, synchronised": (False, with_(f"{SYNC} || true")),
    "in dev's bucket": (False, with_("aws s3 sync templates s3://mail-dev/")),
    "in sit's bucket": (True, with_("aws s3 sync templates s3://mail-sit/")),
    "elsewhere": (False, with_("aws s3 sync templates s3://somewhere-else/")),
    "in a bucket that only a run knows": (OPEN, with_("aws s3 sync templates s3://${{ vars.BUCKET }}/")),
    "a dry run": (False, with_(f"{SYNC} --dryrun")),
    "downloaded": (False, with_("aws s3 sync s3://mail-${{ inputs.environment }} templates")),
    "removed": (False, with_("aws s3 rm s3://mail-${{ inputs.environment }} --recursive")),
    "nothing of it": (False, with_(f"{SYNC} --exclude '*'")),
    "no template of it": (False, with_(f"{SYNC} --exclude='*' --include '*.md'")),
    "the templates of it": (True, with_(f"{SYNC} --exclude '*' --include '*.html'")),
    "all but a draft": (True, with_(f"{SYNC} --exclude 'draft-*' --delete")),
    "all but the templates": (False, with_(f"{SYNC} --include '*' --exclude '*.html'")),
    "built before, and nothing of it": (False, with_(f"{SYNC.replace('templates', 'build')} --exclude '*'")),
    "built before": (True, with_(SYNC.replace("templates", "build"))),
    "other files": (False, with_(SYNC.replace("templates", "docs"))),
    "a file": (True, with_("aws s3 cp templates/welcome.html s3://mail-sit/welcome.html")),
    "another file": (False, with_("aws s3 cp README.md s3://mail-sit/README.md")),
    "to a stand-in": (False, with_(f"aws --endpoint-url http://localhost:4566 {SYNC[4:]}")),
    "to a stand-in by a variable": (False, with_(f"AWS_ENDPOINT_URL=http://localhost:4566 {SYNC}")),
    "to a stand-in that is set before": (
        False,
        with_(f"export AWS_ENDPOINT_URL_S3=http://localhost:4566; {SYNC}"),
    ),
    "to a host with AWS's name in its own": (
        False,
        with_(f"{SYNC} --endpoint-url https://evil-amazonaws.com.example"),
    ),
    "to a host that ends like AWS's": (False, with_(f"{SYNC} --endpoint-url https://s3.evilamazonaws.com")),
    "by an endpoint in a VPC": (
        True,
        with_(f"{SYNC} --endpoint-url=https://bucket.vpce-1a2b.s3.af-south-1.vpce.amazonaws.com"),
    ),
    "by a host without a scheme": (True, with_(f"{SYNC} --endpoint-url s3.af-south-1.amazonaws.com:443")),
}


@pytest.mark.parametrize(("right", "changes"), DEPLOYS.values(), ids=DEPLOYS)
def test_a_deployment_uploads_the_templates(
    tmp_path: Path, right: Any, changes: list[tuple[str, str]]
) -> None:
    assert brings(workflow(tmp_path, changed(*changes), **FILES)) == right


def test_a_workflow_that_applies_nothing_deploys_by_whatever_starts_it(tmp_path: Path) -> None:
    start = "on: {workflow_dispatch: {inputs: {environment: {type: choice, options: [dev, sit]}}}}\n"
    steps = (
        "jobs: {a: {runs-on: x, steps: [{run: 'scripts/upload-templates.sh ${{ inputs.environment }}'}]}}\n"
    )
    assert brings(workflow(tmp_path, start + steps)) is True
    assert brings(workflow(tmp_path, start + steps.replace("scripts/", "ls scripts/"))) is False


def test_what_nothing_starts_decides_nothing(tmp_path: Path) -> None:
    parts = "startsWith(inputs.confirmation, 'deploy-') && endsWith(inputs.confirmation, inputs.environment)"
    compared = 'if [ "$GIVEN" != "$WANTED" ]; then exit 1; fi'
    never = changed((compared, "true"), ("  apply:\n", f"  apply:\n    if: {parts}\n"))
    assert brings(workflow(tmp_path, never)) == OPEN
