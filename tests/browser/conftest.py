"""Fixtures of the pages: one browser for all of them, and for each file a platform on which nothing was done yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.platforms import Platform, example_day, platform_on
from tests.browser.visits import ARGUMENTS, CHROMIUM, ROOT, WAITED_MS_MAX

TEST_S_MAX = 900
expect.set_options(timeout=WAITED_MS_MAX)  # a slow machine is no fault of a page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser or without built pages there is nothing to see."""
    here = [item for item in items if "tests/browser/" in item.path.as_posix()]
    reasons = {
        "no chromium, chromium-browser or google-chrome on this machine": CHROMIUM is None,
        "the dashboard is not built: make web": not (ROOT / "web" / "dist" / "index.html").is_file(),
    }
    for item in here:
        # What is waited for has times of its own, told when they are over.
        item.add_marker(pytest.mark.timeout(TEST_S_MAX))
        for reason, holds in reasons.items():
            item.add_marker(pytest.mark.skipif(holds, reason=reason))


@pytest.fixture(scope="session")
def day_at_rest() -> Iterator[Path]:
    """Data of ``cluster demo``, made once for all processes of the test run."""
    with example_day() as data:
        yield data


@pytest.fixture(scope="module")
def platform(day_at_rest: Path) -> Iterator[Platform]:
    """``cluster demo`` as it has just come up: what one file does is never seen by another."""
    with platform_on(day_at_rest) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's own Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(autouse=True)
def closed_pages(browser: Browser) -> Iterator[None]:
    """No page of an earlier test draws or asks on beside the next one."""
    yield
    for context in browser.contexts:
        context.close()
