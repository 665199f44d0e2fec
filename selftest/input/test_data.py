"""What an account alone knows can be said of a data source; what is said of none is refused."""

import pytest

from selftest.input.tree import DYNAMODB, STACK, Tree, assert_refused

MAIN = f"{DYNAMODB}/main.tf"
DATA = 'data "aws_ssm_parameter" "recovery" {\n  name = "/bbws/recovery"\n}\n\n'
ADDRESS = "data.aws_ssm_parameter.recovery"
CHOSEN = ("--env=dev", "--source=hcl", "-k", "bbws-ddb-15")


@pytest.fixture
def asking(tree: Tree) -> Tree:
    """A root that asks AWS whether its tables can be recovered."""
    text = (tree.path / MAIN).read_text("utf-8")
    assert text.count("enabled = true") >= 1
    (tree.path / MAIN).write_text(
        DATA + text.replace("enabled = true", f"enabled = {ADDRESS}.insecure_value"), "utf-8"
    )
    return tree


def test_without_it_nothing_is_known(asking: Tree) -> None:
    run = asking.run(*CHOSEN)
    assert run.those("passed", "failed") == []
    assert f"known only after apply: {ADDRESS}.insecure_value" in run.output


@pytest.mark.parametrize("of", [ADDRESS, "data.aws_ssm_parameter"])
@pytest.mark.parametrize(("value", "verdict"), [("true", "passed"), ("false", "failed")])
@pytest.mark.parametrize("by", ["option", "file"])
def test_what_is_said_decides(asking: Tree, of: str, value: str, verdict: str, by: str) -> None:
    said = f'--data={of}={{"insecure_value": "{value}"}}'
    if by == "file":
        asking.edit(STACK, "  var_files:", f'  data: {{{of}: {{insecure_value: "{value}"}}}}\n  var_files:')
    run = asking.run(*CHOSEN, *([said] if by == "option" else []))
    assert {it.verdict for it in run.outcomes.values()} == {verdict}, run.output
    if (by, verdict) == ("option", "failed"):
        assert "--data=" in run.cards[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            "data.aws_ssm_parameter.recover={}",
            f"data.aws_ssm_parameter.recover, of which data is given (did you mean {ADDRESS}?)",
        ),
        ("data.aws_availability_zones={}", "no root of bbws has data.aws_availability_zones"),
        (f"{ADDRESS}", "is not of the form data.TYPE.NAME=JSON"),
        ("aws_ssm_parameter.recovery={}", "is not of the form data.TYPE.NAME=JSON"),
        (f"{ADDRESS}=true", "is no object of attributes"),
        (f'{ADDRESS}={{"value":', "is no JSON"),
    ],
)
def test_what_cannot_be_used_is_refused(asking: Tree, given: str, said: str) -> None:
    assert_refused(asking.run("--source=hcl", f"--data={given}"), said)


def test_what_is_said_twice_is_refused(asking: Tree) -> None:
    assert_refused(
        asking.run("--source=hcl", f"--data={ADDRESS}={{}}", f"--data={ADDRESS}={{}}"), "is given twice"
    )


def test_a_run_that_evaluates_nothing_is_given_none(tree: Tree) -> None:
    assert_refused(
        tree.run("--source=repository", f"--data={ADDRESS}={{}}"),
        "this run examines repository, and evaluates nothing",
    )


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ('{"insecure_valu": "true"}', "has no such attribute (did you mean insecure_value?)"),
        ('{"insecure_value": ["true"]}', "a string is required"),
    ],
)
def test_an_attribute_that_there_is_not_is_an_error_of_the_root(
    asking: Tree, attributes: str, said: str
) -> None:
    run = asking.run(*CHOSEN, f"--data={ADDRESS}={attributes}")
    assert run.exit_code == 1
    assert run.those("error")
    assert run.those("passed", "failed") == []
    assert said in run.output
