"""The benchmark's table as text."""
import statistics


def number(value):
    """Three digits or more."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def median_and_spread(values):
    """The median, and half of what lies between the least and the greatest, in percent of it."""
    if not values:
        return ""
    median = statistics.median(values)
    return number(median) + (f" ± {50 * (max(values) - min(values)) / median:.0f} %" if len(values) > 1 else "")


def median_and_range(values, write):
    """The median, the least and the greatest."""
    if not values:
        return ""
    return f"{write(statistics.median(values))} ({write(min(values))} - {write(max(values))})"


def percent(value):
    return f"{100 * value:.0f} %"


class Row:
    """One line: ours against a peer, all measurements of both, the ratio of each round.

    unit says what is shown; shown(rate) makes it of a rate (a time, for example). The ratio is how many times as
    fast we are, unless it is given."""

    def __init__(self, work, unit, ours, peer_name="", peer=(), goal=None, shown=lambda rate: rate, write_ratio=number,
                 ratio=None):
        self.work, self.unit, self.ours, self.peer_name, self.peer = work, unit, list(ours), peer_name, list(peer)
        self.goal, self.shown, self.write_ratio = goal, shown, write_ratio
        self.ratio = list(ratio) if ratio is not None else [a / b for a, b in zip(self.ours, self.peer)]

    def cells(self):
        goal = "" if self.goal is None else ">= " + self.write_ratio(self.goal)
        return [f"{self.work}, {self.unit}", median_and_spread([self.shown(rate) for rate in self.ours]), self.peer_name,
                median_and_spread([self.shown(rate) for rate in self.peer]),
                median_and_range(self.ratio, self.write_ratio), goal]

    def json(self):
        def summary(values):
            return {"median": statistics.median(values), "rounds": values} if values else None
        return {"work": self.work.strip(), "unit": self.unit, "peer name": self.peer_name,
                "ours": summary([self.shown(rate) for rate in self.ours]),
                "peer": summary([self.shown(rate) for rate in self.peer]),
                "ratio": summary(self.ratio), "goal": self.goal}


HEAD = ["work", "ours", "peer", "its", "ratio", "goal"]


def lines(rows, head=HEAD):
    """The rows in columns."""
    cells = [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in [head] + cells) for i in range(len(head))]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))

    def line(texts):
        return "  ".join(text.ljust(width) for text, width in zip(texts, widths)).rstrip()
    return [line(head), rule] + [line(row) for row in cells]
