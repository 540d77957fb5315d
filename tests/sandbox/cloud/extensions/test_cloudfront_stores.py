"""Entries of CloudFront's stores, as any client sees them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.kit.cloud import EmulatedCloud
from tests.kit.entries import entries_client


@pytest.fixture
def cloudfront(emulated_cloud: EmulatedCloud) -> Any:
    emulated_cloud.reset()
    return emulated_cloud.boto("cloudfront")


def _code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def test_entries_change_under_the_newest_mark_only(cloudfront: Any, emulated_cloud: EmulatedCloud) -> None:
    arn = cloudfront.create_key_value_store(Name="releases")["KeyValueStore"]["ARN"]
    entries = entries_client(emulated_cloud)
    first = entries.describe_key_value_store(KvsARN=arn)
    assert (first["ItemCount"], first["KvsARN"]) == (0, arn)
    with pytest.raises(ClientError) as missing:
        entries.get_key(KvsARN=arn, Key="release")
    assert _code(missing) == "ResourceNotFoundException"

    put = entries.put_key(KvsARN=arn, Key="release", Value="1a", IfMatch=first["ETag"])
    assert put["ETag"] != first["ETag"]
    assert entries.get_key(KvsARN=arn, Key="release")["Value"] == "1a"
    with pytest.raises(ClientError) as conflict:
        entries.put_key(KvsARN=arn, Key="release", Value="2b", IfMatch=first["ETag"])
    assert _code(conflict) == "ConflictException"

    both = entries.update_keys(KvsARN=arn, IfMatch=put["ETag"], Puts=[{"Key": "other", "Value": "x"}], Deletes=[{"Key": "release"}])
    assert entries.list_keys(KvsARN=arn)["Items"] == [{"Key": "other", "Value": "x"}]
    gone = entries.delete_key(KvsARN=arn, Key="other", IfMatch=both["ETag"])
    assert gone["ItemCount"] == 0
    with pytest.raises(ClientError) as large:
        entries.put_key(KvsARN=arn, Key="release", Value="x" * 1025, IfMatch=gone["ETag"])
    assert _code(large) == "ValidationException"


def test_a_store_stays_while_a_function_reads_it(cloudfront: Any) -> None:
    made = cloudfront.create_key_value_store(Name="releases")
    stores = {"Quantity": 1, "Items": [{"KeyValueStoreARN": made["KeyValueStore"]["ARN"]}]}
    config = {"Comment": "", "Runtime": "cloudfront-js-2.0", "KeyValueStoreAssociations": stores}
    mark = cloudfront.create_function(Name="router", FunctionConfig=config, FunctionCode=b"code")["ETag"]
    with pytest.raises(ClientError) as used:
        cloudfront.delete_key_value_store(Name="releases", IfMatch=made["ETag"])
    assert _code(used) == "CannotDeleteEntityWhileInUse"
    cloudfront.delete_function(Name="router", IfMatch=mark)
    cloudfront.delete_key_value_store(Name="releases", IfMatch=made["ETag"])
