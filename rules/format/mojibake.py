"""Text decoded with the wrong character set."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import LANGUAGE_LAW
from rules.punctuation._article import span_of

_GARBLED = lazy(
    "(?:锟斤拷|锟斤|锟叫|烫烫烫|屯屯屯|锘縶|锘|\ufffd)+"
    "|(?:[\xc3\xe3-\xe9][\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]{1,2}){2,}"
    "|Ã[\xa0-\xbf]|â€[\u2122\u0153\u201c\u201d\x9d\u02dc]"
    "|(?:锛[屽岃堝屼氫]|銆[傚備愬]|鐨勬|鏀垮簻|涓浗|淇℃伅)+"
    r"|(?<=[\u4e00-\u9fff])\?{3,}(?=[\u4e00-\u9fff])"
)


@rule(
    title="乱码",
    level=Level.ERROR,
    passes=Pass.PROOF1,
    basis=LANGUAGE_LAW["第九条"],
    needs=(
        "锟",
        "烫烫烫",
        "屯屯屯",
        "锘",
        "\ufffd",
        "Ã",
        "â",
        "ã",
        "å",
        "æ",
        "ç",
        "è",
        "é",
        "ä",
        "锛",
        "銆",
        "鐨勬",
        "鏀",
        "涓浗",
        "淇℃",
        "???",
    ),
    bad=(
        Bad("<p>晋江市⟦锟斤拷锟斤拷⟧公开</p>"),
        Bad("<p>政务⟦æ”¿åºœ⟧，Caf⟦Ã©⟧</p>"),
        Bad("<p>工作⟦锛屽⟧推进⟦\ufffd\ufffd⟧，政府⟦???⟧公开</p>"),
    ),
    good=("<p>烫伤、屯田、锛子、café、naïve</p>", "<p>什么???</p>", "<p>政务公开</p>"),
)
def mojibake(document: Document) -> Iterator[Hit]:
    """字符编码转换出错留下的乱码，读者无法阅读，属于发布事故，应从原稿重新取得文字。"""
    for match in _GARBLED.finditer(document.text):
        yield Hit(span_of(match), "乱码：字符编码转换出错，应从原稿重新取得文字")
