"""What would never end, ends in one message: a file of a pull request takes no machine with it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import plumbline
from plumbline.github.checkout import Checkout
from plumbline.github.commit import commit_of
from plumbline.github.tool import Told
from plumbline.github.workflows import WorkflowFile
from plumbline.kinds.dashboard_body import read as read_dashboard
from plumbline.kinds.documents import documents, shows_something
from plumbline.kinds.filter_pattern import counts
from plumbline.kinds.repository import RepositoryFile
from plumbline.kinds.template_keys import template_keys
from plumbline.kinds.tool_findings import Garbled, hooked
from plumbline.policy.document import Policy
from plumbline.sources.saved import SavedEvidence
from plumbline.terraform import budget
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.functions import function, globs
from plumbline.terraform.model import TerraformError
from plumbline.terraform.planned import load
from plumbline.values import files
from plumbline.values.data import Document
from plumbline.values.files import EVERYWHERE
from plumbline.values.json_source import data_of
from plumbline.values.mistakes import DataError
from plumbline.values.unknown import Missing, ReadError, Undetermined
from selftest.hostile.counted import increases

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_laughs_are_counted(tmp_path: Path) -> None:
    (tmp_path / "bomb.yml").write_text(LAUGHS)
    with pytest.raises(DataError, match=r"bomb.yml:\d+: it makes more than 200,000 values of its aliases"):
        Document(tmp_path / "bomb.yml")


@pytest.mark.parametrize(
    "written",
    ["[" * 500 + "]" * 500, "[" * 60_000, "{a: " * 60_000, "- " * 60_000 + "a", "? " * 60_000 + "a"],
    ids=["closed", "lists", "mappings", "blocks", "keys"],
)
def test_levels_are_counted(tmp_path: Path, written: str) -> None:
    """Also before libyaml makes nodes of them: its composer would end the process."""
    (tmp_path / "deep.yml").write_text(written)
    with pytest.raises(DataError, match=r"deep.yml:1: it has more than 100 levels"):
        Document(tmp_path / "deep.yml")


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        ("<!--a-->" * 100_000 + "x", "something else"),
        ("<!--a-->" * 100_000 + "<html>Hello", "HTML document"),
        ("<!--a-->" * 100_000 + "<html>", "HTML document that shows nothing"),
        (" \n" * 1_000_000 + "<!DOCTYPE html>Hello", "HTML document"),
        ("<!-- never ends" * 100_000, "something else"),
    ],
)
def test_comments_are_read_once(tmp_path: Path, content: str, format_: str) -> None:
    (tmp_path / "x.html").write_text(content)
    assert RepositoryFile.from_repository(Checkout(tmp_path), "x.html").format == format_


def test_a_page_of_tags_without_end_is_undetermined() -> None:
    with pytest.raises(Undetermined, match="more than 10,000 tags"):
        shows_something("<a " * 20_000)


def test_sections_are_read_in_linear_work() -> None:
    assert not documents("# a\n" * 200_000, ["x"], ["y"])
    first, second = increases(lambda many: documents("# a\n" * many, ["x"], ["y"]), 50)
    assert second <= 2.2 * first


@pytest.mark.parametrize(
    "text",
    [
        "```a\n" * 200_000,
        "~~~\n```a\n" * 100_000,
        "<!--" * 300_000,
        "-->" + "<!--" * 300_000,
        "# " + " " * 300_000 + "x",
        "# " + "# " * 100_000 + "x",
        "`" * 300_000,
        "x\n---" + " " * 300_000 + "x",
        "TODO " * 100_000,
    ],
    ids=lambda it: it[:6],
)
def test_what_never_ends_in_a_document_is_read_once(text: str) -> None:
    assert not documents(text, ["word"], ["name"])


def test_a_policy_that_is_too_deep_is_an_error() -> None:
    with pytest.raises(ReadError, match="no IAM policy document"):
        Policy.read('{"Statement":' + "[" * 5_000, "x")


def test_a_dashboard_that_is_too_deep_is_refused() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        read_dashboard('{"widgets":' + "[" * 5_000)


CODE: dict[str, Callable[[int], str]] = {
    "constants": lambda many: "".join(f"a{it} = 'x'\n" for it in range(many)),
    "sums": lambda many: "x = " + "'a' + " * many + "'b.html'",
    "comments": lambda many: '/* \' """ ' * many,
    "escapes": lambda many: '"' + '\\"' * many,
    "constants that name others": lambda many: (
        "".join(f"a{it} = '(a{it + 1},(a{it + 1} '\n" for it in range(many)) + "f(a0 )"
    ),
}
"""Code that is as long as one likes."""


