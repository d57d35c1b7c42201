"""nginx on loopback for benchmarks and end-to-end tests: started from a generated configuration, always stopped.

Works as root and as an ordinary user; everything it writes lies in one temporary folder.  Where
util-linux' ``setpriv`` is there, the server also dies with the process that started it.
"""

from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_CONFIG = """\
{user}daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_rlimit_nofile {files};
events {{ worker_connections 16384; multi_accept on; }}
http {{
  types {{
    text/html html; text/css css; application/javascript js; image/png png; image/gif gif; image/jpeg jpg;
    image/x-icon ico; application/pdf pdf; application/xml xml; application/gzip gz; text/plain txt;
    application/vnd.openxmlformats-officedocument.wordprocessingml.document docx;
    application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx;
  }}
  default_type application/octet-stream;
  charset utf-8;
  charset_types text/css application/javascript;
  log_format plain '$status $request_method $request_uri';
  access_log {access};
  server_tokens off;
  sendfile on; tcp_nopush on; tcp_nodelay on;
  keepalive_timeout 30s; keepalive_requests 1000000;
  {cache}
  absolute_redirect off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{servers}
}}
"""


_CACHE = "open_file_cache max={} inactive=60s; open_file_cache_valid 60s; open_file_cache_errors on;"


class NginxError(Exception):
    """nginx is missing or does not start; the message says why."""


@dataclass(frozen=True)
class Block:
    """One server block.

    Attributes:
        root: folder served.
        address: of the loopback network.
        port: 0: a free one is picked.
        directives: further lines of the block (``location`` and the like).
        certificate: names ``NAME.pem`` and ``NAME.key`` in the folder of :func:`certificates`.
    """

    root: Path
    address: str = "127.0.0.1"
    port: int = 0
    directives: Sequence[str] = ()
    certificate: Path | None = None


def available() -> bool:
    """Whether nginx is installed."""
    return _program() is not None


def _program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def free_port(address: str = "127.0.0.1") -> int:
    """A port nobody listens on just now."""
    with socket.create_server((address, 0)) as listener:
        return int(listener.getsockname()[1])


def base(block: Block) -> str:
    """Address of a block with a port, without a slash at its end."""
    return f"{'https' if block.certificate else 'http'}://{block.address}:{block.port}"


def _block(block: Block) -> str:
    secure = " ssl http2" if block.certificate else ""
    lines = [f"listen {block.address}:{block.port}{secure};", f"root {block.root};", "index index.html;"]
    if block.certificate:
        lines += [
            f"ssl_certificate {block.certificate}.pem;",
            f"ssl_certificate_key {block.certificate}.key;",
        ]
    body = "\n    ".join([*lines, *block.directives])
    return f"  server {{\n    {body}\n  }}"


@contextmanager
def running(
    blocks: Sequence[Block], *, workers: int = 1, cached: int = 1000, log: Path | None = None
) -> Iterator[list[str]]:
    """Serve the blocks; yields their base addresses and stops the server at the end, whatever happens.

    Args:
        blocks: those without a port get a free one.
        workers: processes that serve.
        cached: open files kept; 0: none, for files that change meanwhile.
        log: access log, one line a request (``status METHOD path``), written within a second; none where ``None``.

    Raises:
        NginxError: not installed, or it does not start.
    """
    program = _program()
    if program is None:
        raise NginxError("nginx is not installed (apt-get install nginx-light)")
    blocks = [
        Block(b.root, b.address, b.port or free_port(b.address), b.directives, b.certificate) for b in blocks
    ]
    with tempfile.TemporaryDirectory(prefix="shenjiao-nginx-") as name:
        folder = Path(name)
        files = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 65536)
        config = folder / "nginx.conf"
        config.write_text(
            _CONFIG.format(
                user="user root;\n" if os.geteuid() == 0 else "",
                workers=workers,
                files=files,
                folder=folder,
                access=f"{log} plain buffer=256k flush=500ms" if log else "off",
                cache=_CACHE.format(min(cached, files // 2)) if cached else "",
                servers="\n".join(_block(block) for block in blocks),
            ),
            encoding="utf-8",
        )
        leash = [tool, "--pdeathsig", "TERM"] if (tool := shutil.which("setpriv")) else []
        process = subprocess.Popen(
            [*leash, program, "-p", name, "-c", str(config), "-e", f"{name}/error.log"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            _wait(process, blocks, folder)
            yield [base(block) for block in blocks]
        finally:
            _stop(process)


def _wait(process: subprocess.Popen[bytes], blocks: Sequence[Block], folder: Path) -> None:
    deadline = time.monotonic() + 10
    for block in blocks:
        while True:
            if process.poll() is not None or time.monotonic() > deadline:
                log = folder / "error.log"
                said = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
                raise NginxError(f"nginx does not start: {said.strip()[-2000:] or process.returncode}")
            try:
                socket.create_connection((block.address, block.port), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                break


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    if process.stderr is not None:
        process.stderr.close()


_CA_CONFIG = """\
[ca]
default_ca = here
[here]
new_certs_dir = .
database = index.txt
serial = serial
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
[any]
commonName = supplied
"""


def certificates(folder: Path, wanted: dict[str, tuple[str, str, str]]) -> Path:
    """Make a certificate authority and server certificates with the ``openssl`` command.

    Args:
        folder: empty; gets ``ca.pem`` and ``NAME.pem``/``NAME.key`` for each name.
        wanted: name to (subject alternative name such as ``IP:127.0.0.1``, first day, last day as
            ``YYYYMMDDHHMMSSZ``).

    Returns:
        Path of ``ca.pem``: a client trusts the servers where ``SSL_CERT_FILE`` names it.

    Raises:
        NginxError: no usable ``openssl`` command.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def openssl(*words: str) -> None:
        try:
            subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=20)
        except (OSError, subprocess.SubprocessError) as error:
            raise NginxError(f"openssl: {error}") from error

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl(
        "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650", "-subj", "/CN=test ca",
        "-addext", "basicConstraints=critical,CA:true", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip
    (folder / "ca.cnf").write_text(_CA_CONFIG, encoding="utf-8")
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01\n", encoding="utf-8")
    for name, (alternative, start, end) in wanted.items():
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        (folder / f"{name}.ext").write_text(
            f"subjectAltName={alternative}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
            encoding="utf-8",
        )
        openssl(
            "ca", "-batch", "-config", "ca.cnf", "-in", f"{name}.csr", "-out", f"{name}.pem", "-notext",
            "-startdate", start, "-enddate", end, "-extfile", f"{name}.ext",
        )  # fmt: skip
    return folder / "ca.pem"
