"""How a bucket's objects age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.s3.setting import Setting
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import UNKNOWN, Properties, known, moment

_MOST_RULES = 1_000
_INFREQUENT = ("STANDARD_IA", "ONEZONE_IA")
_LEAST_INFREQUENT_DAYS = 30
_ARCHIVE_DAYS = {"ARCHIVE_ACCESS": 90, "DEEP_ARCHIVE_ACCESS": 180}
_DEFAULT_MINIMUM = "all_storage_classes_128K"

_SIZES = {"ObjectSizeGreaterThan": "objectSizeGreaterThan", "ObjectSizeLessThan": "objectSizeLessThan"}
_EXPIRATION = {"Date": "date", "Days": "days", "ExpiredObjectDeleteMarker": "expiredObjectDeleteMarker"}
_TRANSITION = {"Date": "date", "Days": "days", "StorageClass": "storageClass"}
_OLD_EXPIRATION = {"NoncurrentDays": "noncurrentDays", "NewerNoncurrentVersions": "newerNoncurrentVersions"}
_OLD_TRANSITION = {**_OLD_EXPIRATION, "StorageClass": "storageClass"}
_ABORT = {"DaysAfterInitiation": "daysAfterInitiation"}


class BucketLifecycleConfiguration(Setting):
    """What becomes of objects with time."""

    token = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    operation = "PutBucketLifecycleConfiguration"
    defaults = {"transitionDefaultMinimumObjectSize": _DEFAULT_MINIMUM}

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"expectedBucketOwner": inputs.get("expectedBucketOwner", "")}

    def rules(self, inputs: Properties) -> list[Failure]:
        rules = inputs.get("rules")
        if not isinstance(rules, list):
            return []
        found = [failure for position, rule in enumerate(rules) for failure in _impossible(f"rules[{position}]", rule)]
        if not 1 <= len(rules) <= _MOST_RULES:
            found.append(Failure("rules", f"S3 takes 1 to {_MOST_RULES} rules (got {len(rules)})"))
        counted = Counter(rule["id"] for rule in rules if isinstance(rule, dict) and isinstance(rule.get("id"), str))
        found += [Failure("rules", f"two rules have the id {name!r}: make each its own") for name, times in counted.items() if times > 1]
        return found

    def request(self, inputs: Properties) -> Properties:
        rules = inputs.get("rules", [])
        if isinstance(rules, list):
            rules = [rule if rule is UNKNOWN else _rule(rule) for rule in rules]
        return {
            "LifecycleConfiguration": {"Rules": rules},
            **parameters(inputs, TransitionDefaultMinimumObjectSize="transitionDefaultMinimumObjectSize"),
        }

    def live(self, s3: Any, bucket: str, state: Properties) -> Properties | None:
        found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
        return {
            "rules": aligned(state.get("rules", []), [_plain(rule) for rule in found["Rules"]]),
            "transitionDefaultMinimumObjectSize": found.get("TransitionDefaultMinimumObjectSize", _DEFAULT_MINIMUM),
            "expectedBucketOwner": state.get("expectedBucketOwner", ""),
        }

    def remove(self, s3: Any, bucket: str) -> None:
        s3.delete_bucket_lifecycle(Bucket=bucket)


class BucketIntelligentTieringConfiguration(Handler):
    """When objects that nobody reads go to the archive tiers."""

    token = "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"
    create_only = frozenset({"bucket", "name"})
    unordered = frozenset({"tierings"})
    defaults = {"status": "Enabled"}
    autoname = "name"
    autoname_limit = 64

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        tierings = inputs["tierings"]
        found = [
            Failure(
                f"tierings[{position}].days",
                f"must be {_ARCHIVE_DAYS[tier['accessTier']]} to 730 for {tier['accessTier']} (got {tier['days']})",
            )
            for position, tier in enumerate(tierings if isinstance(tierings, list) else [])
            if known(tier) and not _ARCHIVE_DAYS.get(tier["accessTier"], 0) <= tier["days"] <= 730
        ]
        return found or refusals("s3", "PutBucketIntelligentTieringConfiguration", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("s3").put_bucket_intelligent_tiering_configuration(**self._request(inputs))
        return f"{inputs['bucket']}:{inputs['name']}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        bucket, _, name = resource_id.partition(":")
        answer = call.client("s3").get_bucket_intelligent_tiering_configuration(Bucket=bucket, Id=name)
        found = answer["IntelligentTieringConfiguration"]
        chosen = _plain_filter(found.get("Filter", {}))
        tag = chosen.pop("tag", None)
        chosen |= chosen.pop("and", {})
        return {
            "bucket": bucket,
            "name": name,
            "status": found["Status"],
            "tierings": [{"accessTier": tier["AccessTier"], "days": tier["Days"]} for tier in found["Tierings"]],
            "filter": chosen | ({"tags": {tag["key"]: tag["value"]}} if tag else {}),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("s3").put_bucket_intelligent_tiering_configuration(**self._request(new))
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        bucket, _, name = resource_id.partition(":")
        call.client("s3").delete_bucket_intelligent_tiering_configuration(Bucket=bucket, Id=name)

    def _request(self, inputs: Properties) -> Properties:
        tierings = inputs["tierings"]
        if isinstance(tierings, list):
            tierings = [tier if tier is UNKNOWN else parameters(tier, AccessTier="accessTier", Days="days") for tier in tierings]
        wanted: Properties = {"Id": inputs["name"], "Status": inputs["status"], "Tierings": tierings}
        chosen = inputs.get("filter")
        if isinstance(chosen, dict):
            wanted["Filter"] = _filter({"and": chosen} if len(chosen) > 1 or len(chosen.get("tags", {})) > 1 else _single(chosen))
        return {"Bucket": inputs["bucket"], "Id": inputs["name"], "IntelligentTieringConfiguration": wanted}


def _rule(rule: Properties) -> Properties:
    request = parameters(rule, ID="id", Status="status", Prefix="prefix")
    if "Prefix" not in request:
        request["Filter"] = _filter(rule.get("filter") or {"prefix": ""})
    for member, key, members in (
        ("Expiration", "expiration", _EXPIRATION),
        ("NoncurrentVersionExpiration", "noncurrentVersionExpiration", _OLD_EXPIRATION),
        ("AbortIncompleteMultipartUpload", "abortIncompleteMultipartUpload", _ABORT),
    ):
        if key in rule:
            request[member] = _told(rule[key], members)
    for member, key, members in (
        ("Transitions", "transitions", _TRANSITION),
        ("NoncurrentVersionTransitions", "noncurrentVersionTransitions", _OLD_TRANSITION),
    ):
        if rule.get(key):
            request[member] = rule[key] if rule[key] is UNKNOWN else [_told(item, members) for item in rule[key]]
    return request


def _told(value: Any, members: dict[str, str]) -> Any:
    """The members that say something; a false switch says nothing."""
    if value is UNKNOWN:
        return UNKNOWN
    return {member: item for member, item in parameters(value, **members).items() if item is not False}


def _filter(value: Any) -> Any:
    if value is UNKNOWN:
        return UNKNOWN
    request = parameters(value, **_SIZES)
    if "prefix" in value:
        request["Prefix"] = value["prefix"]
    if isinstance(tag := value.get("tag"), dict):
        request["Tag"] = {"Key": tag["key"], "Value": tag["value"]}
    if isinstance(tags := value.get("tags"), dict):
        request["Tags"] = tagging.pairs(tags)
    if isinstance(both := value.get("and"), dict):
        request["And"] = _filter(both)
    return request


def _single(chosen: Properties) -> Properties:
    """A filter by one thing alone, a tag among them, in the spelling of lifecycle rules."""
    tags = chosen.get("tags")
    if isinstance(tags, dict) and tags:
        [(key, value)] = tags.items()
        return {"tag": {"key": key, "value": value}}
    return {key: value for key, value in chosen.items() if key != "tags"}


def _plain(rule: Properties) -> Properties:
    """A rule as S3 shows it, in the program's spelling."""
    result: Properties = {"id": rule.get("ID", ""), "status": rule["Status"]}
    if "Prefix" in rule:
        result["prefix"] = rule["Prefix"]
    if "Filter" in rule:
        result["filter"] = _plain_filter(rule["Filter"])
    for member, key, members in (
        ("Expiration", "expiration", _EXPIRATION),
        ("NoncurrentVersionExpiration", "noncurrentVersionExpiration", _OLD_EXPIRATION),
        ("AbortIncompleteMultipartUpload", "abortIncompleteMultipartUpload", _ABORT),
    ):
        if member in rule:
            result[key] = _plain_members(rule[member], members)
    for member, key, members in (
        ("Transitions", "transitions", _TRANSITION),
        ("NoncurrentVersionTransitions", "noncurrentVersionTransitions", _OLD_TRANSITION),
    ):
        if rule.get(member):
            result[key] = [_plain_members(item, members) for item in rule[member]]
    return result


