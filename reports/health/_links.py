"""Health of links: every distinct target of the pages of a run, with where it leads and who carries it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reports.health._data import Facts

ALIVE, MOVED, DEAD, UNSURE = "alive", "moved", "dead", "unsure"
STATES: Mapping[str, str] = {ALIVE: "正常", MOVED: "已永久迁移", DEAD: "打不开", UNSURE: "无法判定"}
"""States of links and their Chinese names."""

KINDS: Mapping[str, str] = {
    "dns": "域名不存在",
    "dns-temporary": "域名暂时无法解析",
    "refused": "拒绝连接",
    "unreachable": "网络不通",
    "reset": "连接中断",
    "timeout": "超时",
    "tls-expired": "证书过期",
    "tls-host": "证书与域名不符",
    "tls-untrusted": "证书不受信任",
    "tls-old": "加密协议过时",
    "tls": "加密连接失败",
    "too-large": "内容过大",
    "redirects": "跳转过多",
    "redirect-loop": "循环跳转",
    "malformed": "回应不合规范",
    "truncated": "内容不完整",
    "wrong-type": "类型不符",
    "bad-url": "网址有误",
    "private": "指向内网",
    "client-error": "拒绝访问",
    "server-error": "服务器出错",
    "soft404": "假正常（页面提示不存在）",
    "robots": "robots.txt 不允许访问",
    "unasked": "没有检查",
}
"""Kinds of failures, in few words."""

RESOURCES: Mapping[str, str] = {
    "a": "网页或附件",
    "area": "图片热区",
    "image": "图片",
    "script": "脚本",
    "style": "样式表",
    "frame": "框架页",
    "media": "音视频",
    "object": "嵌入对象",
    "form": "表单",
    "refresh": "自动跳转",
}
"""Kinds of links as the national detail tables call them (资源类型)."""

_DEAD_KINDS = frozenset(
    ["dns", "refused", "tls-expired", "tls-host", "redirect-loop", "redirects", "bad-url", "soft404"]
)
_DEAD_STATUS = frozenset([404, 410, 500, 501, 502, 504])
_DOCUMENTS = (
    ".doc",
    ".docx",
    ".xls",
    ".xlsx",
    ".pdf",
    ".wps",
    ".et",
    ".ofd",
    ".zip",
    ".rar",
    ".ppt",
    ".pptx",
)

# The index on targets holds the content, too, so counting reads no row of the table itself.
_PREPARE = """
CREATE TEMP TABLE health_target AS
  SELECT l.target_id, count(DISTINCT l.content_id) AS pages, l.content_id AS first, min(v.rank), l.n
  FROM link l INDEXED BY link_target CROSS JOIN health_live v ON v.content_id = l.content_id
  GROUP BY l.target_id ORDER BY l.target_id
"""
_TARGETS = """
SELECT g.target_id, g.pages, u.url, u.host, l.kind, l.text, f.status, f.failure, f.message, f.next_id,
  EXISTS (SELECT 1 FROM mark m WHERE m.run_id = ?1 AND m.url_id = g.target_id AND m.name = 'soft404')
FROM temp.health_target g
CROSS JOIN temp.health_rank r ON r.url_id = g.target_id
CROSS JOIN url u ON u.id = g.target_id
CROSS JOIN link l ON l.content_id = g.first AND l.n = g.n
LEFT JOIN fetch f ON f.run_id = ?1 AND f.url_id = g.target_id
"""
_SUSPECTS = """
WHERE f.url_id IS NULL OR f.failure IS NOT NULL OR f.status >= 400 OR f.next_id IS NOT NULL
  OR EXISTS (SELECT 1 FROM mark m WHERE m.run_id = ?1 AND m.url_id = g.target_id AND m.name = 'soft404')
