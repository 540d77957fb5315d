"""Vaults that somebody could empty, or that lie in another country."""

import json
from typing import Any

import pytest

from policies.catalogue import catalogue
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

VAULT, LOCK = "aws:backup/vault:Vault", "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
POLICY, PLAN = "aws:backup/vaultPolicy:VaultPolicy", "aws:backup/plan:Plan"
HOME, HOME_LOCK, HOME_POLICY = "recovery-points-vault", "recovery-points-lock", "recovery-points-policy"


def denial(**changed: Any) -> str:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "backup:*", "Resource": "*", **changed}
    return json.dumps({"Statement": [statement]})


def guarded(**changed: Any) -> Any:
    return lambda draft: draft.one(POLICY, HOME_POLICY).set("policy", denial(**changed))


def another(draft: Draft) -> None:
    """A vault that is right, named by literals only."""
    draft.add(VAULT, "another", {"name": "another", "kmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/1"})
    draft.add(LOCK, "another", {"backupVaultName": "another", "minRetentionDays": 1, "maxRetentionDays": 1})
    draft.add(POLICY, "another", {"backupVaultName": "another", "policy": json.loads(denial(Principal={"AWS": "*"}))})


CAUGHT = [
    Mutation("a vault has AWS's key", lambda draft: draft.one(VAULT, HOME).drop("kmsKeyArn")),
    Mutation("a vault has no lock", lambda draft: draft.remove(LOCK, HOME_LOCK)),
    Mutation("a vault of copies has no lock", lambda draft: draft.remove(LOCK, "euc1-recovery-points-lock")),
    Mutation("a lock lets everything be deleted at once", lambda draft: draft.one(LOCK, HOME_LOCK).drop("minRetentionDays")),
    Mutation("a lock lets everything be kept for ever", lambda draft: draft.one(LOCK, HOME_LOCK).drop("maxRetentionDays")),
    Mutation("a lock lasts no day", lambda draft: draft.one(LOCK, HOME_LOCK).set("minRetentionDays", 0)),
    Mutation("a vault has no policy", lambda draft: draft.remove(POLICY, HOME_POLICY)),
    Mutation("a policy allows", guarded(Effect="Allow")),
    Mutation("a policy is about one role", guarded(Principal={"AWS": "arn:aws:iam::123456789012:role/a"})),
    Mutation("a policy binds whoever signs in without MFA", guarded(Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})),
    Mutation("recovery points may be deleted", guarded(Action=["backup:UpdateRecoveryPointLifecycle"])),
    Mutation("their life may be shortened", guarded(Action=["backup:DeleteRecoveryPoint"])),
    Mutation("backups go to AWS's own vault", lambda draft: draft.one(PLAN).set("rules.2.targetVaultName", "Default")),
    Mutation("copies go to the United States", lambda draft: draft.one(VAULT, "euc1-recovery-points-vault").set("region", "us-east-1")),
    Mutation(
        "copies go to a stranger in the United States",
        lambda draft: draft.one(PLAN).set(
            "rules.3.copyActions.0.destinationVaultArn", "arn:aws:backup:us-east-1:210987654321:backup-vault:x"
        ),
    ),
]
SPARED = [
    Mutation("another vault is right", another),
    Mutation("a policy denies two actions", guarded(Action=["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"])),
    Mutation("a policy denies everything", guarded(Action="*")),
    Mutation("a lock binds for a day", lambda draft: draft.one(LOCK, HOME_LOCK).set("minRetentionDays", 1)),
    Mutation("copies go to Germany alone", lambda draft: draft.one(PLAN).drop("rules.1.copyActions.1")),
    Mutation("nothing is copied", lambda draft: draft.one(PLAN).drop("rules.1.copyActions")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("BCK-03", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("BCK-03", mutation)


def test_what_is_not_known_yet_is_decided_later() -> None:
    vault = resource(VAULT, "v", name="v", kmsKeyArn="arn:aws:kms:eu-west-1:1:key/1")
    lock = resource(LOCK, "l", backupVaultName="v", minRetentionDays=1, maxRetentionDays=2)

    def verdict(policy: Any, *more: Any) -> Verdict:
        found = catalogue()["BCK-03"].evaluate(lone(vault, resource(POLICY, "p", backupVaultName="v", policy=policy), *more))
        return {finding.urn: finding.verdict for finding in found}[vault.urn]

    assert verdict(denial(), lock) is Verdict.PASS
    assert verdict(UNKNOWN, lock) is Verdict.UNDECIDED
    assert verdict(denial(), resource(LOCK, "l", backupVaultName=UNKNOWN)) is Verdict.UNDECIDED
    unnamed = catalogue()["BCK-03"].evaluate(lone(vault, lock, resource(POLICY, "p", backupVaultName=UNKNOWN, policy=denial())))
    assert {finding.verdict for finding in unnamed if finding.urn == vault.urn} == {Verdict.UNDECIDED}
    plan = resource(PLAN, "p", rules=[{"targetVaultName": UNKNOWN}])
    (found,) = [finding for finding in catalogue()["BCK-03"].evaluate(lone(vault, plan)) if finding.urn == plan.urn]
    assert found.verdict is Verdict.UNDECIDED
