"""The options that the suite adds to pytest, but for those that name the file of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plumbline.suite.finding import SOURCES
from plumbline.values.files import ALLOWED_BY

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "--stack": {"action": "append", "metavar": "NAME", "help": "only this stack (repeatable)"},
    "--env": {
        "action": "append",
        "metavar": "NAME",
        "help": "only this environment: NAME, STACK/NAME (repeatable)",
    },
    "--source": {
        "action": "append",
        "metavar": "NAME",
        "help": f"only this evidence: {', '.join(SOURCES)}",
    },
    "--only": {
        "action": "append",
        "metavar": "owner:NAME",
        "help": "only what is asked of the resources of this owner (repeatable)",
    },
    "--live": {"action": "store_true", "help": "examine the deployed account and nothing else"},
    "--endpoint": {
        "action": "append",
        "metavar": "SERVICE=URL",
        "help": "on live, ask this service here, and all others where the account is asked (repeatable)",
    },
    "--window": {
        "metavar": "LENGTH",
        "help": "examine on live what happened this long until now, too: 15m, 1h, 24h, 7d",
    },
    "--allow-writes": {
        "action": "store_true",
        "help": "run probes on live, too: they write, say what, and remove it afterwards",
    },
    "--allow-writes-in-production": {"action": "store_true", "help": "run probes in production, too"},
    "--allow-secret-reads": {
        "action": "store_true",
        "help": "read secrets on live, too, in memory: only whether they have their form is told",
    },
    "--terraform": {
        "action": "append",
        "metavar": "DIR | ROOT=DIR",
        "help": "where the Terraform lies: a folder that holds the stack's roots, or one root (repeatable)",
    },
    "--repository": {
        "action": "append",
        "metavar": "DIR | STACK=DIR",
        "help": "the checkout whose files, and Terraform if no other is given, are examined (repeatable)",
    },
    "--github": {
        "metavar": "OWNER/NAME",
        "help": "read the repository's settings on GitHub too, with the token in GH_TOKEN or GITHUB_TOKEN",
    },
    "--run-scripts": {
        "action": "store_true",
        "help": "run scripts of the examined checkout to see what they say, in a sandbox (bubblewrap)",
    },
    ALLOWED_BY: {
        "action": "store_true",
        "help": "let Terraform's functions read files outside of the examined checkout, too",
    },
    "--plan": {
        "action": "append",
        "metavar": "FILE | ROOT=FILE",
        "help": "examine this file: what `terraform show -json` prints of a saved plan (repeatable)",
    },
    "--applied": {
        "action": "store_true",
        "help": "the plans are of code that is applied already: that they change nothing is asked, too",
    },
    "--state": {
        "action": "append",
        "metavar": "FILE | ROOT=FILE",
        "help": "examine this file: what `terraform show -json` prints of a state, or the state itself",
    },
    "--outputs": {
        "action": "append",
        "metavar": "FILE | ROOT=FILE",
        "help": "names on live that are outputs of Terraform: what `terraform output -json` prints",
    },
    "--data": {
        "action": "append",
        "metavar": "ADDRESS=JSON",
        "help": "what a data source of Terraform gives that an account alone knows (repeatable)",
    },
    "--evidence": {
        "metavar": "FILE",
        "help": "examine what --save-evidence wrote, and nothing else: no network",
    },
    "--fail-on": {
        "action": "append",
        "metavar": "WHAT",
        "help": "what fails the run: P1 to P4 (that and worse; all unless said), undetermined, no-data",
    },
    "--baseline": {
        "metavar": "FILE",
        "help": "fail on what is new beside this file, which --results wrote",
    },
    "--concurrency": {
        "type": int,
        "default": 16,
        "metavar": "N",
        "help": "reads in flight at once on live (default 16)",
    },
}
"""The suite's options, as argparse takes them."""

OF_REPORTS: Mapping[str, Mapping[str, Any]] = {
    "--results-dir": {
        "metavar": "DIR",
        "help": "keep a results file of each run in this folder, and tell since when each finding is there",
    },
    "--notify": {
        "metavar": "URL",
        "help": "tell this webhook (Slack's, or what takes the same) what is new and fixed, beside "
        "--baseline",
    },
}
"""Those that say where else a run is told, as argparse takes them."""
