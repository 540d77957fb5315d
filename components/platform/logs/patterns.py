"""What in a text points at a person: regular expressions that Logstash (Ruby) and Python read alike.

They hold no quotation mark (`\\x22`, `\\x27` instead), since they stand in quoted strings of a pipeline; look-behinds are of fixed width,
since Ruby knows no other. Digits and white space are ASCII's in Ruby: Python needs `re.ASCII` to mean the same.
Source: https://www.elastic.co/docs/reference/logstash/plugins/plugins-filters-mutate#plugins-filters-mutate-gsub
"""

import re
from dataclasses import dataclass

_OUTSIDE_LOCAL = r"\s@<>,;:=()\[\]{}|\x22\x27"
_OUTSIDE_HOST = _OUTSIDE_LOCAL + r"/?&#%\\"
_V4 = r"\d{1,3}(?:\.\d{1,3}){3}"
_GROUP = r"[0-9A-Fa-f]{1,4}"
_SEPARATED = r"[ .()/-]{0,2}\d"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """One kind of personal datum, and what stands in its place.

    Raises ValueError for an expression that a quoted string of a pipeline cannot hold.
    """

    kind: str
    expression: str

    def __post_init__(self) -> None:
        if "'" in self.expression or '"' in self.expression:
            raise ValueError(f"pattern {self.kind}: write quotation marks as \\x22 and \\x27 (got {self.expression!r})")

    @property
    def mask(self) -> str:
        """What stands in its place."""
        return f"[{self.kind}]"


EMAIL = Pattern(
    kind="email",
    expression=rf"[^{_OUTSIDE_LOCAL}]{{1,64}}(?:@|%40)[^{_OUTSIDE_HOST}.]{{1,63}}(?:\.[^{_OUTSIDE_HOST}.]{{1,63}})+",
)
"""An address, also as a part of a URL, where its @ may be `%40`."""
IPV6 = Pattern(
    kind="ip",
    expression=(
        r"(?<![0-9A-Za-z])(?:"
        rf"(?:{_GROUP}:){{6}}{_V4}"
        rf"|(?:{_GROUP}:){{7}}{_GROUP}"
        rf"|{_GROUP}(?::{_GROUP}){{0,6}}::(?:(?:{_GROUP}:){{0,5}}{_V4}|{_GROUP}(?::{_GROUP}){{0,6}})?"
        rf"|::(?:(?:{_GROUP}:){{0,5}}{_V4}|{_GROUP}(?::{_GROUP}){{0,6}})"
        r")"
    ),
)
"""Eight groups, or some with `::`; a time of day such as 12:34:56 is neither."""
IPV4 = Pattern(kind="ip", expression=rf"(?<!\d){_V4}(?!\d)")
"""Four numbers; a version of four parts looks the same, and goes too."""
INTERNATIONAL = Pattern(kind="phone", expression=r"(?:\+|(?<![0-9A-Za-z:.-])00) ?\(?\d(?:[ .()/-]{0,3}\d){6,14}")
"""A number with its country: `+` or `00`, then 7 to 15 digits."""
NATIONAL = Pattern(
    kind="phone",
    expression=(
        r"(?<![0-9A-Za-z])(?<!\d\.)(?<![0-9A-Fa-f]{4}-)"
        # A UUID, a date of either order, and a decimal number are none.
        r"(?![0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-)(?!\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}(?!\d))(?!\d+\.\d+(?![ .()/-]{0,2}\d))"
        rf"\+?\(?\+?\d(?:{_SEPARATED}){{8,18}}(?!\d|[A-Fa-f][0-9A-Fa-f])"
    ),
)
"""Nine digits or more with usual separators: also numbers of cards and of persons, and epochs in a text, whose time stands beside it."""

PATTERNS = (EMAIL, IPV6, IPV4, NATIONAL, INTERNATIONAL)
"""In the order in which they are applied: an address of a mail may hold digits, and an IPv6 address may end in an IPv4 one."""


def masked(text: str) -> str:
    """Return a text as Logstash leaves it."""
    for pattern in PATTERNS:
        text = re.sub(pattern.expression, pattern.mask, text, flags=re.ASCII)
    return text
