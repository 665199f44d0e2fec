"""The pytest plugin, in its parts: what is examined, how tests end, and what is written of it."""

pytest_plugins = [
    "plumbline.entry",
    "plumbline.suite.usage",
    "plumbline.suite.options",
    "plumbline.suite.collection",
    "plumbline.report.writing",
    "plumbline.report.files",
    "plumbline.suite.garbage",
    "plumbline.suite.subjects",
    "plumbline.suite.whole",
    "plumbline.suite.distribution",
    "plumbline.suite.owned",
    "plumbline.suite.live",
    "plumbline.suite.dropped",
    "plumbline.suite.waiving",
    "plumbline.suite.outcome",
    "plumbline.suite.progress",
    "plumbline.report.collected",
    "plumbline.report.kept",
    "plumbline.report.notify",
    "plumbline.report.terminal",
]
