"""Every reference of a page judged once, for all link rules.

Most addresses match one pattern and are done; only odd ones are looked into.  Distinct addresses
and hosts are remembered, because the same navigation stands on every page of a site.
"""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from qa.document import Document, Image, Link, Resource
from qa.patterns import lazy
from qa.rule import Hit
from qa.source import Span

Reference = Link | Image | Resource


class Kind(IntEnum):
    """What an address is; those above ``RELATIVE`` concern some rule."""

    FINE = 0
    RELATIVE = 1
    OFFICIAL_HTTP = 2
    EMPTY = 3
    NOTHING = 4
    FRAGMENT = 5
    SCRIPT = 6
    DANGEROUS = 7
    LOCAL = 8
    INTRANET = 9
    BARE = 10
    MALFORMED = 11
    BLANKS = 12


class Address(NamedTuple):
    """An address, judged.

    Attributes:
        host: lower case, where there is one.
        cause: Chinese, what is wrong with it.
        mended: the address that was meant, where that is plain.
    """

    kind: Kind
    host: str = ""
    cause: str = ""
    mended: str = ""


_RELATIVE = Address(Kind.RELATIVE)


class Found(NamedTuple):
    """A reference with its judged address."""

    reference: Reference
    address: Address


_WHITE = " \t\n\r\f\v"
_USUAL = lazy(r"(https?)://([a-z0-9.\-]+)(?::(\d{1,5}))?(?:[/?#][!-\[\]-~]*)?\Z", re.IGNORECASE)
_USUAL_PATH = lazy(r"(?!www\.)[./]?[\w./?%=&,()~+!-]*(?:#[\w./%=&-]*)?\Z", re.IGNORECASE)
_NEAR = lazy(r"\.{0,2}/(?!/)[\w./?%=&,()~+!-]*\Z")
_SCHEME = lazy(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_TEMPLATE = lazy(r"\{\{|<[%?]|\$\{|\{\$|\[\[|@\{|\{%|#\{")
_UNSET = frozenset({"undefined", "null", "nan", "none", "[object object]", "[object%20object]"})
_OBFUSCATED = lazy(
    r"\beval\s*\(|unescape\s*\(|fromcharcode|document\.write|\batob\s*\(|new\s+function", re.IGNORECASE
)
_NO_OPERATION = lazy(
    r"javascript:\s*(?:void\s*\(?\s*0?\s*\)?|return\s+false)?\s*;*\s*(?://.*)?\Z", re.IGNORECASE
)
_DISK = lazy(r"/?[A-Za-z]:[\\/]|\\\\[\w.]")
_BAD_SCHEME = lazy(
    r"(?:h+t+p+s?|http|htpp|hptt|htt|ttp|ttps|hhtp|httpp|htps|htpps|httsp|hppts?|https)\s*[:：;；.]?\s*[/\\／]+",
    re.IGNORECASE,
)
_FOLDER = lazy(r"\w++(?!\s*[:：;；])(?!\.?\s*[/\\／]{2})[/\\]?")
_HTTP_SHAPE = lazy(r"(https?)([:：;；]?)\s*([/\\／]*)", re.IGNORECASE)
_DOUBLED = lazy(r"https?:/*(https?:?//)", re.IGNORECASE)
_BARE_DOMAIN = lazy(
    r"(?:www\.[\w-]+(?:\.[\w-]+)*\.(?:cn|com|net|org|edu|gov|top|info|cc|政务|公益|中国)|[\w-]+(?:\.[\w-]+)*\.gov\.cn|localhost(?=[:/])|\d{1,3}(?:\.\d{1,3}){3})"
    r"(?::\d+)?(?:[/?#].*)?\Z",
    re.IGNORECASE,
)
_EMAIL = lazy(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+\Z")
_AUTHORITY = lazy(r"(?:https?:)?//([^/?#\\]*)", re.IGNORECASE)
_WIDE_MARK = lazy("[：／．。，；、？＃＆＝％\u3000]")
_TAIL_MARK = lazy("[。，；、]+\\Z")
_IPV4 = lazy(r"\d+(?:\.\d+){3}\Z")
_PRIVATE_SUFFIXES = (
    ".local",
    ".lan",
    ".internal",
    ".intranet",
    ".corp",
    ".home",
    ".localdomain",
    ".localhost",
)
_NETWORKS = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
)
_PRIVATE_V4 = tuple(ipaddress.IPv4Network(network) for network in _NETWORKS)


@lru_cache(maxsize=4096)
def host_kind(host: str) -> tuple[Kind, str]:
    """Kind of a host (``FINE``, ``OFFICIAL_HTTP`` for official ones, ...) and the cause."""
    name = host.lower().rstrip(".")
    if name in ("http", "https"):
        return Kind.MALFORMED, "网址里重复写了 http://"
    if name.startswith("["):
        try:
            six = ipaddress.IPv6Address(name.strip("[]"))
        except ValueError:
            return Kind.MALFORMED, "方括号里不是有效的 IPv6 地址"
        four = six.ipv4_mapped
        if four is not None:
            return host_kind(str(four))
        inside = (
            six.is_loopback
            or six.is_link_local
            or six.is_unspecified
            or six in ipaddress.IPv6Network("fc00::/7")
        )
        return (Kind.INTRANET, "内网（IPv6）地址") if inside else (Kind.FINE, "")
    if _IPV4.match(name):
        if any(int(part) > 255 for part in name.split(".")):
            return Kind.MALFORMED, "IP 地址各段不能大于 255"
        address = ipaddress.IPv4Address(".".join(str(int(part)) for part in name.split(".")))
        if address.is_loopback:
            return Kind.INTRANET, "本机地址"
        if any(address in network for network in _PRIVATE_V4):
            return Kind.INTRANET, "内网 IP 地址"
        return Kind.FINE, ""
    if name == "localhost":
        return Kind.INTRANET, "本机地址"
    if name.endswith(_PRIVATE_SUFFIXES):
        return Kind.INTRANET, "内网域名"
    if not name or ".." in name or name.startswith("."):
        return Kind.MALFORMED, "网址的域名部分不完整"
    if "." not in name:
        return Kind.BARE, "没有后缀的主机名"
    if name.endswith((".gov.cn", ".政务")) or name == "gov.cn":
        return Kind.OFFICIAL_HTTP, ""
    return Kind.FINE, ""


@lru_cache(maxsize=16384)
def address(raw: str) -> Address:
    """Judge one address as it stands in the page (entities resolved)."""
    if _NEAR.match(raw):
        return _RELATIVE
    usual = _USUAL.match(raw)
    if usual is None:
        return _unusual(raw)
    scheme, host, port = usual.groups()
    return _with_host(raw, scheme, host, port)


def _with_host(value: str, scheme: str, host: str, port: str | None) -> Address:
    kind, cause = host_kind(host)
    if kind is Kind.OFFICIAL_HTTP and scheme.lower() != "http":
        kind = Kind.FINE
    if kind is Kind.MALFORMED:
        return Address(kind, host, cause, _mend(value))
    if port and int(port) > 65535:
        return Address(Kind.MALFORMED, host, "端口号不能大于 65535")
    return Address(kind, host.lower(), cause)


def _unusual(raw: str) -> Address:
    value = raw.strip(_WHITE)
    if not value:
        return Address(Kind.EMPTY)
    if value[0] == "#":
        return _fragment(value)
    if _TEMPLATE.search(value):
        return Address(Kind.FINE)
    if value.lower() in _UNSET:
        return Address(Kind.MALFORMED, "", f"模板变量没有取到值，地址成了 {value}")
    if _USUAL_PATH.match(value) and not _BAD_SCHEME.match(value) and not value.startswith("//"):
        return (
            Address(Kind.MALFORMED, "", "缺少 http:// 或 https://")
            if _BARE_DOMAIN.match(value)
            else Address(Kind.RELATIVE)
        )
    if value != raw:
        return address(value)
    if any(char in value for char in "\t\n\r"):
        return address(value.translate({9: None, 10: None, 13: None}))
    return _odd(value)


def _fragment(value: str) -> Address:
    name = value[1:]
    if not name:
        return Address(Kind.NOTHING, "", "#")
    if name.lower() == "top" or name[0] in "/!" or _TEMPLATE.search(value) or ":~:" in name:
        return Address(Kind.FINE)
    return Address(Kind.FRAGMENT, "", name)


def _odd(value: str) -> Address:
    lower = value[:40].lower()
    if lower.startswith("javascript:"):
        if _OBFUSCATED.search(value):
            return Address(Kind.DANGEROUS, "", "链接里藏有脚本代码")
        if _NO_OPERATION.match(value):
            return Address(Kind.NOTHING, "", value)
        return Address(Kind.SCRIPT)
    if lower.startswith("vbscript:"):
        return Address(Kind.DANGEROUS, "", "链接里藏有脚本代码")
    if lower.startswith(("data:text/html", "data:application/xhtml", "data:image/svg+xml")):
        return Address(
            Kind.FINE if lower.startswith("data:image") else Kind.DANGEROUS, "", "链接里藏有整个网页的代码"
        )
    if lower.startswith("file:") or _DISK.match(value):
        return Address(Kind.LOCAL)
    authority = _AUTHORITY.match(value)
    if authority and not _DOUBLED.match(value):
        return _odd_host(value, authority.group(1))
    if _BAD_SCHEME.match(value) or _HTTP_SHAPE.match(value):
        return _bad_scheme(value)
    if _EMAIL.match(value):
        return Address(Kind.MALFORMED, "", "电子邮箱前缺少 mailto:", f"mailto:{value}")
    if _BARE_DOMAIN.match(value):
        return Address(Kind.MALFORMED, "", "缺少 http:// 或 https://")
    if _SCHEME.match(value):
        return Address(Kind.FINE)
    return _path(value, Kind.RELATIVE)


def _bad_scheme(value: str) -> Address:
    shape = _HTTP_SHAPE.match(value)
    folder = _FOLDER.match(value)
    if folder and not _BARE_DOMAIN.match(value, folder.end()):
        return _path(value, Kind.RELATIVE)  # a folder or file whose name begins like http
    if _DOUBLED.match(value):
        cause = "网址里重复写了 http://"
    elif shape is None:
        cause = "网址开头的 http:// 写错"
    elif (shape.group(2) and shape.group(2) in "：；") or "／" in shape.group(3):
        cause = "网址里用了全角符号"
    elif "\\" in shape.group(3):
        cause = "网址里的斜杠写成了反斜杠"
    else:
        cause = "网址开头应为 http:// 或 https://"
    return Address(Kind.MALFORMED, "", cause, _mend(value))


def _mend(value: str) -> str:
    """The address that was meant, where only the start is wrong; else empty."""
    doubled = _DOUBLED.match(value)
    if doubled:
        rest = re.sub(r"(?i)\A(https?):?//", r"\1://", value[doubled.start(1) :])
    else:
        shape = _HTTP_SHAPE.match(value)
        if shape is None:
            return ""
        rest = f"{shape.group(1).lower()}://{value[shape.end() :]}"
    found = _USUAL.match(rest)
    if found is None or host_kind(found.group(2))[0] not in (Kind.FINE, Kind.OFFICIAL_HTTP):
        return ""
    return rest


def _odd_host(value: str, authority: str) -> Address:
    """An address with ``//`` that is not the usual kind."""
    if not authority:
        cause = "网址开头的斜杠数目不对" if value.strip("htpsHTPS:/") else "只有 http://，没有写网址"
        return Address(Kind.MALFORMED, "", cause, _mend(value))
    if "@" in authority and "." in authority.partition("@")[0]:
        return Address(Kind.DANGEROUS, "", "网址里 @ 之前的部分只是用户名，实际打开的是 @ 之后的网站")
    host = authority.rpartition("@")[2]
    port: str | None = None
    if not host.endswith("]") and ":" in host:
        host, _, port = host.rpartition(":")
    if any(char in _WHITE for char in host):
        return Address(Kind.MALFORMED, "", "域名里有空格")
    if _WIDE_MARK.search(host):
        return Address(Kind.MALFORMED, "", "网址里用了全角符号")
    if port and not (port.isascii() and port.isdecimal()):
        return Address(Kind.MALFORMED, host, "网址的端口部分写错")
    scheme = value.partition("//")[0].rstrip(":") or "https"
    judged = _with_host(value, scheme, host, port)
    return (
        judged
        if judged.kind not in (Kind.FINE, Kind.OFFICIAL_HTTP)
        else _path(value, judged.kind, judged.host)
    )


def _path(value: str, kind: Kind, host: str = "") -> Address:
    """What the rest of an address may have wrong; else ``kind``."""
    tail = _TAIL_MARK.search(value)
    if tail:
        return Address(Kind.MALFORMED, host, "网址末尾多了中文标点", value[: tail.start()] if host else "")
    if re.search(r"\shttps?://", value):
        return Address(Kind.MALFORMED, host, "一个链接里写了两个网址")
    if any(char in value for char in " \u3000\u00a0"):
        return Address(Kind.BLANKS, host, "网址里有空格")
    return Address(kind, host)


class Facts:
    """What the link rules need to know of one document.

    Attributes:
        odd: references by kind of address.
        relative: references to files of the site itself.
        missing: links without ``href``.
        silent: links that show no text.
        vague: links whose text says nothing of their target, with that text.
        addressed: links whose text is itself an address.
    """

    __slots__ = ("addressed", "missing", "odd", "relative", "silent", "vague")

    def __init__(self) -> None:
        self.odd: dict[Kind, list[Found]] = defaultdict(list)
        self.relative: list[Reference] = []
        self.missing: list[Link] = []
        self.silent: list[Link] = []
        self.vague: list[tuple[Link, str]] = []
        self.addressed: list[Link] = []

    def of(self, *kinds: Kind) -> list[Found]:
        """References of some kinds, in the order of the page."""
        if len(kinds) == 1:
            return self.odd.get(kinds[0], [])
        found = [item for kind in kinds for item in self.odd.get(kind, ())]
        return sorted(found, key=lambda item: item.reference.source)


_VAGUE = """
点击这里 点击此处 请点击这里 请点击此处 点这里 点此处 点此 点击 请点击 这里 此处 更多 更多> 更多>> 更多>>> 更多» 更多+ 更多… 更多...
查看更多 了解更多 点击更多 详情 查看 查看详情 详细 详细信息 点击查看 点击查看详情 点击进入 进入 链接 点击链接 more more> more>> more+
+more +更多 >>更多 全文 阅读全文 查看全文 [详细] [详情] [更多] 【详细】 【详情】 【更多】
"""
VAGUE = frozenset(_VAGUE.split())
_LONGEST_VAGUE = max(map(len, VAGUE))


def facts(document: Document) -> Facts:
    """The facts of a document, worked out at the first call."""
    known = document.__dict__.get("_link_facts")
    if known is None:
        known = document.__dict__["_link_facts"] = _gather(document)
    assert isinstance(known, Facts)
    return known


def _gather(document: Document) -> Facts:
    made = Facts()
    text, odd, relative = document.text, made.odd, made.relative
    fine, near = Kind.FINE, Kind.RELATIVE
    for link in document.links:
        href = link.href
        if href is None:
            made.missing.append(link)
            continue
        judged = address(href)
        kind = judged.kind
        if kind is not fine:
            if kind is not near:
                odd[kind].append(Found(link, judged))
            else:
                relative.append(link)
        start, end = link.span
        if start == end:
            made.silent.append(link)
        elif end - start <= _LONGEST_VAGUE + 2:
            shown = text[start:end].strip().lower()
            if shown in VAGUE:
                made.vague.append((link, shown))
        elif text[start] in "hHwW":
            made.addressed.append(link)
    others: tuple[list[Image], list[Resource]] = (document.images, document.resources)
    for group in others:
        for reference in group:
            target = reference.src if isinstance(reference, Image) else reference.url
            if target is None:
                continue
            judged = address(target)
            kind = judged.kind
            if kind is not fine:
                if kind is not near:
                    odd[kind].append(Found(reference, judged))
                else:
                    relative.append(reference)
    return made


def target_of(reference: Reference) -> str:
    """The address a reference names, blanks around it taken off."""
    if isinstance(reference, Link):
        return (reference.href or "").strip(_WHITE)
    return ((reference.src if isinstance(reference, Image) else reference.url) or "").strip(_WHITE)


def hit(reference: Reference, message: str, **details: Any) -> Hit:
    """A hit at the address of a reference."""
    span = reference.span if isinstance(reference, Link) else Span(0, 0)
    return Hit(span, message, source=reference.source, quote=target_of(reference), **details)


def noun(reference: Reference) -> str:
    """What an editor calls it."""
    if isinstance(reference, Link):
        return "链接"
    return "图片" if isinstance(reference, Image) else "页面引用的文件"


_INTERACTIVE = lazy(
    r"""[\s"'](?:on[a-z]+|id|role|data-[\w-]+|ng-[\w-]+|v-[\w:.-]+|@[\w.-]+|:[\w-]+|aria-(?:haspopup|controls|expanded))\s*=""",
    re.IGNORECASE,
)
_CLASSED = lazy(r"""[\s"']class\s*=""", re.IGNORECASE)


def tag_text(document: Document, place: Span) -> str:
    """The start tag around a place of the source (an attribute value, or the tag itself)."""
    source = document.source.text
    low = max(source.rfind("<", 0, place.start + 1), 0)
    high = source.find(">", place.end - 1 if place.start == low else place.end)
    return source[low : high + 1 if high >= 0 else len(source)]


def scripted(document: Document, reference: Reference) -> bool:
    """Whether a script may well give a link its deed: a handler, or an ``id`` to hang one on."""
    return bool(_INTERACTIVE.search(tag_text(document, reference.source)))


def classed(document: Document, reference: Reference) -> bool:
    """Whether the tag has a ``class``, by which scripts also find links."""
    return bool(_CLASSED.search(tag_text(document, reference.source)))


def inside(document: Document) -> bool:
    """Whether the page itself lies on an intranet, where intranet addresses are right."""
    url = document.source.url
    if not url:
        return False
    return address(url).kind in (Kind.INTRANET, Kind.BARE)


def absolute(document: Document, target: str) -> str | None:
    """Where a reference leads: an absolute http(s) address without fragment, else ``None``.

    Relative targets need ``source.url`` or an absolute ``<base>``.
    """
    value = target.strip(_WHITE)
    if not value or value[0] == "#":
        return None
    kind = address(value).kind
    if kind not in (Kind.FINE, Kind.RELATIVE, Kind.OFFICIAL_HTTP, Kind.INTRANET, Kind.BARE, Kind.BLANKS):
        return None
    if kind is Kind.FINE and _TEMPLATE.search(value):
        return None
    base = document.source.url or ""
    try:
        if document.base:
            base = urljoin(base, document.base.strip(_WHITE))
        joined = urldefrag(urljoin(base, value)).url
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.hostname else None


def references(document: Document) -> Iterator[Reference]:
    """Everything that names an address: links, images, resources."""
    yield from document.links
    yield from document.images
    yield from document.resources
