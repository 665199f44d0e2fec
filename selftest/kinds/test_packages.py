"""Deployment packages and layers: archives as they list what they hold, and scripts as they would pack it."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from plumbline.github.checkout import Checkout
from plumbline.kinds.function_package import Unpacked
from plumbline.kinds.functions import Function
from plumbline.kinds.packages import OfPackage, Package
from plumbline.kinds.registry import computed_attribute
from plumbline.terraform.evaluation import evaluate
from plumbline.values.archives import MOST_LISTED_BYTES, NoArchive, Packed, listed, packed_in
from plumbline.values.counting import AtLeast, Between, InPart
from plumbline.values.encoding import decoded, encoded
from plumbline.values.unknown import Missing, ReadError, Undetermined
from plumbline.values.unlike import is_unlike
from selftest.mutations.edits import listing

LIMIT = 262_144_000
MEBIBYTE = 1 << 20
NAME = "build/code.zip"


def zipped(path: Path, *names: str, size: int = 1) -> None:
    """Write an archive with files of these names, each of a size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"" if name.endswith("/") else b"x" * size)


def package(checkout: Path, **asked: Any) -> Package:
    """The package as a checkout has it."""
    return Package.asked_of_repository(Checkout(checkout), NAME, OfPackage(**asked))


def listed_in(data: bytes) -> list[Packed]:
    """What an archive lists that lies in memory."""
    return listed(lambda start, length: data[start : start + length], len(data))


@pytest.mark.parametrize("before", [b"", b"#!/usr/bin/env python3\n"])
@pytest.mark.parametrize("comment", [b"", b"a comment PK"])
def test_an_archive_lists_its_files_as_zip_does(tmp_path: Path, before: bytes, comment: bytes) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.comment = comment
        archive.writestr("a/", "")
        archive.writestr("a/ä.py", "12345")
        archive.writestr("b.py", "1")
    (tmp_path / "a.zip").write_bytes(before + held.getvalue())
    assert packed_in(tmp_path / "a.zip") == [Packed("a/", 0), Packed("a/ä.py", 5), Packed("b.py", 1)]


def test_an_archive_of_many_files_is_listed_whole(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", *(f"{it}.py" for it in range(66_000)))
    assert len(packed_in(tmp_path / "a.zip")) == 66_000


def test_a_file_that_is_larger_than_four_gigabytes_says_so_elsewhere() -> None:
    size, name = 5 * 1024**3, b"large"
    extra = struct.pack("<2HQ", 1, 8, size)
    head = (b"PK\x01\x02", 45, 45, 0, 0, 0, 0, 0, 1, 0xFFFFFFFF, len(name), len(extra), 0, 0, 0, 0, 0)
    directory = struct.pack("<4s6H3L5H2L", *head) + name + extra
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 0, 0)
    assert listed_in(directory + end) == [Packed("large", size)]


WHOLE = listing({"a.py": 1, "b.py": 2})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no archive at all",
        WHOLE[:-1],
        WHOLE[10:],
        WHOLE.replace(b"PK\x01\x02", b"PK\x09\x09", 1),
        struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 4, 0, 0),
        b"PK\x01\x02" + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 4, 0, 0),
        struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 0xFFFFFFF0, 0, 0),
        struct.pack("<4sLQL", b"PK\x06\x07", 0, 2**63 - 1, 1)
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0, 0, 0),
    ],
)
def test_what_is_no_whole_archive_is_refused(data: bytes) -> None:
    with pytest.raises(NoArchive):
        listed_in(data)


def test_a_list_that_is_made_to_harm_is_not_read() -> None:
    asked: list[int] = []

    def part(start: int, length: int) -> bytes:
        asked.append(length)
        return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, MOST_LISTED_BYTES + 1, 0, 0)

    with pytest.raises(NoArchive, match="more than are read"):
        listed(part, MOST_LISTED_BYTES * 2)
    assert max(asked) < 100_000


@pytest.mark.parametrize(("size", "large"), [(LIMIT, True), (LIMIT - 1, False), (LIMIT + 1, True)])
def test_a_package_must_be_below_the_limit(tmp_path: Path, size: int, large: bool) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / NAME).write_bytes(listing({"a": size - 5, "b": 5}))
    assert bool(package(tmp_path).too_large(LIMIT)) is large


