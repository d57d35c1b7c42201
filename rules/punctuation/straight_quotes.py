"""Straight quotation marks in Chinese text."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION
from rules.punctuation._article import HAN, find, is_han, lines

_SINGLE = lazy(rf"'([{HAN}][^'\n]{{0,30}})'")
_INCH = lazy(r"\d\"(?!\d)")


@rule(
    title="中文里用直引号",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["4.8.2"],
    needs=('"', "'"),
    bad=(
        Bad('<p>实行⟦"一门受理"⟧和⟦"两免一补"⟧</p>', "<p>实行“一门受理”和“两免一补”</p>"),
        Bad("<p>继续遵循⟦'三个离不开'⟧原则</p>", "<p>继续遵循“三个离不开”原则</p>"),
        Bad("<p>“坚持⟦'两个毫不动摇'⟧”</p>", "<p>“坚持‘两个毫不动摇’”</p>"),
        Bad('<p>推进⟦"⟧双整治活动</p>'),
        Bad('<p>实行⟦"⟧一门受理“的”一条龙⟦"⟧服务，⟦"⟧<b>两</b>免⟦"⟧</p>'),
    ),
    good=(
        '<p>a 15" 显示屏，见 &lt;a href="x"&gt;中文</p>',
        '<p>甲"A"乙</p><p>丙</p>',
        "<p>It's 2023, '97中国旅游年, \"yes\" he said</p>",
        '<table><tr><td>他说 "yes"</td></tr></table>',
    ),
)
def straight_quotes(document: Document) -> Iterator[Hit]:
    """中文引号有前后之分，形式为“ ”和‘ ’。直引号不分前后，属键盘符号，不宜用于正文。

    同一段里直引号成对时给出改法；不成对时只指出位置。
    """
    if '"' in document.text:
        for block, body in lines(document):
            if '"' in body:
                yield from _double(document, block.start, body)
    if "'" in document.text:
        for match in find(document, _SINGLE):
            before = document.text[max(0, match.start() - 60) : match.start()]
            inside = before.rfind("“") > before.rfind("”")
            fix = f"‘{match[1]}’" if inside else f"“{match[1]}”"
            yield Hit(Span(*match.span()), f"直引号应改为弯引号（{fix[0]} {fix[-1]}）", fix=fix)


def _double(document: Document, base: int, body: str) -> Iterator[Hit]:
    inches = {match.end() - 1 for match in _INCH.finditer(body)}
    places = [at for at, char in enumerate(body) if char == '"']
    if len(places) % 2:
        places = [at for at in places if at not in inches]
    if len(places) % 2:
        for at in places:
            if is_han(body[at - 1 : at]) or is_han(body[at + 1 : at + 2]):
                yield Hit(
                    Span(base + at, base + at + 1),
                    "直引号不分前后，且本段引号不成对",
                    alternatives=("“", "”"),
                )
        return
    for low, high in zip(places[::2], places[1::2], strict=True):
        inner = body[low + 1 : high]
        if not any(is_han(char) for char in inner[:200]) or body[low - 1 : low] == "=":
            continue
        whole = Span(base + low, base + high + 1)
        if "“" in inner or "”" in inner:
            for at in (low, high):
                words = "直引号不分前后，且与弯引号交错，须核对配对"
                yield Hit(Span(base + at, base + at + 1), words, alternatives=("“", "”"))
        elif len(inner) <= 60 and document.is_verbatim(whole):
            yield Hit(whole, f"直引号应改为“{inner}”", fix=f"“{inner}”")
        else:
            yield Hit(Span(base + low, base + low + 1), "直引号应改为前引号“", fix="“")
            yield Hit(Span(base + high, base + high + 1), "直引号应改为后引号”", fix="”")
