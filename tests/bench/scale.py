"""Cost against size: one document of 0.3 to 5 MB in each format, and nasty shapes of the same size.

    python tests/bench/scale.py

Prints characters a second; the figure should hardly change from the smallest to the largest
(linear).  Peak memory is that of the whole process so far.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generate import page

import rules
from qa.engine import Engine
from qa.readers import read
from qa.rule import Settings
from qa.source import Source

SIZES = (300_000, 1_000_000, 5_000_000)


def article(size: int) -> list[str]:
    """Paragraphs of generated prose, ``size`` characters in all."""
    paragraphs: list[str] = []
    total, number = 0, 0
    while total < size:
        number += 1
        for paragraph in page(number).paragraphs[1::2]:
            paragraphs.append(paragraph)
            total += len(paragraph) + 1
    return paragraphs


def shapes(size: int) -> dict[str, tuple[str, str]]:
    """Name → (format, text)."""
    prose = article(size)
    row = "<tr><td>甲镇</td><td>12</td><td>30</td><td>42</td></tr>\n"
    return {
        "HTML 长文": ("html", "<html><body>" + "".join(f"<p>{p}</p>\n" for p in prose) + "</body></html>"),
        "Markdown 长文": ("markdown", "# 标题\n\n" + "\n\n".join(prose)),
        "纯文本长文": ("text", "\n".join(prose)),
        "不换段的一大段": ("html", "<p>" + "".join(prose) + "</p>"),
        "没有标点的一大段": ("html", "<p>" + "我市积极推进各项工作" * (size // 10) + "</p>"),
        "大表格": ("html", "<table>" + row * (size // len(row)) + "</table>"),
        "深嵌套": ("html", "<div>" * (size // 10) + "文" + "</div>" * (size // 20)),
        "未闭合标签": ("html", "<p><b><a href='x'>文" * (size // 20)),
        "实体洪水": ("html", "<p>" + "&amp;&lt;&#20013;" * (size // 17) + "</p>"),
        "尖括号洪水": ("html", "<" * size),
        "左括号洪水": ("text", "（" * size),
        "数字洪水": ("text", "1234567890." * (size // 11)),
        "引号洪水": ("text", "“" * (size // 2) + "”" * (size // 2)),
        "Markdown 方括号洪水": ("markdown", "[" * size),
        "Markdown 星号洪水": ("markdown", "*a **b " * (size // 7)),
        "制表符洪水": ("text", "甲\t1\t2\t3\n" * (size // 8)),
    }


def main() -> None:
    engine = Engine(rules.load(), Settings())
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    print(f"{'形状':<22}" + "".join(f"{size / 1e6:>12.1f} MB" for size in SIZES) + "   （字/秒）")
    for name in shapes(1000):
        if only not in name:
            continue
        rates = []
        for size in SIZES:
            media, text = shapes(size)[name]
            start = time.perf_counter()
            outcome = engine.check(read(Source(f"{name}.{media}", text, media)))
            spent = time.perf_counter() - start
            rates.append(f"{len(text) / spent:>15,.0f}")
            if outcome.unchecked:
                rates.append(f"（{outcome.unchecked[0].reason}）")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name:<22}" + "".join(rates) + f"   内存峰值 {peak:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
