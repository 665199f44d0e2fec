"""What is said of a deployment is what GitHub would do: each case changes one thing of a right workflow."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from plumbline.github.checkout import Checkout
from plumbline.github.scripts import Scripts
from plumbline.github.shell.script import Settings, outcome
from plumbline.kinds.workflow import Work
from plumbline.values.unknown import ReadError, Undetermined, Unexamined
from selftest.github.deployment import APPLY, DEPLOYMENT, workflow

OPEN = "open"
"""The verdict of a sentence that cannot be decided."""
RUN_PLAN = "run: terraform -chdir=terraform/s3 plan -out=tfplan"
RUN_APPLY = "run: terraform -chdir=terraform/s3 apply tfplan"
TESTS = "run: python -m pytest --env ${{ inputs.environment }} --live"


def value(read: Any, field: str) -> Any:
    """Return the value of a field, or that it is open."""
    try:
        found = getattr(read, field)
        return OPEN if isinstance(found, Unexamined) else found
    except Undetermined:
        return OPEN


def changed(*changes: tuple[str, str]) -> str:
    """Return the deployment with the first occurrence of each text replaced."""
    written = DEPLOYMENT
    for old, new in changes:
        assert old in written, old
        written = written.replace(old, new, 1)
    return written


def script(*lines: str) -> str:
    """Return a step's script of several lines."""
    return "run: |\n" + "\n".join(f"          {line}" for line in lines)


def job(name: str, *lines: str) -> str:
    """Return one job more, of these lines."""
    return f"  {name}:\n    runs-on: ubuntu-latest\n" + "".join(f"    {line}\n" for line in lines)


def test_the_deployment_is_right(tmp_path: Path) -> None:
    read = workflow(tmp_path, DEPLOYMENT)
    assert read.apply_environments == ["${{ inputs.environment }}"]
    assert read.confirmation == "deploy-${{ inputs.environment }}"
    assert read.checked_before_apply
    assert read.tested_after_apply
    assert read.notified_channels == ["deployments"]


UNGATED = {
    "plain": "- run: terraform apply -auto-approve",
    "-chdir of an expression": "- run: terraform -chdir=${{ github.workspace }}/terraform/s3 apply",
    "-chdir of env": "- {env: {TF_DIR: x}, run: 'terraform -chdir=${{ env.TF_DIR }} apply'}",
    "two options": "- run: terraform -chdir=terraform/s3 -no-color apply",
    "a variable": "- run: TF=terraform; $TF apply",
    "a variable of env": "- {env: {TF: terraform -chdir=x}, run: '${TF} apply -auto-approve'}",
    "a command in a variable": "- {env: {WHAT: apply}, run: 'terraform \"$WHAT\"'}",
    "bash -c": "- run: bash -c 'cd terraform/s3 && terraform apply -auto-approve'",
    "sh -ec": '- run: sh -ec "terraform apply -auto-approve"',
    "sudo": "- run: sudo -E terraform apply",
    "env": "- run: env TF_LOG=info terraform apply",
    "prefix": "- run: TF_VAR_x=1 terraform apply",
    "time": "- run: time terraform apply",
    "timeout": "- run: timeout -k 5 20m terraform apply",
    "xargs": "- run: ls terraform | xargs -n1 -I{} terraform -chdir={} apply",
    "by another tool's version": "- run: asdf exec terraform apply -auto-approve",
    "in a version": "- run: terraform-1.6.2 apply",
    "in a version, by its path": "- run: ./bin/terraform_1.6.2 apply -auto-approve",
    "of nixpkgs": "- run: nix run nixpkgs#terraform -- apply -auto-approve",
    "find": r"- run: find . -name '*.tf' -execdir terraform apply \;",
    "find in the folder terraform": "- run: find terraform -name main.tf -execdir terraform apply \\;",
    "an alias": "- run: |\n          alias tf=terraform\n          tf apply",
    "at the end": "- run: |\n          trap 'terraform apply -auto-approve' EXIT\n          echo hi",
    "heredoc piped": "- run: |\n          cat <<'EOF' | bash\n          terraform apply\n          EOF",
    "heredoc with -s": "- run: |\n          bash -s -- x <<'EOF'\n          terraform apply\n          EOF",
    "cdktf-cli": "- run: npx --yes cdktf-cli@0.20 deploy --auto-approve",
    "atmos": "- run: atmos terraform deploy s3 -s sit",
    "spacectl": "- run: spacectl stack deploy --id s3",
    "subshell": "- run: (cd terraform/s3; terraform apply)",
    "substitution": '- run: echo "$(terraform apply -auto-approve)"',
    "in a condition": "- run: if terraform apply; then echo yes; fi",
    "piped": "- run: yes yes | terraform apply | tee log",
    "background": "- run: terraform apply & wait",
    "after ||": "- run: test -f plan || terraform apply",
    "function": '- run: |\n          deploy() { terraform "$1" tfplan; }\n          deploy apply',
    "eval": '- run: eval "terraform apply"',
    "heredoc for a shell": "- run: |\n          bash <<'EOF'\n          terraform apply\n          EOF",
    "line continued": "- run: |\n          terraform \\\n            -chdir=x \\\n            apply",
    "tofu": "- run: tofu apply",
    "terragrunt": "- run: terragrunt run-all apply --terragrunt-non-interactive",
    "terragrunt run": "- run: terragrunt run --all apply",
    "cdktf": "- run: npx cdktf deploy --auto-approve",
    "pulumi": "- run: pulumi up --yes",
    "destroy": "- run: terraform destroy -auto-approve",
    "instead of a shell": "- {shell: 'terraform -chdir=terraform/s3 apply {0}', run: x}",
    "container": "- run: docker run --rm -v $PWD:/w hashicorp/terraform:1.6 -chdir=/w apply",
    "full path": "- run: /usr/local/bin/terraform apply",
    "make": "- run: make apply",
    "make -C": "- run: make -C infra deploy ENV=dev",
    "npm": "- run: npm run infra",
    "script": "- run: ./scripts/deploy.sh",
    "script by bash": "- run: bash scripts/deploy.sh prod",
    "script sourced": "- run: source scripts/deploy.sh",
    "script by folder": "- {working-directory: scripts, run: ./deploy.sh}",
    "action": "- {uses: dflook/terraform-apply@v1, with: {path: terraform/s3, auto_approve: true}}",
    "action of HCP": "- uses: hashicorp/tfc-workflows-github/actions/apply-run@v1.3.0",
    "action told to": "- {uses: gruntwork-io/terragrunt-action@v2, with: {tg_command: apply}}",
    "tried again": "- {uses: nick-fields/retry@v3, with: {command: terraform apply, max_attempts: 3}}",
    "composite action": "- uses: ./.github/actions/apply",
    "composite action that is told": "- {uses: ./.github/actions/terraform, with: {command: apply}}",
    "checked out to a folder": "- {uses: actions/checkout@v4, with: {path: src}}\n"
    "      - run: ./src/scripts/deploy.sh",
    "checked out to a hidden folder": "- {uses: actions/checkout@v4, with: {path: .src/it}}\n"
    "      - run: ./.src/it/scripts/deploy.sh",
    "made in a folder of the checkout": "- {uses: actions/checkout@v4, with: {path: ./src}}\n"
    "      - run: make -C src/infra deploy",
    "a target by a pattern": "- run: make -C pattern release-prod",
    "a target that is included": "- run: make -C pattern ship",
    "a target of a list": "- run: make -C pattern go-b",
    "a target in a condition of make": "- run: make -C pattern perhaps",
    "a target in one shell": "- run: make -C one all",
    "npm elsewhere": "- run: npm --prefix web run infra",
    "pnpm elsewhere": "- run: pnpm -C web infra",
    "npm of a workspace": "- run: npm run infra -w web",
    "npm that is told": "- run: npm run tf -- apply -auto-approve",
    "behind a script of npm": "- run: npm run after",
    "several scripts of npm": "- run: npm run both",
    "cat piped": "- run: cat scripts/deploy.sh | bash",
    "read from a file": "- run: bash < scripts/deploy.sh",
    "a here-string for a shell": "- run: bash <<< 'terraform apply'",
    "a variable in a here-string": '- {env: {DO: terraform apply}, run: sh -e <<<"$DO"}',
    "decoded and piped": "- run: echo dGVycmFmb3JtIGFwcGx5 | base64 -d | sh",
    "piped through tr": "- run: printf 'TERRAFORM APPLY' | tr A-Z a-z | bash",
    "as arguments": '- run: |\n          set -- terraform apply\n          "$@"',
    "as arguments, after others": "- run: ./scripts/tool.sh terraform/s3 apply",
    "split at commas": "- {env: {DO: 'terraform,apply'}, run: 'IFS=,; $DO'}",
    "put together": "- run: |\n          it=terraform\n          it+=' apply'\n          $it -auto-approve",
    "in a line of cmd that goes on": '- {shell: cmd, run: "terraform ^\\n  apply"}',
    "in escapes": "- run: terraform $'\\x61pply'",
    "on the path": '- run: |\n          export PATH="$PWD/bin:$PATH"\n          ship',
    "on the path of later steps": '- run: echo "$PWD/bin" >> "$GITHUB_PATH"\n      - run: ship',
}
MORE = {
    "Makefile": "TF ?= terraform\nDIR = terraform/s3\n\napply: init\n\t@$(TF) -chdir=$(DIR) apply\n\n"
    "init:\n\t$(TF) init\n",
    "infra/Makefile": "deploy:\n\tterraform apply -var env=$(ENV)\n",
    "package.json": '{"scripts": {"infra": "cd terraform/s3 && terraform apply", "tf": "terraform",'
    '"after": "echo", "postafter": "terraform apply", "both": "run-s tidy infra", "tidy": "rm -f tfplan"}}',
    "web/package.json": '{"scripts": {"infra": "terraform apply"}}',
    "pattern/Makefile": "include mk/*.mk\nENVS = a b\nrelease-%:\n\tterraform -chdir=$* apply\n"
    "$(ENVS:%=go-%): ; terraform apply $@\nperhaps:\nifdef CI\n\tterraform apply\nendif\n",
    "pattern/mk/ship.mk": "ship:\n\tterraform apply\n",
    "one/Makefile": ".ONESHELL:\n.RECIPEPREFIX = >\nall:\n> cd x\n> terraform apply\n",
    "bin/ship": "#!/usr/bin/env bash\nterraform apply\n",
    "scripts/quiet.sh": '#!/bin/sh\nif [ "$1" = --quiet ]; then shift; fi\nterraform "$@"\n',
    "scripts/tool.sh": '#!/bin/sh -e\ncd "$1"\nshift\nterraform "$@"\n',
    "scripts/tell.py": "print('done')\n",
    "scripts/deploy-site.sh": "#!/bin/sh\nrsync -a site host:site\n",
    "scripts/deploy.sh": '#!/usr/bin/env bash\nset -euo pipefail\ncd "$(dirname "$0")/.."\nterraform apply\n',
    ".github/actions/apply/action.yml": "runs:\n  using: composite\n  steps:\n"
    "    - {shell: bash, run: terraform apply}\n",
    ".github/actions/terraform/action.yml": "inputs: {command: {required: true}}\nruns:\n  using: composite\n"
    "  steps:\n    - {shell: bash, run: 'terraform ${{ inputs.command }}'}\n",
}