"""


class Target(NamedTuple):
    """One address that pages link to.

    Attributes:
        final: where redirects lead; empty: nowhere else.
        status: of the last answer; 0 where none came. ``failure``: kind; empty where there is none.
        kind: of the link that was seen first; ``text``: its words.
        state: ``alive``, ``moved``, ``dead`` or ``unsure``.
    """

    id: int
    url: str
    final: str
    status: int
    failure: str
    message: str
    kind: str
    text: str
    pages: int
    inside: bool
    state: str

    @property
    def resource(self) -> str:
        """资源类型."""
        if self.kind in ("a", "area") and self.url.partition("?")[0].lower().endswith(_DOCUMENTS):
            return "附件"
        return RESOURCES.get(self.kind, "网页或附件")

    @property
    def scope(self) -> str:
        """链接范围."""
        return "站内" if self.inside else "站外"

    @property
    def cause(self) -> str:
        """Why it cannot be opened, for people."""
        return self.message or KINDS.get(self.failure, self.failure)


def _state(status: int, failure: str, *, moved: bool) -> str:
    if failure in _DEAD_KINDS or status in _DEAD_STATUS:
        return DEAD
    if failure or status >= 400:
        return UNSURE
    return MOVED if moved else ALIVE


def prepare(facts: Facts) -> None:
    """Count once how many pages carry each target; :func:`targets` and :func:`carriers` rest on it."""
    facts.db.execute("DROP TABLE IF EXISTS temp.health_target")
    facts.db.execute(_PREPARE)


def total(facts: Facts) -> int:
    """Number of distinct targets."""
    return int(facts.db.execute("SELECT count(*) FROM temp.health_target").fetchone()[0])


def targets(facts: Facts, *, suspects: bool = False) -> Iterator[Target]:
    """Every distinct target, in order of address; streamed. Call :func:`prepare` first.

    Args:
        facts: of the run.
        suspects: leave out those that were answered at once and well.
    """
    resolve, internal = facts.site.resolve, facts.site.internal
    sql = _TARGETS + (_SUSPECTS if suspects else "") + "ORDER BY r.rank"
    for row in facts.db.execute(sql, (facts.run.run,)):
        target, pages, url, host, kind, text, status, failure, message, next_id, soft = row
        final, moved = "", False
        if status is None:
            status, failure, message = 0, "unasked", "没有检查"
        elif next_id is not None:
            end = resolve(target)
            final, moved = facts.site.url(end.url_id), end.permanent
            status, failure, message = end.status, end.failure, end.message
            soft = _soft(facts, end.url_id)
        if soft:
            failure, message = "soft404", "网页能打开，但内容提示该网页不存在"
        state = _state(status, failure or "", moved=moved)
        yield Target(
            target, url, final, status, failure or "", message or "", kind, text, pages, internal(host), state
        )


def carriers(facts: Facts, target: int, *, limit: int = -1) -> Iterator[str]:
    """Addresses of all pages that link to a target, in order of address."""
    for (url,) in facts.db.execute(
        "SELECT u.url FROM (SELECT DISTINCT v.url_id, v.rank FROM link l CROSS JOIN health_live v"
        " ON v.content_id = l.content_id WHERE l.target_id = ? ORDER BY v.rank LIMIT ?) o"
        " CROSS JOIN url u ON u.id = o.url_id ORDER BY o.rank",
        (target, limit),
    ):
        yield url


def reason_of(one: Target) -> str:
    """Why a target is not fine: a status or a kind of failure; empty for one that is."""
    if one.state in (ALIVE, MOVED):
        return ""
    if one.status >= 400 and one.failure in ("client-error", "server-error", ""):
        return str(one.status)
    return one.failure


def reason_label(reason: str) -> str:
    """Chinese words for a kind of failure or a status."""
    return f"返回码 {reason}" if reason.isdigit() else KINDS.get(reason, reason)


def _soft(facts: Facts, url_id: int) -> bool:
    row = facts.db.execute(
        "SELECT 1 FROM mark WHERE run_id = ? AND url_id = ? AND name = 'soft404'", (facts.run.run, url_id)
    ).fetchone()
    return row is not None
