"""``shenjiao health``: crawl, judge and report in one go."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli._base import CliError, Command, Options, Session, complain, engine_options
from qa.cli._site import (
    Target,
    crawl_options,
    local_now,
    lock,
    run_crawls,
    run_judge,
    start_session,
    summary,
    targets,
    tell,
)

if TYPE_CHECKING:
    import sqlite3

    from crawler.crawl import Crawled
    from qa.judge import Verdicts
    from qa.rule import Rule
    from qa.site.model import SiteRule


@click.command(cls=Command)
@click.argument("sites", nargs=-1, metavar="[URL|SITE]…")
@click.option("-o", "--out", metavar="DIR", help="存放结果的文件夹；配置文件里的站点可不写")
@click.option("--resume", is_flag=True, help="接着上次中断的抓取")
@crawl_options
@engine_options
@click.option(
    "--gate",
    metavar="LEVEL",
    multiple=True,
    help="达到此级别即不通过（note warning error veto none）；可写 环节=级别",
)
@click.option("--ledger", metavar="URL", help="台账数据库；配置文件里的站点默认记入台账")
@click.option(
    "-j", "--jobs", metavar="N", type=click.IntRange(min=0), default=0, help="判定用的进程数，默认为处理器数"
)
@click.option(
    "--parallel", metavar="N", type=click.IntRange(1, 64), default=1, help="同时抓取几个网站，默认一个接一个"
)
@click.option("--time", metavar="ISO", default="", help="写进报告的时间；默认为现在")
@click.option("-q", "--quiet", is_flag=True, help="不显示进度和提示")
def health(
    options: Options,
    crawl: dict[str, Any],
    sites: tuple[str, ...],
    out: str | None,
    resume: bool,
    gate: tuple[str, ...],
    ledger: str | None,
    jobs: int,
    parallel: int,
    time: str,
    quiet: bool,
) -> int:
    """网站体检：抓取整个网站，逐页逐站判定，出报告和台账，与上次对照。

    不写网站时检查配置文件里的全部站点。文件夹里留下 report.html、ledger.xlsx、findings.json、
    findings.csv、findings.sarif、score.json、warc/ 和 run.db。

    退出码：0 通过，1 有达到阻断级别的问题，2 用法或配置有误，3 有内容未能检查。
    """
    from contextlib import ExitStack

    codes = []
    current = start_session(replace(options, gate=gate))
    chosen = targets(current.config.all_sites, sites, out, crawl)
    with ExitStack() as locks:
        for target in chosen:
            locks.enter_context(lock(target.out))
        crawls = run_crawls(chosen, resume=resume, quiet=quiet, parallel=min(parallel, len(chosen)))
        for target, crawled in zip(chosen, crawls, strict=False):
            if not quiet and len(chosen) > 1:
                click.echo(f"—— {target.site.name or target.site.home}")
            try:
                codes.append(_one(current, target, crawled, ledger, time or local_now(), jobs, quiet=quiet))
            except CliError as error:  # of several sites one must not keep the others from being looked at
                if len(chosen) == 1:
                    raise
                complain(f"{target.site.name or target.site.home}：{error}")
                codes.append(3)
    if len(codes) < len(chosen):
        complain(f"已中断，还有 {len(chosen) - len(codes)} 个网站没有检查")
        codes.append(3)
    return max(codes, key=(0, 1, 3).index, default=0)


def _one(
    current: Session,
    target: Target,
    crawled: Crawled | CliError,
    ledger: str | None,
    time: str,
    jobs: int,
    *,
    quiet: bool,
) -> int:
    if isinstance(crawled, CliError):
        raise crawled
    if not quiet:
        tell(crawled)
        click.echo(summary(crawled))
    book = _ledger(current, target, ledger)
    return examine(current, target, crawled.run, time, jobs=jobs, quiet=quiet, ledger=book)


def _ledger(current: Session, target: Target, given: str | None) -> str:
    from qa.config import ConfigError
    from qa.site.entries import ledger_address

    try:
        if not given:
            return current.config.ledger_url if target.known else ""
        return ledger_address(given, Path.cwd(), "--ledger")
    except ConfigError as error:
        raise CliError(str(error)) from None


def examine(
    current: Session, target: Target, run: int, time: str, *, jobs: int, quiet: bool, ledger: str
) -> int:
    """Judge a run of a store and write its reports; returns the exit code.

    Args:
        time: of the report, with zone.
        ledger: address of the ledger, empty for none.
    """
    import sqlite3

    from qa.files import cause, display
    from qa.judge import blocks
    from qa.site.prune import prune
    from qa.site.store import StoreError, explain, open_store

    try:
        db = open_store(target.out / "run.db", create=False)
    except StoreError as error:
        raise CliError(str(error), 3) from None
    try:
        verdicts = run_judge(
            current,
            db,
            run,
            target,
            time,
            jobs=jobs or current.config.jobs or os.cpu_count() or 1,
            quiet=quiet,
        )
        gates = current.config.all_gates()
        _report(current, db, target, run, time)
        prune(db, target.out / "warc")
        if ledger:
            _record(db, target, run, time, ledger)
        blocked = blocks(db, run, gates)
    except OSError as error:
        raise CliError(f"报告写不进“{display(str(target.out))}”：{cause(error)}", 3) from None
    except sqlite3.Error as error:
        name = display(str(target.out / "run.db"))
        raise CliError(f"运行记录“{name}”出错，判定没有完成：{explain(error)}", 3) from None
    finally:
        db.close()
    if not quiet:
        click.echo(_conclusion(verdicts))
        click.echo(f"报告：{display(str(target.out / 'report.html'))}")
    if verdicts.gaps or verdicts.unchecked:
        return 3
    return 1 if blocked else 0


def _report(current: Session, db: sqlite3.Connection, target: Target, run: int, time: str) -> None:
    from reports.health import HealthRun, write_all

    everything: list[Rule | SiteRule] = [*current.rules, *current.config.site_rules()]
    write_all(
        HealthRun(db, run, target.site, time, rules=everything, gates=current.config.all_gates()), target.out
    )


def _record(db: sqlite3.Connection, target: Target, run: int, time: str, url: str) -> None:
    from qa.ledger import LedgerError, open_ledger

    try:
        with open_ledger(url) as book:
            book.record_run(db, run, target.site, time=time)
    except LedgerError as error:
        raise CliError(f"报告已写好，但没有记入台账：{error}", 3) from None


def _conclusion(verdicts: Verdicts) -> str:
    total = verdicts.new + verdicts.still
    if not total:
        words = "查到的部分没有发现问题" if verdicts.unchecked or verdicts.gaps else "没有发现问题"
    else:
        counts = "，".join(
            f"{level.label} {count}" for level, count in sorted(verdicts.issues.items(), reverse=True)
        )
        words = f"问题 {total} 处（{counts}）：新增 {verdicts.new}，仍存在 {verdicts.still}"
    if verdicts.gone:
        words += f"；已消除 {verdicts.gone}"
    words += f"。判定网页 {verdicts.judged} 个，沿用上次结果 {verdicts.reused} 个"
    if verdicts.unchecked or verdicts.gaps:
        pages = f"有 {verdicts.unchecked} 个网页未查完，" if verdicts.unchecked else ""
        words += f"。{pages}没有查全"
    return words
