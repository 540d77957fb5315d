"""What an access log of the CDN says about a request: enough to run it, nothing about the person (D1, COM-2)."""

PERSONAL_FIELDS = frozenset({"c-ip", "c-port", "cs(Cookie)", "cs(Referer)", "cs(User-Agent)", "cs-uri-query", "x-forwarded-for", "asn"})
"""Fields that name or single out a viewer; logs of all regions' viewers end in the hub, so none of these is written."""

FIELDS = (
    "date",
    "time",
    "x-edge-location",
    "x-edge-request-id",
    "x-host-header",
    "cs-method",
    "cs-uri-stem",
    "cs-protocol",
    "cs-protocol-version",
    "cs-bytes",
    "sc-status",
    "sc-bytes",
    "sc-content-type",
    "sc-content-len",
    "time-taken",
    "time-to-first-byte",
    "ssl-protocol",
    "ssl-cipher",
    "x-edge-result-type",
    "x-edge-response-result-type",
    "x-edge-detailed-result-type",
    "c-country",
)
"""Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html"""
