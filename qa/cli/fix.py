"""``shenjiao fix``."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from qa.cli._base import (
    CliError,
    Command,
    Options,
    checker,
    complain,
    emit_text,
    engine_options,
    remark,
    session,
    start_folder,
)
from qa.cli.check import collect, colored
from qa.fix import FixError, Plan, diff, plan, write

_COLOURS = {"+": "32", "-": "31", "@": "36"}


def painted(text: str) -> str:
    """A unified diff in the usual colours."""
    lines = []
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\n")
        code = "1" if line.startswith(("+++", "---")) else _COLOURS.get(line[:1])
        lines.append(f"\x1b[{code}m{body}\x1b[0m\n" if code else line)
    return "".join(lines)


def interactive() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def confirmed(question: str) -> bool:
    """Ask; anything but a clear yes is no."""
    click.echo(f"{question}（y 写入，其他键放弃）：", nl=False)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是", "好")


def _write(plans: list[Plan]) -> int:
    """Write the plans; the number of files that could not be."""
    failed = 0
    for made in plans:
        try:
            write(made)
        except FixError as error:
            complain(f"{made.item.name}：{error}")
            failed += 1
        else:
            rest = f"，其余 {made.left} 处请人工处理" if made.left else ""
            click.echo(f"{made.item.name}：已改正 {made.count} 处{rest}")
    return failed


@click.command(cls=Command)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--rule", "only", metavar="RULE", multiple=True, help="只改这些规则的问题，写法同 --select")
@click.option("-y", "--yes", is_flag=True, help="不再询问，直接写入")
@click.option("--diff", "only_diff", is_flag=True, help="只显示差异，不写入")
@click.option("--no-color", is_flag=True, help="不用颜色")
@engine_options
def fix(
    options: Options,
    paths: tuple[str, ...],
    only: tuple[str, ...],
    yes: bool,
    only_diff: bool,
    no_color: bool,
) -> int:
    """改正有把握的问题（无论上下文都成立的改动）：先显示差异，确认后写入。

    文件的编码、换行和其余内容逐字节保持不变。没有终端可询问又未加 --yes 时只显示差异。

    退出码：0 没有可改正的，或已全部改正；1 有可改正的但没有写入；2 用法有误；3 有文件未能处理。
    """
    from qa.config import ConfigError
    from qa.files import is_url, split_names

    if yes and only_diff:
        raise CliError("--yes 与 --diff 不能同时使用")
    for path in paths:
        if path == "-" or is_url(path):
            raise CliError(f"fix 只能改正文件，不能处理“{path}”")
    current = session(replace(options, start=start_folder(paths)))
    try:
        rules = current.names.expand(split_names(only), "--rule") if only else None
    except ConfigError as error:
        raise CliError(str(error)) from None
    collected = collect(current, paths, None, None)
    made = checker(current)
    failed = 0
    plans = []
    for item in collected.inputs:
        one = plan(item, made, rules)
        for words in [one.problem, *one.gaps]:
            if words:
                complain(f"{item.name}：{words}")
                failed = 1
        if one.changed:
            text = diff(one)
            emit_text(painted(text) if colored(no_color) else text)
            plans.append(one)
    for words in [*current.config.notices, *collected.remarks()]:
        remark(words)
    total = sum(one.count for one in plans)
    if not plans:
        click.echo("没有可自动改正的问题", err=True)
        return 3 if failed else 0
    question = f"把以上 {total} 处改正写入 {len(plans)} 个文件吗？"
    if only_diff or not (yes or (interactive() and confirmed(question))):
        click.echo(f"共有 {total} 处可改正，没有写入；加 --yes 写入", err=True)
        return 3 if failed else 1
    failed += _write(plans)
    return 3 if failed else 0
