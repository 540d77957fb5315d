"""EDGE-06: CloudFront speaks TLS 1.2 to origins, and buckets answer it alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import principals, statements
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, each, look, texts
from policies.verdict import Ruling

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
ACCESS = "aws:cloudfront/originAccessControl:OriginAccessControl"
BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
SERVICE = "cloudfront.amazonaws.com"
_BINDING = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
_TLS = "origin_protocol_policy https-only and origin_ssl_protocols TLSv1.2 alone; a bucket by an OriginAccessControl, never as a website"
_BOUND = "a bucket of this stack whose policy lets cloudfront.amazonaws.com in for aws:SourceArn of this distribution"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge origins with the buckets behind them, how CloudFront signs, and whom buckets let in.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    buckets = {name: bucket for bucket in graph.of(BUCKET) for name in texts(bucket.look("bucket"))}
    for distribution in graph.of(DISTRIBUTION):
        secured, bound = [], []
        for order, origin in enumerate(each(distribution.properties, "origins")):
            behind = _buckets_behind(graph, distribution, order, buckets)
            secured.append(_is_secured(graph, distribution, order, origin, from_bucket=behind is not None))
            if behind is not None and look(origin, "customOriginConfig") is ABSENT:
                bound.append(_are_bound(graph, distribution, behind, known=look(origin, "domainName") is not UNKNOWN))
        yield ruled(distribution, Need("origins", all_of(secured), _TLS), Need("origins.domainName", all_of(bound), _BOUND))
    for access in graph.of(ACCESS):
        yield ruled(
            access,
            need(access, "signingBehavior", lambda when: when == "always", "always"),
            need(access, "signingProtocol", lambda how: how == "sigv4", "sigv4"),
        )
    for policy in graph.of(POLICY):
        answers = [_is_bound(statement) for statement in statements(policy.look("policy"))]
        yield ruled(policy, Need("policy", all_of(answers), f"for {SERVICE} a condition on aws:SourceArn without wildcards"))


def _buckets_behind(graph: Graph, distribution: Resource, order: int, buckets: dict[str, Resource]) -> list[Resource] | None:
    """Return the buckets that an origin is; none for one of somebody else, None where it is no bucket."""
    path = f"origins.{order}"
    domain = distribution.look(f"{path}.domainName")
    if isinstance(domain, str):
        name, found, _ = domain.partition(".s3")
        is_bucket = bool(found) and domain.endswith(".amazonaws.com")
        return [buckets[name]] if is_bucket and name in buckets else [] if is_bucket else None
    made_of = list(graph.target(distribution, f"{path}.domainName", BUCKET).resources)
    return made_of or ([] if distribution.look(f"{path}.customOriginConfig") is ABSENT else None)


def _is_secured(graph: Graph, distribution: Resource, order: int, origin: Any, *, from_bucket: bool) -> Answer:
    if origin is UNKNOWN:
        return None
    custom = look(origin, "customOriginConfig")
    if look(origin, "vpcOriginConfig") is not ABSENT:
        # A private origin's protocol is that of the VpcOrigin.
        return True
    if custom is not ABSENT:
        protocols, policy = look(custom, "originSslProtocols"), look(custom, "originProtocolPolicy")
        if UNKNOWN in (custom, protocols, policy):
            return None
        return not from_bucket and policy == "https-only" and protocols == ["TLSv1.2"]
    path = f"origins.{order}.originAccessControlId"
    if graph.target(distribution, path, ACCESS).resources:
        return True
    value = distribution.look(path)
    return None if value is UNKNOWN else isinstance(value, str) and value != ""


def _are_bound(graph: Graph, distribution: Resource, behind: list[Resource], *, known: bool) -> Answer:
    if not behind:
        return False if known else None
    return all_of([_lets_in(graph, distribution, bucket) for bucket in behind])


def _lets_in(graph: Graph, distribution: Resource, bucket: Resource) -> Answer:
    """Tell whether a bucket's policy names the distribution, by its ARN or by what is not known before there is one."""
    policies = graph.attached(bucket, POLICY, "bucket")
    written = [policy.look("policy") for policy in policies.resources]
    if bucket.look("policy") is not ABSENT:
        written.append(bucket.look("policy"))
    given = [statement for one in written for statement in statements(one)]
    return any_of([*(_names(statement, distribution.look("arn")) for statement in given), False if policies.certain else None])


def _sources(statement: Any) -> list[Any]:
    """Return what a condition says of aws:SourceArn."""
    conditions = look(statement, "Condition")
    if conditions is UNKNOWN:
        return [UNKNOWN]
    found = []
    for operator in _BINDING:
        keys = look(conditions, operator)
        if isinstance(keys, Mapping):
            found += [value for key in keys if str(key).lower() == "aws:sourcearn" for value in each(keys, key)]
    return found


def _is_for_cloudfront(statement: Any) -> bool:
    return look(statement, "Effect") == "Allow" and SERVICE in texts(principals(statement))


def _names(statement: Any, arn: Any) -> Answer:
    if statement is UNKNOWN:
        return None
    if not _is_for_cloudfront(statement):
        return False
    answers = [None if UNKNOWN in (source, arn) or arn is ABSENT else source == arn for source in _sources(statement)]
    return any_of(answers)


def _is_bound(statement: Any) -> Answer:
    if statement is UNKNOWN:
        return None
    if not _is_for_cloudfront(statement):
        return True
    sources = _sources(statement)
    return all_of([None if source is UNKNOWN else "*" not in str(source) for source in sources]) if sources else False


CONTROL = Control(
    id="EDGE-06",
    title="Origins are reached by TLS 1.2, and buckets by the one distribution that their policy names",
    severity=Severity.HIGH,
    why="An origin that answers in clear, or a bucket that answers everybody's distribution, is a way around the edge and its firewall.",
    fix="set https-only and origin_ssl_protocols ['TLSv1.2']; for a bucket an OriginAccessControl, and aws:SourceArn in its policy",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.7*", iso27001="5.14 8.24", pci="2.2.7 4.2.1 10.3.4"),
    governs=(DISTRIBUTION, ACCESS, POLICY),
    check=check,
)
