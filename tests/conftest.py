"""Shared fixtures."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The same examples every time, so that a red run means a change of ours; explore with
# HYPOTHESIS_PROFILE=explore and turn what it finds into tests.
settings.register_profile("steady", derandomize=True)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of real input beside the checkout; a user's checkout has none."""
    if not SHARED.is_dir():
        pytest.skip("没有 ../shared（真实样本不随代码发布）")
    return SHARED


# --- databases: SQLite, and a PostgreSQL server of our own -------------------------------------------

PASSWORD = "geheim-wort"


def binaries() -> Path | None:
    """Where PostgreSQL's server programs lie."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: one.parts[-3].zfill(4))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(os.path.realpath(on_path)).parent if on_path else None


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a fresh server, without a database; it listens on loopback alone."""
    programs = binaries()
    if programs is None:
        pytest.skip("没有 PostgreSQL 服务器程序（apt install postgresql）")
    folder = Path(tempfile.mkdtemp(prefix="sj-pg-"))
    account: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        import pwd

        names = {one.pw_name for one in pwd.getpwall()}
        user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
        account = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(*words: str) -> None:
        subprocess.run(
            words,
            check=True,
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C", "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=60,
            **account,
        )

    secret = folder / "secret"
    secret.write_text(PASSWORD, encoding="ascii")
    secret.chmod(0o644)
    control = [str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w", "-s"]
    try:
        run(
            str(programs / "initdb"), "-D", str(folder / "data"), "-U", "tester", "-E", "UTF8", "-N", "-A",
            "scram-sha-256", f"--pwfile={secret}",
        )  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = f"-k {folder} -p {port} -c listen_addresses=127.0.0.1 -F"
        run(*control, "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield f"postgresql://tester:{PASSWORD}@127.0.0.1:{port}"
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_schema(server: str) -> Iterator[Callable[[], str]]:
    """Makes addresses of empty schemas; a schema is made in no time, a database is not."""
    import psycopg

    made: list[str] = []
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:

        def make() -> str:
            name = f"s{len(made)}"
            connection.execute(f"CREATE SCHEMA {name}".encode())
            made.append(name)
            return f"{server}/postgres?options=-csearch_path%3D{name}"

        yield make
        for name in made:
            connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / '台账 100% a?b#c.db'}"
    make: Callable[[], str] = request.getfixturevalue("new_schema")
    return make()
