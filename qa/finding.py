"""What a rule found: level, pass, place, words for the editor, and an identity that lasts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum

from qa.source import Position, Span


class Level(IntEnum):
    """How grave a finding is. Ordered: ``NOTE < WARNING < ERROR < VETO``."""

    NOTE = 1
    WARNING = 2
    ERROR = 3
    VETO = 4

    @property
    def key(self) -> str:
        """Name in configuration and reports: ``note`` … ``veto``."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """Chinese name."""
        return {1: "提示", 2: "警告", 3: "错误", 4: "一票否决"}[self.value]

    @classmethod
    def parse(cls, key: str) -> Level:
        """Level of a key; raises ``KeyError`` for an unknown one."""
        return cls[key.upper()]


class Confidence(StrEnum):
    """How sure the rule is, apart from how grave the fault would be."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def label(self) -> str:
        return {"high": "高", "medium": "中", "low": "低"}[self.value]


class Pass(Enum):
    """The six passes of 三审三校, in the order people sign them."""

    PROOF1 = ("proof1", "一校", "文字")
    PROOF2 = ("proof2", "二校", "格式")
    PROOF3 = ("proof3", "三校", "事实")
    REVIEW1 = ("review1", "初审", "表述")
    REVIEW2 = ("review2", "复审", "风险")
    REVIEW3 = ("review3", "终审", "要素")

    @property
    def key(self) -> str:
        """Name in configuration and reports."""
        return self.value[0]

    @property
    def label(self) -> str:
        """``一校 文字``."""
        return f"{self.value[1]} {self.value[2]}"

    @property
    def short(self) -> str:
        """``一校``."""
        return self.value[1]

    @classmethod
    def parse(cls, key: str) -> Pass:
        """Pass of a key; raises ``KeyError`` for an unknown one."""
        for item in cls:
            if item.key == key.lower():
                return item
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Fix:
    """One replacement in the source. ``safe``: right whatever the context, may be applied unseen."""

    span: Span
    replacement: str
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding, with words on why."""

    message: str
    start: Position
    end: Position
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in one document.

    Attributes:
        rule: id of the rule, as ``typo/homophone``.
        path: the source's name.
        start, end: places in the source; ``end`` is exclusive.
        quote: the words found (reader's text); ``before``/``after``: what stands around them.
        message, why: for the editor, Chinese.
        basis: the standard and clause, as people cite it; ``basis_url`` where it is online.
        fingerprint: 32 hex digits; see :func:`fingerprint`.
        chrome: in navigation, header or footer: the same on every page of a site.
        suppressed: the reason given where somebody chose to ignore it.
        baseline: ``new``, ``unchanged`` or empty when no baseline is in use.
    """

    rule: str
    title: str
    level: Level
    pass_: Pass
    confidence: Confidence
    message: str
    path: str
    start: Position
    end: Position
    quote: str
    before: str
    after: str
    basis: str
    fingerprint: str
    basis_url: str = ""
    fixes: tuple[Fix, ...] = ()
    suggestion: str = ""
    score_item: str = ""
    related: tuple[Related, ...] = ()
    chrome: bool = False
    suppressed: str | None = None
    baseline: str = ""
    text_span: Span = field(default=Span(0, 0))


_BLANKS = str.maketrans("", "", " \t\r\n\f\v\u00a0\u3000\u2002\u2003\u2009\u200b\ufeff")


def squeeze(text: str) -> str:
    """Text without any blanks: what fingerprints hash, so that reflowing changes nothing."""
    return text.translate(_BLANKS)


def fingerprint(rule: str, identity: str, before: str, quote: str, after: str, ordinal: int) -> str:
    """Identity of a finding: 32 hex digits of SHA-256.

    Hashes rule, document identity, the words found and up to 24 characters on each side with
    blanks removed, and an ordinal that tells equal findings apart.  No line numbers, so it
    survives edits elsewhere in the document.
    """
    parts = (rule, identity, squeeze(before), squeeze(quote), squeeze(after), str(ordinal))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
