"""Radicals and compatibility ideographs that only look like ordinary characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import COMMON_CHARACTERS

_LOOKALIKE = lazy("[\u2e80-\u2fd5\uf900-\ufad9]+")
_RADICALS = str.maketrans(
    "⺠⻓⻔⻋⻅⻆⻘⻚⻛⻝⻢⻥⻦⻩⻬⻮⻰⺟⺩⺪⺫⺮⻁⻄⻉⺎⺌⺧⺤⺶⺷⻣⻤⻨⻧⻙",
    "民长门车见角青页风食马鱼鸟黄齐齿龙母王疋目竹虎西贝兀小牛爪羊羊骨鬼麦卤韦",
)


@rule(
    title="部首字符冒充汉字",
    level=Level.ERROR,
    passes=Pass.PROOF1,
    basis=COMMON_CHARACTERS[""],
    bad=(
        Bad("<p>⟦⼈⟧⟦⺠⟧政府</p>".replace("⟧⟦", ""), "<p>人民政府</p>"),
        Bad("<p>专⟦⻔⟧机构</p>", "<p>专门机构</p>"),
    ),
    good=("<p>人民政府专门机构</p>", "<p>㎡、№、①都不是汉字。</p>"),
)
def radical_characters(document: Document) -> Iterator[Hit]:
    """从 PDF 复制的文字常把“人”“民”“门”变成康熙部首或兼容汉字的代码，看着一样，却检索不到、读屏读不出。"""
    text = document.text
    for match in _LOOKALIKE.finditer(text):
        found = match.group()
        plain = unicodedata.normalize("NFKC", found.translate(_RADICALS))
        changed = plain != found
        yield Hit(
            Span(*match.span()),
            f"“{found}”是部首或兼容字符，不是规范汉字" + (f"“{plain}”" if changed else ""),
            fix=plain if changed else None,
            safe=changed,
        )
