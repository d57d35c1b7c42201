"""``shenjiao health`` over a local site with one fault of every kind: each found once, nothing else, two nights."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import faultsite
from faultsite import Fault, Running, Site

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 120

pytestmark = pytest.mark.skipif(
    not (faultsite.available() and shutil.which("openssl")), reason="没有安装 nginx 或 openssl"
)


@dataclass
class Night:
    """What one run left: exit status, output, seconds, issues as mappings, and the site that was shown."""

    code: int
    output: str
    seconds: float
    site: Site
    issues: list[dict]
    gone: list[dict]
    pages: int
    judged: int
    reused: int
    asked: list[str]
    document: dict


def command(running: Running, home: str, out: Path) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ, SSL_CERT_FILE=str(running.ca), NO_COLOR="1", PYTHONPATH=str(ROOT))
    environment.pop("SHENJIAO_LEDGER", None)
    return subprocess.run(
        [
            sys.executable, "-m", "qa.cli", "health", home, "--out", str(out), "--allow-private",
            "--rate", "0", "--timeout", "2", "--retries", "1",
        ],
        capture_output=True, text=True, timeout=LIMIT, check=False, env=environment, cwd=out.parent,
    )  # fmt: skip


def rows(db: sqlite3.Connection, sql: str, *values: object) -> list[dict]:
    db.row_factory = sqlite3.Row
    return [dict(row) for row in db.execute(sql, values)]


ISSUES = """
SELECT i.id, i.rule, i.level, i.quote, i.message, i.suggestion, i.pages, i.chrome, i.state, i.suppressed, i.first_seen,
       p.url AS page, coalesce(t.url, '') AS target
