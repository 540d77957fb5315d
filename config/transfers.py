"""The transfer register: which data may be copied from which region to which, and on what ground (D1)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import ConfigError, Problem, refuse
from config.vocabulary import DataClass, Region

FILE = "config/transfers.yaml"


class Mechanism(StrEnum):
    """The legal ground of a transfer."""

    SAME_LAW = "same-law"
    """Both regions lie under the same law."""
    ADEQUACY = "adequacy"
    """A decision that the destination protects as well (GDPR Art. 45, LGPD Art. 33 I)."""
    DPF = "dpf"
    """The EU-US Data Privacy Framework."""
    SCC = "scc"
    """Standard contractual clauses (GDPR Art. 46(2)(c), LGPD Art. 33 II b)."""
    UNRESTRICTED = "unrestricted"
    """The exporting region's law restricts no transfer."""
    NO_PERSONAL_DATA = "no-personal-data"
    """No person can be identified in the data."""


_NEEDS_DOCUMENT = {Mechanism.ADEQUACY, Mechanism.DPF, Mechanism.SCC}
_ABOUT_PERSONS = {DataClass.PERSONAL, DataClass.CREDENTIALS, DataClass.LOGS}


class Transfer(BaseModel):
    """One row: data of one class may be copied from one region to another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Annotated[DataClass, Field(description=f"data class: {', '.join(DataClass)}")]
    source: Annotated[Region, Field(alias="from", description="AWS region the data is in")]
    destination: Annotated[Region, Field(alias="to", description="AWS region the copy goes to")]
    mechanism: Annotated[Mechanism, Field(description=f"legal ground: {', '.join(Mechanism)}")]
    document: Annotated[str | None, Field(min_length=3, description="the decision, contract or certification relied on")] = None
    expires: Annotated[date | None, Field(description="last day of the ground, YYYY-MM-DD; absent when it has none")] = None

    @model_validator(mode="after")
    def _is_consistent(self) -> "Transfer":
        if self.source == self.destination:
            raise refuse("two different regions", "remove the row: what stays in its region needs none")
        if self.mechanism in _NEEDS_DOCUMENT and self.document is None:
            raise refuse(f"mechanism {self.mechanism} with the document it relies on", "add 'document' to the row")
        if self.mechanism is Mechanism.NO_PERSONAL_DATA and self.data in _ABOUT_PERSONS:
            raise refuse("no-personal-data only for operational and public data", "name the ground the transfer has")
        return self


class TransferRegister(BaseModel):
    """All rows; what is not in it may not be copied."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    transfers: Annotated[tuple[Transfer, ...], Field(description="list of rows: data, from, to, mechanism, document, expires")]

    def missing(self, data: DataClass, source: Region, destination: Region, today: date) -> Problem | None:
        """Return None when the copy is allowed today, else the problem that names the row it would need."""
        if source == destination:
            return None
        flow = f"{data} data from {source} to {destination}"
        rows = self._rows(data, source, destination)
        if any(row.expires is None or row.expires >= today for row in rows):
            return None
        wanted = f"a row with data: {data}, from: {source}, to: {destination}"
        if not rows:
            return Problem(FILE, "transfers", f"no row for {flow}", wanted, _remedy(data, source, destination))
        expired = max(row.expires for row in rows if row.expires is not None)
        return Problem(
            FILE, "transfers", f"the row for {flow} expired on {expired}", f"{wanted} that is in force", _remedy(data, source, destination)
        )

    def require(self, data: DataClass, source: Region, destination: Region, today: date | None = None) -> None:
        """Let a copy be made; called before the first resource of every copy, replica and replication (D1).

        `today` is the current day (UTC) unless given.

        Raises ConfigError naming the file and the row to write when no row in force allows it.
        """
        problem = self.missing(data, source, destination, today or datetime.now(UTC).date())
        if problem is not None:
            raise ConfigError([problem])

    def names(self, data: DataClass, source: Region, destination: Region) -> bool:
        """Return whether a row names the flow at all: keys made for it stay when its ground ends, since copies still need them."""
        return bool(self._rows(data, source, destination))

    def problems(self) -> list[Problem]:
        """Return one problem for each flow on the same ground that is written twice."""
        seen: set[tuple[object, ...]] = set()
        found = []
        for row in self.transfers:
            identity = (row.data, row.source, row.destination, row.mechanism)
            if identity in seen:
                text = f"{row.data} from {row.source} to {row.destination} by {row.mechanism}, twice"
                found.append(Problem(FILE, "transfers", text, "one row for each flow and ground", "remove one of the two"))
            seen.add(identity)
        return found

    def _rows(self, data: DataClass, source: Region, destination: Region) -> Sequence[Transfer]:
        return [row for row in self.transfers if (row.data, row.source, row.destination) == (data, source, destination)]


def _remedy(data: DataClass, source: Region, destination: Region) -> str:
    """Return the row to write, with the grounds that its data may have."""
    flow = f"data: {data}, from: {source}, to: {destination}"
    if data not in _ABOUT_PERSONS:
        return f"add `- {{{flow}, mechanism: {Mechanism.NO_PERSONAL_DATA}}}`, or leave the copy out"
    grounds = "dpf or scc with a document id, adequacy, same-law, unrestricted"
    return f"add `- {{{flow}, mechanism: ..., document: ...}}` with its ground ({grounds}), or leave the copy out"
