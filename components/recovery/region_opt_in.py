"""Which services AWS Backup may back up in a region, whoever selects them; created once in a region of the account."""

import pulumi
from pulumi_aws.backup.region_settings import RegionSettings

from components._base import Component, Context

OPTED_IN = ("DynamoDB", "EBS", "EFS", "RDS", "S3")
OPTED_OUT = ("Aurora", "CloudFormation", "DocumentDB", "EC2", "FSx", "Neptune", "Redshift", "Timestream", "VirtualMachine")
"""What the estate does not have, and nodes, which hold nothing that must survive.

Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html
"""


class RegionOptIn(Component, token="recovery:RegionOptIn"):
    """Without its opt-in a selection by tag passes a service over in silence (BDR-1)."""

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        RegionSettings(
            f"{name}-settings",
            resource_type_opt_in_preference={**dict.fromkeys(OPTED_IN, True), **dict.fromkeys(OPTED_OUT, False)},
            # AWS Backup keeps these itself: encrypted by the vault's key, with cold storage, and under names of its own.
            resource_type_management_preference={"DynamoDB": True, "EFS": True},
            opts=self.child(),
        )
        self.publish()
