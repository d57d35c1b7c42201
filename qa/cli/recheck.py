"""``shenjiao recheck``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli._base import CliError, Command
from qa.cli.check import _LEAN, _TEXT, _time, colored, deliver, targets

if TYPE_CHECKING:
    from qa.approval import Approval, UrlMap
    from qa.engine import Outcome


@dataclass
class Plan:
    """What is to be rechecked.

    Attributes:
        articles: approvals with the addresses they should be at.
        unchecked: what cannot be rechecked, said in reports.
        notices: Chinese remarks.
    """

    articles: list[tuple[Approval, str]] = field(default_factory=list)
    unchecked: list[Outcome] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_approvals(place: str, plan: Plan, site: str = "") -> list[Approval]:
    """Approvals of a file or a ledger; broken ones go into the plan as unchecked.

    Args:
        place: the path or the address, as :mod:`qa.cli._approvals` has it.
        site: how addresses must begin; only a ledger looks.

    Raises:
        CliError: it cannot be read, or holds none at all.
    """
    from qa.cli._approvals import load_all
    from qa.pool import unchecked

    name, found, broken = load_all(place, site)
    if not found and not broken and not site:
        raise CliError(f"{name}：没有批准记录")
    plan.unchecked += [unchecked(name, reason) for reason in broken]
    return found


def newest(approvals: Sequence[Approval]) -> list[Approval]:
    """Of several approvals of one draft the last, in order of their first."""
    found: dict[tuple[str, str], Approval] = {}
    for one in approvals:
        found[one.identity, one.path] = one
    return list(found.values())


class Crawled:
    """Addresses of articles in the last crawl of a run store."""

    def __init__(self, path: Path) -> None:
        """Open the store, the file or its folder.

        Raises:
            CliError: it is none, or holds no run.
        """
        from qa.site.store import StoreError, latest_run, open_store

        file = path / "run.db" if path.is_dir() else path
        try:
            self._db = open_store(file, create=False, readonly=True)
        except StoreError as error:
            raise CliError(str(error)) from None
        run = latest_run(self._db)
        if run is None:
            raise CliError(f"运行记录 {file.as_posix()} 里没有抓取过的网站")
        self._run = run

    def find(self, approval: Approval) -> list[str]:
        """Addresses of pages with the approval's identity or title, articles first."""
        rows = self._db.execute(
            "SELECT DISTINCT url.url, page.kind <> 'article' FROM page"
            " JOIN fetch ON fetch.content_id = page.content_id JOIN url ON url.id = fetch.url_id"
            " WHERE fetch.run_id = ?1 AND (page.identity = ?2 OR page.title = ?3) ORDER BY 2, length(url.url), 1"
            " LIMIT 10",
            (self._run, approval.identity, approval.article.title),
        )
        return [row[0] for row in rows]


def locate(
    plan: Plan, approvals: Sequence[Approval], urls: UrlMap, crawled: Crawled | None, site: str
) -> None:
    """Find the address of every approval; those without one go into the plan as unchecked."""
    from qa.files import without_password
    from qa.pool import unchecked

    places: dict[str, Approval] = {}
    for one in newest(approvals):
        url = one.url or urls.find(one.path, one.article.title, one.identity)
        found = crawled.find(one) if crawled is not None and not url else []
        url = url or (found[0] if found else "")
        if site and url and not url.startswith(site):
            continue
        if len(found) > 1:
            plan.notices.append(f"“{one.article.title}”在上次抓取的网站里有 {len(found)} 处，按 {url} 复查")
        if url:
            places[url] = one  # what was approved last for an address is what should stand there
            continue
        why = (
            "上次抓取的网站里没有这篇稿件"
            if crawled is not None
            else "批准记录里没有网址，可用 --url-map 或 --store 指明"
        )
        outcome = unchecked(one.path or one.article.title, f"{why}，没有复查")
        outcome.title, outcome.identity = one.article.title, one.identity
        plan.unchecked.append(outcome)
    plan.articles += [(one, without_password(url)) for url, one in places.items()]


def of_urls(plan: Plan, addresses: Sequence[str], approved: str) -> None:
    """Pair addresses given outright with a file of approvals, a ledger or a draft.

    Raises:
        CliError: an address has no approval.
    """
    from qa.files import is_database

    if not is_database(approved) and Path(approved).suffix.lower() != ".jsonl":
        if len(addresses) > 1:
            raise CliError("--approved 是一篇稿件时，只能给一个网址")
        plan.articles.append((draft(Path(approved), addresses[0]), addresses[0]))
        return
    from qa.site.urls import canonical

    known = read_approvals(approved, plan)
    by_url = {canonical(one.url): one for one in known if one.url}
    for url in addresses:
        one = by_url.get(canonical(url))
        if one is None and len(known) == 1 and not known[0].url:
            one = known[0]
        if one is None:
            raise CliError(f"批准记录里没有网址为 {url} 的稿件")
        plan.articles.append((one, url))


