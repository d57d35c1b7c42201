"""Dates in the text, found once for all rules over them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from qa.document import Document
from qa.source import Span

_BEFORE = re.compile(r"(?:(?<!\d)(?P<y>(?:1[89]|20)\d\d)\s*年\s*)?(?<![\d.])(?P<m>\d{1,2})\s*$")
_AFTER = re.compile(r"\s*(?P<d>\d{1,2})\s*[日号](?!线|楼|院|店|机|令|地|公告|文)")
_CHINESE = re.compile(r"(?P<y>[一二〇○零三四五六七八九]{4})年(?P<m>[一二三四五六七八九十]{1,3})$")
_CHINESE_DAY = re.compile(r"(?P<d>[一二三四五六七八九十]{1,3})日")
_ISO = re.compile(
    r"(?P<y>[12][09]\d\d)(?P<s>[-/.])(?<![\w.\-/〔\[].{5})(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?![\d.\-/号％%]|[A-Za-z])"
)
_DIGITS = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "○": 0, "零": 0}
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as written; ``None`` where it gives no year or day. ``form``: words, chinese or iso."""

    span: Span
    year: int | None
    month: int
    day: int | None
    form: str

    @property
    def real(self) -> date | None:
        """The date, where it is complete and there is such a day."""
        try:
            return date(self.year or 0, self.month, self.day or 0)
        except ValueError:
            return None


def chinese_number(text: str) -> int:
    """一 to 九十九; 廿 and the like are not used in dates of documents."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text] if len(text) == 1 else 0
    return (_DIGITS[tens] if len(tens) == 1 else int(not tens)) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def days_in(year: int | None, month: int) -> int:
    """Days of a month; February has 29 where the year is not known."""
    return calendar.monthrange(year or 2000, month)[1]


def _written(text: str) -> Iterator[Dated]:
    at = text.find("月")
    while at >= 0:
        low = max(0, at - 12)
        before = _BEFORE.search(text[low:at])
        if before:
            after = _AFTER.match(text, at + 1, at + 8)
            yield Dated(
                Span(low + before.start(), after.end() if after else at + 1),
                int(before["y"]) if before["y"] else None,
                int(before["m"]),
                int(after["d"]) if after else None,
                "words",
            )
        else:
            han = _CHINESE.search(text[low:at])
            if han:
                after = _CHINESE_DAY.match(text, at + 1, at + 6)
                yield Dated(
                    Span(low + han.start(), after.end() if after else at + 1),
                    int("".join(str(_DIGITS[c]) for c in han["y"])),
                    chinese_number(han["m"]),
                    chinese_number(after["d"]) if after else None,
                    "chinese",
                )
        at = text.find("月", at + 1)


def _found(document: Document) -> list[Dated]:
    text = document.text
    found = list(_written(text))
    for match in _ISO.finditer(text):
        month, day = match["m"], match["d"]
        if match["y"][:2] in ("19", "20") and (match["s"] != "." or len(month) == len(day) == 2):
            found.append(Dated(Span(*match.span()), int(match["y"]), int(month), int(day), "iso"))
    return found


_dates: WeakKeyDictionary[Document, list[Dated]] = WeakKeyDictionary()


def dates_of(document: Document) -> list[Dated]:
    """Every date of a document that names at least a month."""
    if document not in _dates:
        _dates[document] = _found(document)
    return _dates[document]
