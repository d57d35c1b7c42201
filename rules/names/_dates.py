"""When a document speaks, and of what time: dated rules stay silent about the past."""

from __future__ import annotations

from collections import Counter
from datetime import date
from weakref import WeakKeyDictionary

from qa.document import Document
from qa.patterns import lazy
from qa.source import Span

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_FULL = lazy(
    r"(?<!\d)((?:19|20)\d\d)\s*[年\-./]\s*(1[0-2]|0?[1-9])\s*[月\-./]\s*(3[01]|[12]\d|0?[1-9])(?!\d)\s*日?"
)
_FULL_HAN = lazy(
    r"([一二][九〇零○][〇零○一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_YEAR = lazy(r"(?<![\d至到])((?:19|20)\d\d)年|(?<![至到])([一二][九〇零○][〇零○一二三四五六七八九]{2})年")
_ANY_YEAR = lazy(
    r"(?<!\d)((?:18|19|20)\d\d)(?=年|[-—–－至/～~]|〕|\]|」|）|\))|([一二][八九〇零○][〇零○一二三四五六七八九]{2})年"
)
_DECADE = lazy(r"上世纪|20世纪|二十世纪|19世纪|民国|旧社会|清朝|清代|抗日战争时期|解放战争时期|计划经济时期")

_PLAN = lazy(
    r"第([一二三四五六七八九十]{1,3})个五年(?:计划|规划)"
    r"|(?<![一二三四五六七八九十])(十[一二三四五六七八九]?|[六七八九])五”?(?:计划|规划|时期|期间)"
    r"|“(十[一二三四五六七八九]?|[六七八九])五”(?!普法|法治|法制)"
)
_FIRST_PLAN = 1957
_SIXTH_PLAN = 1985

_dates: WeakKeyDictionary[Document, list[date | None]] = WeakKeyDictionary()
_plans: WeakKeyDictionary[Document, list[date | None]] = WeakKeyDictionary()


def _number(text: str) -> int:
    """十二 → 12, 三十一 → 31."""
    tens, found, ones = text.rpartition("十")
    if not found:
        return int(text.translate(_DIGITS))
    return (int(tens.translate(_DIGITS)) if tens else 1) * 10 + (int(ones.translate(_DIGITS)) if ones else 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _find(document: Document) -> date | None:
    published = document.meta("PubDate")
    if published and (match := _FULL.search(published.content)):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    text = document.text
    found = [_date(int(m[1]), int(m[2]), int(m[3])) for m in _FULL.finditer(text)]
    found += [
        _date(int(m[1].translate(_DIGITS)), _number(m[2]), _number(m[3])) for m in _FULL_HAN.finditer(text)
    ]
    known = [one for one in found if one is not None]
    if not known:
        years = Counter(int((m[1] or m[2]).translate(_DIGITS)) for m in _YEAR.finditer(text))
        if years:
            most = max(years.values())
            return date(max(year for year, count in years.items() if count == most), 12, 31)
    return max(known, default=None)


def document_date(document: Document) -> date | None:
    """The publication date, else the latest day the text gives, else its commonest year; ``None``: undated, so current."""
    held = _dates.get(document)
    if held is None:
        held = _dates[document] = [_find(document)]
    return held[0]


def _plan_end(document: Document) -> date | None:
    """The last day of the latest five-year plan named: the plans ended in 1957, then from the sixth on every five years."""
    numbers = [_number(m[1] or m[2] or m[3]) for m in _PLAN.finditer(document.text)]
    if not numbers:
        return None
    latest = max(numbers)
    return date(_SIXTH_PLAN + 5 * (latest - 6) if latest > 1 else _FIRST_PLAN, 12, 31)


def spoken_date(document: Document) -> date | None:
    """:func:`document_date`, else the end of the latest five-year plan the text names."""
    day = document_date(document)
    if day is not None:
        return day
    held = _plans.get(document)
    if held is None:
        held = _plans[document] = [_plan_end(document)]
    return held[0]


def years(document: Document, span: Span) -> list[int]:
    """Years named in a range of the text."""
    return [
        int((m[1] or m[2]).translate(_DIGITS))
        for m in _ANY_YEAR.finditer(document.text, span.start, span.end)
    ]


def is_past(document: Document, span: Span, since: date) -> bool:
    """Whether the sentence around ``span`` speaks of a time before ``since``.

    True where its latest year lies before the change, or where it names a time long gone.
    """
    sentence = document.sentence(span)
    found = years(document, sentence)
    if found and max(found) < since.year:
        return True
    return not found and _DECADE.search(document.text, sentence.start, sentence.end) is not None


def out_of_force(document: Document, since: date | None, until: date | None = None) -> bool:
    """Whether the document is dated outside ``since`` … ``until``."""
    if since is None and until is None:
        return False
    day = spoken_date(document)
    if day is None:
        return until is not None
    return (since is not None and day < since) or (until is not None and day > until)
