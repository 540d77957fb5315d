"""What holds for every bucket of the account, whoever makes it; created once, by the hub."""

import pulumi
from pulumi_aws.s3.account_public_access_block import AccountPublicAccessBlock

from components._base.component import Component
from components._base.context import Context


class AccountStorage(Component, token="data:AccountStorage"):
    """No bucket of the account can be made public, by policy or by ACL."""

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        AccountPublicAccessBlock(
            f"{name}-public-access",
            account_id=context.account_id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.child(),
        )
        self.publish()
