"""Arabic figures with 千 and 百."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.punctuation._article import block_of, occurrences, span_of

_MIXED = lazy(
    r"(?<![\d.])(?:[1-9]\d?)(?:[百千](?=[元人个户家件名辆吨亩余多份座])|[百千]万(?=[元人个户吨亩余多千]))|(?<![\d.])\d{1,3}(?:万\d千|千\d百)(?=[元人个户家件名辆吨亩余多份])|百分之\d+(?:\.\d+)?"
)


@rule(
    title="阿拉伯数字与“百”“千”连用",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=EDITING[""],
    needs=("百", "千"),
    bad=(
        Bad("<p>新增用户⟦6千⟧户，发放⟦5百万⟧元</p>"),
        Bad("<p>占⟦百分之5⟧，共⟦3千2百⟧人，⟦12万3千⟧人</p>"),
    ),
    good=("<p>6000户，500万元，百分之五，5%，3千克，2千瓦</p>", "<p>十四五”规划102千伏线路</p>"),
)
def mixed_magnitude(document: Document) -> Iterator[Hit]:
    """数值较大时可以用“万”“亿”作单位，一般不用“百”“千”与阿拉伯数字连用；“百分之”后用汉字数字，或改用“%”。"""
    text, done = document.text, 0
    for at in sorted(start for start, _ in occurrences(text, ("千", "百"))):
        if at < done or not (text[at + 1 : at + 2] == "分" or text[at - 1 : at].isdigit()):
            continue
        match = _MIXED.search(text, max(0, at - 6), at + 14)
        if match is None or not match.start() <= at < match.end() or block_of(document, at) is None:
            continue
        done = match.end()
        share = match[0].startswith("百分之")
        advice = f"宜写作“{match[0][3:]}%”，或全用汉字" if share else "宜写全数字，或以“万”“亿”为单位"
        yield Hit(span_of(match), f"“{match[0]}”：{advice}")
