"""The ids are AWS's own: what can be proven here is their form, and that methods are one of CloudFront's three choices."""

import re

from components.edge import managed_policies

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_each_policy_is_another_one_of_aws() -> None:
    ids = [managed_policies.CACHING_OPTIMIZED, managed_policies.CACHING_DISABLED, managed_policies.ALL_BUT_HOST]
    assert all(ID.fullmatch(each) for each in ids) and len(set(ids)) == 3


def test_every_method_is_let_through_that_cloudfront_can() -> None:
    assert set(managed_policies.METHODS) == {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
