"""The score sheet in the national form: what a machine can check of 国办秘函〔2019〕19号, and what it cannot.

Nothing here pretends to be a total: points are taken only for what was found, and every line a
machine cannot check stands there as 需人工检查.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli

from qa.finding import Confidence, Level
from reports._common import escape_unseen
from reports.health._data import Facts

YES, PART, NO = "yes", "part", "no"
CHECKS = {YES: "机器可查", PART: "机器部分可查", NO: "需人工检查"}
"""Whether a machine can check a line, in words."""

NONE, UNREAD = "未发现", "没有查成"
TRIGGERED, SUSPECTED, HINT, CLEAR, MANUAL = "triggered", "suspected", "hint", "clear", "manual"
VETO_STATES = {
    TRIGGERED: "发现",
    SUSPECTED: "疑似，须人工核实",
    HINT: "有线索，不足以认定",
    CLEAR: NONE,
    MANUAL: "需人工检查",
}
"""What became of a ground of veto, in words."""


OWN_ITEM = frozenset(["news", "policy", "interpretation", "message"])
"""Types of columns that have an item of their own in the check list."""


@dataclass(frozen=True, slots=True)
class Veto:
    """One ground of veto (单项否决).

    Attributes:
        count: issues that bear on it.
        state: a key of :data:`VETO_STATES`.
    """

    id: str
    name: str
    check: str
    why: str
    count: int
    state: str

    @property
    def raised(self) -> bool:
        """Whether people must look at it at once."""
        return self.state in (TRIGGERED, SUSPECTED)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the sheet.

    Attributes:
        group, item: 一级指标 and what it is called within.
        rule: 评分细则.
        statistics: 问题统计 in words; ``count`` as a number.
        points: 单项扣分; ``cap``: 上限 of the whole item; ``taken``: 扣分 of this line after the cap.
    """

    group: str
    item: str
    rule: str
    statistics: str
    count: int
    points: float
    cap: float
    taken: float
    check: str
    why: str


@dataclass(frozen=True, slots=True)
class Score:
    """The sheet.

    Attributes:
        document: number of the document it follows.
        taken: 机器可查部分扣分, at most ``reach``.
        reach: most that the lines a machine can check (wholly or in part) could take.
        unplaced: issues whose score item the sheet does not know, by id.
    """

    document: str
    vetoes: tuple[Veto, ...]
    lines: tuple[Line, ...]
    taken: float
    reach: float
    unplaced: tuple[tuple[str, int], ...]

    @property
    def raised(self) -> list[Veto]:
        return [one for one in self.vetoes if one.raised]


@cache
def table() -> dict[str, Any]:
    """The national check list, from ``score.toml`` beside this module."""
    return tomli.loads(files("reports.health").joinpath("score.toml").read_text(encoding="utf-8"))


def _fits(identifier: str, patterns: Sequence[str]) -> bool:
    return any(
        identifier.startswith(one[:-1]) if one.endswith("*") else identifier == one for one in patterns
    )


