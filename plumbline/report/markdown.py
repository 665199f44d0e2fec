"""What was read, in Markdown that others show: a code span in which it is text and nothing else.

Within a code span GitHub mentions nobody, links nothing and takes no HTML. Source: CommonMark, "Code spans",
and GitHub Flavored Markdown, "Tables (extension)": a pipe ends a cell in a code span, too, unless a backslash
stands before it.
"""

from __future__ import annotations

import re


def code(told: str) -> str:
    """Return a text of one line as a code span that can stand in a table; nothing for an empty one."""
    if not told:
        return ""
    fence = "`" * (max(map(len, re.findall("`+", told)), default=0) + 1)
    room = " " if told[0] in "` " or told[-1] in "` " else ""
    return f"{fence}{room}{_in_table(told)}{room}{fence}"


def prose(told: str) -> str:
    """Return a text as one line that can stand in a table and holds no HTML."""
    return " ".join(told.split()).replace("|", "\\|").replace("<", "&lt;")


def _in_table(told: str) -> str:
    """Return a text that ends no cell: a pipe, and each backslash before it, behind a backslash."""
    return re.sub(r"(\\*)\|", r"\1\1\\|", told)


def row(*cells: str) -> str:
    """Return the cells of a table as one of its lines."""
    return f"| {' | '.join(cells)} |"
