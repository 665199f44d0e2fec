"""What moto lacks of AWS WAF: what a web ACL stands before."""

import json

from moto.wafv2.responses import WAFV2Response


def install() -> None:
    """Add the operation, unless moto has one of its own."""
    if not hasattr(WAFV2Response, "list_resources_for_web_acl"):
        setattr(WAFV2Response, "list_resources_for_web_acl", _listed)  # noqa: B010 (mypy refuses it plainly)


def _listed(self: WAFV2Response) -> tuple[int, dict[str, str], str]:
    arn = self._get_param("WebACLArn")
    [found] = [it for it in self.wafv2_backend.wacls.values() if it.arn == arn]
    asked = {"API_GATEWAY": ":apigateway:", "APPLICATION_LOAD_BALANCER": ":elasticloadbalancing:"}
    of_type = asked[self._get_param("ResourceType") or "APPLICATION_LOAD_BALANCER"]
    told = [it for it in found.associated_resources if of_type in it]
    return 200, {"Content-Type": "application/json"}, json.dumps({"ResourceArns": told})
