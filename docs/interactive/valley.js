"use strict";
// The end of chapter 4: gradient descent, SGD and Adam in the valley of one line fit, from a start that one can move.

Plaingrad.figure("valley", async (place) => {
  await Plaingrad.script("plot.js");
  const module = await Plaingrad.load("descent");
  const { element, number, slider, choice, plot, snippets } = Plaingrad;
  const rates = [0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1];
  const levels = [300, 100, 30, 10, 4, 1, 0.1];
  const program_start = [-1, 3];
  let number_of_valley = 1, start = [...program_start], m = 8, as_printed = false, k = module.steps;

  const contenders = [
    { key: "gradient-descent", name: "Gradient descent", colour: "blue", rate: 0.03 },
    { key: "sgd", name: "SGD, decaying rate", colour: "orange", rate: 0.03 },
    { key: "adam", name: "Adam", colour: "green", rate: 0.3 },
  ];

  // ---- what is there -----------------------------------------------------------------------------------------------
  const value = (name, text) => element("span", { "data-value": name }, text);
  const excess_text = (excess) => (!Number.isFinite(excess) ? "away" : excess < 1e-5 ? "< 0.00001" : excess >= 1e5 ? excess.toExponential(1) : number(excess, 5));

  const code = element("a", { class: "code", href: snippets.adam_2_5.page });
  for (const c of contenders) {
    c.slider = slider({ label: "rate", name: `learning rate of ${c.name}`, min: 0, max: rates.length - 1, step: 1, value: rates.indexOf(c.rate),
      show: (at) => String(rates[at]) }, (at) => {
      c.rate = rates[at];
      compute();
    });
    c.facts = element("div", { class: "values" });
    c.card = element("div", { class: "card" }, element("p", { class: "heading" }, element("span", { class: `swatch ${c.colour}`, "aria-hidden": "true" }), c.name), c.slider, c.facts);
  }
  contenders[2].card.append(choice("Steps 4 and 5 of Adam", [[false, "corrected"], [true, "as printed"]], as_printed, (printed) => {
    as_printed = printed;
    compute();
  }));
  const batch_slider = slider({ label: "m", name: "size of the mini-batches of SGD and Adam", min: 1, max: 64, step: 1, value: m, decimals: 0 }, (size) => {
    m = size;
    compute();
  });

  const which = choice("Which valley", [[0, "short valley"], [1, "long valley"]], number_of_valley, (chosen) => {
    number_of_valley = chosen;
    compute();
  });
  const run_button = element("button", { type: "button" });
  const runner = plot.runner(run_button, 30, () => {
    k = k >= module.steps ? 0 : k + 1;
    step_slider.set(k);
    show();
    return k < module.steps;
  });
  const step_slider = slider({ label: "step", name: "steps shown", min: 0, max: module.steps, step: 1, value: k, decimals: 0 }, (chosen) => {
    runner.stop();
    k = chosen;
    show();
  });
  const start_button = element("button", { type: "button", onclick: () => move(...program_start) }, "Start at (\u22121, 3)");

  const valleys = [0, 1].map((which_one) => ({ best: module.best(which_one), lines: levels.map((level) => module.level_line(which_one, level)) }));

  // ---- both plots --------------------------------------------------------------------------------------------------
  const upto = (values) => values.slice(0, k + 1);
  const handle = element("circle", { class: "handle", r: 20, fill: "transparent", tabindex: 0, role: "slider", "aria-label": "Start: arrow keys move it" });
  const map = plot({
    name: "The valley of the loss over slope and intercept, with three paths. Touch it to choose the start.", x: [-1.4, 3.4], y: [-8, 8],
    x_label: "slope", y_label: "intercept", height: (width) => Math.min(400, Math.max(300, 0.75 * width)),
    draw: (self) => {
      valleys[number_of_valley].lines.forEach(({ slope, intercept }, at) => {
        self.line(slope, intercept, { class: "level" });
        // Its number where it is lowest inside the plot.
        const inside = slope.map((_, i) => i).filter((i) => slope[i] > self.x[0] + 0.2 && slope[i] < self.x[1] - 0.3 && intercept[i] > self.y[0] + 0.4);
        const low = inside.reduce((a, b) => (a === undefined || intercept[b] < intercept[a] ? b : a), undefined);
        if (low !== undefined && levels[at] >= 1) self.mark("text", { x: self.X(slope[low]), y: self.Y(intercept[low]) - 3, "text-anchor": "middle" }, String(levels[at]));
      });
      const [slope, intercept] = valleys[number_of_valley].best;
      self.mark("path", { d: `M${self.X(slope) - 6} ${self.Y(intercept)}h12m-6-6v12`, stroke: "var(--page-foreground-color)", "stroke-width": 2 });
      for (const c of contenders) {
        self.line(upto(c.run.slope), upto(c.run.intercept), { stroke: `var(--figure-${c.colour})`, "stroke-width": 1.8 });
        self.dot(upto(c.run.slope).at(-1), upto(c.run.intercept).at(-1), { r: 5, fill: `var(--figure-${c.colour})` });
      }
      self.dot(...start, { r: 8, fill: "none", stroke: "var(--page-foreground-color)", "stroke-width": 2 });
      handle.setAttribute("cx", self.X(start[0]));
      handle.setAttribute("cy", self.Y(start[1]));
      self.area.append(handle);
    },
  });
  const losses = plot({
    name: "The loss above the least over the steps", x: [0, module.steps], y: [1e-5, 1e3], logarithmic: true, x_label: "step", y_label: "loss \u2212 least loss",
    height: (width) => Math.min(400, Math.max(240, 0.75 * width)),
    draw: (self) => {
      for (const c of contenders) {
        const shown = upto(c.run.excess);
        self.line(shown.map((_, i) => i), shown, { stroke: `var(--figure-${c.colour})`, "stroke-width": 1.8 });
      }
    },
  });

  function move(slope, intercept) {
    const within = (at, [low, high]) => Math.min(high, Math.max(low, at));
    start = [Math.round(20 * within(slope, [-1.3, 3.3])) / 20, Math.round(10 * within(intercept, [-7.8, 7.8])) / 10];
    compute();
  }
  map.touched(move);
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.5], ArrowDown: [0, -0.5] }[event.key];
    if (!by) return;
    event.preventDefault();
    move(start[0] + by[0], start[1] + by[1]);
    handle.focus();
  });

  // ---- what happens ------------------------------------------------------------------------------------------------
  function compute() {
    contenders.forEach((c, i) => {
      c.run = module.run(number_of_valley, i === 2 && as_printed ? 3 : i, c.rate, m, ...start);
    });
    const snippet = snippets[as_printed ? "adam_as_printed" : "adam_2_5"];
    code.href = snippet.page;
    code.textContent = snippet.text.split("\n").filter((line) => /step [45]/.test(line)).map((line) => line.replace(/ +\/\//, "  //")).join("\n");
    handle.setAttribute("aria-valuetext", `slope ${number(start[0], 2)}, intercept ${number(start[1], 1)}`);
    show();
  }

  function show() {
    map.redraw();
    losses.redraw();
    for (const c of contenders) {
      const at = Math.min(k, c.run.excess.length - 1);
      const theta = `(${number(c.run.slope[at], 3)}, ${number(c.run.intercept[at], 3)})`;
      const work = number(at * c.run.m, 0).replace(/\B(?=(\d{3})+$)/, ",");
      c.facts.replaceChildren(
        element("div", {}, "\u03b8 = ", value(`${c.key}-theta`, Math.abs(c.run.slope[at]) < 1e4 ? theta : "far away")),
        element("div", {}, "loss \u2212 least: ", value(`${c.key}-excess`, excess_text(c.run.excess[at]))),
        element("div", {}, `mean of the last ${module.steps / 10} steps: `, element("strong", { "data-value": `${c.key}-final` }, excess_text(c.run.final_excess))),
        element("div", {}, `gradients computed: ${work}`));
    }
  }

  place.append(
    element("div", { class: "bar" }, which, start_button, run_button),
    element("div", { class: "columns" }, step_slider, batch_slider),
    element("p", { class: "hint" }, "Touch the valley to choose the start. m is the mini-batch of SGD and Adam."),
    element("div", { class: "columns" }, map.place, losses.place),
    element("div", { class: "cards" }, ...contenders.map((c) => c.card)), code);
  compute();
});
