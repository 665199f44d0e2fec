"""Mutations for tests/repository."""

from selftest.mutations.edits import Deleted, Edited, NotExecutable
from selftest.mutations.mutation import mutation

HERE = "terraform/elite-adventures"
FOUND = "elite-adventures-repo-01"
FILES = (
    "infra/terraform/waf.tf",
    "app/package.json",
    "lambdas/leads/index.js",
    "lambdas/exports/index.js",
    "lambdas/conference/index.js",
    "scripts/deploy.sh",
)

MUTATIONS = [
    *(mutation(f"{FOUND} repository.exists", Deleted(f"{HERE}/{it}")) for it in FILES),
    mutation(
        f"{FOUND} repository.parses",
        Edited(f"{HERE}/infra/terraform/waf.tf", "locals {", "locals { {"),
    ),
    mutation(
        f"{FOUND} repository.settings",
        Edited(f"{HERE}/app/package.json", '"build":', '"built":'),
    ),
    mutation(f"{FOUND} repository.script", NotExecutable(f"{HERE}/scripts/deploy.sh")),
    mutation(f"{FOUND} repository.script", Edited(f"{HERE}/scripts/deploy.sh", "\n", "\nif then\n")),
]
