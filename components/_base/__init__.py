"""What every component is built from: its base class, its context and the IAM document builder."""

from components._base.component import Component
from components._base.context import Context
from components._base.policy_document import (
    Principal,
    Statement,
    allow,
    assume_role,
    deny,
    document,
    pod_identity_trust,
)

__all__ = [
    "Component",
    "Context",
    "Principal",
    "Statement",
    "allow",
    "assume_role",
    "deny",
    "document",
    "pod_identity_trust",
]
