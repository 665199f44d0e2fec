"""The scripts do what they say, and health checks are seen for what they hide."""

import shutil
import subprocess
from pathlib import Path

import pytest

from plumbline.github.checkout import Checkout
from plumbline.kinds.health_check import HealthCheckScript
from plumbline.kinds.repository import LambdaSources, RepositoryFile
from plumbline.values.unknown import Undetermined
from selftest.front_door import REPOSITORY
from selftest.github.action import in_action
from selftest.hostile.sandbox import needs_sandbox

PRINTED = REPOSITORY / "benchmarks" / "runbook_scripts"
UPLOAD = "scripts/upload-templates.sh"
TEMPLATES = sorted(
    path.relative_to(REPOSITORY / "terraform/bbws/templates").as_posix()
    for path in (REPOSITORY / "terraform/bbws/templates").rglob("*.html")
)


@needs_sandbox
@pytest.mark.parametrize(
    ("script", "unnoticed"),
    [
        ("health-check-dynamodb.sh", ["a missing table", "recovery switched off"]),
        (
            "health-check-s3.sh",
            ["versioning switched off", "no encryption", "public access let in", "a missing template"],
        ),
    ],
)
def test_the_scripts_that_the_runbook_prints_hide_what_is_wrong(script: str, unnoticed: list[str]) -> None:
    assert (
        HealthCheckScript.from_repository(Checkout(PRINTED, runs_scripts=True), script).unnoticed == unnoticed
    )


@needs_sandbox
@pytest.mark.parametrize("script", ["health-check-dynamodb.sh", "health-check-s3.sh", "health-check-all.sh"])
def test_the_scripts_of_this_repository_hide_nothing(script: str) -> None:
    checkout = Checkout(REPOSITORY, runs_scripts=True)
    assert HealthCheckScript.from_repository(checkout, f"scripts/{script}").unnoticed == []


@needs_sandbox
def test_a_script_has_all_names_of_variables_to_itself(tmp_path: Path) -> None:
    (tmp_path / "check.sh").write_text(
        "fault=0 FAULT=0\naws dynamodb describe-table --table-name x || FAULT=1\nexit $FAULT\n"
    )
    checkout = Checkout(tmp_path, runs_scripts=True)
    assert HealthCheckScript.from_repository(checkout, "check.sh").unnoticed == []


CHECK = """#!/bin/bash
status=0
for key in a.html b.html c.html; do
  aws s3 ls "s3://mail-sit/$key" >/dev/null %s
done
[ "$(aws s3api get-bucket-versioning --bucket mail-sit --query Status --output text)" = Enabled ] %s
exit $status
"""


@needs_sandbox
@pytest.mark.parametrize(
    ("templates", "versioning", "unnoticed"),
    [
        ("|| status=1", "|| status=1", []),
        ("|| exit 1", "|| exit 3", []),
        ("|| status=1", "", ["versioning switched off"]),
        ("; status=$?", "|| status=1", ["a missing template"]),
        (
            '|| missing=$((missing + 1)); [ "$missing" != 3 ] || status=1',
            "|| status=1",
            ["a missing template"],
        ),
    ],
)
def test_every_check_of_a_script_is_tried_alone(
    tmp_path: Path, templates: str, versioning: str, unnoticed: list[str]
) -> None:
    (tmp_path / "check.sh").write_text(CHECK % (templates, versioning))
    checkout = Checkout(tmp_path, runs_scripts=True)
    assert HealthCheckScript.from_repository(checkout, "check.sh").unnoticed == unnoticed


@needs_sandbox
def test_a_script_that_always_ends_wrong_is_undetermined(tmp_path: Path) -> None:
    (tmp_path / "check.sh").write_text("#!/bin/bash\naws s3api head-bucket --bucket mail-sit\nexit 1\n")
    script = HealthCheckScript.from_repository(Checkout(tmp_path, runs_scripts=True), "check.sh")
    with pytest.raises(Undetermined, match="ends with 1 where all is well"):
        _ = script.unnoticed == []


@needs_sandbox
def test_a_script_that_asks_nothing_is_undetermined(tmp_path: Path) -> None:
    (tmp_path / "check.sh").write_text("#!/bin/bash\ncurl --version\n")
    with pytest.raises(Undetermined, match="asks neither aws nor pytest"):
        _ = (
            HealthCheckScript.from_repository(Checkout(tmp_path, runs_scripts=True), "check.sh").unnoticed
            == []
        )


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("a.html", "<!-- a comment -->\n<!DOCTYPE html>\n<p>Dear", "HTML document"),
        ("a.html", "<html lang=en>", "HTML document that shows nothing"),
        ("a.html", "", "something else"),
        ("a.sh", "#!/usr/bin/env -S bash -e\n", "shell script"),
        ("a.sh", "#!/usr/bin/python3\n", "something else"),
        ("a.json", '{"Statement": {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}}', "IAM policy"),
        ("a.json", '{"Statement": []}', "JSON"),
        ("a.json", '{"Statement": [{"Effect": "Allow", "Action": "s3:*"}]}', "JSON"),
        ("a.json", "[1]", "JSON"),
        ("a.json", "{", "JSON"),
    ],
)
def test_a_file_is_known_by_what_it_holds(tmp_path: Path, name: str, content: str, format_: str) -> None:
    (tmp_path / name).write_text(content)
    assert RepositoryFile.from_repository(Checkout(tmp_path), name).format == format_


