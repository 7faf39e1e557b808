"""Benchmarks, beside plain Odoo and beside bare SQL. ``script/bench --help`` tells the options.

Prints a table for people, then one JSON line per figure for programs.
"""

import argparse
import sys
import time
from importlib import import_module

import against
from databases import Databases
from figures import table

#: Name: what it measures. Each is a module here with ``measure(databases, options)``.
BENCHMARKS = {
    "orders": "orders synchronised per second, plain Odoo beside this addon",
    "wallets": "orders paid by wallet per second, Odoo's eWallet beside this addon",
    "earning": "orders of members with what they earn, plain pos_loyalty beside this addon",
    "payments": "authorise + capture per second, the service beside bare SQL",
    "movements": "post of many movements: SQL statements and time",
    "proofs": "verify over many entries: time, and a broken row is found",
    "reconcile": "the reconciliation over many entries, and a document that differs is found",
    "expiry": "expiry of many lots and of many idle members, the nightly job beside bare SQL",
    "panel": "the till's call for a member among a million with ten million movements",
    "tiers": "the nightly review of many members, the job beside bare SQL",
    "opening": "opening a till with a hundred and with a million members",
}


def main():
    """Run the benchmarks named on the command line, or all."""
    options = _options()
    known = against.UNITS if options.against else BENCHMARKS
    figures = []
    with Databases() as databases:
        for name in known:
            if name in (options.names or known):
                start = time.monotonic()
                print(f"{name}: {BENCHMARKS[name]} ...", file=sys.stderr, flush=True)
                if options.against:
                    figures += against.measure(name, options)
                else:
                    # imported late: the addon's modules can be, once Odoo knows where they are
                    figures += import_module(name).measure(databases, options)
                print(f"    {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    print(table(figures))
    for figure in figures:
        print(figure.as_json())


def _options():
    names = "".join(f"  {name:10} {what}\n" for name, what in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        "script/bench",
        description="Runs these benchmarks, or those named:\n" + names,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="name")
    parser.add_argument(
        "--against", metavar="COMMIT", help="with the addon of COMMIT, and not with plain Odoo"
    )
    parser.add_argument("--rounds", type=int, default=40, help="pairs of A and B (default 40)")
    parser.add_argument("--orders", type=int, default=12, help="orders per round (default 12)")
    parser.add_argument("--payments", type=int, default=25, help="payments per round (default 25)")
    parser.add_argument(
        "--movements", type=int, nargs="+", default=[100, 1_000, 10_000], help="sizes of batches"
    )
    parser.add_argument("--entries", type=int, default=1_000_000, help="ledger entries to verify")
    parser.add_argument(
        "--reconciled", type=int, default=300_000, help="ledger entries to reconcile"
    )
    parser.add_argument(
        "--expiries", type=int, default=1_000_000, help="lots, and members, to expire"
    )
    parser.add_argument(
        "--members", type=int, default=1_000_000, help="members, of ten movements each"
    )
    parser.add_argument("--calls", type=int, default=500, help="members chosen at the till")
    options = parser.parse_args()
    known = against.UNITS if options.against else BENCHMARKS
    if unknown := set(options.names) - known.keys():
        parser.error(f"there is no benchmark {', '.join(unknown)} among {', '.join(known)}")
    return options


if __name__ == "__main__":
    main()
