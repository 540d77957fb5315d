"""Registers MANY_RESOURCES log groups."""

import gc
import os

from pulumi_aws.cloudwatch.log_group import LogGroup

# As the platform's own program does before it registers anything.
gc.freeze()
gc.set_threshold(100_000, 20, 20)

for number in range(int(os.environ["MANY_RESOURCES"])):
    LogGroup(f"group-{number}", name=f"/many/{number}", retention_in_days=365, tags={"Name": f"group-{number}", "owner": "platform"})
