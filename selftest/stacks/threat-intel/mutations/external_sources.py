"""Mutations for what the functions' code does: tests/repository/test_python_files.py."""

from selftest.mutations.edits import Edited
from selftest.mutations.mutation import Mutation, mutation, near_miss

HERE = "terraform/threat-intel/lambda_functions"
COLLECTOR, PROCESSOR = f"{HERE}/collector.py", f"{HERE}/processor.py"
RATE, RETRIES, STIX = "threat-intel-ext-02", "threat-intel-ext-03", "threat-intel-data-02"
WAIT, GUARD = (
    "FIRST_WAIT_SECONDS * 2**attempt",
    "        if redis.exists(self.open):\n            raise CircuitOpen\n",
)
NOT_COUNTED = {f"{RATE} python.windows": "nothing is compared with the constant"}
RETRIED = "RETRIED = {429, 500, 502, 503, 504}"
COUNTED = "if redis.incr(self.failures) >= FAILURES_THAT_OPEN:"
VALIDATED = '        stix2.parse(candidate, allow_custom=False, version="2.1")\n'


def goes_on(edit: Edited) -> Mutation:
    """Return that the collector goes on asking, by an edit."""
    never = {f"{RETRIES} python.stops-asking": "it never stops"}
    return mutation(f"{RETRIES} python.breaks-circuit", edit, falls_with=never)


MUTATIONS = [
    mutation(
        f"{RATE} python.constants",
        Edited(COLLECTOR, "OTX_REQUESTS_PER_HOUR = 900", "OTX_REQUESTS_PER_HOUR = 1000"),
    ),
    mutation(
        f"{RATE} python.constants",
        Edited(COLLECTOR, "OTX_REQUESTS_PER_HOUR = 900", "OTX_REQUESTS_PER_HOUR = 60 * 20"),
    ),
    mutation(
        f"{RATE} python.constants",
        Edited(COLLECTOR, "if taken > OTX_REQUESTS_PER_HOUR:", "if taken > 9000:"),
        falls_with=NOT_COUNTED,
    ),
    mutation(
        f"{RATE} python.constants",
        Edited(COLLECTOR, "        take_one_of_the_hour()\n", ""),
        falls_with=NOT_COUNTED,
    ),
    mutation(
        f"{RATE} python.constants",
        Edited(COLLECTOR, "        raise RateExceeded\n", "        logger.warning('too many')\n"),
    ),
    mutation(
        f"{RATE} python.constants",
        Edited(COLLECTOR, "taken > OTX_REQUESTS_PER_HOUR", "taken < OTX_REQUESTS_PER_HOUR"),
    ),
    mutation(f"{RATE} python.windows", Edited(COLLECTOR, "// 3600", "// 60")),
    mutation(f"{RETRIES} python.backs-off", Edited(COLLECTOR, WAIT, "FIRST_WAIT_SECONDS * 2 * attempt")),
    mutation(f"{RETRIES} python.backs-off", Edited(COLLECTOR, "time.sleep(wait_seconds(attempt))", "pass")),
    mutation(f"{RETRIES} python.backs-off", Edited(COLLECTOR, "wait_seconds(attempt))", "wait_seconds(1))")),
    mutation(f"{RETRIES} python.backs-off", Edited(COLLECTOR, WAIT, "FIRST_WAIT_SECONDS / 2**attempt")),
    mutation(f"{RETRIES} python.backs-off", Edited(COLLECTOR, "ATTEMPTS = 4", "ATTEMPTS = 1")),
    mutation(
        f"{RETRIES} python.backs-off",
        Edited(COLLECTOR, "LONGEST_WAIT_SECONDS = 4.0", "LONGEST_WAIT_SECONDS = 0.5"),
    ),
    goes_on(Edited(COLLECTOR, GUARD, "")),
    goes_on(
        Edited(COLLECTOR, "if redis.exists(self.open):", "if not redis.exists(self.open):"),
    ),
    goes_on(
        Edited(COLLECTOR, "            raise CircuitOpen\n", "            logger.info('open')\n"),
    ),
    goes_on(Edited(COLLECTOR, COUNTED, "if redis.incr(self.failures):")),
    goes_on(
        Edited(
            COLLECTOR,
            "breaker.call(lambda: fetched(OTX_PULSES + quote(since)))",
            "fetched(OTX_PULSES + quote(since))",
        ),
    ),
    *(
        mutation(f"{RETRIES} python.backs-off", Edited(COLLECTOR, RETRIED, f"RETRIED = {none}"))
        for none in ("set()", "{418}", "frozenset({401, 403})")
    ),
    *(
        goes_on(Edited(COLLECTOR, old, new))
        for old, new in (
            ("ex=OPEN_SECONDS", "ex=0"),
            ("OPEN_SECONDS = 300", "OPEN_SECONDS = 0"),
            (f"            {COUNTED}", f"            redis.delete(self.failures)\n            {COUNTED}"),
            (
                "            raise\n        redis",
                "            redis.delete(self.failures)\n            raise\n        redis",
            ),
            (
                "        try:\n            answer",
                "        redis.delete(self.failures)\n        try:\n            answer",
            ),
        )
    ),
    *(
        mutation(
            f"{RETRIES} python.stops-asking",
            Edited(COLLECTOR, "FAILURES_THAT_OPEN = 5", f"FAILURES_THAT_OPEN = {many}"),
        )
        for many in ("10**9", "11")
    ),
    mutation(f"{STIX} python.calls", Edited(PROCESSOR, VALIDATED, "        json.dumps(candidate)\n")),
    mutation(f"{STIX} python.calls", Edited(PROCESSOR, VALIDATED, f"        if False:\n    {VALIDATED}")),
    *(
        mutation(
            f"{STIX} python.calls",
            Edited(PROCESSOR, VALIDATED, VALIDATED.replace("candidate", given)),
            falls_with={f"{STIX} python.checks": "what is kept was refused by nothing"},
        )
        for given in ('{"type": "indicator"}', "json.loads('{}')", "dict(PATTERNS)")
    ),
    mutation(
        f"{STIX} python.checks", Edited(PROCESSOR, "invalid += 1\n            continue\n", "invalid += 1\n")
    ),
    mutation(
        f"{STIX} python.checks", Edited(PROCESSOR, "        return False\n    return True", "    return True")
    ),
    mutation(f"{STIX} python.logs", Edited(PROCESSOR, "STIX validation failed", "STIX: invalid")),
    mutation(f"{STIX} python.logs", Edited(PROCESSOR, "logger.warning(", "logger.debug(")),
    mutation(f"{STIX} python.logs", Edited(PROCESSOR, "setLevel(logging.INFO)", "setLevel(logging.ERROR)")),
    mutation(f"{STIX} python.checks", Edited(PROCESSOR, "        table.put_item(\n", "        print(\n")),
]

