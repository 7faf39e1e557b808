"""Counts the tests of one run of script/test and prints the closing line `N passed, N failed`.

A run is a folder: every step left `<step>.exit` (its exit code) beside its report, `<step>.xml`
(JUnit, from pytest) or `<step>.log` (Odoo's test runner, or script/lint). A step is called by the
kind of its report, with a suffix where there are several: `pytest_one`. The exit code of this
program is 1 unless all passed.

A skipped test, a step without any test, a report that is missing or unreadable, and a step that
ended badly although all its tests passed each count as failed: no step is green by not running.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

ODOO_RESULT = re.compile(r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests")
ODOO_SKIPPED = re.compile(r" INFO \S+ odoo\.\S+: skipped \S+")
ODOO_FAILED = re.compile(r" ERROR \S+ (odoo\.\S+: (?:FAIL|ERROR): .*)")
BAD = ("failure", "error", "skipped")
LINT_RESULT = re.compile(r"^lint: (\d+) passed, (\d+) failed$", re.MULTILINE)


class Count(NamedTuple):
    """How many tests passed and failed."""

    passed: int = 0
    failed: int = 0


def count_junit(xml):
    """Count a JUnit report by its test cases (its own totals count every subtest too).

    >>> count_junit("<testsuite><testcase/><testcase/><testcase><failure/></testcase></testsuite>")
    Count(passed=2, failed=1)
    """
    cases = list(ElementTree.fromstring(xml).iter("testcase"))
    failed = sum(any(case.find(tag) is not None for tag in BAD) for case in cases)
    return Count(len(cases) - failed, failed)


def count_odoo(text):
    """Count a log of Odoo's test runner. Skipped tests are among the tests it says it ran.

    >>> skip = "12:00 1 INFO db odoo.addons.loyalty.tests: skipped TestLoyalty.test_a : no browser"
    >>> end = "12:00 1 INFO db odoo.tests.result: 1 failed, 2 error(s) of 10 tests when loading"
    >>> count_odoo(f"{skip}\\n{end}")
    Count(passed=6, failed=4)
    """
    results = ODOO_RESULT.findall(text)
    if len(results) != 1:
        return Count(failed=1)
    failures, errors, ran = map(int, results[0])
    bad = failures + errors + len(ODOO_SKIPPED.findall(text))
    return Count(max(0, ran - bad), bad)


def count_lint(text):
    """Count the checks of script/lint.

    >>> count_lint("...\\nlint: 7 passed, 1 failed\\n")
    Count(passed=7, failed=1)
    """
    results = LINT_RESULT.findall(text)
    return Count(*map(int, results[0])) if results else Count(failed=1)


COUNTERS = {"pytest": count_junit, "odoo": count_odoo, "lint": count_lint}


def count_step(exit_file):
    """Count one step, never less than its exit code says."""
    step, code = exit_file.stem, exit_file.read_text().strip()
    kind = step.partition("_")[0]
    report = exit_file.with_suffix(".xml" if kind == "pytest" else ".log")
    text = report.read_text(errors="replace") if report.exists() else ""
    try:
        count = COUNTERS[kind](text)
    except ElementTree.ParseError:
        count = Count()
    for line in ODOO_FAILED.findall(text):
        print(f"    {line}")
    if not count.failed and (code != "0" or not count.passed):
        print(f"    {step} ended with code {code} after {count.passed} passed tests")
        count = count._replace(failed=1)
    return count


def main(run):
    """Print each step's count and the closing line; return the exit code."""
    total = Count()
    print()
    for exit_file in sorted(run.glob("*.exit"), key=lambda file: file.stat().st_mtime):
        count = count_step(exit_file)
        print(f"{exit_file.stem}: {count.passed} passed, {count.failed} failed (reports: {run})")
        total = Count(*map(sum, zip(total, count, strict=True)))
    print(f"{total.passed} passed, {total.failed} failed")
    return 0 if total.passed and not total.failed else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
