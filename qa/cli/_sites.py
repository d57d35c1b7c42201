"""The sites of a configuration, for commands that need no rules."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli._base import CliError

if TYPE_CHECKING:
    from qa.site.entries import Sites


def find_sites(config: str) -> tuple[Path, Sites] | None:
    """Configuration file (absolute) and its sites; ``None`` where no file is named and none is found.

    Raises:
        CliError: the file is not as it should be.
    """
    from qa.config import ConfigError, find
    from qa.site.entries import load_sites

    path = Path(config) if config else find(Path(os.path.realpath(".")))
    if path is None:
        return None
    try:
        return Path(os.path.abspath(path)), load_sites(path)  # noqa: PTH100 - links stay as they are written
    except ConfigError as error:
        raise CliError(str(error)) from None
