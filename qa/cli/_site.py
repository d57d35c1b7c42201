"""What ``crawl``, ``judge`` and ``health`` share: options, progress, the steps of a night."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qa.cli._base import CliError, Options, Session, builder, checker, remark, session, share

if TYPE_CHECKING:
    import sqlite3

    from crawler.crawl import Crawled, Progress
    from qa.judge import Verdicts
    from qa.site.entries import SiteEntry, Sites
    from qa.site.model import SiteConfig
    from qa.site.options import CrawlOptions

F = TypeVar("F", bound=Callable[..., Any])

_MANY = ("seeds", "hosts", "include", "exclude")

_OPTIONS: tuple[Callable[[F], F], ...] = (
    click.option("--seed", "seeds", metavar="URL", multiple=True, help="首页之外的起始网址，可多次"),
    click.option("--host", "hosts", metavar="HOST", multiple=True, help="一并抓取的主机，如 *.example.com"),
    click.option(
        "--include", metavar="PREFIX", multiple=True, help="只抓取以此开头的网址；re: 开头为正则表达式"
    ),
    click.option("--exclude", metavar="PREFIX", multiple=True, help="不抓取以此开头的网址，写法同上"),
    click.option("--max-pages", metavar="N", type=click.IntRange(min=0), help="最多抓取多少个网页，默认不限"),
    click.option("--max-depth", metavar="N", type=click.IntRange(min=0), help="最多离首页几次点击，默认不限"),
    click.option(
        "--max-time", "max_seconds", metavar="S", type=click.FloatRange(min=0), help="最多抓取多少秒"
    ),
    click.option(
        "--max-body",
        "max_bytes",
        metavar="MB",
        type=click.FloatRange(min=0, min_open=True),
        help="单个网页的上限，默认 20 MB",
    ),
    click.option(
        "--concurrency", metavar="N", type=click.IntRange(1, 256), help="同一主机同时请求数，默认 4"
    ),
    click.option("--total", metavar="N", type=click.IntRange(1, 256), help="全部主机同时请求数，默认 32"),
    click.option(
        "--rate", metavar="N", type=click.FloatRange(min=0), help="同一主机每秒请求数，默认 10；0 为不限"
    ),
    click.option(
        "--timeout",
        metavar="S",
        type=click.FloatRange(min=0, min_open=True),
        help="单个请求的时限，默认 30 秒",
    ),
    click.option("--retries", metavar="N", type=click.IntRange(0, 10), help="可恢复的失败再试几次，默认 2"),
    click.option(
        "--ignore-robots",
        "robots",
        flag_value=False,
        default=None,
        help="不遵守 robots.txt，仅限本单位网站；会写入记录",
    ),
    click.option("--no-sitemap", "sitemaps", flag_value=False, default=None, help="不读网站地图"),
    click.option("--no-external", "external", flag_value=False, default=None, help="不检查外部链接"),
    click.option(
        "--external-age",
        metavar="H",
        type=click.FloatRange(min=0),
        help="外部链接的正常结果多少小时内不再重查，默认 20",
    ),
    click.option("--no-probe", "probes", flag_value=False, default=None, help="不试探假的 200 页面"),
    click.option("--allow-private", is_flag=True, default=None, help="允许从公网网页进入内网地址"),
    click.option("--user-agent", metavar="NAME", help="以此名义访问"),
    click.option("--insecure", is_flag=True, default=None, help="不核对网站证书；会写入记录"),
)
_NAMES = (
    "seeds", "hosts", "include", "exclude", "max_pages", "max_depth", "max_seconds", "max_bytes", "concurrency",
    "total", "rate", "timeout", "retries", "robots", "sitemaps", "external", "external_age", "probes",
    "allow_private", "user_agent", "insecure",
)  # fmt: skip


def crawl_options(function: F) -> F:
    """The options of a crawl; those given arrive as one mapping ``crawl``."""

    def wrapped(**values: Any) -> Any:
        given = {name: values.pop(name) for name in _NAMES}
        told = {name: value for name, value in given.items() if value is not None and value != ()}
        if "max_bytes" in told:
            told["max_bytes"] = max(1, int(told["max_bytes"] * 1_000_000))
        return function(crawl=told, **values)

    wrapped.__doc__ = function.__doc__
    wrapped.__name__ = function.__name__
    wrapped.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    for decorate in reversed(_OPTIONS):
        decorate(wrapped)
    return wrapped  # type: ignore[return-value]


@dataclass(frozen=True)
class Target:
    """One site to work on."""

    site: SiteConfig
    crawl: CrawlOptions
    out: Path
    known: bool
    """Whether it stands in the configuration (and so in the ledger)."""


def targets(sites: Sites, words: Sequence[str], out: str | None, crawl: dict[str, Any]) -> list[Target]:
    """The sites the arguments name: addresses, or sites of the configuration; all of those without arguments.

    Raises:
        CliError: an unknown site, or no folder to work in.
    """
    from qa.config import ConfigError
    from qa.files import is_url

    entries: list[SiteEntry | str] = []
    try:
        if not words:
            entries += sites.pick(())
        for word in words:
            try:
                entries.append(sites.find(word))
            except ConfigError:
                if not is_url(word):
                    raise
                entries.append(word)
    except ConfigError as error:
        raise CliError(str(error)) from None
    if out is not None and len(entries) > 1:
        raise CliError("--out 只能用于一个网站，多个网站的文件夹请写在配置文件里")
    return [_target(entry, out, crawl) for entry in entries]


def _target(entry: SiteEntry | str, out: str | None, crawl: dict[str, Any]) -> Target:
    from qa.site.model import SiteConfig
    from qa.site.options import CrawlOptions
    from qa.site.urls import canonical

    if isinstance(entry, str):
        home = canonical(entry)
        if home is None:
            raise CliError(f"“{entry}”不是网址，应以 http:// 或 https:// 开头")
        if out is None:
            raise CliError("请用 --out 指定存放结果的文件夹")
        return Target(SiteConfig(home), CrawlOptions(**crawl), Path(out), known=False)
    options = replace(entry.crawl, **crawl)
    return Target(entry.site, options, Path(out) if out is not None else entry.out, known=True)


def local_now() -> str:
    """This moment as reports write it, with the zone."""
    return datetime.now(UTC).astimezone().replace(microsecond=0).isoformat()


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Keep a second crawl or judgement out of a folder.

    Raises:
        CliError: another process is at work there, or the folder cannot be made.
    """
    from qa.files import cause, display

    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / ".lock").open("a")
    except OSError as error:
        raise CliError(f"文件夹“{display(str(folder))}”不能使用：{cause(error)}") from None
    with stream:
        try:
            import fcntl
        except ImportError:  # pragma: no cover - Windows
            yield
            return
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CliError(f"文件夹“{display(str(folder))}”正被另一次抓取或判定使用", 3) from None
        yield


