"""What moto lacks or gets wrong and this estate needs, added to moto's own models.

Each module extends one service. Small on purpose: what a handler can compensate stays in the handler; here is what AWS keeps and
moto forgets, so that any client sees it.
"""

from __future__ import annotations

from functools import cache


@cache
def install() -> None:
    """Adds them all to the moto of this process; doing it again changes nothing."""
    from sandbox.cloud.extensions import (
        cloudfront,
        ec2,
        efs,
        eks,
        elasticache,
        elbv2,
        iam,
        kms,
        logs,
        rds,
        route53,
        s3,
        secretsmanager,
        wafv2,
    )

    for module in (cloudfront, ec2, efs, eks, elasticache, elbv2, iam, kms, logs, rds, route53, s3, secretsmanager, wafv2):
        module.install()
