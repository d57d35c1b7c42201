"""How fast one host is asked: slower at its first word, faster again only by and by.

Obeys ``Retry-After`` and robots' crawl delay, halves on 429, 503 and time-outs, eases off where
answers grow slow, and counts failures in a row so that a dead server is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_WAIT = 600.0
"""Seconds a server may ask us to stay away; beyond that its pages stay unchecked."""
_PATIENCE = 10
"""Connection failures in a row after which a host counts as gone."""


@dataclass
class Pace:
    """Turns at one host.

    Attributes:
        most: requests at a time at most; ``rate``: requests a second at most, 0 for no limit.
        delay: seconds between requests that robots.txt asks for.
        allowed: requests at a time right now (grows and shrinks).
        active: requests in flight.
        resume: monotonic time before which nothing is sent.
    """

    most: int
    rate: float
    delay: float = 0.0
    allowed: float = 0.0
    active: int = 0
    resume: float = 0.0
    gone: bool = False
    throttled: int = 0
    _next: float = 0.0
    _factor: float = 1.0
    _usual: float = 0.0
    _fastest: float = 0.0
    _failures: int = 0

    def __post_init__(self) -> None:
        self.allowed = float(min(self.most, 4) if self.rate else self.most)

    def ready(self, now: float) -> bool:
        """Whether a request may go out now."""
        return self.active < int(self.allowed) and now >= self._next and now >= self.resume

    def wait(self, now: float) -> float:
        """Seconds until a request may go out, where only time stands in the way; else 0."""
        if self.active >= int(self.allowed):
            return 0.0
        return max(self._next - now, self.resume - now, 0.0)

    def take(self, now: float) -> None:
        """A request goes out."""
        self.active += 1
        spacing = self.delay
        if self.rate:
            spacing = max(spacing, 1.0 / self.rate)
        spacing *= self._factor
        if spacing:
            self._next = max(now, self._next) + spacing
            if self._next - now > 2 * spacing:
                self._next = now + spacing

    def give_back(self) -> None:
        """A request ended without telling anything (dropped)."""
        self.active -= 1

    def answered(self, elapsed: float) -> None:
        """An answer came in good order."""
        self.active -= 1
        self._failures = 0
        self._usual = elapsed if not self._usual else 0.9 * self._usual + 0.1 * elapsed
        self._fastest = min(self._fastest or elapsed, elapsed)
        if self._usual > max(1.0, 4 * self._fastest):
            self.allowed = max(1.0, self.allowed * 0.9)
        elif self.allowed < self.most:
            self.allowed = min(float(self.most), self.allowed + 1.0 / max(1.0, self.allowed))
        if self._factor > 1.0:
            self._factor = max(1.0, self._factor * 0.97)

    def throttle(self, now: float, retry_after: float | None) -> bool:
        """The server asks for less (429, 503); whether it is worth coming back."""
        self.active -= 1
        self.throttled += 1
        if now >= self.resume:  # answers to requests sent before the last slowing-down say nothing new
            self.allowed = max(1.0, self.allowed / 2)
            self._factor = min(64.0, self._factor * 2)
        pause = retry_after if retry_after is not None else min(60.0, 0.5 * self._factor)
        if pause > LONGEST_WAIT:
            self.gone = True
            return False
        self.resume = max(self.resume, now + pause)
        return True

    def failed(self, now: float, *, connection: bool) -> None:
        """No answer came; ``connection``: not even a connection."""
        self.active -= 1
        self.allowed = max(1.0, self.allowed / 2)
        if connection and now >= self.resume:  # requests already under way fail together: once is enough
            self._failures += 1
            self.resume = now + min(8.0, 0.05 * 2**self._failures)
            if self._failures >= _PATIENCE:
                self.gone = True
