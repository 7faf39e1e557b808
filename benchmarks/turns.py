"""Two things that are compared take turns, so that a machine that slows down does so for both."""

import time


def in_turns(rounds, ours, theirs):
    """Seconds per round for each: two lists.

    Both are called with the number of the turn and return what is to be timed: what it takes to
    prepare that is not.
    """
    seconds = {ours: [], theirs: []}
    for turn in range(rounds):
        for way in (ours, theirs) if turn % 2 else (theirs, ours):
            run = way(turn)
            start = time.perf_counter()
            run()
            seconds[way].append(time.perf_counter() - start)
    return seconds[ours], seconds[theirs]