@pytest.mark.parametrize("step", UNGATED.values(), ids=UNGATED)
def test_an_apply_around_the_gate_is_found(tmp_path: Path, step: str) -> None:
    read = workflow(tmp_path, DEPLOYMENT + job("hotfix", "steps:", f"  {step}"), **MORE)
    assert value(read, "apply_environments") == ["", "${{ inputs.environment }}"]
    assert value(read, "checked_before_apply") is False
    assert read.confirmation is None
    assert value(read, "tested_after_apply") is False


ANY = "contains(needs.*.result, 'success')"
"""True where some job succeeded, whatever the others came to."""


@pytest.mark.parametrize("condition", [ANY, f"!{ANY}", "join(needs.*.result, ',') == 'success,success'"])
def test_an_apply_that_hangs_on_the_results_of_all_jobs_is_found(tmp_path: Path, condition: str) -> None:
    lines = ("needs: [plan, confirm]", f"if: always() && {condition}", "steps: [{run: terraform apply}]")
    read = workflow(tmp_path, DEPLOYMENT + job("hotfix", *lines))
    assert "" in value(read, "apply_environments")


ORDERS = {
    "a here-string": "bash <<< 'terraform apply one'",
    "a here-string with options": 'DO=\'terraform apply "a b"\'; sh -e <<<"$DO"',
    "decoded": "echo dGVycmFmb3JtIGFwcGx5 | base64 -d | sh",
    "turned round": "echo ylppa mrofarret | rev | bash -s",
    "set": "set -eu -- terraform apply 'a b'; \"$@\"",
    "shifted": 'set -- a b terraform apply; shift 2; "$@"',
    "shifted in a function": 'f() { shift; terraform "$@"; }; f x apply',
    "put together": "it=terraform; it+=' apply'; it+=\" $it\"; $it",
    "behind a blank": 'it=apply; bash -c "terraform"" $it"; sh -c " terraform ${it}"',
    "separated": "IFS=,; it='terraform,apply,a b'; $it",
    "not separated": "IFS=; it='a b'; terraform apply $it",
    "escaped": r"terraform $'\x61\160\u0070ly' $'a\tb\'c'",
    "behind an exit in the background": "exit 1 & terraform apply",
    "behind an exit in a pipe": "exit 1 | cat; terraform apply",
    "behind an exit in the background of a branch": "if true; then exit 1 & fi; terraform apply",
    "behind an exit": "if true; then exit 1; fi; terraform apply",
}


@pytest.mark.parametrize("line", ORDERS.values(), ids=ORDERS)
def test_terraform_is_told_what_bash_tells_it(tmp_path: Path, line: str) -> None:
    told = tmp_path / "told"
    stand_in = tmp_path / "terraform"
    stand_in.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" END >> {told}\n")
    stand_in.chmod(0o755)
    path = f"{tmp_path}:/usr/bin:/bin"
    subprocess.run(["bash", "-e", "-c", line], env={"PATH": path}, timeout=20, check=False)
    ran = told.read_text().split("END\n")[:-1] if told.exists() else []
    scripts = Scripts(Checkout(tmp_path / "nothing"))
    found = outcome(line, Settings(follow=scripts.followed)).commands
    words = [it.words[1:] for it in found if it.words[0] == "terraform"]
    assert ["".join(f"{it}\n" for it in given) for given in words] == ran


UNREAD = {
    "a program instead of a shell": "- {shell: 'python3.11 {0}', run: 'call([\"terraform\", \"apply\"])'}",
    "an action by its name": "- uses: octo-org/deploy-infrastructure@v1",
    "an action that applies, perhaps": "- uses: hashicorp/tfc-workflows-github/actions/create-run@v1",
    "a script that is not there": "- run: ./scripts/deploy-all.sh",
    "a target that is not there": "- run: make deploy",
    "a program in Python": "- {shell: python, run: \"import os; os.system('terraform apply')\"}",
    "a variable that nobody knows": "- run: $TF apply",
    "a subcommand that nobody knows": "- run: terraform ${{ vars.COMMAND }}",
    "a shell of find": "- run: find . -execdir sh -c 'terraform apply -auto-approve' \\;",
    "a shell in a container": "- run: docker run --entrypoint sh x/terraform:1.6 -c 'terraform apply'",
    "as somebody": "- run: su ci -c 'terraform apply -auto-approve'",
    "recorded": "- run: script -q -c 'terraform apply' /dev/null",
    "env -S": "- run: env -S 'terraform apply -auto-approve'",
    "Start-Process": '- {shell: pwsh, run: \'Start-Process terraform -ArgumentList "apply","-json"\'}',
    "a task": "- run: task up",
    "a task of a tool that npx starts": "- run: npx nx run infra:up",
    "a task of somebody's": "- run: uv run poe ship",
    "a script of a package that cannot be read": "- run: npm --prefix deep run ship",
    "a program of a project": "- run: poetry run deploy prod",
    "a file in Python": "- run: python scripts/release.py sit",
    "a program in Python of its own": "- run: ./scripts/release.py",
    "a target that a variable names": "- run: make ship-$ENV",
    "given to Python": "- run: |\n          python3 - <<E\n          run('terraform apply')\n          E",
    "given to another host": "- run: |\n          ssh ci@host <<'E'\n          terraform apply\n          E",
    "a file given to another host": "- run: ssh ci@host 'bash -s' < scripts/release.sh",
    "a service of compose": "- run: docker compose run --rm tf apply -auto-approve",
    "PowerShell": "- {shell: pwsh, run: \"$a = @('apply')\\nterraform apply @a\"}",
    "Digger": "- uses: diggerhq/digger@v0.6",
    "handed on by xargs": "- run: echo apply | xargs terraform",
    "put in by xargs": "- run: printf apply | xargs -I{} terraform {} -auto-approve",
    "a target of earthly": "- run: earthly +apply",
    "a target of bazel": "- run: bazel run //infra:apply",
    "a task of gradle": "- run: ./gradlew :infra:tfApply",
    "a book of ansible": "- run: ansible-playbook infra/apply.yml -i sit",
    "a program that is told": "- run: ./infra/run.sh deploy",
    "a script written by echo": "- run: |\n          echo 'terraform apply' > go.sh\n          bash go.sh",
    "a script written": "- run: |\n          cat > go.sh <<'EOF'\n          terraform apply\n          EOF\n"
    "          ./go.sh",
    "a script written by tee": "- run: |\n          tee go.sh <<'E'\n          terraform apply\n          E",
    "an action in JavaScript": "- uses: ./.github/actions/release",
    "an action that is not there": "- uses: ./.github/actions/gone",
    "in another place": "- {uses: appleboy/ssh-action@v1, with: {script: cd x && terraform apply}}",
    "two variables that nobody knows": "- run: |\n          read -r one other < told\n          $one $other",
    "in a shell of its own": "- {shell: \"bash -c 'terraform apply' {0}\", run: x}",
    "piped from somewhere": "- run: jq -r .script release.json | bash",
    "fetched and piped": "- run: curl -fsS https://example.com/deploy.sh | bash",
    "piped to Python": "- run: echo 'run(\"terraform apply\")' | python3",
    "later": "- run: echo 'terraform apply' | at now",
    "given to make": "- run: |\n          make -f - <<'E'\n          all: ; terraform apply\n          E",
    "by awk": "- run: awk 'BEGIN { system(\"terraform apply\") }'",
    "by an alias of Git": "- run: git -c alias.x='!terraform apply' x",
    "in each module of Git": "- run: git submodule foreach 'terraform apply -auto-approve'",
    "by AWS CodeBuild": "- run: aws codebuild start-build --project-name bbws-terraform-apply",
    "a program of the project that is told": "- run: uv run terraform-wrapper apply",
    "a module of Python that is told": "- run: python -m infra apply",
    "arguments that a loop takes away": "- run: ./scripts/options.sh --quiet apply",
    "the API of HCP Terraform": "- run: curl -X POST https://app.terraform.io/api/v2/runs -d @run.json",
}


