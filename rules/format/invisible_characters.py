"""Invisible and control characters."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Role
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.punctuation._article import span_of

_RUN = lazy(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffc]+|[\ue000-\uf8ff]+"
)
_ANY = lazy(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffc\ue000-\uf8ff]"
)
_NAMES = {
    "\u200b": "零宽空格", "\ufeff": "零宽不换行空格（BOM）", "\xad": "软连字符", "\u200d": "零宽连接符",
    "\u200c": "零宽不连字符", "\u200e": "从左至右标记", "\u200f": "从右至左标记", "\u2028": "行分隔符", "\ufffc": "对象替换字符",
}  # fmt: skip


@rule(
    title="不可见字符、控制字符",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=EDITING[""],
    bad=(
        Bad("<p>政务⟦\u200b⟧公开⟦\ufeff⟧</p>", "<p>政务公开</p>"),
        Bad("<p>政务⟦&#x200B;&#xAD;⟧公开⟦\ue123⟧</p>"),
        Bad("<p>甲⟦\x7f⟧乙</p>", "<p>甲乙</p>"),
    ),
    good=(
        "<p>政务公开</p>",
        "<p>👨\u200d👩\u200d👧 Universi\xadty</p>",
        "<nav><i>\ue123</i></nav>",
        '<img alt="\ue123">',
    ),
)
def invisible_characters(document: Document) -> Iterator[Hit]:
    """零宽空格、控制字符、软连字符等看不见，却会使检索、复制和读屏出错；私用区字符换一台电脑就变成方框。"""
    if not _ANY.search(document.text):
        return
    text = document.text
    for match in _RUN.finditer(text):
        run, before = match[0], text[match.start() - 1 : match.start()]
        if run in ("\u200d", "\xad", "\u200c") and not ("\u3400" <= before <= "\u9fff"):
            continue
        if run[0] >= "\ue000" and run[0] <= "\uf8ff":
            block = document.block_at(match.start())
            if block is None or not block.main or block.role is Role.ATTRIBUTE:
                continue
            yield Hit(
                span_of(match), f"私用区字符 U+{ord(run[0]):04X}，别处无法显示", quote=f"U+{ord(run[0]):04X}"
            )
            continue
        name = _NAMES.get(run[0], f"控制字符 U+{ord(run[0]):04X}")
        yield Hit(span_of(match), f"不可见字符：{name}", fix="", safe=True, quote=f"U+{ord(run[0]):04X}")
