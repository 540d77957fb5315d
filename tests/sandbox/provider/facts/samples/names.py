"""Names that the samples share."""

from __future__ import annotations

import json
from typing import Final

ACCOUNT: Final = "123456789012"
KEY: Final = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/morefocus-prod-euw1-node"
CERTIFICATE: Final = f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555"
BALANCER: Final = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/app/morefocus-prod-euw1/0123456789abcdef"
WEB_ACL: Final = f"arn:aws:wafv2:eu-west-1:{ACCOUNT}:regional/webacl/api/11111111-2222-3333-4444-555555555555"
VPC: Final = "vpc-0123456789abcdef0"
SUBNETS: Final = [f"subnet-0123456789abcdef{letter}" for letter in "abc"]
GROUP: Final = "sg-0123456789abcdef0"
BUCKET: Final = "morefocus-prod-euw1-recordings"
TAGS: Final = {"Name": "sample", "environment": "production", "data-class": "personal"}
POLICY: Final = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]})