@pytest.mark.parametrize("step", UNREAD.values(), ids=UNREAD)
def test_what_may_apply_and_cannot_be_read_is_undetermined(tmp_path: Path, step: str) -> None:
    unread = {
        ".github/actions/release/action.yml": "runs: {using: node20, main: index.js}\n",
        "scripts/release.py": "#!/usr/bin/env python3\nsubprocess.run(['terraform', 'apply'], check=True)\n",
        "scripts/release.sh": "terraform apply\n",
        "scripts/options.sh": '#!/bin/sh\nwhile [ $# -gt 1 ]; do shift; done\nterraform "$@"\n',
        "deep/package.json": '{"scripts": {"ship": "terraform apply"}, "x": ' + "[" * 9999 + "]" * 9999 + "}",
        "Makefile": "ship-a ship-b:\n\tterraform apply\n",
    }
    read = workflow(tmp_path, DEPLOYMENT + job("hotfix", "steps:", f"  {step}"), **unread)
    assert value(read, "apply_environments") == OPEN
    assert value(read, "checked_before_apply") == OPEN


@pytest.mark.parametrize("name", ["terraform-apply", "main"])
def test_a_workflow_elsewhere_may_deploy_whatever_its_name(tmp_path: Path, name: str) -> None:
    called = f"  hotfix: {{uses: octo-org/shared/.github/workflows/{name}.yml@v1}}\n"
    assert value(workflow(tmp_path, DEPLOYMENT + called), "checked_before_apply") == OPEN


NO_APPLY = {
    "printed": "- run: echo terraform apply",
    "printed to the summary": '- run: echo "now terraform apply runs" >> "$GITHUB_STEP_SUMMARY"',
    "a heredoc": "- run: |\n          cat >> $SUMMARY <<EOF\n          terraform apply\n          EOF",
    "a comment": "- run: |\n          # terraform apply\n          terraform fmt  # not terraform apply",
    "another program's text": '- run: git commit -m "terraform apply" --allow-empty',
    "searched for": "- run: grep -r 'terraform apply' docs",
    "a message": "- run: curl -d 'terraform apply is done' https://example.com",
    "a folder": "- run: tfsec terraform/apply",
    "told instead of run": "- {shell: 'echo {0}', run: terraform fmt}",
    "written into a page": "- run: echo 'terraform apply' > notes.md",
    "a trap that removes": "- run: trap 'rm -f tfplan' EXIT",
    "linted by a task": "- run: task lint",
    "a file in Python": "- run: python scripts/tell.py sit",
    "packages": "- run: npm ci && npm audit",
    "checked out to a folder": "- {uses: actions/checkout@v4, with: {path: src}}\n"
    "      - run: ./src/scripts/deploy-site.sh",
    "its help": "- run: terraform apply -help",
    "a plan to destroy": "- run: terraform plan -destroy",
    "output": "- run: terraform output -json apply",
    "installed": "- uses: hashicorp/setup-terraform@v3",
    "only planned": "- {uses: dflook/terraform-plan@v1, with: {path: x}}",
    "linted": "- uses: terraform-linters/setup-tflint@v4",
    "a job that never starts": "- {if: false, run: terraform apply}",
    "a command that never comes": "- run: |\n          exit 0\n          terraform apply",
    "a branch that is not taken": "- run: if [ dev = prod ]; then terraform apply; fi",
    "a script without it": "- run: ./scripts/upload-templates.sh",
    "a script that deploys by its name alone": "- run: ./scripts/deploy-site.sh",
    "a site": "- uses: actions/deploy-pages@v4",
    "installed by a pipe": "- run: curl -fsSL https://example.com/install.sh | sh -s -- -b /usr/local/bin",
    "printed by a pipe": "- run: echo 'terraform apply' | tee notes.md",
    "columns": "- run: terraform output -json | awk '{print $1}'",
    "a manifest": "- run: kubectl apply -f site.yaml",
    "a patch": "- run: git apply terraform/x.patch",
    "a build": "- run: aws codebuild start-build --project-name site",
    "ended in the background": "- run: |\n          exit 0 &\n          wait",
}


@pytest.mark.parametrize("step", NO_APPLY.values(), ids=NO_APPLY)
def test_what_is_no_apply_needs_no_gate(tmp_path: Path, step: str) -> None:
    read = workflow(tmp_path, DEPLOYMENT + job("other", "steps:", f"  {step}"), **MORE)
    assert value(read, "apply_environments") == ["${{ inputs.environment }}"]
    assert value(read, "checked_before_apply") is True
    assert read.confirmation == "deploy-${{ inputs.environment }}"


SOFT = "continue-on-error: ${{{{ matrix.soft }}}}\n    strategy: {{matrix: {{soft: {}}}}}"
PLANS: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "|| true": (False, [(RUN_PLAN, f"{RUN_PLAN} || true")]),
    "|| :": (False, [(RUN_PLAN, script(f"{RUN_PLAN[5:]} || :"))]),
    "|| echo": (False, [(RUN_PLAN, f"{RUN_PLAN} || echo failed")]),
    "; true": (False, [(RUN_PLAN, script("set +e", RUN_PLAN[5:], "true"))]),
    "set +e": (False, [(RUN_PLAN, script("set +e", RUN_PLAN[5:], "echo done"))]),
    "set +e at the end": (True, [(RUN_PLAN, script("set +e", "echo start", RUN_PLAN[5:]))]),
    "piped without pipefail": (False, [(RUN_PLAN, f"{RUN_PLAN} | tee plan.txt")]),
    "piped in bash": (True, [(RUN_PLAN, f"shell: bash\n        {RUN_PLAN} | tee plan.txt")]),
    "piped with pipefail": (True, [(RUN_PLAN, script("set -o pipefail", f"{RUN_PLAN[5:]} | tee plan.txt"))]),
    "a shell without -e": (
        False,
        [(RUN_PLAN, "shell: bash {0}\n        " + script(RUN_PLAN[5:], "echo done"))],
    ),
    "told by another program": (OPEN, [(RUN_PLAN, f"shell: cat {{0}}\n        {RUN_PLAN}")]),
    "of a shell that parses it": (OPEN, [(RUN_PLAN, f"shell: bash -n {{0}}\n        {RUN_PLAN}")]),
    "of a shell in a wrapper": (
        True,
        [(RUN_PLAN, f"shell: nix develop -c bash -e {{0}}\n        {RUN_PLAN}")],
    ),
    "in the background": (False, [(RUN_PLAN, f"{RUN_PLAN} &")]),
    "in the background, and waited for": (True, [(RUN_PLAN, script(f"{RUN_PLAN[5:]} &", "wait $!"))]),
    "in the background, and whatever becomes of it": (
        False,
        [(RUN_PLAN, script(f"{RUN_PLAN[5:]} &", "wait"))],
    ),
    "exit 0": (False, [(RUN_PLAN, script("trap 'exit 0' ERR", f"{RUN_PLAN[5:]} || exit 0"))]),
    "-detailed-exitcode in an output": (
        OPEN,
        [
            (
                RUN_PLAN,
                script("set +e", f"{RUN_PLAN[5:]} -detailed-exitcode", 'echo "code=$?" >>"$GITHUB_OUTPUT"'),
            ),
            ("  apply:\n", "  apply:\n    if: needs.plan.outputs.code == '2'\n"),
        ],
    ),
    "a plan that cannot be read": (OPEN, [(RUN_PLAN, "run: make plan-all")]),
    "a plan by an action of its own": (OPEN, [(RUN_PLAN, "uses: ./.github/actions/plan")]),
    "|| exit 1": (True, [(RUN_PLAN, f"{RUN_PLAN} || exit 1")]),
    "|| { exit 1; }": (True, [(RUN_PLAN, f"{RUN_PLAN} || {{ echo no; exit 1; }}")]),
    "its status kept": (
        True,
        [(RUN_PLAN, script("set +e", RUN_PLAN[5:], "code=$?", "set -e", 'exit "$code"'))],
    ),
    "-detailed-exitcode": (
        True,
        [
            (
                RUN_PLAN,
                script(
                    f"{RUN_PLAN[5:]} -detailed-exitcode || code=$?",
                    "if [ ${code:-0} -eq 1 ]; then exit 1; fi",
                ),
            )
        ],
    ),
    "if not": (True, [(RUN_PLAN, script(f"if ! {RUN_PLAN[5:]}; then exit 1; fi"))]),
    "if, and nothing": (False, [(RUN_PLAN, script(f"if {RUN_PLAN[5:]}; then echo ok; fi"))]),
    "step may fail": (False, [(RUN_PLAN, f"continue-on-error: true\n        {RUN_PLAN}")]),
    "step may fail by an expression": (
        False,
        [(RUN_PLAN, f"continue-on-error: ${{{{ true }}}}\n        {RUN_PLAN}")],
    ),
    "job may fail": (False, [("  plan:\n", "  plan:\n    continue-on-error: true\n")]),
    "each turn may fail": (False, [("  plan:\n", f"  plan:\n    {SOFT.format('[true]')}\n")]),
    "no turn may fail": (True, [("  plan:\n", f"  plan:\n    {SOFT.format('[false]')}\n")]),
    "one turn may fail": (True, [("  plan:\n", f"  plan:\n    {SOFT.format('[true, false]')}\n")]),
    "job may fail, perhaps": (
        OPEN,
        [("  plan:\n", "  plan:\n    continue-on-error: ${{ vars.SOFT == 'x' }}\n")],
    ),
    "step may fail, perhaps": (
        OPEN,
        [(RUN_PLAN, f"continue-on-error: ${{{{ fromJSON(vars.SOFT) }}}}\n        {RUN_PLAN}")],
    ),
    "a trap ends it well": (False, [(RUN_PLAN, script("trap 'exit 0' EXIT", RUN_PLAN[5:]))]),
    "a trap at errors": (OPEN, [(RUN_PLAN, script("trap 'exit 0' ERR", RUN_PLAN[5:]))]),
    "a trap keeps its status": (
        True,
        [(RUN_PLAN, script("""trap 'code=$?; rm -f tfplan; exit "$code"' EXIT""", RUN_PLAN[5:]))],
    ),
    "a trap tidies": (True, [(RUN_PLAN, script("trap 'rm -rf x' EXIT ERR", RUN_PLAN[5:]))]),
    "step never runs": (False, [(RUN_PLAN, f"if: false\n        {RUN_PLAN}")]),
    "step runs for dev": (False, [(RUN_PLAN, f"if: inputs.environment == 'dev'\n        {RUN_PLAN}")]),
    "job never runs, apply with it": (OPEN, [("  plan:\n", "  plan:\n    if: false\n")]),
    "job never runs, apply always": (
        False,
        [("  plan:\n", "  plan:\n    if: false\n"), ("  apply:\n", "  apply:\n    if: always()\n")],
    ),
    "apply always": (False, [("  apply:\n", "  apply:\n    if: always()\n")]),
    "apply unless cancelled": (False, [("  apply:\n", "  apply:\n    if: ${{ !cancelled() }}\n")]),
    "apply on failure": (False, [("  apply:\n", "  apply:\n    if: failure()\n")]),
    "apply after success": (
        True,
        [("  apply:\n", "  apply:\n    if: success() && inputs.environment != ''\n")],
    ),
    "apply by the result": (
        True,
        [("  apply:\n", "  apply:\n    if: ${{ always() && needs.plan.result == 'success' }}\n")],
    ),
    "apply by another result": (
        False,
        [("  apply:\n", "  apply:\n    if: ${{ always() && needs.plan.result != 'cancelled' }}\n")],
    ),
    "needs nothing": (False, [("  apply:\n    needs: plan\n", "  apply:\n")]),
    "needs a job that installs": (False, [(RUN_PLAN, "run: pip install pytest")]),
    "needs a job that prints": (False, [(RUN_PLAN, "run: echo terraform plan")]),
    "the version of pytest": (False, [(RUN_PLAN, "run: pytest --version")]),
    "tests, but for all": (OPEN, [(RUN_PLAN, "run: pytest --ignore=tests")]),
    "tests, for the worst alone": (OPEN, [(RUN_PLAN, "run: pytest --fail-on=P1")]),
    "validated": (True, [(RUN_PLAN, "run: terraform -chdir=terraform/s3 validate")]),
    "tested": (True, [(RUN_PLAN, "run: pytest -m static")]),
    "planned by an action": (True, [(RUN_PLAN, "uses: dflook/terraform-plan@v1")]),
    "planned by make": (True, [(RUN_PLAN, "run: make plan")]),
    "planned by make, which ignores": (False, [(RUN_PLAN, "run: make plan-anyway")]),
    "planned by make, which is told to ignore": (False, [(RUN_PLAN, "run: make -i plan")]),
    "planned by make in a line that goes on": (False, [(RUN_PLAN, "run: make plan-and-tell")]),
    "planned by make in a shell with -e": (True, [(RUN_PLAN, "run: make -f strict.mk")]),
    "planned by make in one shell": (False, [(RUN_PLAN, "run: make -f one.mk")]),
    "planned by a script with -e in its first line": (True, [(RUN_PLAN, "run: ./plan.sh")]),
    "planned by a script whose first line is a comment": (False, [(RUN_PLAN, "run: bash plan.sh")]),
    "planned in its own job alone": (
        False,
        [
            ("  apply:\n    needs: plan\n", "  apply:\n    needs: confirm\n"),
            (RUN_APPLY, f"{RUN_PLAN}\n      - {RUN_APPLY}"),
        ],
    ),
    "far ancestor": (True, [("  apply:\n    needs: plan\n", "  apply:\n    needs: notify\n")]),
    "all needed jobs": (True, [("  apply:\n    needs: plan\n", "  apply:\n    needs: [confirm, plan]\n")]),
    "extra text around an expression": (
        True,
        [("  apply:\n", "  apply:\n    if: ${{ inputs.environment == 'dev' }} || false\n")],
    ),
}
MAKEFILE = {
    "Makefile": "plan:\n\tterraform plan\n\nplan-anyway:\n\t-terraform plan\n"
    "plan-and-tell:\n\tterraform plan; echo planned\n",
    "strict.mk": "SHELL = /bin/bash\n.SHELLFLAGS = -euo pipefail -c\n"
    "all:\n\tterraform plan | tee log; echo planned\n",
    "one.mk": ".ONESHELL:\nall:\n\tterraform plan\n\techo planned\n",
    "plan.sh": "#!/bin/bash -e\nterraform plan\necho planned\n",
}


