"""Drift: what a published page says against what was approved. Pure; no network, no clock."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from qa.align import align, gaps, kindred
from qa.approval import (
    Approval,
    Article,
    File,
    article_blocks,
    body_key,
    digest,
    is_credit,
    is_file,
    is_frame,
    key,
    loose,
    sentences,
    shown_source,
    shown_time,
    unmarked,
    words_of,
)
from qa.document import Block, Document, Role
from qa.drift_rules import CHANGED, INJECTED, MISSING_ATTACHMENT, OFFLINE, PUBLICATION, TITLE, TRUNCATED
from qa.engine import article_title
from qa.finding import Confidence, Finding, Level, fingerprint
from qa.livepage import Layout, layout
from qa.rule import Rule
from qa.source import Position, Span

MAX_CHANGES = 30
"""Changes of one article that are told one by one; the rest is counted."""

_START = Position(1, 1, 0)
_QUOTE = 80
_AROUND = 12
_DIFF_LIMIT = 4000
_WINDOW_BUDGET = 200_000_000
_SAMPLE = 100_000
_NEXT = 20
_LOOKS = 3000
"""Sentences that are looked for in the whole text; on pages with more, none of them will be there."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One way in which a page departs from what was approved.

    Attributes:
        message: Chinese sentence for the editor.
        before, after: approved words and those on the page; empty where there are none.
        place: range of the page's reader's text; ``None``: nowhere in particular.
        target: address in question.
    """

    rule: Rule
    message: str
    before: str = ""
    after: str = ""
    level: Level | None = None
    place: Span | None = None
    target: str = ""


@dataclass
class Comparison:
    """What a page and an approval come to.

    Attributes:
        drifts: in the order of the page.
        files: attachments and images that the page does carry, with their absolute addresses; whether
            they can be had is for the caller to ask.
        notices: Chinese remarks.
        gap: why nothing can be said (Chinese); empty where something can.
    """

    drifts: list[Drift] = field(default_factory=list)
    files: list[tuple[File, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    gap: str = ""


# --- gravity and words -----------------------------------------------------------------------------

_FIGURE = re.compile(r"[\d%‰¥$]")
_NUMERAL = re.compile(
    "[〇零一二三四五六七八九十百千万亿两]{2,}|第[〇零一二三四五六七八九十百千]+|"
    "[一二三四五六七八九十两](?=[年月日号时分秒元项名户家人倍成次条章节款届批期起件]|分之|季度)"
)
_NEGATION = re.compile("[不未无非否没莫禁免除]")
_OFFICE = re.compile(
    "书记|市长|县长|区长|省长|州长|镇长|乡长|局长|厅长|部长|处长|科长|司长|主任|主席|委员|院长|校长|行长|社长|会长|所长|站长|"
    "总理|同志|先生|女士|秘书长|检察长|董事长|经理|负责人|联系人|签发人|发言人|代表"
)
_BODY = re.compile("(?:委员会|人民政府|办公[室厅]|[局厅部委院署办会省市县区镇乡村]|公司|集团|中心|支队|大队)")
_NAMED = re.compile(r"《[^》]*》|〔\d{4}〕\s*\d+\s*号|[“\"][^”\"]{2,20}[”\"]")


def _edges(left: str, right: str) -> tuple[int, int]:
    """Lengths of what two texts share at their beginning and at their end."""
    most = min(len(left), len(right))
    head = next((n for n in range(most) if left[n] != right[n]), most)
    most -= head
    tail = next((n for n in range(most) if left[len(left) - 1 - n] != right[len(right) - 1 - n]), most)
    return head, tail


def _pieces(left: str, right: str) -> Iterator[tuple[int, int, int, int]]:
    """Changed ranges of two texts, cut out by what they share."""
    head, tail = _edges(left, right)
    a, b = left[head : len(left) - tail], right[head : len(right) - tail]
    if not a or not b or len(a) * len(b) > _DIFF_LIMIT * _DIFF_LIMIT // 16:
        yield head, head + len(a), head, head + len(b)
        return
    for kind, i, j, k, n in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind != "equal":
            yield head + i, head + j, head + k, head + n


def _grave(text: str, low: int, high: int) -> bool:
    """Whether what stands in a range of a text is a figure, a date, a name, or a negation."""
    piece = text[low:high]
    if _FIGURE.search(piece) or _NEGATION.search(piece) or _OFFICE.search(piece) or _BODY.search(piece):
        return True
    if _OFFICE.search(text[max(0, low - 4) : high + 4]) or _BODY.match(text, high):
        return True
    if text[max(0, low - 1) : low].isdigit() and text[high : high + 1].isdigit():
        return True
    near = text[max(0, low - 60) : high + 60]
    at = low - max(0, low - 60)
    return any(
        match.start() < at + len(piece) and match.end() > at
        for pattern in (_NAMED, _NUMERAL)
        for match in pattern.finditer(near)
    )


def gravity(before: str, after: str) -> Level:
    """How grave a change of words is."""
    old, new = key(before), key(after)
    if loose(old) == loose(new):
        return Level.NOTE
    for a, b, c, d in _pieces(old, new):
        if _grave(old, a, b) or _grave(new, c, d):
            return Level.ERROR
    return Level.WARNING


def clip(text: str, limit: int = _QUOTE) -> str:
    """Text in one line, of at most ``limit`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _versus(before: str, after: str) -> tuple[str, str]:
    """Two texts cut down to where they differ, with a few characters around."""
    before, after = " ".join(before.split()), " ".join(after.split())
    head, tail = _edges(before, after)
    low = max(0, head - _AROUND)
    made = []
    for text in (before, after):
        high = min(len(text), len(text) - tail + _AROUND)
        words = text[low:high]
        if len(words) > _QUOTE:
            words = words[: _QUOTE // 2] + "……" + words[-_QUOTE // 2 :]
        made.append(("…" if low else "") + words + ("…" if high < len(text) else ""))
    return made[0], made[1]


# --- the two sides ----------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Sentence:
    """A sentence of either side; ``block``: index of its paragraph."""

    key: str
    text: str
    block: int
    number: str
    span: Span


def _cut(text: str, block: int, offset: int) -> Iterator[_Sentence]:
    number, rest = unmarked(text)
    offset += len(text) - len(rest)
    for low, high in sentences(rest):
        words = rest[low:high]
        yield _Sentence(key(words), words.strip(), block, number, Span(offset + low, offset + high))
        number = ""


def _approved(article: Article) -> list[_Sentence]:
    title = key(article.title)
    return [
        one for n, text in enumerate(article.paragraphs) if key(text) != title for one in _cut(text, n, 0)
    ]


class _Page:
    """The page's side: its blocks, and their sentences."""

    def __init__(self, document: Document, title: str, *, chrome: bool) -> None:
        self.blocks: list[Block] = []
        self.sentences: list[_Sentence] = []
        for block in article_blocks(document, chrome=chrome):
            text = document.slice(block)
            if key(text) == title:
                continue
            self.sentences.extend(_cut(text, len(self.blocks), block.start))
            self.blocks.append(block)
        self.keys = [one.key for one in self.sentences]


def _share(left: Sequence[_Sentence], partner: Sequence[int]) -> float:
    """Part of the approved characters that stand on the page unchanged."""
    total = sum(len(one.key) for one in left)
    return sum(len(one.key) for one, at in zip(left, partner, strict=True) if at >= 0) / max(1, total)


def _likeness(article: str, page: str) -> float:
    """Part of the article's runs of four characters that the page has too; of long texts a sample."""
    every = 1 + len(article) // _SAMPLE

    def grams(text: str, every: int) -> set[str]:
        return {
            text[i : i + 4]
            for i in range(max(1, len(text) - 3))
            if every == 1 or (ord(text[i]) * 31 + ord(text[i + 1 : i + 2] or " ")) % every == 0
        }

    wanted = grams(article, every)
    if len(wanted) < 1000:  # little text, or much of the same
        every = 1
        wanted = grams(article, every)
    return len(wanted & grams(page, every)) / len(wanted)


class _Compared:
    """One comparison of words in the making."""

    def __init__(self, approval: Approval, document: Document) -> None:
        self.article = approval.article
        self.document = document
        self.title = key(self.article.title)
        self.left = _approved(self.article)
        self.page = _Page(document, self.title, chrome=False)
        keys = [one.key for one in self.left]
        self.partner = align(keys, self.page.keys)
        if _share(self.left, self.partner) < 0.5:
            wide = _Page(document, self.title, chrome=True)
            partner = align(keys, wide.keys)
            if _share(self.left, partner) > _share(self.left, self.partner) + 0.2:
                self.page, self.partner = wide, partner
        self.right = self.page.sentences
        self.changed: list[tuple[list[int], list[int]]] = []
        self.lost: list[list[int]] = []
        self.extra: list[int] = []
        self.body = "".join(keys)
        self.looks = 0
        self.text = key(document.text)
        self.links = sorted(document.links, key=lambda link: link.span.start)
        self.starts = [link.span.start for link in self.links]
        self.layout: Layout = layout(document.source.text)
        self.core = self._region([at for at in self.partner if at >= 0])
        self._gaps()
        self.region = self._region(self.matched)

    def _gaps(self) -> None:
        """Sort what has no equal into versions of each other, lost sentences and extra ones."""
        for ours, theirs in gaps(self.partner, len(self.right)):
            mine, yours = list(ours), list(theirs)
            shown = [j for j in yours if not is_frame(self.right[j].text)]
            if mine and self._join(self.left, mine) == self._join(self.right, shown):
                self.extra += [j for j in yours if j not in set(shown)]
                continue
            inner = ours.start > 0 and ours.stop < len(self.left)
            near = yours if inner else [j for j in shown if self._within(j, ours, theirs)]
            groups = kindred([self.left[i].key for i in mine], [self.right[j].key for j in near])
            pairs = [([mine[i] for i in a], [near[j] for j in b]) for a, b in groups]
            self.changed += pairs
            taken_left = {i for pair in pairs for i in pair[0]}
            taken_right = {j for pair in pairs for j in pair[1]}
            mine = [i for i in mine if i not in taken_left]
            yours = [j for j in yours if j not in taken_right]
            if inner and mine and yours and not groups and not self._elsewhere(mine):
                self._replaced(mine, yours)
                continue
            if mine:
                self.lost += _runs(mine)
            self.extra += yours

    def _within(self, j: int, ours: range, theirs: range) -> bool:
        """Whether a sentence before the first or after the last equal one may be the article's."""
        reach = len(ours) + 2
        if (ours.start > 0 and j < theirs.start + reach) or (
            ours.stop < len(self.left) and j >= theirs.stop - reach
        ):
            return True
        place = self.source_at(j).start
        return self.core is None or self.core.start <= place < self.core.end

    def _elsewhere(self, mine: list[int]) -> bool:
        return all(self._somewhere(self.left[i].key) for i in mine)

    def _somewhere(self, words: str, least: int = 6) -> bool:
        """Whether approved words do stand on the page, if not where they were expected."""
        self.looks += 1
        return len(words) >= least and self.looks <= _LOOKS and words in self.text

    def _replaced(self, mine: list[int], yours: list[int]) -> None:
        """Between two equal neighbours: what stands there now stands for what stood there."""
        shown = [j for j in yours if not is_frame(self.right[j].text)]
        self.extra += [j for j in yours if j not in set(shown)]
        if len(mine) == len(shown):
            self.changed += [([i], [j]) for i, j in zip(mine, shown, strict=True)]
        elif shown:
            self.changed.append((mine, shown))
        else:
            self.lost += _runs(mine)

    @staticmethod
    def _join(side: list[_Sentence], indices: Iterable[int]) -> str:
        return "".join(side[n].key for n in indices)

    @staticmethod
    def words(side: list[_Sentence], indices: Sequence[int]) -> str:
        """Words of some sentences, as people read them."""
        return "".join(side[n].text for n in indices)

    @cached_property
    def matched(self) -> list[int]:
        """Sentences of the page that are the article's, changed ones included."""
        return sorted(
            {at for at in self.partner if at >= 0} | {j for _, group in self.changed for j in group}
        )

    def source_at(self, j: int) -> Span:
        """Where a sentence of the page stands in its source."""
        return self.document.to_source(self.right[j].span)

    def _region(self, found: Sequence[int]) -> Span | None:
        """The element that holds the article; lines of its title may stand outside, above it."""
        best: Span | None = None
        lead = 0
        for n, j in enumerate(found[:4]):
            if lead * 10 > len(self.body):
                break
            lead += len(self.right[j].key)
            around = self.layout.around(Span(self.source_at(j).start, self.source_at(found[-1]).end))
            if n == 0 or (around and (best is None or around.end - around.start < best.end - best.start)):
                best = around
        return best

    # -- what to say ------------------------------------------------------------------------------

    def drifts(self) -> Iterator[Drift]:
        """Changed, lost and added words."""
        yield from self._truncated()
        for ours, theirs in self.changed:
            yield from self._change(ours, theirs)
        for run in self.lost:
            yield from self._lost(run)
        yield from self._renumbered()
        yield from self._added()

    def _truncated(self) -> Iterator[Drift]:
        """Take the lost end out of the lists and tell of it once."""
        last = len(self.left) - 1
        run = next((run for run in self.lost if run[-1] == last), [])
        cut = next((group for group in self.changed if group[0][-1] == (run[0] - 1 if run else last)), None)
        missing = self.words(self.left, run)
        place: Span | None = None
        if cut is not None:
            ours, theirs = self._join(self.left, cut[0]), self._join(self.right, cut[1])
            stub = theirs.rstrip("。.…！？；,，、 ")
            shorter = len(ours) - len(stub) > (0 if run else 3)
            if stub and shorter and ours.startswith(stub) and cut[1][-1] == self.matched[-1]:
                self.changed.remove(cut)
                missing = self.words(self.left, cut[0])[-(len(ours) - len(stub)) :] + missing
                place = self.right[cut[1][-1]].span
            else:
                cut = None
        if run:
            self.lost.remove(run)
            if cut is None:
                run = [i for i in run if not self._excused(self.left[i], 12)]
                missing = self.words(self.left, run)
        if not missing:
            return
        found = self.matched
        if place is None and found:
            place = self.right[found[-1]].span
        size = len(key(missing))
        part = size / max(1, len(self.body))
        share = f"（约占全文的 {part:.0%}）" if part >= 0.01 else ""
        yield Drift(
            TRUNCATED,
            f"线上正文缺少结尾，从“{clip(missing, 40)}”起没有登出，共缺 {size} 字{share}",
            before=missing,
            place=place,
        )

    def _excused(self, one: _Sentence, least: int = 6) -> bool:
        """Whether an approved sentence need not stand in the text of the page."""
        return is_credit(one.text) or self._somewhere(one.key, least)

    def _change(self, ours: list[int], theirs: list[int]) -> Iterator[Drift]:
        before, after = self.words(self.left, ours), self.words(self.right, theirs)
        if key(before) == key(after):
            return
        if all(is_credit(self.left[i].text) for i in ours):
            return  # a page words its credits in its own way
        level = gravity(before, after)
        old, new = _versus(before, after)
        place = Span(self.right[theirs[0]].span.start, self.right[theirs[-1]].span.end)
        lead = "只有标点不同，批准" if level is Level.NOTE else "批准"
        yield Drift(CHANGED, f"{lead}的是“{old}”，线上是“{new}”", before, after, level, place)

    def _lost(self, run: list[int]) -> Iterator[Drift]:
        run = [i for i in run if not self._excused(self.left[i])]
        if not run:
            return
        before = self.words(self.left, run)
        blocks = {self.left[i].block for i in run}
        rest = {one.block for n, one in enumerate(self.left) if one.block in blocks and n not in set(run)}
        grave = blocks - rest or len(key(before)) >= 30 or gravity(before, "") is Level.ERROR
        after = next(
            (self.partner[i] for i in range(run[-1] + 1, len(self.left)) if self.partner[i] >= 0), -1
        )
        place = Span(self.right[after].span.start, self.right[after].span.start + 1) if after >= 0 else None
        level = Level.ERROR if grave else Level.WARNING
        yield Drift(CHANGED, f"批准的“{clip(before, 60)}”在线上没有", before, "", level, place)

    def _renumbered(self) -> Iterator[Drift]:
        """Numbers of paragraphs that changed; told once, since one shifts all that follow."""
        for one, at in zip(self.left, self.partner, strict=True):
            other = self.right[at] if at >= 0 else None
            if other and one.number and other.number and loose(one.number) != loose(other.number):
                before, after = f"{one.number}{one.text}", f"{other.number}{other.text}"
                old, new = clip(before, 30), clip(after, 30)
                yield Drift(
                    CHANGED,
                    f"段落序号有改动，批准的是“{old}”，线上是“{new}”",
                    before,
                    after,
                    Level.WARNING,
                    other.span,
                )
                return

    def _added(self) -> Iterator[Drift]:
        """Sentences of the page that nobody approved, in and around the article."""
        known = set(self.matched)
        inside = self.region
        found = [j for j in self.matched if inside is None or self.source_at(j).start >= inside.start]
        whole = {self.right[j].block for j in range(len(self.right))} - {self.right[j].block for j in known}
        near = sorted(self._near(found))[:_LOOKS] if found else []
        extra = [j for j in near if self._foreign(j, found, whole)]
        for run in _runs(extra, lambda a, b: all(n not in known for n in range(a + 1, b))):
            after = self.words(self.right, run)
            place = Span(self.right[run[0]].span.start, self.right[run[-1]].span.end)
            if all(self.right[j].block in whole for j in run):
                inner = found[0] < run[0] < found[-1]
                grave = len(key(after)) >= 15 or (inner and len(key(after)) >= 8)
                yield Drift(
                    INJECTED,
                    f"正文多出未经批准的内容：“{clip(after, 60)}”",
                    "",
                    after,
                    Level.ERROR if grave else Level.WARNING,
                    place,
                )
            else:
                level = gravity("", after)
                yield Drift(CHANGED, f"线上多出“{clip(after, 60)}”，批准稿没有", "", after, level, place)

    def _near(self, found: list[int]) -> Iterator[int]:
        """Extra sentences in the region of the article, or between its sentences."""
        for j in self.extra:
            inside = self.region is None or (self.region.start <= self.source_at(j).start < self.region.end)
            if inside or found[0] < j < found[-1]:
                yield j

    def _foreign(self, j: int, found: list[int], whole: set[int]) -> bool:
        """Whether an extra sentence is neither the page's frame nor approved elsewhere."""
        one = self.right[j]
        block = self.page.blocks[one.block]
        text = self.document.slice(block)
        if one.block not in whole:
            return one.key not in self.body and not is_frame(one.text)
        if block.role is Role.CAPTION or is_frame(text) or key(unmarked(text)[1]) in self.body:
            return False
        if key(text) in self.title:
            return False
        size = len(key(text))
        if found[0] < j < found[-1]:
            return not (size < 30 and "。" not in text and self._follows_image(block))
        if self.region is None:
            return found[-1] < j <= found[-1] + _NEXT and size >= 15 and self._next_to(j, found[-1])
        if self._own_links(block):
            return False
        if j < found[0]:
            return size >= 30 or "。" in text
        return size >= 15 or bool(re.search(r"[A-Za-z0-9]{5,}", text))

    def _follows_image(self, block: Block) -> bool:
        place = self.document.to_source(block.span).start
        before = self.document.block_index(max(0, block.start - 1))
        low = self.document.to_source(self.document.blocks[before].span).end if before >= 0 else 0
        return self.layout.image_between(low, place)

    def _next_to(self, j: int, last: int) -> bool:
        """Whether a block follows the article with nothing but added text between."""
        blocks = [self.page.blocks[self.right[n].block] for n in range(last + 1, j + 1)]
        return not any(is_frame(self.document.slice(one)) or self._own_links(one) for one in blocks)

    def _own_links(self, block: Block) -> bool:
        """Whether a block is little else than links to pages of the same site."""
        base = self.document.source.url or ""
        covered = 0
        at = max(0, bisect_right(self.starts, block.start) - 1)
        for link in self.links[at : bisect_left(self.starts, block.end)]:
            covered += max(0, min(link.span.end, block.end) - max(link.span.start, block.start))
            if link.span.start >= block.start and _foreign_host(link.href or "", base):
                return False
        return covered * 10 >= (block.end - block.start) * 8


def _runs(indices: list[int], joined: Callable[[int, int], bool] | None = None) -> list[list[int]]:
    """Indices in runs of neighbours."""
    found: list[list[int]] = []
    for n in indices:
        near = found and (n == found[-1][-1] + 1 or (joined is not None and joined(found[-1][-1], n)))
        if near:
            found[-1].append(n)
        else:
            found.append([n])
    return found


# --- links, scripts ---------------------------------------------------------------------------------

_SHARES = re.compile(
    r"(?:^|\.)(?:weibo\.com|weibo\.cn|qq\.com|weixin\.qq\.com|douban\.com|renren\.com|bdimg\.com|bshare\.cn|jiathis\.com|"
    r"baidu\.com|kaipuyun\.cn|gov\.cn|12377\.cn|conac\.cn)$"
)
_SECOND = frozenset(["gov", "com", "org", "net", "edu", "ac", "mil"])
_CLOAKED = re.compile(
    r"eval\s*\(|unescape\s*\(|fromCharCode|\batob\s*\(|document\.write\w*\s*\(\s*[\"'][^\"']*<\s*(?:script|iframe|a\b)|"
    r"(?:\\x[0-9a-f]{2}){8}",
    re.IGNORECASE,
)


def _site(host: str) -> str:
    """What a host belongs to: ``www.example.gov.cn`` → ``example.gov.cn``."""
    parts = host.split(".")
    if all(part.isdigit() for part in parts) or ":" in host:
        return host
    return ".".join(parts[-3 if len(parts) > 2 and parts[-2] in _SECOND and len(parts[-1]) == 2 else -2 :])


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return "（网址写法不对）"


def absolute(base: str, href: str) -> str:
    """An address made absolute; empty where it is none that HTTP can fetch."""
    try:
        joined = urljoin(base, href.strip())
        return joined if urlsplit(joined).scheme in ("http", "https") and urlsplit(joined).netloc else ""
    except ValueError:
        return ""


def _foreign_host(href: str, base: str) -> str:
    """The host an address names where that is another site; empty otherwise."""
    url = absolute(base, href)
    name = _host(url) if url else ""
    if not name or _site(name) == _site(_host(base)) or _SHARES.search(name):
        return ""
    return name


def _planted(approval: Approval, compared: _Compared) -> Iterator[Drift]:
    """Links, scripts and frames in the article that lead elsewhere and that nobody approved."""
    document, region = compared.document, compared.region
    if region is None:
        return
    base = (document.base and absolute(document.source.url or "", document.base)) or document.source.url or ""
    approved = {_site(_host(url)) for url in approval.article.links}
    approved |= {
        _site(name) for name in re.findall(r"[\w-]+(?:\.[\w-]+)+", " ".join(approval.article.paragraphs))
    }
    told: set[tuple[str, bool]] = set()
    for link in document.links:
        name = _foreign_host(link.href or "", base)
        if not name or _site(name) in approved or not region.start <= link.source.start < region.end:
            continue
        hidden = link.hidden or compared.layout.is_hidden(link.source.start)
        if (name, hidden) in told:
            continue
        told.add((name, hidden))
        words = clip(words_of(document, link), 30) or "（没有文字）"
        what = "隐藏链接" if hidden else "站外链接"
        yield Drift(
            INJECTED,
            f"正文里有未经批准的{what}：“{words}”指向 {name}",
            "",
            words,
            Level.ERROR if hidden else Level.WARNING,
            link.span,
            absolute(base, link.href or ""),
        )
    scripts = [(at, url, code) for at, url, code in compared.layout.scripts]
    scripts += [(at, url, "") for at, url in compared.layout.frames]
    for at, url, code in scripts:
        if not region.start <= at < region.end:
            continue
        name = _foreign_host(url, base)
        if name and _site(name) not in approved and (name, True) not in told:
            told.add((name, True))
            yield Drift(
                INJECTED,
                f"正文里有未经批准的外站脚本或框架：{name}",
                "",
                name,
                None,
                None,
                absolute(base, url),
            )
        elif code and _CLOAKED.search(code):
            yield Drift(INJECTED, "正文里有未经批准、内容经过掩饰的脚本", "", clip(code, 60))


# --- title, time, source, files ---------------------------------------------------------------------


def _title(approval: Approval, document: Document, first: int) -> Iterator[Drift]:
    """Whether the page shows the approved title, before ``first``, where the article's text begins."""
    wanted = key(approval.article.title)
    if not wanted:
        return
    keys = [key(document.slice(block)) for block in document.blocks if block.role is not Role.ATTRIBUTE]
    heads = [block for block in document.blocks if block.role is Role.HEADING and block.level == 1][:20]
    shown = [key(document.slice(block)) for block in heads]
    lead = "".join(approval.article.paragraphs[:3])
    if any(
        one == wanted or (one.startswith(wanted) and one[len(wanted) :] and one[len(wanted) :] in key(lead))
        for one in shown
    ):
        return
    near = [
        (block, text)
        for block, text in zip(heads, shown, strict=True)
        if SequenceMatcher(None, wanted[:300], text[:300], autojunk=False).ratio() >= 0.5
    ]
    if not near and wanted in keys:
        return
    joined = "".join(
        key(document.slice(block))
        for block in document.blocks
        if block.role not in (Role.ATTRIBUTE, Role.TITLE) and block.start <= first
    )
    if not near and wanted in joined:
        return
    after = document.slice(near[0][0]) if near else article_title(document)
    if key(after) == wanted or (not near and key(document.title).startswith(wanted)):
        return
    place = near[0][0].span if near else None
    old, new = clip(approval.article.title), clip(after)
    yield Drift(TITLE, f"标题批准的是“{old}”，线上是“{new}”", approval.article.title, after, None, place)


def _publication(approval: Approval, document: Document, first: int) -> Iterator[Drift]:
    head = [document.slice(block) for block in document.blocks if block.start <= first]
    texts = [document.slice(block) for block in document.blocks if block.role is not Role.ATTRIBUTE]
    if approval.article.published and not shown_time(document, texts):
        date_line = re.compile(r"\D{0,20}20\d\d[-年./]\d.{0,30}")
        dated = any(len(text) <= 60 and date_line.fullmatch(text) for text in head)
        if not dated:
            yield Drift(PUBLICATION, "线上没有显示发布时间，批准稿有", approval.article.published)
    if approval.article.source and not shown_source(document, texts):
        wanted = key(approval.article.source)
        if not any(wanted in key(text) for text in texts if len(text) <= 200):
            yield Drift(
                PUBLICATION,
                f"线上没有显示来源，批准稿写的是“{clip(approval.article.source, 40)}”",
                approval.article.source,
            )


def _files(approval: Approval, document: Document, compared: _Compared | None, result: Comparison) -> None:
    """Look for every attachment and image of the approval on the page."""
    base = (document.base and absolute(document.source.url or "", document.base)) or document.source.url or ""
    linked = [
        (File(words_of(document, link), link.href.strip()), link)
        for link in document.links
        if link.href and not link.hidden
    ]
    for one in approval.article.attachments:
        found = next((other for other, _ in linked if _same_file(one, other)), None)
        if found is not None:
            url = absolute(base, found.href)
            if url:
                result.files.append((one, url))
        elif one.href or not _inline(one, document):
            name = one.name or one.base
            result.drifts.append(
                Drift(
                    MISSING_ATTACHMENT,
                    f"批准稿的附件“{clip(name, 50)}”在网页上没有链接",
                    name,
                    "",
                    Level.ERROR if one.href else Level.WARNING,
                    None,
                    one.href,
                )
            )
    region = compared.region if compared else None
    images = [
        File(image.alt or "", (image.src or "").strip())
        for image in document.images
        if image.main
        and not image.hidden
        and (region is None or region.start <= image.tag.start < region.end)
    ]
    rest = list(images)
    lost = []
    for one in approval.article.images:
        same = next((other for other in rest if _same_image(one, other)), None)
        if same is None:
            lost.append(one)
            continue
        rest.remove(same)
        url = absolute(base, same.href)
        if url:
            result.files.append((File(one.name or one.base, one.href), url))
    # A CMS renames what is uploaded: images that are left stand for those that were not recognised.
    for one, other in zip(lost, rest, strict=False):
        url = absolute(base, other.href)
        if url:
            result.files.append((File(one.name or one.base, one.href), url))
    for one in lost[len(rest) :]:
        name = one.name or one.base or "（没有名称）"
        words = f"批准稿的图片“{clip(name, 50)}”在网页上没有"
        result.drifts.append(Drift(MISSING_ATTACHMENT, words, name, "", None, None, one.href))


def _same_file(one: File, other: File) -> bool:
    if one.href and one.base and one.base == other.base:
        return True
    mine, theirs = one.stem, other.stem
    if len(mine) < 2 or len(theirs) < 2:
        return False
    return mine in theirs or (len(theirs) >= 4 and is_file(other.href) and theirs in mine)


def _same_image(one: File, other: File) -> bool:
    return bool(one.base and one.base == other.base) or bool(one.name and key(one.name) == key(other.name))


def _inline(one: File, document: Document) -> bool:
    """Whether a listed attachment that was never a file follows in the page itself."""
    return document.text.count(one.name.strip()) > 1 or loose(key(document.text)).count(one.stem) > 1


def dead_file(one: File, url: str, cause: str) -> Drift:
    """An attachment or image that the page links to and that cannot be had."""
    name = one.name or one.base
    return Drift(
        MISSING_ATTACHMENT, f"批准稿的附件或图片“{clip(name, 50)}”打不开：{cause}", name, "", None, None, url
    )


# --- the whole ----------------------------------------------------------------------------------------

_ERROR_PAGE = re.compile(
    r"404|not\s*found|(?:页面|网页|文章|内容|信息|文件|资源|栏目)(?:已经?)?(?:不存在|找不到|被?删除|已?失效|下线|过期)|"
    r"(?:找不到|无法找到|没有找到|不存在)(?:该|此|您|这个|相关)?.{0,10}(?:页面|网页|文章|内容|信息|文件)|(?:访问|请求)的.{0,12}(?:不存在|出错|有误)|"
    r"正在维护|系统出错|出错了",
    re.IGNORECASE,
)


def moved_home(url: str, final_url: str) -> bool:
    """Whether the address of an article ended up at a home page."""
    return bool(_path(url)) and not _path(final_url)


def _path(url: str) -> str:
    rest = url.partition("//")[2].partition("/")[2].partition("#")[0]
    return "" if rest.lower().startswith(("index.", "default.")) and "?" not in rest else rest


def offline(cause: str) -> Comparison:
    """An approved article that is not to be had at its address.

    Args:
        cause: Chinese, names the cause: ``找不到该网页（404）``.
    """
    return Comparison([Drift(OFFLINE, f"批准的稿件不在线上：{cause}")])


def compare(approval: Approval, document: Document) -> Comparison:
    """Compare a page with what was approved.

    Args:
        approval: with its words, or with their hash alone.
        document: the page; ``document.source.url`` is where it was found at last.
    """
    result = Comparison()
    shown = [document.slice(block) for block in document.blocks if block.role is not Role.ATTRIBUTE]
    size = sum(len(key(text)) for text in shown)
    if approval.chars and size < 40 and size < approval.chars / 2:
        if any(one.kind == "script" for one in document.resources) or "<script" in document.source.text:
            result.gap = "网页内容由脚本生成，读不到正文，没有核对"
            return result
        return offline("网页打开后没有内容")
    if approval.has_text:
        compared = _Compared(approval, document) if approval.chars else None
    else:
        return _by_hash(approval, document, shown, result)
    if compared is not None:
        share = _share(compared.left, compared.partner)
        if share < 0.3 and _likeness(compared.body, compared.text) < 0.3:
            return offline(_stranger(document, shown))
        drifts = list(compared.drifts())
        result.drifts += sorted(drifts, key=lambda one: one.place or Span(len(document.text), 0))
        result.drifts += _unreported(_planted(approval, compared), drifts)
        if len(result.drifts) > MAX_CHANGES:
            result.notices.append(f"与批准稿不同之处共 {len(result.drifts)} 处，只列出前 {MAX_CHANGES} 处")
            del result.drifts[MAX_CHANGES:]
    found = compared.matched if compared else []
    first = compared.right[found[0]].span.start if compared and found else len(document.text)
    result.drifts[:0] = _title(approval, document, first)
    result.drifts += _publication(approval, document, first)
    _files(approval, document, compared, result)
    return result


def _unreported(planted: Iterable[Drift], told: Sequence[Drift]) -> Iterator[Drift]:
    """Links that do not stand in a paragraph already told of."""
    blocks = [one.place for one in told if one.place is not None and one.rule is INJECTED]
    for one in planted:
        at = one.place
        inside = at is not None and at.end > at.start
        if (
            inside
            and at is not None
            and any(place.start <= at.start and at.end <= place.end for place in blocks)
        ):
            continue
        yield one


def _stranger(document: Document, shown: Sequence[str]) -> str:
    """What a page is that is not the article."""
    head = " ".join([document.title, *(text for text in shown if len(text) <= 80)])[:2000]
    if sum(map(len, shown)) < 3000 and _ERROR_PAGE.search(head):
        return f"网页能打开，但显示的是出错页面（“{clip(document.title or shown[0] if shown else '', 30)}”）"
    return f"网页能打开，但不是这篇稿件（网页标题“{clip(article_title(document), 40)}”）"


def _by_hash(approval: Approval, document: Document, shown: Sequence[str], result: Comparison) -> Comparison:
    """Whether some run of whole paragraphs has the approved hash."""
    if _holds(approval, document):
        first = len(document.text)
        result.drifts += _title(approval, document, first)
        _files(approval, document, None, result)
        return result
    head = " ".join([document.title, *(text for text in shown if len(text) <= 80)])[:2000]
    if sum(map(len, shown)) < 3000 and _ERROR_PAGE.search(head):
        return offline(_stranger(document, shown))
    result.drifts += _title(approval, document, len(document.text))
    result.drifts.append(
        Drift(
            CHANGED,
            "线上正文与批准的不一致（批准时只留了校验值，没有留全文，说不出哪里不同）",
            level=Level.ERROR,
        )
    )
    _files(approval, document, None, result)
    return result


def _holds(approval: Approval, document: Document) -> bool:
    for chrome in (False, True):
        keys = [
            words
            for block in article_blocks(document, chrome=chrome)
            if (words := body_key(document.slice(block), approval.article.title))
        ]
        text = "".join(keys)
        edges = [0]
        for words in keys:
            edges.append(edges[-1] + len(words))
        ends = set(edges)
        budget = _WINDOW_BUDGET
        for start in edges:
            if start + approval.chars in ends and budget > 0:
                budget -= approval.chars
                if digest(text[start : start + approval.chars]) == approval.text_hash:
                    return True
    return False


def findings(
    drifts: Iterable[Drift], approval: Approval, path: str, document: Document | None
) -> list[Finding]:
    """Drifts as findings, in their order.

    Args:
        drifts: what was found.
        approval: its identity is that of the findings.
        path: how the report names the page.
        document: the page, where one was read.
    """
    seen: dict[tuple[str, str, str], int] = {}
    made = []
    for one in drifts:
        start = end = _START
        before = after = ""
        if document is not None and one.place is not None:
            place = document.to_source(one.place)
            start, end = document.source.position(place.start), document.source.position(place.end)
        quote = clip(one.after or one.before, 200)
        anchor = (one.rule.id, key(one.before) or one.target, key(one.after))
        ordinal = seen[anchor] = seen.get(anchor, -1) + 1
        made.append(
            Finding(
                rule=one.rule.id,
                title=one.rule.title,
                level=one.level or one.rule.level,
                pass_=one.rule.passes,
                confidence=Confidence.HIGH,
                message=one.message,
                path=path,
                start=start,
                end=end,
                quote=quote,
                before=before,
                after=after,
                basis=one.rule.basis.cite,
                fingerprint=fingerprint(one.rule.id, approval.identity, anchor[1], anchor[2], "", ordinal),
                suggestion=clip(one.before, 200) if one.after and one.before else "",
            )
        )
    return made
