"""Tell: one module a format, found by walking this package.

A format is a module here whose name has no leading underscore.  It holds::

    LABEL: str    what it is, for people (Chinese)
    SUFFIX: str   file name suffix, with its dot
    def render(run: Run) -> bytes

Reports are deterministic: the same run gives the same bytes, and time comes from ``run.time`` alone.
Nothing is imported before it is asked for, so naming the formats costs a command line nothing.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Protocol, cast

from qa.run import Run


class Reporter(Protocol):
    """What a format's module offers."""

    LABEL: str
    SUFFIX: str

    @staticmethod
    def render(run: Run) -> bytes:
        """The report as bytes of UTF-8."""


FORMATS: tuple[str, ...] = tuple(
    sorted(item.name for item in pkgutil.iter_modules(__path__) if not item.ispkg and item.name[0] != "_")
)
"""Names of all formats."""


def reporter(name: str) -> Reporter:
    """The module of a format.

    Raises:
        KeyError: there is no such format.
    """
    if name not in FORMATS:
        raise KeyError(name)
    return cast("Reporter", importlib.import_module(f"{__name__}.{name}"))


def render(name: str, run: Run) -> bytes:
    """Report on a run in one format; raises ``KeyError`` for an unknown one."""
    return reporter(name).render(run)
