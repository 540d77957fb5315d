"""Which metrics a query in PromQL reads."""

import re

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_RANGE = re.compile(r"\[[^\]]*\]")
_MATCHERS = re.compile(r"\{[^{}]*\}")
_LABELS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)")
_WORD = re.compile(r"(?<![\w:.])[a-zA-Z_][\w:]*(?!\w)(\s*\()?")
_KEYWORDS = frozenset(
    {"and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "inf", "nan"}
)
_AGGREGATIONS = frozenset(
    {"sum", "avg", "min", "max", "count", "topk", "bottomk", "group", "stddev", "stdvar", "quantile", "count_values", "limitk"}
)


def metrics_of(query: str) -> set[str]:
    """Return the names of metrics in a query; functions, labels, keywords, texts and durations are none."""
    plain = _RANGE.sub(" ", _MATCHERS.sub(" ", _STRING.sub('""', query)))
    plain = re.sub(r"\boffset\s+\d+[smhdwy]", " ", _LABELS.sub(" ", plain))
    found = set()
    for match in _WORD.finditer(plain):
        word, called = match[0].rstrip("( \n"), match[1] is not None
        if not called and word.lower() not in _KEYWORDS and word not in _AGGREGATIONS:
            found.add(word)
    return found
