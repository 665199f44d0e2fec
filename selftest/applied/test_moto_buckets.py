"""What is added to moto of buckets answers as AWS does, in this process and in a server alike."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from selftest.applied.test_moto_extensions import server, session

__all__ = ["server", "session"]

WHOLE = {"Id": "EntireBucket"}
NARROW = {
    "Id": "of raw",
    "Filter": {"And": {"Prefix": "raw/", "Tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}]}},
}
RULE = {
    "ID": "all",
    "Status": "Enabled",
    "Filter": {"And": {"Prefix": "raw/", "ObjectSizeGreaterThan": 500, "ObjectSizeLessThan": 9000}},
    "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
    "NoncurrentVersionExpiration": {"NoncurrentDays": 60, "NewerNoncurrentVersions": 3},
}


@pytest.fixture
def s3(session: Any) -> Any:
    """A client of S3, with a bucket."""
    found = session.client("s3")
    found.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "af-south-1"})
    return found


def test_request_metrics_are_listed_as_they_were_put(s3: Any) -> None:
    assert not s3.list_bucket_metrics_configurations(Bucket="lake")["IsTruncated"]
    for it in (WHOLE, NARROW):
        s3.put_bucket_metrics_configuration(Bucket="lake", Id=it["Id"], MetricsConfiguration=it)
    listed = s3.list_bucket_metrics_configurations(Bucket="lake")["MetricsConfigurationList"]
    assert listed == [WHOLE, NARROW]
    told = s3.get_bucket_metrics_configuration(Bucket="lake", Id="of raw")
    assert told["MetricsConfiguration"] == NARROW


def test_request_metrics_that_were_deleted_are_not_there(s3: Any) -> None:
    s3.put_bucket_metrics_configuration(Bucket="lake", Id=WHOLE["Id"], MetricsConfiguration=WHOLE)
    s3.delete_bucket_metrics_configuration(Bucket="lake", Id=WHOLE["Id"])
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        s3.get_bucket_metrics_configuration(Bucket="lake", Id=WHOLE["Id"])


def test_who_pays_for_requests_is_kept(s3: Any) -> None:
    assert s3.get_bucket_request_payment(Bucket="lake")["Payer"] == "BucketOwner"
    s3.put_bucket_request_payment(Bucket="lake", RequestPaymentConfiguration={"Payer": "Requester"})
    assert s3.get_bucket_request_payment(Bucket="lake")["Payer"] == "Requester"


@pytest.mark.parametrize("smallest", ["all_storage_classes_128K", "varies_by_storage_class"])
def test_a_lifecycle_rule_is_kept_whole(s3: Any, smallest: str) -> None:
    s3.put_bucket_lifecycle_configuration(
        Bucket="lake",
        LifecycleConfiguration={"Rules": [RULE]},
        TransitionDefaultMinimumObjectSize=smallest,
    )
    told = s3.get_bucket_lifecycle_configuration(Bucket="lake")
    assert told["Rules"] == [RULE]
    assert told["TransitionDefaultMinimumObjectSize"] == smallest
    s3.delete_bucket_lifecycle(Bucket="lake")
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket="lake")


def test_what_moto_refuses_of_a_rule_is_refused(s3: Any) -> None:
    both = {"ExpiredObjectDeleteMarker": True, "Days": 3}
    with pytest.raises(ClientError, match="MalformedXML"):
        s3.put_bucket_lifecycle_configuration(
            Bucket="lake", LifecycleConfiguration={"Rules": [{**RULE, "Expiration": both}]}
        )
