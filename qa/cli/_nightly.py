"""When each site is due, and the foreground scheduler that runs them."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from qa.files import cause

if TYPE_CHECKING:
    from qa.site.entries import SiteEntry

LOCK_NAME = ".schedule.lock"
"""Held, below a site's folder, as long as a run of it goes on; cron's flock holds the same."""

STAGGER = 10
"""Minutes between sites that ask for the same time."""

_STOPS = (signal.SIGINT, signal.SIGTERM)
_LONGEST_S = 60.0  # a clock that jumps is noticed within this time
_POLL_S = 0.5
_GRACE_S = 120.0
_WORDS = {0: "通过", 1: "查出问题", 2: "配置有误", 3: "有内容未能检查"}
_WORST = (0, 1, 2, 3)


@dataclass(frozen=True)
class Plan:
    """One site and the local time of its nightly run."""

    entry: SiteEntry
    at: time


def plan(entries: Iterable[SiteEntry]) -> list[Plan]:
    """Sites in their order; those that ask for a time already taken come ten minutes later each."""
    taken: set[int] = set()
    plans = []
    for entry in entries:
        hours, minutes = map(int, entry.at.split(":"))
        at = hours * 60 + minutes
        while at in taken and len(taken) < 24 * 60 // STAGGER:
            at = (at + STAGGER) % (24 * 60)
        taken.add(at)
        plans.append(Plan(entry, time(at // 60, at % 60)))
    return plans


def following(at: time, after: datetime, zone: tzinfo | None = None) -> datetime:
    """The next moment after ``after`` at which clocks show ``at``; once a day, whatever summer time does.

    A time that is skipped in spring comes as much later; of a time that comes twice in autumn the
    first one counts.

    Args:
        at: time of day.
        after: a moment, with zone.
        zone: whose clocks; the system's where ``None``.
    """
    day = after.astimezone(zone).date()
    while True:
        local = datetime.combine(day, at)
        # Compared in UTC: within one zone Python compares what clocks show.
        # A bare astimezone() would take a skipped time for an earlier one, before it is due.
        aware = local.replace(tzinfo=zone) if zone else datetime.fromtimestamp(local.timestamp(), UTC)
        moment = aware.astimezone(UTC)
        if moment > after.astimezone(UTC):
            return moment.astimezone(zone)
        day += timedelta(days=1)


@contextmanager
def stop_signals() -> Iterator[Callable[[float], int]]:
    """A way to wait: for so many seconds, or until Ctrl-C or SIGTERM, whose number it returns (else 0)."""
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    before = {number: signal.signal(number, lambda *_: None) for number in _STOPS}
    wakeup = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)

    def wait(seconds: float) -> int:
        if not select.select([reader], [], [], max(seconds, 0.0))[0]:
            return 0
        number = reader.recv(1)[0]
        return number if number in _STOPS else 0

    try:
        yield wait
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        reader.close()
        writer.close()


def now() -> datetime:
    """This moment, in the system's zone."""
    return datetime.now().astimezone()


class BusyError(Exception):
    """Another run of the site goes on."""


def _lock(folder: Path) -> int | None:
    """Take the site's lock; an open file to hand to the run, ``None`` where the system has no such locks."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise BusyError from None
    return handle


@dataclass
class Nightly:
    """Runs health checks of sites; one at a time for each site.

    Attributes:
        plans: sites and times.
        command: the command line for a site.
        say: takes one line of the log.
        wait: as :func:`stop_signals` gives it.
        clock: this moment.
        zone: whose clocks the times are of; the system's where ``None``.
    """

    plans: Sequence[Plan]
    command: Callable[[Plan], Sequence[str]]
    say: Callable[[str], None]
    wait: Callable[[float], int]
    clock: Callable[[], datetime] = now
    zone: tzinfo | None = None
    running: dict[str, tuple[Plan, subprocess.Popen[bytes]]] = field(default_factory=dict)

    def forever(self) -> int:
        """Run each site whenever it is due, until told to stop; exit code 0."""
        due = {plan.entry.key: following(plan.at, self.clock(), self.zone) for plan in self.plans}
        for plan in self.plans:
            self.log(plan, f"下一次体检在 {due[plan.entry.key]:%Y-%m-%d %H:%M}")
        while True:
            self._reap()
            moment = self.clock()
            for plan in self.plans:
                if due[plan.entry.key] <= moment:
                    due[plan.entry.key] = following(plan.at, moment, self.zone)
                    self._start(plan)
            left = (min(due.values()) - self.clock()).total_seconds()
            number = self.wait(min(left, _POLL_S if self.running else _LONGEST_S))
            if number:
                self._stop(number)
                return 0

    def once(self) -> int:
        """Run every site now, one after another; the worst exit code, 130 where it was interrupted."""
        worst = 0
        for plan in self.plans:
            code: int | None = None if self._start(plan) else 3
            while code is None:
                number = self.wait(_POLL_S)
                if number:
                    self._stop(number)
                    return 130
                code = self._reap().get(plan.entry.key)
            worst = max(worst, code if code in _WORST else 3)
        return worst

    def log(self, plan: Plan, words: str) -> None:
        """One line with the time."""
        self.say(f"[{self.clock().astimezone(self.zone):%Y-%m-%d %H:%M:%S}] {plan.entry.label}：{words}")

    def _start(self, plan: Plan) -> bool:
        """Start a site's run; whether it runs."""
        if plan.entry.key in self.running:
            self.log(plan, "上一次体检还没有结束，这一次不做")
            return False
        lock: int | None = None
        try:
            lock = _lock(plan.entry.out)
            child = subprocess.Popen(  # noqa: S603 - our own program
                self.command(plan),
                stdin=subprocess.DEVNULL,
                # Ctrl-C reaches it through us alone, once.
                start_new_session=True,
                # The lock lives as long as the run, even where we do not.
                pass_fds=() if lock is None else (lock,),
            )
        except BusyError:
            self.log(plan, "另有一次体检正在进行，这一次不做")
            return False
        except OSError as error:
            self.log(plan, f"体检没有开始：{cause(error)}")
            return False
        finally:
            if lock is not None:
                os.close(lock)
        self.running[plan.entry.key] = (plan, child)
        self.log(plan, "体检开始")
        return True

    def _reap(self) -> dict[str, int]:
        """Exit codes of the runs that have ended."""
        ended = {}
        for key, (plan, child) in list(self.running.items()):
            code = child.poll()
            if code is not None:
                del self.running[key]
                ended[key] = code
                self.log(plan, f"体检结束：{_WORDS.get(code) or f'异常退出（代码 {code}）'}")
        return ended

    def _stop(self, number: int) -> None:
        """Hand a signal on and wait for the runs to end; a second signal ends them at once."""
        for plan, child in self.running.values():
            self.log(plan, "正在停止")
            with suppress(ProcessLookupError):
                child.send_signal(number)
        waited = 0.0
        while self.running and waited < _GRACE_S and not self.wait(_POLL_S):
            waited += _POLL_S
            self._reap()
        for plan, child in self.running.values():
            self.log(plan, "没有及时停下，已强行结束")
            child.kill()
            child.wait()
        self.running.clear()


def module_command() -> list[str]:
    """This program as a module of this interpreter; ``-P``: never one of the current folder."""
    return [sys.executable, "-P", "-m", "qa.cli"]
