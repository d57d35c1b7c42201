"""Set phrases wrong in known ways."""

from __future__ import annotations

from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_toml, terms
from qa.rule import Bad, Hit
from rules._standards import INSPECTION
from rules.names._dates import out_of_force

_INNER = str.maketrans("“”", "‘’")


@terms(
    title="固定表述漏词、混用或次序有误",
    entries=read_toml(Path(__file__).with_suffix(".toml")),
    level=Level.WARNING,
    passes=Pass.REVIEW1,
    basis=INSPECTION["严重表述错误"],
    bad=(
        Bad("向着⟦第二个百年目标⟧迈进。", "向着第二个百年奋斗目标迈进。"),
        Bad("全市⟦狠杀“四风”⟧。", "全市狠刹“四风”。"),
        Bad("⟦筑牢中华民族共同体意识⟧", "铸牢中华民族共同体意识"),
        Bad("学习⟦党的二十大三中全会⟧精神", "学习党的二十届三中全会精神"),
    ),
    good=(
        "向着第二个百年奋斗目标迈进。",
        "铸牢中华民族共同体意识，狠刹“四风”。",
        "脱贫攻坚站位高，要看其意识形态倾向，市场管理办发放证照。",
        "<p>筑牢中华民族共同体意识。</p><p>2016年9月1日</p>",
    ),
)
def phrase_mistakes(match: Match) -> Hit | None:
    """固定表述漏掉关键词、两种提法混用、并列次序颠倒，是政务信息中最常被通报的表述错误。"""
    if out_of_force(match.document, match.entry.data.get("since")):
        return None
    entry = match.entry
    term, note = entry.term.translate(_INNER), entry.note.removesuffix("。")
    return match.hit(f"请核对“{term}”：{note}" if entry.level is Level.NOTE else f"“{term}”有误：{note}")