@contextmanager
def stopper(asked: list[bool]) -> Iterator[None]:
    """Ctrl-C and SIGTERM set ``asked[0]``, so that a crawl ends in good order; a second one ends the program."""

    def handle(number: int, _frame: Any) -> None:
        if asked[0]:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        asked[0] = True

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _showing(quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Progress on standard error, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"),
        console=Console(stderr=True), transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("准备", total=None, words="")

        def show(progress: Progress) -> None:
            done = progress.pages + progress.checked
            ahead = progress.queued + progress.active
            rate = done / progress.seconds if progress.seconds else 0.0
            left = f" · 约剩 {duration(ahead / rate)}" if rate and ahead else ""
            bar.update(
                task,
                description=progress.phase,
                completed=done,
                total=done + ahead,
                words=f"{done} 个，{rate:.0f} 个/秒 · 排队 {progress.queued} · 失败 {progress.failed}{left}",
            )

        yield show


def duration(seconds: float) -> str:
    """``5秒``, ``3分20秒``, ``2小时5分``."""
    whole = int(seconds + 0.5)
    if whole < 60:
        return f"{whole}秒"
    if whole < 3600:
        return f"{whole // 60}分{whole % 60}秒"
    return f"{whole // 3600}小时{whole % 3600 // 60}分"


def run_crawls(
    chosen: Sequence[Target], *, resume: bool, quiet: bool, parallel: int = 1, trusted: str = ""
) -> Iterator[Crawled | CliError]:
    """Crawl sites, in order or several at a time, with progress where it is one at a time.

    Ctrl-C ends a crawl in good order, and those not begun are left.  One that cannot begin gives
    the error.
    """
    from crawler.unit import CrawlPerformer, CrawlUnit, lost
    from qa.work import Executor, Local

    units = [CrawlUnit(one.site.home, one.out, one.crawl, resume, trusted, parallel < 2) for one in chosen]
    asked = [False]
    bar: list[Callable[[Progress], None] | None] = [None]

    def show(progress: Progress) -> None:
        if bar[0] is not None:
            bar[0](progress)

    executor: Executor[Any, Any] = Local(
        CrawlPerformer if parallel > 1 else lambda: CrawlPerformer(show, lambda: asked[0]), parallel, lost
    )
    results = executor.run(units)
    left = len(units)
    while not asked[0]:
        # Only while a crawl goes on: what the caller does next ends as usual and has the screen to itself.
        with stopper(asked), _showing(quiet or parallel > 1 or not left) as bar[0]:
            result = next(results, None)
        if result is None:
            return
        left -= 1
        yield result.crawled or CliError(result.problem)


def run_judge(
    current: Session, db: sqlite3.Connection, run: int, target: Target, time: str, *, jobs: int, quiet: bool
) -> Verdicts:
    """Judge a run of a store.

    Args:
        time: written into the run as the time of judging.
        jobs: number of processes.
    """
    from qa.judge import Judge, ruleset

    config = current.config
    overall = config.site_rules()
    silent = frozenset(name for one in overall for name in one.supersedes)
    config.ignore |= silent
    officials = config.today if config.pack.officials else None
    name = ruleset(
        sorted(one.id for one in config.rules()), sorted(config.levels.items()), config.pack, config.options,
        config.domains, config.overrides, officials, config.thorough,
    )  # fmt: skip
    options = replace(current.options, ignore=(*current.options.ignore, *sorted(silent)))
    showing = not quiet and sys.stderr.isatty()

    def show(done: int, of: int) -> None:
        click.echo(
            f"\r已判定 {done}/{of} 页" + ("" if done < of else "\r" + " " * 30 + "\r"), err=True, nl=False
        )

    return Judge(
        db,
        run,
        target.out / "warc",
        target.site,
        build=builder(options, site=True),
        prepare=lambda: share(checker(current)),
        rules=name,
        site_rules=overall,
        levels=config.levels,
        in_force=frozenset({*(one.id for one in config.rules()), *(one.id for one in overall)}),
        jobs=jobs,
        today=config.today,
        progress=show if showing else None,
    ).judge(time)


def summary(crawled: Crawled) -> str:
    """One line on a crawl."""
    progress = crawled.progress
    words = [f"抓取{'完成' if crawled.state == 'done' else '中断'}：网页 {progress.pages} 个"]
    if progress.unchanged:
        words.append(f"其中未变动 {progress.unchanged} 个")
    words.append(f"检查链接 {progress.checked} 个")
    words.append(f"打不开 {progress.failed} 个")
    return "，".join(words)


def tell(crawled: Crawled) -> None:
    """Remarks on a crawl, on standard error."""
    for words in (*crawled.notices, *(f"没有查全：{gap}" for gap in crawled.gaps)):
        remark(words)


def unchecked_pages(db: sqlite3.Connection, run: int) -> int:
    """Pages of a run that could not be read (nor, where it is judged, judged to the end)."""
    from qa.judge import UNCHECKED_PAGES

    found: int = db.execute(f"SELECT count(*) FROM ({UNCHECKED_PAGES})", {"run": run}).fetchone()[0]
    return found


def run_config(db: sqlite3.Connection, run: int) -> tuple[str, dict[str, Any]]:
    """Home page and options a run was crawled with."""
    home, config = db.execute("SELECT home, config FROM run WHERE id = ?", (run,)).fetchone()
    return home, json.loads(config)


def start_session(options: Options) -> Session:
    """The session of a command that works on sites: the configuration of the current folder."""
    import gc

    made = session(replace(options, keep=True), site=True)
    # Loading rules puts collecting off until they are put to use; a crawl that comes before is long.
    gc.freeze()
    gc.enable()
    return made
