"""Block storage of a region's cluster (DAT-8)."""

from components.platform.storage_class import StorageClass, StorageClassArgs
from stacks.site import ClusterSite


def build_storage(site: ClusterSite) -> StorageClass:
    """Build the class that all volumes of pods are of, under the key that the driver may use."""
    return StorageClass("storage", site.context, StorageClassArgs(key_arn=site.foundation.keys.operational_arn), opts=site.opts())
