"""Speed beside named peers, in the same run on the same generated texts.

    python tests/bench/speed.py [--pages 5000] [--modules NODE_MODULES]

Shenjiao reads whole HTML pages with every rule on; the peers get the bare text of the same
pages, which is less work.  autocorrect-py comes from PyPI, zhlint and textlint with
textlint-rule-prh from npm (``npm i zhlint textlint textlint-rule-prh``); a peer that is not
there is left out and said so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generate import Page, pages
from precision import write_block

import rules
from qa.engine import Engine
from qa.lexicon import TermRule
from qa.readers import read
from qa.rule import Settings
from qa.source import Source

SPELLING = (
    "typo/unlikely_character", "typo/missing_character", "typo/superfluous_character", "typo/swapped_characters",
)  # fmt: skip
"""Rules of the spelling engine, which no peer here has the like of (see tests/bench/spelling.py): measured apart."""


def ours(texts: list[Page], *, spelling: bool) -> tuple[float, int, int, int]:
    """Seconds, findings, characters of HTML, characters of reader's text."""
    engine = Engine([one for one in rules.load() if spelling or one.id not in SPELLING], Settings())
    sources = [Source(f"{page.number}.html", page.html) for page in texts]
    for source in sources[:20]:
        engine.check(read(source))
    findings = shown = 0
    start = time.perf_counter()
    for source in sources:
        document = read(source)
        findings += len(engine.check(document).findings)
        shown += len(document.text)
    return time.perf_counter() - start, findings, sum(len(s.text) for s in sources), shown


def command(texts: list[Page], *, spelling: bool) -> float:
    """Seconds for ``shenjiao check FOLDER`` as a whole, start-up included, all cores."""
    ignored = [] if spelling else [word for one in SPELLING for word in ("--ignore", one)]
    with tempfile.TemporaryDirectory() as folder:
        for page in texts:
            (Path(folder) / f"{page.number:05}.html").write_text(page.html, encoding="utf-8")
        start = time.perf_counter()
        subprocess.run(
            [
                sys.executable,
                "-m",
                "qa.cli",
                "check",
                folder,
                "--format",
                "json",
                "-q",
                "-o",
                f"{folder}/out.json",
                *ignored,
            ],
            check=False,
            capture_output=True,
        )
        return time.perf_counter() - start


def autocorrect(texts: list[Page]) -> float | None:
    try:
        import autocorrect_py
    except ImportError:
        return None
    start = time.perf_counter()
    for page in texts:
        autocorrect_py.lint_for(page.text, "text")
    return time.perf_counter() - start


def node(peer: str, texts: list[Page], modules: Path, *extra: str) -> tuple[float, int] | None:
    script = Path(__file__).parent / "peers.mjs"
    lines = "\n".join(json.dumps(page.text, ensure_ascii=False) for page in texts)
    done = subprocess.run(
        ["node", str(script), peer, str(modules), *extra],
        input=lines,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"  {peer} 未能运行：{done.stderr.strip().splitlines()[-1:] or done.returncode}")
        return None
    result = json.loads(done.stdout.strip().splitlines()[-1])
    return result["seconds"], result["findings"]


def prh_table(path: Path, count: int) -> int:
    """A prh dictionary of the first ``count`` plain pairs of our own tables."""
    pairs: dict[str, str] = {}
    for one in rules.load():
        if isinstance(one, TermRule):
            for entry in one.table(Settings()):
                if entry.right and not entry.contexts and len(pairs) < count:
                    pairs.setdefault(entry.term, entry.right[0])
    rows = [
        f"  - expected: {json.dumps(r, ensure_ascii=False)}\n    pattern: {json.dumps(w, ensure_ascii=False)}"
        for w, r in pairs.items()
    ]
    path.write_text("version: 1\nrules:\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return len(pairs)


def cold() -> float:
    """Median seconds of ``shenjiao check`` of one 1,500-character article in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "article.html"
        path.write_text(next(iter(pages(1, 1500))).html, encoding="utf-8")
        spent = []
        for _ in range(9):
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "qa.cli", "check", str(path)], check=False, capture_output=True
            )
            spent.append(time.perf_counter() - start)
    return sorted(spent)[len(spent) // 2]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--modules", type=Path, default=Path("node_modules"))
    parser.add_argument("--write", action="store_true", help="write the figures into README.md")
    options = parser.parse_args()
    texts = list(pages(options.pages))
    terms = sum(len(one.table(Settings())) for one in rules.load() if isinstance(one, TermRule))
    start_up = cold()
    seconds, findings, markup, shown = ours(texts, spelling=False)
    rate = len(texts) / seconds
    whole = command(texts, spelling=False)
    few = texts[: max(100, len(texts) // 20)]
    spelled, *_ = ours(few, spelling=True)
    spelled_whole = command(few, spelling=True)
    plain = f"{len(rules.load()) - len(SPELLING)} 条规则，{terms:,} 个词条"
    rows = [
        f"| shenjiao（整页 HTML，单核，已热身） | {plain} | {rate:,.0f} | — |",
        f"| `shenjiao check 目录`（含启动，双核） | 同上 | {len(texts) / whole:,.0f} | — |",
        f"| shenjiao，加上拼写引擎（单核） | 全部 {len(rules.load())} 条 | {len(few) / spelled:,.0f} | — |",
        f"| `shenjiao check 目录`，加上拼写引擎（双核） | 同上 | {len(few) / spelled_whole:,.0f} | — |",
    ]
    spent = autocorrect(texts)
    if spent is not None:
        rows.append(row("autocorrect-py（纯文本）", "只管空格与标点", len(texts) / spent, rate))
    part = texts[: max(200, len(texts) // 5)]
    if options.modules.is_dir():
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder) / "prh.yml"
            for peer, size in (("zhlint", 0), ("textlint", 100), ("textlint", 870)):
                extra = []
                what = "默认规则"
                if size:
                    what = f"prh {prh_table(table, size)} 词"
                    extra = [str(table)]
                result = node(peer, part, options.modules, *extra)
                if result:
                    rows.append(row(f"{peer}（纯文本）", what, len(part) / result[0], rate))
    lines = [
        (
            f"单核、除拼写引擎外的全部规则：**{shown / seconds:,.0f} 字/秒**（按 HTML 源码 {markup / seconds:,.0f} 字符/秒），"
            f"{len(texts)} 页共发现 {findings} 处。"
        ),
        "",
        "| 工具 | 规则 | 页/秒 | shenjiao 为其几倍 |",
        "|---|---|---:|---:|",
        *rows,
    ]
    print("\n".join(lines))
    print(f"冷启动检查一篇 1,500 字的文章：{start_up:.2f} 秒（九次的中位数）")
    if options.write:
        write_block("speed", lines)
        write_block("cold", [f"{start_up:.2f} 秒（九次的中位数）"])


def row(name: str, what: str, rate: float, ours_rate: float) -> str:
    return f"| {name} | {what} | {rate:,.0f} | {ours_rate / rate:.1f} |"


if __name__ == "__main__":
    main()
