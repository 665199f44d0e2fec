"""How fast Terraform source is evaluated: `python benchmarks/evaluator.py [PYTHON_WITH_TFPARSE]`.

Prints lines per second for growing files, parsed anew and from the cache; what a whole process that begins
with nothing takes of the processor and of memory for 1,000 to 100,000 lines, in one file and in twenty, and
how far that is from growing with the lines; and the time of a whole process on the reference stack beside
that of `python -c pass` and, if its interpreter is named, of tfparse.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from plumbline.terraform.evaluation import evaluate

STACK = Path(__file__).parents[1] / "terraform" / "bbws"
ROOTS = ("dynamodb", "s3", "state")
HEAD = 'locals {\n  env   = "x"\n  tags  = { A = 1 }\n  rules = { a = 1, b = 2 }\n}\n'
BLOCK = """
resource "aws_s3_bucket" "b{i}" {{
  bucket = "bucket-${{local.env}}-{i}"
  tags   = merge(local.tags, {{ Name = "b{i}", Index = {i} }})
  dynamic "lifecycle_rule" {{
    for_each = local.rules
    content {{
      id      = lifecycle_rule.key
      enabled = true
      expiration {{
        days = lifecycle_rule.value * 2
      }}
    }}
  }}
}}
resource "aws_s3_bucket_policy" "b{i}" {{
  bucket = aws_s3_bucket.b{i}.id
  policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = ["s3:Get*"], Resource = "${{aws_s3_bucket.b{i}.bucket}}/*" }}]
  }})
}}
"""
OURS = """
from pathlib import Path
from plumbline.terraform.evaluation import evaluate
for root in {roots!r}:
    directory = Path({stack!r}) / root
    evaluate(directory, variables={{"environment": "sit"}}, var_files=[directory / "sit.tfvars"])
"""
ONE = """
import re, sys, time
from pathlib import Path
from plumbline.terraform.evaluation import evaluate
evaluate(Path(sys.argv[1]))
most = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(time.process_time(), int(most[1]) / 1024)
"""
THEIRS = """
from tfparse import load_from_path
for root in {roots!r}:
    load_from_path({stack!r} + "/" + root)
"""


def main() -> None:
    """Prints the figures."""
    for blocks in (100, 400, 1600):
        _print_throughput(blocks)
    for files in (1, 20):
        _print_cold(files)
    stack = {"roots": ROOTS, "stack": str(STACK)}
    pass_ = _process(sys.executable, "pass")
    ours = _process(sys.executable, OURS.format(**stack))
    print(f"python -c pass: {pass_:.3f} s; the reference stack: {ours:.3f} s")
    for interpreter in sys.argv[1:]:
        theirs = _process(interpreter, THEIRS.format(**stack))
        print(f"tfparse: {theirs:.3f} s; ours takes {ours / theirs:.2f} times as long")


def _print_throughput(blocks: int) -> None:
    text = HEAD + "".join(BLOCK.format(i=i) for i in range(blocks))
    lines = text.count("\n")
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "main.tf").write_text(text, "utf-8")
        for state in ("parsed", "parsed before"):
            before = time.process_time()
            evaluate(Path(place))
            seconds = time.process_time() - before
            print(f"{lines} lines, {state}: {seconds:.2f} s, {lines / seconds:.0f} lines per second")


def _print_cold(files: int) -> None:
    """What each whole process takes, and how its time for a further line has grown since the least one."""
    before: tuple[int, float] | None = None
    first = 0.0
    for blocks in (50, 500, 2500, 5000):
        with tempfile.TemporaryDirectory() as place:
            lines = _written(Path(place), blocks, files)
            seconds, megabytes = _cold(place)
        told = f"{lines} lines in {files} file(s), cold: {seconds:.2f} s of the processor, {megabytes:.0f} MB"
        if before is not None:
            further = (seconds - before[1]) / (lines - before[0]) * 1e6
            first = first or further
            told += f", {further:.0f} µs for each further line ({further / first:.2f} times the first)"
        print(told)
        before = lines, seconds


def _written(place: Path, blocks: int, files: int) -> int:
    """Spread the blocks over so many files; return how many lines they have together."""
    lines = 0
    for number in range(files):
        text = "" if number else HEAD
        text += "".join(BLOCK.format(i=i) for i in range(number, blocks, files))
        (place / f"{number}.tf").write_text(text, "utf-8")
        lines += text.count("\n")
    return lines


def _cold(place: str) -> tuple[float, float]:
    """The processor's seconds, and the most memory in MB, of a process that evaluates a folder once."""
    command = [sys.executable, "-c", ONE, place]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, megabytes = map(float, told.split())
    return seconds, megabytes


def _process(interpreter: str, code: str) -> float:
    """The best wall time of seven processes, in seconds; the first fills the caches."""
    times = []
    for _ in range(7):
        before = time.perf_counter()
        subprocess.run([interpreter, "-c", code], check=True, capture_output=True)
        times.append(time.perf_counter() - before)
    return min(times)


if __name__ == "__main__":
    main()
