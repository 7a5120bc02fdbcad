"use strict";
// Plots for the interactive figures: axes, lines and dots in SVG, as wide as the page leaves room for. What is drawn comes
// from the modules; here values only become pixels.

Plaingrad.plot ??= (() => {
  const { element, number } = Plaingrad;
  Plaingrad.style("plot.css");
  const margin = { left: 50, right: 12, top: 22, bottom: 38 };

  // Round numbers, about `count` of them, in [low, high].
  function ticks([low, high], count) {
    const raw = (high - low) / count, unit = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((factor) => factor * unit).find((each) => each >= raw * 0.999);
    const found = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(i * step);
    return found;
  }

  function powers([low, high]) {
    const found = [];
    for (let e = Math.ceil(Math.log10(low) - 1e-9); 10 ** e <= high * 1.0001; e++) found.push(10 ** e);
    return found.length > 6 ? found.filter((_, i) => i % 2 === (found.length - 1) % 2) : found;
  }

  const short = (value) => {
    if (value === 0) return "0";
    const size = Math.abs(value);
    if (size >= 1e5 || size < 1e-3) return `10${String(Math.round(Math.log10(size))).replace("-", "⁻").replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d])}`;
    return number(value, size >= 10 ? 0 : 6).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  };

  // plot({name, height, x: [low, high], y: [low, high], x_label, y_label, logarithmic, draw}): a div with the plot in it.
  // draw(plot) is called whenever it must be redrawn; plot.redraw() asks for that, after a change of plot.x or plot.y too.
  function plot(options) {
    const svg = element("svg", { role: "img", "aria-label": options.name });
    const place = element("div", { class: "plot" }, svg);
    const self = { place, svg, x: options.x, y: options.y };
    let width = 0, height = 0;
    const scale = (value) => (options.logarithmic ? Math.log10(value) : value);

    self.X = (x) => ((x - self.x[0]) / (self.x[1] - self.x[0])) * (width - margin.left - margin.right);
    self.Y = (y) => {
      const [low, high] = self.y.map(scale), at = scale(Math.max(y, options.logarithmic ? 1e-30 : -1e30));
      // A renderer may not cope with coordinates far outside any screen.
      return Math.min(1e5, Math.max(-1e5, (1 - (at - low) / (high - low)) * (height - margin.top - margin.bottom)));
    };

    // Marks inside the axes; what lies outside is cut off.
    self.mark = (tag, properties, ...children) => {
      const made = element(tag, properties, ...children);
      self.area.append(made);
      return made;
    };
    // A line through the points; a value that is not a number leaves a gap.
    self.line = (xs, ys, properties) => {
      let d = "", pen = "M";
      xs.forEach((x, i) => {
        if (!Number.isFinite(ys[i])) pen = "M";
        else {
          d += `${pen}${self.X(x).toFixed(1)} ${self.Y(ys[i]).toFixed(1)}`;
          pen = "L";
        }
      });
      return self.mark("path", { d, fill: "none", "stroke-width": 2, "stroke-linejoin": "round", ...properties });
    };
    self.dot = (x, y, properties) => self.mark("circle", { cx: self.X(x), cy: self.Y(y), r: 4, ...properties });

    self.redraw = () => {
      width = place.clientWidth;
      height = typeof options.height === "function" ? options.height(width) : options.height;
      if (width < 100) return;
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
      const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
      self.area = element("svg", { x: margin.left, y: margin.top, width: inner.width, height: inner.height, class: "area" });
      // The box of this rectangle; that of the area would grow with what is cut off from it.
      self.inside = element("rect", { class: "inside", width: inner.width, height: inner.height, fill: "none" });
      const frame = element("g", { transform: `translate(${margin.left} ${margin.top})`, class: "axes" }, self.inside);
      for (const x of ticks(self.x, inner.width / 60)) {
        frame.append(element("line", { x1: self.X(x), x2: self.X(x), y1: 0, y2: inner.height }),
          element("text", { x: self.X(x), y: inner.height + 16, "text-anchor": "middle" }, short(x)));
      }
      for (const y of options.logarithmic ? powers(self.y) : ticks(self.y, inner.height / 45)) {
        frame.append(element("line", { x1: 0, x2: inner.width, y1: self.Y(y), y2: self.Y(y) }),
          element("text", { x: -6, y: self.Y(y) + 4, "text-anchor": "end" }, short(y)));
      }
      frame.append(element("text", { x: inner.width, y: inner.height + 33, "text-anchor": "end", class: "axis-label" }, options.x_label),
        element("text", { x: 4 - margin.left, y: -8, class: "axis-label" }, options.y_label));
      svg.replaceChildren(frame, self.area);
      options.draw(self);
    };

    // touch(x, y) while a mouse button or a finger is down. A finger that moves up or down scrolls the page, unless it began
    // on what has the class "handle".
    self.touched = (touch) => {
      let down = false;
      const tell = (event) => {
        const box = self.inside.getBoundingClientRect();
        const [low, high] = self.y;
        touch(self.x[0] + ((event.clientX - box.left) / box.width) * (self.x[1] - self.x[0]),
          high - ((event.clientY - box.top) / box.height) * (high - low));
      };
      svg.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        down = true;
        svg.setPointerCapture(event.pointerId);
        tell(event);
      });
      svg.addEventListener("pointermove", (event) => down && tell(event));
      for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { down = false; });
    };

    new ResizeObserver(() => place.clientWidth !== width && self.redraw()).observe(place);
    return self;
  }

  // A line that explains colours: legend([["blue", "D"], ["dashed orange", "p", element("sub", {}, "g")]])
  plot.legend = (entries) => element("div", { class: "legend" },
    ...entries.map(([style, ...text]) => element("span", {}, element("span", { class: `swatch ${style}`, "aria-hidden": "true" }), ...text)));

  // Calls step() repeatedly, with a pause of that many milliseconds, until it returns false or the button is pressed again.
  plot.runner = (button, pause, step) => {
    let timer = null;
    const self = {
      get running() { return timer !== null; },
      start() {
        if (timer === null) tick();
        show();
      },
      stop() {
        clearTimeout(timer);
        timer = null;
        show();
      },
    };
    function show() {
      button.textContent = timer === null ? "Run" : "Pause";
      button.setAttribute("aria-pressed", String(timer !== null));
    }
    function tick() {
      timer = setTimeout(tick, pause);
      if (step() === false) self.stop();
    }
    button.addEventListener("click", () => (timer === null ? self.start() : self.stop()));
    show();
    return self;
  };

  return plot;
})();
