"""Mistakes in a runbook's YAML, and runbooks that contradict their stack or name no test."""

import pytest

from selftest.input.tree import RECOVERY, RUNBOOK, STACK, TABLE_NOT_FOUND, Tree, assert_refused

FOLDER = RUNBOOK.rpartition("/")[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (TABLE_NOT_FOUND, "severity: P1", "sevrity: P1", "unknown key 'sevrity' in invariants.bbws-ddb-01:"),
        (
            TABLE_NOT_FOUND,
            "severity: P1",
            "severity: P9",
            "severity is 'P9': input should be 'P1', 'P2', 'P3'",
        ),
        (
            TABLE_NOT_FOUND,
            "evidence: [live]",
            "evidence: [lives]",
            "evidence.0 is 'lives': input should be 'hcl',",
        ),
        (TABLE_NOT_FOUND, "quantified: every", "quantified: most", "quantified is 'most': input should be"),
        (
            RUNBOOK,
            "Slack: {reach: '#devops-alerts'}",
            "Slack: '#devops-alerts'",
            "contacts.Slack is '#devops-alerts': input should be a mapping, a line `key: value` for each key",
        ),
        (RECOVERY, "of: [tenants]", "of: tenants", "of is 'tenants': input should be a valid list"),
        (RECOVERY, "of: [tenants]", "of: [tenant]", "bbws-ddb-05 speaks of 'tenant', which fixtures/stacks/"),
        (
            RECOVERY,
            "of: [tenants]",
            "of: {dynamodb.key-schem: [tenants]}",
            "(did you mean dynamodb.key-schema?)",
        ),
        (RECOVERY, "of: [tenants]", "of: {}", "say what dynamodb.key-schema speaks of, too"),
        (TABLE_NOT_FOUND, "environments: [prod]", "environments: [live]", "unknown environment 'live'"),
        (RUNBOOK, "{sit: P3,", "{sits: P3,", "unknown environment 'sits' (did you mean sit?)"),
        (
            RUNBOOK,
            "environments: [sit]",
            "environments: [si]",
            "unknown environment 'si' (did you mean sit?)",
        ),
        (RUNBOOK, "severities: [P1, P2]", "severities: [P0]", "severities.0 is 'P0': input should be 'P1'"),
        (RUNBOOK, "reach: devops", "email: devops", "unknown key 'email' in contacts.E-mail: valid keys:"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(tree: Tree, file: str, old: str, new: str, said: str) -> None:
    tree.edit(file, old, new)
    assert_refused(tree.run(), f"{file}:{tree.line(file, new)}:", said)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            TABLE_NOT_FOUND,
            "list-tables --region {region}",
            "list-tables {regoin}",
            "unknown placeholder {regoin} in dev (did you mean region?); valid: account, ",
        ),
        (RUNBOOK, "#table?name={name}", "#table?name={nmae}", "{nmae} in dev (did you mean name?)"),
        (RUNBOOK, "#table?name={name}", "#table?name={Name}", "{Name} in dev (did you mean name?)"),
        (
            TABLE_NOT_FOUND,
            "list-tables --region {region}",
            "list-tables --region { region }",
            "{ region } in dev (did you mean region?)",
        ),
        (RUNBOOK, "title: 'Trouble", "title: '{evn} trouble", "{evn} in dev (did you mean env?)"),
        (RUNBOOK, "final: Product Owner", "final: '{onwer}'", "unknown placeholder {onwer} in dev; valid:"),
    ],
)
def test_an_unknown_placeholder_is_refused_wherever_it_stands(
    tree: Tree, file: str, old: str, new: str, said: str
) -> None:
    tree.edit(file, old, new)
    assert_refused(tree.run(), f"{file}:{tree.line(file, new)}:", said)


