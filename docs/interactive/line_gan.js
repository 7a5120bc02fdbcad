"use strict";
// Section 6.2: the GAN on the real line, trained in the page step by step as the chapter's program trains it.

Plaingrad.figure("line_gan", async (place) => {
  await Plaingrad.script("plot.js");
  const module = await Plaingrad.load("line_gan");
  const { element, number, slider, choice, plot } = Plaingrad;
  const speeds = [1, 2, 5, 10, 20];
  const settings = { k: 2, saturating: false, plain_descent: false, start: -1, seed: 1 };
  const p = (index) => ["p", element("sub", {}, index)];
  let gan = null, step = 0, alone = 0, now = null, history = [], speed = 5;

  // ---- both plots --------------------------------------------------------------------------------------------------
  const picture = plot({
    name: "Densities of real and generated samples, and the discriminator, over x", x: [-3, 3.5], y: [0, 1.6], x_label: "x", y_label: "density; D(x)",
    height: (width) => Math.min(340, Math.max(260, 0.62 * width)),
    draw: (self) => {
      self.line(now.x, now.p_data, { stroke: "var(--page-foreground-color)", "stroke-dasharray": "6 4" });
      self.line(now.x, now.p_g, { stroke: "var(--figure-orange)", "stroke-width": 2.5 });
      self.line(now.x, now.best_D, { stroke: "var(--figure-green)", "stroke-dasharray": "6 4" });
      self.line(now.x, now.D, { stroke: "var(--figure-blue)" });
    },
  });
  const values = plot({
    name: "Value of the game over the steps", x: [0, 200], y: [-2, 0], x_label: "step of the generator", y_label: "value of the game, (6.1)",
    height: (width) => Math.min(340, Math.max(220, 0.62 * width)),
    draw: (self) => {
      self.line(self.x, [module.minus_log_4, module.minus_log_4], { stroke: "var(--page-foreground-color)", "stroke-dasharray": "6 4", "stroke-width": 1.5 });
      const steps = history.map((each) => each.step);
      self.line(steps, history.map((each) => each.best_V), { stroke: "var(--figure-green)", "stroke-dasharray": "6 4" });
      self.line(steps, history.map((each) => each.V), { stroke: "var(--figure-blue)" });
      self.dot(step, now.best_V, { fill: "var(--figure-green)" });
      self.dot(step, now.V, { fill: "var(--figure-blue)" });
    },
  });

  // ---- what is there -----------------------------------------------------------------------------------------------
  const button = (text, onclick) => element("button", { type: "button", onclick }, text);
  const run_button = element("button", { type: "button" });
  const runner = plot.runner(run_button, 20, () => train(speed));
  const by_hand = (action) => () => {
    runner.stop();
    action();
  };
  const set = (key) => (value) => {
    settings[key] = value;
    restart();
  };
  const facts = element("div", { class: "facts values" });
  const seed = element("input", { type: "number", min: 1, max: 999, step: 1, value: settings.seed, "aria-label": "seed", class: "seed" });
  seed.addEventListener("change", () => {
    seed.value = Math.min(999, Math.max(1, Math.round(seed.valueAsNumber) || 1));
    set("seed")(seed.valueAsNumber);
  });
  const labelled = (text, control) => element("div", { class: "bar" }, element("span", { class: "label" }, ...[text].flat()), control);

  // ---- what happens ------------------------------------------------------------------------------------------------
  function restart() {
    gan?.delete();
    gan = new module.Training(settings.k, settings.saturating, settings.plain_descent, settings.start, settings.seed);
    step = alone = 0;
    history = [];
    look();
  }

  function train(count) {
    gan.step(count);
    step += count;
    look();
  }

  function train_alone(count) {
    gan.discriminator_step(count);
    alone += count;
    history = [];
    look();
  }

  function look() {
    now = gan.snapshot();
    history.push({ step, V: now.V, best_V: now.best_V });
    const last = Math.max(200, step);
    values.x = [0, last];
    values.y = [Math.min(-2, ...history.map((each) => each.V)), 0];
    picture.redraw();
    values.redraw();
    const fact = (name, key, text) => element("span", {}, element("span", {}, ...[name].flat()), element("strong", { "data-value": key }, text));
    facts.replaceChildren(
      fact("step", "step", String(step)), ...(alone ? [fact("D alone", "alone", String(alone))] : []),
      fact("V(D, G)", "V", number(now.V, 4)), fact("V(D*, G)", "best_V", number(now.best_V, 4)), fact("\u2212log 4", "least", number(module.minus_log_4, 4)),
      fact(["mean of ", ...p("g")], "mean", number(now.mean, 3)), fact("deviation", "deviation", number(now.deviation, 3)), fact("distance", "distance", number(now.distance, 3)),
      fact("D(x), mean", "D_real", number(now.D_real, 3)), fact("D(G(z)), mean", "D_generated", number(now.D_generated, 3)));
  }

  place.append(
    element("div", { class: "bar" }, run_button, button("Step", by_hand(() => train(1))), button("100 steps", by_hand(() => train(100))),
      button("500 steps of D alone", by_hand(() => train_alone(500))), button("Restart", by_hand(restart))),
    element("div", { class: "columns" },
      element("div", {}, picture.place,
        plot.legend([["grey dashed", ...p("data"), ", real"], ["orange", ...p("g"), ", generated"], ["blue", "D"], ["green dashed", "D*, the best"]])),
      element("div", {}, values.place, plot.legend([["blue", "V(D, G)"], ["green dashed", "V(D*, G)"], ["grey dashed", "\u2212log 4"]]))),
    facts,
    element("div", { class: "columns controls" },
      element("div", {},
        slider({ label: "speed", name: "steps between two pictures", min: 0, max: speeds.length - 1, step: 1, value: speeds.indexOf(speed), show: (at) => String(speeds[at]) },
          (at) => { speed = speeds[at]; }),
        slider({ label: "k", name: "k, steps of D for one of G", min: 1, max: 5, step: 1, value: settings.k, decimals: 0 }, set("k")),
        labelled("seed", seed)),
      element("div", {},
        labelled("G descends", choice("Loss of the generator", [[false, "\u2212log D"], [true, "log(1 \u2212 D)"]], settings.saturating, set("saturating"))),
        labelled("by", choice("Optimizer of the generator", [[false, "Adam"], [true, "plain descent"]], settings.plain_descent, set("plain_descent"))),
        labelled([...p("g"), " begins"], choice("Where the generated samples begin", [[-1, "near, \u22121"], [-3, "far, \u22123"]], settings.start, set("start"))))));
  restart();
});
