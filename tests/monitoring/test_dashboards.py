"""The dashboards."""

import pytest


@pytest.mark.invariant("dashboards.namespaces")
def test_dashboard_plots_metrics_of_every_namespace(dashboard, expected):
    assert dashboard.unplotted(expected.namespaces) == []


@pytest.mark.invariant("dashboards.regions")
def test_dashboard_reads_in_no_other_region(dashboard, expected):
    assert dashboard.read_elsewhere(expected.regions) == []


@pytest.mark.invariant("dashboards.titles")
def test_dashboard_has_a_widget_of_every_title(dashboard, expected):
    assert dashboard.untitled(expected.some_titles) == []


@pytest.mark.invariant("dashboards.metrics")
def test_dashboard_plots_every_metric(dashboard, expected):
    assert dashboard.unplotted_metrics(expected.some_metrics) == []


@pytest.mark.invariant("dashboards.logs")
def test_dashboard_looks_through_every_log(dashboard, expected):
    assert dashboard.unshown_logs(expected.some_log_groups) == []


@pytest.mark.invariant("dashboards.resources")
def test_dashboard_plots_nothing_of_what_is_not_there(dashboard):
    assert dashboard.plotted_of_nothing == []
