"""``shenjiao judge``: judge a crawl again, offline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from qa.cli._base import CliError, Command, Options, engine_options
from qa.cli._site import Target, local_now, lock, run_config, start_session
from qa.cli.health import examine


@click.command(cls=Command)
@click.argument("run", metavar="DIR")
@click.option("--number", metavar="N", type=click.IntRange(min=1), help="第几次抓取；默认为最近一次")
@engine_options
@click.option(
    "--gate",
    metavar="LEVEL",
    multiple=True,
    help="达到此级别即不通过（note warning error veto none）；可写 环节=级别",
)
@click.option(
    "-j", "--jobs", metavar="N", type=click.IntRange(min=0), default=0, help="判定用的进程数，默认为处理器数"
)
@click.option("--time", metavar="ISO", default="", help="写进报告的时间；默认为现在")
@click.option("-q", "--quiet", is_flag=True, help="不显示进度和提示")
def judge(
    options: Options,
    run: str,
    number: int | None,
    gate: tuple[str, ...],
    jobs: int,
    time: str,
    quiet: bool,
) -> int:
    """对 shenjiao crawl 抓取的结果离线判定，重出报告；规则或词库改动后不必重新抓取。

    退出码：0 通过，1 有达到阻断级别的问题，2 用法或配置有误，3 有内容未能检查。
    """
    from qa.config import ConfigError
    from qa.site.model import SiteConfig
    from qa.site.options import CrawlOptions
    from qa.site.store import StoreError, latest_run, open_store

    folder = Path(run)
    if folder.name == "run.db":
        folder = folder.parent
    current = start_session(replace(options, gate=gate))
    try:
        db = open_store(folder / "run.db", create=False, readonly=True)
    except StoreError as error:
        raise CliError(str(error)) from None
    try:
        chosen = number or latest_run(db)
        row = chosen and db.execute("SELECT 1 FROM run WHERE id = ?", (chosen,)).fetchone()
        if not chosen or row is None:
            raise CliError(f"“{folder}”里没有第 {number} 次抓取" if number else f"“{folder}”里还没有抓取记录")
        home, _ = run_config(db, chosen)
    finally:
        db.close()
    try:
        site = current.config.all_sites.find(home).site
    except ConfigError:
        site = SiteConfig(home)
    target = Target(site, CrawlOptions(), folder, known=False)
    with lock(folder):
        return examine(current, target, chosen, time or local_now(), jobs=jobs, quiet=quiet, ledger="")
