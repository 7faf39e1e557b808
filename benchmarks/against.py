"""Two versions of this addon take turns: that of an earlier commit, and this one.

    script/bench --against 23e13bd orders wallets

A process holds one version of a Python package, so each version has a process, a database and the
files of its own; the benchmark is today's for both. This process says whose turn it is: A B, B A,
A B, ... Nothing else runs meanwhile. Statements are counted by Odoo's cursor and do not depend on
how busy the machine is; the time does, which is why rounds are paired (see ``turns.py``).

A benchmark takes part by ``alone(databases, options)``: ``{name: (things per round, prepare)}``,
where ``prepare(turn)`` returns what is to be timed.
"""

import gc
import os
import subprocess
import time
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from statistics import median

from databases import ROOT, Databases
from figures import Figure, rate, ratio_of

from odoo import sql_db

SLOWER_MAX = 1.02
#: The benchmarks that have something to compare, and what they count.
UNITS = {"orders": "orders", "wallets": "orders", "earning": "orders", "payments": "payments"}


def measure(name, options):
    """Figures of both versions for the benchmark ``name``."""
    template, addons_path = subprocess.run(
        [ROOT / "script/db", "then", options.against], check=True, capture_output=True, text=True
    ).stdout.split()
    then = {"ADDON_TEMPLATE": template, "BENCH_ADDONS_PATH": addons_path}
    figures = []
    with _side(name, options, then) as (before, counts), _side(name, options, {}) as (now, _same):
        for way, count in counts.items():
            for side in (before, now):  # fill the caches
                _ask(side, way, -1)
            rounds = {before: [], now: []}
            for turn in range(options.rounds):
                for side in (now, before) if turn % 2 else (before, now):
                    rounds[side].append(_ask(side, way, turn))
            figures += _compared(f"{name}.{way}", count, UNITS[name], *rounds.values())
    return figures


def _compared(name, count, unit, before, now):
    """Things per second and statements for each, of rounds given as (seconds, statements)."""
    seconds = [[one for one, _statements in side] for side in (now, before)]
    statements = [median(many for _seconds, many in side) / count for side in (now, before)]
    ratio, spread = ratio_of(*seconds)
    around_one = bool(spread) and spread[0] <= 1 <= spread[1]
    faster = ratio <= SLOWER_MAX or around_one
    more = round(statements[0] / statements[1], 3)
    aim = "at most 1.02, or the quartiles around 1"
    return [
        Figure(f"{name}.before", rate(count, seconds[1]), f"{unit}/s"),
        Figure(f"{name}.now", rate(count, seconds[0]), f"{unit}/s", ratio, spread, aim, faster),
        Figure(f"{name}.statements.before", round(statements[1], 1), f"per {unit[:-1]}"),
        Figure(
            f"{name}.statements.now",
            round(statements[0], 1),
            f"per {unit[:-1]}",
            more,
            None,
            "not more",
            more <= 1,
        ),
    ]


@contextmanager
def _side(name, options, environment):
    """A process for one version: its end of a pipe, and the things per round by way."""
    context = get_context("spawn")
    pipe, far_end = context.Pipe()
    process = context.Process(target=_serve, args=(far_end, name, options, environment))
    process.start()
    far_end.close()  # so that a process that died ends the pipe
    try:
        yield pipe, pipe.recv()
        pipe.send(None)
    finally:
        pipe.close()
        process.join()


def _ask(pipe, way, turn):
    """What one round of one version took: (seconds, statements)."""
    pipe.send((way, turn))
    return pipe.recv()


def _serve(pipe, name, options, environment):
    """In the process of one version: do rounds until there is nothing more to do."""
    os.environ.update(environment)
    with Databases() as databases:
        ways = import_module(name).alone(databases, options)
        pipe.send({way: count for way, (count, _prepare) in ways.items()})
        try:
            while task := pipe.recv():
                way, turn = task
                pipe.send(_timed(ways[way][1](turn)))
                if turn < 0:
                    gc.collect()
                    gc.freeze()
        except EOFError:
            pass  # whoever asked has gone; the database is dropped all the same


def _timed(run):
    statements, start = sql_db.sql_counter, time.perf_counter()
    run()
    return time.perf_counter() - start, sql_db.sql_counter - statements
