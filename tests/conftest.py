"""Fixtures of the repository's own tests. The helpers behind them are in support.py."""

import pytest
import support


@pytest.fixture
def own_database():
    """The name of a fresh copy of the test database, for one test."""
    with support.database() as name:
        yield name


@pytest.fixture
def server(own_database):
    """A single-process Odoo server on a fresh copy of the test database."""
    with support.odoo_server(own_database) as running:
        yield running


@pytest.fixture
def worker_server(own_database):
    """An Odoo server with two worker processes on a fresh copy of the test database."""
    with support.odoo_server(own_database, workers=2) as running:
        yield running


@pytest.fixture
def busy_server(own_database):
    """Odoo with four worker processes, more than this machine needs: they shall meet."""
    with support.odoo_server(own_database, workers=4) as running:
        yield running
