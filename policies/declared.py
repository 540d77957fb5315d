"""What is declared of stores beforehand, since no property of theirs can tell: how long they keep, and what needs no backup."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from config.vocabulary import DataClass

FILE = Path(__file__).with_name("declared.yaml")

Days = Annotated[int, Field(ge=1, le=3653)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=15, max_length=300)]


class Declared(BaseModel):
    """Limits of retention, and stores that the rule of all others does not fit, each with its reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kept_days: Annotated[Mapping[DataClass, Days], Field(description="most days that data of a class is kept; without a row no limit")]
    erased_days: Annotated[Days, Field(description="days after which a replaced or deleted version is gone")]
    until_erased: Annotated[
        Mapping[str, Reason], Field(description="buckets without an age limit, by logical name, and who deletes instead")
    ]
    rebuilt: Annotated[Mapping[str, Reason], Field(description="stores without a backup, by logical name, and what they are built from")]

    def stays_until_erased(self, name: str) -> bool:
        """Tell whether somebody deletes the objects of a bucket, given by its logical name, instead of their age."""
        return _named(self.until_erased, name)

    def is_rebuilt(self, name: str) -> bool:
        """Tell whether a store, given by its logical name, is made anew from elsewhere."""
        return _named(self.rebuilt, name)


@cache
def declared(path: Path = FILE) -> Declared:
    """Return what the file says; raises pydantic's ValidationError naming the key that is wrong."""
    return Declared.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def _named(rows: Mapping[str, str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in rows)
