"""What a benchmark hands back, and how it is printed."""

import json
import statistics
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number.

    :param name: dotted; the same from run to run, so that runs can be compared by a program
    :param ratio: value beside its reference, above 1 when ours is slower
    :param spread: (first, third) quartile of the ratio over the rounds
    :param aim: in words, for people
    :param met: whether the aim is met; None when there is no aim
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    aim: str | None = None
    met: bool | None = None

    def as_json(self):
        """One line that a program can read."""
        return json.dumps(asdict(self))


def ratio_of(ours, theirs):
    """The median ratio of paired rounds with its quartiles: ``(ratio, (first, third))``.

    Rounds are paired, so that a machine that gets slower meanwhile slows both of a pair.
    """
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    if len(ratios) < 2:
        return round(ratios[0], 3), None
    first, middle, third = statistics.quantiles(ratios, n=4, method="inclusive")
    return round(middle, 3), (round(first, 3), round(third, 3))


def rate(count, seconds):
    """Things per second, from rounds of ``count`` things that took ``seconds`` (a list)."""
    return round(count / statistics.median(seconds), 1)


def table(figures):
    """The figures as a table for people, one per line."""
    rows = [("figure", "value", "unit", "ratio", "quartiles", "aim", "met")]
    rows += [_row(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(figure):
    return (
        figure.name,
        f"{figure.value:,.10g}",
        figure.unit,
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        "" if figure.spread is None else "{:.2f}-{:.2f}".format(*figure.spread),
        figure.aim or "",
        {None: "", True: "yes", False: "NO"}[figure.met],
    )
