"""Paired marks that stand alone."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION
from rules.punctuation._pairing import CLOSE, OPEN, pairing

_NAMES = {"“": "双引号", "‘": "单引号", "《": "书名号", "〈": "书名号", "（": "括号"}


@rule(
    title="引号、括号、书名号不成对",
    level=Level.ERROR,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["5.1"],
    needs=(*OPEN, *CLOSE, "(", ")"),
    bad=(
        Bad("<p>落实⟦“⟧两个维护，推进改革。</p>"),
        Bad("<p>落实“两个维护⟦“⟧，推进改革。</p>", "<p>落实“两个维护”，推进改革。</p>"),
        Bad("<p>他说：‘落实到位⟦‘⟧，继续推进。</p>", "<p>他说：‘落实到位’，继续推进。</p>"),
        Bad("<p>会议强调，⟦”⟧两个维护”是根本。</p>", "<p>会议强调，“两个维护”是根本。</p>"),
        Bad("<p>依据⟦《⟧条例规定。</p><p>另见办法⟦》⟧第三条。</p>"),
        Bad("<p>地区⟦（⟧含县区。</p><p>甲（乙⟦《⟧丙）丁⟦》⟧</p>"),
        Bad("<table><tr><td>⟦（⟧一</td><td>共计⟦）⟧</td></tr></table>"),
    ),
    good=(
        "<p>“第一段。</p><p>“第二段。</p><p>“末段。”</p>",
        "<p>“建设融合化</p><p>‘晋快搜’模块”“展示模块”建设。</p>",
        "<p>1）甲；2）乙；a）丙；①）丁；一）戊</p>",
        "<p>It’s 2023, ’97中国旅游年</p>",
        "<p>依据《关于印发〈办法〉的通知》（试行)办理</p>",
    ),
)
def paired_marks(document: Document) -> Iterator[Hit]:
    """引号、括号、书名号须前后成对。

    引文分成几段时，每段开头用前引号，只在最后一段末尾用后引号，因此引号在全文范围内配对；
    括号和书名号一般在本段之内收住。方向写反的，给出改法。
    """
    for at, char, turned in pairing(document).lone:
        span = Span(at, at + 1)
        name = _NAMES.get(char) or _NAMES.get(CLOSE.get(char, ""), "括号")
        if turned:
            yield Hit(span, f"{name}方向写反，此处应为{'前' if turned in OPEN else '后'}{name}", fix=turned)
        elif char in OPEN:
            yield Hit(span, f"前{name}没有对应的后{name}")
        else:
            yield Hit(span, f"后{name}没有对应的前{name}")