def test_a_placeholder_must_be_known_in_each_environment_of_its_invariant(tree: Tree) -> None:
    tree.edit(TABLE_NOT_FOUND, "apply failed or never ran", "nothing in {dr_region}")
    place = f"{TABLE_NOT_FOUND}:{tree.line(TABLE_NOT_FOUND, '{dr_region}')}"
    run = tree.run()
    assert_refused(run, f"{place}: unknown placeholder {{dr_region}} in dev", "{dr_region} in sit")
    assert "{dr_region} in prod" not in run.complained


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (TABLE_NOT_FOUND, "section: '3.1.1'", "section: '3.1.l'", "'3.1.l' (did you mean 3.1.6?)"),
        (f"{FOLDER}/5.2-s3-health-check-script.yaml", "see: ['", "see: ['9", "unknown section '93.2.4'"),
        (
            RUNBOOK,
            "denied: {dynamodb: '3.1.6'}",
            "denied: {dynamodb: '7'}",
            "unknown section '7': `sections`",
        ),
        (RUNBOOK, "Approval timed out: ['3.3.4']", "Approval timed out: ['3.34']", "unknown section '3.34'"),
    ],
)
def test_an_unknown_section_is_refused(tree: Tree, file: str, old: str, new: str, said: str) -> None:
    tree.edit(file, old, new)
    assert_refused(tree.run(), f"{file}:{tree.line(file, new)}:", said)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            RUNBOOK,
            "stack: bbws",
            "stack: bws",
            "stack is 'bws', and the runbook is that of bbws: write `stack: bbws`",
        ),
        (
            RUNBOOK,
            "denied: {dynamodb:",
            "denied: {dynamodbb:",
            "no permission of AWS begins with 'dynamodbb' (did you mean dynamodb?)",
        ),
        (TABLE_NOT_FOUND, "evidence: [", "evidence: []  # [", "list should have at least 1 item"),
        (RUNBOOK, "severities: [P1, P2]", "severities: []", "list should have at least 1 item"),
        (RUNBOOK, "environments: [sit]", "environments: []", "list should have at least 1 item"),
        (RUNBOOK, "Approval timed out: ['3.3.4']", "Approval timed out: []", "list should have at least 1"),
        (RUNBOOK, "#table?name={name}", "#table?name={lock_id}", "unknown placeholder {lock_id} in dev"),
    ],
)
def test_what_no_run_could_mean_is_refused(tree: Tree, file: str, old: str, new: str, said: str) -> None:
    tree.edit(file, old, new)
    assert_refused(tree.run(), f"{file}:{tree.line(file, new)}: ", said)


def test_a_remedy_that_names_what_only_another_kind_has_is_refused(tree: Tree) -> None:
    tree.edit(RECOVERY, "      source:\n", "      source:\n      - 'echo {lock_id}'\n")
    run = tree.run()
    assert run.exit_code == 2
    place = f"{RECOVERY}:{tree.line(RECOVERY, 'echo {lock_id}')}"
    assert f"{place}: " in run.output
    assert "names {lock_id}, and a table has no such thing" in run.output


def test_a_console_link_of_no_kind_is_refused(tree: Tree) -> None:
    tree.edit(RUNBOOK, "  stored_object: https", "  storedobject: https")
    place = f"{RUNBOOK}:{tree.line(RUNBOOK, '  storedobject')}"
    said = "unknown kind of resource 'storedobject' (did you mean stored_object?)"
    assert_refused(tree.run(), f"{place}: {said}")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("Table (not found", "is not a pattern: missing )"),
        ("AccessDenied(?!Exception)", "RE2 does not look around"),
        ("x?", "'x?' is found in every message"),
    ],
)
def test_a_symptom_that_cannot_be_looked_for_is_refused(tree: Tree, pattern: str, said: str) -> None:
    tree.edit(RUNBOOK, "  No backup plan found:", f"  '{pattern}':")
    assert_refused(tree.run(), f"{RUNBOOK}:{tree.line(RUNBOOK, pattern)}: ", said)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (TABLE_NOT_FOUND, "    statement: ", "    statement: ' ' # "),
        (RUNBOOK, "  P4: {first: Developer,", "  P4: {first: '',"),
        (RUNBOOK, "title: ", "title: '' # "),
    ],
)
def test_a_text_that_says_nothing_is_refused(tree: Tree, file: str, old: str, new: str) -> None:
    tree.edit(file, old, new)
    assert_refused(tree.run(), f"{file}:{tree.line(file, new)}: ", "should have at least 1 character")


def test_a_severity_that_nobody_deals_with_is_refused(tree: Tree) -> None:
    tree.edit(RUNBOOK, "  P4: {first: Developer, escalate_to: Team Lead, after: 1 business day}\n", "")
    place = f"{TABLE_NOT_FOUND}:{tree.line(TABLE_NOT_FOUND, 'severity: P1')}"
    assert_refused(tree.run(), f"{place}: `escalation` does not say who deals with P4")


