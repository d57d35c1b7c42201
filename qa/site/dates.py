"""Dates of a page: in its address, when it was published, beside the entries of a list."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date
from typing import NamedTuple

from qa.document import Block, Document, Role
from qa.source import Span

MAX_DATES = 5000
"""Dates of one page that are looked at."""
_EARLIEST = 1900
"""Years before are what systems write where they know none (0000, 0001)."""
_DATE = re.compile(
    r"20\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d)日?(?:\s?T?\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?",
    re.ASCII,
)
_MONTH = re.compile(r"20\d\d\s?[-/.年]\s?\d{1,2}月?(?=\n|$)", re.ASCII | re.MULTILINE)
_PARTS = re.compile(
    r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sT]*(\d{1,2})[:：](\d\d))?", re.ASCII
)
_DIGITS = re.compile(r"\d+", re.ASCII)
_URL_DAY = re.compile(
    r"/(20\d\d)[/-](\d{1,2})[/-](\d{1,2})/|[/_]t?(20\d\d)(\d\d)(\d\d)(?=[_/.])|/(20\d\d)/(\d\d)(\d\d)/",
    re.ASCII,
)
_URL_MONTH = re.compile(r"/(20\d\d)(0[1-9]|1[0-2])/|/(20\d\d)[/-](\d{1,2})/", re.ASCII)
_LABEL = re.compile(
    r"(?:(发布(?:时间|日期)|发稿(?:时间|日期)|发布于)"
    r"|(更新(?:时间|日期)|信息(?:时间|日期)|录入(?:时间|日期)|公开(?:时间|日期)|生成日期)"
    r"|(?<![\u4e00-\u9fff])((?:时\s*间|日\s*期)))\s*[】\]]?\s*[:：]?\s*[\[【（(]?\s*\Z"
)
_LABEL_ENDS = "间期于" + " :：[【（(】]\n\u3000\u00a0"
_LOOKED_AT, _AT_THE_TOP = 80, 12
"""Dates that may be that of publication; among the first of them also those without a label."""
_SMALL_PRINT = ("来源", "浏览", "字体", "字号", "作者", "点击", "打印", "访问", "编辑", "阅读")
_LINE = 160
"""Characters of a line of small print under a title at most."""


class Dated(NamedTuple):
    """A date in the reader's text; ``day`` is YYYY-MM-DD, ``clock`` HH:MM or empty."""

    start: int
    end: int
    day: str
    clock: str


def _day(year: int, month: int, day: int) -> str | None:
    if year < _EARLIEST:
        return None
    if 0 < day < 29 and 0 < month < 13:
        return f"{year}-{month:02}-{day:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def parse(text: str) -> str | None:
    """The date (and time, where there is one) a tag begins with: YYYY-MM-DD or YYYY-MM-DDTHH:MM."""
    found = _PARTS.match(text)
    if found is None:
        return None
    year, month, day, hour, minute = found.groups()
    real = _day(int(year), int(month), int(day))
    if real is None:
        return None
    clock = _clock(hour, minute)
    return f"{real}T{clock}" if clock else real


def _clock(hour: str | None, minute: str | None) -> str:
    if hour is None or minute is None or int(hour) > 23 or int(minute) > 59:
        return ""
    return f"{int(hour):02}:{minute}"


def in_address(url: str) -> str | None:
    """Date in the path of an address: YYYY-MM-DD, YYYY-MM or ``None``."""
    path = url.partition("?")[0]
    if "20" not in path:
        return None
    for found in _URL_DAY.finditer(path):
        year, month, day = (int(part) for part in found.groups() if part is not None)
        real = _day(year, month, day)
        if real is not None:
            return real
    for found in _URL_MONTH.finditer(path):
        year, month = (int(part) for part in found.groups() if part is not None)
        if 1 <= month <= 12:
            return f"{year}-{month:02}"
    return None


def find(document: Document) -> list[Dated]:
    """Every whole date of the text, in order, :data:`MAX_DATES` at most."""
    found: list[Dated] = []
    text, end = document.text, document.article_end
    if "20" not in text:
        return found
    for match in _DATE.finditer(text, 0, end):
        start = match.start()
        if start and text[start - 1].isdigit():
            continue
        numbers = _DIGITS.findall(match.group())
        day = _day(int(numbers[0]), int(numbers[1]), int(numbers[2]))
        if day is not None:
            clock = _clock(numbers[3], numbers[4]) if len(numbers) > 3 else ""
            found.append(Dated(start, match.end(), day, clock))
            if len(found) >= MAX_DATES:
                break
    return found


