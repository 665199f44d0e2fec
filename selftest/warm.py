"""An interpreter with the libraries of a run loaded, from which runs of pytest are forked.

`python -m selftest.warm` reads a request from each line of its standard input, and answers with the process
that it forked and then with how that ended. Of the engine is loaded what knows no place: a tree has sentences
and stacks of its own, and where it has an engine of its own, too, that is loaded anew.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import runpy
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import CodeType
from typing import Any, NoReturn

LOADED = (
    *("_pytest.config", "_pytest.junitxml", "pytest", "jinja2", "yaml", "pydantic", "filelock", "re2"),
    *("regex", "hcl2", "lark", "boto3", "botocore.session", "botocore.client", "botocore.httpsession"),
    *("jmespath", "responses", "requests", "werkzeug", "urllib3", "moto", "moto.backends"),
    *("moto.core.botocore_stubber", "moto.sts.models", "moto.ec2.models", "moto.logs.models"),
    *("moto.dynamodb.models", "moto.s3.models", "moto.iam.models", "moto.cloudwatch.models"),
    *("moto.events.models", "moto.sns.models", "moto.backup.models", "moto.config.models"),
    *("moto.cloudtrail.models", "moto.dynamodb.responses", "moto.s3.responses", "moto.iam.responses"),
)
"""No plugin of pytest is among them: pytest rewrites the assertions of those when it loads them."""
ENGINE = Path(__file__).parents[1] / "plumbline"
PLACELESS = ("values", "kinds", "terraform", "aws", "github", "policy", "sources", "expectations")
"""Packages of the engine that are loaded, but for the module that says where stacks and sentences lie."""
_OF_A_PLACE = "plumbline.expectations.home"


class Warm:
    """The interpreter, as the proofs of this process use it; one run at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def takes(self, variables: Mapping[str, str]) -> bool:
        """Whether a run with these environment variables would have the same interpreter."""
        return _of_python(variables) == _of_python(os.environ)

    def run(
        self, arguments: Sequence[str], cwd: Path, variables: Mapping[str, str], folder: Path, patience: float
    ) -> subprocess.CompletedProcess[str]:
        """Run `python -m pytest ARGUMENTS`. Raises `TimeoutExpired` as `subprocess.run` does."""
        out, err = folder / "stdout", folder / "stderr"
        request = {
            "arguments": list(arguments),
            "cwd": os.fspath(cwd),
            "variables": dict(variables),
            "out": os.fspath(out),
            "err": os.fspath(err),
        }
        with self._lock:
            process = self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            child = int(process.stdout.readline())
            if not select.select([process.stdout], [], [], patience)[0]:
                os.kill(child, signal.SIGKILL)
                process.stdout.readline()
                raise subprocess.TimeoutExpired(list(arguments), patience)
            code = int(process.stdout.readline())
        return subprocess.CompletedProcess(list(arguments), code, _text(out), _text(err))

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                cwd=Path(__file__).parents[1],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")


def _of_python(variables: Mapping[str, str]) -> dict[str, str]:
    """Return what Python itself reads when it starts; bytecode is written wherever it may be."""
    read = ("PYTHON", "LC_", "LANG")
    return {
        name: value
        for name, value in variables.items()
        if name.startswith(read) and name != "PYTHONDONTWRITEBYTECODE"
    }


def serve() -> None:
    """Fork a run for each request, until there are no more."""
    for name in LOADED:
        importlib.import_module(name)
    load_engine()
    load_services()
    load_sentences()
    keep_entry_points()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            become(request)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def load_engine() -> None:
    """Load of the engine what knows no place, and make what every run makes of it."""
    for package in PLACELESS:
        root = importlib.import_module(f"plumbline.{package}")
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            importlib.import_module(module.name)
    stack = importlib.import_module("plumbline.expectations.stack")
    runbook = importlib.import_module("plumbline.expectations.runbook")
    directory = importlib.import_module("plumbline.terraform.directory")
    problems = importlib.import_module("plumbline.terraform.problems").Problems()
    everywhere = importlib.import_module("plumbline.values.files").EVERYWHERE
    for path in sorted((ENGINE.parent / "terraform").rglob("*.tf")):
        directory.read_body(path, problems, everywhere)
    for path in sorted((ENGINE.parent / "fixtures/stacks").glob("*.yaml")):
        runbook.Runbook.of(stack.Stack(path), ENGINE.parent / "fixtures/runbooks")
    del sys.modules[_OF_A_PLACE]