@pytest.mark.parametrize(
    "line",
    [
        'terraform apply -var="environment={env}"',
        "terraform -chdir=s3 destroy",
        "cd s3 && tofu apply",
        "terragrunt run-all apply",
        "terraform import aws_s3_bucket.b b",
        "aws dynamodb update-table --table-name {name}",
        "aws --profile p s3api put-bucket-acl --bucket {name}",
        "aws s3 sync a s3://{name}",
        "make deploy",
        "make ENV=prod deploy-all",
        "gh workflow run terraform-apply.yml",
        "git push origin main",
        "git commit -am mended && git push --force origin HEAD:master",
        "npx cdk deploy",
        "aws s3api --region {region} put-bucket-versioning --bucket {name}",
        "aws --no-cli-pager s3api put-bucket-versioning --bucket {name}",
        "aws --profile=p s3api put-bucket-versioning --bucket {name}",
        "aws  s3api  put-bucket-versioning --bucket {name}",
        "make -C infra deploy",
    ],
)
def test_a_remedy_for_the_source_that_deploys_is_refused(tree: Tree, line: str) -> None:
    tree.edit(RECOVERY, "      source:\n", f"      source:\n      - '{line}'\n")
    place = f"{RECOVERY}:{tree.line(RECOVERY, line)}"
    assert_refused(tree.run(), f"{place}: a remedy for the source deploys: ")


@pytest.mark.parametrize(
    "line",
    [
        "aws dynamodb describe-table --table-name {name}",
        "terraform plan -var-file={env}.tfvars",
        "terraform init -reconfigure",
        "make lint",
        "aws --output json s3api get-bucket-versioning --region {region} --bucket {name}",
        "terraform validate",
    ],
)
def test_a_remedy_for_the_source_may_look(tree: Tree, line: str) -> None:
    tree.edit(RECOVERY, "      source:\n", f"      source:\n      - '{line}'\n")
    run = tree.run("--env=sit", "--source=hcl")
    assert run.exit_code == 0, run.output


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    section: '3.1.1'\n", "    section: 3.10\n", "3.10 is the number 3.1: write it in quotes"),
        ("invariants:\n  bbws-ddb-01:", "invariants:\n  1.10:", "1.10 is the number 1.1: write it in quotes"),
        ("invariants:\n  bbws-ddb-01:", "invariants:\n  5:", "passed"),
    ],
)
def test_a_number_is_no_text_that_was_not_written(tree: Tree, old: str, new: str, said: str) -> None:
    tree.edit(TABLE_NOT_FOUND, old, new)
    run = tree.run("--env=sit", "--source=hcl", "-k", "ddb-15")
    assert "Traceback" not in run.output
    assert "INTERNALERROR" not in run.output
    assert said in run.output


def test_a_missing_key_is_named(tree: Tree) -> None:
    tree.edit(TABLE_NOT_FOUND, "    section: '3.1.1'\n", "")
    place = f"{TABLE_NOT_FOUND}:{tree.line(TABLE_NOT_FOUND, 'bbws-ddb-01:')}"
    assert_refused(tree.run(), f"{place}: invariants.bbws-ddb-01.section is missing")


def test_an_invariant_that_is_written_twice_is_refused(tree: Tree) -> None:
    tree.edit(TABLE_NOT_FOUND, "  bbws-ddb-02:", "  bbws-ddb-01:")
    place = f"{TABLE_NOT_FOUND}:{tree.line(TABLE_NOT_FOUND, 'test: dynamodb.status') - 1}"
    assert_refused(tree.run(), f"{place}: 'bbws-ddb-01' is written twice")


def test_an_invariant_that_is_written_in_two_files_is_refused(tree: Tree) -> None:
    tree.edit(RECOVERY, "  bbws-ddb-05:", "  bbws-ddb-02:")
    place = f"{RECOVERY}:{tree.line(RECOVERY, 'bbws-ddb-02')}"
    assert_refused(tree.run(), f"{place}: 'bbws-ddb-02' is written in {TABLE_NOT_FOUND} too")


def test_every_file_with_a_mistake_is_named(tree: Tree) -> None:
    tree.edit(RECOVERY, "causes:", "cause:")
    tree.edit(TABLE_NOT_FOUND, "causes:", "causez:")
    assert_refused(tree.run(), f"{RECOVERY}:", "'cause'", f"{TABLE_NOT_FOUND}:", "'causez'")


def test_a_listed_file_that_is_not_there_is_refused(tree: Tree) -> None:
    tree.edit(RUNBOOK, "- 3.1.1-table-not-found.yaml", "- 3.1.1-tables-not-found.yaml")
    place = f"{RUNBOOK}:{tree.line(RUNBOOK, '- 3.1.1-tables')}"
    said = "no file 3.1.1-tables-not-found.yaml beside it (did you mean 3.1.1-table-not-found.yaml?)"
    assert_refused(tree.run(), f"{place}: there is {said}")


