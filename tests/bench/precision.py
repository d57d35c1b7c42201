"""False alarms, counted by hand.

    python tests/bench/precision.py            figures from the verdicts on file
    python tests/bench/precision.py --todo     findings of the sample that nobody has judged yet
    python tests/bench/precision.py --table    write the figures into README.md and docs

The sample: every report under ``../shared/real/reports`` whole, and 2 million characters of the
sentence corpus drawn with a fixed seed.  At most ``PER_RULE`` findings of a rule and ``PER_LEVEL``
of a level are drawn for checking, by the order of their fingerprints, so the draw is the same
for everyone.  Verdicts live in ``tests/bench/verdicts/*.tsv``: fingerprint, rule, verdict
(``right`` or ``wrong``), quote, remark.  A verdict holds as long as its finding stands; changed
rules bring new fingerprints or lose old ones, and what is unjudged is said.

The corpus is one sentence a line with repeated sentences left out, so rules about the order
and pairing of whole documents make no sense on it; they are measured on the reports alone.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import lzma
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import rules
from qa.engine import Engine
from qa.finding import Finding, Level
from qa.readers import read
from qa.rule import Settings
from qa.source import Source

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
VERDICTS = Path(__file__).parent / "verdicts"
PER_RULE = 40
PER_LEVEL = {Level.VETO: 400, Level.ERROR: 400, Level.WARNING: 400, Level.NOTE: 200}
CORPUS_CHARACTERS = 2_000_000
CHUNK = 40
WHOLE_DOCUMENT_ONLY = (
    "format/",
    "punctuation/paired_marks",
    "punctuation/nested_marks",
    "facts/annual_report",
    "facts/disclosure",
)
"""Rules, by the start of their id, that need a document in one piece."""


def reports() -> Iterator[Source]:
    """The real reports, whole."""
    for path in sorted((SHARED / "real" / "reports").glob("*.md")):
        yield Source.from_bytes(path.read_bytes(), f"reports/{path.name}", media="markdown")


def sentences() -> Iterator[Source]:
    """The corpus sample: chunks of 40 neighbouring sentences, about 2 million characters in all."""
    with lzma.open(SHARED / "corpus" / "gov.txt.xz", "rt", encoding="utf-8") as stream:
        lines = [line.rstrip("\n") for line in stream]
    starts = list(range(0, len(lines) - CHUNK, CHUNK))
    random.Random(20261123).shuffle(starts)
    size = 0
    for start in starts:
        chunk = lines[start : start + CHUNK]
        size += sum(map(len, chunk))
        body = "\n".join(f"<p>{line.replace('&', '&amp;').replace('<', '&lt;')}</p>" for line in chunk)
        yield Source(f"corpus/{start}", body, "html", identity=f"corpus-{start}")
        if size >= CORPUS_CHARACTERS:
            return


def findings() -> tuple[dict[str, list[Finding]], dict[str, int]]:
    """Findings and characters of each part."""
    engine = Engine([one for one in rules.load() if not one.preview], Settings())
    found: dict[str, list[Finding]] = defaultdict(list)
    size: Counter[str] = Counter()
    for part, sources in (("reports", reports()), ("corpus", sentences())):
        for source in sources:
            document = read(source)
            size[part] += len(document.text)
            outcome = engine.check(document)
            if outcome.unchecked:
                sys.exit(f"{source.name}: {outcome.unchecked[0].reason}")
            found[part] += [
                f for f in outcome.findings if part == "reports" or not f.rule.startswith(WHOLE_DOCUMENT_ONLY)
            ]
    return found, size


def verdicts() -> dict[str, str]:
    """Verdict by fingerprint."""
    known: dict[str, str] = {}
    for path in sorted(VERDICTS.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
                if len(row) >= 3 and row[2] in ("right", "wrong"):
                    known[row[0]] = row[2]
    return known


def draw(found: list[Finding]) -> list[Finding]:
    """The findings to check: by rule, then by level, in the order of a hash of the fingerprint."""

    def order(finding: Finding) -> str:
        return hashlib.sha256(finding.fingerprint.encode()).hexdigest()

    by_rule: dict[tuple[str, Level], list[Finding]] = defaultdict(list)
    for finding in sorted(found, key=order):
        group = by_rule[finding.rule, finding.level]
        if len(group) < PER_RULE:
            group.append(finding)
    by_level: dict[Level, list[Finding]] = defaultdict(list)
    for group in by_rule.values():
        for finding in group:
            by_level[finding.level].append(finding)
    return [
        finding
        for level, group in by_level.items()
        for finding in sorted(group, key=order)[: PER_LEVEL[level]]
    ]


def figures() -> list[str]:
    """The report, in Markdown."""
    found, size = findings()
    known = verdicts()
    everything = [f for group in found.values() for f in group]
    characters = sum(size.values())
    lines = [
        f"样本：{size['reports']:,} 字政府报告（40 篇，整篇）与 {size['corpus']:,} 字语料（句子抽样）。",
        "",
        "| 级别 | 发现 | 已人工核对 | 正确 | 准确率（按规则加权） | 每 2 万字误报（估计） |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    per_rule = per_rule_figures(everything, known)
    for level in (Level.VETO, Level.ERROR, Level.WARNING, Level.NOTE):
        total = sum(1 for f in everything if f.level is level)
        checked = sum(c for (_, lv), (_, c, _) in per_rule.items() if lv is level)
        right = sum(r for (_, lv), (_, _, r) in per_rule.items() if lv is level)
        expected = sum(t * r / c for (_, lv), (t, c, r) in per_rule.items() if lv is level and c)
        judged = sum(t for (_, lv), (t, c, _) in per_rule.items() if lv is level and c)
        share = f"{expected / judged:.1%}" if judged else "—"
        wrong = f"{(judged - expected) / characters * 20000:.2f}" if judged else "—"
        lines.append(f"| {level.label} | {total:,} | {checked:,} | {right:,} | {share} | {wrong} |")
    todo = [f for f in draw(everything) if f.fingerprint not in known]
    lines += ["", f"抽到而未核对的：{len(todo)} 处。", ""]
    lines += ["| 规则 | 级别 | 发现 | 核对 | 正确 |", "|---|---|---:|---:|---:|"]
    for (rule, level), (total, checked, right) in sorted(per_rule.items(), key=lambda i: (-i[0][1], i[0][0])):
        lines.append(f"| {rule} | {level.label} | {total} | {checked} | {right} |")
    return lines


def per_rule_figures(
    everything: list[Finding], known: dict[str, str]
) -> dict[tuple[str, Level], tuple[int, int, int]]:
    """``(rule, level)`` → findings, checked, right."""
    total: Counter[tuple[str, Level]] = Counter()
    checked: Counter[tuple[str, Level]] = Counter()
    right: Counter[tuple[str, Level]] = Counter()
    for finding in everything:
        key = (finding.rule, finding.level)
        total[key] += 1
        verdict = known.get(finding.fingerprint)
        checked[key] += verdict is not None
        right[key] += verdict == "right"
    return {key: (total[key], checked[key], right[key]) for key in total}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--todo", action="store_true", help="list the drawn findings nobody has judged")
    parser.add_argument("--level", help="with --todo: only this level")
    parser.add_argument("--table", action="store_true", help="write rules/precision.md")
    options = parser.parse_args()
    if not SHARED.is_dir():
        sys.exit("没有 ../shared，无法抽样（真实样本不随代码发布）")
    if options.todo:
        found, _ = findings()
        known = verdicts()
        drawn = draw([f for group in found.values() for f in group])
        for f in sorted(drawn, key=lambda f: (f.rule, f.fingerprint)):
            if f.fingerprint not in known and options.level in (None, f.level.key):
                context = f"{f.before}【{f.quote}】{f.after}".replace("\n", "⏎").replace("\t", " ")
                print(
                    f.fingerprint,
                    f.rule,
                    f.level.key,
                    context,
                    f.message.replace("\n", " "),
                    f.path,
                    sep="\t",
                )
        return
    lines = figures()
    print("\n".join(lines))
    if options.table:
        head = "# 误报实测\n\n由 `tests/bench/precision.py --table` 生成，请勿手改。\n\n"
        (ROOT / "rules" / "precision.md").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
        write_block("precision", lines[: lines.index("", 2)])


def write_block(name: str, lines: list[str]) -> None:
    """Replace what stands between ``<!-- name -->`` and ``<!-- /name -->`` in README.md."""
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    head, start, rest = text.partition(f"<!-- {name} -->")
    _, end, tail = rest.partition(f"<!-- /{name} -->")
    body = "\n".join(lines)
    gap = "\n" if len(lines) > 1 else ""
    path.write_text(f"{head}{start}{gap}{body}{gap}{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
