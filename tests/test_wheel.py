"""What ships: the wheel holds every module and data file, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import rules

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_module_and_table_ships(names: set[str]) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in ("qa", "rules", "crawler", "reports")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not {"__pycache__", "training"} & set(path.parts)
    }
    assert wanted <= names
    assert not any(name.startswith("qa/typo/training/") for name in names)


def test_the_wheel_alone_makes_a_ledger(wheel: Path, tmp_path: Path) -> None:
    """Alembic finds the revisions where the wheel put them."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "lib")
    code = (
        "import qa.ledger\n"
        "with qa.ledger.open_ledger('sqlite:///ledger.db') as book: book.stats()\n"
        "print(qa.ledger.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "lib")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(done.stdout.strip()) == tmp_path / "lib" / "qa" / "ledger" / "__init__.py"
    assert (tmp_path / "ledger.db").stat().st_size > 0


def test_only_our_packages_ship(names: set[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"qa", "rules", "crawler", "reports"}
    assert not [name for name in names if "shared" in name or name.endswith((".xz", ".pyc"))]


def test_rules_are_ours_and_not_a_stray_package() -> None:
    assert Path(rules.__file__).parent == ROOT / "rules"
    assert len(rules.load()) >= 60
