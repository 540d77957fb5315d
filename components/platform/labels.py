"""Labels of every object in a cluster: who answers for it, and what it is part of."""

from components._base import Context

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""What the API server itself labels each namespace with, so that nobody can give a namespace another's name.

Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
"""


def labels(context: Context, component: str, *, tenant: str | None = None) -> dict[str, str]:
    """Return the recommended labels, and the owner and tenant as in the tags of AWS resources.

    Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
    """
    given = {
        "app.kubernetes.io/part-of": context.project,
        "app.kubernetes.io/managed-by": "pulumi",
        "app.kubernetes.io/component": component,
        "morefocus.com/owner": context.owner,
        "morefocus.com/environment": context.environment.value,
    }
    if tenant is not None:
        given["morefocus.com/tenant"] = tenant
    return given
