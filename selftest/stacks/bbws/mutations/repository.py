"""Mutations for tests/repository, and for the comparison of stored templates with the repository."""

from datetime import date

from selftest.mutations.edits import Deleted, Edited, InRunbook, NotExecutable, Untracked, call
from selftest.mutations.mutation import mutation

TEMPLATE = "terraform/bbws/templates/billing/invoice.html"
UPLOAD = "scripts/upload-templates.sh"
ALL = "scripts/health-check-all.sh"

MUTATIONS = [
    mutation("bbws-s3-15", Deleted(TEMPLATE)),
    mutation("bbws-s3-15", Edited(TEMPLATE, "<!DOCTYPE html>", "Dear customer,")),
    mutation(
        "bbws-s3-16",
        call(
            "s3:PutObject",
            Bucket="bbws-templates-dev",
            Key="billing/invoice.html",
            Body="<!doctype html><p>Edited in the console.",
            ContentType="text/html",
        ),
    ),
    mutation("bbws-s3-17", Deleted(UPLOAD)),
    mutation("bbws-s3-17", NotExecutable(UPLOAD)),
    mutation("bbws-s3-17", Edited(UPLOAD, "#!/usr/bin/env bash", "")),
    mutation("bbws-s3-17", Edited(UPLOAD, "esac", "end")),
    mutation("bbws-s3-19", Edited("lambda/order.py", "payment_received", "payment-received")),
    mutation("bbws-iam-10", Deleted("policies/admin.json")),
    mutation("bbws-iam-10", Edited("policies/lambda.json", '"Effect": "Allow",', "")),
    mutation("bbws-s3-15", Edited(TEMPLATE, "<body", "<template")),
    mutation("bbws-s3-17", Edited(UPLOAD, "set -euo pipefail", "exit 0")),
    mutation("bbws-s3-17", Edited(UPLOAD, "if aws s3 cp", "if echo aws s3 cp")),
    mutation("bbws-iam-10", Edited("policies/lambda.json", '"s3:GetObject"', '"*"')),
    mutation("bbws-iam-10", Edited("policies/admin.json", '"dynamodb:Query",', "")),
    mutation("bbws-s3-19", Edited("lambda/order.py", "/payment_received", '/" + "payment-received')),
    mutation(
        "bbws-tf-12",
        Edited("README.md", "## Table dependencies", "## The tables are independent"),
        Edited("README.md", "| depend on it |", "| independent of it |"),
    ),
    mutation("bbws-s3-21", Untracked(TEMPLATE)),
    mutation(
        "bbws-tf-09",
        Deleted("terraform/bbws/s3/templates.tf"),
        falls_with={"bbws-s3-18": "no deployment uploads what no file declares"},
    ),
    mutation("bbws-tf-12", Edited("README.md", "`bbws-campaigns-{env}` |", "campaigns |")),
    mutation("bbws-tf-12", Deleted("README.md")),
    mutation("bbws-doc-01", NotExecutable("scripts/health-check-s3.sh")),
    mutation("bbws-doc-01", NotExecutable(ALL)),
    mutation("bbws-doc-02", Edited(ALL, 'exit "$status"', "exit 0")),
    mutation("bbws-doc-04", InRunbook("updated", date(2025, 10, 7)), only_on="live"),  # 93 days before
    mutation("bbws-doc-04", InRunbook("updated", date(2062, 12, 25)), only_on="live"),
    mutation("bbws-doc-05", InRunbook("contacts", {"Product Owner": "(TBD)"})),
    mutation("bbws-doc-05", InRunbook("contacts", {"Tech Lead": ""})),
    mutation("bbws-doc-05", InRunbook("contacts", {"DevOps Lead": "tbd"})),
    mutation("bbws-doc-05", InRunbook("contacts", {"DevOps Lead": "n/a"})),
]
