"""Weights of the neural corrector in eight bits, as :mod:`qa.typo.network` reads them.

python -m qa.typo.training.export WORK_DIR OUT_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

from qa.typo.training.neural import DILATIONS


def halved(weight: Any) -> tuple[Any, Any]:
    """Rows in eight bits, and the scale of each."""
    scale = np.maximum(np.abs(weight).max(-1), 1e-9) / 127
    return np.rint(weight / scale[..., None]).astype(np.int8), scale.astype(np.float32)


def main(work: Path, out: Path) -> None:
    """Write ``network.npz``."""
    state = {
        name: value.numpy() for name, value in torch.load(work / "neural.pt", map_location="cpu").items()
    }
    layers = range(len(DILATIONS))
    embed, embed_scale = halved(state["embed.weight"])
    mixes, mixes_scale = halved(np.stack([state[f"mixes.{n}.weight"] for n in layers]))
    last, last_scale = halved(state["last.weight"])
    np.savez(
        out / "network.npz",
        tokens=np.array((work / "neural.txt").read_text(encoding="utf-8")),
        embed=embed, embed_scale=embed_scale, mixes=mixes, mixes_scale=mixes_scale, last=last, last_scale=last_scale,
        mixes_bias=np.stack([state[f"mixes.{n}.bias"] for n in layers]),
        norms=np.stack([np.stack([state[f"norms.{n}.weight"], state[f"norms.{n}.bias"]]) for n in layers]),
        last_bias=state["last.bias"], norm=np.stack([state["norm.weight"], state["norm.bias"]]),
        bias=state["bias"], apart=np.array(DILATIONS),
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