def test_layers_are_unpacked_beside_it(tmp_path: Path) -> None:
    zipped(tmp_path / NAME, "a.py", size=30)
    zipped(tmp_path / "build/layer.zip", "python/a.py", size=70)
    found = package(tmp_path, layers=[{"archive": "build/layer.zip"}])
    assert found.unpacked == {NAME: 30, "build/layer.zip": 70}
    assert found.too_large(101) == []
    assert found.too_large(100) == [f"100 bytes: {NAME} 30, build/layer.zip 70"]


def test_a_layer_that_was_not_built_leaves_it_open_unless_the_rest_is_too_large(tmp_path: Path) -> None:
    zipped(tmp_path / NAME, "a.py", size=30)
    with pytest.raises(Undetermined, match=r"build/layer\.zip was not built"):
        package(tmp_path, layers=[{"archive": "build/layer.zip"}]).too_large(31)
    assert package(tmp_path, layers=[{"archive": "build/layer.zip"}]).too_large(30)


def test_what_was_not_built_is_not_known(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match="was not built"):
        package(tmp_path)


def test_what_is_no_archive_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / NAME).write_text("no archive")
    with pytest.raises(ReadError, match="no ZIP archive"):
        package(tmp_path)


def test_an_archive_that_lies_elsewhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "here/build").mkdir(parents=True)
    zipped(tmp_path / "elsewhere.zip", "a.py")
    (tmp_path / "here" / NAME).symlink_to(tmp_path / "elsewhere.zip")
    with pytest.raises(ReadError, match="leads out of the checkout"):
        package(tmp_path / "here")


@pytest.mark.parametrize(
    ("names", "left"),
    [
        (["a.py", "lib/b.py", ".gitignore", "git/a.py", "pyc/a.py"], []),
        (["a.py", "lib/__pycache__/a.cpython-313.pyc"], ["lib/__pycache__/a.cpython-313.pyc"]),
        (["__pycache__/"], ["__pycache__/"]),
        (["a.pyc", "a.pyo"], ["a.pyc", "a.pyo"]),
        ([".git/HEAD", "vendor/.git/config"], [".git/HEAD", "vendor/.git/config"]),
    ],
)
def test_byte_code_and_data_of_git_are_found(tmp_path: Path, names: list[str], left: list[str]) -> None:
    zipped(tmp_path / NAME, *names)
    assert package(tmp_path).left_in == left


def test_of_many_files_some_are_told(tmp_path: Path) -> None:
    zipped(tmp_path / NAME, *(f"{it}.pyc" for it in range(25)))
    assert package(tmp_path).left_in[-2:] == ["19.pyc", "and 5 more"]


@pytest.mark.parametrize(
    ("runtime", "names", "lost"),
    [
        ("python3.13", ["python/a.py", "python/b/c.so", "README.md", "bin/tool", "lib/x.so"], []),
        ("python3.13", ["python/lib/python3.13/site-packages/a.py"], []),
        (
            "python3.13",
            ["python/a.py", "python/lib/python3.12/site-packages/a.py"],
            ["python/lib/python3.12/site-packages/a.py"],
        ),
        ("python3.13", ["layer/python/a.py"], ["layer/python/a.py"]),
        ("python3.13", ["a.py", "python/b.py", "lib/c.py"], ["a.py", "lib/c.py"]),
        ("python3.13", ["nodejs/node_modules/a/index.js"], ["nothing that python loads"]),
        ("python3.13", ["python/a.py", "python/../b.txt", "/etc/c"], ["python/../b.txt", "/etc/c"]),
        ("nodejs22.x", ["nodejs/node_modules/a/index.js", "nodejs/node22/node_modules/b.mjs"], []),
        ("nodejs22.x", ["nodejs/node20/node_modules/a.js"], ["nodejs/node20/node_modules/a.js"]),
        ("nodejs22.x", ["node_modules/a.js"], ["node_modules/a.js"]),
        ("java21", ["java/lib/a.jar"], []),
        ("ruby3.4", ["ruby/gems/3.4.0/a.rb", "ruby/lib/b.rb"], []),
    ],
)
def test_a_layer_has_its_code_where_its_runtime_looks(
    tmp_path: Path, runtime: str, names: list[str], lost: list[str]
) -> None:
    zipped(tmp_path / NAME, *names)
    assert package(tmp_path, runtime=runtime).misplaced == lost


