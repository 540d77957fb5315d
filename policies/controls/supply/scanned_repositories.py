"""SUP-02: an image in a repository is scanned, stays what it was, and leaves when nobody needs it."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import own_key
from policies.values import Answer, all_of, any_of, asks, each, is_yes
from policies.verdict import Ruling

REPOSITORY = "aws:ecr/repository:Repository"
LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
REGISTRY = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
_ON_ARRIVAL = ("SCAN_ON_PUSH", "CONTINUOUS_SCAN")
_ENCRYPTION = "encryptionConfigurations.0"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each repository; the registry may scan for all of them."""
    by_registry = any_of([_scans_all(registry) for registry in graph.of(REGISTRY)])
    for repository in graph.of(REPOSITORY):
        own = asks(repository.properties, "imageScanningConfiguration.scanOnPush", is_yes, absent=False)
        aged = graph.attached(repository, LIFECYCLE, "repository")
        yield ruled(
            repository,
            need(repository, "imageTagMutability", lambda kind: kind == "IMMUTABLE", "IMMUTABLE"),
            Need("imageScanningConfiguration.scanOnPush", any_of([own, by_registry]), "true, or a registry that scans every repository"),
            need(repository, f"{_ENCRYPTION}.encryptionType", lambda kind: kind in ("KMS", "KMS_DSSE"), "KMS"),
            own_key(graph, repository, f"{_ENCRYPTION}.kmsKey"),
            Need("", any_of([bool(aged.resources), False if aged.certain else None]), "a LifecyclePolicy"),
        )


def _scans_all(registry: Resource) -> Answer:
    return any_of(
        [
            all_of(
                [
                    asks(rule, "scanFrequency", _ON_ARRIVAL.__contains__, absent=False),
                    any_of([asks(one, "filter", lambda names: names == "*", absent=False) for one in each(rule, "repositoryFilters")]),
                ]
            )
            for rule in each(registry.properties, "rules")
        ]
    )


CONTROL = Control(
    id="SUP-02",
    title="Repositories scan what is pushed, keep tags as they are, encrypt with a key of our own, and clear out",
    severity=Severity.HIGH,
    why="What is deployed comes from here: a tag that can be moved, or an image that nobody scanned, reaches production unseen.",
    fix="set image_tag_mutability='IMMUTABLE', scan_on_push, encryption_type KMS with a kms_key, and add an ecr.LifecyclePolicy",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC7.1*", iso27001="8.8 8.24", pci="11.3.1 11.5.2"),
    governs=(REPOSITORY,),
    check=check,
)
