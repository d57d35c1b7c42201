"""What a check over the network found out about the addresses of a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qa.document import Document, LinkVerdict
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Good, Hit, Settings, rule
from rules._standards import INSPECTION
from rules.links._classify import absolute, hit, noun, references, target_of


def _known(verdicts: Mapping[str, tuple[str, str] | tuple[str, str, str]]) -> Settings:
    return Settings(options={"links/dead_external": {"results": verdicts}})


_DEAD = _known({"https://www.example.com/gone?a=1&b=2": ("dead", "找不到该网页（404）")})
_OTHERS = _known(
    {
        "https://www.example.com/old": ("moved", "已永久迁移（301）", "https://www.example.com/new"),
        "https://www.example.com/shut": ("unsure", "服务器拒绝访问（403）"),
    }
)


@rule(
    title="链接打不开",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    score_item="LINK-H",
    bad=(
        Bad('<a href="⟦https://www.example.com/gone?a=1&amp;b=2#p⟧">甲</a>', settings=_DEAD),
        Bad(
            '<a href="⟦https://www.example.com/old⟧">甲</a>',
            '<a href="https://www.example.com/new">甲</a>',
            settings=_OTHERS,
        ),
        Bad('<img src="⟦https://www.example.com/shut⟧" alt="乙">', settings=_OTHERS),
    ),
    good=(
        '<a href="https://www.example.com/gone?a=1&amp;b=2">没有联网检查过</a>',
        Good(
            '<a href="https://www.example.com/">甲</a><a href="mailto:a@example.com">乙</a>', settings=_DEAD
        ),
    ),
)
def dead_external(document: Document, settings: Settings) -> Iterator[Hit]:
    """链接打不开，直接影响读者，也是检查指标的扣分项。

    结果来自事先进行的联网检查，没有检查过就不报。永久迁移的只提示新地址；对方拒绝访问、响应超时的，
    本机无法断定，作警告请人工复核。
    """
    results: Mapping[str, LinkVerdict] | None = document.link_results
    if results is None:
        results = {
            url: LinkVerdict(*verdict)
            for url, verdict in settings.option("links/dead_external", "results", {}).items()
        }
    if not results:
        return
    for reference in references(document):
        url = absolute(document, target_of(reference))
        verdict = results.get(url) if url else None
        if verdict is None:
            continue
        if verdict.kind == "dead":
            yield hit(reference, f"{noun(reference)}打不开：{verdict.cause}")
        elif verdict.kind == "moved":
            message = f"{noun(reference)}已永久迁移到 {verdict.address}；请更新地址"
            fix = verdict.address.replace("&", "&amp;")
            yield hit(reference, message, fix=fix or None, level=Level.NOTE)
        else:
            message = f"无法确认{noun(reference)}能否打开：{verdict.cause}；请人工复核"
            yield hit(reference, message, level=Level.WARNING, confidence=Confidence.LOW)
