"""``shenjiao hook``: the git pre-commit hook."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli._base import (
    CliError,
    Command,
    Group,
    Options,
    Session,
    checker,
    engine_options,
    remark,
    session,
)
from qa.cli.check import colored, finish, outcomes, report
from qa.hook import install as installer
from qa.hook.git import GitError, Staged, author, changed, contents, top, tracked

if TYPE_CHECKING:
    from qa.files import Input


@click.group(cls=Group)
def hook() -> None:
    """Git 提交前检查：只查暂存区里将要提交的内容。"""


@hook.command("install", cls=Command, short_help="在当前仓库安装提交前检查")
@click.option("--force", is_flag=True, help="覆盖先前保存的钩子，或装进仓库之外的钩子文件夹")
def install(force: bool) -> int:
    """在当前仓库安装提交前检查；已有的钩子会保留并先运行。"""
    try:
        click.echo(installer.install(force=force))
    except GitError as error:
        raise CliError(str(error)) from None
    return 0


@hook.command("uninstall", cls=Command, short_help="卸载提交前检查")
def uninstall() -> int:
    """卸载提交前检查，恢复原有的钩子。"""
    try:
        click.echo(installer.uninstall())
    except GitError as error:
        raise CliError(str(error)) from None
    return 0


def staged_inputs(current: Session, staged: list[Staged], root: Path) -> list[Input]:
    """Inputs with the staged contents; other formats and excluded paths are left out."""
    from qa.files import Input
    from qa.readers import media_of

    config = current.config
    excluded = config.matcher(config.exclude)
    wanted = [
        one
        for one in staged
        if media_of(one.path) is not None and not (excluded is not None and excluded(root / one.path))
    ]
    data = contents(one.blob for one in wanted if not one.conflict)
    found = []
    for one in wanted:
        # The name is a path from the top: that is how git and editors name it.
        made = Input(
            one.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
            root / one.path,
            media_of(one.path),
            root,
            problem="合并冲突尚未解决" if one.conflict else "",
        )
        found.append(made if one.conflict else replace(made, data=next(data)))
    return found


@hook.command("run", cls=Command, short_help="检查暂存区的内容")
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@engine_options
@click.option("--gate", metavar="LEVEL", multiple=True, help="达到此级别即不通过；可写 环节=级别")
@click.option("--no-color", is_flag=True, help="不用颜色")
def run(options: Options, paths: tuple[str, ...], gate: tuple[str, ...], no_color: bool) -> int:
    """检查暂存区里新增和改动的网页与文稿；给出路径时只查这些文件的暂存版本。

    钩子框架（pre-commit、prek）会自动传入路径。配置了 [hook] approvals 时，通过的稿件记入批准记录。
    """
    from qa.files import Collected, Collector

    try:
        root = top()
        staged, unknown = tracked(paths) if paths else (changed(), [])
        options = replace(options, gate=gate, start=str(root))
        current = session(options)
        inputs = staged_inputs(current, staged, root)
    except GitError as error:
        raise CliError(str(error), 3) from None
    names = {item.name for item in inputs}
    collected = Collected(inputs)
    if unknown:
        # Named but not in the index: what stands on disk is all there is.
        config = current.config
        extra = Collector(exclude=config.matcher(config.exclude)).collect(unknown)
        collected.inputs += extra.inputs
        collected.notices += extra.remarks()
    if not collected.inputs:
        return 0
    approvals = current.config.approvals
    if approvals:
        from qa.approval import article_of

        options = replace(options, extra={"note": article_of})
        current = Session(options, current.names, current.config)
    made = checker(current)
    jobs = current.config.jobs or os.cpu_count() or 1
    found = outcomes(made, collected.inputs, options, jobs, quiet=True)
    result = finish(current, found, collected, current.config.baseline, False, "")
    if approvals and not result.exit_code:
        from qa.cli._approvals import now, record, url_map

        # Only what is staged counts: a file named that the index does not know was merely looked at.
        by = author()
        remark(record(result, approvals, urls=url_map(None), at=now(), by=by, only=names))
    if result.live or result.incomplete:
        report(result, [("text", None)], width=100, color=colored(no_color), shown=False)
    if result.exit_code:
        remark("提交已拦下。请改正后重新暂存（git add）再提交；确需放行可在文中写忽略注释并注明理由")
    return result.exit_code
