"""Near misses of set phrases."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Entry, Match, terms
from qa.rule import Bad, Good, Hit, Pack, Settings
from rules._standards import INSPECTION
from rules.names._nearmiss import SHAPE, SOUND, describe, entries_of, near_misses, phrase_of, read_phrases

_HERE = Path(__file__).parent
_OWN = Settings(pack=Pack(phrases=({"phrase": "滨海花城建设行动"},)))


@cache
def _never() -> tuple[str, ...]:
    lines = (_HERE / "right_words.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def _built_in() -> tuple[Entry, ...]:
    return tuple(entries_of(read_phrases(_HERE / "set_phrases.tsv"), _never()))


def _entries(settings: Settings) -> Sequence[Entry]:
    own = settings.pack.phrases
    if not own:
        return _built_in()
    phrases = [*read_phrases(_HERE / "set_phrases.tsv"), *map(phrase_of, own)]
    return entries_of(phrases, _never())


@terms(
    title="固定表述、机构和法律名称疑似写错",
    entries=_entries,
    overlapping=True,
    level=Level.WARNING,
    passes=Pass.REVIEW1,
    basis=INSPECTION["严重表述错误"],
    bad=(
        Bad("深入开展⟦扫黑险恶⟧工作。", "深入开展扫黑除恶工作。"),
        Bad("树牢⟦四个一识⟧。", "树牢四个意识。"),
        Bad("树牢⟦四个意意识⟧。", "树牢四个意识。"),
        Bad("全面推进⟦供给侧结构改革⟧。", "全面推进供给侧结构性改革。"),
        Bad("市⟦人民大表大会⟧第六次会议", "市人民代表大会第六次会议"),
        Bad("省⟦人民代表大会常务委会员⟧", "省人民代表大会常务委员会"),
        Bad("⟦习近平新时代中国特色社会主主义思想⟧", "习近平新时代中国特色社会主义思想"),
        Bad("推进⟦滨海花城建没行动⟧。", "推进滨海花城建设行动。", settings=_OWN),
    ),
    good=(
        "全面建设小康社会，实现第一个百年奋斗目标。",
        "人力资源社会保障部、住房城乡建设部联合发文。",
        "检察委员会讨论决定；中国人民大学开学；中国现代化事业蓬勃发展。",
        "生态环境不断改善，应急管理不断加强，行政审批告知承诺制全面推行。",
        "让更优营商环境成为金字招牌，争创全国卫生城市。",
        "国民经济和社会发展第十二个五年规划",
        "没有人民当家作主，就没有社会主义和社会主义现代化。",
        Good("推进滨海花城建设行动。", settings=_OWN),
    ),
)
def set_phrases(match: Match) -> Hit | None:
    """固定表述一字之差就是表述错误。

    只报与名录中的提法相差一处、而且是音近、形近、漏字、多字、倒字的写法；名录中另有的提法和常用词一律不报。
    """
    for miss in near_misses(match):
        level = Level.ERROR if miss.kind in (SOUND, SHAPE) else Level.WARNING
        return describe(miss, match.text[miss.span.start : miss.span.end], level)
    return None
