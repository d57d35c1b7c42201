"""``shenjiao check``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli._base import (
    CliError,
    Command,
    Options,
    Session,
    builder,
    checker,
    emit,
    emit_text,
    engine_options,
    fetch,
    remark,
    session,
    share,
    start_folder,
)

if TYPE_CHECKING:
    from qa.document import LinkVerdict
    from qa.engine import Outcome
    from qa.files import Collected, Input
    from qa.pool import Checker
    from qa.run import Run

_TEXT = "text"
_LEAN = frozenset({"csv", "github", "json", "junit"})
"""Formats that never look at the documents themselves."""

_SUFFIXES = {
    ".json": "json",
    ".sarif": "sarif",
    ".html": "html",
    ".htm": "html",
    ".xml": "junit",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".docx": "docx",
    ".txt": _TEXT,
}


def _format(name: str, where: str) -> str:
    from qa.config import suggest
    from reports import FORMATS

    if name not in FORMATS:
        raise CliError(f"{where}：没有“{name}”这种格式{suggest(name, FORMATS)}（可用：{'、'.join(FORMATS)}）")
    return name


def targets(format_: str | None, outputs: Sequence[str], fallback: str) -> list[tuple[str, Path | None]]:
    """Formats and where each goes; ``None`` is standard output.

    Raises:
        CliError: an unknown format, or two reports for one place.
    """
    found: list[tuple[str, Path | None]] = []
    plain: list[Path] = []
    for word in outputs:
        left, equals, right = word.partition("=")
        if equals and left.isascii() and left.isalnum():
            if not right:
                raise CliError(f"--output：“{word}”等号后面缺少文件名")
            found.append((_format(left, "--output"), Path(right)))
        else:
            plain.append(Path(word))
    if len(plain) > 1:
        raise CliError("--output：不写格式时只能有一个输出文件，多个请写成 格式=文件")
    if plain:
        guess = _SUFFIXES.get(plain[0].suffix.lower(), "")
        chosen = format_ or guess or fallback or _TEXT
        found.append((_format(chosen, "--format"), plain[0]))
    elif format_ or not found:
        found.append((_format(format_ or fallback or _TEXT, "--format"), None))
    else:
        found.append((_TEXT, None))
    places = [path for _, path in found if path is not None]
    if len(set(places)) < len(places):
        raise CliError("--output：有两份报告要写进同一个文件")
    from qa.files import display

    for path in places:
        if not path.parent.is_dir():
            raise CliError(f"--output：文件夹“{display(str(path.parent))}”不存在，请先建好")
    return found


def collect(current: Session, paths: Sequence[str], media: str | None, name: str | None) -> Collected:
    """The inputs the arguments name.

    Raises:
        CliError: there is nothing to check at all.
    """
    from qa.files import Collector, read_at_most

    config = current.config
    data = None
    if "-" in paths:
        data = read_at_most(sys.stdin.buffer, config.max_bytes + 1)
    collector = Collector(
        exclude=config.matcher(config.exclude),
        include=config.matcher(config.include),
        media=media,
        stdin=data,
        stdin_name=name or "-",
    )
    found = collector.collect(paths)
    if not found.inputs:
        more = "；".join(found.remarks())
        if found.ignored:
            ignored = f"有 {found.ignored} 项（文件或文件夹）按 .gitignore 或配置的 exclude 略过"
            more = f"{more}；{ignored}" if more else ignored
        raise CliError("没有找到可检查的文件" + (f"（{more}）" if more else ""))
    return found


def check_links(made: Checker, items: Sequence[Input], *, quiet: bool) -> dict[str, LinkVerdict]:
    """Ask for the external links of all inputs, each once; progress on standard error.

    Returns:
        What is wrong, by address.
    """
    from crawler.links import allows_private, check_links_sync, external_urls
    from qa.source import UnreadableError

    urls: dict[str, None] = {}
    pages = []
    for item in items:
        try:
            document = made.read(item)
        except (UnreadableError, OSError):
            continue  # reported when it is checked
        urls.update(dict.fromkeys(external_urls(document)))
        if document.source.url:
            pages.append(document)
    if not urls:
        return {}
    private = allows_private(pages)
    if quiet or not sys.stderr.isatty():
        results = check_links_sync(urls, allow_private=private)
    else:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("检查外部链接", total=len(urls))
            results = check_links_sync(
                urls,
                allow_private=private,
                progress=lambda done, _: progress.update(task, completed=done),
            )
    return {url: result.verdict for url, result in results.items() if result.verdict is not None}


def outcomes(
    made: Checker, items: Sequence[Input], options: Options, jobs: int, quiet: bool
) -> list[Outcome]:
    """Check all inputs, on several processes where that pays."""
    from qa.pool import run

    share(made)
    counting = not quiet and len(items) >= 50 and sys.stderr.isatty()
    found = []
    for outcome in run(items, made, builder(options), jobs):
        found.append(outcome)
        if counting:
            click.echo(f"\r已检查 {len(found)}/{len(items)}", err=True, nl=False)
    if counting:
        click.echo("\r" + " " * 40 + "\r", err=True, nl=False)
    return found


def finish(
    current: Session,
    found: list[Outcome],
    collected: Collected,
    baseline: Path | None,
    writing: bool,
    time: str,
) -> Run:
    """Apply the baseline, settle the verdicts, and make the run of it all.

    Raises:
        CliError: a broken baseline.
    """
    from qa.run import Run

    config, rules = current.config, current.rules
    ran = frozenset(one.id for one in rules)
    gates = config.all_gates()
    run = Run(found, rules, gates, time, notices=[*config.notices, *collected.remarks()])
    if baseline is not None:
        from qa import baseline as known
        from qa.files import display

        try:
            if writing:
                number = known.write(baseline, run.findings)
                run.notices.append(f"已把 {number} 处问题写入基线 {display(baseline)}，今后只报新问题")
            run.baseline = display(baseline)
            run.gone = known.apply(known.load(baseline), found, ran, os.path.exists)
        except known.BaselineError as error:
            raise CliError(str(error)) from None
    for outcome in found:
        outcome.settle(gates)
    return run


def report(
    run: Run, wanted: Sequence[tuple[str, Path | None]], *, width: int, color: bool, shown: bool
) -> None:
    """Write every report to its place.

    Raises:
        CliError: a file cannot be written, or a report that is no text would go to a terminal.
    """
    import reports
    from qa.files import cause, display, write_atomic

    for name, path in wanted:
        if name == _TEXT:
            from reports.text import render_text

            text = render_text(run, width=width, color=color and path is None)
            if shown:
                text += _suppressed(run)
            if path is None:
                emit_text(text)
                continue
            data = text.encode("utf-8", "replace")
        else:
            data = reports.render(name, run)
        if path is None:
            if sys.stdout.isatty() and b"\x00" in data:
                raise CliError(f"{name} 格式不是文字，请用 -o 写入文件")
            emit(data)
            continue
        try:
            write_atomic(path, data)
        except OSError as error:
            raise CliError(f"报告 {display(path)} 无法写入：{cause(error)}") from None


def _suppressed(run: Run) -> str:
    lines = [
        f"  {f.path}:{f.start.line}:{f.start.column} {f.rule} “{f.quote}” 理由：{f.suppressed}\n"
        for f in run.findings
        if f.suppressed is not None
    ]
    return f"\n已忽略 {len(lines)} 处：\n{''.join(lines)}" if lines else ""


def colored(no_color: bool) -> bool:
    """Whether standard output takes colours."""
    if no_color or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _time(word: str) -> str:
    if not word:
        return ""
    from datetime import datetime

    try:
        datetime.fromisoformat(word)
    except ValueError:
        raise CliError(f"--time：“{word}”不是时间，应写作 2025-03-01T09:30:00+08:00") from None
    return word


def deliver(
    run: Run,
    wanted: Sequence[tuple[str, Path | None]],
    *,
    quiet: bool,
    width: int | None,
    color: bool,
    shown: bool = False,
) -> None:
    """Write the reports that were asked for; remark on what none of them says to the one at the screen.

    Args:
        run: what to tell.
        wanted: formats and where to, as :func:`targets` gives them.
        quiet: say nothing where there is nothing to say.
        width: of text, in columns; ``None`` for that of the terminal.
        color: whether text has colours.
        shown: list what was ignored too.
    """
    silent = quiet and not run.live and not run.incomplete
    places = [(one, path) for one, path in wanted if not (silent and one == _TEXT and path is None)]
    report(run, places, width=width or _width(), color=color, shown=shown)
    if not quiet and all(one != _TEXT or path is not None for one, path in wanted):
        for words in run.notices:
            remark(words)


def _width() -> int:
    if not sys.stdout.isatty():
        return 100
    import shutil

    return shutil.get_terminal_size((100, 24)).columns


@dataclass
class Approving:
    """The options that record approvals, and what is to be done for them before and after a check."""

    file: str | None
    url: str | None
    table: str | None
    by: str
    text: bool
    urls: Any = None

    def prepare(self, count: int, time: str) -> None:
        """Find what is wrong with the options before the work is done.

        Raises:
            CliError: they do not go together, or a file or ledger cannot be used.
        """
        from qa.files import is_url

        if self.file is None:
            if self.url or self.table or self.by or not self.text:
                raise CliError("--url、--url-map、--approved-by、--no-text 须与 --approve FILE 同用")
            return
        from qa.cli._approvals import place_of, probe, url_map

        if self.url and not is_url(self.url):
            raise CliError(f"--url：“{self.url}”不是网址，应以 http:// 或 https:// 开头")
        if self.url and count > 1:
            raise CliError(f"--url 只能用于一篇稿件，这次有 {count} 篇，请改用 --url-map")
        self.file = place_of(self.file, "--approve")
        probe(self.file, time)
        self.urls = url_map(self.table)

    def extra(self) -> dict[str, Any]:
        """What workers must know."""
        if self.file is None:
            return {}
        from qa.approval import article_of

        return {"note": article_of}

    def record(self, run: Run, time: str) -> None:
        """Write the records, and remark on it."""
        if self.file is None:
            return
        from qa.cli._approvals import now, record

        run.notices.append(
            record(
                run,
                self.file,
                urls=self.urls,
                url=self.url or "",
                at=time or now(),
                by=self.by,
                text=self.text,
            )
        )


@click.command(cls=Command)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "-f", "--format", "format_", metavar="FORMAT", help="报告格式：text json sarif junit github html 等"
)
@click.option(
    "-o", "--output", "outputs", metavar="FILE", multiple=True, help="写入文件；写成 格式=文件 可同时出几份"
)
@engine_options
@click.option(
    "--gate",
    metavar="LEVEL",
    multiple=True,
    help="达到此级别即不通过（note warning error veto none）；可写 环节=级别",
)
@click.option("--baseline", metavar="FILE", help="基线文件：其中已有的问题不再阻断")
@click.option("--write-baseline", is_flag=True, help="把现有问题写入基线文件")
@click.option(
    "--approve",
    metavar="FILE",
    help="把通过的稿件记入批准记录，供 shenjiao recheck 复查；写 .jsonl 文件或台账地址",
)
@click.option("--url", metavar="URL", help="稿件将发布的网址，写入批准记录（只查一篇时可用）")
@click.option("--url-map", metavar="CSV", help="网址对照表，两列：稿件路径或标题、网址；写入批准记录")
@click.option("--approved-by", metavar="NAME", default="", help="批准人，写入批准记录")
@click.option("--no-text", is_flag=True, help="批准记录只留校验值，不留全文")
@click.option("--links", is_flag=True, help="联网检查外部链接")
@click.option("--last-year", metavar="FILE", help="上年度信息公开年报，用来核对结转数")
@click.option("--media", metavar="KIND", help="标准输入的格式：html markdown text")
@click.option("--name", "--stdin-name", "name", metavar="NAME", help="标准输入在报告中的名称")
@click.option(
    "-j", "--jobs", metavar="N", type=click.IntRange(min=0), default=None, help="并行进程数，默认为处理器数"
)
@click.option("--time", metavar="ISO", default="", help="写进报告的时间；默认不写，结果可复现")
@click.option("--width", metavar="N", type=click.IntRange(min=20), default=None, help="文字报告的宽度")
@click.option("--no-color", is_flag=True, help="不用颜色")
@click.option("--show-suppressed", is_flag=True, help="列出已忽略的问题和理由")
@click.option("-q", "--quiet", is_flag=True, help="没有问题就不输出，不显示提示和进度")
def check(
    options: Options,
    paths: tuple[str, ...],
    format_: str | None,
    outputs: tuple[str, ...],
    gate: tuple[str, ...],
    baseline: str | None,
    write_baseline: bool,
    approve: str | None,
    url: str | None,
    url_map: str | None,
    approved_by: str,
    no_text: bool,
    links: bool,
    last_year: str | None,
    media: str | None,
    name: str | None,
    jobs: int | None,
    time: str,
    width: int | None,
    no_color: bool,
    show_suppressed: bool,
    quiet: bool,
) -> int:
    """检查文件、文件夹（含下级）、通配符、标准输入（-）或网址（http…）。

    退出码：0 通过，1 有达到阻断级别的问题，2 用法或配置有误，3 有内容未能检查。
    """
    if media is not None and media not in ("html", "markdown", "text"):
        raise CliError(f"--media：没有“{media}”这种格式，应为 html、markdown 或 text")
    time = _time(time)
    options = replace(options, gate=gate, last_year=last_year or "", start=start_folder(paths))
    current = session(options)
    config = current.config
    wanted = targets(format_, outputs, config.format)
    known = Path(baseline) if baseline else config.baseline
    if write_baseline and known is None:
        raise CliError("--write-baseline 须与 --baseline FILE 同用")
    if known is not None and not write_baseline:
        _probe(known)
    approvals = Approving(approve, url, url_map, approved_by, not no_text)
    collected = collect(current, paths, media, name)
    approvals.prepare(len(collected.inputs), time)
    options = replace(options, keep=any(one not in _LEAN for one, _ in wanted), extra=approvals.extra())
    current = Session(options, current.names, config)
    made = checker(current)
    collected.inputs = [fetch(item, config.max_bytes) for item in collected.inputs]
    if links or config.links:
        made.links = check_links(made, collected.inputs, quiet=quiet)
        options = replace(options, extra={**options.extra, "links": made.links})
    count = jobs or config.jobs or os.cpu_count() or 1
    found = outcomes(made, collected.inputs, options, count, quiet)
    run = finish(current, found, collected, known, write_baseline, time)
    approvals.record(run, time)
    deliver(run, wanted, quiet=quiet, width=width, color=colored(no_color), shown=show_suppressed)
    return run.exit_code


def _probe(path: Path) -> None:
    """Look at the baseline before the work is done, not after."""
    from qa import baseline

    try:
        baseline.load(path)
    except baseline.BaselineError as error:
        raise CliError(str(error)) from None
