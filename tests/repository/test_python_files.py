"""What Python code must do from where it is entered."""

import pytest


@pytest.mark.invariant("python.calls")
def test_code_calls_what_it_must(python_file, expected):
    assert python_file.not_called(expected.must_call) == []


@pytest.mark.invariant("python.logs")
def test_code_logs_what_is_looked_for(python_file, expected):
    assert python_file.not_logged(expected.must_log) == []


@pytest.mark.invariant("python.checks")
def test_code_keeps_nothing_that_its_check_refuses(python_file, expected):
    assert python_file.kept_though_refused(expected.kept_by) == []


@pytest.mark.invariant("python.constants")
def test_code_goes_by_constants_that_are_no_more_than_they_may_be(python_file, expected):
    assert python_file.beyond(expected.most) == []


@pytest.mark.invariant("python.windows")
def test_code_counts_for_the_window_that_it_must(python_file, expected):
    assert python_file.counted_unlike(expected.per_seconds) == []


@pytest.mark.invariant("python.backs-off")
def test_code_waits_longer_with_each_try(python_file, expected):
    assert python_file.backs_off == expected.backs_off


@pytest.mark.invariant("python.breaks-circuit")
def test_code_stops_asking_what_keeps_failing(python_file, expected):
    assert python_file.breaks_circuit == expected.breaks_circuit


@pytest.mark.invariant("python.stops-asking")
def test_code_stops_asking_before_too_much_has_failed(python_file, expected):
    assert python_file.stops_asking_after(expected.most_failures)
