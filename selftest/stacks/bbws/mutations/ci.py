"""Mutations for tests/ci."""

from selftest.mutations.edits import Deleted, Edited, Setting
from selftest.mutations.mutation import mutation

WORKFLOWS = ".github/workflows"
PLAN = f"{WORKFLOWS}/terraform-plan.yml"
APPLY = f"{WORKFLOWS}/terraform-apply.yml"
VALIDATE = f"{WORKFLOWS}/validate-schemas.yml"
UPLOADED = "      - uses: actions/upload-artifact@"
CREDENTIALS = ".github/actions/credentials/action.yml"
WEEKLY = f"{WORKFLOWS}/backup-check.yml"
GROUP = "group: terraform-${{ inputs.environment }}"
RUNS = "actions/workflows/1/runs?status=completed"
PENDING = "actions/runs/30433642/pending_deployments"
JOBS = "actions/runs/30433642/jobs"
RULES = "rules/branches/main"
_PLAN_CALLED = """    uses: ./.github/workflows/terraform-plan.yml
    with:
      environment: ${{ inputs.environment }}
"""
_INSTALLED = "    runs-on: ubuntu-latest\n    steps:\n      - run: pip install pytest\n"
_HOTFIXES = tuple(
    f"\n  hotfix:\n    runs-on: ubuntu-latest\n    timeout-minutes: 10\n    steps:\n      - {step}\n"
    for step in (
        "run: terraform -chdir=${{ github.workspace }}/terraform/bbws/s3 apply -auto-approve",
        "{uses: dflook/terraform-apply@v1, with: {path: terraform/bbws/s3, auto_approve: true}}",
    )
)
_ALONE = {"bbws-ci-07": "it runs beside others, too"}
_UNGATED = _ALONE | {
    "bbws-ci-06": "nothing is confirmed before it",
    "bbws-ci-12": "nobody is told",
    "bbws-ci-13": "nothing is tested after it",
    "bbws-ci-19": "nobody is told the address of its run",
}
_NO_NOTICE = {"bbws-ci-19": "there is no notice that could hold the address"}
_NO_CHECK = {"bbws-ci-16": "the check that a merge needs is no longer one of this workflow"}
_NO_TRIGGER = "without triggers nobody can start it with inputs either"

