"""Mutations for tests/ci."""

from selftest.mutations.edits import Deleted, Edited
from selftest.mutations.mutation import mutation

DEPLOY = ".github/workflows/deploy.yml"

MUTATIONS = [
    mutation("example-ci-01", Deleted(DEPLOY)),
    mutation("example-ci-02", Edited(DEPLOY, "group: deploy-${{ inputs.environment }}", "group: deploy")),
    mutation("example-ci-02", Edited(DEPLOY, "cancel-in-progress: false", "cancel-in-progress: true")),
    mutation(
        "example-ci-03", Edited(DEPLOY, "role-to-assume: ${{ secrets.AWS_ROLE_ARN }}", "role-skip: true")
    ),
    mutation("example-ci-03", Edited(DEPLOY, "id-token: write", "id-token: none")),
    mutation(
        "example-ci-03",
        Edited(
            DEPLOY,
            "aws-region: eu-central-1",
            "aws-region: eu-central-1\n          aws-access-key-id: ${{ secrets.KEY }}",
        ),
    ),
]
