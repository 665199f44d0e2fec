"""What tools find that look at the code."""

import pytest


@pytest.mark.invariant("tools.findings")
def test_tool_finds_nothing(tool_run, expected):
    assert tool_run.findings == expected.findings
