"""What is known of one secret, beside its value: the shape that the program and the rotation function share."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretRow:
    """How a secret is renewed (SEC-2).

    Raises ValueError when a rotating or generated secret does not say what is made up, or for a life outside 1 to 365 days.
    """

    days: int
    """Longest life of a value."""
    generated: bool
    """Its values are made up by the rotation function."""
    rotates: bool
    """Renewed on schedule by the function; otherwise by a person."""
    holds: tuple[str, ...] = ()
    """Keys of the JSON object that is its value."""
    kind: Literal["plain", "database"] = "plain"
    """What a new value is set on."""

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 365:
            raise ValueError(f"days must be 1 to 365 (got {self.days})")
        if self.generated and not self.holds:
            raise ValueError("holds must name what is made up for a generated secret (got nothing)")
        if self.rotates and not self.generated and self.kind == "plain":
            raise ValueError("a secret that someone else issues cannot be renewed by the function: rotates must be False (got True)")
