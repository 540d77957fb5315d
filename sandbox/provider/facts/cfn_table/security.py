"""Keys, identities, logs, secrets, certificates and the web ACL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.provider.facts.cfn_names import Names

SECURITY: Final[Mapping[str, Names]] = {
    "aws:cloudwatch/logGroup:LogGroup": Names(
        type="AWS::Logs::LogGroup",
        renamed={"name": "LogGroupName"},
        also={"retentionInDays": (0,)},  # the provider's way to say for ever
    ),
    "aws:cloudwatch/logDelivery:LogDelivery": Names(
        type="AWS::Logs::Delivery",
        renamed={
            "s3DeliveryConfigurations": "",
            "s3DeliveryConfigurations.enableHiveCompatiblePath": "S3EnableHiveCompatiblePath",
            "s3DeliveryConfigurations.suffixPath": "S3SuffixPath",
        },
    ),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": Names(
        type="AWS::Logs::DeliveryDestination",
        renamed={
            "deliveryDestinationConfiguration": "",
            "deliveryDestinationConfiguration.destinationResourceArn": "DestinationResourceArn",
        },
        optional=frozenset({"name"}),
    ),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": Names(type="AWS::Logs::DeliverySource", optional=frozenset({"name"})),
    "aws:secretsmanager/secret:Secret": Names(type="AWS::SecretsManager::Secret", renamed={"replicas": "ReplicaRegions"}),
    "aws:kms/key:Key": Names(
        type="AWS::KMS::Key",
        renamed={"customerMasterKeySpec": "KeySpec", "deletionWindowInDays": "PendingWindowInDays", "isEnabled": "Enabled"},
    ),
    "aws:kms/alias:Alias": Names(type="AWS::KMS::Alias", renamed={"name": "AliasName"}, optional=frozenset({"name"})),
    "aws:iam/role:Role": Names(type="AWS::IAM::Role", renamed={"name": "RoleName"}),
    "aws:iam/rolePolicy:RolePolicy": Names(
        type="AWS::IAM::RolePolicy", renamed={"name": "PolicyName", "role": "RoleName"}, optional=frozenset({"name"})
    ),
    "aws:iam/policy:Policy": Names(type="AWS::IAM::ManagedPolicy", renamed={"name": "ManagedPolicyName"}),
    "aws:iam/instanceProfile:InstanceProfile": Names(
        type="AWS::IAM::InstanceProfile", renamed={"name": "InstanceProfileName"}, optional=frozenset({"role"})
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Names(type="AWS::IAM::OIDCProvider"),
    "aws:acm/certificate:Certificate": Names(
        type="AWS::CertificateManager::Certificate",
        renamed={
            "options": "",
            "options.certificateTransparencyLoggingPreference": "CertificateTransparencyLoggingPreference",
            "options.export": "CertificateExport",
            "validationOptions": "DomainValidationOptions",
        },
        optional=frozenset({"domainName"}),  # an imported certificate has it inside
    ),
    "aws:wafv2/webAcl:WebAcl": Names(type="AWS::WAFv2::WebACL"),
    "aws:wafv2/webAclAssociation:WebAclAssociation": Names(type="AWS::WAFv2::WebACLAssociation"),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": Names(type="AWS::WAFv2::LoggingConfiguration"),
}
