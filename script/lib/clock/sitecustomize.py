"""Python waits under libfaketime, too: on its path when there is another clock, see ../clock.sh.

``time.sleep`` names a deadline on the monotonic clock, from which libfaketime 0.9.10 takes the
offset of the other clock away: "Invalid argument". A wait that names a duration is left alone.
"""

import select
import time


def sleep(seconds):
    """Wait as ``time.sleep`` does."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = sleep
