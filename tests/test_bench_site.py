"""The benchmark's portal: same arguments, same bytes; the manifest says exactly what is broken."""

from __future__ import annotations

import gzip
import re
import sys
import urllib.error
import urllib.request
from collections import defaultdict
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bench"))

import portal
from nginx import Block, NginxError, available, running
from portal import Manifest, addresses, generate, load, write_sitemaps

from qa.site.extract import extract

PAGES = 700
BASE = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    folder = tmp_path_factory.mktemp("portal")
    return folder, generate(folder, PAGES, seed=3)


def shape(folder: Path) -> dict[str, tuple[bytes, float]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime)
        for path in (folder / "www").rglob("*")
        if path.is_file()
    }


def test_same_arguments_same_bytes_and_times(made: tuple[Path, Manifest], tmp_path: Path) -> None:
    folder, manifest = made
    again = generate(tmp_path / "a", PAGES, seed=3)
    assert again == manifest
    assert shape(tmp_path / "a") == shape(folder)
    other = generate(tmp_path / "b", PAGES, seed=4)
    assert other.faults != manifest.faults
    assert other.pages == manifest.pages == PAGES


def test_a_portal_that_is_there_is_kept(tmp_path: Path) -> None:
    generate(tmp_path, 100)
    path = tmp_path / "www/index.html"
    path.write_text("mine", encoding="utf-8")
    generate(tmp_path, 100)
    assert path.read_text(encoding="utf-8") == "mine"
    generate(tmp_path, 101)
    assert path.read_text(encoding="utf-8") != "mine"
    with pytest.raises(ValueError, match="at least"):
        generate(tmp_path / "x", 20)


@pytest.mark.parametrize("pages", [31, 32, 97, 600, 601])
def test_number_of_pages(tmp_path: Path, pages: int) -> None:
    manifest = generate(tmp_path, pages)
    lines = (tmp_path / "paths.txt").read_text(encoding="utf-8").splitlines()
    assert manifest.pages == len(lines) == len(set(lines)) == pages
    html = [path for path in (tmp_path / "www").rglob("*.html") if path.parent.name != "error"]
    assert len(html) == pages


def followed(folder: Path) -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, set[str]], int]:
    """Targets and fragments to the pages that carry them, anchors of pages, and the number of links."""
    targets: dict[str, set[str]] = defaultdict(set)
    fragments: dict[str, set[str]] = defaultdict(set)
    anchors = {}
    count = 0
    for line in (folder / "paths.txt").read_text(encoding="utf-8").splitlines():
        file = folder / "www" / (f"{line}index.html" if line.endswith("/") else line).lstrip("/")
        found = extract(file.read_text(encoding="utf-8"), BASE + line)
        anchors[line] = set(found.anchors)
        count += len(found.links)
        for link in found.links:
            path = link.url.removeprefix(BASE)
            targets[path].add(line)
            if link.fragment:
                fragments[f"{path}#{link.fragment}"].add(line)
    return targets, fragments, anchors, count


def test_manifest_is_exact(made: tuple[Path, Manifest]) -> None:
    folder, manifest = made
    targets, fragments, anchors, count = followed(folder)
    assert count == manifest.links
    assert manifest.links / manifest.pages == pytest.approx(40, abs=4)
    faults = {kind: {fault.address: fault.pages for fault in some} for kind, some in manifest.faults.items()}
    assert len(faults["soft404"]) == 46
    assert all(some for some in faults.values())
    everywhere = set(anchors)
    for kind, some in faults.items():
        known = fragments if kind == "fragment" else targets
        for address, pages in some.items():
            assert known[address] == (everywhere if pages == ["*"] else set(pages)), (kind, address)
    www = folder / "www"
    missing = {
        path for path in targets if not (www / path.lstrip("/")).is_file() and not (www / path.lstrip("/") / "index.html").is_file()
    }  # fmt: skip
    assert missing == {address for kind in faults if kind != "fragment" for address in faults[kind]}
    lost = {
        one for one in fragments if (at := one.partition("#"))[0] in anchors and at[2] not in anchors[at[0]]
    }
    assert lost == set(faults["fragment"])
    assert set(targets) == set(addresses(folder))
    assert len(targets) == manifest.unique
    assert load(folder / "manifest.json") == manifest


def test_articles_are_of_the_usual_length(made: tuple[Path, Manifest]) -> None:
    folder, _ = made
    lengths = []
    for path in sorted((folder / "www/xwzx").rglob("t*.html"))[:40]:
        text = path.read_text(encoding="utf-8")
        body = text.partition('<div class="TRS_Editor">')[2].partition("</div>")[0]
        lengths.append(len(re.sub(r"<[^>]+>|\s", "", body)))
    assert 1500 < sum(lengths) / len(lengths) < 2000


def test_sitemaps_name_every_page(made: tuple[Path, Manifest]) -> None:
    folder, manifest = made
    write_sitemaps(folder, BASE)
    www = folder / "www"
    index = (www / "sitemap.xml").read_text(encoding="utf-8")
    pages = []
    for part in re.findall(r"<loc>([^<]+)</loc>", index):
        text = gzip.decompress((www / part.removeprefix(BASE).lstrip("/")).read_bytes()).decode()
        pages += re.findall(r"<loc>([^<]+)</loc>", text)
    assert len(pages) == manifest.pages
    assert f"Sitemap: {BASE}/sitemap.xml" in (www / "robots.txt").read_text(encoding="utf-8")
    first = {path.name: path.read_bytes() for path in www.glob("sitemap*")}
    write_sitemaps(folder, BASE)
    assert {path.name: path.read_bytes() for path in www.glob("sitemap*")} == first


def test_attachments_and_pictures_are_what_they_claim() -> None:
    assert portal.attachment("pdf", "表").startswith(b"%PDF-1.4")
    assert (
        portal.attachment("docx", "表") == portal.attachment("docx", "表") != portal.attachment("docx", "册")
    )
    assert portal.attachment("xlsx", "表").startswith(b"PK")
    assert portal.png(1) != portal.png(2)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def status(url: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect())
    try:
        with opener.open(url, timeout=5) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Location", "")


@pytest.mark.skipif(not available(), reason="没有安装 nginx")
def test_served_as_the_manifest_says(made: tuple[Path, Manifest]) -> None:
    folder, manifest = made
    wanted = {
        "dead": 404, "image": 404, "attachment": 404, "gone": 410, "forbidden": 403, "server-error": 500,
        "soft404": 200, "permanent": 301, "chain": 302, "loop": 302, "to-home": 302, "fragment": 200,
    }  # fmt: skip
    assert wanted.keys() == manifest.faults.keys()
    log = folder / "access.log"
    with running([Block(folder / "www", directives=[f"include {folder}/nginx.inc;"])], log=log) as (base,):
        assert status(f"{base}/") == (200, "")
        for kind, code in wanted.items():
            fault = manifest.faults[kind][0]
            assert status(base + fault.address.partition("#")[0])[0] == code, kind
        assert status(base + manifest.faults["to-home"][0].address) == (302, "/")
    assert log.read_text(encoding="utf-8").startswith("200 GET /\n")
    with pytest.raises(OSError, match="refused"):
        status(f"{base}/")


@pytest.mark.skipif(not available(), reason="没有安装 nginx")
def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    block = Block(tmp_path, directives=["nonsense on;"])
    with pytest.raises(NginxError, match="nonsense"), running([block]):
        pass
