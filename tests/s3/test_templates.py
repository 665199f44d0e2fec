"""The objects that a bucket must hold, and the files that they are made of."""

import pytest


@pytest.mark.invariant("s3.object-exists")
def test_template_is_in_the_bucket(stored_object, expected):
    assert stored_object.name == expected.name


@pytest.mark.invariant("s3.object-declared")
def test_template_is_uploaded_again_when_its_file_changes(stored_object, expected):
    assert stored_object.source.endswith(expected.file)
    assert stored_object.etag == stored_object.source_md5


@pytest.mark.invariant("s3.object-as-in-repository")
def test_template_is_the_one_of_the_repository(stored_object, repository_file):
    assert stored_object.source_md5 == repository_file.md5


@pytest.mark.invariant("s3.object-content")
def test_template_is_html_and_not_empty(stored_object, expected):
    assert stored_object.media_type == expected.content_type
    assert stored_object.content_length >= expected.least_bytes
