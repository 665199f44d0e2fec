"""An environment of a stack's reference Terraform, applied."""

import json
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from plumbline.aws.reads import Answers, Aws
from plumbline.kinds.cloudwatch import Alarm
from plumbline.kinds.output import Output
from plumbline.sources.moto.extensions import STATE as VERDICT
from plumbline.values.filling import fill
from selftest.applied import people
from selftest.applied.server import MotoServer, session, start_server
from selftest.front_door import SuiteRun, variables_of_server
from selftest.mutations import history
from selftest.stacks.front_door import run_stack
from selftest.stacks.proven import Proven
from selftest.terraform.mirror import plugins

# What a moto server needs and the code must not carry: a state beside the copy instead of in a bucket,
# path-style bucket names, and an early end of retries (a call that moto lacks is else repeated for minutes).
# The tag that tells moto what AWS Config found is none of Terraform's.
LOCAL_STATE = 'terraform {\n  backend "local" {}\n}\n'
PROVIDER = f"""\
provider "aws" {{{{
{{alias}}  s3_use_path_style = true
  max_retries       = 2
  ignore_tags {{{{
    keys = ["{VERDICT}"]
  }}}}
}}}}
"""

PROGRAMS = Path(__file__).parent / "programs"
"""What stands in for programs that Terraform starts and that need a network."""

OUTPUTS = "outputs.json"
"""Where `terraform output -json` is kept of a root."""

# Held so that Python does not complain of processes that are left running: they end with the run.
_SERVERS: list[subprocess.Popen[str]] = []


@dataclass(frozen=True)
class Applied:
    """An environment whose roots are applied, and how to reach it."""

    proven: Proven
    environment: str
    server: MotoServer
    folder: Path

    @property
    def region(self) -> str:
        return self.proven.region(self.environment)

    @property
    def roots(self) -> list[str]:
        return self.proven.stack.roots(self.environment)

    @property
    def account(self) -> str:
        return self.server.account

    @property
    def endpoint(self) -> str:
        return self.server.endpoint

    @property
    def variables(self) -> dict[str, str]:
        """The process environment in which terraform, pytest --live or the AWS CLI meet this account only."""
        foreign = ("AWS_", "TF_", "MOTO_")
        return {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | {
            **variables_of_server(self.endpoint),
            "AWS_REGION": self.region,
        }

    def client(self, service: str, region: str = "") -> Any:
        """A boto3 client of this account: to read it back, or to break one thing."""
        return session().client(service, region_name=region or self.region, endpoint_url=self.endpoint)

    @property
    def outputs(self) -> list[str]:
        """What tells a live run the names that Terraform makes up."""
        found_by = (it.found_by for it in self.proven.stack.subjects(self.environment).values())
        roots = {it.root for it in found_by if isinstance(it, Output)}
        return [f"--outputs={root}={self.folder / root / OUTPUTS}" for root in sorted(roots)]

    def run(self, *arguments: str, **variables: str) -> SuiteRun:
        """Run the suite on the environment as its users do, by default with the account's variables."""
        outputs = self.outputs if "--live" in arguments else []
        given = ("--env", self.environment, *outputs, *arguments)
        return run_stack(self.proven, *given, variables=self.variables | variables)

    def tag_table(self, table_arn: str, *tags: dict[str, str]) -> None:
        """Set tags of a table. DynamoDB replaces a tag of the same key; moto appends it, so it goes first."""
        dynamodb = self.client("dynamodb")
        dynamodb.untag_resource(ResourceArn=table_arn, TagKeys=[tag["Key"] for tag in tags])
        dynamodb.tag_resource(ResourceArn=table_arn, Tags=list(tags))

    def terraform(self, root: str, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command in one root's copy.

        The provider asks for an account's own settings at a name below the endpoint's address, which nobody
        can resolve: the server is also the proxy that such names are asked through.
        """
        automation = {"TF_IN_AUTOMATION": "1", "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
        automation["HTTP_PROXY"] = self.endpoint
        automation["PATH"] = os.pathsep.join((str(PROGRAMS), os.environ["PATH"]))
        return subprocess.run(
            ["terraform", command, "-no-color", *arguments],
            cwd=self.folder / root,
            env=self.variables | automation,
            capture_output=True,
            text=True,
        )

    def with_variables(self, root: str, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command that evaluates the root, with the runbook's variable and the environment's tfvars."""
        placeholders = self.proven.stack.placeholders(self.environment)
        source = fill(self.proven.stack.terraform, placeholders)
        variables = self.proven.stack.terraform.given(root, placeholders)
        given = [f"-var={name}={value}" for name, value in variables.items()]
        files = [f"-var-file={name}" for name in source.var_files if (self.folder / root / name).is_file()]
        return self.terraform(root, command, "-input=false", *given, *files, *arguments)

    def explain(self, outcome: subprocess.CompletedProcess[str]) -> str:
        """What terraform said, and what moto said to it."""
        said = f"{' '.join(outcome.args)}\n{outcome.stdout}\n{outcome.stderr}"
        return f"{said}\nThe moto server said:\n{self.server.complaints()}"


def cannot_apply() -> str | None:
    """Why no Terraform can be applied here, if so."""
    if shutil.which("terraform") is None:
        return "terraform is not on the PATH"
    if "TF_PLUGIN_DIR" not in os.environ:
        return "TF_PLUGIN_DIR does not name a folder with the AWS provider"
    return None


def apply_once(proven: Proven, environment: str, shared: Path, run: int) -> Applied:
    """Apply the environment, once for all processes of a run that share this folder; call it under a lock."""
    folder = shared / f"{proven.name}-{environment}"
    done, failed = folder.with_suffix(".json"), folder.with_suffix(".failed")
    if failed.exists():
        raise AssertionError(failed.read_text())
    if done.exists():
        return Applied(proven, environment, MotoServer(**json.loads(done.read_text())), folder)
    try:
        applied = _apply_all(proven, environment, folder, run)
    except AssertionError as error:
        failed.write_text(str(error))
        raise
    done.write_text(json.dumps(asdict(applied.server)))
    return applied


def _apply_all(proven: Proven, environment: str, folder: Path, run: int) -> Applied:
    server, process = start_server(proven.accounts[environment], folder.with_suffix(".log"), owner=run)
    _SERVERS.append(process)
    applied = Applied(proven, environment, server, folder)
    copy_source(proven, folder)
    plugins()  # before several threads ask for it at once, of which each would make a folder of its own
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda root: _apply(applied, root), applied.roots))
    _let_config_judge(applied)
    _let_alarms_be_measured(applied)
    _keep_states(applied)
    people.join(applied)
    return applied