def published(document: Document, dates: list[Dated]) -> str | None:
    """When the page says it was published: YYYY-MM-DD or YYYY-MM-DDTHH:MM.

    A labelled date outweighs one in the small print under the title; dates of the body text are
    no dates of publication.  A page that labels many different dates is a list: ``None``.
    """
    best: tuple[int, Dated] | None = None
    labelled = set()
    for n, dated in enumerate(dates[:_LOOKED_AT]):
        rank = _rank(document, dated, labelled_only=n >= _AT_THE_TOP)
        if rank is None:
            continue
        if rank == 0:
            labelled.add(dated.day)
        if best is None or rank < best[0]:
            best = rank, dated
    if best is None or len(labelled) > 2:
        return None
    dated = best[1]
    return f"{dated.day}T{dated.clock}" if dated.clock else dated.day


def _rank(document: Document, dated: Dated, *, labelled_only: bool) -> int | None:
    """How surely a date is that of publication, 0 best; ``None`` for other dates."""
    text = document.text
    label = None
    if text[dated.start - 1 : dated.start] in _LABEL_ENDS:
        label = _LABEL.search(text, max(0, dated.start - 14), dated.start)
    if label is None and labelled_only:
        return None
    if label is not None and label.group(1):
        return 0
    at = document.block_index(dated.start)
    blocks = document.blocks
    block = blocks[at]
    if block.end - block.start > _LINE:
        return None
    if label is not None and label.group(2):
        return 1
    around = text[block.start : block.end]
    small = any(word in around for word in _SMALL_PRINT)
    if label is not None:
        beside = text[
            blocks[max(0, at - 1)].start : min(blocks[min(at + 2, len(blocks) - 1)].end, block.end + _LINE)
        ]
        return (
            2 if small or any(word in beside for word in _SMALL_PRINT) or _under_title(document, at) else None
        )
    alone = block.end - block.start - (dated.end - dated.start) <= 4
    if (small and dated.start - block.start <= 60) or (alone and dated.clock and _under_title(document, at)):
        return 3
    return None


def _under_title(document: Document, at: int) -> bool:
    return any(
        block.role is Role.HEADING and 0 < block.level <= 2 for block in document.blocks[max(0, at - 3) : at]
    )


class Entries(NamedTuple):
    """Entries with a date in the lists of a page's main part: how many, and the newest date."""

    dated: int
    latest: str | None


def entries(document: Document, dates: list[Dated]) -> Entries:
    """Read the lists of a page: links with a date beside them, in the same or a neighbouring block."""
    if not dates and "20" not in document.text:
        return Entries(0, None)
    blocks = document.blocks
    spans = _link_spans(document)
    starts = [span.start for span in spans]

    def within(block: Block) -> list[Span]:
        """Texts of the links in a block."""
        i = bisect_left(starts, block.start)
        j = i
        while j < len(spans) and spans[j].start < block.end:
            j += 1
        return spans[i:j]

    count, latest, last = 0, "", -1
    for dated in dates if spans else ():
        at = document.block_index(dated.start)
        if at == last:
            continue
        block, last = blocks[at], at
        if not block.main or block.role in (Role.TITLE, Role.CODE):
            continue
        size, rest = block.end - block.start, dated.end - dated.start
        held = within(block)
        if held:
            covered = sum(min(span.end, block.end) - span.start for span in held)
            edge = dated.start - block.start <= 2 or block.end - dated.end <= 2
            inside = any(span.start <= dated.start < span.end for span in held)
            entry = edge and covered > (rest + 3 if inside else 3) and size - covered <= rest + 16
        else:
            entry = size - rest <= 10 and any(
                other.main
                and any((span.end - span.start) * 2 >= other.end - other.start for span in within(other))
                for other in (*blocks[max(0, at - 3) : at], *blocks[at + 1 : at + 3])
            )
        if entry:
            count += 1
            latest = max(latest, dated.day)
    if count < 3 and spans:
        split = _split(document)
        if len(split) > count:
            count, latest = len(split), max(split)
    return Entries(count, latest or None)


def _link_spans(document: Document) -> list[Span]:
    return [link.span for link in document.links if not link.hidden and link.span.end - link.span.start >= 4]


def links(document: Document) -> int:
    """Blocks of the main part that hold a link long enough to be a title: entries of a list without dates."""
    count, last = 0, -1
    for start, end in _link_spans(document):
        if end - start < 6:
            continue
        at = document.block_index(start)
        if at != last and document.blocks[at].main:
            count, last = count + 1, at
    return count


def _split(document: Document) -> list[str]:
    """Dates printed in two lines, the day large above or below its month (``01`` / ``2026-03``)."""
    text = document.text
    found = []
    for match in _MONTH.finditer(text, 0, document.article_end):
        start, end = match.span()
        if start and text[start - 1] != "\n":
            continue
        above = text[max(0, start - 4) : max(0, start - 1)].rpartition("\n")[2].strip()
        below = text[end + 1 : end + 4].partition("\n")[0].strip()
        number = next((part for part in (above, below) if part.isdecimal() and len(part) <= 2), None)
        block = document.block_at(start)
        if number is None or block is None or not block.main:
            continue
        year, month = _DIGITS.findall(match.group())
        day = _day(int(year), int(month), int(number))
        if day is not None:
            found.append(day)
    return found
