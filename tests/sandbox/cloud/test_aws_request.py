"""Service, action and protocol are read from what boto3 really sends."""

import io
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from sandbox.cloud import aws_request

CALLS = [
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}, "CreateVpc", "ec2"),
    ("rds", "describe_db_instances", {}, "DescribeDBInstances", "query"),
    ("elbv2", "describe_load_balancers", {}, "DescribeLoadBalancers", "query"),
    ("kms", "create_key", {}, "CreateKey", "json"),
    ("cloudwatch", "delete_alarms", {"AlarmNames": ["a"]}, "DeleteAlarms", "json"),
    ("eks", "create_addon", {"clusterName": "c", "addonName": "a"}, "CreateAddon", "rest-json"),
    ("eks", "describe_cluster", {"name": "c"}, "DescribeCluster", "rest-json"),
    ("efs", "create_mount_target", {"FileSystemId": "fs-12345678", "SubnetId": "subnet-12345678"}, "CreateMountTarget", "rest-json"),
    ("s3", "create_bucket", {"Bucket": "b"}, "CreateBucket", "rest-xml"),
    ("s3", "list_buckets", {}, "ListBuckets", "rest-xml"),
    ("s3", "put_bucket_policy", {"Bucket": "b", "Policy": "{}"}, "PutBucketPolicy", "rest-xml"),
    ("s3", "put_object", {"Bucket": "b", "Key": "deep/key", "Body": b"x"}, "PutObject", "rest-xml"),
    ("s3", "copy_object", {"Bucket": "b", "Key": "k", "CopySource": "b/old"}, "CopyObject", "rest-xml"),
    ("s3", "upload_part", {"Bucket": "b", "Key": "k", "PartNumber": 1, "UploadId": "u", "Body": b"x"}, "UploadPart", "rest-xml"),
    ("s3", "get_bucket_location", {"Bucket": "b"}, "GetBucketLocation", "rest-xml"),
    (
        "route53",
        "change_resource_record_sets",
        {"HostedZoneId": "Z1", "ChangeBatch": {"Changes": [{"Action": "DELETE", "ResourceRecordSet": {"Name": "a", "Type": "A"}}]}},
        "ChangeResourceRecordSets",
        "rest-xml",
    ),
    ("cloudfront", "get_distribution_config", {"Id": "E1"}, "GetDistributionConfig", "rest-xml"),
]


def sent(service: str, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The request that boto3 would send, as WSGI has it."""
    client = boto3.client(
        service, region_name="eu-west-1", endpoint_url="http://127.0.0.1:1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    seen: dict[str, Any] = {}

    def catch(request: Any, **_rest: Any) -> AWSResponse:
        headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
        body = request.body
        body = body.read() if hasattr(body, "read") else body or b""
        seen.update({f"HTTP_{name.upper().replace('-', '_')}": str(value) for name, value in headers.items()})
        seen["CONTENT_TYPE"] = headers.get("Content-Type", "")
        seen["REQUEST_METHOD"] = request.method
        seen["RAW_URI"] = request.url.removeprefix("http://127.0.0.1:1")
        seen["wsgi.input"] = io.BytesIO(body.encode() if isinstance(body, str) else bytes(body))
        raise ConnectionError("caught")

    client.meta.events.register("before-send", catch)
    with pytest.raises(ConnectionError):
        getattr(client, method)(**arguments)
    return seen


@pytest.mark.parametrize(("service", "method", "arguments", "action", "protocol"), CALLS, ids=lambda value: str(value)[:30])
def test_every_protocol_tells_its_action(service: str, method: str, arguments: dict[str, Any], action: str, protocol: str) -> None:
    environ = sent(service, method, arguments)
    body = environ["wsgi.input"].read()
    environ["wsgi.input"].seek(0)
    request = aws_request.read(environ)
    assert request is not None
    assert request.protocol == protocol
    assert aws_request.service(service).action(request) == action
    assert environ["wsgi.input"].read() == body, "moto has to read the body too"
    other = "sqs" if service != "sqs" else "sns"
    assert aws_request.service(other).action(request) is None


def test_what_is_not_signed_is_no_aws_request() -> None:
    assert aws_request.read({"REQUEST_METHOD": "GET", "RAW_URI": "/moto-api/", "wsgi.input": io.BytesIO()}) is None


def test_an_unknown_service_is_an_error_that_gives_an_example() -> None:
    with pytest.raises(aws_request.UnknownServiceError, match="use boto3's name"):
        aws_request.service("elasticloadbalancing")