@pytest.mark.parametrize("runtime", ["", "dotnet8", "provided.al2023"])
def test_where_other_runtimes_look_is_not_known(tmp_path: Path, runtime: str) -> None:
    zipped(tmp_path / NAME, "a.py")
    with pytest.raises(Undetermined):
        _ = package(tmp_path, runtime=runtime).misplaced == []


SCRIPT = "scripts/pack.sh"
CACHES = ["__pycache__/x.cpython-313.pyc", "a/__pycache__/x.cpython-313.pyc", "x.pyc", ".git/HEAD"]


def coded(folder: Path, script: str = "") -> None:
    """Write two files of code and what tools leave behind, and a script."""
    for name in ("code/a.py", "code/sub/b.py", "code/__pycache__/a.pyc", "code/data.json", SCRIPT):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x" * 10)
    (folder / SCRIPT).write_text(script)


def made(folder: Path, script: str, **asked: Any) -> Package:
    """The package as a script makes it."""
    coded(folder, script)
    return package(folder, packed_by=SCRIPT, folder="code", **asked)


@pytest.mark.parametrize(
    ("command", "size", "left"),
    [
        ("zip -r ../build/code.zip . -i '*.py'", 20, []),
        ("zip -qrX ../build/code . -x '*__pycache__/*' '*.pyc' '.git/*'", 30, []),
        ("zip -r ../build/code.zip . -x '*.pyc' '.git/*' && echo done", 30, []),
        ("zip -r ../build/code.zip .", 40, ["__pycache__/a.pyc", *CACHES]),
        ("zip -r ../build/code.zip . -x '__pycache__/*' '*.git/*'", 30, CACHES[1:3]),
        ("zip ../build/code.zip a.py", 10, []),
        ("zip ../build/code.zip *.py", 10, []),
        ("zip -r ../build/code.zip sub", 10, [f"sub/{it}" for it in CACHES]),
        ("cd sub\nzip -r ../../build/code.zip . -i '*.py'", 10, []),
        ("rm -f ../build/code.zip\nset -e\nzip -r ../build/code.zip . -i '*.py'", 20, []),
        ("rm -rf sub\nzip -r ../build/code.zip . -i '*.py'", 10, []),
        ("mkdir -p out\ncp -R sub out/sub\ncd out\nzip -r ../../build/code.zip . -i '*.py'", 10, []),
        ("mkdir -p o\ncp -R sub o/\ncp a.py o/a.py\ncd o\nzip -r ../../build/code.zip sub -i '*.py'", 10, []),
    ],
)
def test_a_script_says_what_it_packs(tmp_path: Path, command: str, size: int, left: list[str]) -> None:
    found = made(tmp_path, command)
    assert found.unpacked == {NAME: size}
    assert not isinstance(found.unpacked[NAME], AtLeast)
    assert found.left_in == left


@pytest.mark.parametrize(
    "script",
    [
        "zip -r other.zip .",
        "zip -r ../build/code.zip . ; zip ../build/code.zip a.py",
        "zip -r ../build/code.zip . -x@list",
        "zip -rj ../build/code.zip .",
        "zip -r ../build/code.zip $FILES",
        "if test -f x; then exit 0; fi\nzip -r ../build/code.zip .",
        "tar czf ../build/code.zip .",
        "python pack.py",
    ],
)
def test_what_is_not_read_of_a_script_leaves_it_open(tmp_path: Path, script: str) -> None:
    with pytest.raises(Undetermined):
        made(tmp_path, script)


PIP = "pip install --target build/python -r requirements.txt"
MADE = f"rm -rf build\nmkdir -p build\ncp -R sub build/python\n{PIP}\n"
OF_LAYER = f"{MADE}cd build\nzip -r ../../build/code.zip python"


@pytest.mark.parametrize("tool", ["pip", "pip3", "python3 -m pip", "uv pip"])
def test_what_pip_brings_is_at_least_what_lies_there(tmp_path: Path, tool: str) -> None:
    found = made(tmp_path, OF_LAYER.replace("pip", tool, 1), runtime="python3.13")
    assert found.misplaced == []
    assert found.too_large(10) == [f"at least 10 bytes: {NAME} 10"]
    with pytest.raises(Undetermined, match=r"brings is not in the checkout: it has at least 10 bytes"):
        found.too_large(11)


