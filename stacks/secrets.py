"""The secrets of a region: those of the catalogue that its markets need, and what renews them (SEC-2, API-6)."""

from collections.abc import Mapping

import pulumi

from components._base import Context
from components._base.function import function_name
from components.products.scheduling.functions import FUNCTIONS, component_name
from components.security.rotation_function import RotationFunction, RotationFunctionArgs
from components.security.secret_row import SecretRow
from components.security.secrets import Kept, Secrets, SecretsArgs
from config.integrations import Integration, Origin, RotationBy
from config.load import ROOT, Settings
from config.vocabulary import DataClass
from stacks.copies import CopySite, sites_for
from stacks.foundation import Foundation

MASTER = "database-master"
"""Row, and name, of the secret that the database component keeps."""
ROTATION = "secret-rotation"
READER = "-secret-reader"
"""How the name of a role ends that may read values: such as that of the pods which bring secrets into the cluster."""
_PARTS = ("__init__", "handler", "kinds", "rotation", "rows", "values", "watch")
_FILES = ("services/__init__.py", *(f"services/secret_rotation/{part}.py" for part in _PARTS))


def build_secrets(
    settings: Settings, context: Context, foundation: Foundation, copies: tuple[CopySite, ...], master_secret_arn: pulumi.Input[str]
) -> Secrets:
    """Build the region's secrets, their replicas along the transfer register, and the function that renews them.

    `master_secret_arn` is the secret of the database's master user. Raises ConfigError naming the row of the register that is missing.
    """
    plan = settings.plan
    needed = settings.catalogue.needed_in(plan.markets, hub=plan.hub)
    readers = _functions(settings, context)
    kept = {name: _kept(row, readers.get(name, ())) for name, row in needed.items() if row.is_kept}
    # Without replicas RDS keeps the password and renews it every week (ADR 3).
    own = plan.database.replicas > 0 and MASTER in needed
    master = SecretRow(days=needed[MASTER].rotation.days or 30, generated=False, rotates=True, kind="database") if own else None
    rows = {context.physical(name): each.row for name, each in kept.items()}
    function = RotationFunction(
        ROTATION,
        context,
        RotationFunctionArgs(
            sources=_sources(),
            rows=rows if master is None else {**rows, context.physical(MASTER): master},
            database_identifiers=() if master is None else (context.physical("database"),),
            key_arn=foundation.keys.credentials_arn,
            log_key_arn=foundation.keys.logs_arn,
            alert_topic_arn=foundation.alert_topic_arn,
            log_retention_days=plan.log_retention_days,
        ),
    )
    sites = sites_for(copies, DataClass.CREDENTIALS)
    for site in sites:
        settings.estate.register.require(DataClass.CREDENTIALS, plan.region, site.region)
    return Secrets(
        "secrets",
        context,
        SecretsArgs(
            secrets=kept,
            key_arn=foundation.keys.credentials_arn,
            rotation_arn=function.arn,
            readers=(
                context.arn("iam", f"role/{context.physical(ROTATION, limit=64)}", region=""),
                # Of this environment, in whatever region they read a replica. People's roles are named otherwise.
                context.arn("iam", f"role/{context.project}-{context.environment.short}-*{READER}", region=""),
            ),
            rotated_elsewhere={} if master is None else {MASTER: (master_secret_arn, master)},
            replicas={site.region: site.keys[DataClass.CREDENTIALS] for site in sites},
            protect=plan.protect,
        ),
    )


def _functions(settings: Settings, context: Context) -> Mapping[str, tuple[str, ...]]:
    """Return the roles of the scheduling service's functions that read each row: each its own, and no other."""
    plan = settings.plan
    rows = plan.scheduling.secret_rows(plan.markets) if plan.scheduling.enabled else {}
    return {
        row: tuple(
            context.arn("iam", f"role/{function_name(context, component_name(function))}", region="")
            for function, work in FUNCTIONS.items()
            if name in work.reads
        )
        for name, row in rows.items()
    }


def _kept(row: Integration, readers: tuple[str, ...]) -> Kept:
    assert row.rotation.days is not None  # noqa: S101 - the catalogue refuses a kept row without
    return Kept(
        row=SecretRow(
            days=row.rotation.days,
            generated=row.origin is Origin.GENERATED,
            rotates=row.rotation.by is RotationBy.FUNCTION,
            holds=row.holds,
        ),
        purpose=row.purpose,
        replicates=row.replicates,
        readers=readers,
    )


def _sources() -> Mapping[str, str]:
    return {path: (ROOT / path).read_text(encoding="utf-8") for path in _FILES}