MUTATIONS = [
    mutation("bbws-ci-01", Deleted(VALIDATE), falls_with=_NO_CHECK),
    mutation(
        "bbws-ci-01",
        Edited(APPLY, "workflow_dispatch:", "workflow_dispatch_was:"),
        Edited(APPLY, "\non:\n", "\nwhen:\n"),
        falls_with={"bbws-ci-04": _NO_TRIGGER, "bbws-ci-05": _NO_TRIGGER},
    ),
    mutation(
        "bbws-ci-01",
        Edited(VALIDATE, "\njobs:\n", "\nwork:\n"),
        falls_with=_NO_CHECK | {"bbws-ci-14": "no job runs"},
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
    mutation("bbws-ci-04", Edited(APPLY, "errors: true", "thread: ${{ env.CONFIRMATION }}")),
    mutation(
        "bbws-ci-04",
        Edited(
            CREDENTIALS, "role-session-name: GitHubActions", "role-session-name: ${{ inputs.enviroment }}"
        ),
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
    *(
        mutation("bbws-tf-02 workflow.backend", Edited(".github/actions/terraform/action.yml", *edit))
        for edit in (
            ("backends/$ENVIRONMENT.s3", "backends/sit.s3"),
            (
                '$ENVIRONMENT.s3.tfbackend"',
                '$ENVIRONMENT.s3.tfbackend" -backend-config="bucket=bbws-terraform-state-prod"',
            ),
            ('"backends/$ENVIRONMENT.s3.tfbackend"', '"dynamodb_table=locks"'),
        )
    ),
    mutation("bbws-ci-08", Edited(PLAN, "timeout-minutes: 30", "timeout-minutes: 45")),
    mutation("bbws-ci-08", Edited(APPLY, "    timeout-minutes: 30\n", "")),
    mutation("bbws-ci-09", Edited(PLAN, "name: terraform-plan-${{ inputs.environment }}", "name: plan")),
    mutation("bbws-ci-09", Edited(PLAN, "/tfplan-${{ inputs.environment }}.binary", "/plan.binary")),
    mutation("bbws-ci-09", Edited(PLAN, '-out="tfplan-', '-out="plan-')),
    mutation("bbws-ci-09", Edited(PLAN, "actions/upload-artifact@", "actions/cache/save@")),
    mutation(
        "bbws-ci-09", Edited(PLAN, UPLOADED, f"      - run: rm -f terraform/bbws/*/*.binary\n{UPLOADED}")
    ),
    mutation("bbws-ci-09", Edited(PLAN, UPLOADED, f"      - uses: actions/checkout@v4\n{UPLOADED}")),
    mutation(
        "bbws-ci-09",
        Edited(PLAN, "with:\n          name: ter", "if: failure()\n        with:\n          name: ter"),
    ),
    mutation(
        "bbws-ci-09", Edited(PLAN, ".lock.hcl\n", ".lock.hcl\n            !terraform/bbws/*/*.binary\n")
    ),
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
    mutation("bbws-ci-10", Edited(PLAN, "    steps:\n", "    continue-on-error: true\n    steps:\n")),
    mutation(
        "bbws-ci-10",
        Edited(PLAN, "    runs-on", "    if: false\n    runs-on"),
        falls_with={"bbws-ci-09": "no run keeps a plan that it does not make"},
    ),
    mutation("bbws-ci-10", Edited(APPLY, _PLAN_CALLED, _INSTALLED), falls_with={}),
    *(
        mutation("bbws-ci-10", Edited(APPLY, "\n  verify:\n", f"{job}\n  verify:\n"), falls_with=_UNGATED)
        for job in _HOTFIXES
    ),
    mutation("bbws-ci-10", Edited(VALIDATE, "\njobs:\n", f"\njobs:{_HOTFIXES[0]}"), falls_with=_ALONE),
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
    mutation(
        "bbws-ci-12",
        Edited(APPLY, "slackapi/slack-github-action@", "actions/checkout@"),
        falls_with=_NO_NOTICE,
    ),
    mutation(
        "bbws-ci-12",
        Edited(APPLY, "    name: Tell the approvers\n", "    environment: ${{ inputs.environment }}\n"),
        falls_with=_NO_NOTICE,
    ),
    *(
        mutation("bbws-ci-12", Edited(APPLY, *edit), falls_with=_NO_NOTICE)
        for edit in (
            ("    name: Tell the approvers\n    needs: plan\n", "    needs: apply\n"),
            ("    name: Tell the approvers\n", "    if: failure()\n"),
            ("    name: Tell the approvers\n", "    if: inputs.environment == 'dev'\n"),
        )
    ),
    mutation("bbws-ci-13", Edited(APPLY, "    needs: apply\n", "    needs: plan\n")),
    *(
        mutation("bbws-ci-13", Edited(APPLY, *edit))
        for edit in (
            ("          arguments: --live\n", "          arguments: --version\n"),
            ("          arguments: --live\n", "          arguments: -q\n"),
            (
                "          environment: bbws/${{ inputs.environment }}\n          arguments",
                "          environment: bbws/dev\n          arguments",
            ),
            ("    name: Post-deployment tests\n", "    if: false\n"),
            ("    name: Post-deployment tests\n", "    if: inputs.environment == 'dev'\n"),
            ("    name: Post-deployment tests\n", "    continue-on-error: true\n"),
            (
                "      - uses: ./.github/actions/plumbline\n",
                "      - continue-on-error: true\n        uses: ./.github/actions/plumbline\n",
            ),
        )
    ),
    mutation("bbws-ci-19", Edited(APPLY, "/actions/runs/${{ github.run_id }}", "/actions")),
    mutation("bbws-ci-19", Edited(APPLY, "${{ github.server_url }}/${{ github.repository }}", "see")),
    mutation(
        "bbws-ci-13", Edited(APPLY, "      - uses: ./.github/actions/plumbline\n", "      - uses: a/b@c\n")
    ),
    mutation(
        "bbws-ci-14",
        Edited(VALIDATE, '            terraform -chdir="${file%/*}" validate\n', ""),
        Edited(VALIDATE, "./.github/actions/plumbline", "octo-org/other@v1"),
    ),
    mutation(
        "bbws-ci-14",
        Edited(
            VALIDATE,
            '            terraform -chdir="${file%/*}" validate\n',
            "            pip install pytest\n",
        ),
        Edited(VALIDATE, "./.github/actions/plumbline", "octo-org/other@v1"),
    ),
    mutation(
        "bbws-ci-14",
        Edited(VALIDATE, "terraform/bbws/*/versions.tf", "terraform/bbws/s3/versions.tf"),
        Edited(VALIDATE, "./.github/actions/plumbline", "octo-org/other@v1"),
    ),
    mutation(
        "bbws-ci-14",
        Edited(
            VALIDATE,
            '            terraform -chdir="${file%/*}" validate\n',
            '            terraform -chdir="${file%/*}" validate || true\n',
        ),
        Edited(VALIDATE, "./.github/actions/plumbline", "octo-org/other@v1"),
    ),
    *(
        mutation("bbws-ci-14", Edited(VALIDATE, "  pull_request:\n", f"  pull_request: {{{only}}}\n"))
        for only in ("paths: [docs/**]", "paths-ignore: ['**.tf']", "types: [closed]", "branches: ['!main']")
    ),
    mutation("bbws-ci-15", Edited(".pre-commit-config.yaml", "- id: yamllint", "- id: check-json")),
    mutation("bbws-ci-16", Setting(RULES, "1.type", "required_linear_history")),
    mutation("bbws-ci-16", Setting(RULES, "1.parameters.required_status_checks", [])),
    mutation("bbws-ci-16", Setting(RULES, "1.parameters.required_status_checks", [{"context": "cla"}])),
    mutation(
        "bbws-ci-17",
        Edited(PLAN, 'env: {ENVIRONMENT: "${{ inputs', 'env: {TF_LOG: DEBUG, ENVIRONMENT: "${{ inputs'),
    ),
    mutation("bbws-ci-17", Edited(VALIDATE, "- run: terraform fmt", "- run: TF_LOG=TRACE terraform fmt")),
    *(
        mutation(
            "bbws-ci-17",
            Edited(VALIDATE, "      - run: terraform fmt", f"{step}\n      - run: terraform fmt"),
        )
        for step in (
            '      - run: echo TF_LOG=DEBUG | tee -a "$GITHUB_ENV"',
            '      - run: |\n          {\n            echo "TF_LOG=DEBUG"\n          } >>"$GITHUB_ENV"',
        )
    ),
    mutation(
        "bbws-ci-17",
        Edited(VALIDATE, "permissions: {}", "permissions: {}\n\nenv:\n  TF_LOG_PROVIDER: JSON"),
    ),
    *(
        mutation(
            "bbws-ci-20 workflow-runs.failures",
            Setting(RUNS, "workflow_runs.2.conclusion", conclusion),
            only_on="live",
        )
        for conclusion in ("failure", "timed_out")
    ),
    mutation(
        "bbws-ci-20 workflow-runs.waiting",
        Setting(PENDING, "0.wait_timer_started_at", "2024-01-01T00:00:00Z"),
        only_on="live",
    ),
    mutation(
        "bbws-ci-20 workflow-runs.waiting",
        Setting(PENDING, "0.wait_timer_started_at", None),
        Setting(JOBS, "jobs.0.created_at", "2024-01-01T00:00:00Z"),
        only_on="live",
    ),
    mutation("bbws-bkp-11", Edited(WEEKLY, '"0 5 * * 1"', '"0 5 1 * *"')),
    mutation("bbws-bkp-11", Edited(WEEKLY, "--live tests/backup", "--live tests/s3")),
    mutation("bbws-bkp-11", Deleted(WEEKLY)),
    mutation("bbws-bkp-11", Edited(WEEKLY, "    runs-on", "    if: false\n    runs-on")),
    mutation("bbws-bkp-11", Edited(WEEKLY, "    runs-on", "    continue-on-error: true\n    runs-on")),
    mutation("bbws-bkp-11", Edited(WEEKLY, "--live tests/backup", "tests/backup")),
    mutation(
        "bbws-s3-18", Edited(APPLY, "terraform/bbws/*/versions.tf", "terraform/bbws/dynamodb/versions.tf")
    ),
    mutation(
        "bbws-s3-18",
        Edited(
            APPLY, ' apply -input=false "tfplan-$ENVIRONMENT.binary"', ' show "tfplan-$ENVIRONMENT.binary"'
        ),
    ),
]
