"""Two things that are compared take turns, so that a machine that slows down does so for both."""

import time
from dataclasses import dataclass, field


@dataclass
class Seconds:
    """What each round took: by the clock, and of this process's CPU (PostgreSQL's is not in it)."""

    clock: list = field(default_factory=list)
    cpu: list = field(default_factory=list)


def in_turns(rounds, first, second):
    """Time both, ``rounds`` times each: two :class:`Seconds`.

    Both are called with the number of the turn and return what is to be timed: what it takes to
    prepare that is not.
    """
    measured = {first: Seconds(), second: Seconds()}
    for turn in range(rounds):
        for way in (second, first) if turn % 2 else (first, second):
            run = way(turn)
            clock, cpu = time.perf_counter(), time.process_time()
            run()
            measured[way].clock.append(time.perf_counter() - clock)
            measured[way].cpu.append(time.process_time() - cpu)
    return measured[first], measured[second]
