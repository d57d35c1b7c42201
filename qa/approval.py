"""What was approved: the article as its reader sees it, and the record kept of its approval.

The record is one line of JSON in a file that only grows, or one row of the ledger
(:meth:`qa.ledger.book.Ledger.approve`).  It holds enough to find the article again on its page,
whatever frame a content management system puts around it: the words of the article without title
and frame, their hash, and what it lists (attachments, images, links).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from qa.document import Block, Document, Link, Role
from qa.engine import article_title, document_identity
from qa.files import cause, display, is_url, without_password

VERSION = 1
"""Version of a record; it grows only when a reader of the old one would be wrong."""

_LINE_LIMIT = 1 << 26
_INVISIBLE = re.compile(
    "[\\s\x00\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u3000\ufe00-\ufe0f]+"
)
_QUOTES = str.maketrans("“”„‟「」『』＂‘’‚‛＇`", '"""""""""' + "''''''")
_MARKER = re.compile(r"\s*(?:(\d{1,3}[.．、)）])(?!\d)|[-*•·●○■▪◦])[ \t\u3000\u00a0]*(?=\S)")
_SYMBOLS = "%‰+×÷=<>°¥$€"
_GROUPING = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MARKS = re.compile(rf"(?<!\d)[^\w{_SYMBOLS}]+|[^\w{_SYMBOLS}]+(?!\d)")
_SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”’」』）)\"']*|[^。！？；!?;]+$")

_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|ceb|rar|zip|7z|txt|csv|rtf|odt|ods|tif|mp3|mp4)$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"附件?[ \u3000]*[:：][ \u3000]*(?:(\d{1,2})[.．、])?[ \u3000]*(\S.*)")
_NEXT = re.compile(r"(\d{1,2})[.．、][ \u3000]*(\S.*)")
_NAME_HEAD = re.compile(r"^(?:附件?\d*[:：.．、]?|\d{1,2}[.．、])")
_CLAUSE = re.compile(r"[。；？！]|详见|点击|请(?:下载|见|查收)|无$")

# What a page's frame says: credits of an article, then labels of all kinds, then words standing alone.
_CREDIT = (
    "(?:发布|发稿|上网|更新)(?:时间|日期)|发布(?:机构|单位|人|者)|(?:信息|稿件|文章|内容|新闻|文章)?来源|作者|记者|供稿(?:单位|人)?|撰稿(?:人)?|"
    "(?:责任|本期|网络|值班)?编辑|责编|编审|审核(?:人)?|初审|复审|终审|一审|二审|三审|校对|(?:浏览|阅读|点击|访问)(?:次数|量|数|率|人数)?"
)
_LABEL = (
    f"{_CREDIT}|发文(?:日期|机关|机构|单位|字号)|(?:成文|生成|公开|生效|废止|有效|失效|印发)(?:时间|日期)|时间|日期|"
    "(?:文字|字体|字号)(?:大小)?|分享(?:到|至)?|上一[篇条页则]|下一[篇条页则]|上篇|下篇|[前后]一[篇条]|"
    "相关(?:文章|阅读|链接|新闻|信息|稿件|解读|附件|文件|内容|文档|推荐)|延伸阅读|(?:您)?(?:现在|当前)?(?:的|所在)?位置|当前栏目|"
    "主办(?:单位)?|承办(?:单位)?|版权所有|网站标识码|索引号|信息索引|发布文号|文号|主题(?:分类|词)|"
    "(?:组配|体裁|服务对象|信息|公文)分类|(?:公文|文件)种类|有效性|效力(?:状态)?|标题|名称|信息名称|"
    "公开(?:方式|时限|形式|范围|属性)|主题类别|所属(?:主题|栏目)|关键词|原文链接|本文链接|统一编号|附件下载|字数"
)
_ALONE = (
    "打印(?:本页|此页|文章)?|关闭(?:本页|窗口|页面)?|收藏(?:本页)?|分享(?:到|至)?.{0,12}|"
    "(?:用?手机|微信|扫一扫|扫描?二维码|扫码).{0,24}|二维码.{0,12}|返回(?:顶部|列表|首页|上一页)?|回到顶部|我要纠错|纠错|网站纠错|"
    "评论|点赞|收起|展开(?:全文)?|朗读(?:全文)?|语音播报|无障碍(?:阅读|浏览)?|(?:首页|本站首页)(?:[>＞»/›→-].*)?|(?:[大中小默认特][\\W_]*){1,3}|"
    "附件(?:下载)?|相关(?:附件|文章|阅读|链接|新闻|解读|推荐)|(?:没有|暂无)了?|图片?来源.{0,16}|"
    r"\d{4}[./-]\d{1,2}[./-]\d{1,2}(?:\d{1,2}:\d{2}(?::\d{2})?)?"
)
_FRAME = re.compile(rf"[\W_]*(?:(?:{_LABEL})[:：].*|(?:{_LABEL})|{_ALONE})[\W_]*", re.DOTALL)
_CREDITS = re.compile(rf"[\W_]*(?:{_CREDIT})[:：].*", re.DOTALL)
_HEADED = re.compile(rf"(?:{_LABEL})[:：]|打印|关闭|收藏|纠错")
_PUBLISHED = re.compile(
    r"(?:发布|发稿|上网|公开|更新|成文|印发)?(?:时间|日期)[:：]\D{0,3}(\d{4}[年./-]\d{1,2}[月./-]\d{1,2})"
)
_DATE = re.compile(r"(?:19|20)\d{2}[年./-]\d{1,2}[月./-]\d{1,2}")
_SOURCE = re.compile(r"来源[:：]([^\s|｜:：【\[（(]{2,40})")


class ApprovalError(Exception):
    """A file of approvals or of addresses that cannot be used; the message is Chinese."""


# --- the words of an article ----------------------------------------------------------------------


@lru_cache(maxsize=65_536)
def key(text: str) -> str:
    """Text as it is compared: no blanks, no invisible characters, quotation marks in one shape."""
    return _INVISIBLE.sub("", text).translate(_QUOTES)


def loose(text: str) -> str:
    """A key without the shape of its punctuation; marks inside numbers and units stay."""
    return _MARKS.sub("", _GROUPING.sub("", unicodedata.normalize("NFKC", text)))


def unmarked(text: str) -> tuple[str, str]:
    """``(number, rest)`` of a paragraph: numbers and bullets of lists, which HTML may make by itself."""
    match = _MARKER.match(text)
    return (match[1] or "", text[match.end() :]) if match else ("", text)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of the sentences of one paragraph; together they cover all of it but blanks."""
    for match in _SENTENCE.finditer(text):
        if key(match[0]):
            yield match.span()


def _fits(words: str) -> bool:
    """Whether compared words are short enough for a line of a frame."""
    if len(words) > 200 or ("。" in words and len(words) > 40):
        return False
    return len(words) <= 60 or len(_HEADED.findall(words)) > 1


def is_frame(text: str) -> bool:
    """Whether a paragraph reads like what a page adds: time, source, print, share, next article …

    "时间：" or "名称：" may also be the article's own: ask this only of what was not approved.
    """
    words = key(text)
    return _fits(words) and bool(_FRAME.fullmatch(words))


def is_credit(text: str) -> bool:
    """Whether a paragraph names source, author, editor or time of publication, and nothing else."""
    words = key(text)
    return _fits(words) and bool(_CREDITS.fullmatch(words))


@dataclass(frozen=True, slots=True)
class File:
    """Something an article lists: the name people read, and the address (empty: only named)."""

    name: str
    href: str = ""

    @property
    def base(self) -> str:
        """Last part of the address, lower case, escapes resolved."""
        return unquote(self.href.partition("?")[0].partition("#")[0].rpartition("/")[2]).lower()

    @property
    def stem(self) -> str:
        """The name as it is compared: no number, no suffix, no punctuation."""
        words = _NAME_HEAD.sub("", key(self.name))
        return loose(_FILE.sub("", words))


@dataclass(frozen=True, slots=True)
class Article:
    """An article without what stands around it.

    Attributes:
        paragraphs: the reader's text of its blocks, title and lists of linked files left out.
        attachments, images: files it lists; ``links``: all addresses in it, those of scripts and
            frames included.
        published, source: as the document says; empty where it does not.
    """

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    attachments: tuple[File, ...] = ()
    images: tuple[File, ...] = ()
    links: tuple[str, ...] = ()
    published: str = ""
    source: str = ""

    @property
    def body(self) -> str:
        """All compared words in one string: no title, no frame, no numbers of lists."""
        return "".join(body_key(text, self.title) for text in self.paragraphs)


def body_key(text: str, title: str) -> str:
    """A paragraph as :attr:`Article.body` holds it; empty for the title and for credits."""
    words = key(text)
    return "" if words == key(title) or is_credit(text) else key(unmarked(text)[1])


def digest(body: str) -> str:
    """SHA-256 of compared words, 64 hex digits."""
    return hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()


def is_file(href: str) -> bool:
    """Whether an address names a file to be downloaded."""
    return bool(_FILE.search(href.partition("?")[0].partition("#")[0].rstrip()))


def words_of(document: Document, link: Link) -> str:
    """What people read of a link: its text, else its title."""
    return document.text[link.span.start : link.span.end].strip() or link.title or link.label


def article_blocks(document: Document, *, chrome: bool = False) -> Iterator[Block]:
    """Blocks that hold an article's words; lines that are nothing but links to files are left out.

    Args:
        document: what was read.
        chrome: take navigation and the like too, where the article lies inside what looks like it.
    """
    spans = sorted(link.span for link in document.links if link.href and is_file(link.href))
    # Lines under the title of a plain text are titles too; that of a page is not in its text.
    outside = {Role.ATTRIBUTE} if document.source.media == "text" else {Role.ATTRIBUTE, Role.TITLE}
    at = 0
    for block in document.blocks:
        if block.role in outside or not (block.main or chrome):
            continue
        while at < len(spans) and spans[at].end <= block.start:
            at += 1
        covered, i = 0, at
        while i < len(spans) and spans[i].start < block.end:
            covered += min(spans[i].end, block.end) - max(spans[i].start, block.start)
            i += 1
        size = len(key(document.text[block.start : block.end]))
        if not size or (covered and size - covered <= 6):
            continue
        yield block


def _listed(texts: Iterable[str]) -> Iterator[File]:
    """Attachments named in the text (``附件：1.任务分解表``), without addresses."""
    number = 0
    for text in texts:
        match = _LISTED.fullmatch(text.strip()) if text.lstrip().startswith("附") else None
        if match is None and number:
            following = _NEXT.fullmatch(text.strip())
            if following is None or int(following[1]) != number + 1:
                number = 0
                continue
            match = following
        if match is None:
            continue
        name = match[2].rstrip()
        if len(name) > 60 or _CLAUSE.search(name):
            number = 0
            continue
        number = int(match[1] or 0)
        yield File(name)


def _attachments(document: Document, texts: Sequence[str]) -> tuple[File, ...]:
    found: dict[str, File] = {}
    for link in document.links:
        if link.href and link.main and not link.hidden and is_file(link.href):
            one = File(words_of(document, link), link.href.strip())
            found.setdefault(one.base, one)
    stems = {one.stem for one in found.values()}
    for one in _listed(texts):
        if one.stem and not any(one.stem in stem or stem in one.stem for stem in stems if stem):
            found.setdefault("\0" + one.stem, one)
    return tuple(found.values())


def shown_time(document: Document, texts: Iterable[str]) -> str:
    """When it was published, as a page says by tag or words; empty where it does not."""
    meta = document.meta("PubDate")
    if meta and _DATE.search(meta.content):
        return meta.content.strip()
    for text in texts:
        match = _PUBLISHED.search(text) if len(text) <= 200 else None
        if match:
            return match[1]
    return ""


def shown_source(document: Document, texts: Iterable[str]) -> str:
    """Where it comes from, as a page says by tag or words; empty where it does not."""
    meta = document.meta("ContentSource")
    if meta and meta.content.strip():
        return meta.content.strip()
    for text in texts:
        match = _SOURCE.search(text) if len(text) <= 200 else None
        if match:
            return match[1]
    return ""


def article_of(document: Document) -> Article:
    """The article in a document: a draft, a fragment, or a whole page."""
    title = article_title(document)
    texts = [document.slice(block) for block in article_blocks(document)]
    images = tuple(
        File(image.alt or "", image.src.strip())
        for image in document.images
        if image.main and not image.hidden and not image.decorative and image.src
    )
    links = [link.href.strip() for link in document.links if link.href and link.main]
    links += [one.url for one in document.resources if one.kind != "style"]
    return Article(
        title,
        tuple(texts),
        _attachments(document, texts),
        images,
        tuple(dict.fromkeys(links)),
        shown_time(document, texts),
        shown_source(document, texts),
    )


# --- the record ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval.

    Attributes:
        identity: of the document, as fingerprints know it.
        path: of the draft, as reports name it.
        url: where it is published; empty until that is known.
        article: what was approved; without paragraphs where only the hash was kept.
        text_hash, chars: of :attr:`Article.body`; 64 hex digits, and how many characters.
        at: ISO 8601 time; ``by``: who.
        verdicts: key of the pass to key of its verdict.
        line: of the file it came from, from 1; 0 for none.
    """

    identity: str
    path: str
    article: Article
    text_hash: str
    chars: int
    url: str = ""
    at: str = ""
    by: str = ""
    version: str = ""
    verdicts: Mapping[str, str] = field(default_factory=dict)
    line: int = 0

    @classmethod
    def of(cls, article: Article, identity: str, path: str, **more: Any) -> Approval:
        """The approval of an article."""
        body = article.body
        return cls(identity, path, article, digest(body), len(body), **more)

    @property
    def has_text(self) -> bool:
        """Whether the words were kept, not only their hash."""
        return bool(self.article.paragraphs) or not self.chars


def approve(document: Document, path: str, **more: Any) -> Approval:
    """The approval of a document, as :meth:`Approval.of`."""
    return Approval.of(article_of(document), document_identity(document), path, **more)


def _files(files: Iterable[File]) -> list[dict[str, str]]:
    return [{"name": one.name, "href": one.href} for one in files]


def record_of(approval: Approval, *, text: bool = True) -> dict[str, Any]:
    """An approval as it is kept, in values that JSON knows; :func:`from_record` reads it.

    Args:
        approval: what to keep.
        text: keep the words too; without them a recheck can only say "same" or "changed".
    """
    article = approval.article
    return {
        "url": approval.url,
        "identity": approval.identity,
        "title": article.title,
        "path": approval.path,
        "text_hash": approval.text_hash,
        "chars": approval.chars,
        "text": list(article.paragraphs) if text else None,
        "attachments": _files(article.attachments),
        "images": _files(article.images),
        "links": list(article.links),
        "published": article.published,
        "source": article.source,
        "approved_at": approval.at,
        "approved_by": approval.by,
        "version": approval.version,
        "verdicts": dict(approval.verdicts),
    }


def line_of(approval: Approval, *, text: bool = True) -> bytes:
    """The record as one line of UTF-8 with its line end; ``text`` as :func:`record_of` has it."""
    record = {"v": VERSION, **record_of(approval, text=text)}
    return (json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name, "")
    if not isinstance(value, str):
        raise ApprovalError(f"“{name}”应为文字")
    return value


def _list(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ApprovalError(f"“{name}”应为文字列表")
    return tuple(value)


def _file_list(record: Mapping[str, Any], name: str) -> tuple[File, ...]:
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ApprovalError(f"“{name}”应为对象列表")
    return tuple(File(_text(item, "name"), _text(item, "href")) for item in value)


_HASH = re.compile(r"[0-9a-f]{64}")


def parse(line: str, number: int = 0) -> Approval:
    """One line of the file.

    Raises:
        ApprovalError: it is no record; the message says why, without the line's number.
    """
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise ApprovalError("不是合法的 JSON，可能没有写完或已损坏") from None
    if not isinstance(record, dict):
        raise ApprovalError("不是一条批准记录")
    if record.get("v") != VERSION:
        raise ApprovalError(f"版本 {record.get('v')!r} 不认识")
    return from_record(record, number)


def from_record(record: Mapping[str, Any], number: int = 0) -> Approval:
    """The approval that :func:`record_of` made a record of; other keys are passed over.

    Raises:
        ApprovalError: a value is of the wrong kind, or words and hash do not agree.
    """
    hashed = _text(record, "text_hash")
    chars = record.get("chars")
    if not _HASH.fullmatch(hashed):
        raise ApprovalError("“text_hash”应为 64 位十六进制数")
    if not isinstance(chars, int) or isinstance(chars, bool) or chars < 0:
        raise ApprovalError("“chars”应为不小于 0 的整数")
    url = _text(record, "url")
    if url and not is_url(url):
        raise ApprovalError(f"“url”应以 http:// 或 https:// 开头，实际是“{url[:80]}”")
    verdicts = record.get("verdicts") or {}
    if not isinstance(verdicts, dict):
        raise ApprovalError("“verdicts”应为对象")
    article = Article(
        _text(record, "title"),
        _list(record, "text"),
        _file_list(record, "attachments"),
        _file_list(record, "images"),
        _list(record, "links"),
        _text(record, "published"),
        _text(record, "source"),
    )
    if article.paragraphs and digest(article.body) != hashed:
        raise ApprovalError("全文与校验值不符，记录可能被改动过")
    return Approval(
        _text(record, "identity"),
        _text(record, "path"),
        article,
        hashed,
        chars,
        url,
        _text(record, "approved_at"),
        _text(record, "approved_by"),
        _text(record, "version"),
        {str(name): str(value) for name, value in verdicts.items()},
        number,
    )


def load(path: Path) -> tuple[list[Approval], list[str]]:
    """Read a file of approvals.

    Returns:
        The records in their order, and a Chinese complaint for every line that is none.

    Raises:
        ApprovalError: the file cannot be read.
    """
    found, broken = [], []
    try:
        with path.open("rb") as stream:
            number = 0
            while raw := stream.readline(_LINE_LIMIT):
                number += 1
                if not raw.strip():
                    continue
                try:
                    found.append(parse(raw.decode("utf-8-sig"), number))
                except UnicodeDecodeError:
                    broken.append(f"{display(path)} 第 {number} 行：不是 UTF-8 编码，已略过")
                except ApprovalError as error:
                    broken.append(f"{display(path)} 第 {number} 行：{error}，已略过")
    except OSError as error:
        raise ApprovalError(f"批准记录 {display(path)}：{cause(error)}") from None
    return found, broken


def append(path: Path, lines: Sequence[bytes]) -> None:
    """Add records to a file, whole or not at all as far as other writers can see.

    One write to a file opened for appending, under a lock where the system has one.  The file is
    made readable by its owner alone (0600): it holds texts that are not published yet.  A line
    that an earlier writer left unfinished is ended first.

    Raises:
        ApprovalError: the file cannot be written.
    """
    if not lines:
        return
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as error:
        raise ApprovalError(f"批准记录 {display(path)} 无法写入：{cause(error)}") from None
    try:
        with suppress(ImportError, OSError):
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.lseek(handle, 0, os.SEEK_END)
        data = b"".join(lines)
        if size:
            os.lseek(handle, size - 1, os.SEEK_SET)
            if os.read(handle, 1) != b"\n":
                data = b"\n" + data
        written = 0
        try:
            while written < len(data):  # a full disk or a signal may cut a write short
                written += os.write(handle, data[written:])
            os.fsync(handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, size)
            raise
    except OSError as error:
        raise ApprovalError(f"批准记录 {display(path)} 无法写入：{cause(error)}") from None
    finally:
        os.close(handle)


# --- where an article was published -----------------------------------------------------------------


class UrlMap:
    """Addresses by path, identity or title of what is published there, from a CSV file.

    Each row holds two cells, ``path or title, url``; a first row without an address is a heading.
    """

    def __init__(self, rows: Mapping[str, str]) -> None:
        self._rows = dict(rows)

    @classmethod
    def read(cls, path: Path) -> UrlMap:
        """Read a file in UTF-8 or GB18030.

        Raises:
            ApprovalError: it cannot be read, or a row is not of two cells.
        """
        name = display(path)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ApprovalError(f"网址对照表 {name}：{cause(error)}") from None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030", "replace")
        rows: dict[str, str] = {}
        try:
            for number, row in enumerate(csv.reader(io.StringIO(text, newline="")), 1):
                cells = [cell.strip() for cell in row]
                if not any(cells):
                    continue
                if len(cells) < 2 or not cells[0] or not is_url(cells[1]):
                    if number == 1 and len(cells) > 1 and not any(map(is_url, cells)):
                        continue
                    raise ApprovalError(
                        f"网址对照表 {name} 第 {number} 行：应为两列，先是稿件路径或标题，后是 http 开头的网址"
                    )
                for one in (cells[0], _plain(cells[0])):
                    rows.setdefault(one, cells[1])
        except csv.Error as error:
            raise ApprovalError(f"网址对照表 {name}：不是合法的 CSV（{error}）") from None
        return cls(rows)

    def find(self, *names: str) -> str:
        """The address of the first name that has one; empty for none."""
        for name in names:
            for one in (name, _plain(name)):
                if one and one in self._rows:
                    return self._rows[one]
        return ""


def _plain(name: str) -> str:
    """A title as identities have it; paths stay what they are."""
    return name.removeprefix("./") if "/" in name or "\\" in name else re.sub(r"[\W_]+", "", name)


def clean_url(url: str) -> str:
    """An address as it may be kept: no blanks around it, no password in it."""
    return without_password(url.strip())