@pytest.mark.parametrize(("right", "changes"), PLANS.values(), ids=PLANS)
def test_an_apply_waits_for_a_plan_that_can_fail(
    tmp_path: Path, right: Any, changes: list[tuple[str, str]]
) -> None:
    assert value(workflow(tmp_path, changed(*changes), **MAKEFILE), "checked_before_apply") == right


ACTION = "uses: o/plumbline/.github/actions/plumbline@v1\n        with: "
OF_ENVIRONMENT = "{environment: '${{ inputs.environment }}'"
AFTER: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "its version": (False, [(TESTS, "run: pytest --version")]),
    "offline": (False, [(TESTS, "run: pytest --env ${{ inputs.environment }}")]),
    "collected only": (False, [(TESTS, f"{TESTS} --collect-only")]),
    "|| true": (False, [(TESTS, f"{TESTS} || true")]),
    "piped": (False, [(TESTS, f"{TESTS} | tee log")]),
    "continue-on-error": (False, [(TESTS, f"continue-on-error: true\n        {TESTS}")]),
    "each turn may fail": (False, [("  verify:\n", f"  verify:\n    {SOFT.format('[true]')}\n")]),
    "a trap ends it well": (False, [(TESTS, script("trap 'exit 0' EXIT", TESTS[5:]))]),
    "a trap at errors": (OPEN, [(TESTS, script("trap 'exit 0' ERR", TESTS[5:]))]),
    "job may fail": (False, [("  verify:\n", "  verify:\n    continue-on-error: true\n")]),
    "step never": (False, [(TESTS, f"if: false\n        {TESTS}")]),
    "job never": (False, [("  verify:\n", "  verify:\n    if: ${{ false }}\n")]),
    "dev alone": (False, [("  verify:\n", "  verify:\n    if: inputs.environment == 'dev'\n")]),
    "all but prod": (False, [(TESTS, f"if: inputs.environment != 'prod'\n        {TESTS}")]),
    "on failure": (False, [("  verify:\n", "  verify:\n    if: failure()\n")]),
    "on main alone": (False, [("  verify:\n", "  verify:\n    if: github.ref == 'refs/heads/main'\n")]),
    "always": (True, [("  verify:\n", "  verify:\n    if: always()\n")]),
    "by the result": (
        True,
        [("  verify:\n", "  verify:\n    if: ${{ !cancelled() && needs.apply.result == 'success' }}\n")],
    ),
    "by a variable of the repository": (
        OPEN,
        [("  verify:\n", "  verify:\n    if: vars.VERIFY == 'true'\n")],
    ),
    "not after": (False, [("    needs: apply\n", "    needs: plan\n")]),
    "of another environment": (False, [(TESTS, "run: pytest --env dev --live")]),
    "of every environment": (True, [(TESTS, "run: pytest --live")]),
    "in a container": (
        True,
        [(TESTS, "run: docker run --rm -v $PWD:/w tests pytest --live --env ${{ inputs.environment }}")],
    ),
    "offline in a container": (
        False,
        [(TESTS, "run: docker compose run --rm tests pytest --env ${{ inputs.environment }}")],
    ),
    "in PowerShell": (OPEN, [(TESTS, f"shell: pwsh\n        {TESTS}; if ($env:X) {{ exit 0 }}")]),
    "by make, which goes on": (False, [(TESTS, "run: make verify ENV=${{ inputs.environment }}")]),
    "plumbline": (True, [(TESTS, "run: plumbline --live --env ${{ inputs.environment }}")]),
    "uv": (True, [(TESTS, "run: uv run pytest --live --env=${{ inputs.environment }}")]),
    "by env": (
        True,
        [(TESTS, "env: {E: '${{ inputs.environment }}'}\n        run: pytest --live \"--env=bbws/$E\"")],
    ),
    "static marks": (False, [(TESTS, f"{TESTS} -m static")]),
    "static marks with =": (False, [(TESTS, f"{TESTS} -m=static")]),
    "static marks glued": (False, [(TESTS, f"{TESTS} -mstatic")]),
    "static marks and others": (False, [(TESTS, f"{TESTS} -m 'static and not live'")]),
    "marks of what is deployed": (True, [(TESTS, f"{TESTS} -m 'not static'")]),
    "other marks": (OPEN, [(TESTS, f"{TESTS} -m quick")]),
    "some by their names": (OPEN, [(TESTS, f"{TESTS} -k nothing")]),
    "all ignored": (OPEN, [(TESTS, f"{TESTS} --ignore=tests")]),
    "all deselected": (OPEN, [(TESTS, f"{TESTS} --deselect tests/")]),
    "tests of files alone": (False, [(TESTS, f"{TESTS} --maxfail 1 tests/ci tests/repository")]),
    "tests of files and others": (True, [(TESTS, f"{TESTS} --maxfail 1 tests/ci tests/s3")]),
    "tox": (OPEN, [(TESTS, "run: tox -e live")]),
    "by a program": (
        OPEN,
        [(TESTS, """run: python -c "import sys, pytest; sys.exit(pytest.main(['--live']))\"""")],
    ),
    "the worst alone": (OPEN, [(TESTS, f"{TESTS} --fail-on=P1")]),
    "the worst alone, apart": (OPEN, [(TESTS, f"{TESTS} --fail-on P2,undetermined")]),
    "all that is wrong": (True, [(TESTS, f"{TESTS} --fail-on=P4")]),
    "all that is wrong, and doubts": (True, [(TESTS, f"{TESTS} --fail-on undetermined")]),
    "the worst, and all": (True, [(TESTS, f"{TESTS} --fail-on=P1 --fail-on=P4")]),
    "as bad as a variable says": (OPEN, [(TESTS, f"{TESTS} --fail-on=${{{{ vars.WORST }}}}")]),
    "the worst alone, by env": (OPEN, [(TESTS, f"env: {{PYTEST_ADDOPTS: --fail-on=P1}}\n        {TESTS}")]),
    "the last failed": (OPEN, [(TESTS, f"{TESTS} --last-failed")]),
    "with other settings": (OPEN, [(TESTS, f"{TESTS} -o python_files=none.py")]),
    "of saved evidence": (False, [(TESTS, f"{TESTS} --evidence=then.json")]),
    "of a stand-in": (OPEN, [(TESTS, f"{TESTS} --endpoint dynamodb=http://localhost:8000")]),
    "for each of nothing": (False, [("  verify:\n", "  verify:\n    strategy: {matrix: {x: []}}\n")]),
    "for each of one": (True, [("  verify:\n", "  verify:\n    strategy: {matrix: {x: [1]}}\n")]),
    "the action of the product, for the worst": (
        OPEN,
        [(TESTS, f"{ACTION}{OF_ENVIRONMENT}, arguments: --live, fail-on: P1}}")],
    ),
    "the action of the product, for all": (
        True,
        [(TESTS, f"{ACTION}{OF_ENVIRONMENT}, arguments: --live, fail-on: 'P4 undetermined'}}")],
    ),
    "the action of the product": (
        True,
        [
            (
                TESTS,
                f"{ACTION}{OF_ENVIRONMENT}, arguments: --live}}",
            )
        ],
    ),
    "the action, offline": (
        False,
        [
            (
                TESTS,
                f"{ACTION}{OF_ENVIRONMENT}}}",
            )
        ],
    ),
    "later in the job of the apply": (
        True,
        [(RUN_APPLY, f"{RUN_APPLY}\n      - {TESTS}"), ("  verify:\n", "  verify:\n    if: false\n")],
    ),
    "before the apply": (
        False,
        [(RUN_APPLY, f"{TESTS}\n      - {RUN_APPLY}"), ("  verify:\n", "  verify:\n    if: false\n")],
    ),
    "in the same script": (
        True,
        [(RUN_APPLY, script(RUN_APPLY[5:], TESTS[5:])), ("  verify:\n", "  verify:\n    if: false\n")],
    ),
    "a script that tests": (True, [(TESTS, "run: ./scripts/health.sh ${{ inputs.environment }}")]),
    "a script that fails never": (
        False,
        [(TESTS, "run: ./scripts/health.sh ${{ inputs.environment }} || true")],
    ),
    "a script without tests": (False, [(TESTS, "run: ./scripts/upload-templates.sh")]),
    "tests that cannot be read": (OPEN, [(TESTS, "run: ./smoke-test.sh")]),
    "tests of another sort": (OPEN, [(TESTS, "run: npm test")]),
    "an action that verifies": (OPEN, [(TESTS, "uses: octo-org/verify-deployment@v1")]),
    "nothing": (False, [(TESTS, "run: echo deployed")]),
    "in a workflow of its own": (
        OPEN,
        [("name: apply\n", "name: waited for\n"), (TESTS, "run: echo deployed")],
    ),
}
HEALTH = """\
#!/bin/bash
set -e
environment=${1:-dev}
status=0
pytest --live --env="$environment" || status=$?
exit "$status"
"""


