"""Which route of a REST API serves a request."""

from __future__ import annotations

import pytest

from plumbline.kinds.rest_api import RestApi
from plumbline.kinds.rest_routes import serving


@pytest.mark.parametrize(
    ("routes", "served_by"),
    [
        (["POST /export"], "POST /export"),
        (["ANY /export", "POST /export"], "POST /export"),
        (["ANY /export"], "ANY /export"),
        (["ANY /{proxy+}"], "ANY /{proxy+}"),
        (["POST /{name}", "ANY /{proxy+}"], "POST /{name}"),
        (["POST /{name}", "GET /export"], ""),  # the nearest path serves, whatever its methods
        (["POST /export/{id}"], ""),
        (["POST /"], ""),
        (["POST /exports"], ""),
        ([], ""),
    ],
)
def test_the_nearest_path_serves(routes: list[str], served_by: str) -> None:
    assert serving("POST /export", routes) == served_by


@pytest.mark.parametrize(
    ("route", "routes", "served_by"),
    [
        ("GET /a/b", ["GET /a/{x}", "GET /{y}/b"], "GET /a/{x}"),
        ("GET /a/b/c", ["GET /a/{proxy+}", "GET /{all+}"], "GET /a/{proxy+}"),
        ("GET /", ["GET /", "ANY /{proxy+}"], "GET /"),
        ("GET /a", ["ANY /a/{proxy+}"], ""),
    ],
)
def test_each_step_counts(route: str, routes: list[str], served_by: str) -> None:
    assert serving(route, routes) == served_by


def test_a_route_behind_a_proxy_is_protected_as_the_proxy_is() -> None:
    for how, told in (("COGNITO_USER_POOLS", []), ("NONE", ["POST /export: NONE"])):
        api = RestApi(name="a", routes={"ANY /{proxy+}": how})
        assert api.not_protected(["POST /export"], ["COGNITO_USER_POOLS"]) == told
