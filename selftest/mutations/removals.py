"""Deleting what cannot be deleted by a single call."""

from moto.backup.models import backup_backends

from plumbline.aws.reads import Aws


def remove_table(aws: Aws, name: str) -> None:
    """Delete a table that nothing protects."""
    aws.write("dynamodb:DeleteTable", TableName=name)


def remove_bucket(aws: Aws, name: str) -> None:
    """Delete a bucket with every version of every object in it."""
    _remove_versions(aws, name, "")
    aws.write("s3:DeleteBucket", Bucket=name)


def remove_plan(aws: Aws, name: str) -> None:
    """Delete a backup plan with its selections."""
    plans = aws.write("backup:ListBackupPlans")["BackupPlansList"]
    plan = next(each["BackupPlanId"] for each in plans if each["BackupPlanName"] == name)
    for selection in aws.write("backup:ListBackupSelections", BackupPlanId=plan)["BackupSelectionsList"]:
        aws.write("backup:DeleteBackupSelection", BackupPlanId=plan, SelectionId=selection["SelectionId"])
    aws.write("backup:DeleteBackupPlan", BackupPlanId=plan)
    del backup_backends[aws.account][aws.region].plans[plan]  # moto keeps the name in use


def remove_object(aws: Aws, name: str) -> None:
    """Delete every version of an object, named `bucket/key`."""
    bucket, _, key = name.partition("/")
    _remove_versions(aws, bucket, key)


def remove_provider(aws: Aws, name: str) -> None:
    """Delete an identity provider, named by its host."""
    arn = f"arn:aws:iam::{aws.account}:oidc-provider/{name}"
    aws.write("iam:DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=arn)


def _remove_versions(aws: Aws, bucket: str, prefix: str) -> None:
    listed = aws.write("s3:ListObjectVersions", Bucket=bucket, Prefix=prefix)
    for version in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
        aws.write("s3:DeleteObject", Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
