"""Reads a pipeline as Logstash does, and says where it is none: its grammar, as far as pipelines of ours go.

Source: https://github.com/elastic/logstash/blob/main/logstash-core/lib/logstash/config/grammar.treetop
"""

import re
from typing import NoReturn

_WORD, _NAME = r"[A-Za-z_][A-Za-z0-9_]+", r"[A-Za-z0-9_-]+"
_STRING = r"""'(?:\\'|[^'])*'|"(?:\\"|[^"])*\""""
_NUMBER, _REGEXP, _SELECTOR = r"-?[0-9]+(?:\.[0-9]*)?", r"/(?:\\/|[^/])*/", r"(?:\[[^\]\[,]+\])+"
_OPERATOR = r"==|!=|<=|>=|=~|!~|<|>|not in(?![A-Za-z])|in(?![A-Za-z])"


class NoPipelineError(ValueError):
    """A text that Logstash would refuse; says from where on."""


def check_pipeline(text: str) -> list[str]:
    """Return the names of all plugins in a pipeline, in their order. Raises NoPipelineError for what is none."""
    reader = _Reader(text)
    while reader.more():
        reader.need(r"input|filter|output")
        reader.block()
    return reader.plugins


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._place = text, 0
        self.plugins: list[str] = []

    def more(self) -> bool:
        self._skip()
        return self._place < len(self._text)

    def need(self, pattern: str) -> str:
        found = self._take(pattern)
        return found if found is not None else self._fail(pattern)

    def block(self) -> None:
        """What stands in a section or a branch: branches and plugins."""
        self.need(r"\{")
        while self._take(r"\}") is None:
            if self._take(r"if(?=[\s(\[])") is not None:
                self._branch()
            else:
                self._plugin()

    def _branch(self) -> None:
        self._condition()
        self.block()
        while self._take(r"else(?=[\s{])") is not None:
            if self._take(r"if(?=[\s(\[])") is None:
                self.block()
                return
            self._condition()
            self.block()

    def _plugin(self) -> None:
        self.plugins.append(self.need(rf"{_NAME}|{_STRING}"))
        self.need(r"\{")
        while self._take(r"\}") is None:
            self.need(rf"{_NAME}|{_STRING}")
            self.need("=>")
            self._value()

    def _value(self) -> None:
        if self._take(r"\[") is not None:
            self._array()
        elif self._take(r"\{") is not None:
            # Entries follow each other without a comma.
            while self._take(r"\}") is None:
                self.need(rf"{_NUMBER}|{_WORD}|{_STRING}")
                self.need("=>")
                self._value()
        else:
            self.need(rf"{_STRING}|{_NUMBER}|{_WORD}")

    def _array(self) -> None:
        if self._take(r"\]") is not None:
            return
        self._value()
        while self._take(",") is not None:
            self._value()
        self.need(r"\]")

    def _condition(self) -> None:
        while True:
            self._operand()
            if self._take(_OPERATOR) is not None:
                self._operand()
            if self._take(r"(?:and|or)(?=\s)") is None:
                return

    def _operand(self) -> None:
        if self._take(rf"{_SELECTOR}|{_STRING}|{_NUMBER}|{_REGEXP}") is None:
            self.need(r"\[")
            self._array()

    def _take(self, pattern: str) -> str | None:
        self._skip()
        found = re.compile(pattern).match(self._text, self._place)
        if found is None:
            return None
        self._place = found.end()
        return found[0]

    def _skip(self) -> None:
        found = re.compile(r"\s*").match(self._text, self._place)
        self._place = self._place if found is None else found.end()

    def _fail(self, wanted: str) -> NoReturn:
        raise NoPipelineError(f"wanted {wanted} at {self._text[self._place : self._place + 60]!r}")
