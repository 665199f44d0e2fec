"""The runbook's own health check beside the suite: how long each takes, and what each notices.

    TF_PLUGIN_DIR=<folder with the AWS provider> python -m benchmarks.health_check [--runbook FILE] [--runs 5]

The baseline are the three scripts of the runbook's section 5, unchanged, with the AWS CLI in an environment
of its own. Both sides examine the same account: terraform/bbws, applied for dev to a moto server.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from selftest.applied.environment import Applied, apply_once, cannot_apply
from selftest.stacks.bbws import BBWS
from selftest.stacks.bbws.faults import FAULTS, Fault

HERE = Path(__file__).parent
REPOSITORY = HERE.parent
SCRIPTS = HERE / "runbook_scripts"
AWS_CLI = "1.46.2"  # the runbook assumes version 2, which is not on PyPI
ENVIRONMENT = "dev"
TEN_FAULTS = (
    "point in time recovery is off",
    "a table lacks a tag",
    "the index is missing",
    "a table is missing",
    "versioning is suspended",
    "one public access flag is off",
    "the bucket policy is public",
    "encryption is not configured",
    "a template is missing",
    "the selection covers two tables of three",
)


@dataclass(frozen=True)
class Checked:
    """One run of one side."""

    seconds: float
    exit_code: int
    printed: str


def main() -> None:
    """Measure, and print what came out."""
    arguments = parsed_arguments()
    if reason := cannot_apply():
        sys.exit(f"nothing can be measured: {reason}")
    command_line = installed_aws_cli()
    with tempfile.TemporaryDirectory(prefix="health-check-") as name:
        folder = Path(name)
        scripts = folder / "scripts"
        extract(arguments.runbook, scripts) if arguments.runbook else shutil.copytree(SCRIPTS, scripts)
        for script in scripts.iterdir():
            script.chmod(0o755)
        print("Applying terraform/bbws for dev to a moto server ...", flush=True)
        account = apply_once(BBWS, ENVIRONMENT, folder, os.getpid())

        def by_scripts(variables: Mapping[str, str]) -> Checked:
            path = f"{command_line}{os.pathsep}{os.environ['PATH']}"
            return run(["./scripts/health-check-all.sh", ENVIRONMENT], folder, {**variables, "PATH": path})

        def by_suite(variables: Mapping[str, str]) -> Checked:
            suite = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--env", ENVIRONMENT, "--live"]
            return run(suite, REPOSITORY, variables)

        compare_times(account, by_scripts, by_suite, arguments.runs)
        compare_findings(account, by_scripts, by_suite)


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--runbook", type=Path, help="take the scripts from this runbook instead of the copies here"
    )
    parser.add_argument("--runs", type=int, default=5, help="how often each side runs (default 5)")
    return parser.parse_args()


def installed_aws_cli() -> Path:
    """The folder of the `aws` command, installed from PyPI when it is first needed."""
    environment = REPOSITORY / "build" / f"awscli-{AWS_CLI}"
    if not (environment / "bin" / "aws").exists():
        print(f"Installing awscli {AWS_CLI} into {environment.relative_to(REPOSITORY)} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
        subprocess.run([*pip, "--quiet", f"awscli=={AWS_CLI}"], check=True)
    return environment / "bin"


def extract(runbook: Path, folder: Path) -> None:
    """Write the scripts that the runbook prints under their names."""
    folder.mkdir()
    printed = r"script: `scripts/([\w-]+\.sh)`\*\*:\n```bash\n(.*?)```"
    for name, script in re.findall(printed, runbook.read_text(), re.DOTALL):
        (folder / name).write_text(script)


def run(command: list[str], folder: Path, variables: Mapping[str, str]) -> Checked:
    began = time.perf_counter()
    ended = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    return Checked(time.perf_counter() - began, ended.returncode, ended.stdout + ended.stderr)


Check = Callable[[Mapping[str, str]], Checked]


def compare_times(account: Applied, by_scripts: Check, by_suite: Check, runs: int) -> None:
    """Run both sides in turn, the first time unmeasured, and print the ratio of the medians."""
    for check in (by_scripts, by_suite):
        first = check(account.variables)
        if first.exit_code:
            sys.exit(f"the healthy account was found ill:\n{first.printed}")
    pairs = [(by_scripts(account.variables), by_suite(account.variables)) for _ in range(runs)]
    baseline = [scripts.seconds for scripts, _ in pairs]
    suite = [checked.seconds for _, checked in pairs]
    print(f"\n{runs} runs each, in turn, on {os.cpu_count()} cores; median (least to most) in seconds")
    for name, seconds in (
        ("the runbook's three scripts (baseline)", baseline),
        ("pytest --env dev --live", suite),
    ):
        print(f"  {name:<40}{statistics.median(seconds):6.2f}  ({min(seconds):.2f} to {max(seconds):.2f})")
    print(f"  {'the suite is faster by':<40}{statistics.median(baseline) / statistics.median(suite):6.1f}")


def compare_findings(account: Applied, by_scripts: Check, by_suite: Check) -> None:
    """Plant ten faults, one after another, and print who notices which."""
    healthy = by_scripts(account.variables).printed
    faults = {fault.name: fault for fault in FAULTS}
    noticed: list[tuple[bool, bool, bool]] = []
    print(f"\n{'fault':<44}{'suite fails':<13}{'scripts fail':<14}scripts print something else")
    for name in TEN_FAULTS:
        with faults[name].planted(account) as endpoint:
            variables = account.variables | {"AWS_ENDPOINT_URL": endpoint}
            scripts, suite = by_scripts(variables), by_suite(variables)
        noticed.append((named(faults[name], suite), scripts.exit_code != 0, scripts.printed != healthy))
        print(
            f"{name:<44}" + "".join(f"{'✓' if it else '-':<13} " for it in noticed[-1]).rstrip(), flush=True
        )
    totals = [sum(column) for column in zip(*noticed, strict=True)]
    print(f"{'noticed of ' + str(len(noticed)):<44}" + "".join(f"{total:<13} " for total in totals).rstrip())


def named(fault: Fault, suite: Checked) -> bool:
    """Whether the suite fails and names every invariant that the fault breaks."""
    return suite.exit_code == 1 and all(identifier in suite.printed for identifier, _ in fault.fails)


if __name__ == "__main__":
    main()