@pytest.mark.parametrize(("right", "changes"), AFTER.values(), ids=AFTER)
def test_tests_follow_that_can_fail(tmp_path: Path, right: Any, changes: list[tuple[str, str]]) -> None:
    later = {".github/workflows/later.yml": "on:\n  workflow_run:\n    workflows: [waited for]\n"}
    files = {"scripts/health.sh": HEALTH, "Makefile": "verify:\n\tpytest --live --env $(ENV); echo done\n"}
    read = workflow(tmp_path, changed(*changes), **files, **later)
    assert value(read, "tested_after_apply") == right


STACKS: dict[str, tuple[Any, str]] = {
    "all": (True, TESTS),
    "its own": (True, "run: pytest --live --env=shop/${{ inputs.environment }}"),
    "another": (False, "run: pytest --live --env=other/${{ inputs.environment }}"),
    "another by its option": (False, f"{TESTS} --stack other"),
    "its own among others": (True, f"{TESTS} --stack other --stack=shop"),
    "one that only a run knows": (OPEN, f"{TESTS} --stack=${{{{ vars.STACK }}}}"),
    "another first": (True, script(f"{TESTS[5:]} --stack other", f"{TESTS[5:]} --stack shop")),
    "no test": (True, "run: echo tested"),
}


@pytest.mark.parametrize(("right", "step"), STACKS.values(), ids=STACKS)
def test_the_stack_that_was_deployed_is_tested(tmp_path: Path, right: Any, step: str) -> None:
    read = workflow(tmp_path, changed((TESTS, step)))
    try:
        assert read.tests_stack("shop") is right
    except Undetermined:
        assert right == OPEN


SLACK = "uses: slackapi/slack-github-action@v2"
NOTICES: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "after the apply": ([], [("  notify:\n    needs: plan\n", "  notify:\n    needs: apply\n")]),
    "on failure": ([], [("  notify:\n", "  notify:\n    if: failure()\n")]),
    "never": ([], [("  notify:\n", "  notify:\n    if: false\n")]),
    "of prod alone": ([], [("  notify:\n", "  notify:\n    if: inputs.environment == 'prod'\n")]),
    "always": (["deployments"], [("  notify:\n", "  notify:\n    if: always()\n")]),
    "waits for approval, too": (
        [],
        [("  notify:\n", "  notify:\n    environment: ${{ inputs.environment }}\n")],
    ),
    "may fail": (["deployments"], [("  notify:\n", "  notify:\n    continue-on-error: true\n")]),
    "to the channel in a variable": (OPEN, [("channel: deployments", "channel: ${{ vars.CHANNEL }}")]),
    "by curl": (
        ["deployments"],
        [
            (
                "uses: slackapi/slack-github-action@v2",
                "run: curl https://slack.com/api/chat.postMessage -d channel=deployments",
            )
        ],
    ),
    "to a webhook": (
        OPEN,
        [("uses: slackapi/slack-github-action@v2", "run: curl $SLACK_WEBHOOK_URL -d @m.json")],
    ),
    "by version 1": (
        ["deployments"],
        [
            ("slackapi/slack-github-action@v2", "slackapi/slack-github-action@v1"),
            ("method: chat.postMessage", "channel-id: '#deployments'"),
        ],
    ),
    "by variables": (
        ["deployments"],
        [
            (
                "uses: slackapi/slack-github-action@v2",
                "env: {SLACK_CHANNEL: deployments}\n        uses: rtCamp/action-slack-notify@v2",
            )
        ],
    ),
    "by a payload": (
        ["deployments"],
        [
            ("slackapi/slack-github-action@v2", "8398a7/action-slack@v3"),
            ("payload: |", "custom_payload: |"),
        ],
    ),
    "to one alone": ([], [("chat.postMessage", "chat.postEphemeral")]),
    "later": (["deployments"], [("chat.postMessage", "chat.scheduleMessage")]),
    "by a method that only a run knows": (OPEN, [("chat.postMessage", "${{ vars.METHOD }}")]),
    "by an action for Slack": (OPEN, [("slackapi/slack-github-action@v2", "octo-org/to-slack@v2")]),
    "by another action": ([], [("slackapi/slack-github-action@v2", "octo-org/other@v2")]),
}


@pytest.mark.parametrize(("right", "changes"), NOTICES.values(), ids=NOTICES)
def test_approvers_are_told_while_they_are_waited_for(
    tmp_path: Path, right: Any, changes: list[tuple[str, str]]
) -> None:
    assert value(workflow(tmp_path, changed(*changes)), "notified_channels") == right


ADDRESS = "${{ github.server_url }}/${{ github.repository }}/actions/runs/${{ github.run_id }}"
ADDRESSES: dict[str, tuple[Any, tuple[str, str]]] = {
    "as it is written": (True, ("name: apply\n", "name: apply\n")),
    "of github.com": (
        True,
        ("${{ github.server_url }}/${{ github.repo", "https://github.com/${{ github.repo"),
    ),
    "of elsewhere": (
        False,
        ("${{ github.server_url }}/${{ github.repo", "https://shop.example/${{ github.repo"),
    ),
    "none": (False, (ADDRESS, "soon")),
    "of a file": (OPEN, (SLACK, "run: curl $SLACK_WEBHOOK_URL -d @m.json")),
    "of a pipe": (OPEN, (SLACK, "run: jq -n . | curl --data-binary @- $SLACK_WEBHOOK_URL")),
    "of a file by wget": (OPEN, (SLACK, "run: wget --post-file=m.json $SLACK_WEBHOOK_URL")),
    "none by curl": (False, (SLACK, "run: curl $SLACK_WEBHOOK_URL -d text=waiting@noon")),
}


@pytest.mark.parametrize(("right", "change"), ADDRESSES.values(), ids=ADDRESSES)
def test_approvers_are_told_where_they_are_waited_for(
    tmp_path: Path, right: Any, change: tuple[str, str]
) -> None:
    read = workflow(tmp_path, changed(change))
    try:
        assert read.notices_hold(ADDRESS) is right
    except Undetermined:
        assert right == OPEN


