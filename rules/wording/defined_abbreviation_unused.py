"""A short name is defined and never used."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Role
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING

_DEFINED = lazy(
    r"[（(](?:以下|下)(?:均)?(?:统|并)?(?:简)?称(?:为|作)?[：:]?\s?(?P<name>[“《‘\"][^”》’\"（）\n]{1,20}[”》’\"]|[一-鿿]{2,12})[）)]"
)
_MARKS = '“”‘’"'


@rule(
    title="定义了简称却没有使用",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    needs=("下简称", "下称", "下统称", "下均简称", "下并称"),
    bad=(
        Bad("<p>根据《某省政府信息公开办法》⟦（以下简称《办法》）⟧，制作年度报告。</p>"),
        Bad("<p>某某有限公司⟦（以下简称“某公司”）⟧负责建设。</p>"),
    ),
    good=(
        "<p>根据《某省政府信息公开办法》（以下简称《办法》），认真执行《办法》。</p>",
        "<nav>某办法（以下简称《办法》）</nav><p>正文</p>",
        "<p>某某有限公司（以下简称“某公司”）负责建设，某公司应当按期完工。</p>",
    ),
)
def defined_abbreviation_unused(document: Document) -> Iterator[Hit]:
    """“以下简称”是为后文省字；后文一次也没有用到，就应当删去，或者检查后文是否漏用。"""
    text = document.text
    end = document.article_end
    for match in _DEFINED.finditer(text, 0, end):
        block = document.block_at(match.start())
        if block is not None and (not block.main or block.role is Role.CODE):
            continue
        name = match.group("name")
        shown = name.strip(_MARKS)
        if text.find(shown, match.end(), end) < 0:
            yield Hit(
                Span(*match.span()), f"简称{shown if shown.startswith('《') else f'“{shown}”'}在后文没有使用"
            )
