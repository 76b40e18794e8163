"""When a delivery is tried again, and when an endpoint is left alone for a while."""

import random

from msgspec import Struct

from cluster.webhooks.models import Outcome

MINUTE, HOUR = 60, 3600


class Policy(Struct, frozen=True, kw_only=True):
    """
    How patient the sender is.

    Attributes
    ----------
    retry_s
        Waits before the second, third, ... try, seconds. After one try more than there are waits a delivery has failed.
        The values are those of the Standard Webhooks specification, about three days in all.
    jitter
        Each wait is longer or shorter by up to this part of it, so that what failed at once does not come back at once.
    pause_after
        Failures in a row after which an endpoint is paused, and tried with one delivery at a time.
    pause_s, pause_max_s
        The first pause, seconds; each further failure doubles it, up to the greatest.
    per_endpoint
        Most deliveries under way to one endpoint that is neither failing nor slow; one to others.
    slow_s
        An endpoint that takes longer than this to answer is slow.
    slots
        Most deliveries under way in one worker.
    lease_s
        A worker that has told nothing of a delivery for so long is gone; longer than ``timeout_s``.
    timeout_s
        An endpoint that has not answered by then has not answered.
    """

    retry_s: tuple[float, ...] = (
        5,
        5 * MINUTE,
        30 * MINUTE,
        2 * HOUR,
        5 * HOUR,
        10 * HOUR,
        14 * HOUR,
        20 * HOUR,
        24 * HOUR,
    )
    jitter: float = 0.2
    pause_after: int = 5
    pause_s: float = 5
    pause_max_s: float = 15 * MINUTE
    per_endpoint: int = 4
    slow_s: float = 2
    slots: int = 64
    lease_s: float = 40
    timeout_s: float = 15

    def wait_s(self, tries_before: int, outcome: Outcome) -> float | None:
        """Seconds until the next try after one with this outcome; None when there is none."""
        if outcome.delivered or tries_before >= len(self.retry_s):
            return None
        return self.retry_s[tries_before] * random.uniform(1 - self.jitter, 1 + self.jitter)  # noqa: S311


def succeeded(status: int) -> bool:
    """Whether an endpoint has taken an event: 2xx alone, redirects are not followed."""
    return 200 <= status <= 299


GONE = 410
"""What an endpoint answers that wants nothing more."""
