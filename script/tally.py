"""Counts the tests of one run of script/test and prints the closing line `N passed, N failed`.

A run is a folder: every step left `<step>.exit` (its exit code) beside its report, `<step>.xml`
(JUnit, from pytest) or `<step>.log` (Odoo's test runner, or script/lint). A step is called by the
kind of its report, with a suffix where there are several: `pytest_one`. The exit code of this
program is 1 unless all passed.

A suite of Odoo's that ran with the addon (`beside_x.log`) and without it (`beside_x.without`) has
failed where a test fails only with it, save those whose class or method is in `may_fail.txt`.

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
ODOO_RAN = re.compile(r" INFO \S+ odoo\.addons\.\S+: Starting (\S+) \.\.\.")
ODOO_BAD = re.compile(
    r" (?:ERROR|INFO) \S+ odoo\.addons\.\S+: (?:FAIL: |ERROR: |skipped )"
    r"(?:Subtest |setUpClass \()?(\S+)"
)
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


def bad_tests(text):
    """The tests in a log of Odoo's runner that failed or were skipped.

    >>> sorted(bad_tests('''
    ... 1 ERROR db odoo.addons.pos_sale.tests.test_a: FAIL: TestA.test_b
    ... 1 ERROR db odoo.addons.pos_sale.tests.test_a: ERROR: Subtest TestA.test_c (x=1)
    ... 1 ERROR db odoo.addons.pos_sale.tests.test_d: ERROR: setUpClass (odoo.addons.p.TestD)
    ... 1 INFO db odoo.addons.pos_sale.tests.test_a: skipped TestE.test_f : no browser
    ... 1 INFO db odoo.addons.pos_sale.tests.test_a: Starting TestA.test_g ...'''))
    ['TestA.test_b', 'TestA.test_c', 'TestE.test_f', 'odoo.addons.p.TestD']
    """
    return {name.rstrip(")") for name in ODOO_BAD.findall(text)}


def count_beside(text, without, may_fail):
    """Count a suite of Odoo's: failed is what fails, or does not run, only with the addon.

    >>> ran = "1 INFO db odoo.addons.p.test: Starting T.test_{} ..."
    >>> bad = "1 ERROR db odoo.addons.p.test: FAIL: T.test_{}"
    >>> end = "odoo.tests.result: {} failed, 0 error(s) of {} tests"
    >>> every = [ran.format(name) for name in "abcd"]
    >>> plain = "\\n".join([*every, bad.format("a"), end.format(1, 4)])
    >>> ours = "\\n".join([*every, *map(bad.format, "abc"), end.format(3, 4)])
    >>> count_beside(ours, plain, ["test_c"])
        T.test_a fails or is skipped without the addon, too
        T.test_c may fail with the addon
        T.test_b fails or is skipped only with the addon
    Count(passed=1, failed=1)
    >>> fewer = "\\n".join([*every[:3], end.format(0, 3)])
    >>> count_beside(fewer, plain, [])
        T.test_d did not run with the addon
    Count(passed=3, failed=1)
    >>> count_beside(ours, "it did not start", [])
    Count(passed=0, failed=1)
    """
    if not ODOO_RESULT.search(text) or not ODOO_RESULT.search(without):
        return Count(failed=1)
    ran, bad, bad_without = set(ODOO_RAN.findall(text)), bad_tests(text), bad_tests(without)
    allowed = {name for name in bad - bad_without if not set(may_fail).isdisjoint(name.split("."))}
    for what, names in {
        "fails or is skipped without the addon, too": bad & bad_without,
        "may fail with the addon": allowed,
        "fails or is skipped only with the addon": (only := bad - bad_without - allowed),
        "did not run with the addon": (missing := set(ODOO_RAN.findall(without)) - ran - bad),
    }.items():
        for name in sorted(names):
            print(f"    {name} {what}")
    return Count(len(ran - bad), len(only | missing))


COUNTERS = {"pytest": count_junit, "odoo": count_odoo, "lint": count_lint}


def count_step(exit_file):
    """Count one step, never less than its exit code says."""
    step, code = exit_file.stem, exit_file.read_text().strip()
    kind = step.partition("_")[0]
    report = exit_file.with_suffix(".xml" if kind == "pytest" else ".log")
    text = report.read_text(errors="replace") if report.exists() else ""
    if kind == "beside":
        count = count_beside(text, *read_beside(exit_file))
    else:
        count = count_alone(kind, text)
    if not count.failed and (code != "0" or not count.passed):
        print(f"    {step} ended with code {code} after {count.passed} passed tests")
        count = count._replace(failed=1)
    return count


def read_beside(exit_file):
    """What ran without the addon, and the names of what may fail with it."""
    files = exit_file.with_suffix(".without"), exit_file.with_name("may_fail.txt")
    without, known = [f.read_text(errors="replace") if f.exists() else "" for f in files]
    return without, known.split()


def count_alone(kind, text):
    """Count a report that is compared with nothing."""
    for line in ODOO_FAILED.findall(text):
        print(f"    {line}")
    try:
        return COUNTERS[kind](text)
    except ElementTree.ParseError:
        return Count()


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
