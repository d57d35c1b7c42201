"""Enumeration comma inside an approximate number."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import PUNCTUATION
from rules.punctuation._article import find, span_of

_PAIRS = "一、二|二、三|三、四|四、五|五、六|六、七|七、八|八、九|三、五"
_RANGE = lazy(
    rf"(?<![一二三四五六七八九十\d、第初\n])({_PAIRS})(?:十|百|千|万)?"
    r"(?:(?=个|天|年(?!级|期)|人(?!民|大)|次(?!产|会|全|党|创|飞|跃|能)|家|倍|米|里|公里|亩|条路|分钟|小时|百)|(?<=[十百千万])(?=年|人|家|个|里))"
)


@rule(
    title="概数中的顿号",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["4.5.3.4"],
    needs=tuple(_PAIRS.split("|")),
    bad=(
        Bad("<p>争取在⟦三、五⟧年内完成</p>", "<p>争取在三五年内完成</p>"),
        Bad("<p>需要⟦四、五十⟧年的努力</p>", "<p>需要四五十年的努力</p>"),
    ),
    good=(
        "<p>一、二、三次产业；第一、二名；二、三产业；三、四年级</p>",
        "<p>一、五年工作回顾</p>",
        "<p>三四个月</p>",
    ),
)
def dunhao_approximate(document: Document) -> Iterator[Hit]:
    """相邻或相近的两个数字连用表示概数，中间不用顿号；若是缩略的并列（如“二、三产业”），顿号不能省。"""
    for match in find(document, _RANGE):
        yield Hit(span_of(match), "概数中间不用顿号", fix=match[0].replace("、", ""))
