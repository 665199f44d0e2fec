"""CloudTrail's event history, which moto lacks: it holds what it was told, not what moto was asked for.

An event is seeded as a tag of `HISTORY`, by CloudTrail's own operation: a request is the one thing that
reaches moto in this process and a server in another one alike.

    cloudtrail.add_tags(ResourceId=HISTORY, TagsList=[{"Key": "1", "Value": json.dumps(event)}])

`event` holds what LookupEvents answers of one; its time is in seconds since 1970.
"""

import json
from typing import Any

from moto.cloudtrail.responses import CloudTrailResponse

HISTORY = "moto:event-history"
_PAGE = 50


def install() -> None:
    """Add the operation to moto."""
    setattr(CloudTrailResponse, "lookup_events", _lookup_events)  # noqa: B010 (mypy refuses an assignment)


def _lookup_events(self: CloudTrailResponse) -> str:
    told = self.cloudtrail_backend.list_tags([HISTORY])[0]["TagsList"]
    events = sorted((json.loads(tag["Value"]) for tag in told), key=lambda it: -it["EventTime"])
    asked: dict[str, Any] = json.loads(self.body)
    found = [event for event in events if _answers(event, asked)]
    first = int(asked.get("NextToken", 0))
    more = {"NextToken": str(first + _PAGE)} if first + _PAGE < len(found) else {}
    return json.dumps({"Events": found[first : first + _PAGE], **more})


def _answers(event: dict[str, Any], asked: dict[str, Any]) -> bool:
    """Return whether a lookup finds an event."""
    if not asked["StartTime"] <= event["EventTime"] <= asked["EndTime"]:
        return False
    resources = [it["ResourceName"] for it in event.get("Resources", [])]
    return all(
        it["AttributeValue"] in resources
        if it["AttributeKey"] == "ResourceName"
        else it["AttributeValue"] == event.get(it["AttributeKey"])
        for it in asked.get("LookupAttributes", [])
    )
