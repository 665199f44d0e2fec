"""What stands for a person in everything that is shown or kept: part of a hash of a name or an address."""

from __future__ import annotations

import hashlib
import re

PSEUDONYM = re.compile(r"[0-9a-f]{12}")


def pseudonym(within: str, text: str) -> str:
    """Return twelve digits of the SHA-256 of `WITHIN/TEXT`.

    With what it is within, one person goes by another one elsewhere.
    """
    return hashlib.sha256(f"{within}/{text}".encode()).hexdigest()[:12]