def load_services() -> None:
    """Read what botocore knows of the services that kinds read; each session would read it again."""
    import botocore.session
    from botocore.loaders import JSONFileLoader

    read = JSONFileLoader.load_file
    known = functools.cache(lambda path: read(JSONFileLoader(), path))
    JSONFileLoader.load_file = lambda self, path: known(path)  # type: ignore[method-assign]
    operations = importlib.import_module("plumbline.kinds.registry").operations(writes=True)
    for service in sorted({"sts", *(it.partition(":")[0] for it in operations)}):
        botocore.session.get_session().create_client(
            service, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
        )


def load_sentences() -> None:
    """Let pytest rewrite the assertions of the suite once; each tree has a copy of it to rewrite again."""
    from _pytest.assertion import rewrite

    names = importlib.import_module("plumbline.values.names")
    rewrite_again, rewritten = rewrite._rewrite_test, dict[bytes, CodeType]()
    for path in (ENGINE.parent / "tests").rglob("*.py"):
        source = path.read_bytes()
        names._functions(source.decode())
        rewritten[source] = rewrite_again(path, None)[1]  # type: ignore[arg-type]

    def known(path: Path, config: Any) -> tuple[bytes, CodeType]:
        source = path.read_bytes()
        if source not in rewritten or config.getini("enable_assertion_pass_hook"):
            return rewrite_again(path, config)
        return importlib.util.source_hash(source), _placed(rewritten[source], os.fspath(path))

    rewrite._rewrite_test = known


def _placed(code: CodeType, path: str) -> CodeType:
    """Return code as that of another file."""
    constants = (_placed(it, path) if isinstance(it, CodeType) else it for it in code.co_consts)
    return code.replace(co_filename=path, co_consts=tuple(constants))


def keep_entry_points() -> None:
    """Read once which plugins are installed; pluggy reads it again for each `-p`."""
    from importlib import metadata

    entry_points = functools.cached_property(metadata.Distribution.entry_points.fget)  # type: ignore[attr-defined]
    entry_points.__set_name__(metadata.Distribution, "entry_points")
    metadata.Distribution.entry_points = entry_points  # type: ignore[assignment, method-assign]
    installed = [*metadata.distributions()]
    for it in installed:
        assert it.entry_points is not None
    search = metadata.distributions
    metadata.distributions = lambda **asked: search(**asked) if asked else iter(installed)


def place_engine(tree: Path) -> None:
    """Let the engine that is loaded be that of a tree, where the tree has the same one."""
    loaded = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "plumbline"}
    if (tree / ENGINE.name).resolve() != ENGINE:
        for name in loaded:
            del sys.modules[name]
        return
    for module in loaded.values():
        if hasattr(module, "__path__"):
            module.__path__ = [
                os.fspath(tree / Path(it).relative_to(ENGINE.parent)) for it in module.__path__
            ]


def become(request: dict[str, Any]) -> None:
    """Turn this process into the run that was asked for."""
    for descriptor, path in ((1, request["out"]), (2, request["err"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["variables"])
    sys.path[0] = request["cwd"]
    place_engine(Path(request["cwd"]))
    sys.argv = ["pytest", *request["arguments"]]
    sys.dont_write_bytecode = False
    for name in [name for name in sys.modules if name.partition(".")[0] == "selftest"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    code: object = 0
    try:
        runpy.run_module("pytest", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code
    end(code if isinstance(code, int) else int(code is not None))


def end(code: int) -> NoReturn:
    """End this process as Python does, but do not take apart what was loaded, piece by piece."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


if __name__ == "__main__":
    serve()
