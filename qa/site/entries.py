"""``[[sites]]`` and ``[ledger]`` of ``shenjiao.toml``: which sites are looked at, how, when, and where to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from qa.config import TOP_KEYS, ConfigError, Table, read_toml, suggest
from qa.files import display
from qa.site.facts import MARKS
from qa.site.model import Column, SiteConfig, default_thresholds
from qa.site.options import CrawlOptions
from qa.site.urls import canonical

LEDGER_VARIABLE = "SHENJIAO_LEDGER"
"""Environment variable that outweighs ``[ledger] url``."""

DEFAULT_AT = "01:30"

_CRAWL = {item.name.replace("_", "-"): item.default for item in fields(CrawlOptions)}
_OWN_KEYS = (
    "home",
    "url",
    "name",
    "unit",
    "code",
    "key",
    "out",
    "at",
    "columns",
    "thresholds",
    "unimportant",
)
_COLUMN_KEYS = ("url", "name", "type", "days")
_AT_LEAST_ONE = frozenset(["max-bytes", "concurrency", "total"])
_ABOVE_ZERO = frozenset(["timeout", "connect"])
_HOST = re.compile(r"(?:[\w-]+\.)+(?:[a-z]{2,}|\d+)(?::\d+)?(?:/\S*)?", re.IGNORECASE)
_SQLITE = "sqlite:///"


@dataclass(frozen=True)
class SiteEntry:
    """One ``[[sites]]`` table.

    Attributes:
        site: who it is.
        crawl: how it is crawled.
        out: folder for its run store, snapshots and reports; absolute.
        at: local time of the nightly run, ``HH:MM``.
        key: short name on the command line.
    """

    site: SiteConfig
    crawl: CrawlOptions
    out: Path
    at: str
    key: str

    @property
    def label(self) -> str:
        """The name people know it by."""
        return self.site.name or self.key


@dataclass(frozen=True)
class Sites:
    """All sites of a file and the ledger they are kept in."""

    entries: tuple[SiteEntry, ...] = ()
    ledger: str = ""
    base: Path = Path()

    @property
    def ledger_url(self) -> str:
        """Address of the ledger: the environment's, the file's, or ``ledger.db`` beside the sites' folders."""
        own = os.environ.get(LEDGER_VARIABLE, "").strip()
        if own:
            return ledger_address(own, Path.cwd(), f"环境变量 {LEDGER_VARIABLE}")
        if self.ledger:
            return self.ledger
        parents = {entry.out.parent for entry in self.entries}
        folder = parents.pop() if len(parents) == 1 else Path(os.path.abspath(self.base))  # noqa: PTH100
        return f"{_SQLITE}{(folder / 'ledger.db').as_posix()}"

    def pick(self, words: Sequence[str]) -> tuple[SiteEntry, ...]:
        """Entries named by key, name or home page, in the order given; all of them where none is named.

        Raises:
            ConfigError: no such site, or no site at all.
        """
        if not self.entries:
            raise ConfigError("配置文件里没有站点，请用 [[sites]] 写明首页地址（home）")
        if not words:
            return self.entries
        return tuple({entry.key: entry for entry in map(self.find, words)}.values())

    def find(self, word: str) -> SiteEntry:
        """The entry of a key, a name or a home page.

        Raises:
            ConfigError: there is none.
        """
        home = canonical(word)
        for entry in self.entries:
            if word in (entry.key, entry.site.name) or (home is not None and home == entry.site.home):
                return entry
        known = [name for entry in self.entries for name in (entry.key, entry.site.name) if name]
        listed = f"（已有：{'、'.join(entry.key for entry in self.entries)}）" if self.entries else ""
        if _HOST.fullmatch(word):
            listed += f"；如果是网址，请写全 http://{word} 或 https://{word}"
        raise ConfigError(f"配置文件里没有站点“{word}”{suggest(word, known) or listed}")


def load_sites(path: Path) -> Sites:
    """The sites of a configuration file; its rules are not looked at.

    Raises:
        ConfigError: it cannot be read, or its sites or ledger are not as they should be.
    """
    root = Table(read_toml(path), display(path))
    root.known(TOP_KEYS)
    return parse_sites(root, path.parent)


