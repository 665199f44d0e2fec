"""The regions of AWS: those that there are, and how the name of one to come is made.

Source: the partitions of botocore, read from its data: a run that asks no account imports none of it.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
from pathlib import Path

from plumbline.values.mistakes import did_you_mean


def unlike_any(region: str) -> str:
    """Return what is wrong with the name of a region; nothing for one that is, or may be one day.

    A new one is called as others are: in a part of the world that botocore knows, and a direction that some
    region has.
    """
    known, forms = _known()
    directions = {it.split("-")[-2] for it in known}
    is_new = any(re.match(it, region) for it in forms) and region.split("-")[-2] in directions
    if not known or region in known or is_new:
        return ""
    return f"there is no region {region!r}{did_you_mean(region.lower(), sorted(known))}"


@functools.cache
def _known() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the names of the regions, and the patterns of the partitions; none where botocore has none."""
    found = importlib.util.find_spec("botocore")
    places = [Path(it) / "data/partitions.json" for it in (found and found.submodule_search_locations) or ()]
    file = next((it for it in places if it.is_file()), None)
    if file is None:
        return frozenset(), ()
    partitions = json.loads(file.read_bytes())["partitions"]
    names = (it for partition in partitions for it in partition["regions"] if it[-1].isdigit())
    return frozenset(names), tuple(partition["regionRegex"] for partition in partitions)
