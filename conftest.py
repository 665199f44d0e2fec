"""Loads the suite's plugin; nothing else belongs here.

pytest.ini loads it too, and an installed Plumbline by its entry point: whichever comes first. It is no
`pytest_plugins`, which pytest refuses where it takes another folder for the root.
"""

import pytest


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Load the plugin before pytest reads its options."""
    pluginmanager.import_plugin("plumbline.plugin")
