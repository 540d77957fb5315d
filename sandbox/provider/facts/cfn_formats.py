"""What the named formats of CloudFormation's schemas look like."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from typing import Final

from sandbox.provider.facts.patterns import found_in


def has_format(name: str, value: str) -> bool:
    """Whether a text has the format of that name."""
    rule = FORMATS[name][1]
    return found_in(rule, value) if isinstance(rule, str) else rule(value)


def described(name: str) -> str:
    """The format in words."""
    return FORMATS[name][0]


def _network(version: int) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        try:
            return "/" in value and ipaddress.ip_network(value).version == version
        except ValueError:
            return False

    return fits


def _address(version: int) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        try:
            return ipaddress.ip_address(value).version == version
        except ValueError:
            return False

    return fits


_ARN = r"^arn:(aws|aws-cn|aws-us-gov|aws-iso|aws-iso-b|aws-iso-e|aws-iso-f|aws-eusc):"
_ID = r"([0-9a-f]{8}|[0-9a-f]{17})$"

FORMATS: Final[Mapping[str, tuple[str, str | Callable[[str], bool]]]] = {
    "ipv4-network": ("an IPv4 network such as 10.0.0.0/16, without host bits", _network(4)),
    "ipv6-network": ("an IPv6 network such as 2001:db8::/56, without host bits", _network(6)),
    "ipv4": ("an IPv4 address", _address(4)),
    "ipv6": ("an IPv6 address", _address(6)),
    "AWS::EC2::VPC.Id": ("a VPC id (vpc-...)", r"^vpc-" + _ID),
    "AWS::EC2::Subnet.Id": ("a subnet id (subnet-...)", r"^subnet-" + _ID),
    "AWS::EC2::SecurityGroup.Id": ("a security group id (sg-...)", r"^sg-" + _ID),
    "AWS::EC2::Image.Id": ("an image id (ami-...)", r"^ami-([0-9a-z]{8}|[0-9a-z]{17})$"),
    "AWS::IAM::Role.Arn": ("an IAM role's ARN", _ARN + r"iam::\d{12}:role/.+$"),
    "AWS::KMS::Key.Arn": ("a KMS key's ARN", _ARN + r"kms:[a-z0-9-]+:\d{12}:(key|alias)/.+$"),
    "AWS::KMS::Key.Id": ("a KMS key's id", r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$"),
    "AWS::KMS::Alias.AliasName": ("a KMS alias (alias/...)", r"^alias/[a-zA-Z0-9:/_-]+$"),
    "AWS::ACM::Certificate.Arn": ("an ACM certificate's ARN", _ARN + r"acm:[a-z0-9-]+:\d{12}:certificate/.+$"),
    "AWS::Logs::LogGroup.Name": ("a log group's name", r"^[.\-_/#A-Za-z0-9]{1,512}\Z"),
    "AWS::S3::Bucket.Name": (
        "a bucket name (3 to 63 of a-z, 0-9, dot and hyphen)",
        r"^(?![.\-])(?!.*\.\.)(?!.*-\.)(?!.*\.-)[a-z0-9.\-]{3,63}(?<![.\-])$",
    ),
}
"""Each format that is checked, in words and as a pattern or a test; any other says nothing here."""
