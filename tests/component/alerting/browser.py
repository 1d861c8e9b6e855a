"""A browser with a telephone's window, driven by Playwright: Debian's Chromium, so that nothing more is fetched.

`CHROMIUM` names another one. In CI (`CI` is set) a missing browser fails; elsewhere it is skipped, and said.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
PATIENCE_S = 60
AXE = Axe()
expect.set_options(timeout=PATIENCE_S * 1000)

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000}
"""Slow 3G, as the browser's own tools mean it: 400 kbit a second and 400 ms."""


def chromium() -> str:
    """Return the program; skip where there is none."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        missing = "Chromium is missing: apt-get install chromium, or name yours in CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Run a browser; root, as CI is, may not use its sandbox."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"] if os.getuid() == 0 else []
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def telephone(browser: Browser, *, script: bool = True, slow: bool = False, **more: Any) -> Iterator[Page]:  # noqa: ANN401  as Playwright
    """Open a window of its own; the service worker stays out where a test watches the network."""
    kept: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "locale": "da-DK", "service_workers": "block"} | more
    context: BrowserContext = browser.new_context(java_script_enabled=script, **kept)
    try:
        page = context.new_page()
        if slow:
            network = context.new_cdp_session(page)
            network.send("Network.enable")
            network.send("Network.emulateNetworkConditions", SLOW)
        yield page
    finally:
        context.close()


def until(page: Page, script: str) -> Any:  # noqa: ANN401  whatever the page says
    """Return what a script says in a page as soon as it says something; `wait_for_function` takes a promise for yes."""
    said: list[Any] = []

    def says() -> bool:
        said[:] = [page.evaluate(script)]
        return bool(said[0])

    wait_until(page, says)
    return said[0]


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    """Let a page go on until something is so."""
    ends = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < ends, "it never came"
        page.wait_for_timeout(50)


def violations(page: Page) -> str:
    """Return what axe finds wrong with a page; empty where nothing is."""
    found = AXE.run(page)
    return found.generate_report() if found.violations_count else ""


def shoot(page: Page, name: str) -> None:
    """Look at a page on a telephone and at a desk: axe finds nothing, and nothing is wider than the window."""
    before = page.viewport_size
    for width in (PHONE, DESK):
        page.set_viewport_size(width)
        assert violations(page) == "", (name, width)
        picture(page, f"{name}-{width['width']}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
    page.set_viewport_size(before or PHONE)


def picture(page: Page, name: str) -> None:
    """Keep a picture for people to look at, where `SCREENSHOTS` names a folder for it."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