@pytest.mark.parametrize(("listed_", "is_open"), [("", False), ("# nothing\n", False), ("redis==6\n", True)])
def test_an_empty_list_of_requirements_brings_nothing(tmp_path: Path, listed_: str, is_open: bool) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/requirements.txt").write_text(listed_)
    assert isinstance(made(tmp_path, OF_LAYER).unpacked[NAME], AtLeast) is is_open


def test_what_is_packed_one_level_too_high_is_lost(tmp_path: Path) -> None:
    script = OF_LAYER.replace(
        "cd build\nzip -r ../../build/code.zip python", "zip -r ../build/code.zip build"
    )
    found = made(tmp_path, script, runtime="python3.13")
    assert found.misplaced[0] == "build/python/b.py"
    assert found.misplaced[1].startswith("build/python: what `pip install")


def test_what_another_command_makes_is_not_known(tmp_path: Path) -> None:
    found = made(tmp_path, "npm ci\nzip -r ../build/code.zip . -i '*.py'", runtime="python3.13")
    with pytest.raises(Undetermined, match="`npm ci` makes is not read"):
        found.too_large(1000)


TERRAFORM = """
resource "terraform_data" "package" {
  provisioner "local-exec" {
    working_dir = local.sources
    command     = %s
  }
}
resource "terraform_data" "other" {
  provisioner "local-exec" {
    command = "zip -r other.zip ."
  }
}
"""


@pytest.mark.parametrize(
    "command",
    [
        "\"rm -f ../build/code.zip && zip -qr ../build/code.zip . -i '*.py'\"",
        "<<-EOT\n      set -e\n      zip -qr ../build/code.zip . -i '*.py'\n    EOT",
    ],
)
def test_terraform_says_what_its_provisioner_packs(tmp_path: Path, command: str) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM % command)
    coded(tmp_path)
    assert package(tmp_path, packed_by="main.tf", folder="code").unpacked == {NAME: 20}


def test_a_command_that_is_made_of_something_else_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM % '"zip -r ${local.archive} ."')
    with pytest.raises(Undetermined, match="made of what is not read"):
        package(tmp_path, packed_by="main.tf", folder="code")


def test_a_script_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        package(tmp_path, packed_by="pack.sh")


def test_a_built_archive_comes_before_the_script(tmp_path: Path) -> None:
    zipped(tmp_path / NAME, "only.py", size=7)
    assert made(tmp_path, "zip -r ../build/code.zip .").unpacked == {NAME: 7}


def test_a_number_that_may_be_greater_stays_one_where_it_is_kept() -> None:
    kept = decoded(encoded({"a": AtLeast(5, "why: {}")}))["a"]
    assert (isinstance(kept, AtLeast), int(kept), kept.reason) == (True, 5, "why: {}")
    measured = decoded(encoded({"a": InPart(5.5, "why", greater=False)}))["a"]
    assert (measured.number, measured.reason, measured.greater) == (5.5, "why", False)


