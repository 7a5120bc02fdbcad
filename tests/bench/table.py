"""The benchmark's table as text."""
import statistics


def number(value):
    """Three digits or more."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def percent(value):
    return f"{100 * value:.0f} %"


def median_and_spread(values):
    """The median, and half the range between the least and the greatest, in percent of it."""
    if not values:
        return ""
    median = statistics.median(values)
    return number(median) + (f" ± {50 * (max(values) - min(values)) / median:.0f} %" if len(values) > 1 else "")


def median_and_range(values, write):
    """The median, the least and the greatest."""
    if not values:
        return ""
    return f"{write(statistics.median(values))} ({write(min(values))} - {write(max(values))})"


def same(value):
    return value


class Row:
    """One line: all measurements of ours and of a peer, and the ratio of each round.

    unit      what is shown, and shown() makes it of a rate (a time, for example)
    ratio     how many times as fast we are, if it is not given; [] leaves it out
    goal      the least that the ratio shall be
    at_most   the most that our value shall be"""

    def __init__(self, work, unit, ours, peer_name="", peer=(), goal=None, shown=same, write_ratio=number, ratio=None,
                 at_most=None):
        self.work, self.unit, self.peer_name = work, unit, peer_name
        self.ours, self.peer = [shown(rate) for rate in ours], [shown(rate) for rate in peer]
        self.ratio = [a / b for a, b in zip(ours, peer)] if ratio is None else ratio
        self.goal, self.write_ratio, self.at_most = goal, write_ratio, at_most

    def goal_text(self):
        if self.goal is not None:
            return ">= " + self.write_ratio(self.goal)
        return "" if self.at_most is None else "<= " + number(self.at_most)

    def cells(self):
        return [f"{self.work}, {self.unit}", median_and_spread(self.ours), self.peer_name, median_and_spread(self.peer),
                median_and_range(self.ratio, self.write_ratio), self.goal_text()]

    def json(self):
        def summary(values):
            return {"median": statistics.median(values), "rounds": list(values)} if values else None
        return {"work": self.work.strip(), "unit": self.unit, "ours": summary(self.ours), "peer name": self.peer_name,
                "peer": summary(self.peer), "ratio": summary(self.ratio), "goal": self.goal, "at most": self.at_most}


def in_columns(cells, right=()):
    """Lists of texts, the first of them the head, in columns; those whose numbers are in `right` are right-aligned."""
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]

    def line(texts):
        return "  ".join(text.rjust(widths[i]) if i in right else text.ljust(widths[i])
                         for i, text in enumerate(texts)).rstrip()
    return [line(cells[0]), "-" * (sum(widths) + 2 * (len(widths) - 1))] + [line(texts) for texts in cells[1:]]


def rows_text(rows):
    return in_columns([["work", "ours", "peer", "its", "ratio", "goal"]] + [row.cells() for row in rows])


def products_text(products):
    """The matrix products one by one: GFLOP/s of ours and OpenBLAS, and the ratio, for each number of threads."""
    def cells(product):
        ratio = statistics.median([a / b for a, b in zip(product["ours"], product["OpenBLAS"])])
        return [f"{statistics.median(product['ours']):.1f}", f"{statistics.median(product['OpenBLAS']):.1f}", f"{ratio:.2f}"]
    threads = sorted({product["threads"] for product in products})
    table = [["matrix products, GFLOP/s"] + [text for t in threads for text in (f"ours, {t} thr.", "OpenBLAS", "ratio")]]
    for name in dict.fromkeys(product["name"] for product in products):
        table.append([name] + [text for p in products if p["name"] == name for text in cells(p)])
    return in_columns(table, right=range(1, len(table[0])))


def onednn_text(layers):
    """The layers beside oneDNN's: milliseconds and how many times as fast we are, for each number of threads."""
    threads = sorted({entry["threads"] for entry in layers})
    table = [["layers, least times in ms"] + [text for t in threads for text in (f"ours, {t} thr.", "oneDNN", "ratio")]]
    for name in dict.fromkeys(entry["layer"] for entry in layers):
        table.append([name])
        for entry in (entry for entry in layers if entry["layer"] == name):
            table[-1] += [f"{1000 * entry['ours']:.3f}", f"{1000 * entry['oneDNN']:.3f}", f"{entry['oneDNN'] / entry['ours']:.2f}"]
    return in_columns(table, right=range(1, len(table[0])))


def layers_text(network, by_threads):
    """A training step layer by layer: milliseconds forward and backward, for each number of threads, and the share of
    the whole step."""
    head = [f"{network}: least times in a step, ms"]
    lines = [[name] for name in next(iter(by_threads.values()))["layers"]] + [["optimizer"], ["together"]]
    for threads, times in by_threads.items():
        forward, backward, optimizer = (times[part] for part in ("forward", "backward", "optimizer"))
        whole = sum(forward) + sum(backward) + optimizer
        head += [f"forward, {threads} thr.", "backward", "share"]
        parts = [*zip(forward, backward), (None, optimizer), (sum(forward), whole - sum(forward))]
        for line, (ahead, back) in zip(lines, parts):
            line += ["" if ahead is None else f"{1000 * ahead:.2f}", f"{1000 * back:.2f}", f"{100 * ((ahead or 0) + back) / whole:.0f} %"]
    return in_columns([head, *lines], right=range(1, len(head)))
