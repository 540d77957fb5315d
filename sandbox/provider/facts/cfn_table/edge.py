"""What the world reaches first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.provider.facts.cfn_names import Names

EDGE: Final[Mapping[str, Names]] = {
    "aws:lb/loadBalancer:LoadBalancer": Names(
        type="AWS::ElasticLoadBalancingV2::LoadBalancer",
        renamed={"loadBalancerType": "Type"},
        further={"aws_elasticloadbalancingv2_loadbalancer/application_subnets": ("",)},
    ),
    "aws:lb/listener:Listener": Names(
        type="AWS::ElasticLoadBalancingV2::Listener",
        renamed={
            "certificateArn": "Certificates/*/CertificateArn",
            "defaultActions.authenticateCognito": "AuthenticateCognitoConfig",
            "defaultActions.authenticateOidc": "AuthenticateOidcConfig",
            "defaultActions.fixedResponse": "FixedResponseConfig",
            "defaultActions.forward": "ForwardConfig",
            "defaultActions.forward.stickiness": "TargetGroupStickinessConfig",
            "defaultActions.forward.stickiness.duration": "DurationSeconds",
            "defaultActions.forward.targetGroups.arn": "TargetGroupArn",
            "defaultActions.jwtValidation": "JwtValidationConfig",
            "defaultActions.redirect": "RedirectConfig",
        },
        further={"aws_elasticloadbalancingv2_listener/certificate": ("",)},
    ),
    "aws:lb/targetGroup:TargetGroup": Names(
        type="AWS::ElasticLoadBalancingV2::TargetGroup",
        renamed={
            "healthCheck": "",
            "healthCheck.enabled": "HealthCheckEnabled",
            "healthCheck.healthyThreshold": "HealthyThresholdCount",
            "healthCheck.interval": "HealthCheckIntervalSeconds",
            "healthCheck.matcher": "Matcher/HttpCode",
            "healthCheck.path": "HealthCheckPath",
            "healthCheck.port": "HealthCheckPort",
            "healthCheck.protocol": "HealthCheckProtocol",
            "healthCheck.timeout": "HealthCheckTimeoutSeconds",
            "healthCheck.unhealthyThreshold": "UnhealthyThresholdCount",
        },
        further={
            "aws_elasticloadbalancingv2_targetgroup/protocol_restrictions": ("",),
            "aws_elasticloadbalancingv2_targetgroup/targettype_restrictions": ("",),
        },
    ),
    "aws:route53/zone:Zone": Names(
        type="AWS::Route53::HostedZone",
        renamed={"comment": "HostedZoneConfig/Comment"},
        optional=frozenset({"vpcs.vpcRegion"}),
    ),
    "aws:route53/record:Record": Names(
        type="AWS::Route53::RecordSet",
        renamed={
            "aliases": "AliasTarget",
            "aliases.name": "DNSName",
            "aliases.zoneId": "HostedZoneId",
            "failoverRoutingPolicies": "",
            "failoverRoutingPolicies.type": "Failover",
            "latencyRoutingPolicies": "",
            "latencyRoutingPolicies.region": "Region",
            "records": "ResourceRecords",
            "weightedRoutingPolicies": "",
            "weightedRoutingPolicies.weight": "Weight",
            "zoneId": "HostedZoneId",
        },
        further={"aws_route53_recordset/recordset_alias": ("",), "aws_route53_recordset/recordset_pattern": ("",)},
        unless={"type": ("TXT", "SPF")},  # the provider adds the quotes that CloudFormation wants
    ),
    "aws:cloudfront/distribution:Distribution": Names(
        type="AWS::CloudFront::Distribution",
        under="DistributionConfig",
        renamed={
            "defaultCacheBehavior.lambdaFunctionAssociations.lambdaArn": "LambdaFunctionARN",
            "isIpv6Enabled": "IPV6Enabled",
            "loggingConfig": "Logging",
            "orderedCacheBehaviors": "CacheBehaviors",
            "orderedCacheBehaviors.lambdaFunctionAssociations.lambdaArn": "LambdaFunctionARN",
            "originGroups": "OriginGroups/Items",
            "originGroups.failoverCriteria.statusCodes": "StatusCodes/Items",
            "originGroups.members": "Members/Items",
            "originGroups.originId": "Id",
            "origins.customHeaders": "OriginCustomHeaders",
            "origins.customHeaders.name": "HeaderName",
            "origins.customHeaders.value": "HeaderValue",
            "origins.originId": "Id",
            "tags": "/Tags",
        },
        # The provider takes the flag as false beside another certificate.
        optional=frozenset({"viewerCertificate.cloudfrontDefaultCertificate"}),
        further={"aws_cloudfront_distribution/forward_enum": ("DefaultCacheBehavior", "CacheBehaviors/*")},
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": Names(
        type="AWS::CloudFront::OriginAccessControl", under="OriginAccessControlConfig", optional=frozenset({"name"})
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": Names(
        type="AWS::CloudFront::ResponseHeadersPolicy", under="ResponseHeadersPolicyConfig", optional=frozenset({"name"})
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": Names(
        type="AWS::CloudFront::CachePolicy",
        under="CachePolicyConfig",
        optional=frozenset({"defaultTtl", "maxTtl", "minTtl", "name", "parametersInCacheKeyAndForwardedToOrigin.enableAcceptEncodingGzip"}),
    ),
}