def test_the_first_mistake_of_a_script_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("#!/bin/bash\nif true; then\n")
    assert "a.sh: line 3" in str(RepositoryFile.from_repository(Checkout(tmp_path), "a.sh").mistake)


@pytest.mark.parametrize("quote", "\"'`")
def test_template_keys_are_found_in_code_with_their_lines(tmp_path: Path, quote: str) -> None:
    (tmp_path / "lambda").mkdir()
    (tmp_path / "lambda" / "mail.ts").write_text(f"\nsend({quote}billing/bill.html{quote})\n")
    sources = LambdaSources.from_repository(Checkout(tmp_path), "lambda")
    assert list(sources.template_keys) == ["billing/bill.html"]
    assert sources.template_keys["billing/bill.html"].endswith("lambda/mail.ts:2")
    assert sources.other_keys_than(["billing/invoice.html"]) == ["billing/bill.html"]


def test_a_key_that_is_made_at_run_time_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "lambda").mkdir()
    (tmp_path / "lambda" / "mail.py").write_text('key = f"billing/{kind}.html"\n')
    sources = LambdaSources.from_repository(Checkout(tmp_path), "lambda")
    with pytest.raises(Undetermined, match=r"the key billing/\{kind\}.html is made at run time"):
        sources.other_keys_than(["billing/invoice.html"])


AWS = """#!/bin/bash
echo "$*" >> "$CALLS"
[ "$3" != "$REFUSED" ]
"""


def upload(
    folder: Path, *arguments: str, refused: str = "", aws: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run the script with an `aws` that notes its calls and refuses one template."""
    (folder / "bin").mkdir()
    if aws:
        (folder / "bin" / "aws").write_text(AWS)
        (folder / "bin" / "aws").chmod(0o755)
    for tool in ("bash", "env", "dirname", "find", "sort"):
        (folder / "bin" / tool).symlink_to(str(shutil.which(tool)))
    variables = {"PATH": str(folder / "bin"), "CALLS": str(folder / "calls"), "REFUSED": refused}
    return subprocess.run([REPOSITORY / UPLOAD, *arguments], env=variables, capture_output=True, text=True)


def test_all_templates_are_uploaded_under_their_keys(tmp_path: Path) -> None:
    run = upload(tmp_path, "sit")
    assert (run.returncode, run.stdout.splitlines()[-1]) == (
        0,
        "12 of 12 templates uploaded to bbws-templates-sit",
    )
    options = "--region af-south-1 --content-type text/html --only-show-errors"
    calls = [f"s3 cp {key} s3://bbws-templates-sit/{key} {options}" for key in TEMPLATES]
    assert (tmp_path / "calls").read_text().splitlines() == calls


def test_a_named_template_is_uploaded_alone(tmp_path: Path) -> None:
    assert upload(tmp_path, "dev", "billing/invoice.html").returncode == 0
    assert len((tmp_path / "calls").read_text().splitlines()) == 1


def test_an_upload_that_fails_is_told_and_ends_wrong(tmp_path: Path) -> None:
    run = upload(tmp_path, "dev", refused="billing/invoice.html")
    assert run.returncode == 1
    assert "✗ billing/invoice.html" in run.stdout
    assert "11 of 12 templates uploaded to bbws-templates-dev" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "aws", "status", "said"),
    [
        ([], True, 2, "usage: "),
        (["uat"], True, 2, "usage: "),
        (
            ["dev", "billing/bill.html"],
            True,
            2,
            "nothing was uploaded: there is no template billing/bill.html in",
        ),
        (["dev"], False, 3, "nothing was uploaded: the AWS CLI is not installed here"),
    ],
)
def test_what_cannot_be_uploaded_is_refused_before_anything_is(
    tmp_path: Path, arguments: list[str], aws: bool, status: int, said: str
) -> None:
    run = upload(tmp_path, *arguments, aws=aws)
    assert run.returncode == status
    assert said in run.stderr
    assert not (tmp_path / "calls").exists()


@pytest.mark.parametrize(
    ("environment", "arguments", "ends", "printed"),
    [
        ("sit", "-m static tests/ci", 0, "plumbline: bbws (sit) on hcl, repository, moto"),
        ("", "-m static tests/ci", 0, "plumbline: bbws (dev, sit, prod)"),
        ("sti", "-m static", 4, "did you mean sit?"),
        ("bbws/dev", "--live tests/backup", 4, "credentials"),
    ],
)
def test_the_action_runs_what_it_is_asked_for(
    environment: str, arguments: str, ends: int, printed: str
) -> None:
    nobody = {"AWS_CONFIG_FILE": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere"}
    run = in_action(REPOSITORY, nobody, environment=environment, arguments=arguments)
    assert run.returncode == ends, run.stdout + run.stderr
    assert printed in run.stdout + run.stderr
