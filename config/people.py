"""Who may enter the account, until when, and as what: the one list of people (SEC-1, SEC-9)."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from config.errors import Problem, refuse
from config.fields import Model
from config.support import Notice

FILE = "config/people.yaml"

LONGEST = timedelta(days=366)
"""Access is confirmed once a year at least, by writing a new date."""
_SOON = timedelta(days=14)


class PeopleGroup(StrEnum):
    """A group of people, and with it the roles that its members may take on."""

    ADMINISTRATORS = "administrators"
    OPERATORS = "operators"
    AUDITORS = "auditors"
    BILLING = "billing"
    BREAK_GLASS = "break-glass"


ROLES: Mapping[PeopleGroup, str] = {
    PeopleGroup.ADMINISTRATORS: "administrator",
    PeopleGroup.OPERATORS: "operator",
    PeopleGroup.AUDITORS: "auditor",
    PeopleGroup.BILLING: "billing",
    PeopleGroup.BREAK_GLASS: "break-glass",
}
"""The role of each group; in the account it is `platform-<role>`."""


class Person(Model):
    """One row: a person, the groups, and the last day."""

    name: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64, description="sign-in name: lower-case words joined by hyphens")
    ]
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="where the person is reached, such as name@example.com")]
    groups: Annotated[tuple[PeopleGroup, ...], Field(description=f"at least one of {', '.join(PeopleGroup)}")]
    expires: Annotated[date, Field(description="last day of access, YYYY-MM-DD, at most a year ahead")]

    @model_validator(mode="after")
    def _names_groups_once(self) -> "Person":
        if not self.groups:
            raise refuse(f"at least one of {', '.join(PeopleGroup)}", "name a group, or remove the row", key="groups", given="[]")
        if len(set(self.groups)) != len(self.groups):
            raise refuse("each group once", "remove the repetition", key="groups", given=", ".join(self.groups))
        return self

    def has_access(self, today: date) -> bool:
        """Return whether the last day has not passed."""
        return today <= self.expires


class People(Model):
    """All rows; whoever is in none has no access."""

    people: Annotated[tuple[Person, ...], Field(description="list of rows: name, email, groups, expires")] = ()

    def admitted(self, today: date) -> Mapping[str, tuple[str, ...]]:
        """Return the groups of everyone who has access today, by name."""
        return {person.name: tuple(group.value for group in person.groups) for person in self.people if person.has_access(today)}

    def problems(self, today: date) -> list[Problem]:
        """Return one problem for each person written twice, and for each date further ahead than access may last."""
        found = []
        for position, person in enumerate(self.people):
            key = f"people[{position}]"
            earlier = self.people[:position]
            if any(person.name == each.name for each in earlier):
                found.append(Problem(FILE, f"{key}.name", person.name, "each name once", "put all groups of the person into one row"))
            if any(person.email.lower() == each.email.lower() for each in earlier):
                found.append(Problem(FILE, f"{key}.email", person.email, "each address once", "remove the row that is not needed"))
            if person.expires > today + LONGEST:
                allowed = f"a day up to {today + LONGEST}: access is confirmed once a year"
                found.append(Problem(FILE, f"{key}.expires", str(person.expires), allowed, "write an earlier day"))
        return found

    def notices(self, today: date) -> list[Notice]:
        """Return who lost access by the calendar, and who is about to."""
        found = []
        for person in self.people:
            if not person.has_access(today):
                text = (
                    f"{person.name} has no access any more: it ended on {person.expires}; remove the row from {FILE}, or write a new date"
                )
                found.append(Notice(text=text, urgent=True))
            elif person.expires <= today + _SOON:
                text = (
                    f"access of {person.name} ({person.email}) ends on {person.expires}; write a new date in {FILE} if it is still needed"
                )
                found.append(Notice(text=text, urgent=False))
        return found
