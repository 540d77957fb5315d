"""An origin that CloudFront speaks to over TLS only."""

from pulumi_aws.cloudfront._inputs import DistributionOriginArgsDict


def tls_origin(name: str, host: str, *, seconds: int) -> DistributionOriginArgsDict:
    """Return the origin `name` at `host`, over TLS 1.2, the newest that CloudFront speaks to one; `seconds` is how long an answer may take.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-ciphers-cloudfront-to-origin.html
    """
    return {
        "origin_id": name,
        "domain_name": host,
        "custom_origin_config": {
            "http_port": 80,
            "https_port": 443,
            "origin_protocol_policy": "https-only",
            "origin_ssl_protocols": ["TLSv1.2"],
            "origin_read_timeout": seconds,
            "origin_keepalive_timeout": 60,
        },
    }
