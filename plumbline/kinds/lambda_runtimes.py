"""When AWS stops to support the runtimes of Lambda.

Source: AWS Lambda Developer Guide, "Lambda runtimes": "Identifier" and "Deprecation date" in the tables
"Supported runtimes" and "Deprecated runtimes". A container image has no runtime of Lambda, and no date.
"""

from __future__ import annotations

import re

from plumbline.values.unknown import Undetermined

READ_IN = "2026-02"
"""The month of which the table is. AWS moves dates, and adds runtimes: one that is not in it is not known."""

ENDS = {
    "dotnet10": "2028-11-14",
    "dotnet8": "2026-11-10",
    "dotnet6": "2024-11-12",
    "dotnetcore3.1": "2023-04-03",
    "dotnetcore2.1": "2022-01-05",
    "dotnetcore2.0": "2019-05-30",
    "dotnetcore1.0": "2019-07-27",
    "go1.x": "2024-01-08",
    "java25": "2029-06-30",
    "java21": "2029-06-30",
    "java17": "2026-06-30",
    "java11": "2026-06-30",
    "java8.al2": "2026-06-30",
    "java8": "2024-01-08",
    "nodejs24.x": "2028-04-30",
    "nodejs22.x": "2027-04-30",
    "nodejs20.x": "2026-04-30",
    "nodejs18.x": "2025-09-01",
    "nodejs16.x": "2024-06-12",
    "nodejs14.x": "2023-12-04",
    "nodejs12.x": "2023-03-31",
    "nodejs10.x": "2021-07-30",
    "nodejs8.10": "2020-03-06",
    "nodejs6.10": "2019-08-12",
    "nodejs4.3": "2020-03-05",
    "nodejs4.3-edge": "2020-03-05",
    "nodejs": "2016-10-31",
    "provided.al2023": "2029-06-30",
    "provided.al2": "2026-06-30",
    "provided": "2024-01-08",
    "python3.14": "2029-06-30",
    "python3.13": "2029-06-30",
    "python3.12": "2028-10-31",
    "python3.11": "2026-06-30",
    "python3.10": "2026-06-30",
    "python3.9": "2025-12-15",
    "python3.8": "2024-10-14",
    "python3.7": "2023-12-04",
    "python3.6": "2022-07-18",
    "python2.7": "2021-07-15",
    "ruby3.4": "2028-03-31",
    "ruby3.3": "2027-03-31",
    "ruby3.2": "2026-03-31",
    "ruby2.7": "2023-12-07",
    "ruby2.5": "2021-07-30",
}
"""The day on which AWS deprecates each runtime: no patch comes after it, and no support."""


def ends(runtime: str) -> str:
    """Return the day on which support of a runtime ends: 2027-04-30.

    Raises `Undetermined` for a runtime that is not in the table.
    """
    if runtime not in ENDS:
        raise Undetermined(
            f"AWS's table of {READ_IN} has no runtime {runtime}: when its support ends is not known"
        )
    return ENDS[runtime]


def family(runtime: str) -> str:
    """Return the language of a runtime as AWS names it: nodejs, python, java, dotnet; `provided` for none."""
    match = re.match(r"(dotnet)core|[a-z]+", runtime)
    return (match[1] or match[0]) if match else ""
