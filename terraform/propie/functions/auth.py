"""GET /session: looks into the claims of a token, and says whose it is."""

import json
import logging
import os

LOG = logging.getLogger()
LOG.setLevel(logging.INFO)


def mistake(claims):
    """Return what is wrong with claims, or nothing. API Gateway has checked the signature and the time."""
    if claims.get("token_use") != "id":
        return "no id token"
    if claims.get("iss") != os.environ["ISSUER"]:
        return "another issuer"
    if claims.get("aud") != os.environ["CLIENT_ID"]:
        return "another audience"
    return None


def handler(event, context):
    """Answer who has signed in. The runbook searches the log for the words before the colon."""
    claims = event["requestContext"]["authorizer"]["claims"]
    if wrong := mistake(claims):
        LOG.error("Authentication error: %s", wrong)
        return _answer(401, {"message": "Unauthorized"})
    return _answer(200, {"user": claims["sub"], "email": claims.get("email")})


def _answer(status, body):
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
