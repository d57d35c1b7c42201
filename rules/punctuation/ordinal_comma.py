"""Enumeration comma after 第一, 首先."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import PUNCTUATION
from rules.punctuation._article import find, span_of

_ORDINAL = lazy(r"(?:第[一二三四五六七八九十]{1,2}|首先|其次|再次|最后)(、)(?![第二三四五六七八九十百])")


@rule(
    title="“第一”“首先”后的顿号",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["B.3.1"],
    needs=("一、", "二、", "三、", "四、", "五、", "首先、", "其次、", "再次、", "最后、"),
    bad=(
        Bad("<p>第一⟦、⟧加强领导。第二⟦、⟧抓好落实。</p>", "<p>第一，加强领导。第二，抓好落实。</p>"),
        Bad("<p>要求如下：首先⟦、⟧抓好落实。</p>", "<p>要求如下：首先，抓好落实。</p>"),
    ),
    good=(
        "<p>安全第一、预防为主</p>",
        "<p>第二、三产业</p>",
        "<p>第一，加强领导。</p>",
        "<p>第一、第二小学</p>",
    ),
)
def ordinal_comma(document: Document) -> Iterator[Hit]:
    """“第一”“首先”这类序次语之后用逗号，顿号用在“一”“二”这类数字序次语之后。只查段首、句首的序次语。"""
    text = document.text
    for match in find(document, _ORDINAL):
        if match.start() == 0 or text[match.start() - 1] in "\n。；：！？":
            yield Hit(span_of(match, 1), f"“{match[0][:-1]}”后应用逗号", fix="，")
