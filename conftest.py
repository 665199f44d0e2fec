"""Loads the suite's plugin; nothing else belongs here.

pytest.ini loads it too: its options must be known before pytest decides which arguments are paths.
"""

pytest_plugins = ["plumbline.plugin"]
