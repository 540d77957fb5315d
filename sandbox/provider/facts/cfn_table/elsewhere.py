"""Types that pair by name alone, but for a property that means something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.provider.facts.cfn_names import Names

ELSEWHERE: Final[Mapping[str, Names]] = {
    "aws:route53/trafficPolicyInstance:TrafficPolicyInstance": Names(
        type="AWS::Route53::TrafficPolicyInstance",
        renamed={"name": None},  # the provider adds the final dot
        verified=False,
    ),
    "aws:ses/configurationSet:ConfigurationSet": Names(
        type="AWS::SES::ConfigurationSet",
        renamed={"deliveryOptions.tlsPolicy": None},  # the provider's API is version 1, whose words are Require and Optional
        verified=False,
    ),
}
