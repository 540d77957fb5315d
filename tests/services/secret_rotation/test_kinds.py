"""What a new password is set on: users of a cache, and the wait until it holds."""

from __future__ import annotations

from services.secret_rotation.kinds import CacheUser, wait
from tests.kit.cloud import EmulatedCloud


def test_a_cache_user_keeps_its_old_password_beside_the_new_one(emulated_cloud: EmulatedCloud) -> None:
    emulated_cloud.reset()
    cache = emulated_cloud.boto("elasticache")
    cache.create_user(
        UserId="queue",
        UserName="queue",
        Engine="redis",
        Passwords=["first-password-0"],
        AccessString="on ~* +@all",
        NoPasswordRequired=False,
    )
    pending = {"userId": "queue", "password": "second-password-0"}
    kind = CacheUser()
    for _ in range(2):
        kind.set(lambda service: cache, {"password": "first-password-0"}, pending)
    (user,) = cache.describe_users(UserId="queue")["Users"]
    assert user["Authentication"]["PasswordCount"] == 2
    assert kind.holds(lambda service: cache, pending)


def test_waiting_ends_when_it_holds_and_gives_up_in_time() -> None:
    answers, slept = iter([False, False, True]), list[float]()
    assert wait(lambda: next(answers), seconds=60, sleep=slept.append, every=5)
    assert slept == [5, 5]
    slept.clear()
    assert not wait(lambda: False, seconds=20, sleep=slept.append, every=5)
    assert sum(slept) == 20
