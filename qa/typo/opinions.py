"""Second opinions: other correctors, asked one sentence at a time, behind one small interface.

A further engine is one class here (or anywhere) with a ``name`` and :meth:`Opinion.suggest`.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, Protocol

from qa.typo import lists
from qa.typo.tables import DATA


class Second(NamedTuple):
    """What another engine would change: a range of the sentence (code points) and what should stand there."""

    begin: int
    end: int
    original: str
    replacement: str


class Known(NamedTuple):
    """What a site knows that an engine does not.

    Attributes:
        confusion: pairs of a wrong word and the right one.
        names: proper names.
    """

    confusion: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()


class Opinion(Protocol):
    """Another engine.

    Attributes:
        name: as people know it.
    """

    name: str

    def suggest(self, sentence: str) -> list[Second]:
        """What it would change, in order."""

    def __hash__(self) -> int: ...


class OpinionError(Exception):
    """An engine that cannot be used; the message is Chinese and says what to do."""


def _home() -> Path:
    """Folder of the installed pycorrector."""
    home = lists.folder()
    if home is None:
        raise OpinionError("没有安装 pycorrector，请执行 pip install pycorrector")
    return home


@contextmanager
def _quietly() -> Iterator[None]:
    """Pycorrector makes a folder when imported, in the home directory unless told otherwise."""
    before = os.environ.get("PYCORRECTOR_DATA_DIR")
    with tempfile.TemporaryDirectory(prefix="shenjiao-") as folder:
        os.environ["PYCORRECTOR_DATA_DIR"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["PYCORRECTOR_DATA_DIR"]
            else:
                os.environ["PYCORRECTOR_DATA_DIR"] = before


def _module(name: str) -> ModuleType:
    """A module of pycorrector, without the package's own ``__init__``.

    That one imports torch, which is gigabytes and not declared, for correctors not used here; left out, the
    import takes 0.7 s.
    """
    if "pycorrector" not in sys.modules:
        stub = ModuleType("pycorrector")
        stub.__path__ = [str(_home())]
        stub.__spec__ = importlib.util.find_spec("pycorrector")
        sys.modules["pycorrector"] = stub
    with _quietly():
        try:
            return importlib.import_module(f"pycorrector.{name}")
        except ImportError as error:
            raise OpinionError(
                f"pycorrector 缺少依赖“{error.name}”，请执行 pip install {error.name}"
            ) from error


class KenlmOpinion:
    """pycorrector's statistical corrector with our language model.

    Args:
        known: what we know that it does not: pairs of wrong and right words, and proper names, which join its own.
        model: a KenLM file of characters.

    Raises:
        OpinionError: pycorrector or something it needs is not installed.
    """

    name = "pycorrector（KenLM）"

    def __init__(self, known: Known | None = None, model: Path = DATA / "chars.klm") -> None:
        module = _module("corrector")
        module.logger.disable("pycorrector")
        logging.getLogger("jieba").setLevel(logging.ERROR)
        known = known or Known()
        with tempfile.TemporaryDirectory(prefix="shenjiao-") as folder:
            # It takes proper names from a file only, and reads it once.
            names = Path(folder) / "names.txt"
            own = (_home() / "data" / "proper_name.txt").read_text(encoding="utf-8")
            names.write_text("\n".join([own, *known.names]), encoding="utf-8")
            self._corrector: Any = module.Corrector(
                language_model_path=str(model),
                custom_confusion_path_or_dict=dict(known.confusion),
                proper_name_path=str(names),
            )
            self._corrector.check_detector_initialized()

    def suggest(self, sentence: str) -> list[Second]:
        """What it would change."""
        found = self._corrector.correct(sentence)["errors"]
        return [Second(begin, begin + len(was), was, now) for was, now, begin in found]


class MacBertOpinion:
    """pycorrector's neural corrector with weights that lie on this machine; nothing is ever downloaded.

    Args:
        known: it has no use for it.
        weights: folder of the weights (``config.json``, ``vocab.txt``, ``model.safetensors`` …).

    Raises:
        OpinionError: the folder holds no weights, or torch or transformers are not installed.
    """

    name = "pycorrector（MacBERT）"

    def __init__(self, known: Known | None, weights: Path) -> None:
        del known
        if not (weights / "config.json").is_file():
            raise OpinionError(
                f"“{weights}”里没有模型权重（缺 config.json），请从有网络的机器上下载后整个文件夹复制过来"
            )
        for needed in ("torch", "transformers"):
            if importlib.util.find_spec(needed) is None:
                raise OpinionError(
                    f"MacBERT 需要 {needed}，请执行 pip install {needed}（约数百 MB），或不用 MacBERT"
                )
        os.environ["HF_HUB_OFFLINE"] = "1"
        module = _module("macbert.macbert_corrector")
        self._corrector: Any = module.MacBertCorrector(str(weights))

    def suggest(self, sentence: str) -> list[Second]:
        """What it would change."""
        found = self._corrector.correct(sentence)["errors"]
        return [Second(begin, begin + len(was), was, now) for was, now, begin in found]


ENGINES: Mapping[str, Callable[..., Opinion]] = {"kenlm": KenlmOpinion, "macbert": MacBertOpinion}
"""Second opinions by the names the configuration calls them."""


@cache
def opinion(name: str, known: Known, *arguments: str) -> Opinion:
    """A second opinion, made once.

    Raises:
        OpinionError: there is none of that name, or it cannot be used.
    """
    make = ENGINES.get(name)
    if make is None:
        raise OpinionError(f"没有名为“{name}”的拼写引擎，可用的有：{'、'.join(sorted(ENGINES))}")
    return make(known, *map(Path, arguments))


@lru_cache(maxsize=20_000)
def asked(sentence: str, engine: Opinion) -> tuple[Second, ...]:
    """What an engine would change in a sentence; each is asked once."""
    return tuple(engine.suggest(sentence))
