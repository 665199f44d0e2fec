"""Deployment packages and layers: what is in them, and how large they are unpacked."""

import pytest


@pytest.mark.invariant("lambda.package-size")
def test_package_and_its_layers_are_small_enough_unpacked(package, expected):
    assert package.too_large(expected.below_bytes) == []


@pytest.mark.invariant("lambda.package-content")
def test_package_holds_no_byte_code_and_no_data_of_git(package, expected):
    assert package.left_in == expected.left_in


@pytest.mark.invariant("lambda.layer-layout")
def test_layer_has_its_code_where_its_runtime_looks_for_it(package, expected):
    assert package.misplaced == expected.misplaced


@pytest.mark.invariant("lambda.unpacked-size")
def test_function_and_its_layers_are_small_enough_unpacked(function, expected):
    assert function.too_large(expected.below_bytes) == []