@pytest.mark.parametrize("make", CODE.values(), ids=CODE)
def test_texts_in_code_are_put_together_in_linear_work(make: Callable[[int], str]) -> None:
    for language in (".py", ".js"):
        first, second = increases(lambda many: [*template_keys(make(many), language)], 40)  # noqa: B023
        assert second <= 2.2 * first + 20


@pytest.mark.parametrize(
    "code",
    ["\n" * 500_000, "export \n" * 200_000, "a" + " " * 500_000, "a='x'" + " " * 500_000 + "y"],
    ids=["blank lines", "no names", "no value", "no end"],
)
def test_what_is_no_constant_is_looked_at_once(code: str) -> None:
    assert [*template_keys(code, ".js")] == []


def test_a_line_of_dots_is_read_once() -> None:
    with pytest.raises(Garbled):
        hooked(Told(1, "." * 500_000 + "\n" + "...(" * 200_000, ""))


def test_constants_fill_in_no_more_than_a_limit() -> None:
    code = f"A = '{'x' * 100_000}'\nget({'A + ' * 10_000}'b.html')"
    assert [*template_keys(code)] == [("b.html", 2, False)]


@pytest.mark.parametrize("endless", ["/dev/zero", "fifo"])
def test_what_is_no_file_is_not_read(tmp_path: Path, endless: str) -> None:
    if endless == "fifo":
        os.mkfifo(tmp_path / "x.html")
    else:
        (tmp_path / "x.html").symlink_to(endless)
    with pytest.raises((ReadError, Missing), match=r"x\.html"):
        RepositoryFile.from_repository(Checkout(tmp_path), "x.html")


READ_WHOLE = {
    "aws/authorization.py": "a table of the package",
    "aws/regions.py": "a table of botocore's",
    "expectations/home.py": "the configuration of whoever runs it",
    "kinds/health_check.py": "what stubs noted, which the sandbox bounds",
    "github/sandbox.py": "what stubs noted, which the sandbox bounds",
    "github/tool.py": "what a tool printed, which the sandbox bounds",
    "terraform/budget.py": "what the system says of this process",
    "terraform/defaults.py": "a table of the package",
    "terraform/hcl/grammar.py": "a table of the package",
    "terraform/regional.py": "a table of the package",
    "report/channel.py": "opens an address of whoever runs it",
    "report/formats/__init__.py": "a module of the package",
    "report/kept.py": "writes a file",
    "report/stack_page.py": "a stack of whoever runs it",
    "suite/progress.py": "what the workers of a run told one another",
    "sources/live.py": "what the workers of a run told one another",
    "sources/readings.py": "what the workers of a run told one another",
    "suite/statement.py": "a sentence, which Python has read",
    "suite/sentences.py": "a sentence, which Python reads",
    "commands/coverage.py": "a page of whoever runs it",
    "commands/demo/made.py": "a table of the package",
    "commands/init/__init__.py": "a stack of whoever runs it",
    "commands/init/added.py": "a stack of whoever runs it",
    "commands/schema.py": "a page of whoever runs it",
    "terraform/schema.py": "an archive of the package",
    "values/archives.py": "counts what it reads",
    "values/files.py": "counts what it reads",
}
"""Where a file is read as long as it is, because nobody who is examined wrote it."""


def test_every_file_that_is_examined_is_read_as_far_as_a_limit() -> None:
    package = Path(plumbline.__file__).parent
    reads = re.compile(r"\.read_(?:text|bytes)\(|(?<!os)\.open\(|copyfile\(")
    found = {
        str(it.relative_to(package)) for it in package.rglob("*.py") if reads.search(it.read_text("utf-8"))
    }
    assert found <= READ_WHOLE.keys() | {"report/extensions/github.py"}  # it adds to a summary


