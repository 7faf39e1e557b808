"""Holds for every test of this repository.

A test that does not run has not passed. Under another clock (``script/test --day``)
browsers have it, too.
"""

import os

import pytest

#: Seconds between the clock of this run and the real one, see script/lib/clock.sh.
CLOCK_OFFSET = int(os.environ.get("CINEMA_CLOCK_OFFSET", 0))
DATE_WITH_OFFSET = """
    const offset = %d * 1000;
    globalThis.Date = new Proxy(Date, {
        apply: (Real) => new Real(Real.now() + offset).toString(),
        construct: (Real, args, target) =>
            Reflect.construct(Real, args.length ? args : [Real.now() + offset], target),
        get: (Real, name) =>
            name === "now" ? () => Real.now() + offset : Reflect.get(Real, name),
    });
"""


@pytest.fixture(autouse=True, scope="session")
def browsers_have_the_clock_of_this_run():
    """Let each page that Odoo's test browser opens begin with the `Date` of the other clock."""
    if not CLOCK_OFFSET:
        yield
        return
    from odoo.tests.common import ChromeBrowser

    start = ChromeBrowser.__init__

    def start_with_clock(browser, *args, **kwargs):
        start(browser, *args, **kwargs)
        browser._websocket_request(
            "Page.addScriptToEvaluateOnNewDocument",
            params={"source": DATE_WITH_OFFSET % CLOCK_OFFSET},
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ChromeBrowser, "__init__", start_with_clock)
        yield


def fail_if_skipped(report):
    """Turn a skip, or an expected failure, into a failure that carries the reason."""
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = (
            f"skipped, which counts as failed: {reason or getattr(report, 'wasxfail', '')}"
        )
        report.__dict__.pop("wasxfail", None)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that skips itself."""
    return fail_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """A module that skips itself while it is imported."""
    return fail_if_skipped((yield))
