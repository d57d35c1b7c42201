"""Institutions called by a name they no longer have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from qa.finding import Level, Pass
from qa.lexicon import Entry, Match, terms
from qa.patterns import lazy
from qa.rule import Bad, Good, Hit, Pack, Settings
from rules._standards import REFORM_2018
from rules.names._dates import document_date, is_past, out_of_force

_PAST = "原|时任|前|曾任|曾为|旧称|历任|撤销|撤并|更名前的|不再保留|早年的|一届"
_EXCEPT = (
    rf"<(?:{_PAST})(?:国家|中国|中央|国务院|中华人民共和国|[一-鿿]{{0,6}}[省市县区])?",
    r">门|署|分|件|队|位|长期|委|类|落|首|内|级|属|颁|下达|令|发布|印发|批准|命名|认定|授予|评为|确定|[(（](?:现|后|原)",
    r">[一-鿿]{0,3}(?:公告|规章|文件|办法|标准|批复)",
    r"^第[一二三四五六七八九十百零]+条|本(?:条例|办法|细则|规定)",
    r"^原[一-鿿]{0,12}(?:部|局|厅|委|总局|办)|更名|改名|组建|机构改革|职责|合并|撤销|前身|历史沿革|不再保留|划入|划转|转隶|曾任|时任|毕业|简历|历任",
)
_COMMON = (
    r"+<^|[，。、；：（“\n\s]|国家|中国|中央|经|被|获|与|和|及|向|受|报|由|请|到|赴|同|是|以|得到|通过|按照|根据|列入|来自",
)
"""Names that are common words too stand alone or after one of these words."""

_SHORT = 3
_OWN = Settings(
    pack=Pack(institutions=({"old": "市花木公司", "new": "市园林集团", "since": date(2020, 1, 1)},)),
)


def _make(items: Iterable[Mapping[str, Any]]) -> list[Entry]:
    entries: list[Entry] = []
    for item in items:
        olds = item["old"]
        level = Level.parse(item["level"]) if "level" in item else None
        entries.extend(
            Entry(
                old,
                (item["new"],),
                contexts=(*_EXCEPT, *(_COMMON if len(old) == _SHORT and old.endswith("部") else ())),
                boundary=len(old) == _SHORT and old.endswith("部"),
                quoted=True,
                level=level,
                note=str(item.get("notes", "")),
                data=item,
            )
            for old in ([olds] if isinstance(olds, str) else olds)
        )
    return entries


@cache
def _built_in() -> tuple[Entry, ...]:
    path = Path(__file__).with_suffix(".toml")
    return tuple(_make(tomli.loads(path.read_text(encoding="utf-8"))["institution"]))


def _entries(settings: Settings) -> Sequence[Entry]:
    own = settings.pack.institutions
    return [*_built_in(), *_make(own)] if own else _built_in()


_NUMBER = lazy(r"[〔\[]((?:19|20)\d\d)[〕\]]")


@terms(
    title="机构使用旧名称",
    entries=_entries,
    level=Level.WARNING,
    passes=Pass.REVIEW1,
    basis=REFORM_2018["机构名称"],
    bad=(
        "近日，⟦国家工商总局⟧派员到我市调研。",
        "<p>“十四五”期间，获⟦文化部⟧支持。</p>",
        "<p>2024年5月6日，⟦银保监会⟧负责人答记者问。</p>",
        Bad("<p>⟦市花木公司⟧养护行道树。</p>", settings=_OWN),
    ),
    good=(
        "近日，农业农村部派员到我市调研，各级农业部门配合。",
        "原环境保护部印发的办法继续有效。",
        "2015年，国家旅游局命名该景区。",
        "<p>国土资源部印发通知。</p><p>2016年3月1日</p>",
        "<p>航道整治列入交通部“十五”计划。</p>",
        "<p>第七个五年计划的项目由国家计委审批。</p>",
        "<p>第一个五年计划期间，国家计委审批了这些项目。</p>",
        "《国土资源部关于加强耕地保护的通知》继续有效。",
        "做好党的建设部署工作。",
        "依据环境保护部令第35号办理。",
        Good("<p>市园林集团养护行道树。</p>", settings=_OWN),
    ),
)
def renamed_institutions(match: Match) -> Hit | None:
    """机构已经改名、撤并，公开信息仍用旧称，读者会办事无门，检查时按表述错误扣分。

    叙述历史（句中年份早于变动）、带“原”“时任”等说明、书名号和引号内的引用、引用旧文号，以及成文日期早于变动的文件，一律不报；
    没有日期的文本多为旧文，只作提示。
    """
    entry, document, span = match.entry, match.document, match.span
    since: date = entry.data.get("since", date.min)
    if out_of_force(document, since) or is_past(document, span, since):
        return None
    sentence = match.sentence
    numbers = _NUMBER.findall(match.text, sentence.start, sentence.end)
    if any(int(year) <= since.year for year in numbers):
        return None
    note = f"（{entry.note}）" if entry.note else ""
    dated = document_date(document) is not None
    advice = "叙述历史应加“原”字" if dated else "当年的文本可不改"
    return match.hit(
        f"“{entry.term}”是旧称，{since.year}年{since.month}月机构改革后为“{entry.right[0]}”{note}；{advice}",
        fix=None,
        level=entry.level if dated else Level.NOTE,
    )
