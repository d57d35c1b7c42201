"""Totals in tables of any kind: which cells a total sums, judged by what holds elsewhere in the table.

A printed total is only doubted where the rest of the table shows what it is meant to sum: the same
reading must hold in other columns (or rows), or the table must be of the plainest kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qa.document import Cell, Table

_TOTAL = re.compile(
    r"(?:[一二三四五六七八九十\d]{1,2}[、.])?(?:合计|总计|共计|总数|总合计|合计数)(?:\(.{0,12}\))?[:：]?"
)
_SUBTOTAL = re.compile(r"(?:[一二三四五六七八九十\d]{1,2}[、.])?.{0,10}小计(?:\(.{0,12}\))?[:：]?")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NOT_SUMMED = re.compile(
    r"序号|编号|代码|编码|年份|年度$|电话|邮编|日期|时间|率|比|%|占|均|排名|名次|位次|单价|价格|增长|增幅|增减|增速|指数|倍|分值|得分|评分|系数|密度|标准|人均"
)
_UNCLEAR = re.compile(
    r"其中|^[#＃—\-·]|平均|占|比重|增长|增减|同比|以上|以下|不含|另|累计|上年|本年|结余|余额|结转|备注|注:"
)
_TOP = re.compile(r"[一二三四五六七八九十]{1,3}、")
_DEEPER = re.compile(r"\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、]|\(\d{1,2}\)")
_ROUNDED = re.compile(r"[万亿千百]")
_MOST_CELLS = 20_000
_NEAR = Decimal("0.2")


@dataclass(frozen=True, slots=True)
class Slip:
    """A total that does not hold: ``sure`` where other sums of the same kind do."""

    cell: Cell
    name: str
    terms: tuple[Decimal, ...]
    expected: Decimal
    printed: Decimal
    sure: bool


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


class _Grid:
    """A table as a rectangle of numbers and labels."""

    def __init__(self, table: Table) -> None:
        grid = table.grid
        self.cells = grid
        self.width = max((len(row) for row in grid), default=0)
        self.words = [[_squeeze(cell.text) if cell else "" for cell in row] for row in grid]
        self.numbers: list[list[Decimal | None]] = [[_number(word) for word in row] for row in self.words]
        self.first = self._first_row()
        self.labels = [self._label(y) for y in range(len(grid))]
        self.heads = [self._head(x) for x in range(self.width)]
        self.rounded = bool(_ROUNDED.search("".join(self.heads) + table.caption))

    def _first_row(self) -> int:
        """The first row that holds numbers other than years."""
        for y, row in enumerate(self.numbers):
            if any(number is not None and not 1900 <= number <= 2100 for number in row):
                return y
        return len(self.numbers)

    def _label(self, y: int) -> str:
        """The words before the first number of a row, without a leading serial number."""
        found = ""
        for x, word in enumerate(self.words[y]):
            if self.numbers[y][x] is None:
                cell = self.cells[y][x]
                if x and cell is not None and cell is self.cells[y][x - 1]:
                    continue
                if word and (not found or _is_total(word)):
                    found = word
            elif x > 0 or not word.isdigit():
                break
        return found

    def _head(self, x: int) -> str:
        return "/".join(dict.fromkeys(self.words[y][x] for y in range(self.first) if x < len(self.words[y])))

    def column(self, x: int, rows: Iterable[int]) -> list[Decimal] | None:
        """The numbers of a column in some rows; ``None`` where one of them is not to be summed."""
        found = []
        seen = set()
        for y in rows:
            number, cell = self.numbers[y][x], self.cells[y][x]
            if number is None:
                if self.words[y][x] not in ("", "-", "/", "—", "--"):
                    return None
            elif cell is None or cell.rowspan > 1 or cell.colspan > 1 or id(cell) in seen:
                return None
            else:
                seen.add(id(cell))
                found.append(number)
        return found

    def summed(self) -> list[int]:
        """Columns whose numbers may be summed."""
        return [
            x
            for x in range(1, self.width)
            if not _NOT_SUMMED.search(self.heads[x])
            and not any("%" in row[x] for row in self.words[self.first :])
            and any(row[x] is not None for row in self.numbers[self.first :])
        ]


def _number(word: str) -> Decimal | None:
    body = word.replace(",", "")
    return Decimal(body) if _NUMBER.fullmatch(body) and len(body) < 20 else None


def _is_total(word: str) -> bool:
    return _TOTAL.fullmatch(word) is not None or _SUBTOTAL.fullmatch(word) is not None


def _places(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def _tolerance(terms: Sequence[Decimal], total: Decimal, rounded: bool) -> Decimal:
    """Half a unit of the last place for every rounded term, and for the total by its own places."""
    places = max(map(_places, (*terms, total)))
    if not places and not rounded:
        return Decimal(0)
    return Decimal(len(terms)).scaleb(-places) / 2 + Decimal(1).scaleb(-_places(total)) / 2


def _holds(terms: Sequence[Decimal], total: Decimal, rounded: bool) -> bool:
    return abs(sum(terms) - total) <= _tolerance(terms, total, rounded)


def slips(table: Table) -> Iterator[Slip]:
    """Totals of a table that do not hold."""
    if sum(map(len, table.rows)) > _MOST_CELLS or len(table.rows) < 3:
        return
    if table.ragged and len({len(row) for row in table.rows}) > 1:
        return
    if not any(_is_total(_squeeze(cell.text)) for row in table.rows for cell in row if len(cell.text) < 24):
        return
    grid = _Grid(table)
    if grid.first == 0 or grid.width < 2:
        return
    yield from _rows(grid)
    yield from _columns(grid)


def _rows(grid: _Grid) -> Iterator[Slip]:
    """Rows of totals: the sum of the rows above or below, with or without subtotals."""
    body = range(grid.first, len(grid.labels))
    grand = [y for y in body if _TOTAL.fullmatch(grid.labels[y])]
    sub = [y for y in body if y not in grand and _SUBTOTAL.fullmatch(grid.labels[y])]
    items = [y for y in body if y not in grand and y not in sub]
    if any(_UNCLEAR.search(grid.labels[y]) for y in items):
        return
    two_levels = any(_TOP.match(grid.labels[y]) for y in items) and any(
        _DEEPER.match(grid.labels[y]) for y in items
    )
    columns = grid.summed()
    for y in (*grand, *sub):
        stops = sorted([*grand, *(sub if y in sub else ())])
        low = max((s for s in stops if s < y), default=grid.first - 1)
        high = min((s for s in stops if s > y), default=len(grid.labels))
        above, below = [i for i in items if low < i < y], [i for i in items if y < i < high]
        readings = [above, below]
        if y in grand and sub:
            readings += [[i for i in sub if low < i < y], [i for i in sub if y < i < high]]
        plain = len(grand) == 1 and not sub and not two_levels and y == body[-1]
        yield from _judge_row(grid, y, [r for r in readings if len(r) > 1], columns, plain)


def _judge_row(
    grid: _Grid, y: int, readings: list[list[int]], columns: list[int], plain: bool
) -> Iterator[Slip]:
    best: tuple[int, list[Slip]] = (0, [])
    for number, rows in enumerate(readings):
        held, wrong = 0, []
        for x in columns:
            printed, cell = grid.numbers[y][x], grid.cells[y][x]
            terms = grid.column(x, rows)
            if printed is None or cell is None or cell.colspan > 1 or not terms or len(terms) < 2:
                continue
            if _holds(terms, printed, grid.rounded):
                held += len(set(terms)) > 1
            else:
                wrong.append(
                    Slip(cell, grid.heads[x], tuple(terms), sum(terms, Decimal(0)), printed, sure=True)
                )
        if held > best[0] or (held == best[0] and not number):
            best = (held, wrong)
    held, wrong = best
    if held >= max(1, len(wrong)):
        yield from wrong
    elif plain and not held and len(wrong) == 1 and wrong[0].printed:
        only = wrong[0]
        complete = len(only.terms) == y - grid.first
        if complete and abs(only.expected - only.printed) <= abs(only.printed) * _NEAR:
            yield Slip(only.cell, only.name, only.terms, only.expected, only.printed, sure=False)


def _columns(grid: _Grid) -> Iterator[Slip]:
    """Columns of totals: the sum of the columns left or right of it, as most rows have it."""
    summed = grid.summed()
    totals = [x for x in summed if any(_is_total(part) for part in grid.heads[x].split("/"))]
    body = [y for y in range(grid.first, len(grid.labels)) if not _UNCLEAR.search(grid.labels[y])]
    for x in totals:
        low = max((t for t in totals if t < x), default=0)
        high = min((t for t in totals if t > x), default=grid.width)
        plain = [c for c in summed if c not in totals]
        own = grid.heads[x].split("/")[0]
        beside = [c for c in plain if grid.heads[c].split("/")[0] == own]
        left, right = [c for c in plain if low < c < x], [c for c in plain if x < c < high]
        for columns in (beside, left, right, [t for t in totals if t != x]):
            if len(columns) > 1:
                held, wrong = _judge_column(grid, x, columns, body)
                if held >= 3 and held >= 3 * len(wrong):
                    yield from wrong
                    break


def _judge_column(grid: _Grid, x: int, columns: list[int], body: list[int]) -> tuple[int, list[Slip]]:
    held, wrong = 0, []
    for y in body:
        printed, cell = grid.numbers[y][x], grid.cells[y][x]
        row = [grid.cells[y][c] for c in columns]
        terms = [number for c in columns if (number := grid.numbers[y][c]) is not None]
        if printed is None or cell is None or len(terms) < 2 or any(one and one.colspan > 1 for one in row):
            continue
        if _holds(terms, printed, grid.rounded):
            held += sum(1 for number in terms if number) > 1
        else:
            wrong.append(Slip(cell, grid.labels[y], tuple(terms), sum(terms, Decimal(0)), printed, sure=True))
    return held, wrong
