"""Mutations for tests/repository."""

from selftest.mutations.edits import Deleted, Untracked
from selftest.mutations.mutation import mutation

HERE = "terraform/data-lake"
LOCK_FILE = f"{HERE}/envs/dev/.terraform.lock.hcl"
WANTED = {
    "data-lake-repo-01": ("envs/dev/main.tf", "envs/dev/backend.hcl", "envs/dev/terraform.tfvars.example"),
    "data-lake-repo-02": ("global/remote-state/terraform.tfvars.example", "global/iam_gh_oidc/main.tf"),
    "data-lake-repo-08": (".pre-commit-config.yaml", ".tflint.hcl", "ci/policies/checkov_custom.yaml"),
    "data-lake-repo-14": ("architecture.md", "decisions.md"),
}

MUTATIONS = [
    *(mutation(name, Deleted(f"{HERE}/{file}")) for name, files in WANTED.items() for file in files),
    mutation("data-lake-repo-12 repository.exists", Deleted(LOCK_FILE)),
    mutation("data-lake-repo-12 repository.tracked", Untracked(LOCK_FILE)),
]
