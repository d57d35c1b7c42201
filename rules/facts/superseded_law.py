"""Laws cited as if in force after others replaced them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.facts._citations import PREFIX, citations_of
from rules.facts._dates import dates_of

_HISTORY = re.compile(
    r"[原旧前曾]|废止|失效|当时|时任|修订前|取代|替代|编纂|历史|已被|不再|解释|司法解释|同时|"
    r"(?:19|20)\d\d年.{0,12}(?:颁布|制定|通过|施行|出台|公布|修改|修订|实施)|颁布实施|以来|判决|裁定|本院认为|起草|审议|报请"
)


@cache
def _table() -> dict[str, tuple[str, date]]:
    lines = (Path(__file__).with_suffix(".tsv")).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith(("#", "title\t")))
    return {title: (successor, date.fromisoformat(since)) for title, successor, since in rows}


def _written(document: Document) -> date | None:
    """When a document was written: its publication date, else the latest date in it."""
    meta = document.meta("PubDate")
    if meta:
        match = re.match(r"(\d{4})-(\d{2})-(\d{2})", meta.content.strip())
        if match:
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                return None
    return max((dated.real for dated in dates_of(document) if dated.real), default=None)


def _is_statute(document: Document) -> bool:
    """The text of a law or a judgment itself: it cites what was in force when it was made."""
    text = document.text
    return "第一条" in text and "制定本" in text


@rule(
    title="引用已被取代或废止的法律法规",
    level=Level.NOTE,
    passes=Pass.PROOF3,
    basis=EDITING["引用法律法规"],
    confidence=Confidence.MEDIUM,
    needs=("《",),
    bad=(
        Bad("<p>依据《⟦中华人民共和国物权法⟧》《⟦合同法⟧》办理登记。</p><p>2023年5月1日</p>"),
        Bad(
            '<html><head><meta name="PubDate" content="2023-05-01 09:00"></head><p>按照《⟦信访条例⟧》办理。</p></html>'
        ),
    ),
    good=(
        "<p>依据《民法典》办理。原《合同法》同时废止。</p><p>2023年5月1日</p>",
        "<p>依据《物权法》办理登记。</p><p>2020年5月1日</p>",
        "<p>依据《物权法》办理登记。</p>",
        '<html><head><meta name="PubDate" content="2023-02-30"></head><p>按照《信访条例》办理。</p></html>',
        '<html><head><meta name="PubDate" content="昨天"></head><p>按照《信访条例》办理。</p></html>',
        "<p>第一条 根据《物权法》，制定本条例。</p><p>2023年5月1日</p>",
        "<p>2007年《物权法》颁布实施。《婚姻法》自1950年施行。</p><p>2023年5月1日</p>",
    ),
)
def superseded_law(document: Document) -> Iterator[Hit]:
    """法律被取代后再作为现行依据引用，依据就落空了。例如物权法、合同法等九部法律自2021年1月1日起由民法典取代。

    只在能判断成文时间且晚于取代之日时报告；文中写明“原”“废止”“当时”等历史语境的，以及法规文本本身，不算错。
    """
    written: date | None = None
    for cited in citations_of(document):
        found = _table().get(cited.title.removeprefix(PREFIX))
        if found is None:
            continue
        successor, since = found
        written = written or _written(document)
        if written is None or written < since or _is_statute(document):
            continue
        sentence = document.sentence(cited.span)
        if _HISTORY.search(document.text, sentence.start, sentence.end):
            continue
        yield Hit(
            cited.span,
            f"《{cited.title}》自{since.year}年{since.month}月{since.day}日起已由《{successor}》取代，请核对引用依据",
        )