MORE_THAN_IT = "more than it"
"""The verdict on a confirmation that other texts than the wanted one let through, too."""
CONFIRMATIONS: dict[str, tuple[Any, str]] = {
    "[ ] || exit": (True, '[ "$GIVEN" = "$WANTED" ] || exit 1'),
    "[[ ]]": (True, '[[ "$GIVEN" == "$WANTED" ]]'),
    "case": (True, 'case "$GIVEN" in "$WANTED") echo ok ;; *) exit 1 ;; esac'),
    "case of a word": (True, "case $GIVEN in $WANTED) ;; *) exit 1 ;; esac"),
    "case of a word and a variable": (True, "case x-$GIVEN in x-$WANTED) ;; *) exit 1 ;; esac"),
    "a word without quotes": (True, "[[ $GIVEN == $WANTED ]] || exit 1"),
    "an option among what is compared": (True, '[ "$GIVEN" = --help ] && exit 1; [ "$GIVEN" = "$WANTED" ]'),
    "a function": (True, 'same() { test "$1" = "$2"; }; same "$GIVEN" "$WANTED"'),
    "=~": (True, '[[ "$GIVEN" =~ ^"$WANTED"$ ]] || exit 1'),
    "! =~": (True, 'if [[ ! "$GIVEN" =~ ^${WANTED}$ ]]; then exit 1; fi'),
    "small letters": (True, 'if [[ "${GIVEN,,}" != "$WANTED" ]]; then exit 1; fi'),
    "=~ of a part": (MORE_THAN_IT, '[[ "$GIVEN" =~ $WANTED ]] || exit 1'),
    "=~ of a part at the end": (MORE_THAN_IT, '[[ "$GIVEN" =~ $WANTED$ ]] || exit 1'),
    "=~ of every environment": (MORE_THAN_IT, "[[ $GIVEN =~ ^deploy-(dev|sit|prod)$ ]] || exit 1"),
    "a pattern": (MORE_THAN_IT, '[[ "$GIVEN" == deploy-* ]] || exit 1'),
    "a pattern, turned round": (MORE_THAN_IT, "if [[ $GIVEN != deploy* ]]; then exit 1; fi"),
    "a pattern of a case": (MORE_THAN_IT, 'case "$GIVEN" in deploy-*) ;; *) exit 1 ;; esac'),
    "a pattern, and then the text": (True, '[[ $GIVEN == deploy-* ]] && [[ $GIVEN == "$WANTED" ]]'),
    "=~, and then the text": (
        True,
        '[[ $GIVEN =~ ^deploy-(dev|sit|prod)$ ]] && [ "$GIVEN" = "$WANTED" ]',
    ),
    "after a letter": (True, 'if [ "x$GIVEN" != "x$WANTED" ]; then exit 1; fi'),
    "between letters": (True, '[ "_${GIVEN}_" = "_${WANTED}_" ]'),
    # Bash cuts off only what is there: the name of the environment by itself is let through, too.
    "cut off": (MORE_THAN_IT, '[ "${GIVEN#deploy-}" = "${{ inputs.environment }}" ] || exit 1'),
    "told alone": (None, 'if [ "$GIVEN" != "$WANTED" ]; then echo wrong; fi'),
    "ended in the background": (None, 'if [ "$GIVEN" != "$WANTED" ]; then exit 1 & fi'),
    "ended in a pipe": (None, 'if [ "$GIVEN" != "$WANTED" ]; then exit 1 | cat; fi'),
    "escaped": (True, """[ "$GIVEN" = $'d\\x65ploy-'"${{ inputs.environment }}" ] || exit 1"""),
    "|| true": (None, '[ "$GIVEN" = "$WANTED" ] || true'),
    "the wrong way round": (None, 'if [ "$GIVEN" = "$WANTED" ]; then exit 1; fi'),
    "not empty": (None, '[ -n "$GIVEN" ]'),
    "whatever the case": (OPEN, 'shopt -s nocasematch; [[ $GIVEN == "$WANTED" ]]'),
    "the case again": (True, 'shopt -u nocasematch; [[ $GIVEN == "$WANTED" ]]'),
    "grep": (OPEN, 'grep -qx "$WANTED" <<<"$GIVEN"'),
    "a program": (OPEN, 'python confirm.py "$GIVEN"'),
}


@pytest.mark.parametrize(("right", "line"), CONFIRMATIONS.values(), ids=CONFIRMATIONS)
def test_a_confirmation_holds_an_apply_back(tmp_path: Path, right: Any, line: str) -> None:
    compared = 'if [ "$GIVEN" != "$WANTED" ]; then exit 1; fi'
    wanted = "deploy-${{ inputs.environment }}" if right is True else right
    read = workflow(tmp_path, changed((compared, line)))
    found = value(read, "confirmation")
    if right is MORE_THAN_IT:
        assert found not in (None, OPEN, "deploy-${{ inputs.environment }}")
        assert all(it.types == ["aws_s3_object"] for it in read.deployments)
    else:
        assert found == wanted


COMPARED = 'run: |\n          if [ "$GIVEN" != "$WANTED" ]; then exit 1; fi\n'
OUTPUT = (
    "if [ $GIVEN = $WANTED ]; then echo ok=true >> $GITHUB_OUTPUT; else echo ok=false >> $GITHUB_OUTPUT; fi"
)
GIVES_IT = ("  confirm:\n", "  confirm:\n    outputs: {ok: '${{ steps.it.outputs.ok }}'}\n")
ASKS_FOR_IT = ("    needs: confirm\n", "    needs: confirm\n    if: needs.confirm.outputs.ok == 'true'\n")
GATES: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "an output of a job": (
        True,
        [(COMPARED, f"id: it\n        run: {OUTPUT}\n"), GIVES_IT, ASKS_FOR_IT],
    ),
    "an output that is always the same": (
        None,
        [(COMPARED, f"id: it\n        run: {OUTPUT.replace('false', 'true')}\n"), GIVES_IT, ASKS_FOR_IT],
    ),
    "an output that nobody asks for": (None, [(COMPARED, f"id: it\n        run: {OUTPUT}\n"), GIVES_IT]),
    "an output that tee is handed, too": (
        OPEN,
        [
            (COMPARED, f"id: it\n        run: {OUTPUT}; echo ok=true | tee -a $GITHUB_OUTPUT\n"),
            GIVES_IT,
            ASKS_FOR_IT,
        ],
    ),
    "an output of a step that may not run": (
        OPEN,
        [
            (COMPARED, f"id: it\n        if: vars.X == 'x'\n        run: {OUTPUT}\n"),
            GIVES_IT,
            ("    needs: confirm\n", "    needs: confirm\n    if: needs.confirm.outputs.ok != 'false'\n"),
        ],
    ),
    "an output of a program": (
        OPEN,
        [(COMPARED, 'id: it\n        run: python c.py "$GIVEN" >> $GITHUB_OUTPUT\n'), GIVES_IT, ASKS_FOR_IT],
    ),
    "JavaScript": (
        OPEN,
        [
            (
                COMPARED,
                "uses: actions/github-script@v7\n        with:\n"
                "          script: if (context.payload.inputs.confirmation !== 'x') core.setFailed('no')\n",
            )
        ],
    ),
    "PowerShell": (
        OPEN,
        [(COMPARED, "shell: pwsh\n        run: if ($env:GIVEN -ne $env:WANTED) { throw 'no' }\n")],
    ),
}


@pytest.mark.parametrize(("right", "changes"), GATES.values(), ids=GATES)
def test_a_confirmation_may_be_asked_for_in_other_ways(
    tmp_path: Path, right: Any, changes: list[tuple[str, str]]
) -> None:
    wanted = "deploy-${{ inputs.environment }}" if right is True else right
    assert value(workflow(tmp_path, changed(*changes)), "confirmation") == wanted


FILTERED = {
    "trimmed": ("  x ", "sed 's/^[[:space:]]*//; s/[[:space:]]*$//'", "x"),
    "lower": ("Ab", "tr '[:upper:]' '[:lower:]'", "ab"),
    "squeezed": ("P4,\n undetermined ", "tr -s '[:space:],' ',' | sed 's/,$//'", "P4,undetermined"),
    "nothing": ("", "tr -s ' ' ','", ""),
    "turned round": ("ylppa", "rev", "apply"),
    "decoded": ("YXBwbHk=", "base64 -d", "apply"),
    "gone": ("a-b", "tr -d -", "ab"),
    "not known": ("a", "sed 's/\\(a\\)/b/'", None),
    "too slow": ("a" * 900, f"sed 's/{'a*' * 30}b//'", None),
}


@pytest.mark.parametrize(("given", "filters", "found"), FILTERED.values(), ids=FILTERED)
def test_what_filters_make_of_a_text_is_what_they_print(given: str, filters: str, found: str | None) -> None:
    first, *others = filters.split(" | ")
    pipeline = " | ".join([f"{first} <<<'{given}'", *others])
    (told,) = (it for it in outcome(f'x "$({pipeline})"', Settings()).commands if it.words[0] == "x")
    assert told.words[1] == (f"$({pipeline})" if found is None else found)
    if found is not None:
        ran = subprocess.run(["bash", "-c", pipeline], capture_output=True, text=True, timeout=20)
        assert ran.stdout.removesuffix("\n") == found


def test_each_text_of_a_list_is_tried(tmp_path: Path) -> None:
    compared = 'if [ "$GIVEN" != "$WANTED" ]; then exit 1; fi'
    listed = """contains(fromJSON('["deploy-dev", "deploy-sit"]'), inputs.confirmation)"""
    read = workflow(tmp_path, changed((compared, "true"), ("  apply:\n", f"  apply:\n    if: {listed}\n")))
    assert read.confirmation == "deploy-dev or deploy-sit"


def test_a_list_that_nobody_can_read_is_none(tmp_path: Path) -> None:
    listed = f"contains(fromJSON('{'[' * 100_000}'), inputs.confirmation)"
    read = workflow(tmp_path, changed(("  apply:\n", f"  apply:\n    if: {listed}\n")))
    assert read.name


IS_WANTED = "inputs.given == format('deploy-{0}', inputs.environment)"
HANDED_IN = {
    "as it is": (True, "inputs.confirmation", IS_WANTED),
    "compared": (True, IS_WANTED.replace("given", "confirmation"), "inputs.given == 'true'"),
    "the wrong way round": (None, "inputs.confirmation", IS_WANTED.replace("==", "!=")),
    "another text": (None, "'deploy'", "inputs.given == 'deploy'"),
}
"""What a called workflow or an action is given of the confirmation, and its condition."""
UNCHECKED = ('if [ "$GIVEN" != "$WANTED" ]; then exit 1; fi', "true")


