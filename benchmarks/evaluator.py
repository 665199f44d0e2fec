"""How fast Terraform source is evaluated: `python benchmarks/evaluator.py [PYTHON_WITH_TFPARSE]`.

Prints lines per second for growing files, parsed anew and from the cache, and the time of a whole process on
the reference stack beside that of `python -c pass` and, if its interpreter is named, of tfparse.
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
THEIRS = """
from tfparse import load_from_path
for root in {roots!r}:
    load_from_path({stack!r} + "/" + root)
"""


def main() -> None:
    """Prints the figures."""
    for blocks in (100, 400, 1600):
        _print_throughput(blocks)
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
