"""A nightly job beside one bare SQL statement that writes the same rows."""

import time

from figures import Figure

AIM = 3


def beside_bare(database, job, name, count, unit, bare):
    """Run ``job(env)`` on a tidy database, and set its time beside ``bare`` (seconds).

    :param count: how many ``unit`` the job has to do
    :return: figures of both times, their ratio, the rate and the SQL statements
    """
    database.tidy()
    with database.transaction() as env:
        start, statements = time.perf_counter(), env.cr.sql_log_count
        job(env)
        seconds, statements = time.perf_counter() - start, env.cr.sql_log_count - statements
    ratio, name = round(seconds / bare, 3), f"{name}.{count}"
    return [
        Figure(f"{name}.bare_sql", round(bare, 1), "s"),
        Figure(
            f"{name}.seconds",
            round(seconds, 1),
            "s",
            ratio=ratio,
            aim=f"at most {AIM} times bare SQL",
            met=ratio <= AIM,
        ),
        Figure(f"{name}.rate", round(count / seconds), f"{unit}/s"),
        Figure(f"{name}.statements", statements, "statements"),
    ]
