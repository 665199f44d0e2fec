"""What moto lacks of the statistics of CloudWatch: percentiles.

CloudWatch estimates one where many values lie in a period; here it is the lowest value that so large a
share of them does not exceed.
"""

import math
import re
from typing import SupportsFloat

from moto.cloudwatch.models import Statistics

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")
_other = Statistics.get_statistics_for_type


def install() -> None:
    """Let moto answer for them."""
    setattr(Statistics, "get_statistics_for_type", _or_percentile)  # noqa: B010 (mypy refuses an assignment)


def _or_percentile(self: Statistics, stat: str) -> SupportsFloat | None:
    asked = _PERCENTILE.fullmatch(stat)
    if asked is None:
        return _other(self, stat)
    values = sorted(self.metric_single_values_list)
    return values[max(math.ceil(len(values) * float(asked[1]) / 100), 1) - 1] if values else None
