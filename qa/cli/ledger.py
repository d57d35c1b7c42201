"""``shenjiao ledger``: look things up in the ledger, and note what was decided."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qa.cli._base import CliError, Command, Group, cells, emit, emit_text, remark

if TYPE_CHECKING:
    from qa.ledger import Filters, LedgerIssue, Status
    from qa.ledger.book import Ledger
    from qa.site.entries import Sites

F = TypeVar("F", bound=Callable[..., Any])

COLUMNS = (
    "编号", "网站", "单位", "栏目", "标题", "网址", "页数", "级别", "问题", "说明", "前文", "原文", "后文",
    "建议", "依据", "审次", "规则", "首次发现", "最近发现", "消失时间", "检查结果", "状态", "处理人",
    "处理时间", "备注", "忽略理由",
)  # fmt: skip
_TABLE = (("编号", 12), ("级别", 8), ("状态", 6), ("发现", 10), ("页数", 5), ("网站", 20), ("问题", 44))
_FORMULA = tuple("=+-@\t\r")


@click.group(cls=Group)
def ledger() -> None:
    """问题台账：各站点查出过什么，还在不在，处理到哪一步。"""


def _where(function: F) -> F:
    """The options that say which ledger is meant."""
    for option in (
        click.option("--ledger", "url", metavar="URL", help="台账地址；默认取配置文件的 [ledger]"),
        click.option("--config", metavar="FILE", help="配置文件；默认从当前文件夹向上找 shenjiao.toml"),
    ):
        function = option(function)
    return function


def _open(config: str | None, url: str | None, *, upgrade: bool = False) -> tuple[Ledger, Sites]:
    """The ledger meant, and the configured sites (none where there is no file)."""
    import os
    from pathlib import Path

    from qa.cli._sites import find_sites
    from qa.config import ConfigError
    from qa.ledger import LedgerError, open_ledger
    from qa.site.entries import LEDGER_VARIABLE, Sites, ledger_address

    found = find_sites(config or "")
    sites = found[1] if found else Sites()
    try:
        if url:
            address = ledger_address(url, Path.cwd(), "--ledger")
        elif found is not None or os.environ.get(LEDGER_VARIABLE, "").strip():
            address = sites.ledger_url
        else:
            raise CliError("没有找到 shenjiao.toml；请用 --config 指明，或用 --ledger 写明台账地址")
    except ConfigError as error:
        raise CliError(str(error)) from None
    path = Path(address.removeprefix("sqlite:///"))
    if address.startswith("sqlite:") and not path.is_file():
        from qa.files import display

        raise CliError(f"台账“{display(path)}”还没有建立，先运行 shenjiao health 体检一次")
    try:
        return open_ledger(address, upgrade=upgrade), sites
    except LedgerError as error:
        raise CliError(str(error), 3) from None


def _homes(names: Sequence[str], sites: Sites, book: Ledger) -> tuple[str, ...]:
    """Home pages, names or units as the ledger knows them; keys of the configuration are as good."""
    from qa.config import ConfigError, suggest
    from qa.site.urls import canonical

    stats = book.stats()
    known = {word for one in stats for word in (one.home, one.site, one.unit) if word}
    homes = []
    for name in names:
        if name in known:
            homes.append(name)
            continue
        try:
            home = sites.find(name).site.home
        except ConfigError:
            home = canonical(name) or name
        if home not in known:
            words = [*known, *(entry.key for entry in sites.entries)]
            raise CliError(f"台账里没有站点或单位“{name}”{suggest(name, words)}")
        homes.append(home)
    return tuple(homes)


# --- list ---------------------------------------------------------------------------------------


@ledger.command("list", cls=Command, short_help="列出问题")
@_where
@click.option(
    "--site", "names", metavar="SITE", multiple=True, help="只列这些站点：简称、名称、首页地址或单位"
)
@click.option("--level", metavar="LEVEL", help="达到此级别的：note、warning、error、veto")
@click.option("--pass", "passes", metavar="PASS", multiple=True, help="只列这些环节，如 proof1 或 一校")
@click.option("--rule", "rules", metavar="RULE", multiple=True, help="只列这些规则")
@click.option(
    "--state",
    "words",
    metavar="STATE",
    multiple=True,
    help="只列这些状态，如 待处理、已整改、误报；open：没有了结的",
)
@click.option("--since", metavar="DATE", help="这一天（含）以后首次发现的，如 2025-03-01")
@click.option("--gone", is_flag=True, help="列已消失的；默认列仍在的")
@click.option("--all", "everything", is_flag=True, help="仍在的、已消失的都列")
@click.option("--ignored", is_flag=True, help="连同网页或配置中注明忽略的")
@click.option("--format", "form", metavar="FORMAT", default="text", help="text（默认）、csv 或 json")
def list_(
    config: str | None,
    url: str | None,
    names: tuple[str, ...],
    level: str | None,
    passes: tuple[str, ...],
    rules: tuple[str, ...],
    words: tuple[str, ...],
    since: str | None,
    gone: bool,
    everything: bool,
    ignored: bool,
    form: str,
) -> int:
    """列出台账里的问题，默认只列仍在的。"""
    from qa.config import suggest
    from qa.ledger import Filters, State

    write = {"text": _text, "csv": _csv, "json": _json}.get(form)
    if write is None:
        raise CliError(
            f"--format：没有“{form}”这种格式，应为 text、csv 或 json{suggest(form, ('text', 'csv', 'json'))}"
        )
    if gone and everything:
        raise CliError("--gone 与 --all 不能同时使用")
    state = None if everything else State.GONE if gone else State.OPEN
    filters = Filters(
        level=_level(level),
        passes=_passes(passes),
        rules=rules,
        state=state,
        statuses=frozenset(status for word in words for status in _statuses(word)),
        since=_since(since),
        suppressed=ignored,
    )
    return _with(config, url, lambda book, sites: _list(book, sites, filters, names, write))


def _list(
    book: Ledger,
    sites: Sites,
    filters: Filters,
    names: Sequence[str],
    write: Callable[[Iterator[LedgerIssue]], int],
) -> int:
    from dataclasses import replace

    filters = replace(filters, sites=_homes(names, sites, book))
    count = write(book.issues(filters))
    remark(f"共 {count} 条")
    return 0


def _with(config: str | None, url: str | None, work: Callable[[Ledger, Sites], int]) -> int:
    """Work on the ledger meant; what fails in it is told with exit code 3."""
    from qa.ledger import LedgerError

    book, sites = _open(config, url)
    with book:
        try:
            return work(book, sites)
        except LedgerError as error:
            raise CliError(str(error), 3) from None


def _level(word: str | None) -> Any:
    from qa.config import ConfigError, gate_level

    try:
        return gate_level(word, "--level") if word else None
    except ConfigError as error:
        raise CliError(str(error)) from None


def _passes(words: Iterable[str]) -> tuple[str, ...]:
    from qa.config import ConfigError, gate_pass

    try:
        return tuple(gate_pass(word, "--pass").key for word in words)
    except ConfigError as error:
        raise CliError(str(error)) from None


def _statuses(word: str) -> tuple[Status, ...]:
    """The statuses of a word of ``--state``; ``open`` stands for what still waits for somebody."""
    from qa.ledger import Status

    if word.strip().lower() in ("open", "未了结"):
        return Status.PENDING, Status.ASSIGNED
    return (_status(word, "--state"),)


def _status(word: str, where: str) -> Status:
    from qa.config import suggest
    from qa.ledger import Status

    try:
        return Status.parse(word)
    except KeyError:
        labels = [status.label for status in Status]
        near = suggest(word, [*labels, *(status.value for status in Status)])
        raise CliError(f"{where}：没有“{word}”这种状态，应为 {'、'.join(labels)}{near}") from None


def _since(word: str | None) -> str:
    if not word:
        return ""
    from qa.config import as_date

    found = as_date(word)
    if found is None:
        raise CliError(f"--since：“{word}”不是日期，应写作 2025-03-01")
    from datetime import UTC, datetime, time

    midnight = datetime.combine(found, time()).timestamp()
    return datetime.fromtimestamp(midnight, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _local(moment: str | None) -> str:
    """A time as clocks here show it: a run at half past one at night is of that day, not of the day before."""
    if not moment:
        return ""
    from datetime import datetime

    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def _cut(text: str, width: int) -> str:
    """A text in so many cells, blanks after it."""
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if cells(text) > width:
        text = text[:width]
        while cells(text) > width - 1:
            text = text[:-1]
        text += "…"
    # The ellipsis is one cell or two, as terminals like it.
    return text + " " * (width - cells(text))


def _text(issues: Iterator[LedgerIssue]) -> int:
    from qa.ledger import State

    count = 0
    for one in issues:
        if not count:
            emit_text(" ".join(_cut(name, width) for name, width in _TABLE) + " 网址\n")
        count += 1
        status = "消失" if one.state is State.GONE else one.status.label
        values = (
            one.fingerprint[:12],
            one.level.label,
            status,
            _local(one.first_seen)[:10],
            str(one.pages),
            one.site or one.home.partition("//")[2],
            one.message or one.rule_title,
        )
        row = " ".join(_cut(value, width) for value, (_, width) in zip(values, _TABLE, strict=True))
        emit_text(f"{row} {one.url}\n")
    return count


def _cell(value: str | int | None) -> str | int:
    """A value that no spreadsheet takes for a formula."""
    if isinstance(value, int):
        return value
    text = value or ""
    return "'" + text if text.startswith(_FORMULA) else text


def _csv(issues: Iterator[LedgerIssue]) -> int:
    count = 0
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    emit(out.getvalue().encode("utf-8-sig"))
    for one in issues:
        out.seek(0)
        out.truncate()
        writer.writerow(
            map(
                _cell,
                (
                    one.fingerprint, one.site or one.home, one.unit, one.section, one.title, one.url, one.pages,
                    one.level.label, one.rule_title, one.message, one.before, one.quote, one.after,
                    one.suggestion, one.basis, _pass(one.pass_key), one.rule, _local(one.first_seen), _local(one.last_seen),
                    _local(one.gone_at), one.state.label, one.status.label, one.status_by, _local(one.status_at), one.remark,
                    one.suppressed,
                ),
            )
        )  # fmt: skip
        emit(out.getvalue().encode("utf-8", "replace"))
        count += 1
    return count


def _pass(key: str) -> str:
    from qa.finding import Pass

    try:
        return Pass.parse(key).label
    except KeyError:
        return key


def _json(issues: Iterator[LedgerIssue]) -> int:
    count = 0
    emit_text("[")
    for one in issues:
        data = asdict(one) | {"level": one.level.key, "state": one.state.value, "status": one.status.value}
        data["pass"] = data.pop("pass_key")
        emit_text(("," if count else "") + "\n" + json.dumps(data, ensure_ascii=False))
        count += 1
    emit_text("\n]\n" if count else "]\n")
    return count


# --- set, history, stats, upgrade ---------------------------------------------------------------


@ledger.command("set", cls=Command, short_help="改状态")
@click.argument("fingerprints", nargs=-1, required=True, metavar="FINGERPRINT…")
@_where
@click.option(
    "--state",
    "word",
    metavar="STATE",
    required=True,
    help="待处理、已派发、已整改、已复核（销号）、误报、不改",
)
@click.option("--by", metavar="NAME", required=True, help="由谁处理")
@click.option("--remark", "note", metavar="TEXT", default="", help="备注：理由、要求、结果")
@click.option("--site", "name", metavar="SITE", default="", help="几个站点有同一问题时指明是哪个")
def set_(
    fingerprints: tuple[str, ...],
    config: str | None,
    url: str | None,
    word: str,
    by: str,
    note: str,
    name: str,
) -> int:
    """改问题的状态，并记入它的经过。编号见 list，可以只写前几位（六位以上）。

    标为“已整改”“已复核”而复查仍查出的，自动退回“待处理”；“误报”“不改”一直有效。
    """
    status = _status(word, "--state")
    if not by.strip():
        raise CliError("--by：要写明由谁处理")

    def work(book: Ledger, sites: Sites) -> int:
        from qa.ledger import LedgerError

        home = _homes([name], sites, book)[0] if name else ""
        code = 0
        for fingerprint in fingerprints:
            try:
                whole = book.set_state(fingerprint, status, by, note, _now(), site=home)
            except LedgerError as error:
                click.echo(f"错误：{error}", err=True)
                code = 2
            else:
                click.echo(f"{whole} 已改为“{status.label}”")
        return code

    return _with(config, url, work)


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat()


@ledger.command("history", cls=Command, short_help="一条问题的经过")
@click.argument("fingerprint", metavar="FINGERPRINT")
@_where
@click.option("--site", "name", metavar="SITE", default="", help="几个站点有同一问题时指明是哪个")
def history(fingerprint: str, config: str | None, url: str | None, name: str) -> int:
    """一条问题何时发现、何时消失，由谁处理过。"""

    def work(book: Ledger, sites: Sites) -> int:
        from qa.ledger import LedgerError

        home = _homes([name], sites, book)[0] if name else ""
        try:
            events = book.history(fingerprint, site=home)
        except LedgerError as error:
            raise CliError(str(error)) from None
        for one in events:
            words = f"{one.old} → {one.new}" if one.new else ""
            parts = (_local(one.at), _cut(one.kind.label, 6), one.actor, words, one.remark)
            click.echo("  ".join(part for part in parts if part))
        return 0

    return _with(config, url, work)


@ledger.command("stats", cls=Command, short_help="各站点的情况")
@_where
@click.option("--format", "form", metavar="FORMAT", default="text", help="text（默认）或 json")
def stats(config: str | None, url: str | None, form: str) -> int:
    """各站点仍在的问题按级别、按状态各有多少。"""
    if form not in ("text", "json"):
        raise CliError(f"--format：没有“{form}”这种格式，应为 text 或 json")

    def work(book: Ledger, _sites: Sites) -> int:
        rows = book.stats()
        if form == "json":
            found = [
                asdict(one)
                | {
                    "levels": {level.key: count for level, count in one.levels.items()},
                    "statuses": {status.value: count for status, count in one.statuses.items()},
                    "open": one.open,
                }
                for one in rows
            ]
            emit_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
            return 0
        for one in rows:
            name = f"{one.site}（{one.home}）" if one.site else one.home
            levels = "、".join(
                f"{level.label} {one.levels[level]}" for level in sorted(one.levels, reverse=True)
            )
            statuses = "、".join(f"{status.label} {count}" for status, count in one.statuses.items())
            click.echo(name + (f"  {one.unit}" if one.unit else ""))
            click.echo(f"  仍在 {one.open} 条：{levels}")
            click.echo(f"  处理情况：{statuses}")
            click.echo(
                f"  注明忽略 {one.suppressed} 条，已消失 {one.gone} 条；最近一次体检 {_local(one.last_run) or '无'}"
            )
        if not rows:
            remark("台账是空的")
        return 0

    return _with(config, url, work)


@ledger.command("upgrade", cls=Command, short_help="升级库表")
@_where
def upgrade(config: str | None, url: str | None) -> int:
    """把旧版本的台账升级到本程序的版本；数据不变。升级前请先备份。"""
    from qa.ledger.tables import HEAD

    book, _ = _open(config, url, upgrade=True)
    with book:
        if book.found_version == HEAD:
            click.echo(f"{book.where}已是最新版本（{HEAD}）")
        else:
            click.echo(f"{book.where}已由 {book.found_version or '空库'} 升级到 {HEAD}")
    return 0
