"""Words of the site's own packs."""

from __future__ import annotations

from collections.abc import Sequence

from qa.finding import Level, Pass
from qa.lexicon import Entry, Match, terms
from qa.rule import Bad, Good, Hit, Pack, Settings
from rules._standards import EDITING

_PACK = Settings(
    Pack(
        words=(
            {
                "term": "某某镇政府",
                "replace": ["某某镇人民政府"],
                "except": ["某某镇政府路"],
                "note": "用全称",
            },
        )
    )
)


def _entries(settings: Settings) -> Sequence[Entry]:
    return [entry for item in settings.pack.words for entry in Entry.of({**item, "_own": True})]


@terms(
    title="不合本站用语约定",
    entries=_entries,
    level=Level.WARNING,
    passes=Pass.REVIEW1,
    basis=EDITING["本站约定"],
    aliases=("site/own_words",),
    bad=(Bad("<p>经⟦某某镇政府⟧同意</p>", "<p>经某某镇人民政府同意</p>", settings=_PACK),),
    good=(
        "经某某镇政府同意",
        Good("<p>某某镇政府路12号</p>", settings=_PACK),
    ),
)
def own_words(match: Match) -> Hit | None:
    """词语和写法由本站词库（shenjiao.toml 的 packs）规定；与通用词表同词时以本站为准。"""
    return match.hit()
