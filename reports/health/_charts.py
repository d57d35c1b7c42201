"""Figures for the charts of the health report: plain rectangles, worked out when the report is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from reports.health._data import Night

WEEKS = 53
"""Weeks of the calendar."""
_CELL = 13
_WIDTH = 1000
_HEIGHT = 150


def stack(parts: Sequence[tuple[str, int]], most: int) -> list[dict[str, str]]:
    """Bars of one row, ``(css, number)`` side by side, on a scale of 1000 for ``most``."""
    at = 0.0
    bars = []
    for css, number in parts:
        width = number * _WIDTH / most if most else 0.0
        if width:
            bars.append({"css": css, "x": f"{at:.1f}", "width": f"{width:.1f}"})
        at += width
    return bars


def trend(nights: Sequence[Night]) -> list[dict[str, str]]:
    """Bars of the trend: still and new stacked upwards, put right hanging below the line."""
    up = max((one.new + one.still for one in nights), default=0)
    down = max((one.gone for one in nights), default=0)
    if not up + down:
        return []
    scale = _HEIGHT / (up + down)
    line = up * scale
    step = _WIDTH / max(len(nights), 8)
    bars = []
    for at, one in enumerate(nights):
        x, width = at * step + step * 0.15, step * 0.7
        for css, y, height in (
            ("still", line - one.still * scale, one.still * scale),
            ("new", line - (one.still + one.new) * scale, one.new * scale),
            ("gone", line, one.gone * scale),
        ):
            if height:
                bars.append(
                    {
                        "css": css,
                        "x": f"{x:.1f}",
                        "y": f"{y:.1f}",
                        "width": f"{width:.1f}",
                        "height": f"{height:.1f}",
                    }
                )
    bars.append({"css": "axis", "x": "0", "y": f"{line - 0.5:.1f}", "width": str(_WIDTH), "height": "1"})
    return bars


def calendar(by_day: Counter[str], today: date) -> dict[str, Any]:
    """Days of the last year as squares, a column a week (Monday on top), darker where more was published."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    squares, months = [], []
    most = max(
        (number for day, number in by_day.items() if first.isoformat() <= day <= today.isoformat()), default=0
    )
    totals: Counter[str] = Counter()
    active = 0
    for offset in range((today - first).days + 1):
        day = first + timedelta(days=offset)
        week, weekday = divmod(offset, 7)
        number = by_day.get(day.isoformat(), 0)
        totals[f"{day.year}年{day.month}月"] += number
        active += number > 0
        squares.append(
            {
                "x": str(24 + week * _CELL),
                "y": str(18 + weekday * _CELL),
                "css": f"c{_shade(number, most)}",
                "title": f"{day.month}月{day.day}日 {number} 篇",
            }
        )
        if weekday == 0 and (offset == 0 or day.day <= 7):
            months.append({"x": str(24 + week * _CELL), "label": f"{day.month}月"})
    if len(months) > 1 and int(months[1]["x"]) - int(months[0]["x"]) < 3 * _CELL:
        months.pop(0)
    return {
        "squares": squares,
        "months": months,
        "width": 24 + WEEKS * _CELL,
        "height": 18 + 7 * _CELL,
        "total": totals.total(),
        "active": active,
        "days": (today - first).days + 1,
        "table": list(totals.items()),
    }


def _shade(number: int, most: int) -> int:
    """0 for none, 1 to 4 by quarters of the busiest day."""
    if not number:
        return 0
    return min(4, 1 + (number - 1) * 4 // max(most, 1))


def share(counts: Mapping[str, int], order: Sequence[str]) -> list[dict[str, str]]:
    """One bar divided by kinds."""
    return stack([(one, counts.get(one, 0)) for one in order], sum(counts.values()))
