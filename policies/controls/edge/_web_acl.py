"""Which web ACL guards what."""

from policies.graph import Graph, Resource
from policies.values import UNKNOWN, Answer, all_of, any_of, asks

ACL = "aws:wafv2/webAcl:WebAcl"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
REGIONAL, CLOUDFRONT = "REGIONAL", "CLOUDFRONT"
_IN_ARN = {REGIONAL: ":regional/webacl/", CLOUDFRONT: ":global/webacl/"}


def names_acl(graph: Graph, holder: Resource, path: str, scope: str) -> Answer:
    """Tell whether a property names a web ACL of WAF's second generation and of a scope: one of the graph, or one by its ARN."""
    acls = graph.target(holder, path, ACL).resources
    if acls:
        return all_of([asks(acl.properties, "scope", lambda found: found == scope, absent=False) for acl in acls])
    value = holder.look(path)
    return None if value is UNKNOWN else isinstance(value, str) and _IN_ARN[scope] in value


def is_guarded(graph: Graph, owner: Resource) -> Answer:
    """Tell whether a regional resource is associated with a web ACL."""
    associations = graph.attached(owner, ASSOCIATION, "resourceArn")
    answers = [names_acl(graph, association, "webAclArn", REGIONAL) for association in associations.resources]
    return any_of([*answers, False if associations.certain else None])
