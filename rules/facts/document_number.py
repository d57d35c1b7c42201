"""Numbers of central documents against their titles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Good, Hit, Pack, Settings, rule
from rules._standards import EDITING
from rules.facts._citations import Citation, citations_of, core

_LEAST = 6
_ALIKE = 0.5


@dataclass
class _Table:
    """Titles by number and numbers by the core of a title."""

    titles: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, list[str]] = field(default_factory=dict)

    def add(self, number: str, title: str) -> None:
        self.titles.setdefault(number, []).append(title)
        self.numbers.setdefault(core(title), []).append(number)


@cache
def _shipped() -> tuple[tuple[str, str], ...]:
    lines = (Path(__file__).with_suffix(".tsv")).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith(("#", "number\t"))]
    return tuple((row[0], row[1]) for row in rows)


_tables: dict[int, tuple[object, _Table]] = {}


def _table(documents: tuple[Mapping[str, Any], ...]) -> _Table:
    held = _tables.get(id(documents))
    if held is not None and held[0] is documents:
        return held[1]
    table = _Table()
    for number, title in _shipped():
        table.add(number, title)
    for item in documents:
        if item.get("number") and item.get("title"):
            table.add(str(item["number"]), str(item["title"]))
    _tables[id(documents)] = (documents, table)
    return table


@rule(
    title="文件名称与文号不符",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=EDITING["引用公文"],
    needs=("》（国", "》(国", "》（中", "》(中", "》 （国"),
    bad=(
        Bad(
            "<p>根据《政府网站发展指引》（⟦国办发〔2017〕17号⟧）要求</p>",
            "<p>根据《政府网站发展指引》（国办发〔2017〕47号）要求</p>",
        ),
        Bad(
            "<p>《国务院办公厅关于印发2020年政务公开工作要点的通知》（⟦国办发〔2019〕14号⟧）</p>",
            "<p>《国务院办公厅关于印发2020年政务公开工作要点的通知》（国办发〔2020〕17号）</p>",
        ),
        Bad("<p>《关于加强本县河道采砂管理的意见》（⟦国发〔2022〕14号⟧）</p>"),
        Bad(
            "<p>《全省公文处理实施细则》（⟦国办发〔2030〕1号⟧）</p>",
            "<p>《全省公文处理实施细则》（国办发〔2030〕9号）</p>",
            settings=Settings(
                pack=Pack(
                    documents=(
                        {"number": "国办发〔2030〕9号", "title": "全省公文处理实施细则"},
                        {"number": ""},
                    )
                )
            ),
        ),
    ),
    good=(
        "<p>《政府网站发展指引》（国办发〔2017〕47号）、《国务院办公厅关于印发政府网站发展指引的通知》(国办发[2017]47号)</p>",
        "<p>《工伤保险条例》（国务院令第375号）、《中华人民共和国政府信息公开条例》（中华人民共和国国务院令第711号）</p>",
        "<p>《加强数字政府建设的指导意见》（国发〔2022〕14号）、《某通知》（国发〔1999〕3号）、《通知》（国发〔2022〕14号）</p>",
        "<p>《数字政府建设的指导意见》（国发〔2022〕14号）、《本县河道采砂管理意见》（国发〔1999〕3号）</p>",
        Good("<p>《论法》（国务院研究室）</p>"),
    ),
)
def document_number(document: Document, settings: Settings) -> Iterator[Hit]:
    """引用公文先引标题、后引文号，文号写错就找不到原文。

    附有一份常被引用的中央文件文号表，站点可以在词库里增补。标题在表内而文号不同，
    或文号在表内而标题全然不同的，提示核对；标题只是简写的不算错。
    """
    for cited in citations_of(document):
        if cited.number:
            hit = _judge(cited, _table(settings.pack.documents))
            if hit:
                yield hit


def _judge(cited: Citation, table: _Table) -> Hit | None:
    words = core(cited.title)
    if len(words) < _LEAST:
        return None
    numbers = table.numbers.get(words, [])
    if cited.number in numbers:
        return None
    owners = table.titles.get(cited.number, [])
    if numbers:
        same = [number for number in numbers if number[:2] == cited.number[:2]]
        owner = f"，{cited.number}是《{owners[0]}》" if owners else ""
        message = f"《{cited.title}》的文号是{'或'.join(numbers)}，不是{cited.number}{owner}"
        return Hit(
            cited.number_span,
            message,
            fix=same[0] if len(same) == 1 else None,
            alternatives=tuple(numbers[1:]),
        )
    if owners and not any(_alike(words, core(owner)) for owner in owners):
        message = f"{cited.number}是《{owners[0]}》的文号，与《{cited.title}》不符，请核对"
        return Hit(cited.number_span, message, confidence=Confidence.MEDIUM)
    return None


def _alike(one: str, other: str) -> bool:
    """Whether two cores may name one document: one holds the other, or they share most pairs of characters."""
    if one in other or other in one:
        return True
    pairs = {one[i : i + 2] for i in range(len(one) - 1)}
    others = {other[i : i + 2] for i in range(len(other) - 1)}
    return len(pairs & others) >= _ALIKE * min(len(pairs), len(others))
