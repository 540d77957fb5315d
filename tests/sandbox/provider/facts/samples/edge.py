"""What the world reaches first."""

from __future__ import annotations

from typing import Any, Final

from tests.sandbox.provider.facts.samples.names import BALANCER, BUCKET, CERTIFICATE, GROUP, SUBNETS, VPC

_BEHAVIOUR = {
    "allowedMethods": ["GET", "HEAD"],
    "cachedMethods": ["GET", "HEAD"],
    "targetOriginId": "assets",
    "viewerProtocolPolicy": "redirect-to-https",
    "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    "compress": True,
}

EDGE: Final[dict[str, dict[str, Any]]] = {
    "aws:lb/loadBalancer:LoadBalancer": {
        "name": "morefocus-prod-euw1",
        "loadBalancerType": "application",
        "internal": False,
        "subnets": SUBNETS,
        "securityGroups": [GROUP],
        "enableDeletionProtection": True,
        "dropInvalidHeaderFields": True,
        "accessLogs": {"bucket": "morefocus-prod-euw1-access-logs", "enabled": True},
    },
    "aws:lb/listener:Listener": {
        "loadBalancerArn": BALANCER,
        "port": 443,
        "protocol": "HTTPS",
        "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        "certificateArn": CERTIFICATE,
        "defaultActions": [{"type": "fixed-response", "fixedResponse": {"contentType": "text/plain", "statusCode": "404"}}],
    },
    "aws:lb/targetGroup:TargetGroup": {
        "name": "morefocus-prod-euw1-api",
        "port": 8080,
        "protocol": "HTTP",
        "targetType": "ip",
        "vpcId": VPC,
        "healthCheck": {"path": "/health", "interval": 30, "timeout": 5, "matcher": "200-299", "protocol": "HTTP", "port": "traffic-port"},
    },
    "aws:route53/zone:Zone": {"name": "morefocus.example", "comment": "The platform"},
    "aws:route53/record:Record": {
        "zoneId": "Z0123456789ABCDEFGHIJ",
        "name": "api.morefocus.example",
        "type": "A",
        "aliases": [{"name": "balancer.example.com", "zoneId": "Z32O12XQLNTSW2", "evaluateTargetHealth": True}],
    },
    "aws:cloudfront/distribution:Distribution": {
        "enabled": True,
        "comment": "Web application",
        "httpVersion": "http2and3",
        "isIpv6Enabled": True,
        "priceClass": "PriceClass_All",
        "origins": [
            {"originId": "assets", "domainName": f"{BUCKET}.s3.eu-west-1.amazonaws.com", "originAccessControlId": "E2QWRUHEXAMPLE"}
        ],
        "defaultCacheBehavior": _BEHAVIOUR,
        "orderedCacheBehaviors": [{**_BEHAVIOUR, "pathPattern": "/api/*"}],
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {
            "acmCertificateArn": CERTIFICATE.replace("eu-west-1", "us-east-1"),
            "sslSupportMethod": "sni-only",
            "minimumProtocolVersion": "TLSv1.2_2021",
        },
        "customErrorResponses": [{"errorCode": 403, "responseCode": 200, "responsePagePath": "/index.html"}],
    },
    "aws:cloudfront/originAccessControl:OriginAccessControl": {
        "name": "morefocus-prod-assets",
        "originAccessControlOriginType": "s3",
        "signingBehavior": "always",
        "signingProtocol": "sigv4",
    },
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
        "name": "morefocus-prod-web",
        "securityHeadersConfig": {
            "strictTransportSecurity": {"accessControlMaxAgeSec": 63072000, "includeSubdomains": True, "override": True},
            "frameOptions": {"frameOption": "DENY", "override": True},
            "contentTypeOptions": {"override": True},
            "referrerPolicy": {"referrerPolicy": "same-origin", "override": True},
        },
    },
    "aws:cloudfront/cachePolicy:CachePolicy": {
        "name": "morefocus-prod-assets",
        "minTtl": 1,
        "parametersInCacheKeyAndForwardedToOrigin": {
            "cookiesConfig": {"cookieBehavior": "none"},
            "headersConfig": {"headerBehavior": "none"},
            "queryStringsConfig": {"queryStringBehavior": "none"},
        },
    },
}
