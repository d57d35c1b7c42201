"""Nightly runs as lines of a crontab and as units of systemd."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from qa.cli._base import CliError
from qa.cli._nightly import LOCK_NAME, Plan
from qa.files import display

CRON_LIMIT = 998
"""Bytes of a command that every cron takes."""


_LONGEST_NAME = 200  # systemd takes 255, prefix and suffix included


def executable() -> list[str]:
    """How to start this program from anywhere: absolute path and first arguments."""
    script = Path(sys.executable).with_name("shenjiao")
    if script.is_file() and os.access(script, os.X_OK):
        return [str(script)]
    # -P: a folder called rules beside the configuration must not be taken for ours.
    return [sys.executable, "-P", "-m", "qa.cli"]


def health_command(start: Sequence[str], plan: Plan, config: Path) -> list[str]:
    """The health check of one site."""
    return [*start, "health", plan.entry.key, "--config", str(config)]


def crontab(plans: Iterable[Plan], config: Path) -> str:
    """Lines of a crontab: two runs of one site never overlap, and each writes a log of its own."""
    flock = shutil.which("flock")
    lines = ["# 审校：每晚网站体检。"]
    if flock is None:
        lines.append("# 本机没有 flock，同一站点的两次体检可能重叠。")
    for plan in plans:
        out = plan.entry.out
        words = health_command(executable(), plan, config)
        if flock is not None:
            words = [flock, "-n", str(out / LOCK_NAME), *words]
        command = f"{shlex.join(['mkdir', '-p', str(out)])} && {shlex.join(words)}"
        command += f" >>{shlex.quote(str(out / 'schedule.log'))} 2>&1"
        command = _line(command).replace("%", "\\%")
        if len(command.encode("utf-8", "surrogateescape")) > CRON_LIMIT:
            raise CliError(f"“{plan.entry.label}”的路径太长，cron 放不下，请改用 --systemd 或缩短路径")
        lines += [f"# {plan.entry.label}", f"{plan.at.minute} {plan.at.hour} * * * {command}"]
    return "\n".join(lines) + "\n"


def units(plans: Iterable[Plan], config: Path, *, user: bool, account: str) -> dict[str, str]:
    """Files of systemd by name: a service and a timer for each site.

    Args:
        plans: sites with their times.
        config: configuration file, absolute.
        user: units of one user, not of the system.
        account: user the system's units run as; empty: root.
    """
    files = {}
    for plan in plans:
        name = unit_name(plan.entry.key)
        label = _plain(plan.entry.label)
        command = " ".join(map(_word, health_command(executable(), plan, config)))
        owner = f"User={_plain(account)}\n" if account and not user else ""
        files[f"{name}.service"] = f"""\
[Unit]
Description=审校网站体检：{label}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
{owner}WorkingDirectory={_plain(str(config.parent))}
ExecStart={command}
# 1：查出了问题，不算运行失败
SuccessExitStatus=1
# 与 Ctrl-C 相同：存好已抓取的内容再退出
KillSignal=SIGINT
TimeoutStopSec=120
Nice=10
"""
        files[f"{name}.timer"] = f"""\
[Unit]
Description=审校网站体检（每日 {plan.at:%H:%M}）：{label}

[Timer]
OnCalendar=*-*-* {plan.at:%H:%M}:00
# 到时关着机，开机后补一次
Persistent=true

[Install]
WantedBy=timers.target
"""
    return files


def unit_name(key: str) -> str:
    """A unit's name for a site, escaped as systemd-escape does but for the hyphen."""
    escaped = re.sub(rb"[^0-9A-Za-z:_.-]", lambda found: b"\\x%02x" % found.group()[0], key.encode())
    if len(escaped) > _LONGEST_NAME:
        escaped = hashlib.sha256(key.encode()).hexdigest()[:16].encode()
    return f"shenjiao-{escaped.decode()}"


def unit_folder(user: bool) -> str:
    """Where units usually lie."""
    return "~/.config/systemd/user" if user else "/etc/systemd/system"


def _line(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", text):
        shown = display(re.sub(r"[\x00-\x1f\x7f]", "?", text))
        raise CliError(f"“{shown}”里有换行等控制字符，或者不是 UTF-8 编码，无法写进定时任务")
    return text


def _plain(text: str) -> str:
    """A value that stands to the end of its line."""
    return _line(text).replace("%", "%%")


def _word(text: str) -> str:
    """One argument of a command."""
    escaped = _line(text).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if re.search(r"[^0-9A-Za-z_./:@%+=,-]", text) or not text else escaped
