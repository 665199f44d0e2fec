"""What GitHub's code scanning refuses of a SARIF file, and what it cannot show.

Source: GitHub's documentation, "SARIF support for code scanning" (required properties, where files lie) and
"SARIF results exceed one or more limits". A result without a physical location makes it refuse the whole
file: "locationFromSarifResult: expected a physical location".
"""

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

MOST_BYTES = 10_000_000
LIMITS = {"runs": 20, "results": 25_000, "rules": 25_000, "locations": 1_000, "tags": 20}
LEVELS = ("note", "warning", "error")
VERSION = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-[\w.-]+)?(\+[\w.-]+)?")
"""Source: Semantic Versioning 2.0.0."""

Json = dict[str, Any]


def refusals(text: str) -> list[str]:
    """Each thing for which the file would be refused, or not be shown as it is meant."""
    log = json.loads(text)
    small = len(gzip.compress(text.encode())) <= MOST_BYTES
    return [*([] if small else ["it is too large"]), *_of_log(log)]


def _of_log(log: Json) -> Iterator[str]:
    if log["version"] != "2.1.0" or not log["$schema"]:
        yield "its version"
    yield from _too_many("runs", log["runs"])
    for run in log["runs"]:
        yield from _of_driver(run["tool"]["driver"])
        yield from _too_many("results", run["results"])
        seen: set[str] = set()
        for result in run["results"]:
            yield from (f"{result['ruleId']}: {told}" for told in _of_result(result, run))
            print_ = result["partialFingerprints"]["primaryLocationLineHash"]
            if print_ in seen:
                yield f"{result['ruleId']}: it has the fingerprint of another result"
            seen.add(print_)
        identifier = run["automationDetails"]["id"]
        if not identifier.endswith("/") or not identifier.rpartition("/")[0]:
            yield f"{identifier} is no category"


def _of_driver(driver: Json) -> Iterator[str]:
    if not VERSION.fullmatch(driver["semanticVersion"]):
        yield f"{driver['semanticVersion']} is no semantic version"
    if urlsplit(driver["informationUri"]).scheme != "https":
        yield "where it is described"
    yield from _too_many("rules", driver["rules"])
    if len({rule["id"] for rule in driver["rules"]}) < len(driver["rules"]):
        yield "two rules of one id"
    for rule in driver["rules"]:
        yield from (f"{rule['id']}: {told}" for told in _of_rule(rule))


def _of_rule(rule: Json) -> Iterator[str]:
    for name, most in (("shortDescription", 1024), ("fullDescription", 1024), ("help", 1_000_000)):
        if not 0 < len(rule[name]["text"]) <= most:
            yield name
    if not 0 < len(rule["name"]) <= 255:
        yield "its name"
    if rule["defaultConfiguration"]["level"] not in LEVELS:
        yield "its level"
    if not 0 < float(rule["properties"]["security-severity"]) <= 10:
        yield "its severity"
    if rule["properties"]["precision"] not in ("very-high", "high", "medium", "low"):
        yield "its precision"
    yield from _too_many("tags", rule["properties"]["tags"])


def _of_result(result: Json, run: Json) -> Iterator[str]:
    if run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] != result["ruleId"]:
        yield "another rule"
    if not result["message"]["text"].strip():
        yield "no message"
    if result["level"] not in LEVELS:
        yield "its level"
    if not result["locations"]:
        yield "no location"
    yield from _too_many("locations", result["locations"])
    for location in result["locations"]:
        if "physicalLocation" not in location:
            yield "expected a physical location"
            continue
        region = location["physicalLocation"]["region"]
        start, end = ((region[f"{at}Line"], region[f"{at}Column"]) for at in ("start", "end"))
        if not (1, 1) <= start <= end <= (2**31, 2**31):
            yield f"region {region}"
        artifact = location["physicalLocation"]["artifactLocation"]
        uri = urlsplit(artifact["uri"])
        if uri.scheme not in ("", "file") or not uri.path:
            yield f"file {artifact['uri']}"
        if not uri.scheme and (uri.path.startswith("/") or ".." in uri.path.split("/")):
            yield f"file {artifact['uri']} lies outside the repository"


def _too_many(what: str, them: list[Any]) -> Iterator[str]:
    if len(them) > LIMITS[what]:
        yield f"{len(them)} {what}"