FROM issue i JOIN url p ON p.id = i.url_id LEFT JOIN url t ON t.id = i.target_id WHERE i.run_id = ? ORDER BY i.id
"""


JUDGED = re.compile(r"判定网页 (\d+) 个，沿用上次结果 (\d+) 个")


def night(running: Running, out: Path, number: int) -> Night:
    """One run over the site of a night; number 0 is the second, neglected site."""
    site = running.show(number) if number else running.neglect()
    mark = len(asked(running))
    start = time.monotonic()
    done = command(running, running.home if number else running.neglected, out)
    seconds = time.monotonic() - start
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    assert (out / "run.db").is_file(), done.stdout + done.stderr
    with closing(sqlite3.connect(out / "run.db")) as db:
        run = db.execute("SELECT max(id) FROM run").fetchone()[0]
        return Night(
            done.returncode,
            done.stdout + done.stderr,
            seconds,
            site,
            rows(db, ISSUES, run),
            rows(db, "SELECT rule, quote, url FROM gone WHERE run_id = ?", run),
            db.execute(
                "SELECT count(*) FROM fetch WHERE run_id = ? AND purpose = 'page' AND status IN (200, 304)",
                (run,),
            ).fetchone()[0],
            *map(int, JUDGED.search(done.stdout).groups()),  # type: ignore[union-attr]
            asked(running)[mark:],
            json.loads((out / "findings.json").read_text(encoding="utf-8")),
        )


def asked(running: Running) -> list[str]:
    """Requests of all servers so far, ``status METHOD path``; the server writes twice a second."""
    time.sleep(0.7)
    return running.log.read_text(encoding="utf-8").splitlines() if running.log.is_file() else []


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("faults")
    with faultsite.serve(folder) as running:
        out = folder / "out"
        yield night(running, out, 1), night(running, out, 2), out


def test_a_neglected_site(tmp_path: Path) -> None:
    """Faults of a site as a whole: vetoes for home page and columns, what every footer lacks."""
    with faultsite.serve(tmp_path) as running:
        one = night(running, tmp_path / "out", 0)
    assert compare(one.issues, planted(one, 1)) == ([], [], [])
    for fault in one.site.faults:
        assert [issue["pages"] for issue in one.issues if names(issue, fault)] == [fault.pages], fault.kind
    assert one.code == 1


def names(issue: dict, fault: Fault) -> bool:
    """Whether an issue tells of a planted fault."""
    told = f"{issue['page']} {issue['target']} {issue['quote']} {issue['message']}"
    return issue["rule"] in fault.rules and fault.at in told


def compare(found: list[dict], faults: list[Fault]) -> tuple[list[str], list[str], list[str]]:
    """Faults nobody told of, faults told more than once, and issues nobody planted."""
    by_fault: dict[str, list[dict]] = defaultdict(list)
    strange = []
    for issue in found:
        owners = [fault for fault in faults if names(issue, fault)]
        # One address may stand at the end of another's: the closest name wins.
        owner = max(owners, key=lambda fault: len(fault.at), default=None)
        if owner is None:
            strange.append(
                f"{issue['rule']} {issue['page']} {issue['target']} {issue['quote']}：{issue['message']}"
            )
        else:
            by_fault[owner.kind].append(issue)
    missed = [f"{fault.kind}（{fault.at}）" for fault in faults if not by_fault[fault.kind]]
    twice = [
        f"{kind}：{[(one['rule'], one['page'], one['quote']) for one in some]}"
        for kind, some in by_fault.items()
        if len(some) > 1
    ]
    return missed, twice, strange


def planted(night: Night, number: int) -> list[Fault]:
    return [fault for fault in night.site.faults if number in fault.nights]


def test_every_fault_once_and_no_other(nights) -> None:
    first, second, _ = nights
    for number, one in ((1, first), (2, second)):
        missed, twice, strange = compare(one.issues, planted(one, number))
        assert (missed, twice, strange) == ([], [], []), f"第 {number} 夜"
        assert all(issue["suppressed"] is None for issue in one.issues)


def test_pages_that_carry_a_fault(nights) -> None:
    first, _, _ = nights
    for fault in planted(first, 1):
        (issue,) = [issue for issue in first.issues if names(issue, fault) and _closest(issue, fault, first)]
        if fault.pages is None:
            assert issue["pages"] >= len(first.site.pages) - 1, fault.kind
        else:
            assert issue["pages"] == fault.pages, (fault.kind, issue["pages"])


def _closest(issue: dict, fault: Fault, one: Night) -> bool:
    return fault is max((f for f in planted(one, 1) if names(issue, f)), key=lambda f: len(f.at))


def test_new_still_and_gone(nights) -> None:
    first, second, _ = nights
    assert {issue["state"] for issue in first.issues} == {"new"}
    assert first.gone == []
    for fault in planted(second, 2):
        states = {issue["state"] for issue in second.issues if names(issue, fault)}
        assert states == ({"still"} if 1 in fault.nights else {"new"}), fault.kind
    ended = [fault for fault in second.site.faults if fault.nights == (1,)]
    assert len(second.gone) == len(ended) > 0
    for fault in ended:
        assert any(fault.at in f"{gone['quote']} {gone['url']}" for gone in second.gone), fault.kind


def test_exit_status(nights) -> None:
    """A page that answers with 500 could not be checked (3); without it there are errors (1)."""
    first, second, _ = nights
    assert first.code == 3, first.output[-2000:]
    assert second.code == 1, second.output[-2000:]


def test_everything_is_covered(nights) -> None:
    """Every page is asked for on both nights, and every file on the first; what robots.txt forbids never is."""
    first, second, _ = nights
    for one in (first, second):
        paths = {line.split(" ", 2)[2].partition("?")[0] for line in one.asked}
        wanted = {"/" if path == "/index.html" else path.removesuffix("index.html") if path.startswith("/zt/") else path
                  for path in one.site.pages}  # fmt: skip
        assert wanted <= paths
        assert not any(path.startswith("/admin") for path in paths)
    assert set(first.site.files) <= {line.split(" ", 2)[2] for line in first.asked}


def test_one_request_an_address(nights) -> None:
    """However many pages carry a link it is asked for once; what failed for a reason that may heal, once more."""
    first, _, _ = nights
    counts: dict[str, int] = defaultdict(int)
    for line in first.asked:
        status, method, path = line.split(" ", 2)
        if method == "GET" and status == "200" and path not in ("/", "/robots.txt", "/sitemap.xml"):
            counts[path] += 1
    assert {path: count for path, count in counts.items() if count > 1} == {}


def test_second_night_is_incremental(nights) -> None:
    """Pages that did not change are neither sent again nor judged again."""
    first, second, _ = nights
    before, after = first.site.pages, second.site.pages
    same = {path for path in after if before.get(path) == after[path] and path != "/index.html"}
    sent = {line.split(" ", 2)[2] for line in second.asked if line.startswith("200 GET")}
    assert len(same) > 50
    assert same & sent == set()
    assert first.reused == 0
    assert second.reused >= len(same)
    assert second.judged <= len(after) - len(same) + 2


def test_outputs(nights) -> None:
    first, second, out = nights
    for name in ("report.html", "ledger.xlsx", "findings.json", "score.json", "run.db"):
        assert (out / name).stat().st_size > 500, name
    assert list((out / "warc").glob("*.warc.gz"))
    html = (out / "report.html").read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert "布署" in html
    for one in (first, second):
        assert len(one.document["findings"]) == len(one.issues)
        assert {"pages", "links"} <= one.document.keys()
    score = json.loads((out / "score.json").read_text(encoding="utf-8"))
    assert score


def test_ledger_rows(nights) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    _, second, out = nights
    book = openpyxl.load_workbook(out / "ledger.xlsx", read_only=True)
    try:
        cells = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    finally:
        book.close()
    head = next(row for row in cells if "序号" in row)
    for name in (
        "单位",
        "栏目",
        "标题",
        "网址",
        "错误",
        "建议",
        "依据",
        "级别",
        "上下文",
        "快照",
        "发现时间",
        "状态",
    ):
        assert name in head, name
    text = "\n".join(str(value) for row in cells for value in row if value is not None)
    for fault in planted(second, 2):
        if fault.rules[0] in ("site/dead_link", "site/dead_resource", "site/dead_attachment"):
            assert fault.at in text, fault.kind


def test_snapshots_hold_every_page(nights) -> None:
    warcio = pytest.importorskip("warcio.archiveiterator")
    first, _, out = nights
    seen = set()
    for path in sorted((out / "warc").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in warcio.ArchiveIterator(stream):
                seen.add(record.rec_headers.get_header("WARC-Target-URI"))
    home = first.document["pages"][0] if first.document["pages"] else None
    assert home is not None
    held = {uri.partition("//")[2].partition("/")[2] for uri in seen if uri}
    wanted = {path.lstrip("/") for path in first.site.pages} - {"index.html", "zt/fwzl/index.html"}
    assert wanted <= held, sorted(wanted - held)[:5]
