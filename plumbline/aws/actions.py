"""The IAM action that an API operation needs, where it is not named after the operation.

Objects are deleted by version only.

Source: the service authorization reference, "Actions, resources, and condition keys".
"""

_ACTIONS = {
    "accessanalyzer:ListAnalyzers": "access-analyzer:ListAnalyzers",
    "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:DeleteObject": "s3:DeleteObjectVersion",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
}


def action(operation: str) -> str:
    """Return the IAM action for an operation such as `s3:HeadBucket`."""
    return _ACTIONS.get(operation, operation)