def draft(path: Path, url: str) -> Approval:
    """A draft on disk as if it had been approved as it is.

    Raises:
        CliError: it cannot be read.
    """
    from qa.approval import approve
    from qa.files import cause, display
    from qa.pool import load
    from qa.readers import media_of, read
    from qa.source import MAX_BYTES, Source, UnreadableError

    media = media_of(path.name)
    if media is None:
        raise CliError(f"--approved：{display(path)} 应是批准记录（.jsonl），或网页、Markdown、文本稿件")
    try:
        source = Source.from_bytes(load(path, MAX_BYTES), display(path), media=media)
        made = approve(read(source), display(path), url=url)
    except UnreadableError as error:
        raise CliError(f"--approved：{display(path)} 无法读取：{error}") from None
    except OSError as error:
        raise CliError(f"--approved：{display(path)}：{cause(error)}") from None
    if not made.chars:
        raise CliError(f"--approved：{display(path)} 里没有读出正文")
    return made


def fetch_all(plan: Plan, allow_private: bool, timeout: float, quiet: bool) -> list[Outcome]:
    """Fetch and compare everything planned; progress on standard error."""
    from crawler.fetch import Limits
    from crawler.recheck import recheck as run

    step = min(timeout, 15.0)
    limits = Limits(bytes=16 << 20, connect=min(timeout, 10.0), read=step, total=timeout, retry_after=step)
    counting = not quiet and len(plan.articles) > 1 and sys.stderr.isatty()

    def tell(done: int, of: int) -> None:
        if counting:
            click.echo(f"\r已复查 {done}/{of}", err=True, nl=done == of)

    return asyncio.run(run(plan.articles, limits=limits, allow_private=allow_private, progress=tell))


@click.command(cls=Command)
@click.argument("sources", nargs=-1, required=True, metavar="APPROVALS.jsonl|LEDGER|URL…")
@click.option("--approved", metavar="FILE", help="给出网址时：批准记录（.jsonl 或台账地址），或批准的稿件")
@click.option("--url-map", metavar="CSV", help="网址对照表，两列：稿件路径或标题、网址")
@click.option("--store", metavar="DIR", help="没有网址的，到这次抓取的结果（run.db）里按标题找")
@click.option("--site", metavar="URL", default="", help="只复查网址以此开头的")
@click.option("--allow-private", is_flag=True, help="允许网页跳转到内网地址，并检查内网里的附件")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0.1, max=3600),
    default=60.0,
    help="每个网址最多等多少秒，默认 60",
)
@click.option("-f", "--format", "format_", metavar="FORMAT", help="报告格式：text json csv junit github")
@click.option(
    "-o", "--output", "outputs", metavar="FILE", multiple=True, help="写入文件；写成 格式=文件 可同时出几份"
)
@click.option("--time", metavar="ISO", default="", help="写进报告的时间；默认不写")
@click.option("--width", metavar="N", type=click.IntRange(min=20), default=None, help="文字报告的宽度")
@click.option("--no-color", is_flag=True, help="不用颜色")
@click.option("-q", "--quiet", is_flag=True, help="没有问题就不输出，不显示提示和进度")
def recheck(
    sources: tuple[str, ...],
    approved: str | None,
    url_map: str | None,
    store: str | None,
    site: str,
    allow_private: bool,
    timeout: float,
    format_: str | None,
    outputs: tuple[str, ...],
    time: str,
    width: int | None,
    no_color: bool,
    quiet: bool,
) -> int:
    """读网复查：打开批准稿件的网址，看线上的与批准的是否一致。

    批准记录由 shenjiao check --approve 或提交前检查（[hook] approvals）写下，在 .jsonl 文件或问题台账里；
    台账写地址，如 sqlite:///ledger.db。
    退出码：0 一致，1 有走样，2 用法有误，3 有内容未能复查。
    """
    from qa.drift_rules import RULES
    from qa.files import is_url
    from qa.run import Run

    wanted = targets(format_, outputs, _TEXT)
    for name, _ in wanted:
        if name != _TEXT and name not in _LEAN:
            raise CliError(f"--format：读网复查没有 {name} 格式，可用：text、{'、'.join(sorted(_LEAN))}")
    time = _time(time)
    if site and not is_url(site):
        raise CliError(f"--site：“{site}”不是网址，应以 http:// 或 https:// 开头")
    plan = planned(sources, approved, url_map, store, site)
    from crawler.recheck import GATES

    found = fetch_all(plan, allow_private, timeout, quiet) if plan.articles else []
    for outcome in plan.unchecked:
        outcome.settle(GATES)
    run = Run([*found, *plan.unchecked], RULES, GATES, time, notices=plan.notices)
    deliver(run, wanted, quiet=quiet, width=width, color=colored(no_color))
    return run.exit_code


def planned(
    sources: Sequence[str], approved: str | None, url_map: str | None, store: str | None, site: str
) -> Plan:
    """What the arguments ask for.

    Raises:
        CliError: they do not go together, or nothing is left to recheck.
    """
    from qa.cli import _approvals
    from qa.files import is_url

    plan = Plan()
    addresses = [one for one in sources if is_url(one)]
    places = [_approvals.place_of(one, "批准记录") for one in sources if not is_url(one)]
    if addresses and approved is None:
        raise CliError("给出网址时，要用 --approved 指明批准记录或批准的稿件")
    if approved is not None and not addresses:
        raise CliError("--approved 须与网址同用")
    urls = _approvals.url_map(url_map)
    crawled = Crawled(Path(store)) if store else None
    if addresses and approved is not None:
        of_urls(plan, addresses, _approvals.place_of(approved, "--approved"))
    approvals = [one for place in places for one in read_approvals(place, plan, site)]
    locate(plan, approvals, urls, crawled, site)
    if not plan.articles and not plan.unchecked:
        raise CliError(f"没有网址以 {site} 开头的批准记录")
    return plan