NEAR_MISSES = [
    near_miss(
        f"{RETRIES} python.backs-off",
        Edited(COLLECTOR, RETRIED, "RETRIED = frozenset({429, 503})"),
        why="what asks for less is asked again later",
    ),
    near_miss(
        f"{RETRIES} python.breaks-circuit",
        Edited(
            COLLECTOR,
            f"            {COUNTED}",
            f"            redis.expire(self.failures, 600)\n            {COUNTED}",
        ),
        why="failures of ten minutes are counted together",
    ),
    near_miss(
        f"{RETRIES} python.stops-asking",
        Edited(COLLECTOR, "FAILURES_THAT_OPEN = 5", "FAILURES_THAT_OPEN = 3"),
        why="it opens sooner",
    ),
    near_miss(
        f"{STIX} python.calls",
        Edited(PROCESSOR, VALIDATED, VALIDATED.replace("candidate", "json.loads(json.dumps(candidate))")),
        why="it is a copy of what came in",
    ),
    near_miss(
        f"{STIX} python.checks",
        Edited(PROCESSOR, "            invalid += 1\n            continue\n", "            return {}\n"),
        why="one invalid object ends all, and none is kept",
    ),
    near_miss(
        f"{RATE} python.constants",
        Edited(COLLECTOR, "OTX_REQUESTS_PER_HOUR = 900", "OTX_REQUESTS_PER_HOUR = 15 * 60"),
        why="it is the same number",
    ),
    near_miss(
        f"{RETRIES} python.backs-off",
        Edited(COLLECTOR, WAIT, "FIRST_WAIT_SECONDS * (1 << attempt)"),
        why="it is the same wait",
    ),
    near_miss(
        f"{RETRIES} python.backs-off",
        Edited(COLLECTOR, "time.sleep(wait_seconds(attempt))", "time.sleep((0.5, 1, 2, 4)[attempt])"),
        why="they are the same waits, listed",
    ),
    near_miss(
        f"{STIX} python.checks",
        Edited(PROCESSOR, "    kept: list", "    objects = table\n    kept: list"),
        Edited(PROCESSOR, "table.put_item(", "objects.put_item("),
        why="the table has another name, too",
    ),
    near_miss(
        f"{STIX} python.calls",
        Edited(PROCESSOR, "import stix2\n", "import stix2  # stix2.parse\n"),
        why="a comment changes nothing",
    ),
]
