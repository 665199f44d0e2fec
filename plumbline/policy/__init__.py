"""IAM policy documents as values: what they say, what they decide, what they grant too widely.

No library is used for it: policyuniverse (last released in 2023), parliament, policy-sentry and iam-ape
expand or lint documents, and none evaluates a request with NotAction, NotResource and
conditions or can say "unknown".
"""

from plumbline.policy.decision import decide, trusted_services
from plumbline.policy.document import Document, Policy, Statement
from plumbline.policy.grants import dynamodb_elsewhere, dynamodb_wildcards
from plumbline.policy.openness import is_public

__all__ = [
    "Document",
    "Policy",
    "Statement",
    "decide",
    "dynamodb_elsewhere",
    "dynamodb_wildcards",
    "is_public",
    "trusted_services",
]