def parse_sites(root: Table, base: Path) -> Sites:
    """The sites and the ledger of a configuration.

    Args:
        root: the whole file.
        base: folder that paths are relative to.

    Raises:
        ConfigError: an unknown key, a value of the wrong kind, or two sites that cannot be told apart.
    """
    base = Path(os.path.abspath(base))  # noqa: PTH100 - links stay as they are written
    tables = root.tables("sites")
    entries = [_entry(table, base) for table in tables]
    for what, values in (
        ("首页地址", [entry.site.home for entry in entries]),
        ("名称（name）", [entry.site.name for entry in entries]),
        ("简称（key）", [entry.key for entry in entries]),
        ("文件夹（out）", [os.path.normcase(entry.out) for entry in entries]),
    ):
        _distinct(tables, what, values)
    ledger = root.table("ledger")
    ledger.known(("url",))
    url = ledger.text("url").strip()
    if "url" in ledger.data and not url:
        raise ledger.fail("url", "台账地址，如 sqlite:///ledger.db")
    return Sites(tuple(entries), ledger_address(url, base, ledger.where) if url else "", base)


def ledger_address(url: str, base: Path, where: str) -> str:
    """A ledger's address with its path made absolute.

    Raises:
        ConfigError: neither SQLite nor PostgreSQL. Passwords are not repeated.
    """
    scheme, colon, rest = url.partition(":")
    if colon and scheme in ("postgresql", "postgres") and rest.startswith("//"):
        return f"postgresql:{rest}"
    if url.startswith(_SQLITE) and len(url) > len(_SQLITE):
        return f"{_SQLITE}{(base / url[len(_SQLITE) :]).as_posix()}"
    raise ConfigError(f"{where}：台账地址应写作 sqlite:///文件路径 或 postgresql://用户@主机/库名")


def _distinct(tables: Iterable[Table], what: str, values: Iterable[str]) -> None:
    seen: dict[str, int] = {}
    for n, (table, value) in enumerate(zip(tables, values, strict=True), 1):
        if value and value in seen:
            raise ConfigError(f"{table.where}：{what}与第 {seen[value]} 个站点相同，请分别写明")
        seen[value] = n


def _dashed(table: Table) -> Table:
    """The table with its keys in their one spelling; ``max_pages`` is as good as ``max-pages``."""
    found: dict[str, Any] = {}
    for key, value in table.data.items():
        name = key.replace("_", "-")
        if name in found:
            raise ConfigError(f"{table.where}：“{name}”写了两次")
        found[name] = value
    return Table(found, table.where)


def _entry(table: Table, base: Path) -> SiteEntry:
    table = _dashed(table)
    table.known((*_OWN_KEYS, *_CRAWL))
    home = _home(table)
    site = SiteConfig(
        home,
        table.text("name").strip(),
        table.text("unit").strip(),
        _code(table),
        tuple(_column(column, home) for column in table.tables("columns")),
        _thresholds(table.table("thresholds")),
        tuple(_address(table, "unimportant", url, home) for url in table.texts("unimportant")),
    )
    host = urlsplit(home).netloc.removeprefix("www.")
    key = table.text("key").strip() or host
    if key.startswith("-") or any(char.isspace() or char in "/\\" or not char.isprintable() for char in key):
        raise table.fail("key", "简称：不能有空白和斜线，不能以 - 开头")
    out = table.text("out").strip() or key.replace(":", "_")
    if not out.isprintable():
        raise table.fail("out", "文件夹路径，不能有换行等控制字符")
    return SiteEntry(site, _crawl(table, home), Path(os.path.abspath(base / out)), _at(table), key)  # noqa: PTH100


def _home(table: Table) -> str:
    if "home" in table.data and "url" in table.data:
        raise ConfigError(f"{table.where}：home 与 url 是一回事，只写一个")
    key = "url" if "url" in table.data else "home"
    text = table.text(key).strip()
    if not text:
        raise ConfigError(f"{table.where}：缺少 home（首页地址）")
    return _address(table, key, text, "")


