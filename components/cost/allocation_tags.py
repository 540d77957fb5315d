"""The tags that bills and cost reports are broken down by."""

import pulumi
from pulumi_aws.costexplorer.cost_allocation_tag import CostAllocationTag

from components._base import Component, Context
from config.vocabulary import TagKey


class AllocationTags(Component, token="cost:AllocationTags"):
    """Every tag key of the closed set is active for cost allocation, so that each cost has an owner and a place (CST-3).

    AWS knows a key up to a day after the first resource bears it, and refuses it until then.
    Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
    """

    keys: pulumi.Output[list[str]]

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        tags = [CostAllocationTag(f"{name}-{key.value.lower()}", tag_key=key.value, status="Active", opts=self.child()) for key in TagKey]
        self.keys = pulumi.Output.all(*(tag.tag_key for tag in tags))
        self.publish()
