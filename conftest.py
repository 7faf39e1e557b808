"""Holds for every test of this repository: a test that does not run has not passed."""

import pytest


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
