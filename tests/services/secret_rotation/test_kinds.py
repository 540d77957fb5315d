"""The wait until a new password holds."""

from __future__ import annotations

from services.secret_rotation.kinds import wait


def test_waiting_ends_when_it_holds_and_gives_up_in_time() -> None:
    answers, slept = iter([False, False, True]), list[float]()
    assert wait(lambda: next(answers), seconds=60, sleep=slept.append, every=5)
    assert slept == [5, 5]
    slept.clear()
    assert not wait(lambda: False, seconds=20, sleep=slept.append, every=5)
    assert sum(slept) == 20