@pytest.mark.parametrize(("right", "given", "condition"), HANDED_IN.values(), ids=HANDED_IN)
def test_what_is_handed_in_of_a_confirmation_holds_an_apply_back(
    tmp_path: Path, right: Any, given: str, condition: str
) -> None:
    handed = f'with: {{environment: "${{{{ inputs.environment }}}}", given: "${{{{ {given} }}}}"}}'
    wanted = "deploy-${{ inputs.environment }}" if right is True else right

    action = f"inputs: {{}}\nruns:\n  using: composite\n  steps:\n    - if: {condition}\n      {RUN_APPLY}\n"
    by_action = changed(UNCHECKED, (RUN_APPLY, f"uses: ./.github/actions/apply\n        {handed}"))
    read = workflow(
        tmp_path, by_action, **{".github/actions/apply/action.yml": f"{action}      shell: bash\n"}
    )
    assert value(read, "confirmation") == wanted

    inputs = "on: {workflow_call: {inputs: {given: {type: string}, environment: {type: string}}}}\njobs:\n"
    called = APPLY.replace("    needs: plan\n", f"    if: {condition}\n")
    by_workflow = f"  apply:\n    needs: plan\n    uses: ./.github/workflows/apply.yml\n    {handed}\n"
    written = changed(UNCHECKED).replace(APPLY, by_workflow)
    read = workflow(tmp_path, written, **{".github/workflows/apply.yml": inputs + called})
    assert value(read, "confirmation") == wanted


def test_a_called_workflow_is_gated_by_what_its_caller_waits_for(tmp_path: Path) -> None:
    inputs = "on: {workflow_call: {inputs: {environment: {type: string, required: true}}}}\njobs:\n"
    called = {".github/workflows/apply.yml": inputs + APPLY.replace("    needs: plan\n", "")}
    calling = "  apply:\n    needs: plan\n    uses: ./.github/workflows/apply.yml\n"
    given = "    with: {environment: '${{ inputs.environment }}'}\n"
    read = workflow(tmp_path, DEPLOYMENT.replace(APPLY, calling + given), **called)
    assert read.apply_environments == ["${{ inputs.environment }}"]
    assert read.checked_before_apply
    assert read.tested_after_apply
    free = calling.replace("    needs: plan\n", "") + given
    assert (
        value(workflow(tmp_path, DEPLOYMENT.replace(APPLY, free), **called), "checked_before_apply") is False
    )


VALIDATION = """\
on: {{pull_request: {{}}, push: {{branches: [main]}}}}
jobs:
  validate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - {step}
"""
INDEXES = Work(
    types=["aws_dynamodb_table"],
    commands=["pytest", "pytest tests", "pytest tests/tables.py", "*gsi*", "*global_secondary*"],
)
CHECKS = {
    "validated": (True, "run: terraform -chdir=terraform/dynamodb validate"),
    "validated in its folder": (True, "{working-directory: terraform/dynamodb, run: terraform validate}"),
    "every root": (True, 'run: for it in terraform/*/; do terraform -chdir="$it" validate; done'),
    "planned": (True, "run: cd terraform/dynamodb && terraform plan -lock=false"),
    "tested": (True, "run: python -m pytest -m static"),
    "a script of its own": (True, "run: ./scripts/check-gsi.sh"),
    "another root": (False, "run: terraform -chdir=terraform/s3 validate"),
    "|| true": (False, "run: terraform -chdir=terraform/dynamodb validate || true"),
    "never": (False, "{if: false, run: terraform -chdir=terraform/dynamodb validate}"),
    "may fail": (False, "{continue-on-error: true, run: terraform -chdir=terraform/dynamodb validate}"),
    "installed": (False, "run: pip install pytest"),
    "something else": (False, "run: npm run validate"),
    "printed": (False, "run: echo pytest gsi"),
    "formatted": (False, "run: terraform fmt -check -recursive"),
    "a root that only a run knows": (OPEN, "run: terraform -chdir=${{ vars.ROOT }} validate"),
    "searched": (True, "run: grep -q global_secondary_index terraform/dynamodb/main.tf"),
    "searched elsewhere": (False, "run: grep -q global_secondary_index README.md"),
    "by a program": (True, "run: python scripts/check_gsi.py"),
    "by a program that nobody knows": (OPEN, "run: conftest test --policy gsi.rego ."),
    "by an action of its own": (OPEN, "uses: ./.github/actions/gsi"),
    "made executable": (False, "run: chmod +x scripts/check-gsi.sh"),
    "linted": (False, "run: shellcheck scripts/check-gsi.sh"),
    "parsed alone": (False, "run: bash -n scripts/check-gsi.sh"),
    "listed": (False, "run: ls scripts/check-gsi.sh"),
    "a script that does something else": (OPEN, "run: ./scripts/gsi-docs.sh"),
    "its version": (False, "run: pytest --version"),
    "collected only": (False, "run: pytest --collect-only"),
    "the tests": (True, "run: pytest -q tests"),
    "tests of it": (True, "run: pytest ./tests/tables.py -n 2"),
    "one test of it": (OPEN, "run: pytest tests/tables.py::test_one"),
    "other tests": (False, "run: pytest tests/ci"),
    "other tests, in their folder": (False, "{working-directory: tests/ci, run: pytest}"),
    "other tests and these": (True, "run: pytest tests/ci tests/tables.py"),
    "tests that only a run knows": (OPEN, "run: pytest ${{ vars.TESTS }}"),
    "some by their names": (OPEN, "run: pytest -k nothing_matches tests"),
    "some by their marks": (OPEN, "run: pytest -m slow tests"),
    "all ignored": (OPEN, "run: pytest --ignore=tests"),
    "the last failed": (OPEN, "run: pytest --last-failed"),
    "of the files alone": (False, "run: pytest --source repository"),
    "of one plan": (OPEN, "run: pytest --plan=s3.json"),
    "the worst alone": (OPEN, "run: pytest --fail-on P1"),
    "all that is wrong, and doubts": (True, "run: pytest --fail-on undetermined"),
    "not even that": (True, "run: pytest --fail-on=P4,undetermined"),
}


@pytest.mark.parametrize(("right", "step"), CHECKS.values(), ids=CHECKS)
def test_a_validation_checks_what_it_surely_runs_and_can_fail_on(
    tmp_path: Path, right: Any, step: str
) -> None:
    others = {
        "scripts/gsi-docs.sh": "#!/bin/sh\necho hi\n",
        ".github/actions/gsi/action.yml": "runs: {using: composite, steps: [{shell: bash, run: "
        "./scripts/gsi-docs.sh}]}\n",
    }
    read = workflow(tmp_path, VALIDATION.format(step=step), **others)
    try:
        assert read.checks_any(INDEXES) == right
    except Undetermined:
        assert right == OPEN


ON = "on: {pull_request: {}, push: {branches: [main]}}"
STARTED: dict[str, tuple[Any, str]] = {
    "each": (True, "pull_request"),
    "of the whole Terraform": (True, "pull_request: {paths: ['terraform/**', '.github/**']}"),
    "of these files alone": (True, "pull_request: {paths: [terraform/dynamodb/*.tf]}"),
    "wherever they lie": (True, "pull_request: {paths: ['**.tf']}"),
    "below any folder": (True, "pull_request: {paths: ['**/dynamodb/**']}"),
    "of other files": (False, "pull_request: {paths: ['docs/**', terraform/s3/**]}"),
    "not so deep": (False, "pull_request: {paths: ['terraform/*', '*.tf']}"),
    "but these": (False, "pull_request: {paths: ['terraform/**', '!terraform/dynamodb/**']}"),
    "but these, and yet": (True, "pull_request: {paths: ['!**', 'terraform/d[a-z]+amodb/main.tfx?']}"),
    "nothing chosen": (False, "pull_request: {paths: ['!docs/**']}"),
    "leaving them out": (False, "pull_request: {paths-ignore: ['**.tf']}"),
    "leaving others out": (True, "pull_request: {paths-ignore: ['**.md', docs/**]}"),
    "both at once": (False, "pull_request: {paths: ['**'], paths-ignore: [docs/**]}"),
    "to the branch": (True, "pull_request: {branches: [main, 'releases/**']}"),
    "to a branch that may be the one": (OPEN, "pull_request: {branches: [develop]}"),
    "to none": (False, "pull_request: {branches: ['!main']}"),
    "leaving the branch out": (OPEN, "pull_request: {branches-ignore: [main]}"),
    "leaving every branch out": (False, "pull_request: {branches-ignore: ['**']}"),
    "leaving another branch out": (True, "pull_request: {branches-ignore: ['dependabot/**']}"),
    "closed": (False, "pull_request: {types: [closed]}"),
    "labelled": (False, "pull_request: {types: [labeled, unlabeled]}"),
    "opened alone": (False, "pull_request: {types: opened}"),
    "as usual, and more": (True, "pull_request: {types: [opened, synchronize, ready_for_review]}"),
    "once it is ready": (OPEN, "pull_request: {types: [ready_for_review, synchronize]}"),
    "before it is taken": (OPEN, "pull_request_target: {}"),
    "in the queue": (True, "merge_group: {}"),
    "pushed": (True, "push: {}"),
    "pushed to any branch but one": (True, "push: {branches-ignore: [gh-pages]}"),
    "pushed to one branch": (OPEN, "push: {branches: [main]}"),
    "pushed with other files": (False, "push: {paths: [docs/**]}"),
    "tagged": (False, "push: {tags: ['v*']}"),
    "pushed, where requests are looked at for other files": (
        False,
        "pull_request: {paths: [docs/**]}, push: {branches: [main]}",
    ),
    "pushed to any branch, where requests are closed": (True, "pull_request: {types: [closed]}, push: {}"),
    "by hand": (False, "workflow_dispatch: {}"),
    "by the clock": (False, "schedule: [{cron: '0 5 * * *'}]"),
    "by another one": (OPEN, "workflow_call: {}"),
    "by a comment": (OPEN, "issue_comment: {}"),
}


