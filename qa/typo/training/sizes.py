"""How long the shipped models are, for the engine to see at its start that none was cut.

    python -m qa.typo.training.sizes

The last step, after whatever writes into ``qa/typo/data``.
"""

from __future__ import annotations

import json

from qa.typo.tables import DATA

LIST = "sizes.json"


def sizes() -> dict[str, int]:
    """Names of the files and their lengths in bytes."""
    return {path.name: path.stat().st_size for path in sorted(DATA.iterdir()) if path.name != LIST}


if __name__ == "__main__":
    (DATA / LIST).write_text(json.dumps(sizes(), indent=1) + "\n", encoding="utf-8")
