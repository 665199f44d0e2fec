"""Mistakes in a stack's YAML: each is named with its file, its line, and what was probably meant."""

import pytest

from selftest.input.tree import RUNBOOK, STACK, Tree, assert_refused


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("billing_mode:", "biling_mode:", "unknown key 'biling_mode' in tables.tenants.expect"),
        ("region: af-south-1", "regoin: af-south-1", "did you mean 'region'?"),
        ("root: dynamodb", "rot: dynamodb", "unknown key 'rot' in tables.tenants: did you mean 'root'?"),
        ("hash_key: email,", "hashkey: email,", "did you mean 'hash_key'?"),
        ("\ntables:", "\ntabels:", "did you mean 'tables'?"),
        ("every_seconds: 300", "every_second: 300", "expect.bad: did you mean 'every_seconds'?"),
        ("title: BBWS", "colour: red\ntitle: BBWS", "unknown key 'colour' in the file: valid keys: "),
    ],
)
def test_a_wrong_key_is_named_with_the_nearest_valid_one(tree: Tree, old: str, new: str, said: str) -> None:
    tree.edit(STACK, old, new)
    assert_refused(tree.run(), f"{STACK}:{tree.line(STACK, new.strip())}:", said)


def test_what_may_be_of_two_sorts_is_told_as_the_one_that_it_is(tree: Tree) -> None:
    tree.edit(STACK, "every_seconds: 300", "every_second: 300")
    assert "input should be a valid number" not in tree.run().complained


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"], ids=["empty", "comment", "document"])
@pytest.mark.parametrize(
    ("file", "said"),
    [
        (STACK, "`python -m plumbline init` begins a stack"),
        (RUNBOOK, 'docs/formats.md, "A runbook", says what stands in it'),
        ("fixtures/waivers/bbws.yaml", "write `format`, `stack` and `waivers` in it, or remove it"),
    ],
)
def test_an_empty_file_is_told_with_what_stands_in_one(tree: Tree, file: str, said: str, text: str) -> None:
    (tree.path / file).write_text(text)
    assert_refused(tree.run(), f"{file}:", f": the file is empty: {said}")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "most_indexes: 20",
            "most_indexes: many",
            "expect.most_indexes is 'many': input should be a valid int",
        ),
        ("most_indexes: 20", "most_indexes: true", "expect.most_indexes is true, and no number"),
        ("most_indexes: 20", "most_indexes: off", "expect.most_indexes is off, and no number"),
        (
            "bbws-tenants-{env}",
            "bbws-tenants-${env}",
            "${env} is how Terraform writes it, and would stay: w",
        ),
        (
            "root: dynamodb",
            "root: ${stack}",
            "${stack} is how Terraform writes it, and would stay: write {",
        ),
        ("bbws-tenants-{env}", " bbws-tenants-{env}", "name is ' bbws-tenants-{env}': string should match"),
        ('name: "bbws-tenants-{env}"', 'name: ""', "name is '': string should match"),
        ("recovery: true", "recovery: [1]", "point_in_time_recovery is [1]: input should be a valid boolean"),
        (
            "environments: [prod]",
            "environments: prod",
            "environments is 'prod': input should be a valid list",
        ),
        ("billing_mode: PAY_PER_REQUEST", "billing_mode: FREE", "input should be 'PAY_PER_REQUEST' or"),
        (
            'account: "536580886816"',
            "account: 5365",
            r"environments.dev.account is 5365: string should match",
        ),
        (
            'account: "536580886816"',
            "account: 012345670123",
            "environments.dev.account: 012345670123 is the number 1402433619: write it in quotes",
        ),
        ("{other_region: eu-west-1}", "{region2: eu-west-1}", "string should match"),
        (
            "name: bbws-terraform-deployer-{env} may",
            "name: bbws-terraform-deployer-{env} can",
            "should match",
        ),
    ],
)
def test_a_wrong_type_is_named_with_what_the_field_takes(tree: Tree, old: str, new: str, said: str) -> None:
    tree.edit(STACK, old, new)
    assert_refused(tree.run(), f"{STACK}:{tree.line(STACK, new)}:", said)


def test_a_key_is_that_of_one_resource(tree: Tree) -> None:
    tree.edit(STACK, "roots:\n  dynamodb:\n", "roots:\n  tenants:\n")
    assert_refused(tree.run(), f"{STACK}:", "'tenants' is a key of tables too")


def test_a_missing_key_is_named(tree: Tree) -> None:
    tree.edit(STACK, "    name: bbws-terraform-locks\n", "")
    place = f"{STACK}:{tree.line(STACK, '  terraform-locks:')}"
    assert_refused(tree.run(), f"{place}: tables.terraform-locks: give one of `name`, `output`, `select`")