FUNCTION = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  %s
}
resource "aws_lambda_layer_version" "l" {
  layer_name = "l"
  filename   = "${path.module}/build/layer.zip"
}
data "archive_file" "code" {
  type        = "zip"
  output_path = "${path.module}/made.zip"
  %s
}
"""
BUILT = 'filename = "${path.module}/build/code.zip"'
ARCHIVED = "filename = data.archive_file.code.output_path"
WITH_LAYER = f"{BUILT}\n layers = [aws_lambda_layer_version.l.arn]"
SOURCE = 'source {\n content = "abcd"\n filename = "%s"\n }\n'
TWO_SOURCES = SOURCE % "a" + (SOURCE % "b").replace("abcd", "e")
FOLDER = 'source_dir = "${path.module}/code"'


def function(folder: Path, arguments: str, archived: str = FOLDER) -> Function:
    """The function of a root with these arguments, and code that an archive may be made of."""
    coded(folder)
    (folder / "main.tf").write_text(FUNCTION % (arguments, archived))
    return Function.find(evaluate(folder, computed=computed_attribute), "f", "here")


def test_an_archive_that_terraform_names_is_read_where_it_was_built(tmp_path: Path) -> None:
    zipped(tmp_path / NAME, "a.py", size=30)
    zipped(tmp_path / "build/layer.zip", "python/a.py", size=70)
    found = function(tmp_path, WITH_LAYER)
    assert found.unpacked == {"its own code": 30, "l": 70}
    assert found.too_large(101) == []
    assert found.too_large(100) == ["100 bytes: its own code 30, l 70"]


@pytest.mark.parametrize(
    ("archived", "size"),
    [
        (FOLDER, 40),
        (f'{FOLDER}\n excludes = ["**/__pycache__/**"]', 30),
        (f'{FOLDER}\n excludes = ["__pycache__", "data.json"]', 20),
        (f'{FOLDER}\n excludes = ["**/*.py"]', 20),
        (f'{FOLDER}\n excludes = ["*.py"]', 30),
        ('source_file = "${path.module}/code/a.py"', 10),
        ('source_content = "abc"\n source_content_filename = "a"', 3),
        (TWO_SOURCES, 5),
    ],
)
def test_an_archive_that_terraform_makes_is_made_of_files(tmp_path: Path, archived: str, size: int) -> None:
    assert function(tmp_path, ARCHIVED, archived).unpacked == {"its own code": size}


@pytest.mark.parametrize(
    ("arguments", "archived"),
    [
        (BUILT, FOLDER),
        ('s3_bucket = "b"\n s3_key = "k"', FOLDER),
        ('filename = "../elsewhere.zip"', FOLDER),
        (ARCHIVED, 'source_dir = "${path.module}/none"'),
        (ARCHIVED, 'source_dir = "${path.module}/../.."'),
        (ARCHIVED, f"{FOLDER}\n excludes = [random_pet.a.id]"),
        (f'{ARCHIVED}\n layers = ["arn:aws:lambda:eu-west-1:1:layer:x:1"]', FOLDER),
        (f"{ARCHIVED}\n layers = [aws_lambda_layer_version.l.arn]", FOLDER),
    ],
)
def test_what_no_source_tells_of_a_size_leaves_it_open(tmp_path: Path, arguments: str, archived: str) -> None:
    zipped(tmp_path / "elsewhere.zip", "a.py")
    (tmp_path / "here").mkdir()
    with pytest.raises(Undetermined):
        function(tmp_path / "here", arguments, archived + '\n}\nresource "random_pet" "a" {').too_large(LIMIT)


def test_a_container_image_has_no_such_limit(tmp_path: Path) -> None:
    assert function(tmp_path, 'package_type = "Image"\n image_uri = "x"').too_large(1) == []


@pytest.mark.parametrize(
    ("own", "layers", "told"),
    [
        (LIMIT + MEBIBYTE, [], True),
        (LIMIT + MEBIBYTE - 5, [MEBIBYTE + 5], True),
        (LIMIT, [], None),
        (1, [LIMIT - 2], None),
        (0, [], False),
    ],
)
def test_an_account_tells_what_they_are_at_least(own: int, layers: list[int], told: bool | None) -> None:
    answer = {
        "PackageType": "Zip",
        "CodeSize": own,
        "Layers": [
            {"Arn": f"arn:aws:lambda:eu-west-1:123456789012:layer:l:{it}", "CodeSize": it} for it in layers
        ],
    }
    found = Function(name="f", unpacked=Unpacked.described(answer, None)["unpacked"])  # type: ignore[arg-type]
    if told:
        assert found.too_large(LIMIT)[0].startswith("at least")
    elif told is False:
        assert found.too_large(LIMIT) == []
    else:
        with pytest.raises(Undetermined, match="bytes packed"):
            found.too_large(LIMIT)


def test_a_few_lines_of_code_that_are_larger_packed_are_not_held_to_differ(tmp_path: Path) -> None:
    zipped(tmp_path / "code.zip", "index.py", size=20)
    size = (tmp_path / "code.zip").stat().st_size
    assert size > 20
    told = Unpacked.described({"PackageType": "Zip", "CodeSize": size}, None)["unpacked"]  # type: ignore[arg-type]
    assert not is_unlike({"its own code": 20}, told)


def test_what_packs_to_less_than_deflate_can_unpack_to_the_limit_is_below_it() -> None:
    packed = Function(name="f", unpacked={NAME: Between(2, 2 * 1032, "{} bytes packed")})
    assert packed.too_large(2 * 1032 + 1) == []
    with pytest.raises(Undetermined):
        packed.too_large(2 * 1032)


def test_of_an_image_an_account_tells_no_size() -> None:
    answer = {"PackageType": "Image", "CodeSize": 0}
    assert Unpacked.described(answer, None) == {"unpacked": {}}  # type: ignore[arg-type]