def _keep_states(applied: Applied) -> None:
    """Put the states where the runbook has them: these copies keep theirs beside them."""
    for subject in applied.proven.stack.subjects(applied.environment).values():
        if subject.kind.noun == "state_object":
            bucket, _, key = subject.name.partition("/")
            root = next(root for root in applied.roots if key.startswith(f"{root}/"))
            state = applied.folder / root / "terraform.tfstate"
            for _ in range(subject.expected.get("least_versions", 1)):
                applied.client("s3").put_object(Bucket=bucket, Key=key, Body=state.read_bytes())


def _let_config_judge(applied: Applied) -> None:
    """Let every rule of AWS Config have found nothing wrong, as in an account that is healthy for a while."""
    config = applied.client("config")
    for rule in config.describe_config_rules()["ConfigRules"]:
        verdict = {"Key": VERDICT, "Value": "COMPLIANT"}
        config.tag_resource(ResourceArn=rule["ConfigRuleArn"], Tags=[verdict])


def _let_alarms_be_measured(applied: Applied) -> None:
    """Let CloudWatch have recorded what alarms are on, as where an environment was used for a while."""
    aws = Aws(applied.client, applied.account, applied.region, Answers(), calls=None)
    for subject in applied.proven.stack.subjects(applied.environment).values():
        if subject.kind is Alarm:
            history.watched(aws, subject)


def copy_source(proven: Proven, folder: Path) -> None:
    """Copy the roots, with the settings for a test laid over them."""
    shutil.copytree(proven.reference, folder, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    for root in proven.roots:
        aliases = re.findall(r"^ *alias .*\n", (folder / root / "providers.tf").read_text(), re.MULTILINE)
        providers = [PROVIDER.format(alias=alias) for alias in ("", *aliases)]
        (folder / root / "test_override.tf").write_text("\n".join([LOCAL_STATE, *providers]))


def _apply(applied: Applied, root: str) -> None:
    for outcome in (
        applied.terraform(root, "init", "-input=false", f"-plugin-dir={plugins()}"),
        applied.with_variables(root, "apply", "-auto-approve"),
        outputs := applied.terraform(root, "output", "-json"),
    ):
        assert outcome.returncode == 0, applied.explain(outcome)
    (applied.folder / root / OUTPUTS).write_text(outputs.stdout)