@pytest.mark.parametrize("name", ["a/b", "a,b", "a b", "-x", ""])
def test_an_environment_that_no_option_could_name_is_refused(tree: Tree, name: str) -> None:
    tree.edit(STACK, "environments:\n", f'environments:\n  "{name}": {{}}\n')
    line = tree.line(STACK, f'  "{name}": ')
    place = f"{STACK}:{line}"
    assert_refused(tree.run(), f"{place}: environments.{name} is {name!r}: string should match pattern")


def test_a_key_that_is_written_twice_is_refused(tree: Tree) -> None:
    tree.edit(STACK, "title: BBWS", "stack: bbws\ntitle: BBWS")
    assert_refused(tree.run(), f"{STACK}:{tree.line(STACK, 'title: BBWS') - 1}: 'stack' is written twice")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "bbws-tenants-{env}",
            "bbws-tenants-{evn}",
            "unknown placeholder {evn} in dev (did you mean env?); valid: account,",
        ),
        ("bbws-tenants-{env}", "bbws-tenants-{ENV}", "unknown placeholder {ENV} in dev"),
        ("tfvars", "tfvars{colour}", "unknown placeholder {colour} in dev"),
        ("tfstate", "tfstate{dr_region}", "unknown placeholder {dr_region} in sit"),
    ],
)
def test_an_unknown_placeholder_is_refused(tree: Tree, old: str, new: str, said: str) -> None:
    tree.edit(STACK, old, new)
    assert_refused(tree.run(), f"{STACK}:{tree.line(STACK, new)}:", said)


def test_a_relation_to_no_resource_is_refused(tree: Tree) -> None:
    tree.edit(STACK, "backup_plan: backup-plan", "backup_plan: nightly")
    place = f"{STACK}:{tree.line(STACK, 'nightly')}"
    assert_refused(tree.run(), f"{place}: tenants is related to 'nightly', which is no resource")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "backup_plan: backup-plan",
            "backup_plan: tenants",
            "tenants is related to 'tenants' as backup_plan, which is one of `tables`",
        ),
        (
            "backup_plan: backup-plan",
            "backup_pln: backup-plan",
            "no test takes what is related as 'backup_pln' (did you mean backup_plan?)",
        ),
        (
            "replica: templates-dr",
            "replcia: templates-dr",
            "no test takes what is related as 'replcia' (did you mean replica?)",
        ),
    ],
)
def test_a_relation_that_is_none_is_refused(tree: Tree, old: str, new: str, said: str) -> None:
    tree.edit(STACK, old, new)
    assert_refused(tree.run(), f"{STACK}:{tree.line(STACK, new)}: {said}")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("shop", "stack is 'shop', and its file is called bbws.yaml: write `stack: bbws`"),
        ("Lake/x", "stack is 'Lake/x': string should match pattern"),
    ],
)
def test_a_name_that_is_not_the_file_s_is_refused(tree: Tree, name: str, said: str) -> None:
    tree.edit(STACK, "stack: bbws", f"stack: {name}")
    assert_refused(tree.run(), f"{STACK}:{tree.line(STACK, f'stack: {name}')}: {said}")


def test_two_entries_of_one_resource_are_refused(tree: Tree) -> None:
    """A line that was copied: the table which it was meant for would not be looked at."""
    tree.edit(STACK, "name: bbws-products-{env}", "name: bbws-tenants-{env}")
    place = f"{STACK}:{tree.line(STACK, '  products:')}"
    assert_refused(tree.run(), f"{place}: products is bbws-tenants-dev in dev, and so is tenants: ")


@pytest.mark.parametrize("root", ["dynamodb/", "./dynamodb", "s3/../dynamodb"])
def test_a_root_is_written_in_one_way(tree: Tree, root: str) -> None:
    """Or one folder would be two roots, and all that it declares be there twice."""
    tree.edit(STACK, "root: dynamodb", f"root: {root}")
    line = tree.line(STACK, f"root: {root}")
    assert_refused(tree.run(), f"{STACK}:{line}: root is {root!r}: write 'dynamodb'")


def test_an_environment_that_the_stack_does_not_have_is_refused(tree: Tree) -> None:
    tree.edit(STACK, "environments: [prod]", "environments: [production]")
    assert_refused(tree.run(), "unknown environment 'production' of templates-dr")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: BBWS", "title: [BBWS", "did not find expected ',' or ']'"),
        ("*application_table_in_prod", "*nowhere", "found undefined alias"),
        ("title: BBWS", "title: !!python/object:os.system BBWS", "could not determine a constructor"),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_place(tree: Tree, old: str, new: str, said: str) -> None:
    tree.edit(STACK, old, new)
    assert_refused(tree.run(), f"{STACK}:", said)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list", "stack: bbws"])
def test_a_file_of_something_else_is_refused(tree: Tree, text: str) -> None:
    (tree.path / STACK).write_text(text)
    assert_refused(tree.run(), STACK)


def test_a_stack_that_cannot_be_decoded_is_refused(tree: Tree) -> None:
    (tree.path / STACK).write_bytes(b"title: \xff\xfe")
    assert_refused(tree.run(), f"{STACK}: cannot be read")
