"""Where the time goes: per-rule cost over generated pages, dearest first."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generate import pages

import rules
from qa.engine import Engine
from qa.lexicon import Scanner, TermRule
from qa.readers import read
from qa.rule import Settings
from qa.source import Source


def main(count: int = 300) -> None:
    settings = Settings()
    warm = Engine(rules.load(), settings)
    for p in pages(20):
        warm.check(read(Source("warm.html", p.html)))
    sources = [Source(f"{p.number}.html", p.html) for p in pages(count)]
    start = time.process_time()
    documents = [read(source) for source in sources]
    reading = time.process_time() - start
    chars = sum(len(d.text) for d in documents)
    print(f"读取 {reading / count * 1e6:8.0f} 微秒/页   {chars / count:.0f} 字/页")
    costs: list[tuple[float, str]] = []
    tables = [one for one in rules.load() if isinstance(one, TermRule)]
    scanner = Scanner(tables, settings)
    start = time.process_time()
    for document in documents:
        scanner.hits(document)
    costs.append((time.process_time() - start, f"词表扫描（{len(tables)} 条规则）"))
    for one in rules.load():
        if isinstance(one, TermRule):
            continue
        start = time.process_time()
        for document in documents:
            if one.applies(document):
                list(one.check(document, settings))
        costs.append((time.process_time() - start, one.id))
    total = sum(cost for cost, _ in costs)
    for cost, name in sorted(costs, reverse=True)[:40]:
        print(f"{cost / count * 1e6:8.1f} 微秒/页  {name}")
    print(f"规则合计 {total / count * 1e6:8.1f} 微秒/页")
    engine = Engine(rules.load(), settings)
    start = time.process_time()
    for source in sources:
        engine.check(read(source))
    spent = time.process_time() - start
    print(f"整机 {spent / count * 1e6:8.1f} 微秒/页，{chars / spent:,.0f} 字/秒")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
