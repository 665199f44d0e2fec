"""Mutations for tests/ci."""

from selftest.mutations.edits import Deleted, Edited, Setting
from selftest.mutations.mutation import mutation

WORKFLOWS = ".github/workflows"
PLAN = f"{WORKFLOWS}/terraform-plan.yml"
APPLY = f"{WORKFLOWS}/terraform-apply.yml"
VALIDATE = f"{WORKFLOWS}/validate-schemas.yml"
WEEKLY = f"{WORKFLOWS}/backup-check.yml"
GROUP = "group: terraform-${{ inputs.environment }}"
RULES = "rules/branches/main"
_NO_TRIGGER = "without triggers nobody can start it with inputs either"

MUTATIONS = [
    mutation("bbws-ci-01", Deleted(VALIDATE)),
    mutation(
        "bbws-ci-01",
        Edited(APPLY, "workflow_dispatch:", "workflow_dispatch_was:"),
        Edited(APPLY, "\non:\n", "\nwhen:\n"),
        falls_with={"bbws-ci-04": _NO_TRIGGER, "bbws-ci-05": _NO_TRIGGER},
    ),
    mutation(
        "bbws-ci-01", Edited(VALIDATE, "\njobs:\n", "\nwork:\n"), falls_with={"bbws-ci-14": "no job runs"}
    ),
    mutation("bbws-ci-02", Edited(PLAN, "# Of the job,", "#\tOf the job,")),
    mutation("bbws-ci-02", Edited(f"{WORKFLOWS}/test.yml", "name: test\n", "name: test  \n")),
    mutation("bbws-ci-03", Edited(VALIDATE, "runs-on: ubuntu-latest", "runs-on: ubuntu-latest-8-cores")),
    mutation("bbws-ci-03", Edited(PLAN, "runs-on: ubuntu-latest", "runs-on: [self-hosted, linux]")),
    mutation("bbws-ci-03", Edited(PLAN, "runs-on: ubuntu-latest", "runs-on: {group: big}")),
    mutation(
        "bbws-ci-04", Edited(PLAN, "if-no-files-found: error", "retention-days-was: ${{ inputs.days }}")
    ),
    mutation("bbws-ci-04", Edited(PLAN, "if-no-files-found: error", "pattern: ${{ env.PATTERN }}")),
    mutation("bbws-ci-04", Edited(APPLY, "errors: true", "thread: ${{ needs.plan-all.outputs.thread }}")),
    mutation(
        "bbws-ci-04", Edited(APPLY, "    needs: apply\n", "    needs: apply\n    if: needs.notify.result\n")
    ),
    mutation("bbws-ci-05", Edited(APPLY, "type: string\n        required: true", "type: string")),
    mutation(
        "bbws-ci-05",
        Edited(APPLY, "options: [dev, sit, prod]\n        required: true", "options: [dev, sit, prod]"),
    ),
    mutation("bbws-ci-06", Edited(APPLY, '"deploy-$ENVIRONMENT"', '"deploy"')),
    mutation("bbws-ci-06", Edited(APPLY, "    needs: confirm\n", "")),
    mutation(
        "bbws-ci-06",
        Edited(APPLY, "  apply:\n    needs: plan\n", "  apply:\n    needs: plan\n    if: always()\n"),
        falls_with={"bbws-ci-10": "a job that starts regardless waits for no plan to succeed either"},
    ),
    mutation("bbws-ci-07", Edited(APPLY, GROUP, "group: terraform-${{ github.ref }}")),
    mutation("bbws-ci-07", Edited(PLAN, GROUP, "group: plan-${{ inputs.environment }}")),
    mutation("bbws-ci-07", Edited(APPLY, "cancel-in-progress: false", "cancel-in-progress: true")),
    mutation(
        "bbws-ci-07",
        Edited(PLAN, f"    concurrency:\n      {GROUP}\n      cancel-in-progress: false\n", ""),
    ),
    mutation("bbws-ci-08", Edited(PLAN, "timeout-minutes: 30", "timeout-minutes: 45")),
    mutation("bbws-ci-08", Edited(APPLY, "    timeout-minutes: 30\n", "")),
    mutation("bbws-ci-09", Edited(PLAN, "name: terraform-plan-${{ inputs.environment }}", "name: plan")),
    mutation("bbws-ci-09", Edited(PLAN, "/tfplan-${{ inputs.environment }}.binary", "/plan.binary")),
    mutation("bbws-ci-09", Edited(PLAN, "actions/upload-artifact@", "actions/cache/save@")),
    mutation(
        "bbws-ci-10",
        Edited(APPLY, "    environment: ${{ inputs.environment }}  # its", "    # its"),
    ),
    mutation(
        "bbws-ci-10",
        Edited(APPLY, "    environment: ${{ inputs.environment }}  #", "    environment: dev  #"),
    ),
    mutation(
        "bbws-ci-10",
        Edited(APPLY, "  apply:\n    needs: plan\n", "  apply:\n    needs: confirm\n"),
    ),
    mutation("bbws-ci-11", Setting("environments/dev", "protection_rules.1.reviewers", [])),
    mutation("bbws-ci-11", Setting("environments/dev", "protection_rules.1.type", "wait_timer")),
    mutation("bbws-ci-11", Setting("environments/dev", "deployment_branch_policy", None)),
    mutation(
        "bbws-ci-11",
        Setting("environments/dev/deployment-branch-policies", "branch_policies.0.name", "release/*"),
    ),
    mutation(
        "bbws-ci-11",
        Setting("environments/dev", "deployment_branch_policy.custom_branch_policies", False),
        Setting("branches?protected=true", "0.name", "develop"),
    ),
    mutation("bbws-ci-12", Edited(APPLY, "channel: deployments", "channel: random")),
    mutation("bbws-ci-12", Edited(APPLY, "slackapi/slack-github-action@", "slackapi/other@")),
    mutation(
        "bbws-ci-12",
        Edited(APPLY, "    name: Tell the approvers\n", "    environment: ${{ inputs.environment }}\n"),
    ),
    mutation("bbws-ci-13", Edited(APPLY, "    needs: apply\n", "    needs: plan\n")),
    mutation(
        "bbws-ci-13", Edited(APPLY, "      - uses: ./.github/actions/plumbline\n", "      - uses: a/b@c\n")
    ),
    mutation(
        "bbws-ci-14",
        Edited(VALIDATE, '            terraform -chdir="${file%/*}" validate\n', ""),
        Edited(VALIDATE, "./.github/actions/plumbline", "octo-org/other@v1"),
    ),
    mutation("bbws-ci-15", Edited(".pre-commit-config.yaml", "- id: yamllint", "- id: check-json")),
    mutation("bbws-ci-16", Setting(RULES, "1.type", "required_linear_history")),
    mutation("bbws-ci-16", Setting(RULES, "1.parameters.required_status_checks", [])),
    mutation("bbws-ci-16", Setting(RULES, "1.parameters.required_status_checks", [{"context": "cla"}])),
    mutation(
        "bbws-ci-17",
        Edited(
            PLAN, 'env: {ENVIRONMENT: "${{ inputs.environment }}"}', "env: {TF_LOG: DEBUG, ENVIRONMENT: dev}"
        ),
    ),
    mutation("bbws-ci-17", Edited(VALIDATE, "- run: terraform fmt", "- run: TF_LOG=TRACE terraform fmt")),
    mutation(
        "bbws-ci-17",
        Edited(VALIDATE, "permissions: {}", "permissions: {}\n\nenv:\n  TF_LOG_PROVIDER: JSON"),
    ),
    mutation("bbws-bkp-11", Edited(WEEKLY, '"0 5 * * 1"', '"0 5 1 * *"')),
    mutation("bbws-bkp-11", Edited(WEEKLY, "--live tests/backup", "--live tests/s3")),
    mutation("bbws-bkp-11", Deleted(WEEKLY)),
    mutation(
        "bbws-s3-18",
        Edited(
            APPLY, ' apply -input=false "tfplan-$ENVIRONMENT.binary"', ' show "tfplan-$ENVIRONMENT.binary"'
        ),
    ),
]
