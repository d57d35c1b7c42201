"""``shenjiao schedule``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli._base import CliError, Command, emit_text, remark

if TYPE_CHECKING:
    from qa.cli._nightly import Plan


@click.command(cls=Command)
@click.argument("sites", nargs=-1, metavar="[SITE…]")
@click.option("--config", metavar="FILE", help="配置文件；默认从当前文件夹向上找 shenjiao.toml")
@click.option("--cron", is_flag=True, help="只打印 crontab 的行")
@click.option("--systemd", is_flag=True, help="只打印 systemd 的服务和定时器")
@click.option("--write", metavar="DIR", help="把 systemd 单元写进文件夹，不打印")
@click.option("--user", is_flag=True, help="systemd 单元装在用户名下，不用管理员权限")
@click.option("--run", "stay", is_flag=True, help="在前台定时运行，Ctrl-C 或 SIGTERM 停止")
@click.option("--once", is_flag=True, help="现在就把各站点依次体检一遍，退出码取最重的")
def schedule(
    sites: tuple[str, ...],
    config: str | None,
    cron: bool,
    systemd: bool,
    write: str | None,
    user: bool,
    stay: bool,
    once: bool,
) -> int:
    """按配置文件中的 [[sites]] 每晚自动体检。

    站点可写简称、名称或首页地址，不写就是全部。什么选项都不写时打印 crontab 和 systemd 两种定时任务。
    时刻都是本机时间；几个站点时刻相同的，依次错开十分钟。
    """
    from qa.cli._nightly import plan
    from qa.cli._sites import find_sites
    from qa.config import ConfigError

    ways = [
        name for name, on in (("--run", stay), ("--once", once), ("打印", cron or systemd or write)) if on
    ]
    if len(ways) > 1:
        raise CliError("--run、--once 与打印定时任务的选项不能同时使用")
    found = find_sites(config or "")
    if found is None:
        raise CliError("没有找到 shenjiao.toml；请用 shenjiao init 生成，并用 [[sites]] 写明站点")
    path, known = found
    try:
        chosen = {entry.key for entry in known.pick(sites)}
    except ConfigError as error:
        raise CliError(str(error)) from None
    # Times are spread over all sites, so that they do not depend on which are named.
    plans = [one for one in plan(known.entries) if one.entry.key in chosen]
    if stay or once:
        return _run(plans, path, once=once)
    _warn_of_ledger()
    both = not (cron or systemd or write)
    if cron or both:
        from qa.cli._units import crontab

        emit_text(crontab(plans, path))
    if systemd or write or both:
        _systemd(plans, path, user=user, write=write)
    return 0


def _warn_of_ledger() -> None:
    from qa.site.entries import LEDGER_VARIABLE

    if os.environ.get(LEDGER_VARIABLE):
        remark(f"环境变量 {LEDGER_VARIABLE} 不会传给定时任务，请把台账地址写进配置文件的 [ledger]")


def _run(plans: list[Plan], path: Path, *, once: bool) -> int:
    from qa.cli._nightly import Nightly, module_command, stop_signals
    from qa.cli._units import health_command

    with stop_signals() as wait:
        nightly = Nightly(plans, lambda plan: health_command(module_command(), plan, path), click.echo, wait)
        return nightly.once() if once else nightly.forever()


def _systemd(plans: list[Plan], path: Path, *, user: bool, write: str | None) -> None:
    from qa.cli._units import unit_folder, units
    from qa.files import cause, display, write_atomic

    files = units(plans, path, user=user, account=_account())
    control = "systemctl --user" if user else "systemctl"
    timers = " ".join(f"'{name}'" for name in files if name.endswith(".timer"))
    if write is None:
        emit_text("".join(f"# {unit_folder(user)}/{name}\n{text}\n" for name, text in files.items()))
        emit_text(f"# 存好以上文件后运行：\n# {control} daemon-reload && {control} enable --now {timers}\n")
        return
    folder = Path(write).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            write_atomic(folder / name, text.encode("utf-8"))
            click.echo(f"已写入 {display(folder / name)}")
    except OSError as error:
        raise CliError(f"{display(folder)} 无法写入：{cause(error)}") from None
    click.echo(f"启用：{control} daemon-reload && {control} enable --now {timers}")


def _account() -> str:
    """Whom the system's units should run as: whoever asks; root needs no mention."""
    if not hasattr(os, "getuid") or os.getuid() == 0:
        return ""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