@pytest.mark.parametrize("name", ["HEAD", "packed-refs", "commondir"])
@pytest.mark.parametrize("endless", ["/dev/zero", "fifo"])
def test_what_git_keeps_is_read_as_far_as_a_limit(tmp_path: Path, name: str, endless: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/main\n")
    place = tmp_path / ".git" / name
    place.unlink(missing_ok=True)
    if endless == "fifo":
        os.mkfifo(place)
    else:
        place.symlink_to(endless)
    assert commit_of(tmp_path) == ""


@pytest.mark.parametrize("endless", ["/dev/zero", "fifo"])
def test_what_terraform_installed_is_read_as_far_as_a_limit(tmp_path: Path, endless: str) -> None:
    manifest = tmp_path / ".terraform/modules/modules.json"
    manifest.parent.mkdir(parents=True)
    if endless == "fifo":
        os.mkfifo(manifest)
    else:
        manifest.symlink_to(endless)
    (tmp_path / "main.tf").write_text('module "m" {\n  source = "example.com/a/b/c"\n}\n')
    assert evaluate(tmp_path).not_evaluated == ("module.m (example.com/a/b/c)",)


@pytest.mark.parametrize("read", [SavedEvidence.read, load], ids=["evidence", "a plan"])
def test_what_never_ends_is_no_file_of_a_run(
    read: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.named, "__defaults__", (1_000,))
    with pytest.raises((DataError, TerraformError), match="cannot be read: it is longer than 1,000"):
        read(Path("/dev/zero"))


def doubled(first: str, twice: str) -> str:
    """Return locals of which each is made of the one before, twice."""
    made = (f"  a{it} = {twice.replace('_', f'local.a{it - 1}')}\n" for it in range(1, 45))
    return f"locals {{\n  a0 = {first}\n{''.join(made)}}}\n"


def looped(loop: str, times: int) -> str:
    """Return a value of loops inside loops."""
    made = "0"
    for it in range(times):
        made = loop.replace("IT", f"v{it}").replace("BODY", made)
    return made


SPENT = {
    "loops": f"locals {{\n  x = {looped('[for IT in range(1000) : BODY]', 4)}\n}}\n",
    "maps": f"locals {{\n  x = {looped('{for IT in range(1000) : IT => BODY}', 4)}\n}}\n",
    "directives": f'locals {{\n  x = "{looped("%{ for IT in range(1000) }BODY%{ endfor }", 4)}"\n}}\n',
    "defaults": f'variable "x" {{\n  default = {looped("[for IT in [0, 1, 2, 3, 4, 5] : BODY]", 9)}\n}}\n',
    "texts": doubled('"xx"', '"${_}${_}"'),
    "lists": doubled('["x"]', "concat(_, _)"),
    "tuples": doubled('"x"', "[_, _]"),
    "objects": doubled('"x"', "{ l = _, r = _ }"),
    "lists in loops": doubled('["x"]', "[for it in [1, 2] : _]"),
    "formats": doubled('"xx"', 'format("%s%s", _, _)'),
    "hidden": doubled('["x"]', "try(concat(_, _), [])"),
    "products": "locals {\n  r = range(1000)\n  x = setproduct(local.r, local.r, local.r)\n}\n",
    "searches": "locals {\n  r = range(1000)\n"
    "  x = [for a in local.r : [for b in local.r : contains(local.r, -1)]]\n}\n",
    "replacements": 'locals {\n  t = join("", [for it in range(1000) : "aaaaaaaaaa"])\n'
    '  u = join(local.t, range(1000))\n  x = replace(local.u, "/a/", local.t)\n}\n',
    "yaml": f"locals {{\n  x = yamldecode(<<-E\n{LAUGHS}E\n  )\n}}\n",
}
"""Terraform that would take the machine, each by another way."""


@pytest.mark.parametrize("text", SPENT.values(), ids=SPENT)
def test_an_evaluation_is_given_up(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_STEPS", 20_000)
    monkeypatch.setattr(budget, "MOST_VALUES", 200_000)
    monkeypatch.setitem(function.MOST, "values of YAML", 10_000)
    (tmp_path / "main.tf").write_text(text)
    told = r"main\.tf:\d+:\d+: .*more than [\d,]+ (steps|values|values of YAML|elements|characters)"
    with pytest.raises(TerraformError, match=told) as error:
        evaluate(tmp_path)
    assert len(error.value.problems) == 1


def test_modules_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_VALUES", 200_000)
    for it in range(30):
        (tmp_path / f"m{it}").mkdir()
        calls = (f'module "{name}" {{\n  source = "../m{it + 1}"\n}}\n' for name in "ab")
        (tmp_path / f"m{it}/main.tf").write_text("".join(calls))
    (tmp_path / "m30").mkdir()
    (tmp_path / "m30/main.tf").write_text("locals {\n  a = 1\n}\n")
    with pytest.raises(TerraformError, match=r"m\d+/main.tf:\d+:1: .*more than 200,000 values"):
        evaluate(tmp_path / "m0", tree=EVERYWHERE)


def test_what_no_count_sees_is_ended_by_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_SECONDS", 0)
    (tmp_path / "main.tf").write_text(SPENT["loops"])
    with pytest.raises(TerraformError, match=r"main\.tf:\d+:\d+: The evaluation takes more than 0 seconds"):
        evaluate(tmp_path)


@pytest.mark.parametrize("name", ["main.tf", "terraform.tfvars", "read by file()", "main.tf.json"])
def test_what_is_no_file_is_no_source(tmp_path: Path, name: str) -> None:
    if name == "read by file()":
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "main.tf").write_text('locals {\n  x = file("pipe")\n}\n')
    else:
        os.mkfifo(tmp_path / name)
    try:
        evaluate(tmp_path)
    except TerraformError as error:
        assert "no regular file" in str(error)  # noqa: PT017 - a pipe is no variable file at all
    else:
        assert name == "terraform.tfvars"


def test_groups_of_a_pattern_are_counted(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(f'locals {{\n  x = regex("{"(" * 500}{")" * 500}", "a")\n}}\n')
    with pytest.raises(TerraformError, match=r"main\.tf:2:7: .*more than 200 groups"):
        evaluate(tmp_path)


def test_too_long_a_chain_is_an_error_of_its_place(tmp_path: Path) -> None:
    chain = "".join(f"  l{it} = local.l{it + 1}\n" for it in range(5_000))
    (tmp_path / "main.tf").write_text(f"locals {{\n{chain}  l5000 = 1\n}}\n")
    with pytest.raises(TerraformError, match=r"main\.tf:\d+:\d+: Expressions are nested too deeply"):
        evaluate(tmp_path)


def test_json_that_is_nested_deeper_than_python_reads_is_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        data_of("[" * 100_000)
    assert not counts("{ $.a = 1 }", "[" * 100_000)
    (tmp_path / "main.tf").write_text(
        f'data "aws_iam_policy_document" "it" {{\n  source_policy_documents = ["{"[" * 100_000}"]\n}}\n'
        "locals {\n  x = data.aws_iam_policy_document.it.json\n}\n"
    )
    with pytest.raises(TerraformError, match=r"main\.tf:1:1: .* policy document is not valid JSON"):
        evaluate(tmp_path)


def test_a_glob_is_matched_in_linear_time() -> None:
    assert not globs.matching("**a" * 40 + "b")("a" * 5_000)
    assert globs.matching("**a" * 40)("a" * 5_000)


@pytest.mark.parametrize("used", ["actions", "workflows"])
def test_actions_that_use_one_another_are_counted(tmp_path: Path, used: str) -> None:
    for it in range(4):
        if used == "actions":
            (tmp_path / f"a{it}").mkdir()
            steps = f"    - uses: ./a{it + 1}\n" * 60
            (tmp_path / f"a{it}/action.yml").write_text(f"runs:\n  using: composite\n  steps:\n{steps}")
        else:
            jobs = "".join(f"  j{number}: {{uses: ./w{it + 1}.yml}}\n" for number in range(60))
            (tmp_path / f"w{it}.yml").write_text(f"on: push\njobs:\n{jobs}")
    if used == "actions":
        steps = "      - uses: ./a0\n" * 60
        (tmp_path / "w0.yml").write_text(f"on: push\njobs:\n  j:\n    steps:\n{steps}")
    with pytest.raises(ReadError, match=r"\.yml:\d+: more than 2,000 actions and workflows"):
        WorkflowFile(Checkout(tmp_path), tmp_path / "w0.yml")
