"""A half-width full point between Chinese characters."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import PUNCTUATION
from rules.punctuation._article import HAN, find, is_han, span_of

_NUMBER = lazy(r"(?:\A|\n)[一二三四五六七八九十]{1,3}\Z")
_POINT = lazy(rf"\.(?=[{HAN}“《\n]|\Z)")


@rule(
    title="中文里用半角句点",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["5.1"],
    needs=(".",),
    bad=(
        Bad("<p>落实决策部署⟦.⟧紧密结合实际</p>"),
        Bad("<p>工作取得成效⟦.⟧</p>", "<p>工作取得成效。</p>"),
    ),
    good=(
        "<nav>导航.甲</nav>",
        "<p>增长3.5%。1.总体要求</p>",
        "<p>成功上市...</p>",
        "<p>www.gov.cn</p>",
        "<p>一.“十三五”时期工作回顾</p>",
    ),
)
def half_width_period(document: Document) -> Iterator[Hit]:
    """句末点号应为“。”，外国人名等的分隔应为“·”。半角句点夹在汉字之间时两者都有可能，须由编辑判断。段首“一.”之类见序次语规则。"""
    for match in find(document, _POINT):
        before = document.text[match.start() - 1 : match.start()]
        if not (is_han(before) or (before and before in "”）》")):
            continue
        if _NUMBER.search(document.text[max(0, match.start() - 4) : match.start()]):
            continue
        if document.text[match.end() : match.end() + 1] in ("", "\n"):
            yield Hit(span_of(match), "句末应用“。”，不用半角句点", fix="。")
        else:
            words = "汉字之间的半角句点：句末应用“。”，人名等的分隔应用“·”"
            yield Hit(span_of(match), words, alternatives=("。", "·"))
