"""A small workflow that deploys as the runbook wants, for proofs that change one thing of it."""

from __future__ import annotations

import textwrap
from pathlib import Path

from plumbline.github.checkout import Checkout
from plumbline.kinds.workflow import Workflow

HEAD = """\
name: apply
on:
  workflow_dispatch:
    inputs:
      environment: {type: choice, options: [dev, sit, prod], required: true}
      confirmation: {type: string, required: true}
"""
CONFIRM = """\
  confirm:
    runs-on: ubuntu-latest
    steps:
      - env: {GIVEN: "${{ inputs.confirmation }}", WANTED: "deploy-${{ inputs.environment }}"}
        run: |
          if [ "$GIVEN" != "$WANTED" ]; then exit 1; fi
"""
PLAN = """\
  plan:
    needs: confirm
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: terraform -chdir=terraform/s3 plan -out=tfplan
"""
NOTIFY = """\
  notify:
    needs: plan
    runs-on: ubuntu-latest
    steps:
      - uses: slackapi/slack-github-action@v2
        with:
          method: chat.postMessage
          payload: |
            channel: deployments
            text: waiting ${{ github.server_url }}/${{ github.repository }}/actions/runs/${{ github.run_id }}
"""
APPLY = """\
  apply:
    needs: plan
    runs-on: ubuntu-latest
    timeout-minutes: 20
    environment: ${{ inputs.environment }}
    steps:
      - uses: actions/checkout@v4
      - run: terraform -chdir=terraform/s3 apply tfplan
"""
VERIFY = """\
  verify:
    needs: apply
    runs-on: ubuntu-latest
    steps:
      - run: python -m pytest --env ${{ inputs.environment }} --live
"""
DEPLOYMENT = f"{HEAD}jobs:\n{CONFIRM}{PLAN}{NOTIFY}{APPLY}{VERIFY}"
BUCKET, TABLE = 'resource "aws_s3_object" "x" {}\n', 'resource "aws_dynamodb_table" "x" {}\n'
UPLOAD = '#!/usr/bin/env bash\nset -e\naws s3 cp templates "s3://mail-$1" --recursive\n'
FILES = {
    "terraform/s3/main.tf": BUCKET,
    "terraform/dynamodb/main.tf": TABLE,
    "scripts/upload-templates.sh": UPLOAD,
    "scripts/check-gsi.sh": "#!/bin/sh -e\ngrep -q global_secondary_index terraform/dynamodb/main.tf\n",
}


def workflow(folder: Path, written: str, **files: str) -> Workflow:
    """Return a workflow as it is read in a checkout that holds it, the roots and these files."""
    for name, text in {**FILES, ".github/workflows/w.yml": written, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(textwrap.dedent(text))
    return Workflow.from_repository(Checkout(folder), ".github/workflows/w.yml")
