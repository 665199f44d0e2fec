"""What a provider constraint admits is what real Terraform chooses by it, prereleases included."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from plumbline.terraform import provider_versions
from plumbline.terraform.provider_versions import Version

PUBLISHED = (
    *("4.0.0", "4.67.0", "4.67.1", "5.0.0-beta1", "5.0.0", "5.0.1", "5.1.0", "5.100.0"),
    *("6.0.0-beta1", "6.0.0-rc1", "6.0.0", "7.2.3"),
)
CHOSEN = {
    ">= 5.0": "7.2.3",
    "~> 5": "5.100.0",
    "~> 5.0": "5.100.0",
    "~> 5.0.0": "5.0.1",
    "= 5": "5.0.0",
    "5.1": "5.1.0",
    "> 5.100.0, < 6.0.0": None,
    "> 5.100, < 6.1": "6.0.0",
    "6.0.0-beta1": "6.0.0-beta1",
    ">= 6.0.0-beta1, < 6.0.0": None,
    "~> 6.0.0-beta1": "6.0.0",
    "!= 7.2.3": "6.0.0",
    "!= 7": "7.2.3",
    "<= 5": "5.0.0",
    "< 5, > 4.67.0": "4.67.1",
    "<= 6.0.0-rc1": "5.100.0",
    "6.0.0-beta1, 6.0.0-rc1": None,
    "6.0.0-beta1, >= 5.0": "6.0.0-beta1",
    ">= 5.0.0+build": "7.2.3",
    "~> 4, ~> 4.67.1": "4.67.1",
    "~>4.67": "4.67.1",
}
"""What Terraform 1.11.4 chose of these; None where it found none of them to be meant."""
REFUSED = ("= v5.0.0", "=> 5.0", "", ">= 5.0.0.0", "5.x", "5.*")
"""What Terraform 1.11.4 called no constraint."""


def chosen(constraint: str) -> str | None:
    """Return the newest published version that a constraint admits."""
    fulfil = [it for it in PUBLISHED if provider_versions.admits(constraint, it)]
    return max(fulfil, key=Version.of, default=None)


@pytest.mark.parametrize(("constraint", "version"), CHOSEN.items(), ids=CHOSEN)
def test_the_version_that_terraform_chose_is_the_newest_that_is_admitted(
    constraint: str, version: str | None
) -> None:
    assert chosen(constraint) == version


@pytest.mark.parametrize("constraint", REFUSED)
def test_what_terraform_calls_no_constraint_is_none(constraint: str) -> None:
    with pytest.raises(ValueError, match="not a version constraint"):
        provider_versions.least(constraint)


@pytest.mark.parametrize(
    ("constraint", "version"),
    [
        (">= 5.0", "5.0.0"),
        ("~> 5.31", "5.31.0"),
        ("> 4.67.0", "4.67.1"),
        (">= 4.0, >= 5.0", "5.0.0"),
        ("< 6", "0.0.0"),
        ("!= 5.0.0", "0.0.0"),
        ("!= 0.0.0, != 0.0.1", "0.0.2"),
        (">= 5.0.0-beta1", "5.0.0"),
        ("5.0.0-beta1", "5.0.0-beta1"),
        ("~> 4.0, >= 5.0", "None"),
        ("> 5.0.0, < 5.0.1", "None"),
        (">= 5.0, != 5.0.0, < 5.0.1", "None"),
        ("5.1.0, != 5.1.0", "None"),
        ("5.0, 5.0.0", "5.0.0"),
    ],
)
def test_the_least_version_that_a_constraint_admits(constraint: str, version: str) -> None:
    assert str(provider_versions.least(constraint)) == version


def published(folder: Path) -> Path:
    """Put what `terraform init` takes for providers into a folder: it starts none of them."""
    for version in PUBLISHED:
        place = folder / "registry.terraform.io" / "hashicorp" / "aws" / version / "linux_amd64"
        place.mkdir(parents=True)
        program = place / f"terraform-provider-aws_v{version}"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    return folder


def chosen_by_terraform(constraint: str, plugins: Path, root: Path) -> str | None:
    """Return the version that `terraform init` chooses; None where it finds none."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    version = f'version = "{constraint}"'
    (root / "main.tf").write_text(f"terraform {{\n required_providers {{\n aws = {{ {version} }}\n }}\n}}\n")
    subprocess.run(
        ["terraform", f"-chdir={root}", "init", "-input=false", "-no-color", f"-plugin-dir={plugins}"],
        env={"PATH": os.environ["PATH"], "CHECKPOINT_DISABLE": "1", "HOME": str(root)},
        capture_output=True,
        check=False,
    )
    lock = root / ".terraform.lock.hcl"
    found = re.search(r'version\s+= "(.*)"', lock.read_text()) if lock.is_file() else None
    return found[1] if found else None


@pytest.mark.heavy
@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on the PATH")
def test_at_random_terraform_chooses_what_is_admitted(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    choose, plugins = random.Random(seed), published(tmp_path / "plugins")
    for _ in range(60):
        parts = [
            choose.choice(("", "= ", "!= ", ">", ">= ", "< ", "<= ", "~> "))
            + choose.choice((*PUBLISHED, "4", "5", "5.0", "6.0", "7.2", "5.100"))
            for _ in range(choose.randint(1, 3))
        ]
        constraint = ", ".join(parts)
        assert chosen(constraint) == chosen_by_terraform(constraint, plugins, tmp_path / "root"), constraint
        least = provider_versions.least(constraint)
        assert least is not None or chosen(constraint) is None
