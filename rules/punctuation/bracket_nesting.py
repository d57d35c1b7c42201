"""Round brackets inside round brackets."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import PUNCTUATION
from rules.punctuation._article import find, span_of

_NESTED = lazy(r"（[^（）《\n]{0,120}(（[^（）\n]{1,60}）)(?=[^（）\n]{0,120}[）（])")


@rule(
    title="圆括号里再套圆括号",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["4.9.3"],
    needs=("（",),
    bad=(
        Bad("<p>三个产业（含农业⟦（种植业）⟧）</p>", "<p>三个产业（含农业［种植业］）</p>"),
        Bad("<p>会议（据新华社⟦（记者张三）⟧电）召开</p>", "<p>会议（据新华社［记者张三］电）召开</p>"),
    ),
    good=(
        "<p>《规划（草案）》（以下简称《纲要（草案）》）</p>",
        "<p>县（市、区）和镇（街道）</p>",
        "<p>（一）甲（二）乙</p>",
    ),
)
def bracket_nesting(document: Document) -> Iterator[Hit]:
    """同一形式的括号应尽量避免套用；必须套用时，宜采用不同的括号形式配合使用。"""
    for match in find(document, _NESTED):
        inner = match[1][1:-1]
        yield Hit(span_of(match, 1), "括号套用宜换一种括号", fix=f"［{inner}］", alternatives=(f"[{inner}]",))
