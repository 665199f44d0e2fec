"""IAM policy documents as values: what they say, what they decide, what they grant too widely.

No library is used for it: policyuniverse (last released in 2023), parliament, policy-sentry and iam-ape
expand or lint documents, and none evaluates a request with NotAction, NotResource and
conditions or can say "unknown".
"""

from plumbline.policy.breadth import DataService, broad
from plumbline.policy.context import OVER_TLS, WITHOUT_TLS, Context, Several, is_for_machines, of_role
from plumbline.policy.decision import ALL, Decision, by_itself, decide, surely, trusted_services
from plumbline.policy.denial import undenied
from plumbline.policy.document import Document, Policy, Sort, Statement
from plumbline.policy.federation import Trusted, locked_out, strangers
from plumbline.policy.grants import dynamodb_denied, dynamodb_elsewhere, dynamodb_wildcards
from plumbline.policy.openness import is_public
from plumbline.policy.outsiders import outsiders
from plumbline.policy.spelling import told_apart

__all__ = [
    "ALL",
    "OVER_TLS",
    "WITHOUT_TLS",
    "Context",
    "DataService",
    "Decision",
    "Document",
    "Policy",
    "Several",
    "Sort",
    "Statement",
    "Trusted",
    "broad",
    "by_itself",
    "decide",
    "dynamodb_denied",
    "dynamodb_elsewhere",
    "dynamodb_wildcards",
    "is_for_machines",
    "is_public",
    "locked_out",
    "of_role",
    "outsiders",
    "strangers",
    "surely",
    "told_apart",
    "trusted_services",
    "undenied",
]