def _address(table: Table, key: str, text: str, home: str) -> str:
    """One address of a table in its one spelling; below ``home`` where it is a path."""
    text = text.strip()
    found = canonical(urljoin(home, text) if text.startswith("/") else text)
    if found is None or not text.lower().startswith(("http://", "https://", "/")):
        kind = "网址，如 https://www.example.gov.cn/" + ("zwgk/，或路径 /zwgk/" if home else "")
        raise ConfigError(f"{table.where}：“{key}”应为{kind}，实际是 {text!r}")
    if "@" in urlsplit(found).netloc:
        raise ConfigError(f"{table.where}：“{key}”的网址里不要写用户名和密码")
    return found


def _code(table: Table) -> str:
    value = table.data.get("code", "")
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or (text.strip() and not re.fullmatch(r"[0-9A-Za-z]{10}", text.strip())):
        raise table.fail("code", "十位网站标识码")
    return text.strip()


def _at(table: Table) -> str:
    value = table.data.get("at", DEFAULT_AT)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    found = re.fullmatch(r"(\d{1,2}):(\d\d)", value.strip()) if isinstance(value, str) else None
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise table.fail("at", "时刻，如 01:30")
    return f"{int(found[1]):02}:{found[2]}"


def _column(table: Table, home: str) -> Column:
    table.known(_COLUMN_KEYS)
    if not table.text("url").strip():
        raise ConfigError(f"{table.where}：缺少 url（栏目地址）")
    kinds = list(default_thresholds()["columns"])
    kind = table.text("type").strip()
    if kind and kind not in kinds:
        raise ConfigError(
            f"{table.where}：没有栏目类型“{kind}”，应为 {'、'.join(kinds)} 之一{suggest(kind, kinds)}"
        )
    url = _address(table, "url", table.text("url"), home)
    return Column(url, table.text("name").strip(), kind, table.number("days", 0))


def _thresholds(table: Table) -> Mapping[str, Mapping[str, Any]]:
    known = default_thresholds()
    table.known(known)
    found: dict[str, dict[str, Any]] = {}
    for name in table.data:
        own = table.table(name)
        own.known(known[name])
        found[name] = {key: _threshold(own, key, known[name][key]) for key in own.data}
    return found


def _threshold(table: Table, key: str, usual: Any) -> Any:
    if isinstance(usual, list):
        marks = table.texts(key)
        for mark in marks:
            if mark not in MARKS:
                raise ConfigError(
                    f"{table.where}：“{key}”里没有“{mark}”这一项，应为 {'、'.join(MARKS)}{suggest(mark, MARKS)}"
                )
        return list(marks)
    return table.real(key, usual) if isinstance(usual, float) else table.number(key, usual)


def _crawl(table: Table, home: str) -> CrawlOptions:
    values: dict[str, Any] = {}
    for key, usual in _CRAWL.items():
        if key not in table.data:
            continue
        if isinstance(usual, bool):
            values[key] = table.flag(key, usual)
        elif isinstance(usual, int):
            values[key] = table.number(key, usual, 1 if key in _AT_LEAST_ONE else 0)
        elif isinstance(usual, float):
            values[key] = table.real(key, usual)
            if key in _ABOVE_ZERO and not values[key]:
                raise table.fail(key, "大于 0 的数")
        elif isinstance(usual, str):
            values[key] = table.text(key)
        else:
            values[key] = table.texts(key)
    if not values.get("user-agent", "").isprintable():
        raise table.fail("user-agent", "一行文字")
    for key in ("include", "exclude"):
        for pattern in values.get(key, ()):
            _pattern(table, key, pattern)
    if "seeds" in values:
        values["seeds"] = tuple(_address(table, "seeds", seed, home) for seed in values["seeds"])
    for host in values.get("hosts", ()):
        if not re.fullmatch(r"(\*\.)?[^\s/*@?#]+", host):
            raise ConfigError(f"{table.where}：“hosts”应写主机名，如 *.example.gov.cn，实际是 {host!r}")
    return CrawlOptions(**{key.replace("-", "_"): value for key, value in values.items()})


def _pattern(table: Table, key: str, pattern: str) -> None:
    if not pattern.startswith("re:"):
        return
    try:
        re.compile(pattern[3:])
    except re.error as error:
        raise ConfigError(f"{table.where}：“{key}”里的正则表达式 {pattern!r} 有误（{error}）") from None
