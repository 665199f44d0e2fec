"""How each test of the run ended, as JSON to keep, compare, and give to --baseline."""

from __future__ import annotations

import json

from plumbline.report.results import Results
from plumbline.suite.results_file import ResultsFile, ended
from plumbline.values.redaction import redacted


def render(results: Results) -> str:
    """Return the file. Its schema is published in fixtures/schemas/results.json."""
    file = ResultsFile(
        format=1,
        written=results.started,
        environments=results.environments,
        sources=list(results.sources),
        whole=results.whole and bool(results.ended),
        collected=results.collected,
        ended=len(results.ended),
        others_failed=results.others_failed,
        others=max(len(results.ended) - len(results.findings), 0),
        unwritten=results.unwritten,
        seconds=round(results.seconds, 3),
        verdict=results.verdict,
        examined=results.told,
        results=[
            ended(it, fails=results.run.fail_on.fails(it))
            for it in sorted(results.findings, key=lambda it: it.about.test)
        ],
    )
    return json.dumps(redacted(file.model_dump(mode="json")), indent=1) + "\n"
