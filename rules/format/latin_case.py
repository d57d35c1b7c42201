"""Names of file formats in the wrong case."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.punctuation._article import find, span_of

_RIGHT = {
    "word": "Word",
    "excel": "Excel",
    "powerpoint": "PowerPoint",
    "pdf": "PDF",
    "ppt": "PPT",
    "wifi": "Wi-Fi",
    "app": "App",
    "wps": "WPS",
}
_NAME = lazy(
    r"(?<![A-Za-z0-9./_-])(?:(WORD|word|EXCEL|excel|POWERPOINT|Powerpoint|powerpoint|pdf|Pdf|ppt|Ppt|wps)"
    r"(?=[ ]?(?:版|文档|格式|文件|文本|表格?|电子|模板|形式|课件|附件))|(WIFI|wifi|Wifi)(?![A-Za-z0-9]))"
)


@rule(
    title="软件和格式名称的大小写",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=EDITING[""],
    needs=(
        "WORD",
        "word",
        "EXCEL",
        "excel",
        "OWERPOINT",
        "owerpoint",
        "pdf",
        "Pdf",
        "ppt",
        "Ppt",
        "wps",
        "WIFI",
        "wifi",
        "Wifi",
    ),
    bad=(
        Bad("<p>提供⟦WORD⟧版和PDF版，填写⟦excel⟧表格</p>", "<p>提供Word版和PDF版，填写Excel表格</p>"),
        Bad("<p>上传⟦pdf⟧格式，开通免费⟦WIFI⟧</p>", "<p>上传PDF格式，开通免费Wi-Fi</p>"),
    ),
    good=("<p>提供Word版和PDF版</p>", "<p>http://a.cn/a.pdf文件，password版</p>", "<p>免费Wi-Fi</p>"),
)
def latin_case(document: Document) -> Iterator[Hit]:
    """软件名称按注册形式书写（Word、Excel），缩写的格式名称用大写（PDF）。"""
    for match in find(document, _NAME):
        name = match[1] or match[2]
        fix = _RIGHT[name.lower().replace("-", "")]
        yield Hit(span_of(match), f"“{name}”应写作“{fix}”", fix=fix)
