"""The definitions of AWS's services, as botocore brings them: read once, for accounts and for moto alike."""

from __future__ import annotations

import functools
from typing import Any


@functools.cache
def loader(more: str | None) -> Any:
    """Return what reads them; `more` are further folders with some: AWS_DATA_PATH.

    botocore makes itself a new one for each session, and moto for each service: half of a short run.
    """
    from botocore.loaders import create_loader

    return create_loader(more)
