"""Workers die in the middle of payments, then the whole server: nothing is lost or taken twice."""

import threading
from concurrent.futures import ThreadPoolExecutor

import support
from load_generator import kill_workers, rush, stock_card, sync
from test_concurrency import CLIENTS, COVERED, PRICE, VALUE, assert_spent_once

KILLS = 8


def test_l1_to_l4_survive_killed_workers_and_a_power_cut(own_database):
    with support.odoo_server(own_database, workers=4) as server:
        card = stock_card(server, VALUE)
        purchases, killed = rush_under_fire(server, card)
        server.kill()
    assert killed >= 3, "the clients were done before anybody was killed"
    with support.odoo_server(own_database, workers=2) as server:
        till = server.login("cashier")
        before = [bought.outcome for bought in purchases]
        for bought in purchases:  # a till sends again what it is not sure of
            sync(till, bought)
        assert [bought.outcome for bought in purchases] == before
        paid = [bought for bought in purchases if bought.outcome == "paid"]
        assert len(paid) == COVERED
        assert_spent_once(own_database, card, paid)


def rush_under_fire(server, card):
    """The purchases of a rush during which workers are killed, and how many were."""
    start, stop = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as reaper:
        killing = reaper.submit(kill_workers, server, KILLS, start, stop)
        try:
            purchases = rush(server, card, CLIENTS, PRICE, on_start=start.set)
        finally:
            start.set()
            stop.set()
        return purchases, killing.result()
