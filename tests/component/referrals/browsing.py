"""What the browser tests of referrals' pages do alike: come in, walk by keyboard, and keep pictures."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.system.playing import World

MOST_TABS = 150


def sign_in(page: Page, world: World, name: str, path: str) -> None:
    """Have somebody come in by the page that they want."""
    page.goto(world.stack.url("referrals") + path)
    page.get_by_role("button", name=name).first.click()


def press(page: Page, wanted: Locator, *keys: str) -> None:
    """Walk to something by the tab key, and press keys there."""
    expect(wanted).to_have_count(1)
    for _ in range(MOST_TABS):
        if wanted.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    else:
        pytest.fail(f"no key leads there: {wanted}")
    for key in keys:
        page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    """Walk to a field and type."""
    press(page, page.get_by_label(label, exact=True))
    page.keyboard.type(text)
