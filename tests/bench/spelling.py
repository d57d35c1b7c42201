"""The spelling engine beside pycorrector: speed and strict figures in one run, on the same sentences.

    python tests/bench/spelling.py DEV_FOLDER [--sentences 400] [--clean TEXT] [--write]

``DEV_FOLDER`` holds ``odw.train`` and ``law.train`` (``number TAB wrong TAB right``).  The shipped language model
has read their right sentences, so the figures of both engines are flattered alike; what counts for us is the
cross-validation of ``qa/typo/training/figures.json``, in which no right sentence was seen before, and which is put
into the table as it stands.  pycorrector is its statistical corrector with our language model.  ``--clean`` is a file
of sound sentences, a line each, for the speed where nothing is wrong.  ``--write`` puts the tables into the README.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from precision import write_block

from qa.typo.opinions import KenlmOpinion
from qa.typo.speller import COMPANION, DEFAULT, load
from qa.typo.tables import DATA

FIGURES = Path(__file__).parents[2] / "qa" / "typo" / "training" / "figures.json"
SETS = {"odw": "公文", "law": "法律"}
KINDS = ("同音", "近音", "形近", "其他", "多字", "漏字")


def pairs(folder: Path, name: str, number: int) -> list[tuple[str, str]]:
    """Wrong and right sentences of a set, evenly taken from the whole of it."""
    lines = (folder / f"{name}.train").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines[:: max(1, len(lines) // number)][:number]:
        _, wrong, right = line.split("\t")
        found.append((wrong, right))
    return found


def strict(sentences: list[tuple[str, str]], correct: Callable[[str], str]) -> dict[str, float]:
    """Figures by whole sentences, and sentences a second."""
    start = time.perf_counter()
    made = [correct(wrong) for wrong, _ in sentences]
    seconds = time.perf_counter() - start
    changed = [n for n, (wrong, _) in enumerate(sentences) if made[n] != wrong]
    right = sum(made[n] == sentences[n][1] for n in changed)
    faulty = sum(wrong != good for wrong, good in sentences)
    clean = len(sentences) - faulty
    spoiled = sum(sentences[n][0] == sentences[n][1] for n in changed)
    precision, recall = right / max(1, len(changed)), right / max(1, faulty)
    return {
        "P": precision, "R": recall, "F1": 2 * precision * recall / max(1e-9, precision + recall),
        "clean": spoiled / max(1, clean), "speed": len(sentences) / seconds,
    }  # fmt: skip


def peer() -> Callable[[str], str]:
    """pycorrector's statistical corrector with our language model."""
    opinion = KenlmOpinion()

    def correct(sentence: str) -> str:
        made = sentence
        for one in reversed(opinion.suggest(sentence)):
            made = made[: one.begin] + one.replacement + made[one.end :]
        return made

    return correct


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("dev", type=Path)
    parser.add_argument("--sentences", type=int, default=400)
    parser.add_argument("--clean", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    start = time.perf_counter()
    engine = load()
    engine.correct("要切实加强生太环境保护工作。")
    cold = time.perf_counter() - start
    size = sum(path.stat().st_size for path in DATA.iterdir())
    bars = f"把握 {DEFAULT:.0%} 以上（同句已有一处时，其余 {COMPANION:.0%} 以上）"
    lines = [
        f"模型共 {size / 1e6:.1f} MB，装入并查完第一句 {cold:.2f} 秒。门槛：{bars}。",
        "",
    ]
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    lines += [
        "开发集五折交叉验证（训练时没有见过正句；整句全对才算对）：",
        "",
        "| 数据 | 有错句 | 准确率 | 查全率 | F1 | 无错句 | 被误改 |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    names = SETS | {"spoiled": "留出的报告与法规，人工造错", "clean": "留出的报告与法规，原文"}
    for name, title in names.items():
        one = figures[name]
        cells = [f"{one[key]:.1%}" for key in ("P", "R")] + [f"{one['F1']:.3f}"]
        if not one["wrong sentences"]:
            cells = ["—", "—", "—"]
        changed = f"{one['clean']:.2%}" if one["clean sentences"] else "—"
        lines.append(
            f"| {title} | {one['wrong sentences']} | {' | '.join(cells)} | {one['clean sentences']} | {changed} |"
        )
    lines += [
        "",
        "开发集随机划分（77% 的句对参加训练，其余的用来测；一个正句有几个错句，所以被测句的正句多半读过）：",
        "",
        "| 数据 | 正句读过的 | 有错句 | 准确率 | 查全率 | F1 | 无错句 | 被误改 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, title in SETS.items():
        one = figures[f"mixed {name}"]
        lines.append(
            f"| {title} | {one['read']:.0%} | {one['wrong sentences']} | {one['P']:.1%} | {one['R']:.1%} |"
            f" {one['F1']:.3f} | {one['clean sentences']} | {one['clean']:.2%} |"
        )
    lines += [
        "",
        "按错误种类，找出并改对的占多少（没有见过正句的交叉验证；括号里是错字数，字序颠倒的算在其他里）：",
        "",
    ]
    lines += ["| 数据 | " + " | ".join(KINDS) + " |", "|---|" + "---:|" * len(KINDS)]
    for name in ("odw", "law", "spoiled"):
        kinds = figures[name]["kinds"]
        cells = [
            f"{kinds[kind][1] / kinds[kind][0]:.0%}（{kinds[kind][0]}）" if kind in kinds else "—"
            for kind in KINDS
        ]
        lines.append(f"| {names[name]} | " + " | ".join(cells) + " |")
    lines += [
        "",
        f"与 pycorrector 同一次运行、同样的句子（两者都用发布的语言模型，它读过这些正句，所以都偏高；单核，每集 {options.sentences} 句）：",
        "",
        "| 引擎 | 数据 | 准确率 | 查全率 | F1 | 无错句被误改 | 句/秒 |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    samples = {name: pairs(options.dev, name, options.sentences) for name in SETS}
    ours = {name: strict(sentences, engine.correct) for name, sentences in samples.items()}
    sound: list[tuple[str, str]] = []
    if options.clean:
        texts = options.clean.read_text(encoding="utf-8").splitlines()
        sound = [(text, text) for text in texts[:: max(1, len(texts) // 3000)][:3000]]
        ours["clean"] = strict(sound, engine.correct)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    other = peer()
    other("要切实加强生太环境保护工作。")
    theirs = {name: strict(sentences, other) for name, sentences in samples.items()}
    for name, title in SETS.items():
        for label, found in (("审校", ours[name]), ("pycorrector 1.1.4（KenLM）", theirs[name])):
            lines.append(
                f"| {label} | {title} | {found['P']:.1%} | {found['R']:.1%} | {found['F1']:.3f} |"
                f" {found['clean']:.2%} | {found['speed']:.0f} |"
            )
    ratios = [ours[name]["speed"] / theirs[name]["speed"] for name in SETS]
    lines += ["", f"这些句子半数有错，速度是 pycorrector 的 {min(ratios):.0f}–{max(ratios):.0f} 倍。"]
    if sound:
        slow = strict(sound[:: max(1, len(sound) // 100)], other)["speed"]
        fast = ours["clean"]["speed"]
        lines[-1] += (
            f"没有错的报告和法规（{len(sound)} 句）上每秒 {fast:.0f} 句，pycorrector {slow:.1f} 句（{fast / slow:.0f} 倍）。"
        )
    lines[-1] += f"装入 pycorrector 之前峰值内存 {memory:.0f} MB。"
    print("\n".join(lines))
    if options.write:
        write_block("spelling", lines)


if __name__ == "__main__":
    main()
