"""``shenjiao crawl``."""

from __future__ import annotations

from typing import Any

import click

from qa.cli._base import CliError, Command
from qa.cli._site import (
    crawl_options,
    lock,
    run_crawls,
    summary,
    targets,
    tell,
    unchecked_pages,
)
from qa.cli._sites import find_sites


@click.command(cls=Command)
@click.argument("site", metavar="URL|SITE")
@click.option("-o", "--out", metavar="DIR", help="存放结果的文件夹；配置文件里的站点可不写")
@click.option("--resume", is_flag=True, help="接着上次中断的抓取")
@crawl_options
@click.option("--config", metavar="FILE", help="配置文件；默认从当前文件夹向上找 shenjiao.toml")
@click.option("--no-config", is_flag=True, help="不读配置文件")
@click.option("-q", "--quiet", is_flag=True, help="不显示进度和提示")
def crawl(
    crawl: dict[str, Any],
    site: str,
    out: str | None,
    resume: bool,
    config: str | None,
    no_config: bool,
    quiet: bool,
) -> int:
    """抓取整个网站：网页、链接和快照存入文件夹，只记事实，不作判定。

    退出码：0 抓全，2 用法或配置有误，3 有网页没有抓到。
    """
    from qa.site.entries import Sites

    if config and no_config:
        raise CliError("--config 与 --no-config 不能同时使用")
    found = None if no_config else find_sites(config or "")
    (target,) = targets(found[1] if found else Sites(), (site,), out, crawl)
    with lock(target.out):
        (crawled,) = run_crawls((target,), resume=resume, quiet=quiet)
        if isinstance(crawled, CliError):
            raise crawled
        from qa.site.store import StoreError, open_store

        try:
            db = open_store(target.out / "run.db", readonly=True)
            missed = unchecked_pages(db, crawled.run)
            db.close()
        except StoreError as error:
            raise CliError(str(error), 3) from None
    if not quiet:
        tell(crawled)
        click.echo(summary(crawled))
        if missed:
            click.echo(f"有 {missed} 个网页没有读到，没有查全")
    return 3 if crawled.state != "done" or crawled.gaps or missed else 0
