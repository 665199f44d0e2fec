"""What moto lacks of AppSync: where a GraphQL API takes its data from, and what resolves a field.

Its APIs have ids with dashes, which AppSync's never have, and it does not tell of what sort they are.
"""

from collections.abc import Callable
from typing import Any

from moto.appsync import urls
from moto.appsync.models import GraphqlAPI
from moto.appsync.responses import AppSyncResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.moto_api._internal import mock_random

_made = GraphqlAPI.__init__
_TOLD: dict[str, Any] = {
    name: getattr(AppSyncResponse, name)
    for name in ("create_graphql_api", "get_graphql_api", "update_graphql_api")
}
_UNSAID = {
    "apiType": "GRAPHQL",
    "introspectionConfig": "ENABLED",
    "queryDepthLimit": 0,
    "resolverCountLimit": 0,
}
"""What is answered of what was not said. Source: AppSync API Reference, GraphqlApi."""
_PATHS = (
    "{0}/v1/apis/(?P<apiId>[^/]+)/datasources$",
    "{0}/v1/apis/(?P<apiId>[^/]+)/datasources/(?P<name>[^/]+)$",
    "{0}/v1/apis/(?P<apiId>[^/]+)/types/(?P<typeName>[^/]+)/resolvers$",
    "{0}/v1/apis/(?P<apiId>[^/]+)/types/(?P<typeName>[^/]+)/resolvers/(?P<fieldName>[^/]+)$",
)


class Added(AppSyncResponse):
    """The operations; what they keep lies on moto's own record of the API."""

    def create_data_source(self) -> ActionResult:
        said = _said(self)
        arn = f"{_api(self).arn}/datasources/{said['name']}"
        made = {**said, "dataSourceArn": arn}
        _kept(self, "data_sources")[said["name"]] = made
        return ActionResult({"dataSource": made})

    def get_data_source(self) -> ActionResult:
        return ActionResult({"dataSource": _found(self, "data_sources", _said(self)["name"])})

    def delete_data_source(self) -> EmptyResult:
        _found(self, "data_sources", _said(self)["name"])
        del _kept(self, "data_sources")[_said(self)["name"]]
        return EmptyResult()

    def create_resolver(self) -> ActionResult:
        said = _said(self)
        arn = f"{_api(self).arn}/types/{said['typeName']}/resolvers/{said['fieldName']}"
        made = {"kind": "UNIT", **said, "resolverArn": arn}
        _kept(self, "resolvers")[_field(self)] = made
        return ActionResult({"resolver": made})

    def get_resolver(self) -> ActionResult:
        return ActionResult({"resolver": _found(self, "resolvers", _field(self))})

    def delete_resolver(self) -> EmptyResult:
        _found(self, "resolvers", _field(self))
        del _kept(self, "resolvers")[_field(self)]
        return EmptyResult()


def install() -> None:
    """Add the operations to moto."""
    for name, operation in vars(Added).items():
        if not name.startswith("_") and not hasattr(AppSyncResponse, name):
            setattr(AppSyncResponse, name, operation)
    for name, told in _TOLD.items():
        setattr(AppSyncResponse, name, _of_its_sort(told))
    setattr(GraphqlAPI, "__init__", _with_its_id)  # noqa: B010 (mypy refuses a plain assignment)
    # Before moto's own: that of a type takes what is below it, too.
    urls.url_paths = dict.fromkeys(_PATHS, AppSyncResponse.dispatch) | urls.url_paths


def _with_its_id(self: GraphqlAPI, *said: Any, **more: Any) -> None:
    _made(self, *said, **more)
    name = mock_random.get_random_string(length=26, lower_case=True)
    self.arn, self.api_id = self.arn.replace(self.api_id, name), name


def _of_its_sort(
    operation: Callable[[AppSyncResponse], ActionResult],
) -> Callable[[AppSyncResponse], ActionResult]:
    def answer(self: AppSyncResponse) -> ActionResult:
        answered: Any = operation(self).result
        return ActionResult({"graphqlApi": {**_UNSAID, **answered["graphqlApi"]}})

    return answer


def _said(response: AppSyncResponse) -> dict[str, Any]:
    return {name: it for name, it in response.params.items() if name != "apiId"}


def _api(response: AppSyncResponse) -> Any:
    return response.appsync_backend.get_graphql_api(response.params["apiId"])


def _field(response: AppSyncResponse) -> str:
    said = _said(response)
    return f"{said['typeName']}.{said['fieldName']}"


def _kept(response: AppSyncResponse, sort: str) -> dict[str, Any]:
    kept: dict[str, Any] = vars(_api(response)).setdefault(f"_{sort}", {})
    return kept


def _found(response: AppSyncResponse, sort: str, name: str) -> dict[str, Any]:
    if name not in _kept(response, sort):
        raise JsonRESTError("NotFoundException", f"No {name} found.")
    found: dict[str, Any] = _kept(response, sort)[name]
    return found
