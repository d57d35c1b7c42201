"""Decreases by a multiple."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.punctuation._article import find, span_of

_LESS = lazy(
    r"(?:减少|下降|降低|缩短|缩小|压缩|减轻|回落|压减|收窄)了?(?:近|约|超过?|将近)?"
    r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十百几数]{1,3})(?:多|余)?倍(?!增|速)"
)


@rule(
    title="减少用“倍”表示",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    needs=("倍",),
    bad=(Bad("<p>收费总额⟦下降1倍⟧</p>"), Bad("<p>办理时限⟦缩短了近三倍⟧</p>")),
    good=(
        "<p>收入增长3倍</p>",
        "<p>时限缩短三分之二</p>",
        "<p>成本下降，产量提高3倍</p>",
        "<p>收入比由3.04倍缩小到2.76倍</p>",
    ),
)
def decrease_multiple(document: Document) -> Iterator[Hit]:
    """“倍”只用于增加。减少一倍即为零，减少应当用分数或百分数，如“下降80%”“缩短到原来的三分之一”。"""
    for match in find(document, _LESS):
        yield Hit(span_of(match), f"“{match[0]}”：减少不能用“倍”，应改用分数或百分数")
