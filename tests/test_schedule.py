"""``shenjiao schedule``: times, crontab, systemd, and the foreground scheduler."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time as clocks
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from qa.cli import _nightly, _units, main
from qa.cli import schedule as command
from qa.cli._base import CliError
from qa.cli._nightly import LOCK_NAME, Nightly, Plan, following, plan, stop_signals
from qa.cli._units import crontab, executable, health_command, unit_name, units
from qa.site.entries import SiteEntry
from qa.site.model import SiteConfig
from qa.site.options import CrawlOptions

BEIJING = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")


def entry(out: Path, key: str = "city", at: str = "01:30", name: str = "某市") -> SiteEntry:
    return SiteEntry(SiteConfig(f"https://{key}.example.gov.cn/", name), CrawlOptions(), out, at, key)


# --- times --------------------------------------------------------------------------------------


def test_sites_of_one_time_are_spread(tmp_path: Path) -> None:
    asked = ["01:30", "23:55", "01:30", "01:30", "23:55", "02:00"]
    found = plan(entry(tmp_path, f"s{n}", at) for n, at in enumerate(asked))
    assert [f"{one.at:%H:%M}" for one in found] == ["01:30", "23:55", "01:40", "01:50", "00:05", "02:00"]
    assert len(plan(entry(tmp_path, f"s{n}") for n in range(200))) == 200


def moment(words: str, zone: ZoneInfo = BEIJING) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("after", "at", "zone", "expected"),
    [
        ("2026-03-01T01:00", "01:30", BEIJING, "2026-03-01T01:30:00+08:00"),
        ("2026-03-01T01:30", "01:30", BEIJING, "2026-03-02T01:30:00+08:00"),
        ("2026-12-31T23:59", "01:30", BEIJING, "2027-01-01T01:30:00+08:00"),
        # 02:30 does not exist on 8 March 2026 in New York: an hour later, once.
        ("2026-03-07T12:00", "02:30", NEW_YORK, "2026-03-08T03:30:00-04:00"),
        ("2026-03-08T03:30", "02:30", NEW_YORK, "2026-03-09T02:30:00-04:00"),
        # 01:30 comes twice on 1 November 2026: the first one counts.
        ("2026-10-31T12:00", "01:30", NEW_YORK, "2026-11-01T01:30:00-04:00"),
        ("2026-11-01T01:30", "01:30", NEW_YORK, "2026-11-02T01:30:00-05:00"),
    ],
)
def test_the_next_time(after: str, at: str, zone: ZoneInfo, expected: str) -> None:
    assert following(time.fromisoformat(at), moment(after, zone), zone).isoformat() == expected


def test_a_year_of_nights_is_a_run_a_day() -> None:
    at, days = moment("2026-01-01T12:00", NEW_YORK), []
    for _ in range(365):
        following_at = following(time(1, 30), at, NEW_YORK)
        assert following_at.astimezone(UTC) > at.astimezone(UTC)
        at = following_at
        days.append(at.date())
    assert days == [days[0] + timedelta(days=n) for n in range(365)]


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    clocks.tzset()
    yield
    monkeypatch.undo()
    clocks.tzset()


@pytest.mark.usefixtures("new_york")
def test_the_systems_own_zone() -> None:
    after = datetime(2026, 3, 7, 17, tzinfo=UTC)
    assert following(time(2, 30), after).isoformat() == "2026-03-08T03:30:00-04:00"
    assert following(time(2, 30), after + timedelta(days=1)).isoformat() == "2026-03-09T02:30:00-04:00"
    assert _nightly.now().utcoffset() is not None


# --- crontab and systemd ------------------------------------------------------------------------


def test_crontab(tmp_path: Path) -> None:
    out = tmp_path / "政务 100% 'a' $b"
    text = crontab(plan([entry(out), entry(tmp_path / "b", "区-县", "23:05", "")]), tmp_path / "配 置.toml")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line.split()[:5] for line in lines] == [["30", "1", "*", "*", "*"], ["5", "23", "*", "*", "*"]]
    # What cron hands to the shell: everything up to a bare %, with \% for %.
    handed = lines[0].split(maxsplit=5)[5]
    assert "%" not in handed.replace("\\%", "")
    words = shlex.split(handed.replace("\\%", "%"), posix=True)
    assert words[:4] == ["mkdir", "-p", str(out), "&&"]
    assert words[5:7] == ["-n", str(out / LOCK_NAME)]
    assert words[7:] == [
        *executable(), "health", "city", "--config", str(tmp_path / "配 置.toml"),
        f">>{out / 'schedule.log'}", "2>&1",
    ]  # fmt: skip
    assert Path(words[4]).is_absolute()
    assert Path(words[7]).is_absolute()
    assert "区-县" in lines[1]


def test_what_cron_runs_really_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "政务 100% 'a' $b"
    script = tmp_path / "ec ho"
    script.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(_units, "executable", lambda: [str(script)])
    line = crontab(plan([entry(out)]), tmp_path / "c.toml").splitlines()[-1]
    shell = line.split(maxsplit=5)[5].replace("\\%", "%")
    subprocess.run(["/bin/sh", "-c", shell], check=True)
    log = out / "schedule.log"
    assert log.read_text(encoding="utf-8") == f"health city --config {tmp_path}/c.toml\n"
    assert (out / LOCK_NAME).exists()


def test_no_flock_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_units.shutil, "which", lambda _name: None)
    text = crontab(plan([entry(tmp_path)]), tmp_path / "c.toml")
    assert "本机没有 flock" in text
    assert LOCK_NAME not in text


@pytest.mark.parametrize("bad", ["a\nb", "a\x07b", "a\udcffb"])
def test_paths_no_file_of_ours_can_hold(tmp_path: Path, bad: str) -> None:
    plans = plan([entry(tmp_path / bad)])
    with pytest.raises(CliError, match="无法写进定时任务"):
        crontab(plans, tmp_path / "c.toml")
    with pytest.raises(CliError, match="无法写进定时任务"):
        units(plans, tmp_path / bad / "c.toml", user=True, account="")


def test_a_path_too_long_for_cron(tmp_path: Path) -> None:
    with pytest.raises(CliError, match="路径太长，cron 放不下"):
        crontab(plan([entry(tmp_path / ("x" * 200) / ("y" * 200))]), tmp_path / "c.toml")


def test_how_this_program_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert executable() == [str(tmp_path / "python"), "-P", "-m", "qa.cli"]
    (tmp_path / "shenjiao").touch(mode=0o755)
    assert executable() == [str(tmp_path / "shenjiao")]


def test_names_of_units() -> None:
    assert unit_name("a-b.c:8080") == "shenjiao-a-b.c:8080"
    assert unit_name("县 a") == "shenjiao-\\xe5\\x8e\\xbf\\x20a"
    assert len(unit_name("县" * 60)) < 60
    assert unit_name("县" * 60) != unit_name("区" * 60)


def test_units(tmp_path: Path) -> None:
    out = tmp_path / '政务 100% "a" $b\\c'
    plans = plan([entry(out, name="某市 50%")])
    files = units(plans, out / "c.toml", user=False, account="web")
    assert sorted(files) == ["shenjiao-city.service", "shenjiao-city.timer"]
    service, timer = files["shenjiao-city.service"], files["shenjiao-city.timer"]
    escaped = str(out / "c.toml").replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    escaped = escaped.replace("$", "$$")
    assert f'health city --config "{escaped}"\n' in service
    assert f'WorkingDirectory={tmp_path}/政务 100%% "a" $b\\c\n' in service
    assert "\nUser=web\n" in service
    assert "Description=审校网站体检：某市 50%%\n" in service
    assert "OnCalendar=*-*-* 01:30:00\n" in timer
    assert "User=" not in units(plans, out / "c.toml", user=True, account="web")["shenjiao-city.service"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="没有 systemd-analyze")
@pytest.mark.parametrize("scope", ["--system", "--user"])
def test_systemd_takes_the_units(tmp_path: Path, scope: str) -> None:
    folder = tmp_path / '政务 100% "a" $b'
    folder.mkdir()
    plans = plan([entry(folder), entry(folder / "b", "区-县 x", "23:05")])
    for name, words in units(plans, folder / "c.toml", user=scope == "--user", account="").items():
        (tmp_path / name).write_text(words, encoding="utf-8")
    names = sorted(str(path) for path in tmp_path.glob("shenjiao-*"))
    assert len(names) == 4
    done = subprocess.run(
        ["systemd-analyze", scope, "verify", "--man=no", *names],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        check=False,
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "shenjiao-" in line]) == (0, [])


# --- the scheduler ------------------------------------------------------------------------------


class Clock:
    """A clock that waiting moves; waiting may end with a signal at some moment."""

    def __init__(self, start: datetime, stop: datetime, number: int = signal.SIGTERM) -> None:
        self.at = start
        self.end = stop
        self.number = number

    def __call__(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> int:
        clocks.sleep(0.002)
        self.at += timedelta(seconds=max(seconds, 0.001))
        return self.number if self.at >= self.end else 0


def python(code: str) -> Callable[[Plan], Sequence[str]]:
    return lambda plan: [sys.executable, "-S", "-c", code, plan.entry.key, str(plan.entry.out)]


NOTE = "import sys; open(sys.argv[2] + '/ran', 'a').write(sys.argv[1] + '\\n'); sys.exit({})"


def test_each_night_each_site_runs_once(tmp_path: Path) -> None:
    start = moment("2026-03-01T12:00")
    clock = Clock(start, start + timedelta(days=2, hours=23))
    plans = plan([entry(tmp_path / "a", "a"), entry(tmp_path / "b", "b", "02:00")])
    lines: list[str] = []

    def wait(seconds: float) -> int:
        # Children are real: give them time before the clock goes on.
        for _, child in nightly.running.values():
            child.wait(20)
        return clock.wait(seconds)

    nightly = Nightly(plans, python(NOTE.format(1)), lines.append, wait, clock, BEIJING)
    assert nightly.forever() == 0
    assert (tmp_path / "a/ran").read_text() == "a\n" * 3
    assert (tmp_path / "b/ran").read_text() == "b\n" * 3
    assert lines[0] == "[2026-03-01 12:00:00] 某市：下一次体检在 2026-03-02 01:30"
    starts = [line[1:17] for line in lines if line.endswith("体检开始")]
    assert starts == [f"2026-03-0{day} {at}" for day in (2, 3, 4) for at in ("01:30", "02:00")]
    assert sum("体检结束：查出问题" in line for line in lines) == 6


def test_a_run_that_lasts_is_not_doubled_and_is_stopped(tmp_path: Path) -> None:
    start = moment("2026-03-01T12:00")
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (open(sys.argv[2] + '/told', 'w').close(), sys.exit(0)))\n"
        "open(sys.argv[2] + '/up', 'w').close()\n"
        "time.sleep(60)"
    )
    up, lines = tmp_path / "up", []
    state = {"at": start}

    def wait(_seconds: float) -> int:
        if "stop" in state:
            clocks.sleep(0.05)
            return 0
        if nightly.running:
            while not up.exists():
                clocks.sleep(0.01)
        state["at"] += timedelta(hours=6)
        if state["at"] > start + timedelta(days=2):
            state["stop"] = start
            return signal.SIGTERM
        return 0

    nightly = Nightly(plan([entry(tmp_path)]), python(code), lines.append, wait, lambda: state["at"], BEIJING)
    assert nightly.forever() == 0
    assert (tmp_path / "told").exists()
    assert any("上一次体检还没有结束，这一次不做" in line for line in lines)
    assert lines[-1].endswith("体检结束：通过")


def test_a_run_that_does_not_stop_is_ended(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "open(sys.argv[2] + '/up', 'w').close()\n"
        "time.sleep(60)"
    )
    up, lines = tmp_path / "up", []

    def wait(_seconds: float) -> int:
        while not up.exists():
            clocks.sleep(0.01)
        return signal.SIGINT

    nightly = Nightly(plan([entry(tmp_path)]), python(code), lines.append, wait)
    assert nightly.once() == 130
    assert lines[-2].endswith("正在停止")
    assert lines[-1].endswith("没有及时停下，已强行结束")
    assert not nightly.running


@pytest.mark.parametrize(
    ("codes", "worst"), [("00", 0), ("01", 1), ("31", 3), ("12", 2), ("19", 3), ("0", 0)]
)
def test_once_gives_the_worst_code(tmp_path: Path, codes: str, worst: int) -> None:
    plans = plan([entry(tmp_path / str(n), str(n)) for n in range(len(codes))])
    lines: list[str] = []
    code = f"import sys; sys.exit(int('{codes}'[int(sys.argv[1])]))"
    nightly = Nightly(plans, python(code), lines.append, lambda _s: clocks.sleep(0.01) or 0)
    assert nightly.once() == worst
    words = {"0": "通过", "1": "查出问题", "2": "配置有误", "3": "有内容未能检查", "9": "异常退出（代码 9）"}
    assert [line.rpartition("体检结束：")[2] for line in lines if "结束" in line] == [words[c] for c in codes]


def test_runs_that_do_not_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    held = _nightly._lock(tmp_path / "held")
    assert held is not None
    plans = plan([entry(tmp_path / "file", "a"), entry(tmp_path / "held", "b"), entry(tmp_path / "c", "c")])
    lines: list[str] = []
    nightly = Nightly(plans, lambda _plan: [str(tmp_path / "none")], lines.append, lambda _s: 0)
    assert nightly.once() == 3
    os.close(held)
    assert [line.rpartition("：某市")[2].partition("] ")[2] for line in lines] == [
        "某市：体检没有开始：已有同名的文件",
        "某市：另有一次体检正在进行，这一次不做",
        "某市：体检没有开始：文件不存在",
    ]


def test_the_lock_lives_as_long_as_the_run(tmp_path: Path) -> None:
    nightly = Nightly(plan([entry(tmp_path)]), python("import sys; sys.stdin.read(); import time; time.sleep(60)"),
                      lambda _line: None, lambda _s: 0)  # fmt: skip
    assert nightly._start(nightly.plans[0])
    with pytest.raises(_nightly.BusyError):
        _nightly._lock(tmp_path)
    (_, child) = nightly.running["city"]
    child.kill()
    child.wait()
    again = _nightly._lock(tmp_path)
    assert again is not None
    os.close(again)


def test_systems_without_such_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    nightly = Nightly(plan([entry(tmp_path)]), python(NOTE.format(0)), lambda _line: None, lambda _s: 0)
    assert nightly.once() == 0
    assert not (tmp_path / LOCK_NAME).exists()


def test_a_child_that_is_gone_before_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nightly = Nightly(plan([entry(tmp_path)]), python(""), lambda _line: None, lambda _s: 0)
    assert nightly._start(nightly.plans[0])
    (_, child) = nightly.running["city"]
    child.wait()

    def gone(_number: int) -> None:
        raise ProcessLookupError

    monkeypatch.setattr(child, "send_signal", gone)
    nightly._stop(signal.SIGTERM)
    assert not nightly.running


def test_signals_end_waiting() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stop_signals() as wait:
        assert wait(0) == 0
        os.kill(os.getpid(), signal.SIGTERM)
        assert wait(20) == signal.SIGTERM
        os.kill(os.getpid(), signal.SIGINT)
        assert wait(20) == signal.SIGINT
    assert signal.getsignal(signal.SIGTERM) is before


def test_other_signals_do_not() -> None:
    handler = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        with stop_signals() as wait:
            os.kill(os.getpid(), signal.SIGUSR1)
            assert wait(20) == 0
    finally:
        signal.signal(signal.SIGUSR1, handler)


# --- the command --------------------------------------------------------------------------------

CONFIG = """
[[sites]]
home = "http://127.0.0.1:{port}/"
key = "one"
at = "03:00"
rate = 100
retries = 0
allow-private = true
[[sites]]
home = "http://127.0.0.1:{port}/b/"
key = "two"
at = "03:00"
"""

Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHENJIAO_LEDGER", raising=False)
    Path("shenjiao.toml").write_text(CONFIG.format(port=9), encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str, str]:
        capsysbinary.readouterr()
        code = main(["schedule", *arguments])
        out, err = capsysbinary.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")

    return run


def test_printing(shell: Shell, tmp_path: Path) -> None:
    code, cron, err = shell("--cron")
    assert (code, err) == (0, "")
    assert [line[:4] for line in cron.splitlines() if not line.startswith("#")] == ["0 3 ", "10 3"]
    code, systemd, _ = shell("--systemd")
    assert "# /etc/systemd/system/shenjiao-one.service\n[Unit]\n" in systemd
    assert systemd.endswith("enable --now 'shenjiao-one.timer' 'shenjiao-two.timer'\n")
    assert shell()[1] == cron + systemd
    assert "~/.config/systemd/user/shenjiao-one.timer" in shell("--systemd", "--user")[1]
    # A site keeps its time whether or not others are named.
    assert shell("--cron", "two")[1].splitlines()[-1].startswith("10 3 * * * ")
    assert f"--config {tmp_path}/shenjiao.toml" in cron


def test_writing_units(shell: Shell, tmp_path: Path) -> None:
    code, out, _ = shell("--write", "单元", "--user", "one")
    assert code == 0
    assert out == (
        "已写入 单元/shenjiao-one.service\n已写入 单元/shenjiao-one.timer\n"
        "启用：systemctl --user daemon-reload && systemctl --user enable --now 'shenjiao-one.timer'\n"
    )
    assert (tmp_path / "单元/shenjiao-one.timer").read_text(encoding="utf-8").startswith("[Unit]\n")
    code, _, err = shell("--write", "shenjiao.toml")
    assert (code, err) == (2, "错误：shenjiao.toml 无法写入：已有同名的文件\n")


def test_the_ledger_of_the_environment_is_remarked_on(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENJIAO_LEDGER", "postgresql://u:geheim@h/x")
    code, out, err = shell("--cron")
    assert (code, "geheim" in out + err) == (0, False)
    assert err.startswith("提示：环境变量 SHENJIAO_LEDGER 不会传给定时任务")


def test_whom_units_run_as(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    monkeypatch.setattr(os, "getuid", lambda: 0)
    assert command._account() == ""  # type: ignore[attr-defined]
    monkeypatch.setattr(os, "getuid", lambda: pwd.getpwnam("nobody").pw_uid)
    assert command._account() == "nobody"  # type: ignore[attr-defined]
    monkeypatch.setattr(os, "getuid", lambda: 3_999_999_999)
    assert command._account() == "3999999999"  # type: ignore[attr-defined]
    monkeypatch.delattr(os, "getuid")
    assert command._account() == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--run", "--once"], "不能同时使用"),
        (["--once", "--cron"], "不能同时使用"),
        (["three"], "配置文件里没有站点“three”"),
        (["--config", "none.toml"], "none.toml：文件不存在"),
        (["--crn"], "没有“--crn”这个选项，是不是 --cron？"),
    ],
)
def test_wrong_usage(shell: Shell, arguments: list[str], words: str) -> None:
    code, out, err = shell(*arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_without_configuration(shell: Shell) -> None:
    Path("shenjiao.toml").write_text("", encoding="utf-8")
    assert "配置文件里没有站点" in shell()[2]
    Path("shenjiao.toml").unlink()
    assert "没有找到 shenjiao.toml" in shell("--run")[2]


def test_once_as_a_command(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "fake.py"
    script.write_text("import sys; print(sys.argv[1:], flush=True); sys.exit(sys.argv[2] == 'two')", "utf-8")
    monkeypatch.setattr(_nightly, "module_command", lambda: [sys.executable, "-S", str(script)])
    code, out, _ = shell("--once")
    assert code == 1
    assert [line.partition("：")[2] for line in out.splitlines() if line.startswith("[2")] == [
        "体检开始", "体检结束：通过", "体检开始", "体检结束：查出问题",
    ]  # fmt: skip


def test_the_command_of_a_run(tmp_path: Path) -> None:
    (one,) = plan([entry(tmp_path)])
    words = health_command(_nightly.module_command(), one, tmp_path / "c.toml")
    assert words == [sys.executable, "-P", "-m", "qa.cli", "health", "city", "--config", f"{tmp_path}/c.toml"]


def test_staying_in_the_foreground(tmp_path: Path) -> None:
    """The real program, stopped by a real signal while it waits."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "shenjiao.toml").write_text(CONFIG.format(port=port), encoding="utf-8")
    job = subprocess.Popen(
        [sys.executable, "-P", "-m", "qa.cli", "schedule", "--run"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert job.stdout is not None
    first = job.stdout.readline().decode("utf-8")
    assert "one：下一次体检在" in first
    job.stdout.readline()
    job.send_signal(signal.SIGTERM)
    _, err = job.communicate(timeout=20)
    assert (job.returncode, err) == (0, b"")