@pytest.mark.parametrize("name", ["4-new.yaml", "4-new.yml"])
def test_a_file_that_would_be_passed_over_is_refused(tree: Tree, name: str) -> None:
    (tree.path / FOLDER / name).write_text("format: 2\ninvariants: {}\n")
    assert_refused(
        tree.run(), f"{RUNBOOK}:{tree.line(RUNBOOK, 'files:')}: `files` does not list {name}, which"
    )


@pytest.mark.parametrize("name", ["../bbws.yaml", "/etc/hosts.yaml", "a/b.yaml"])
def test_a_file_that_lies_elsewhere_is_refused(tree: Tree, name: str) -> None:
    tree.edit(RUNBOOK, "- 3.1.1-table-not-found.yaml", f"- {name}")
    assert_refused(tree.run(), f"{RUNBOOK}:{tree.line(RUNBOOK, name)}: files.", "string should match pattern")


def test_a_runbook_that_holds_nothing_is_refused(tree: Tree) -> None:
    text = (tree.path / RUNBOOK).read_text().partition("files:\n")[0]
    for file in (tree.path / FOLDER).iterdir():
        file.unlink()
    (tree.path / RUNBOOK).write_text(text)
    assert_refused(tree.run(), f"{RUNBOOK}:4: it holds no invariant, and lists no file that does")


def test_a_file_beside_a_folder_of_the_same_name_is_refused(tree: Tree) -> None:
    (tree.path / f"{FOLDER}.yaml").write_text("")
    assert_refused(tree.run(), f"{FOLDER}.yaml: there is a folder {FOLDER} too: a runbook is one of both")


def test_what_is_not_yaml_is_refused_with_its_place(tree: Tree) -> None:
    tree.edit(TABLE_NOT_FOUND, "causes:", "causes: {")
    assert_refused(tree.run(), f"{TABLE_NOT_FOUND}:", "did not find expected")


@pytest.mark.parametrize("name", ["bbvs.yaml", "bbvs/runbook.yaml"])
def test_a_runbook_of_no_stack_is_refused(tree: Tree, name: str) -> None:
    path = tree.path / "fixtures/runbooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("format: 2\n")
    assert_refused(tree.run(), "is of no stack (did you mean bbws?): a runbook is called as its stack is")


def test_a_missing_runbook_is_named(tree: Tree) -> None:
    (tree.path / RUNBOOK).unlink()
    assert_refused(tree.run(), f"{RUNBOOK} is missing, and a stack has a runbook: write there")


@pytest.mark.parametrize("arguments", [[], ["tests/s3"], ["-k", "bucket"], ["-n", "2"]], ids=" ".join)
def test_a_test_that_nobody_asserts_is_refused_whatever_is_selected(tree: Tree, arguments: list[str]) -> None:
    tree.edit(TABLE_NOT_FOUND, "test: dynamodb.exists", "test: dynamodb.exits")
    place = f"{TABLE_NOT_FOUND}:{tree.line(TABLE_NOT_FOUND, 'dynamodb.exits')}"
    said = "no test asserts 'dynamodb.exits' of bbws-ddb-01 (did you mean dynamodb.exists?)"
    assert_refused(tree.run(*arguments), f"{place}: {said}")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            STACK,
            "      hash_key: PK\n",
            "",
            "speaks of tenants in prod, but the stack expects nothing of its hash_key: fixtures",
        ),
        (
            STACK,
            "{replica: templates-dr, ",
            "{",
            "takes 'replica', which is no kind, and nothing that a stack relates to",
        ),
        (
            RECOVERY,
            "of: [tenants]",
            "of: {dynamodb.key-schema: [templates]}",
            "speaks of templates in prod, but dynamodb.key-schema is about a table, and this is a bucket",
        ),
        (
            RECOVERY,
            "of: [tenants]",
            "of: [templates]",
            "speaks of templates in prod, but dynamodb.key-schema is about a table, and this is a bucket",
        ),
    ],
)
def test_a_runbook_that_asks_what_the_stack_does_not_give_ends_the_collection(
    tree: Tree, file: str, old: str, new: str, said: str
) -> None:
    tree.edit(file, old, new)
    run = tree.run("--env=prod")
    assert run.exit_code == 2, run.output
    assert said in run.printed
    assert "Traceback" not in run.output
    assert "plumbline/suite/subjects.py" not in run.output
    assert not run.those("passed", "failed", "skipped")
