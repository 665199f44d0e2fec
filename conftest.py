"""Loads the suite's plugins; nothing else belongs here.

The options are loaded by pytest.ini: they must be known before pytest decides which arguments are paths.
"""

pytest_plugins = [
    "fixtures.garbage",
    "fixtures.live",
    "fixtures.subjects",
    "fixtures.outcome",
    "fixtures.report.collected",
    "fixtures.report.progress",
    "fixtures.report.terminal",
]
