"""Items of one series set apart by both enumeration comma and comma."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION
from rules.punctuation._article import HAN, find

_ITEM = rf"[{HAN}]{{3,6}}“[^“”\n]{{1,12}}”"
_SERIES = lazy(rf"”[、，]{_ITEM}(?:[、，]{_ITEM})+(?=的|等)")
_PART = lazy(rf"([、，])([{HAN}]{{2,6}})“([^“”]{{1,12}})”")
_VERB = lazy(
    r"^(?:推|打|实|建|开|深|落|做|坚|构|培|加|抓|强|完|创|获|建|形|促|组|参|举|申|争|入|围|聚|着|积|全面|深入|持续|积极|大力)"
)


@rule(
    title="同级并列项顿号、逗号混用",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["4.5.3"],
    needs=("”，", "”、"),
    bad=(
        Bad(
            "<p>构建网站信息“晋快搜”、政策文件“晋快查”⟦，⟧群众关切“晋数聚”⟦，⟧领导访谈“晋回应”的闭环</p>",
            "<p>构建网站信息“晋快搜”、政策文件“晋快查”、群众关切“晋数聚”、领导访谈“晋回应”的闭环</p>",
        ),
        Bad(
            "<p>推行网上事项“全网办”⟦，⟧关联事项“集成办”、异地事项“跨域办”、容缺事项“承诺办”等模式</p>",
            "<p>推行网上事项“全网办”、关联事项“集成办”、异地事项“跨域办”、容缺事项“承诺办”等模式</p>",
        ),
    ),
    good=(
        "<p>网上能办“全网办”、关联事项“集成办”、容缺事项“承诺办”等模式</p>",
        "<p>做好“三篇大文章”，推动“五头五尾”、落实“两个确立”的要求</p>",
        "<p>要求推进研发“增投”、推进企业“登高”，推进成果“破茧”的工作</p>",
        "<p>实施“一”、甲乙“二”，丙丁戊己“三”等工程</p>",
    ),
)
def mixed_separators(document: Document) -> Iterator[Hit]:
    """同一层次的并列项，点号应当一致。

    只查结构整齐（各项“名称＋引语”字数相同）的三项以上并列：用了顿号又夹用逗号，
    读者会误认为层次不同。
    """
    for match in find(document, _SERIES):
        parts = list(_PART.finditer(document.text, match.start(), match.end()))
        marks = {part[1] for part in parts}
        if (
            len(marks) < 2
            or len({len(part[2]) for part in parts}) > 1
            or len({len(part[3]) for part in parts}) > 1
        ):
            continue
        if any(_VERB.match(part[2]) for part in parts):
            continue
        for part in parts:
            if part[1] == "，":
                yield Hit(Span(*part.span(1)), "同级并列项中顿号、逗号混用，宜统一用顿号", fix="、")
