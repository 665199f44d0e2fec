"""The dashboards."""

import pytest


@pytest.mark.invariant("dashboards.namespaces")
def test_dashboard_plots_metrics_of_every_namespace(dashboard, expected):
    assert dashboard.unplotted(expected.namespaces) == []
