"""The fewest cells of table 三 whose correction makes every equation hold, found exhaustively.

A set of cells can only be a repair if every broken equation holds one of them and every sound
equation holds none or two.  So the search always branches over the cells of one equation that
still lacks a cell, and looks at a few hundred sets instead of a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.facts._report import Equation, Report, residual

CellAt = tuple[str, int]
Repair = dict[CellAt, int]

MOST = 3
"""Most cells a repair may change."""
LIMIT = 20_000
"""Most sets looked at before the search gives up and says so."""


@dataclass(frozen=True, slots=True)
class Search:
    """All smallest repairs; ``capped``: the search was cut short."""

    repairs: list[Repair]
    capped: bool = False

    @property
    def size(self) -> int:
        """Cells changed; nought where there is no repair."""
        return len(self.repairs[0]) if self.repairs else 0


class _Searcher:
    def __init__(
        self, values: dict[CellAt, int], equations: Sequence[Equation], off: list[int], limit: int
    ) -> None:
        self.values = values
        self.cells = [dict(equation.cells) for equation in equations]
        self.off = off
        self.broken = [i for i, amount in enumerate(off) if amount]
        self.holding: dict[CellAt, list[int]] = {}
        for i, cells in enumerate(self.cells):
            for cell in cells:
                self.holding.setdefault(cell, []).append(i)
        self.left = limit
        self.seen: set[frozenset[CellAt]] = set()
        self.found: list[Repair] = []

    def run(self, chosen: frozenset[CellAt], more: int) -> None:
        if chosen in self.seen or self.left <= 0:
            return
        self.seen.add(chosen)
        self.left -= 1
        uncovered = [i for i in self.broken if chosen.isdisjoint(self.cells[i])]
        if len(uncovered) > 3 * more:
            return
        if uncovered:
            lacking = [min(uncovered, key=lambda i: len(self.cells[i]))]
        else:
            touched = {i for cell in chosen for i in self.holding[cell]}
            lonely = [i for i in touched if not self.off[i] and len(chosen & self.cells[i].keys()) == 1]
            if not lonely:
                self._solve(chosen, touched)
            if not more:
                return
            lacking = lonely[:1] or sorted(touched)
        for i in lacking:
            for cell in self.cells[i]:
                if cell not in chosen:
                    self.run(chosen | {cell}, more - 1)

    def _solve(self, chosen: frozenset[CellAt], touched: set[int]) -> None:
        """Changes follow one by one from equations with a single unknown; there is always one."""
        change: dict[CellAt, int] = {}
        open_ = set(touched)
        while open_:
            at = min(open_, key=lambda i: len(chosen & self.cells[i].keys() - change.keys()))
            open_.remove(at)
            cells = self.cells[at]
            unknown = chosen & cells.keys() - change.keys()
            off = self.off[at] + sum(
                cells[cell] * change[cell] for cell in chosen & cells.keys() & change.keys()
            )
            for cell in unknown:
                change[cell] = -off * cells[cell]
                off = 0
            if off:
                return
        new = {cell: self.values[cell] + change[cell] for cell in sorted(chosen)}
        if all(change.values()) and min(new.values()) >= 0 and new not in self.found:
            self.found.append(new)


def search(report: Report, equations: Sequence[Equation], most: int = MOST, limit: int = LIMIT) -> Search:
    """Every repair of the smallest size up to ``most`` cells."""
    values: dict[CellAt, int] = {
        (key, c): int(value.number) for key, row in report.requests.items() for c, value in enumerate(row)
    }
    off = [int(residual(report, equation)) for equation in equations]
    for size in range(1, most + 1):
        searcher = _Searcher(values, equations, off, limit)
        searcher.run(frozenset(), size)
        repairs = [repair for repair in searcher.found if len(repair) == size]
        if searcher.left <= 0:
            return Search(repairs, capped=True)
        if repairs:
            return Search(repairs)
    return Search([])
