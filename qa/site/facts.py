"""What a page says of itself: column, dates, marks in the footer, number, claims.

Read from the same :class:`~qa.document.Document` the rules read, once a content; site rules then
compare pages in SQL.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, fields
from typing import Any

from qa.document import Document, Role
from qa.site import crumbs, dates, footer
from qa.site.claims import read_claims
from qa.site.footer import MARKS
from qa.site.sketch import bands, sketch

__all__ = ["MARKS", "PageFacts", "bands", "read_facts"]

LISTING = 5
"""A page with so many dated entries is a list whatever else it shows."""
_SHORT = 300
"""Characters of the main part under which a page may be an error page."""
_TOP = 3000
_STUB = 2500
"""Characters of a page that may do nothing but lead on to another by a script."""
_NUMBER = (
    r"[\u4e00-\u9fff]{1,14}\s?[〔\[［（(【]\s*(?:19|20)\d\d\s*[〕\]］）)】]\s*第?\s*\d{1,5}\s*号"
    r"|[\u4e00-\u9fff]{2,14}令\s*第?\s*\d{1,4}\s*号"
)
_LABELLED_NUMBER = re.compile(
    rf"(?:发文字号|发文文号|公文文号|文\s*号|文件编号)\s*[】\]]?\s*[:：]?\s*({_NUMBER})"
)
_BARE_NUMBER = re.compile(rf"[（(]?({_NUMBER})[）)]?")
_SIGNED = re.compile(
    r"(?:成文|发文|印发|制发)(?:日期|时间)\s*[】\]]?\s*[:：]?\s*"
    r"(20\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2})",
)
_LAST_LINE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_ERROR_TITLE = re.compile(
    r"(?<![\d.第])404(?:\s*(?:错误|页面|页|找不到|未找到|not found|error|[-_|—:：])|\s*$)|not found"
    r"|(?:页面|网页|页|内容|信息)\S{0,6}(?:不存在|找不到|丢失|走丢|无法访问|出错|已删除|已被删除)"
    r"|(?:找不到|未找到)(?:您|你|该|所|要|需|访问|请求|的|了|网|页)*(?:页|内容)"
    r"|出错了|出错啦|系统错误|服务器错误|访问出错|访问错误",
    re.IGNORECASE,
)
_ERROR_TEXT = re.compile(
    r"(?:您|你)?(?:访问|查找|请求|浏览|要看|要访问|所访问|要找)的(?:页面|网页|内容|信息|资源|地址|文件|栏目)"
    r"\S{0,12}(?:不存在|删除|找不到|丢失|失效|出错|无法访问|未找到|移除|更名)"
    r"|(?:页面|网页)(?:不存在|未找到|没有找到|找不到|走丢|飞走|丢失|已被删除|已删除)"
    r"|找不到(?:该|此|您|你|要|所|访问|请求|的)*(?:页面|网页)|404\s*(?:not found|错误|页面)|http\s*404"
    r"|the page (?:you|cannot|could)|page not found",
    re.IGNORECASE,
)
_SCRIPTED = (
    "$.ajax", "$.get", "$.post", "getJSON", "axios", "fetch(", "XMLHttpRequest", "v-for", "ng-repeat", "new Vue",
    "createApp", "{{", ".load(", "jquery.pagination", "createPageHTML(",
)  # fmt: skip
_SCRIPT_FILES = re.compile(
    r"(?:vue|react|axios|angular|chunk|/app|list|data|page|query)[\w.-]*\.js", re.IGNORECASE
)
_NOTHING = ("暂无", "没有相关", "没有数据", "没有内容", "没有信息", "建设中", "暂时没有")
_LEAVING = ("即将离开", "outlink(", "isOutLink")
_RECORD_DATE = re.compile(r"20\d\d-\d{1,2}-\d{1,2}")
_BLANKS = re.compile(r"\s+")


@dataclass(slots=True)
class PageFacts:
    """One row of table ``page`` (see :mod:`qa.site.store` for what each column means)."""

    kind: str = "other"
    chars: int = 0
    text_hash: str = ""
    sketch: bytes | None = None
    site_name: str | None = None
    site_domain: str | None = None
    site_code: str | None = None
    column_name: str | None = None
    column_type: str | None = None
    article_title: str | None = None
    pub_date: str | None = None
    content_source: str | None = None
    published: str | None = None
    published_from: str = ""
    url_date: str | None = None
    crumbs: str = "[]"
    items: int = 0
    latest: str | None = None
    marks: int = 0
    footer_code: str | None = None
    error_entry: int = 0
    doc_number: str | None = None
    doc_date: str | None = None
    claims: str = "[]"
    prompt: int = 0
    error_page: int = 0

    def row(self) -> dict[str, Any]:
        """Columns and values."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


_METAS = {
    "sitename": "site_name",
    "sitedomain": "site_domain",
    "siteidcode": "site_code",
    "columnname": "column_name",
    "columntype": "column_type",
    "articletitle": "article_title",
    "pubdate": "pub_date",
    "contentsource": "content_source",
}