@pytest.mark.parametrize(("right", "on"), STARTED.values(), ids=STARTED)
def test_a_validation_checks_what_is_changed(tmp_path: Path, right: Any, on: str) -> None:
    step = "run: terraform -chdir=terraform/dynamodb validate"
    written = VALIDATION.format(step=step).replace(ON, f"on: {{{on}}}")
    read = workflow(tmp_path, written)
    try:
        assert read.checks_any(INDEXES) == right
    except Undetermined:
        assert right == OPEN


def test_tests_of_all_terraform_are_doubtful_where_some_of_it_starts_nothing(tmp_path: Path) -> None:
    written = VALIDATION.format(step="run: pytest").replace(
        "pull_request: {}", "pull_request: {paths: [PATHS]}"
    )
    assert workflow(tmp_path / "a", written.replace("PATHS", "'**.tf'")).checks_any(INDEXES)
    assert not workflow(tmp_path / "b", written.replace("PATHS", "docs/**")).checks_any(INDEXES)
    with pytest.raises(Undetermined, match="when it is changed is not known: pytest"):
        workflow(tmp_path / "c", written.replace("PATHS", "terraform/s3/**")).checks_any(INDEXES)


WEEKLY = """\
on: {{schedule: [{{cron: '0 5 * * 1'}}], workflow_dispatch: {{}}}}
jobs:
  check:
    runs-on: ubuntu-latest
    {job}
    steps:
      - {step}
"""
SCHEDULES: dict[str, tuple[Any, str, str]] = {
    "looked at": (True, "", "run: aws backup get-backup-plan --backup-plan-id x"),
    "tested": (True, "", "run: pytest --live tests/backup"),
    "in each environment": (
        True,
        "strategy: {matrix: {e: [dev, sit]}}",
        "run: 'pytest --live --env=${{ matrix.e }}'",
    ),
    "its help": (False, "", "run: aws backup list-backup-vaults help"),
    "another service": (False, "", "run: aws s3 ls backup"),
    "in a region": (True, "", "run: aws --region af-south-1 backup list-backup-vaults"),
    "in others": (
        False,
        "strategy: {matrix: {e: [dev, prod]}}",
        "run: 'pytest --live --env=${{ matrix.e }}'",
    ),
    "it may fail here": (
        False,
        "continue-on-error: ${{ matrix.e == 'sit' }}\n    strategy: {matrix: {e: [dev, sit]}}",
        "run: 'pytest --live --env=${{ matrix.e }}'",
    ),
    "it may fail elsewhere": (
        True,
        "continue-on-error: ${{ matrix.e == 'dev' }}\n    strategy: {matrix: {e: [dev, sit]}}",
        "run: 'pytest --live --env=${{ matrix.e }}'",
    ),
    "left out here": (
        False,
        "strategy: {matrix: {e: [dev, sit, prod], exclude: [{e: sit}]}}",
        "run: 'pytest --live --env=${{ matrix.e }}'",
    ),
    "an environment that only a run knows": (OPEN, "", "run: 'pytest --live --env=${{ vars.E }}'"),
    "looked at elsewhere": (False, "environment: dev", "run: aws backup list-backup-vaults"),
    "|| true": (False, "", "run: aws backup list-backup-vaults || true"),
    "never": (False, "if: false", "run: aws backup list-backup-vaults"),
    "by hand alone": (
        False,
        "if: github.event_name == 'workflow_dispatch'",
        "run: aws backup list-backup-vaults",
    ),
    "may fail": (False, "continue-on-error: true", "run: aws backup list-backup-vaults"),
    "offline": (False, "", "run: pytest tests/backup"),
    "other tests": (False, "", "run: pytest --live tests/s3"),
    "other tests, with a value named so": (False, "", "run: pytest --live --evidence backup tests/s3"),
    "static": (False, "", "run: pytest --live -m=static tests/backup"),
    "some by their names": (OPEN, "", "run: pytest --live -k dynamodb"),
    "left out": (OPEN, "", "run: pytest --live --ignore=tests/backup"),
    "on another branch": (
        OPEN,
        "if: github.ref == 'refs/heads/develop'",
        "run: aws backup list-backup-vaults",
    ),
    "on main": (True, "if: github.ref == 'refs/heads/main'", "run: aws backup list-backup-vaults"),
    "not on main": (False, "if: github.ref != 'refs/heads/main'", "run: aws backup list-backup-vaults"),
    "printed": (False, "", "run: echo aws backup list-backup-vaults"),
}


@pytest.mark.parametrize(("right", "settings", "step"), SCHEDULES.values(), ids=SCHEDULES)
def test_a_schedule_checks_what_it_surely_runs_and_can_fail_on(
    tmp_path: Path, right: Any, settings: str, step: str
) -> None:
    read = workflow(tmp_path, WEEKLY.format(job=settings or "timeout-minutes: 5", step=step))
    try:
        assert read.is_checked_every(7, "sit") is right
    except Undetermined:
        assert right == OPEN


def test_an_input_that_is_always_given_stands_for_itself(tmp_path: Path) -> None:
    otherwise = "environment: ${{ inputs.environment || 'dev' }}"
    named = changed(("environment: ${{ inputs.environment }}\n", f"{otherwise}\n"))
    assert workflow(tmp_path, named).apply_environments == ["${{ inputs.environment }}"]
    optional = named.replace("options: [dev, sit, prod], required: true", "options: [dev, sit, prod]")
    assert workflow(tmp_path, optional).apply_environments == ["${{ inputs.environment || 'dev' }}"]


def test_a_schedule_that_is_none_spoils_no_other_sentence(tmp_path: Path) -> None:
    step = "run: aws backup list-backup-vaults"
    written = WEEKLY.format(job="timeout-minutes: 5", step=step).replace("0 5 * * 1", "0 5 L * *")
    read = workflow(tmp_path, written)
    assert read.jobs == 1
    with pytest.raises(ReadError, match="no field of a schedule"):
        assert read.scheduled_checks


GROUPS = {
    "${{ inputs.environment }}": True,
    "bbws-terraform-${{ inputs.environment }}": True,
    "${{ format('tf-{0}', inputs.environment) }}": True,
    "tf-${{ github.event.inputs.environment }}": True,
    "TF-${{ Inputs.Environment || 'dev' }}": True,
    "tf-${{ inputs.environment }}-${{ github.ref }}": False,
    "tf-${{ github.workflow }}-${{ inputs.environment }}": False,
    "tf": False,
    "${{ github.run_id }}": False,
}


@pytest.mark.parametrize(("group", "right"), GROUPS.items())
def test_one_group_for_each_environment_is_right_whatever_its_name(
    tmp_path: Path, group: str, right: bool
) -> None:
    settings = f'concurrency: {{group: "{group}", cancel-in-progress: false}}\n'
    read = workflow(tmp_path, DEPLOYMENT.replace("jobs:\n", f"{settings}jobs:\n", 1))
    assert (read.stray_groups(["inputs.environment"]) == []) == right
    other = DEPLOYMENT.replace("jobs:\n", f"{settings}jobs:\n", 1).replace(
        "  plan:\n", "  plan:\n    concurrency: own\n"
    )
    assert workflow(tmp_path, other).stray_groups(["inputs.environment"])


BACKEND = {"bucket": "state-dev", "region": "af-south-1"}
BACKENDS = {
    "as it must be": ([], "-backend-config=bucket=state-${{ inputs.environment }}"),
    "apart": ([], "-backend-config bucket=state-${{ inputs.environment }}"),
    "of a file": ([], "-backend-config=${{ inputs.environment }}.hcl"),
    "another key": ([], "-backend-config=key=x"),
    "of another environment": (["bucket=state-sit"], "-backend-config=bucket=state-sit"),
    "of another's file": (["bucket=state-sit"], "-backend-config=sit.hcl"),
    "not there": (OPEN, "-backend-config=gone.hcl"),
    "none": ([], "-backend=false"),
}


@pytest.mark.parametrize(("right", "options"), BACKENDS.values(), ids=BACKENDS)
def test_what_init_is_given_says_where_the_state_lies(tmp_path: Path, right: Any, options: str) -> None:
    files = {f"terraform/s3/{it}.hcl": f'bucket = "state-{it}"\n' for it in ("dev", "sit", "prod")}
    init = f"run: terraform -chdir=terraform/s3 init {options}"
    read = workflow(tmp_path, changed((RUN_PLAN, f"{init}\n      - {RUN_PLAN}")), **files)
    try:
        assert read.other_backend_settings("dev", BACKEND) == right
    except Undetermined:
        assert right == OPEN


ENDLESS = {
    "a text made of itself": ["a=xxxxxxxx", *['a="$a$a$a$a$a$a$a$a"'] * 12],
    "a list made of itself": ["a=(x x x x)", *['a=("${a[@]}" "${a[@]}" "${a[@]}")'] * 12],
    "functions that call themselves": ["f() { f; f; f; }", "f"],
    "nested": [*["if a; then"] * 300, "b", *["fi"] * 300],
    "loops in loops": [*[f"for i{it} in 1 2 3 4 5 6 7 8 9; do" for it in range(8)], "a", *["done"] * 8],
}


@pytest.mark.parametrize("lines", ENDLESS.values(), ids=ENDLESS)
def test_a_script_without_end_is_left_open(tmp_path: Path, lines: list[str]) -> None:
    plan = script(*lines, RUN_PLAN[5:])
    assert value(workflow(tmp_path, changed((RUN_PLAN, plan))), "checked_before_apply") == OPEN


def test_more_starts_than_are_gone_through_decide_nothing(tmp_path: Path) -> None:
    inputs = "".join(f"      b{it}: {{type: boolean}}\n" for it in range(12))
    read = workflow(tmp_path, changed(("      confirmation:", f"{inputs}      confirmation:")))
    assert value(read, "checked_before_apply") == OPEN
