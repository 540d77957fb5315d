"""Keys, identities, logs, certificates and the web ACL."""

from __future__ import annotations

from typing import Any, Final

from tests.sandbox.provider.facts.samples.names import ACCOUNT, BALANCER, CERTIFICATE, KEY, POLICY, WEB_ACL

_VISIBLE = {"cloudwatchMetricsEnabled": True, "metricName": "api", "sampledRequestsEnabled": True}
SECURITY: Final[dict[str, dict[str, Any]]] = {
    "aws:cloudwatch/logGroup:LogGroup": {"name": "/aws/vpc/flow", "kmsKeyId": KEY, "retentionInDays": 365, "logGroupClass": "STANDARD"},
    "aws:kms/key:Key": {
        "description": "Personal data",
        "enableKeyRotation": True,
        "rotationPeriodInDays": 365,
        "deletionWindowInDays": 30,
        "keyUsage": "ENCRYPT_DECRYPT",
        "policy": POLICY,
    },
    "aws:kms/alias:Alias": {"name": "alias/morefocus-prod-personal", "targetKeyId": "11111111-2222-3333-4444-555555555555"},
    "aws:iam/role:Role": {
        "name": "morefocus-prod-euw1-node",
        "path": "/",
        "assumeRolePolicy": POLICY,
        "maxSessionDuration": 3600,
        "description": "Nodes of the cluster",
    },
    "aws:iam/rolePolicy:RolePolicy": {"role": "morefocus-prod-euw1-node", "policy": POLICY},
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
        "role": "morefocus-prod-euw1-node",
        "policyArn": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
    },
    "aws:iam/policy:Policy": {"name": "morefocus-prod-euw1-read", "path": "/morefocus/", "policy": POLICY},
    "aws:iam/instanceProfile:InstanceProfile": {"name": "morefocus-prod-euw1-node", "role": "morefocus-prod-euw1-node"},
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        "url": "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF",
        "clientIdLists": ["sts.amazonaws.com"],
    },
    "aws:wafv2/webAcl:WebAcl": {
        "name": "morefocus-prod-euw1-api",
        "scope": "REGIONAL",
        "defaultAction": {"allow": {}},
        "visibilityConfig": _VISIBLE,
        "rules": [
            {
                "name": "common",
                "priority": 1,
                "overrideAction": {"none": {}},
                "visibilityConfig": _VISIBLE,
                "statement": {
                    "managedRuleGroupStatement": {
                        "vendorName": "AWS",
                        "name": "AWSManagedRulesCommonRuleSet",
                        "ruleActionOverrides": [{"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}],
                    }
                },
            },
            {
                "name": "rate",
                "priority": 2,
                "action": {"block": {"customResponse": {"responseCode": 429}}},
                "visibilityConfig": _VISIBLE,
                "statement": {"rateBasedStatement": {"limit": 2000, "aggregateKeyType": "IP", "evaluationWindowSec": 300}},
            },
            {
                "name": "countries",
                "priority": 3,
                "action": {"block": {}},
                "visibilityConfig": _VISIBLE,
                "statement": {"notStatement": {"statement": {"geoMatchStatement": {"countryCodes": ["US", "BR", "DE"]}}}},
            },
        ],
    },
    "aws:wafv2/webAclAssociation:WebAclAssociation": {"resourceArn": BALANCER, "webAclArn": WEB_ACL},
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
        "resourceArn": WEB_ACL,
        "logDestinationConfigs": [f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:aws-waf-logs-api"],
        "redactedFields": [{"singleHeader": {"name": "authorization"}}],
        "loggingFilter": {
            "defaultBehavior": "DROP",
            "filters": [{"behavior": "KEEP", "requirement": "MEETS_ANY", "conditions": [{"actionCondition": {"action": "BLOCK"}}]}],
        },
    },
    "aws:acm/certificate:Certificate": {
        "domainName": "morefocus.example",
        "subjectAlternativeNames": ["*.morefocus.example"],
        "validationMethod": "DNS",
        "options": {"certificateTransparencyLoggingPreference": "ENABLED"},
    },
    "aws:acm/certificateValidation:CertificateValidation": {"certificateArn": CERTIFICATE},
}
