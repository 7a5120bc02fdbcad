"use strict";
// Section 4.2: descent on (x - 3)^2. Choose the start and the rate, take steps, and see (4.4) and (4.5) for each step.

Plaingrad.figure("descent", async (place) => {
  await Plaingrad.script("plot.js");
  const module = await Plaingrad.load("descent");
  const { element, number, slider, choice, formula, plot, equations, snippets } = Plaingrad;
  const most_steps = 100, far = 100;
  let start = 0, epsilon = 0.3, by_sign = false, k = 0;

  // ---- what is there -----------------------------------------------------------------------------------------------
  const start_slider = slider({ label: "start", name: "x at the start", min: -1, max: 7, step: 0.1, value: start, decimals: 1 }, (value) => {
    start = value;
    show();
  });
  const rate_slider = slider({ label: "rate \u03b5", name: "learning rate", min: 0.01, max: 1.2, step: 0.01, value: epsilon }, (value) => {
    epsilon = value;
    show();
  });
  const step_button = element("button", { type: "button", onclick: () => {
    runner.stop();
    step();
  } }, "Step");
  const run_button = element("button", { type: "button" });
  const back_button = element("button", { type: "button", onclick: () => {
    runner.stop();
    k = 0;
    show();
  } }, "Back to the start");
  const kind = choice("Which step", [[false, "\u03b5 f\u2032(x)"], [true, "\u03b5 sign(f\u2032(x))"]], by_sign, (value) => {
    by_sign = value;
    show_code();
    show();
  });
  const verdict = element("p", { class: "verdict", "aria-live": "polite" });
  const trail = element("p", { class: "values" });

  // One equation: in letters, with numbers, as a line of C++.
  const equation = (tex, line) => {
    const letters = element("div"), numbers = element("div", { class: "values" }), code = element("a", { class: "code" });
    const row = element("div", { class: "equation" }, letters, numbers, code);
    row.numbers = numbers;
    row.set = (new_tex, { page, text }) => {
      formula(letters, new_tex);
      code.href = page;
      code.textContent = text.trim();
    };
    if (tex) row.set(tex, line);
    return row;
  };
  const line_of = (tag, part) => ({ page: snippets[tag].page, text: snippets[tag].text.split("\n").find((line) => line.includes(part)) });
  const numbered = (name) => equation(`${equations[name].tex} \\quad (${name})`, equations[name].lines[0]);
  const step_title = element("p", { class: "heading" });
  const step_row = equation();
  const rows = { slope: numbered("4.3"), step: step_row, tangent: numbered("4.4"), improves: numbered("4.5") };
  function show_code() {
    step_row.set(by_sign ? "x \\leftarrow x - \\epsilon \\, \\mathrm{sign}(f'(x))" : "x \\leftarrow x - \\epsilon f'(x)",
      by_sign ? line_of("eq_4_5", "sign(f_prime") : line_of("descend", "epsilon * f_prime"));
    rows.improves.hidden = !by_sign;
  }

  // ---- the curve ---------------------------------------------------------------------------------------------------
  let path = [start], now = null;
  const curve = plot({
    name: "The parabola (4.2) and the points of the descent. Touch it to choose the start.", x: [-1, 7], y: [-4, 16], x_label: "x", y_label: "f(x)",
    height: (width) => Math.min(360, Math.max(260, 0.62 * width)),
    draw: (self) => {
      const xs = Array.from({ length: 161 }, (_, i) => self.x[0] + (i / 160) * (self.x[1] - self.x[0]));
      self.line(xs, xs.map((x) => module.parabola(x)), { stroke: "var(--figure-blue)" });
      self.line(path, path.map((x) => module.parabola(x)), { stroke: "var(--figure-orange)", "stroke-width": 1.2 });
      path.forEach((x, i) => self.dot(x, module.parabola(x), { fill: "var(--figure-orange)", r: i === path.length - 1 ? 6 : 3.5 }));
      self.line([now.x, now.next], [now.f, now.approximation], { stroke: "var(--figure-green)", "stroke-dasharray": "6 4" });
      self.line([now.next, now.next], [now.approximation, now.f_next], { stroke: "var(--figure-green)", "stroke-dasharray": "2 3" });
      self.dot(start, module.parabola(start), { r: 8, fill: "none", stroke: "var(--figure-orange)", "stroke-width": 2 });
    },
  });
  curve.touched((x) => {
    runner.stop();
    k = 0;
    start = Math.round(10 * Math.min(7, Math.max(-1, x))) / 10;
    start_slider.set(start);
    show();
  });

  // ---- what happens ------------------------------------------------------------------------------------------------
  const rests = () => path.length - 1 < k;
  const away = () => path.some((x) => Math.abs(x) > far);

  function step() {
    if (k >= most_steps || rests() || away()) return false;
    k++;
    show();
    return k < most_steps && !rests() && !away();
  }
  const runner = plot.runner(run_button, 300, step);

  function show() {
    path = module.path(start, epsilon, by_sign, k);
    const last = path.length - 1, from = Math.max(0, last - 1);
    now = module.look_at_step(path[from], epsilon, by_sign);

    // As far out as the descent has gone.
    let half = 4;
    while (path.some((x) => Math.abs(x - 3) > 1.02 * half) && half < 1e4) half *= 2;
    curve.x = [3 - half, 3 + half];
    curve.y = [-0.25 * half * half, half * half];
    curve.redraw();

    const value = (name, text) => element("span", { "data-value": name }, text);
    const n = (x) => number(x, 4), signed = (x) => (x < 0 ? `(${n(x)})` : n(x)), rate = number(epsilon, 2);
    step_title.replaceChildren(k === 0 ? "The first step, still to come" : rests() ? `The last step, ${last}` : `Step ${last}`, ", from x = ", value("x", n(now.x)));
    rows.slope.numbers.replaceChildren(`2 (${n(now.x)} \u2212 3) = `, value("slope", n(now.slope)));
    rows.step.numbers.replaceChildren(`${n(now.x)} \u2212 ${rate} \u00b7 ${by_sign ? signed(now.sign) : signed(now.slope)} = `, value("next", n(now.next)));
    rows.tangent.numbers.replaceChildren(value("f_next", n(now.f_next)), ` \u2248 ${n(now.f)} + ${signed(now.change)} \u00b7 ${signed(now.slope)} = `,
      element("span", { class: "green", "data-value": "approximation" }, n(now.approximation)));
    rows.improves.numbers.replaceChildren(`${n(now.f_next)} < ${n(now.f)} `, value("improves", now.improves ? "holds" : "does not hold"));
    const shown = path.slice(-6).map((x) => number(x, 3));
    trail.replaceChildren(value("k", String(last)), last === 1 ? " step: x = " : " steps: x = ", path.length > 6 ? "\u2026 " : "", shown.slice(0, -1).map((x) => `${x}, `).join(""),
      element("strong", { "data-value": "last" }, shown.at(-1)));
    verdict.textContent = rests() ? "The slope is 0: x stays where it is." : away() ? "Away: this rate is too large, every step is longer than the last." :
      k === 0 ? "Touch the curve to choose the start." : k >= most_steps ? "A hundred steps." : "";
    step_button.disabled = run_button.disabled = rests() || away() || k >= most_steps;
  }

  place.append(
    element("div", { class: "columns" },
      element("div", {}, curve.place,
        plot.legend([["blue", "f(x), (4.2)"], ["orange", "the descent"], ["green dashed", "what the slope promises, (4.4)"]])),
      element("div", {}, element("div", { class: "bar" }, kind), start_slider, rate_slider,
        element("div", { class: "bar" }, step_button, run_button, back_button), trail, verdict)),
    step_title, element("div", { class: "columns" }, ...Object.values(rows)));
  show_code();
  show();
});
