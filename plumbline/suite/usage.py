"""What pytest says of a run that it cannot start: names and values in it are text, as in every report."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from plumbline.values.shown import text


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, object, object]:
    """Let nothing in a message do anything where it is printed: pytest prints it as it is."""
    try:
        return (yield)
    except pytest.UsageError as error:
        told = ("\n".join(text(line, None) for line in str(it).split("\n")) for it in error.args)
        raise pytest.UsageError(*told) from None
