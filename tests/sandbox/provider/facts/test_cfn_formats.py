import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.provider.facts.cfn_formats import FORMATS, described, has_format


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_a_network_is_one_only_without_host_bits(address: ipaddress.IPv4Address, size: int) -> None:
    network = ipaddress.ip_network((address, size), strict=False)
    assert has_format("ipv4-network", str(network))
    assert has_format("ipv4-network", f"{address}/{size}") is (network.network_address == address)
    assert not has_format("ipv6-network", str(network))


@pytest.mark.parametrize("value", ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "", "a/8", "10.0.0.1/8"])
def test_what_is_no_network_is_refused(value: str) -> None:
    assert not has_format("ipv4-network", value)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("AWS::EC2::VPC.Id", "vpc-0123456789abcdef0", "vpc-2"),
        ("AWS::EC2::VPC.Id", "vpc-01234567", "subnet-01234567"),
        ("AWS::EC2::Subnet.Id", "subnet-0123456789abcdef0", "subnet-0123456789ABCDEF0"),
        ("AWS::EC2::SecurityGroup.Id", "sg-0123456789abcdef0", "default"),
        ("AWS::EC2::Image.Id", "ami-0123456789abcdef0", "ami-1"),
        ("AWS::IAM::Role.Arn", "arn:aws:iam::123456789012:role/path/node", "arn:aws:iam::123456789012:user/node"),
        ("AWS::KMS::Key.Arn", "arn:aws:kms:eu-west-1:123456789012:key/mrk-1", "arn:aws:kms:eu-west-1:1:key/a"),
        ("AWS::KMS::Key.Id", "mrk-0123456789abcdef0123456789abcdef", "0123456789abcdef"),
        ("AWS::KMS::Alias.AliasName", "alias/aws/s3", "aws/s3"),
        ("AWS::ACM::Certificate.Arn", "arn:aws:acm:us-east-1:123456789012:certificate/a", "arn:aws:iam::123456789012:certificate/a"),
        ("AWS::Logs::LogGroup.Name", "/aws/vpc/flow", "flow logs"),
        ("AWS::S3::Bucket.Name", "morefocus.prod-euw1", "morefocus..prod"),
        ("AWS::S3::Bucket.Name", "abc", "ab"),
        ("ipv4", "192.0.2.1", "192.0.2.0/24"),
        ("ipv6", "2001:db8::1", "192.0.2.1"),
        ("ipv6-network", "2001:db8::/56", "2001:db8::1/56"),
    ],
)
def test_a_format_tells_right_from_wrong(name: str, right: str, wrong: str) -> None:
    assert has_format(name, right)
    assert not has_format(name, wrong)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_described_in_words(name: str) -> None:
    assert described(name).startswith(("a ", "an "))
