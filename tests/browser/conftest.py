"""Fixtures of the pages: one platform and one browser for all of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.visits import ARGUMENTS, CHROMIUM, ROOT, Platform, demonstration

expect.set_options(timeout=15_000)  # a slow machine is no fault of a page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser or without built pages there is nothing to see."""
    here = [item for item in items if "tests/browser/" in item.path.as_posix()]
    reasons = {
        "no chromium, chromium-browser or google-chrome on this machine": CHROMIUM is None,
        "the dashboard is not built: make web": not (ROOT / "web" / "dist" / "index.html").is_file(),
    }
    for reason, holds in reasons.items():
        for item in here:
            item.add_marker(pytest.mark.skipif(holds, reason=reason))


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """``cluster demo``."""
    with demonstration(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's own Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()
