"""What is past its end, is not known, or does not keep itself up to date."""

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Mutation, catches, leaves_open, lets_pass

FUNCTION = "aws:lambda/function:Function"
CLUSTER, NODES = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
INSTANCE, DB_CLUSTER = "aws:rds/instance:Instance", "aws:rds/cluster:Cluster"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
RELEASE = "kubernetes:helm.sh/v3:Release"
PRIMARY, REPLICA = "database-primary", "database-replica-a"
EXTENDED = "open-source-rds-extended-support"

CAUGHT = [
    Mutation("a runtime has ended", lambda draft: draft.one(FUNCTION).set("runtime", "python3.9")),
    Mutation("a runtime is none that is known", lambda draft: draft.one(FUNCTION).set("runtime", "cobol85")),
    Mutation("a function has no runtime", lambda draft: draft.one(FUNCTION).drop("runtime")),
    Mutation("Kubernetes has ended", lambda draft: draft.one(CLUSTER).set("version", "1.33")),
    Mutation("the cluster would go on in extended support", lambda draft: draft.one(CLUSTER).drop("upgradePolicy")),
    Mutation("nodes are of a version that has ended", lambda draft: draft.one(NODES).set("version", "1.32")),
    Mutation(
        "the database is of a version that is not in the table", lambda draft: draft.one(INSTANCE, PRIMARY).set("engineVersion", "12")
    ),
    Mutation("the database says no version", lambda draft: draft.one(INSTANCE, PRIMARY).drop("engineVersion")),
    Mutation("the database is another engine", lambda draft: draft.one(INSTANCE, PRIMARY).set("engine", "mysql")),
    Mutation("the database takes no patches", lambda draft: draft.one(INSTANCE, PRIMARY).set("autoMinorVersionUpgrade", False)),
    Mutation("a replica takes no patches", lambda draft: draft.one(INSTANCE, REPLICA).set("autoMinorVersionUpgrade", False)),
    Mutation("the database may run past its end", lambda draft: draft.one(INSTANCE, PRIMARY).set("engineLifecycleSupport", EXTENDED)),
    Mutation("the database leaves that to AWS", lambda draft: draft.one(INSTANCE, PRIMARY).drop("engineLifecycleSupport")),
    Mutation("a cluster of databases is old", lambda draft: draft.add(DB_CLUSTER, "more", {"engine": "postgres", "engineVersion": "11.9"})),
    Mutation("a cache has ended", lambda draft: draft.one(CACHE).set("engineVersion", "5.0.6")),
    Mutation("a cache takes no patches", lambda draft: draft.one(CACHE).set("autoMinorVersionUpgrade", "false")),
    Mutation("a chart is of a range", lambda draft: draft.one(RELEASE).set("version", "1.x")),
    Mutation("a chart is the newest", lambda draft: draft.one(RELEASE).drop("version")),
]
SPARED = [
    Mutation("a function is an image", lambda draft: draft.one(FUNCTION).properties.update(packageType="Image", runtime=None)),
    Mutation("nodes follow their cluster", lambda draft: draft.one(NODES).drop("version")),
    Mutation("the database has a minor version of its own", lambda draft: draft.one(INSTANCE, PRIMARY).set("engineVersion", "17.6")),
    Mutation("Kubernetes has no date yet", lambda draft: draft.one(CLUSTER).set("version", "1.36")),
    Mutation("patches are left to AWS, which gives them", lambda draft: draft.one(CACHE).drop("autoMinorVersionUpgrade")),
    Mutation("a cache is what it is by itself", lambda draft: draft.one(CACHE).set("engine", None)),
    Mutation("the database's patches are left to AWS", lambda draft: draft.one(INSTANCE, PRIMARY).drop("autoMinorVersionUpgrade")),
    Mutation(
        "a cluster of databases is a replica", lambda draft: draft.add(DB_CLUSTER, "more", {"replicationSourceIdentifier": "arn:of-it"})
    ),
    Mutation("a chart is a candidate", lambda draft: draft.one(RELEASE).set("version", "v1.2.3-rc.1")),
]
OPEN = [
    Mutation("a runtime is not known yet", lambda draft: draft.one(FUNCTION).set("runtime", UNKNOWN)),
    Mutation("an engine is not known yet", lambda draft: draft.one(INSTANCE, PRIMARY).set("engine", UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("SUP-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("SUP-01", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("SUP-01", mutation)