class _Counter:
    """Counts of one run, by the ways ``score.toml`` names."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.found: dict[str, tuple[int, bool, bool, int, int]] = {}
        for identifier, number, veto, sure, grave, counted in facts.db.execute(
            "SELECT score_item, count(*), sum(level = ?), sum(level = ? AND confidence = ?),"
            " sum(level >= ?), sum(level > ?) FROM issue"
            " WHERE run_id = ? AND suppressed IS NULL AND score_item <> '' GROUP BY 1 ORDER BY 1",
            (Level.VETO, Level.VETO, Confidence.HIGH.value, Level.ERROR, Level.NOTE, facts.run.run),
        ):
            self.found[identifier] = (number, veto > 0, sure > 0, grave, counted)

    def ids(self, patterns: Sequence[str]) -> list[str]:
        return [one for one in self.found if _fits(one, patterns)]

    def issues(self, ids: Sequence[str]) -> int:
        """Issues that take points: notes take none."""
        return sum(self.found[one][4] for one in ids)

    def _count(self, what: str, ids: Sequence[str], condition: str) -> int:
        marks = ", ".join("?" * len(ids))
        row = self.facts.db.execute(
            f"SELECT count(*) FROM (SELECT DISTINCT {what} FROM issue i"
            " CROSS JOIN issue_page o ON o.run_id = i.run_id AND o.issue_id = i.id"
            f" WHERE i.run_id = ? AND i.suppressed IS NULL AND i.level > 1 AND i.score_item IN ({marks}) AND {condition})",
            (self.facts.run.run, *ids, self.facts.site.home),
        ).fetchone()
        return int(row[0])

    def links(self, ids: Sequence[str], *, home: bool) -> int:
        """Pairs of a faulty link and a page that carries it."""
        sign = "=" if home else "<>"
        return self._count("coalesce(i.target_id, -i.id), o.url_id", ids, f"o.url_id {sign} ?")

    def pages(self, ids: Sequence[str], *, home: bool) -> int:
        """Pages with such an issue."""
        return self._count("o.url_id", ids, f"o.url_id {'=' if home else '<>'} ?")

    @cached_property
    def _columns(self) -> tuple[dict[int, str], Counter[str]]:
        """Types of columns by their first page, and how many there are of each."""
        types = {one.page: one.type for one in self.facts.columns if one.type}
        return types, Counter(types.values())

    @cached_property
    def read(self) -> bool:
        """Whether any page was read at all."""
        return self.facts.db.execute("SELECT 1 FROM health_live LIMIT 1").fetchone() is not None

    def blind(self, entry: dict[str, Any]) -> str:
        """Why nobody can tell from this run whether a ground of veto is given; empty where one can."""
        if not self.read:
            return "没有读到网页。"
        return "" if self._dated or not entry.get("dates") else "网页上没有读到任何日期，看不出更新情况。"

    @cached_property
    def _dated(self) -> bool:
        sql = (
            "SELECT 1 FROM health_live v CROSS JOIN page p ON p.content_id = v.content_id"
            " WHERE p.published IS NOT NULL OR p.latest IS NOT NULL LIMIT 1"
        )
        return self.facts.db.execute(sql).fetchone() is not None

    def pages_of(self, kind: str) -> bool:
        """Whether there are pages of a kind."""
        sql = "SELECT 1 FROM health_live v CROSS JOIN page p ON p.content_id = v.content_id WHERE p.kind = ? LIMIT 1"
        return self.facts.db.execute(sql, (kind,)).fetchone() is not None

    def columns_of(self, kind: str) -> int:
        """How many columns of a type there are."""
        return self._columns[1][kind]

    def stale(self, ids: Sequence[str]) -> tuple[Counter[str], set[str]]:
        """Stale columns by type, and the types of which every column is stale."""
        types, all_of = self._columns
        marks = ", ".join("?" * len(ids))
        found: Counter[str] = Counter()
        for (page,) in self.facts.db.execute(
            f"SELECT url_id FROM issue WHERE run_id = ? AND suppressed IS NULL AND level > 1 AND score_item IN ({marks})",
            (self.facts.run.run, *ids),
        ):
            found[types.get(page, "")] += 1
        return found, {kind for kind, number in found.items() if kind in OWN_ITEM and number >= all_of[kind]}

    def share(self, ids: Sequence[str], kind: str) -> tuple[int, int]:
        """Faulty pages of a kind and all pages of it."""
        db = self.facts.db
        (total,) = db.execute(
            "SELECT count(*) FROM health_live v CROSS JOIN page p ON p.content_id = v.content_id WHERE p.kind = ?",
            (kind,),
        ).fetchone()
        marks = ", ".join("?" * len(ids))
        (faulty,) = db.execute(
            "SELECT count(DISTINCT o.url_id) FROM issue i"
            " CROSS JOIN issue_page o ON o.run_id = i.run_id AND o.issue_id = i.id"
            " CROSS JOIN fetch f ON f.run_id = i.run_id AND f.url_id = o.url_id"
            " CROSS JOIN page p ON p.content_id = f.content_id"
            f" WHERE i.run_id = ? AND i.suppressed IS NULL AND i.level > 1 AND i.score_item IN ({marks}) AND p.kind = ?",
            (self.facts.run.run, *ids, kind),
        ).fetchone()
        return int(faulty), int(total)


def _measure(counter: _Counter, line: dict[str, Any], sample: int) -> tuple[int, Fraction, str]:
    """Count of a line, the points it would take without a cap, and the count in words."""
    points = Fraction(str(line["points"]))
    ids = counter.ids(line.get("ids", ()))
    way = line.get("count", "issues")
    if way in ("articles", "columns"):
        faulty, total = counter.share(ids, way[:-1]) if ids else (0, 0)
        noun = "内容页" if way == "articles" else "栏目页"
        if not faulty:
            return 0, Fraction(0), NONE if counter.pages_of(way[:-1]) else f"没有认出{noun}"
        words = f"全部 {total} 个{noun}中有 {faulty} 个标签有问题，按抽查 {sample} 个折算"
        return faulty, points * sample * faulty / total, words
    if way == "column" and not counter.columns_of(line["column"]):
        return 0, Fraction(0), "没有认出这类栏目"
    if not ids:
        return 0, Fraction(0), NONE
    if way in ("column", "other-columns"):
        stale, whole = counter.stale(ids)
        if way == "other-columns":
            number = sum(count for kind, count in stale.items() if kind not in whole)
            return number, points * number, f"{number} 个栏目" if number else NONE
        number = stale[line["column"]] if line["column"] in whole else 0
        return number, points * min(number, 1), "该类栏目均未更新" if number else NONE
    if way in ("home", "others"):
        number = counter.links(ids, home=way == "home")
        words = f"{number} 处（同一链接在每个网页上各计一处）" if way == "others" else f"{number} 处"
    elif way in ("home-page", "other-pages"):
        number = counter.pages(ids, home=way == "home-page")
        words = f"{number} 个网页"
    else:
        number = counter.issues(ids)
        words = f"{number} 处"
    taken = min(number, 1) * points if way == "any" else number * points
    return number, taken, words if number else NONE


def _veto(counter: _Counter, entry: dict[str, Any]) -> Veto:
    ids = counter.ids(entry["ids"])
    why = entry.get("why", "")
    number = sum(counter.found[one][0] for one in ids)
    grave = sum(counter.found[one][3] for one in ids)
    threshold = 1
    if "threshold" in entry:
        threshold = int(counter.facts.site.threshold("veto", entry["threshold"], 1))
    if any(counter.found[one][2] for one in ids):
        state = TRIGGERED
    elif any(counter.found[one][1] for one in ids) or grave >= threshold:
        state = SUSPECTED
    elif number:
        state = HINT
    else:
        blind = counter.blind(entry) if entry["check"] != NO else ""
        why = blind or why
        state = MANUAL if blind or entry["check"] == NO else CLEAR
    return Veto(entry["ids"][0], entry["name"], entry["check"], why, number, state)


def score(facts: Facts) -> Score:
    """The score sheet of a run."""
    counter = _Counter(facts)
    data = table()
    lines: list[Line] = []
    total = reach = Fraction(0)
    known: list[str] = [one for entry in data["veto"] for one in entry["ids"]]
    for item in data["item"]:
        cap = left = Fraction(str(item["cap"]))
        reachable = Fraction(0)
        for line in item["line"]:
            known += line.get("ids", ())
            number, wanted, words = _measure(counter, line, data["sample"])
            taken = min(left, wanted)
            left -= taken
            checked = line["check"] != NO
            if (checked and counter.read) or taken:
                reachable = cap
            if not number and not (checked and counter.read):
                words = UNREAD if checked else CHECKS[NO]
            lines.append(
                Line(
                    item["group"], item["name"], line["rule"], words, number, line["points"], item["cap"],
                    _points(taken), line["check"], line.get("why", ""),
                )
            )  # fmt: skip
        total += cap - left
        reach += reachable
    unplaced = tuple((one, counter.found[one][0]) for one in counter.found if not _fits(one, known))
    return Score(
        data["document"],
        tuple(_veto(counter, entry) for entry in data["veto"]),
        tuple(lines),
        _points(total),
        _points(reach),
        unplaced,
    )


def _points(value: Fraction) -> float:
    """Points to two decimals, halves away from zero."""
    return int(value * 100 + Fraction(1, 2)) / 100


def as_object(found: Score) -> dict[str, Any]:
    """The sheet as ``score.json`` writes it."""
    return {
        "document": found.document,
        "machine_taken": found.taken,
        "machine_reach": found.reach,
        "remark": remark(found),
        "vetoes": [
            {
                "id": one.id, "name": one.name, "state": one.state, "count": one.count,
                "check": one.check, "why": one.why or None,
            }
            for one in found.vetoes
        ],
        "lines": [
            {
                "group": one.group, "item": one.item, "rule": one.rule, "statistics": one.statistics,
                "count": one.count, "points": one.points, "cap": one.cap, "taken": one.taken,
                "check": one.check, "why": one.why or None,
            }
            for one in found.lines
        ],
        "unplaced": [{"score_item": identifier, "count": number} for identifier, number in found.unplaced],
    }  # fmt: skip


def remark(found: Score) -> str:
    """What the figure is and is not, in one sentence."""
    manual = sum(1 for one in found.lines if one.check == NO)
    return (
        f"机器可查部分共扣 {found.taken:g} 分（这些指标满分合计 {found.reach:g} 分）；"
        f"另有 {manual} 条细则需人工检查，没有计分，因此这不是网站的总得分。提示级问题不扣分。"
    )


def write(facts: Facts, found: Score, path: Path) -> None:
    """Write ``score.json``."""
    whole = {"version": 1, "time": facts.run.time or None, "home": facts.home_url, **as_object(found)}
    text = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(escape_unseen(text) + "\n", encoding="utf-8", newline="\n")