def _plain_members(value: Properties, members: dict[str, str]) -> Properties:
    return {key: moment(value[member]) if member == "Date" else value[member] for member, key in members.items() if member in value}


def _plain_filter(value: Properties) -> Properties:
    result = {key: value[member] for member, key in (("Prefix", "prefix"), *_SIZES.items()) if member in value}
    if "Tag" in value:
        result["tag"] = {"key": value["Tag"]["Key"], "value": value["Tag"]["Value"]}
    if "And" in value:
        both = value["And"]
        result["and"] = _plain_filter({member: item for member, item in both.items() if member != "Tags"})
        if both.get("Tags"):
            result["and"]["tags"] = tagging.mapping(both["Tags"])
    return result


def _impossible(path: str, rule: Any) -> Iterator[Failure]:
    """What S3 refuses about one rule.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
    """
    if not isinstance(rule, dict):
        return
    if rule.get("prefix") and rule.get("filter"):
        yield Failure(f"{path}.filter", "a rule has a filter or the older prefix, not both")
    expiration = rule.get("expiration") if isinstance(rule.get("expiration"), dict) else {}
    ends = expiration.get("days") if expiration else None
    if expiration and expiration.get("expiredObjectDeleteMarker") is True and (ends or expiration.get("date")):
        yield Failure(f"{path}.expiration", "expiredObjectDeleteMarker stands alone, without days or date: use a second rule")
    transitions = rule.get("transitions")
    for position, item in enumerate(transitions if isinstance(transitions, list) else []):
        days = item.get("days") if isinstance(item, dict) else None
        if not isinstance(days, int):
            continue
        if item.get("storageClass") in _INFREQUENT and days < _LEAST_INFREQUENT_DAYS:
            yield Failure(
                f"{path}.transitions[{position}].days", f"must be at least {_LEAST_INFREQUENT_DAYS} for {item['storageClass']} (got {days})"
            )
        if isinstance(ends, int) and ends <= days:
            yield Failure(f"{path}.expiration.days", f"must be later than the transition after {days} days (got {ends})")
