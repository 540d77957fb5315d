"""What in the audit trail a person must know of: one table of patterns over CloudTrail's events (SEC-8).

Clauses are those of the CIS AWS Foundations Benchmark 1.4.0.
Sources: https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html (patterns),
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html (syntax; 1,024 characters at most).
"""

from dataclasses import dataclass

_LONGEST = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailPattern:
    """One thing to be told of.

    Raises ValueError for a pattern that CloudWatch Logs would refuse, and for a threshold below one.
    """

    name: str
    says: str
    """The alarm's description: what happened."""
    pattern: str
    clause: str
    threshold: int = 1
    """Events in five minutes that raise the alarm."""
    where_global: bool = False
    """The events come from global services only, which the trail of us-east-1 alone records."""

    def __post_init__(self) -> None:
        if len(self.pattern) > _LONGEST:
            raise ValueError(f"pattern of {self.name} must be at most {_LONGEST} characters (got {len(self.pattern)})")
        if self.threshold < 1:
            raise ValueError(f"threshold of {self.name} must be at least 1 (got {self.threshold})")


def _calls(source: str | None, *names: str) -> str:
    """Return the pattern of any of these calls, of one service where several services have calls of that name."""
    named = " || ".join(f"($.eventName = {name})" for name in names)
    return f"{{ {named} }}" if source is None else f'{{ ($.eventSource = "{source}") && ({named}) }}'


PATTERNS: tuple[TrailPattern, ...] = (
    TrailPattern(
        name="root-use",
        says="The account's root user did something",
        pattern='{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }',
        clause="1.7, 4.3",
    ),
    TrailPattern(
        name="unauthorised-calls",
        says="Calls were refused for want of permission, more than people and programs usually cause",
        pattern=(
            '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) '
            '&& ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }'
        ),
        clause="4.1",
        threshold=5,
    ),
    TrailPattern(
        name="sign-in-without-mfa",
        says="An IAM user signed in to the console without MFA",
        pattern=(
            '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") '
            '&& ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }'
        ),
        clause="4.2",
    ),
    TrailPattern(
        name="identity-changes",
        says="An IAM policy was made, changed, attached, detached or deleted",
        pattern=_calls(
            "iam.amazonaws.com",
            *("DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy"),
            *("CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion", "AttachRolePolicy", "DetachRolePolicy"),
            *("AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy"),
        ),
        clause="4.4",
        where_global=True,
    ),
    TrailPattern(
        name="trail-changes",
        says="A trail was made, changed, stopped or deleted",
        pattern=_calls(
            "cloudtrail.amazonaws.com", "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging", "PutEventSelectors"
        ),
        clause="4.5",
    ),
    TrailPattern(
        name="sign-in-failures",
        says="Several sign-ins to the console failed",
        pattern='{ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") }',
        clause="4.6",
        threshold=3,
    ),
    TrailPattern(
        name="key-loss",
        says="A KMS key was disabled, or is to be deleted",
        pattern=_calls("kms.amazonaws.com", "DisableKey", "ScheduleKeyDeletion"),
        clause="4.7",
    ),
    TrailPattern(
        name="bucket-policy-changes",
        says="Who may reach a bucket, or how it keeps and copies objects, was changed",
        pattern=_calls(
            "s3.amazonaws.com",
            *("PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication"),
            *("DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication"),
        ),
        clause="4.8",
    ),
    TrailPattern(
        name="recorder-changes",
        says="AWS Config's recorder or its delivery was changed or stopped",
        pattern=_calls(
            "config.amazonaws.com",
            *("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder"),
        ),
        clause="4.9",
    ),
    TrailPattern(
        name="security-group-changes",
        says="A security group or one of its rules was changed",
        pattern=_calls(
            None,
            *("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"),
            *("CreateSecurityGroup", "DeleteSecurityGroup", "ModifySecurityGroupRules"),
        ),
        clause="4.10",
    ),
    TrailPattern(
        name="network-acl-changes",
        says="A network ACL or one of its entries was changed",
        pattern=_calls(
            None,
            *("CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry"),
            *("ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation"),
        ),
        clause="4.11",
    ),
    TrailPattern(
        name="gateway-changes",
        says="A customer gateway or internet gateway was changed",
        pattern=_calls(
            None,
            *("CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway"),
            *("CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"),
        ),
        clause="4.12",
    ),
    TrailPattern(
        name="route-changes",
        says="A route or route table was changed",
        pattern=_calls(
            "ec2.amazonaws.com",
            *("CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation"),
            *("DeleteRouteTable", "DeleteRoute", "DisassociateRouteTable"),
        ),
        clause="4.13",
    ),
    TrailPattern(
        name="vpc-changes",
        says="A VPC or a peering of VPCs was changed",
        pattern=_calls(
            None,
            *("CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection"),
            *("DeleteVpcPeeringConnection", "RejectVpcPeeringConnection", "AttachClassicLinkVpc", "DetachClassicLinkVpc"),
            *("DisableVpcClassicLink", "EnableVpcClassicLink"),
        ),
        clause="4.14",
    ),
    TrailPattern(
        name="organization-changes",
        says="The AWS organization, its accounts or its policies were changed",
        pattern=_calls(
            "organizations.amazonaws.com",
            *("AcceptHandshake", "AttachPolicy", "CreateAccount", "CreateOrganizationalUnit", "CreatePolicy", "DeclineHandshake"),
            *("DeleteOrganization", "DeleteOrganizationalUnit", "DeletePolicy", "DetachPolicy", "DisablePolicyType"),
            *("EnablePolicyType", "InviteAccountToOrganization", "LeaveOrganization", "MoveAccount", "RemoveAccountFromOrganization"),
            *("UpdatePolicy", "UpdateOrganizationalUnit"),
        ),
        clause="4.15",
        where_global=True,
    ),
)
