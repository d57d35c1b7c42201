"""A host to crawl, as a unit of work: all it needs to be performed in any process or on any machine."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.crawl import Crawl, Crawled, CrawlError, Progress
from crawler.scope import ScopeError
from qa.site.options import CrawlOptions
from qa.site.store import StoreError


@dataclass(frozen=True)
class CrawlUnit:
    """One site to crawl.

    Attributes:
        home: address of the home page.
        out: folder of the site.
        resume: go on with the last run, which was stopped or killed.
        trusted: further TLS authorities, a PEM file.
        apart: whether pages may be read in a second process (several sites at a time need none).
    """

    home: str
    out: Path
    options: CrawlOptions
    resume: bool = False
    trusted: str = ""
    apart: bool = True


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What became of a unit: a crawl, or why there was none (Chinese)."""

    crawled: Crawled | None = None
    problem: str = ""


def utc_now() -> str:
    """This moment as the run store writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class CrawlPerformer:
    """Crawls units; see :class:`qa.work.Executor`.

    Attributes:
        progress, stopping: of the process it works in, see :class:`crawler.crawl.Crawl`.
    """

    progress: Callable[[Progress], None] | None = None
    stopping: Callable[[], bool] = lambda: False

    def answer(self, unit: CrawlUnit) -> CrawlResult:
        """Crawl one site; never raises for what is wrong with it."""
        before = gc.get_threshold()
        gc.freeze()  # what is loaded by now stays to the end
        gc.set_threshold(20_000, 20, 20)  # a page makes hundreds of objects, none of them in circles
        try:
            crawl = Crawl(
                unit.home,
                unit.out,
                unit.options,
                clock=utc_now,
                resume=unit.resume,
                progress=self.progress,
                stopping=self.stopping,
                trusted=unit.trusted,
                apart=unit.apart,
            )
            return CrawlResult(crawl.crawl())
        except (CrawlError, ScopeError, StoreError) as error:
            return CrawlResult(problem=str(error))
        except OSError as error:
            return CrawlResult(problem=f"文件夹“{unit.out}”不能使用：{error.strerror or error}")
        finally:
            gc.set_threshold(*before)
            gc.unfreeze()


def lost(_unit: CrawlUnit, why: str) -> CrawlResult:
    """The result of a unit whose worker died."""
    return CrawlResult(problem=why)
