"""The components' reference says what the sources say."""

from pathlib import Path

from scripts.reference import components

_SOURCE = '''
"""A queue."""

@dataclass(frozen=True, kw_only=True, slots=True)
class WorkQueueArgs:
    key_arn: pulumi.Input[str]
    """KMS key | the caller owns it."""
    max_receives: int = 5
    """Deliveries before a message is parked."""


class WorkQueue(Component, token="messaging:WorkQueue"):
    """An encrypted queue."""

    arn: pulumi.Output[str]
    """Where producers send."""
    _hidden: int
'''


def test_arguments_outputs_and_defaults_are_shown(tmp_path: Path) -> None:
    folder = tmp_path / "components" / "messaging"
    folder.mkdir(parents=True)
    (folder / "work_queue.py").write_text(_SOURCE)
    page = components.render(tmp_path)
    assert "`morefocus:messaging:WorkQueue` in `components/messaging/work_queue.py`" in page
    assert "| `key_arn` | `pulumi.Input[str]` | required | KMS key \\| the caller owns it. |" in page
    assert "| `max_receives` | `int` | `5` | Deliveries before a message is parked. |" in page
    assert "| `arn` | `pulumi.Output[str]` | Where producers send. |" in page
    assert "_hidden" not in page
