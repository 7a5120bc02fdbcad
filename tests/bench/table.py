"""The benchmark's table as text."""
import statistics


def number(value):
    """Three digits or more."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def spread(values, write=number):
    """Median, least and greatest."""
    if not values:
        return ""
    median, least, greatest = write(statistics.median(values)), write(min(values)), write(max(values))
    return median if len(values) == 1 else f"{median} ({least} - {greatest})"


def percent(value):
    return f"{100 * value:.0f} %"


class Row:
    """One line: ours against a peer, all measurements of both, the ratio of each round.

    unit says what is shown; shown(rate) makes it of a rate (a time, for example). The ratio is always how many times as
    fast we are, unless ratio_of says otherwise."""

    def __init__(self, work, unit, ours, peer_name="", peer=(), goal=None, shown=lambda rate: rate, write_ratio=number,
                 setting="", ratio=None, at_most=False):
        self.work, self.unit, self.ours, self.peer_name, self.peer = work, unit, list(ours), peer_name, list(peer)
        self.goal, self.shown, self.write_ratio, self.setting, self.at_most = goal, shown, write_ratio, setting, at_most
        self.ratio = list(ratio) if ratio is not None else [a / b for a, b in zip(self.ours, self.peer)]

    def cells(self):
        goal = "" if self.goal is None else ("<= " if self.at_most else ">= ") + self.write_ratio(self.goal)
        return [self.work + (f" ({self.setting})" if self.setting else ""), self.unit,
                spread([self.shown(rate) for rate in self.ours]), self.peer_name,
                spread([self.shown(rate) for rate in self.peer]), spread(self.ratio, self.write_ratio), goal]

    def json(self):
        def summary(values):
            return {"median": statistics.median(values), "rounds": values} if values else None
        return {"work": self.work, "setting": self.setting, "unit": self.unit, "peer name": self.peer_name,
                "ours": summary([self.shown(rate) for rate in self.ours]),
                "peer": summary([self.shown(rate) for rate in self.peer]),
                "ratio": summary(self.ratio), "goal": self.goal}


HEAD = ["work", "unit", "ours", "peer", "peer's", "ratio", "goal"]


def lines(rows, head=HEAD):
    """The rows in columns; None draws a line."""
    cells = [row.cells() for row in rows if row]
    widths = [max(len(line[i]) for line in [head] + cells) for i in range(len(head))]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))

    def line(texts):
        return "  ".join(text.ljust(width) for text, width in zip(texts, widths)).rstrip()
    return [line(head), rule] + [line(row.cells()) if row else rule for row in rows]