def read_facts(document: Document, url: str) -> PageFacts:
    """Read the facts of a page; never raises on what a page holds.

    Args:
        document: the page.
        url: its canonical address.
    """
    facts = PageFacts()
    for meta in document.metas:
        field = _METAS.get(meta.name.lower())
        if field is not None and getattr(facts, field) is None:
            setattr(facts, field, meta.content.strip())
    facts.url_date = dates.in_address(url)
    trail, ends_in_text = crumbs.read(document)
    facts.crumbs = json.dumps(trail, ensure_ascii=False)
    foot = footer.read(document)
    facts.marks, facts.footer_code, facts.error_entry = foot.marks, foot.code, int(foot.error_entry)
    facts.error_page = int(_is_error_page(document))
    facts.prompt = int(any(sign in document.source.text for sign in _LEAVING))
    found = dates.find(document)
    shown = dates.published(document, found)
    listed = dates.entries(document, found)
    facts.kind = _kind(facts, document, listed.dated, shown, ends_in_text)
    squeezed = (
        "".join(main_text(document).split()) if facts.kind != "column" or document.core is not None else ""
    )
    if squeezed:
        facts.chars = len(squeezed)
        facts.text_hash = hashlib.blake2b(squeezed.encode("utf-8", "replace"), digest_size=16).hexdigest()
    if facts.pub_date and (said := dates.parse(facts.pub_date)) is not None:
        facts.published, facts.published_from = said, "meta"
    elif facts.kind == "article" and shown is not None:
        facts.published, facts.published_from = shown, "text"
    if facts.kind == "article":
        _number(facts, document)
    else:
        _list(facts, document, listed)
        if not facts.chars and facts.items <= 0:
            facts.chars = _loose_text(document, foot.start)
    if facts.kind != "column":
        facts.sketch = sketch(squeezed)
    facts.claims = json.dumps(read_claims(document), ensure_ascii=False)
    return facts


def main_text(document: Document) -> str:
    """The article's own text: what a known container holds, else what turbohtml's reckoning of density finds."""
    core = document.core
    if core is not None:
        return document.text[core.start : core.end]
    import turbohtml

    page: Any = turbohtml.parse(document.source.text)
    return page.main_text() or ""


def _kind(facts: PageFacts, document: Document, dated: int, shown: str | None, ends_in_text: bool) -> str:
    """Article, column or other: tags first, then structure; ``other`` where neither is plain."""
    if facts.error_page:
        return "other"
    listing = dated >= LISTING
    column = bool(facts.column_name or facts.column_type)
    if facts.article_title:
        mistaken = not facts.pub_date and column and (listing or facts.article_title == facts.column_name)
        return "column" if mistaken else "article"
    if facts.pub_date:
        return "column" if listing and column else "article"
    if column:
        return "article" if dated < 2 and (ends_in_text or shown is not None) else "column"
    if listing:
        return "column"
    if dated < 3 and (shown is not None or ends_in_text):
        return "article"
    whole = facts.url_date is not None and len(facts.url_date) == 10
    core = document.core
    return "article" if whole and dated < 3 and core is not None and core.end - core.start >= 50 else "other"


def _list(facts: PageFacts, document: Document, listed: dates.Entries) -> None:
    facts.items = listed.dated or dates.links(document)
    facts.latest = listed.latest
    source = document.source.text
    if facts.items:
        return
    if "<record>" in source:
        # A list held as data in a script of the page, shown by the script.
        facts.items = source.count("<record>")
        held = _RECORD_DATE.findall(source, source.find("<record>"))
        facts.latest = max((day for text in held if (day := dates.parse(text)) is not None), default=None)
    elif not any(words in document.text for words in _NOTHING) and (
        any(sign in source for sign in _SCRIPTED)
        or (len(source) < _STUB and "location" in source)
        or any(_SCRIPT_FILES.search(item.url) for item in document.resources if item.kind == "script")
    ):
        facts.items = -1


def _loose_text(document: Document, end: int) -> int:
    """Characters of the main part above the footer that are neither headings nor links."""
    links = sum(
        link.span.end - link.span.start for link in document.links if link.main and link.span.end <= end
    )
    text = sum(
        block.end - block.start
        for block in document.paragraphs()
        if block.end <= end and block.role not in (Role.TITLE, Role.HEADING)
    )
    return max(0, text - links)


def _number(facts: PageFacts, document: Document) -> None:
    """文号 and date of the document itself: from its table of metadata, or right under its title."""
    text = document.text
    head = text[:_TOP]
    if "号" not in head:
        return
    found = _LABELLED_NUMBER.search(head)
    if found is None:
        blocks = [block for block in document.blocks[:60] if block.role not in (Role.ATTRIBUTE, Role.TITLE)]
        title = next(
            (i for i, block in enumerate(blocks) if block.role is Role.HEADING and block.level <= 2), None
        )
        for block in blocks[title + 1 : title + 8] if title is not None else ():
            if block.end - block.start <= 40 and (
                found := _BARE_NUMBER.fullmatch(text[block.start : block.end])
            ):
                break
    if found is not None:
        facts.doc_number = _BLANKS.sub("", found.group(1))
    signed = _SIGNED.search(head)
    if signed is not None:
        facts.doc_date = dates.parse(signed.group(1))
    elif facts.doc_number is not None and document.core is not None:
        lines = text[document.core.start : document.core.end].rstrip().split("\n")
        for line in reversed(lines[-12:]):
            if _LAST_LINE.fullmatch(line.strip()):
                facts.doc_date = dates.parse(line)
                break


def _is_error_page(document: Document) -> bool:
    text = document.text
    words = []
    length = 0
    for block in document.paragraphs():
        if block.role is Role.TITLE:
            continue
        length += block.end - block.start
        if length >= _SHORT:
            return False
        words.append(text[block.start : block.end])
    heading = next((document.slice(b) for b in document.blocks if b.role is Role.HEADING and b.main), "")
    return any(_ERROR_TITLE.search(title) for title in (document.title, heading)) or bool(
        _ERROR_TEXT.search("".join(words))
    )
