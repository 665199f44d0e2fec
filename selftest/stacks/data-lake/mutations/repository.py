"""Mutations for tests/repository, tests/ci and tests/tools, and for what tests/terraform asks of files."""

from selftest.mutations.edits import Committed, Deleted, Edited, Untracked
from selftest.mutations.mutation import mutation, near_miss

HERE = "terraform/data-lake"
LOCK_FILE = f"{HERE}/envs/dev/.terraform.lock.hcl"
CODE, BACKEND = f"{HERE}/envs/dev/main.tf", f"{HERE}/envs/dev/backend.hcl"
BOOTSTRAP, BACKENDS = f"{HERE}/global/remote-state", f"{HERE}/global/remote-state/backends"
WORKFLOW = f"{HERE}/.github/workflows/terraform.yml"
WANTED = {
    "data-lake-repo-01": ("envs/dev/main.tf", "envs/dev/backend.hcl", "envs/dev/terraform.tfvars.example"),
    "data-lake-repo-02 repository.exists": (
        "global/remote-state/main.tf",
        "global/remote-state/terraform.tfvars.example",
        "global/iam_gh_oidc/main.tf",
    ),
    "data-lake-repo-08 repository.exists": (
        ".pre-commit-config.yaml",
        ".tflint.hcl",
        "ci/policies/checkov_custom.yaml",
    ),
    "data-lake-repo-14": ("architecture.md", "decisions.md"),
}
_NEEDED_BY_THE_TOOL = {"data-lake-repo-09": "the tool is run with it"}
ALSO = {
    "envs/dev/backend.hcl": {
        "data-lake-state-10 repository.settings": "nothing else says where the state is"
    },
    ".tflint.hcl": _NEEDED_BY_THE_TOOL,
    "ci/policies/checkov_custom.yaml": _NEEDED_BY_THE_TOOL,
}
"""What falls with a file that is deleted."""

MUTATIONS = [
    *(
        mutation(name, Deleted(f"{HERE}/{file}"), falls_with=ALSO.get(file))
        for name, files in WANTED.items()
        for file in files
    ),
    mutation(
        "data-lake-repo-02 repository.setting-names",
        Edited(f"{BOOTSTRAP}/terraform.tfvars.example", "account_id", "account"),
    ),
    mutation("data-lake-repo-06", Edited(CODE, "tier_ia_days      = 30\n", "tier_ia_days      = 30  \n")),
    mutation("data-lake-repo-07", Edited(CODE, "tier_ia_days ", "no_such_argument = 1\n  tier_ia_days ")),
    mutation(
        "data-lake-repo-08 repository.parses",
        Committed(f"{HERE}/ci/policies/checkov_custom.yaml", "# to be written\n"),
    ),
    mutation("data-lake-repo-08 repository.parses", Edited(f"{HERE}/.tflint.hcl", "{", "{ {")),
    mutation(
        "data-lake-repo-08 repository.parses", Edited(f"{HERE}/.pre-commit-config.yaml", "repos:", "repos: [")
    ),
    mutation(
        "data-lake-repo-08 repository.parses",
        Edited(f"{HERE}/ci/policies/checkov_custom.yaml", "quiet: true", "quiet: [true"),
    ),
    mutation(
        "data-lake-repo-09",
        Committed(f"{HERE}/envs/dev/acl.tf", 'locals {\n  acl = "public-read"\n}\n'),
        unlisted=True,
    ),
    mutation(
        "data-lake-repo-09",
        Committed(f"{HERE}/modules/unused/acl.tf", 'locals {\n  acl = "public-read"\n}\n'),
        unlisted=True,
    ),
    mutation("data-lake-repo-12", Deleted(LOCK_FILE)),
    mutation("data-lake-repo-12", Untracked(LOCK_FILE)),
    mutation("data-lake-repo-12", Edited(LOCK_FILE, "hashes = [", "hashes = []\n  were   = [")),
    mutation("data-lake-repo-12", Edited(LOCK_FILE, 'version     = "5', 'version     = "4')),
    mutation(
        "data-lake-repo-13",
        Committed(f"{HERE}/envs/dev/terraform.tfvars", 'account_id = "100000000001"\n'),
        unlisted=True,
    ),
    mutation("data-lake-repo-13", Committed(f"{HERE}/envs/dev/tfplan", "a plan"), unlisted=True),
    mutation("data-lake-repo-13", Committed(f"{HERE}/envs/dev/tfplan.json", "{}"), unlisted=True),
    mutation("data-lake-repo-13", Committed(f"{HERE}/envs/dev/dev-tfplan", "a plan"), unlisted=True),
    mutation("data-lake-repo-13", Committed(f"{HERE}/envs/dev/plan.out", "a plan"), unlisted=True),
    mutation("data-lake-repo-13", Committed(f"{HERE}/envs/dev/terraform.tfvars.json", "{}"), unlisted=True),
    mutation("data-lake-repo-13", Committed(f"{BOOTSTRAP}/terraform.tfstate.backup", "{}"), unlisted=True),
    mutation("data-lake-state-10 repository.settings", Edited(BACKEND, "100000000001", "100000000002")),
    mutation("data-lake-state-10 repository.settings", Edited(BACKEND, "envs/dev", "envs/stage")),
    mutation("data-lake-state-10 repository.settings", Edited(BACKEND, '"eu-west-3"', '"eu-west-1"')),
    mutation("data-lake-state-10 repository.settings", Edited(BACKEND, '"tf-locks"', '"locks"')),
    mutation(
        "data-lake-state-11",
        Committed(f"{BACKENDS}/test.hcl", 'bucket = "tf-state-YOUR_ACCOUNT_ID-eu-west-3"\n'),
        unlisted=True,
    ),
    mutation(
        "data-lake-state-11",
        Edited(f"{HERE}/envs/dev/dev.auto.tfvars", "100000000001", "your-aws-account-id"),
    ),
    mutation(
        "data-lake-oidc-04",
        Edited(
            WORKFLOW, "role-to-assume: ${{ secrets.AWS_OIDC_ROLE_ARN }}", "role-skip-session-tagging: true"
        ),
    ),
    mutation("data-lake-oidc-04", Edited(WORKFLOW, "secrets.AWS_OIDC_ROLE_ARN", "secrets.ANOTHER_ROLE")),
    mutation("data-lake-oidc-04", Edited(WORKFLOW, "id-token: write", "id-token: none")),
    mutation(
        "data-lake-oidc-04",
        Committed(
            f"{HERE}/.github/workflows/apply.yml",
            "on: push\njobs:\n  apply:\n    runs-on: ubuntu-latest\n    env: "
            "{AWS_ACCESS_KEY_ID: '${{ secrets.KEY }}'}\n    steps: [{run: terraform apply}]\n",
        ),
        unlisted=True,
    ),
]

NEAR_MISSES = [
    near_miss(
        "data-lake-repo-13",
        Committed(f"{HERE}/envs/dev/prod.tfvars.example", 'account_id = "100000000003"\n'),
        why="an example is there to be copied",
    ),
    near_miss(
        "data-lake-state-11",
        Committed(f"{BACKENDS}/test.hcl", '# YOUR_ACCOUNT_ID stood here\nbucket = "tf-state-1"\n'),
        why="a comment is no setting",
    ),
]
