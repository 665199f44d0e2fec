"""Takes the screenshots of docs/gallery.md: `python -m docs.gallery [reports] [lake]`.

Needs Chromium and, for Allure, npx. The suite runs on a copy of the reference Terraform with four things
broken, as the proofs of the reports do; the data lake on a copy of its own, and on one that is applied to a
moto server, for which it needs Terraform and the folder of providers that TF_PLUGIN_DIR names.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2
from ansi2html import Ansi2HTMLConverter
from markdown_it import MarkdownIt
from playwright.sync_api import Browser

from selftest.applied.environment import apply_once
from selftest.front_door import REPOSITORY, neutral_variables
from selftest.reports.broken_tree import Reported, break_everything, report_on
from selftest.reports.browser import offline_page, opened, served
from selftest.stacks.proven import STACKS

IMAGES = Path(__file__).parent / "images"
ALLURE = "allure@3.18.0"

FRAME = jinja2.Template(
    """<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 1.5rem; background: {{ paper }}; color: {{ ink }} }
    body { font: 15px/1.5 system-ui, sans-serif }
    pre { font: 14px/1.45 Menlo, Consolas, "DejaVu Sans Mono", monospace; margin: 0; white-space: pre-wrap }
    table { border-collapse: collapse } td, th { border: 1px solid #d0d7de; padding: .3rem .8rem }
    details { margin: .4rem 0 }
    details pre { background: #f6f8fa; padding: 1rem; border-radius: 6px; font-size: 13px }
    </style>{{ body }}"""
)


def main(chosen: Sequence[str]) -> None:
    """Take every screenshot anew, or those of the parts that are named."""
    IMAGES.mkdir(exist_ok=True)
    for name, take in {"reports": _reports, "lake": _lake}.items():
        if not chosen or name in chosen:
            with tempfile.TemporaryDirectory(prefix="plumbline-") as folder, opened() as browser:
                take(browser, Path(folder))


def _reports(browser: Browser, folder: Path) -> None:
    tree = break_everything(folder / "infra")
    (folder / "reports").mkdir()
    reported = report_on(tree, folder / "reports", "-p", "no:randomly")
    for path in (it for it in reported.folder.rglob("*") if it.is_file()):
        path.write_text(_at_home(path.read_text(encoding="utf-8"), tree), encoding="utf-8")
    _terminal(browser, f"pytest --terraform={tree} --source=hcl", "terminal.png", tree)
    _page(browser, reported)
    _summary(browser, reported)
    _incident(browser, reported)
    _allure(browser, reported)


def _lake(browser: Browser, folder: Path) -> None:
    """Show it as it stands, a stage that could be opened to all, and an account that keeps no versions."""
    _terminal(browser, "pytest --stack data-lake", "data-lake.png")
    tree = folder / "lake"
    shutil.copytree(REPOSITORY / "terraform/data-lake", tree)
    zones = tree / "modules/data_lake/main.tf"
    text = zones.read_text(encoding="utf-8")
    assert "block_public_policy     = true" in text
    zones.write_text(text.replace("block_public_policy     = true", "block_public_policy     = false"))
    _terminal(browser, f"pytest --env data-lake/stage --terraform={tree}", "data-lake-stage.png", tree)
    lake = next(it for it in STACKS if it.name == "data-lake")
    applied = apply_once(lake, "dev", folder, os.getpid())
    raw = f"dp-dev-raw-{applied.account}"
    applied.client("s3").put_bucket_versioning(Bucket=raw, VersioningConfiguration={"Status": "Suspended"})
    given = " ".join(["pytest --env data-lake/dev --live", *applied.outputs])
    _terminal(browser, given, "data-lake-live.png", applied.folder, applied.variables)


def _at_home(text: str, tree: Path) -> str:
    """Return a text with the folders of this machine as a reader would have them."""
    return text.replace(str(tree), "../infra").replace(str(REPOSITORY), "~/plumbline")


def _terminal(
    browser: Browser,
    line: str,
    name: str,
    tree: Path = REPOSITORY,
    variables: Mapping[str, str] | None = None,
) -> None:
    """Show what a command prints in a terminal; `tree` is the infrastructure that it names."""
    command = [sys.executable, "-m", *line.split(), "--color=yes", "-p", "no:random_order"]
    given = {**(variables or neutral_variables()), "COLUMNS": "80"}
    finished = subprocess.run(command, cwd=REPOSITORY, env=given, capture_output=True, text=True)
    shown = _at_home(f"$ {line}\n{finished.stdout}", tree)
    text = Ansi2HTMLConverter(inline=True, dark_bg=True).convert(shown, full=False)
    _framed(browser, f"<pre>{text}</pre>", name, paper="#14181d", ink="#e4e8ec", width=980)


def _page(browser: Browser, reported: Reported) -> None:
    for scheme in ("light", "dark"):
        page = offline_page(browser, scheme, 1280, 960)
        page.goto((reported.folder / "page.html").as_uri())
        if scheme == "dark":
            page.get_by_role("button", name="dynamodb in bbws/sit on hcl").click()
        page.screenshot(path=IMAGES / f"page-{scheme}.png")
    page = offline_page(browser, "light", 390, 844)
    page.goto((reported.folder / "page.html").as_uri())
    page.screenshot(path=IMAGES / "page-phone.png")


def _summary(browser: Browser, reported: Reported) -> None:
    body = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(reported.text("summary.md"))
    _framed(browser, body, "github-summary.png", paper="#ffffff", ink="#1f2328", width=1012)


def _incident(browser: Browser, reported: Reported) -> None:
    body = jinja2.Template("<pre>{{ text | e }}</pre>").render(text=reported.text("incident.txt"))
    _framed(browser, body, "incident.png", paper="#ffffff", ink="#1d1c1d", width=980)


def _framed(browser: Browser, body: str, name: str, *, paper: str, ink: str, width: int) -> None:
    page = offline_page(browser, width=width, height=200)
    page.set_content(FRAME.render(body=body, paper=paper, ink=ink))
    page.screenshot(path=IMAGES / name, full_page=True)


def _allure(browser: Browser, reported: Reported) -> None:
    if shutil.which("npx") is None:
        print("npx is not installed: no screenshot of Allure", file=sys.stderr)
        return
    report = reported.folder / "allure-report"
    subprocess.run(
        ["npx", "--yes", ALLURE, "generate", reported.folder / "allure", "-o", report],
        check=True,
        capture_output=True,
    )
    with served(report) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 960})
        page.goto(address)
        page.get_by_text("dynamodb").first.wait_for()
        page.screenshot(path=IMAGES / "allure-results.png")
        page.get_by_text("recovery is enabled: bbws-tenants-sit (sit, hcl)").click()
        page.wait_for_timeout(1000)  # until its own drawing comes to rest
        page.screenshot(path=IMAGES / "allure.png")


if __name__ == "__main__":
    main(sys.argv[1:])
