"""Mutations for tests/ci."""

from selftest.mutations.edits import Deleted, Edited
from selftest.mutations.mutation import mutation

DEPLOY = ".github/workflows/deploy.yml"

MUTATIONS = [
    mutation("example-ci-01", Deleted(DEPLOY)),
    mutation("example-ci-02", Edited(DEPLOY, "group: deploy-${{ inputs.environment }}", "group: deploy")),
    mutation("example-ci-02", Edited(DEPLOY, "cancel-in-progress: false", "cancel-in-progress: true")),
]
