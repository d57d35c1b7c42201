"""Marks nested in marks of the same kind."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION
from rules.punctuation._pairing import pairing

_INNER = {"“": "‘’", "《": "〈〉"}
_WHOLE = 60


@rule(
    title="引号、书名号的内层形式",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["4.8.3"],
    needs=("“", "《"),
    bad=(
        Bad("<p>他说：“要落实⟦“双减”⟧政策。”</p>", "<p>他说：“要落实‘双减’政策。”</p>"),
        Bad("<p>《关于印发⟦《办法》⟧的通知》</p>", "<p>《关于印发〈办法〉的通知》</p>"),
        Bad("<p>《关于印发⟦《⟧<b>办法</b>⟦》⟧的通知》</p>", "<p>《关于印发〈<b>办法</b>〉的通知》</p>"),
    ),
    good=(
        "<p>“落实‘双减’政策”</p>",
        "<p>《关于印发〈办法〉的通知》《条例》</p>",
        "<p>“读《史记》的‘本纪’”</p>",
        "<p>打造““四大基地””，牢记“三个离不开“”五个认同””</p>",
        "<p>落实“两个维护，深化“放管服”改革。</p>",
    ),
)
def nested_marks(document: Document) -> Iterator[Hit]:
    """双引号里再用引号，内层用单引号；书名号里再用书名号，内层用单书名号。"""
    text = document.text
    for outer, low, high in pairing(document).nested:
        if low in (outer + 1, high - 1):
            continue
        inner = _INNER[text[low]]
        clause = PUNCTUATION["4.15.3.5" if text[low] == "《" else "4.8.3"]
        words = f"内层应用“{inner[0]} {inner[1]}”"
        whole = Span(low, high + 1)
        if high - low <= _WHOLE and document.is_verbatim(whole):
            yield Hit(whole, words, fix=f"{inner[0]}{text[low + 1 : high]}{inner[1]}", clause=clause)
        else:
            yield Hit(Span(low, low + 1), words, fix=inner[0], clause=clause)
            yield Hit(Span(high, high + 1), words, fix=inner[1], clause=clause)
