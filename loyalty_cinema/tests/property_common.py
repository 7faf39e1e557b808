from hypothesis import HealthCheck, Phase, settings


def bounded(examples, **more):
    """Settings of a test that plays ``examples``: the same ones at each run, however slow.

    They play on a database: nothing is kept between runs, and an example takes its time.
    """
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        **more,
    )
