"""A tuned Scrapy spider that does what a link check needs: every link of every page kept in SQLite.

    python spider.py HOME OUT.db

Thirty-two requests at a time, no pause, nothing logged, no retries; run by Scrapy's own Python.
Prints nothing; the tables are ``reply`` (address, status), ``link`` and ``anchor``.
"""

from __future__ import annotations

import sqlite3
import sys
from urllib.parse import urldefrag, urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess

SETTINGS = {
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
    "DOWNLOAD_DELAY": 0,
    "RANDOMIZE_DOWNLOAD_DELAY": False,
    "AUTOTHROTTLE_ENABLED": False,
    "ROBOTSTXT_OBEY": True,
    "COOKIES_ENABLED": False,
    "RETRY_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_ENABLED": False,
    "HTTPERROR_ALLOW_ALL": True,
    "REDIRECT_MAX_TIMES": 10,
    "DOWNLOAD_TIMEOUT": 30,
}


class Links(scrapy.Spider):
    """Follows every link of one host and asks for images, styles, scripts and attachments too."""

    name = "links"

    def __init__(self, home: str, out: str) -> None:
        super().__init__()
        self.start_urls = [home]
        self.host = urlsplit(home).netloc
        self.db = sqlite3.connect(out)
        self.db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE reply (url TEXT PRIMARY KEY, status INTEGER, asked TEXT);"
            "CREATE TABLE link (page TEXT, target TEXT, fragment TEXT, text TEXT);"
            "CREATE TABLE anchor (page TEXT, name TEXT);"
        )
        self.pending = 0

    async def start(self):
        for url in self.start_urls:
            yield scrapy.Request(url, self.parse, errback=self.failed)

    def keep(self, response) -> None:
        asked = response.request.meta.get("redirect_urls", [response.url])[0]
        self.db.execute(
            "INSERT OR IGNORE INTO reply VALUES (?, ?, ?)", (response.url, response.status, asked)
        )
        self.pending += 1
        if self.pending >= 500:
            self.db.commit()
            self.pending = 0

    def failed(self, failure) -> None:
        request = failure.request
        asked = request.meta.get("redirect_urls", [request.url])[0]
        self.db.execute("INSERT OR IGNORE INTO reply VALUES (?, 0, ?)", (request.url, asked))

    def parse(self, response):
        self.keep(response)
        if response.status != 200 or not isinstance(response, scrapy.http.HtmlResponse):
            return
        links = []
        for element in response.xpath("//a[@href] | //img[@src] | //link[@href] | //script[@src]"):
            attributes = element.attrib
            href = attributes.get("href") or attributes.get("src") or ""
            target, fragment = urldefrag(response.urljoin(href.strip()))
            if not target.startswith("http"):
                continue
            text = (
                "".join(element.xpath(".//text()").getall()).strip()[:100] if element.root.tag == "a" else ""
            )
            links.append((response.url, target, fragment, text))
        self.db.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", links)
        self.db.executemany(
            "INSERT INTO anchor VALUES (?, ?)",
            [(response.url, name) for name in response.xpath("//*/@id | //a/@name").getall()],
        )
        for target in dict.fromkeys(link[1] for link in links):
            if urlsplit(target).netloc == self.host:
                yield scrapy.Request(target, self.parse, errback=self.failed)

    def closed(self, reason: str) -> None:
        self.db.commit()
        self.db.close()


if __name__ == "__main__":
    process = CrawlerProcess(SETTINGS)
    process.crawl(Links, home=sys.argv[1], out=sys.argv[2])
    process.start()
