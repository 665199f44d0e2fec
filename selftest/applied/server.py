"""A moto server in a process of its own, because moto takes the account it stands for from the process.

`python -m selftest.applied.server PID` prints its port, and ends when that process does: so no server
outlives the run it was started for, however that run ends.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3
from moto.server import ThreadedMotoServer

from plumbline.aws.session import ask_the_address_itself
from plumbline.sources.moto import extensions

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class MotoServer:
    """One account in one process."""

    account: str
    endpoint: str
    log: str

    def complaints(self) -> str:
        """What the server said beside its list of requests: above all, which operation moto lacks."""
        lines = Path(self.log).read_text().splitlines()
        return "\n".join(line for line in lines if not line.startswith("127.0.0.1 - - ["))


def start_server(account: str, log: Path, owner: int) -> tuple[MotoServer, subprocess.Popen[str]]:
    """A server for this account, with the extensions and AWS's managed policies, until its owner ends."""
    variables = {"MOTO_ACCOUNT_ID": account, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(owner)],
            cwd=REPOSITORY,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    assert port, f"the moto server did not start: {log.read_text()}"
    return MotoServer(account, f"http://127.0.0.1:{port}", str(log)), process


def session() -> boto3.Session:
    """A session that meets a server under its address, whatever credentials it asks for."""
    made = boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing")
    made.events.register("before-call.s3-control", ask_the_address_itself)
    return made


@contextmanager
def moto_server(account: str) -> Iterator[MotoServer]:
    """A server for as long as the block runs."""
    with TemporaryDirectory(prefix="moto-server-") as folder:
        server, process = start_server(account, Path(folder) / "log", owner=os.getpid())
        with process:
            try:
                yield server
            finally:
                process.terminate()


def serve(owner: int) -> None:
    """Serve until the owner is gone."""
    extensions.install()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], flush=True)
    while is_running(owner):
        time.sleep(0.5)


def is_running(process: int) -> bool:
    """Whether there is such a process; signal 0 asks and does nothing."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    serve(int(sys.argv[1]))
