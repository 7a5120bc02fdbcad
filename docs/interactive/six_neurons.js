"use strict";
// The network of Fig. 2.3 to touch: sections 2.5 and 2.6 step by step, with any numbers.

Plaingrad.figure("six_neurons", async (place) => {
  const { element, number, slider, choice, formula, equations } = Plaingrad;
  const [module] = await Promise.all([Plaingrad.load("six_neurons"), Plaingrad.style("six_neurons.css")]);

  const xor = module.xor_training();
  const names = module.activation_names();
  const weightNames = Object.keys(module.example().weights);
  const order = [1, 2, 3, 4, 5, 6, 11, 10, 9, 8, 7, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25].map((i) => `2.${i}`);
  const phases = [["forward", 6], ["back", 11], ["update", 25]];
  const rules = ["as printed", "corrected"];

  let state = module.example();
  let rule = "corrected", step = 0, weight = "w14", neuron = "4";
  let problem = -1;     // of xor.problems; -1: the sample of the sliders
  let seed = 0;
  let run = null;       // a training: {epoch, epochs, networks: {rule: state}, losses: {rule: [...]}}
  let values, playing = 0, training = 0;

  const samples = () => (problem < 0 ? [{ x1: state.x1, x2: state.x2, z: state.z }] : xor.problems[problem].samples);
  const phase = () => phases.find(([, end]) => step < end)[0];
  // Given numbers as they were given; computed ones with four decimals, as the program prints them.
  const short = (value, decimals = 4) => number(value, decimals).replace(/\.?0+$/, "");
  const pretty = (name) => name.replace(/^w(\d\d)/, (_, digits) => `w${[...digits].map((d) => "₀₁₂₃₄₅₆"[d]).join("")}`);

  // ---- numbers on the page: what has changed is marked for a moment ------------------------------------------------------
  const shown = new Map();
  let marking = false;
  function show(target, text) {
    if (shown.get(target) === text) return;
    const before = shown.get(target);
    shown.set(target, text);
    target.textContent = text;
    if (!marking || before === undefined) return;
    target.classList.add("changed");
    clearTimeout(target.timer);
    target.timer = setTimeout(() => target.classList.remove("changed"), 1200);
  }

  // ---- the drawing -------------------------------------------------------------------------------------------------------
  // Columns and rows as in Fig. 2.3; where on its arrow a weight stands keeps the numbers of crossing arrows apart.
  const nodes = { x1: [0, 0.5], x2: [0, 1.5], 1: [1, 0], 2: [1, 1], 3: [1, 2], 4: [2, 0.5], 5: [2, 1.5], 6: [3, 1] };
  const along = { w11: 0.5, w12: 0.36, w13: 0.74, w21: 0.74, w22: 0.42, w23: 0.34, w14: 0.4, w15: 0.26, w24: 0.58, w25: 0.58, w34: 0.26, w35: 0.6, w46: 0.4, w56: 0.6 };
  const ends = (name) => {
    const to = name[2];
    return [to <= "3" ? `x${name[1]}` : name[1], to];
  };
  const arrows = {}, circles = {};
  const drawing = element("svg", { class: "network", role: "group", "aria-label": "The network. Touch a weight or a neuron." });
  for (const name of weightNames) {
    const label = element("text", { "text-anchor": "middle", "dominant-baseline": "central", "data-value": `arrow_${name}` });
    const line = element("line");
    const group = element("g", { class: "weight", role: "slider", "aria-label": `weight ${name}`, "aria-valuemin": -4, "aria-valuemax": 4, onkeydown: (event) => moveByKey(event, name), onfocus: () => selectWeight(name) }, line, label);
    arrows[name] = { group, line, label };
    drawing.append(group);
  }
  for (const [name, [column]] of Object.entries(nodes)) {
    const text = (kind, key) => element("text", { class: kind, "text-anchor": "middle", "dominant-baseline": "central", "data-value": key });
    const node = { circle: element("circle") };
    if (column === 0) Object.assign(node, { top: text("name"), middle: text("output", name) });
    else Object.assign(node, { top: text("name"), sum: text("sum", `e${name}`), output: text("output", `y${name}`), error: text("error") });
    if (node.error) {
      node.letter = element("tspan");
      node.delta = element("tspan", { "data-value": name === "6" ? "delta" : `delta${name}` });
      node.error.append(node.letter, node.delta);
    }
    node.group = element("g", { class: `node ${column === 0 ? "input" : "neuron"}` }, ...[node.circle, node.top, node.middle, node.sum, node.output, node.error].filter(Boolean));
    circles[name] = node;
    drawing.append(node.group);
  }

  let where = {}, radius = 30;
  const narrow = () => drawing.clientWidth < 440;
  function arrange() {
    const width = drawing.clientWidth || 340;
    radius = narrow() ? 27 : 31;
    const side = radius + (narrow() ? 2 : 14), row = 132, top = radius + 24;
    drawing.setAttribute("viewBox", `0 0 ${width} ${top + 2 * row + radius + 26}`);
    drawing.style.height = `${top + 2 * row + radius + 26}px`;
    where = Object.fromEntries(Object.entries(nodes).map(([name, [column, level]]) => [name, [side + column * (width - 2 * side) / 3, top + level * row]]));
    for (const name of weightNames) {
      const [[x1, y1], [x2, y2]] = ends(name).map((end) => where[end]);
      const length = Math.hypot(x2 - x1, y2 - y1), off = radius / length;
      const at = (t) => [x1 + (x2 - x1) * t, y1 + (y2 - y1) * t];
      const { line, label } = arrows[name];
      [[line, "x1", "y1", off], [line, "x2", "y2", 1 - off]].forEach(([target, x, y, t]) => {
        target.setAttribute(x, at(t)[0]);
        target.setAttribute(y, at(t)[1]);
      });
      const [x, y] = at(off + (1 - 2 * off) * along[name]);
      label.setAttribute("x", x);
      label.setAttribute("y", y);
    }
    for (const [name, node] of Object.entries(circles)) {
      const [x, y] = where[name];
      const put = (target, dx, dy) => {
        target?.setAttribute(target.tagName === "circle" ? "cx" : "x", x + dx);
        target?.setAttribute(target.tagName === "circle" ? "cy" : "y", y + dy);
      };
      node.circle.setAttribute("r", radius);
      put(node.circle, 0, 0);
      put(node.top, 0, -radius - 10);
      put(node.middle, 0, 0);
      put(node.sum, 0, -9);
      put(node.output, 0, node.middle ? 0 : 9);
      put(node.error, 0, radius + 12);
    }
  }

  drawing.addEventListener("pointerdown", (event) => {
    const box = drawing.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    for (const [name, [a, b]] of Object.entries(where)) {
      if (Math.hypot(x - a, y - b) > radius + 2) continue;
      if (name[0] === "x") inputs[name].querySelector("input").focus();
      else selectNeuron(name);
      return;
    }
    // The weight whose number is touched, or else the nearest arrow.
    const distances = weightNames.map((name) => {
      const { line, label } = arrows[name];
      const [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map((key) => Number(line.getAttribute(key)));
      const t = Math.max(0, Math.min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)));
      return Math.min(Math.hypot(x - x1 - t * (x2 - x1), y - y1 - t * (y2 - y1)), Math.hypot(x - label.getAttribute("x"), y - label.getAttribute("y")) - 14);
    });
    const nearest = Math.min(...distances);
    if (nearest > 20) return;
    event.preventDefault();
    selectWeight(weightNames[distances.indexOf(nearest)]);
    arrows[weight].group.focus({ preventScroll: true });
  });

  function moveByKey(event, name) {
    const move = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key], turn = { PageDown: 1, PageUp: -1 }[event.key];
    if (!move && !turn) return;
    event.preventDefault();
    if (move) edit(() => { state.weights[name] = Math.round((state.weights[name] + move * 0.05) * 1e6) / 1e6; });
    else {
      const count = weightNames.length;
      arrows[weightNames[(weightNames.indexOf(name) + turn + count) % count]].group.focus();
    }
  }

  // ---- the equation of a step ------------------------------------------------------------------------------------------
  const symbols = /w'_\{(?<next>\d\d)\}|w_\{(?<w>\d\d)\}|\\delta_(?<d>\d)|(?<delta>\\delta)|\\frac\{df_(?<df>\d)\(e\)\}\{de\}|f_(?<slope>\d)'\(e_\d\)|x_(?<x>\d)|y_(?<y>\d)|(?<![a-z\\])(?<n>n)(?![a-z])/g;
  function keyOf({ next, w, d, delta, df, slope, x, y }) {
    if (next) return `new_w${next}`;
    if (w) return `w${w}`;
    if (d) return `delta${d}`;
    if (delta) return "delta";
    if (df ?? slope) return `df${df ?? slope}`;
    if (x) return `x${x}`;
    return y ? `y${y}` : "n";
  }
  const keysIn = (tex) => [...tex.matchAll(symbols)].map((match) => keyOf(match.groups));
  const texNumber = (key) => (/^[wxn]\d*$/.test(key) ? short(values[key]) : number(values[key])).replace("\u2212", "-");

  // The same formula with numbers in place of its letters; what stands side by side is multiplied.
  function withNumbers(tex) {
    let made = "", end = 0;
    for (const match of tex.matchAll(symbols)) {
      const gap = tex.slice(end, match.index), value = texNumber(keyOf(match.groups));
      made += end > 0 && /^(\s|\\[,;])*$/.test(gap) ? " \\cdot " : gap;
      made += value.startsWith("-") && made && !made.trim().endsWith("(") ? `(${value})` : value;
      end = match.index + match[0].length;
    }
    return made + tex.slice(end);
  }
  function current() {
    const equation = equations[order[step]];
    const tex = rule === "corrected" ? equation.corrected ?? equation.tex : equation.tex;
    const line = equation.lines.find(({ text }) => text.includes("as printed") === (rule === "as printed")) ?? equation.lines[0];
    const [left, right] = tex.split(/ = (.*)/);
    return { number: order[step], equation, tex, line, left, right, result: keysIn(left)[0], operands: keysIn(right) };
  }
  function numbersOf({ left, right, result }) {
    const applied = right.match(/^f_(\d)(?=\()/);
    const last = `${applied ? `${applied[0]}(${number(values[`e${applied[1]}`]).replace("\u2212", "-")}) = ` : ""}${texNumber(result)}`;
    return `\\begin{aligned} ${left} &= ${withNumbers(right)} \\\\ &= ${last} \\end{aligned}`;
  }

  // ---- controls --------------------------------------------------------------------------------------------------------
  const select = (name, options, change) => {
    const made = element("select", { "aria-label": name, onchange: () => change(made.value) }, ...options.map(([value, label]) => element("option", { value }, label)));
    return made;
  };
  const button = (label, act, properties = {}) => element("button", { type: "button", onclick: act, ...properties }, label);

  const ruleChoice = choice("The rule", [["as printed", "as printed"], ["corrected", "corrected"]], rule, (chosen) => {
    rule = chosen;
    if (run) state.weights = run.networks[rule].weights;
    render();
  });
  const stepTitle = element("p", { class: "step-title" });
  const letters = element("div", { class: "formula letters" }), numbers = element("div", { class: "formula numbers" });
  const code = element("code"), source = element("a"), note = element("span");
  const play = button("Play", () => (playing ? stopPlaying() : startPlaying()), { class: "play" });
  const stepSlider = element("input", { type: "range", min: 1, max: order.length, step: 1, "aria-label": "Step", class: "steps", oninput: () => goTo(stepSlider.valueAsNumber - 1) });
  const inputs = {
    x1: slider({ label: "x₁", name: "input x1", min: -2, max: 2, step: 0.05, value: state.x1 }, (value) => edit(() => { state.x1 = value; })),
    x2: slider({ label: "x₂", name: "input x2", min: -2, max: 2, step: 0.05, value: state.x2 }, (value) => edit(() => { state.x2 = value; })),
    z: slider({ label: "z", name: "target z", min: -2, max: 2, step: 0.05, value: state.z }, (value) => edit(() => { state.z = value; })),
    n: slider({ label: "n", name: "learning rate n", min: 0.05, max: 4, step: 0.05, value: state.n }, (value) => edit(() => { state.n = value; })),
  };
  const weightSelect = select("Which weight", weightNames.map((name) => [name, pretty(name)]), selectWeight);
  const weightSlider = slider({ label: "", name: "value of the weight", min: -4, max: 4, step: 0.05, value: 0 }, (value) => edit(() => { state.weights[weight] = value; }));
  const neuronSelect = select("Which neuron", [...["1", "2", "3", "4", "5", "6"].map((i) => [i, `neuron ${i}`]), ["456", "neurons 4, 5, 6"], ["123456", "all six"]], selectNeuron);
  const activationSelect = select("Its activation function", names.map((name) => [name, name.replace("_", " ")]), (chosen) => edit(() => {
    for (const i of neuron) state.activations[i - 1] = chosen;
  }));

  const rows = weightNames.map((name) => {
    const cells = ["", "new_", "rule_", "numerical_", "agrees_"].map((key) => element("td", { "data-value": `${key}${name}`, class: key === "agrees_" ? "mark" : null }));
    return { cells, row: element("tr", { onclick: () => selectWeight(name) }, element("th", { scope: "row" }, pretty(name)), ...cells) };
  });
  const table = element("table", { class: "weights" },
    element("thead", {}, element("tr", {}, element("th", {}, ""), element("th", {}, "w"), element("th", {}, "w′"), element("th", {}, "rule"), element("th", {}, "−dL/dw"), element("th", { "aria-label": "agrees" }, ""))),
    element("tbody", {}, ...rows.map(({ row }) => row)));
  const verdict = element("p", { class: "verdict", "data-value": "verdict" });

  const problemChoice = choice("Train on", [[-1, "this sample"], ...xor.problems.map(({ name }, i) => [i, `XOR, ${name.replace("inputs ", "").replace("-", "\u2212")}`])], problem, chooseProblem);
  const trainButton = button("Train", () => {
    if (!training) return startTraining();
    stopTraining();
    render();
  }, { class: "train" });
  const startButton = button("New start", () => {
    edit(() => { state.weights = module.start(++seed); });
  }, { class: "start" });
  const resetButton = button("Reset", reset, { class: "reset" });
  const chart = element("svg", { class: "chart", role: "img", "aria-label": "The error, step by step, by both rules" });
  const report = element("p", { class: "report", "data-value": "report" });
  const answers = element("p", { class: "answers", "data-value": "answers" });

  place.classList.add("six-neurons");
  place.replaceChildren(
    element("div", { class: "column" },
      element("div", { class: "view" },
        element("div", { class: "bar" }, ruleChoice, resetButton),
        drawing,
        element("p", { class: "legend" }, "In a neuron its sum e and its output y, below it its error δ. On an arrow its weight: wide if large, dashed if negative. Touch one to change it.")),
      element("div", { class: "controls" },
        element("div", { class: "weight-row" }, weightSelect, weightSlider),
        element("div", { class: "neuron-row" }, neuronSelect, activationSelect),
        element("div", { class: "inputs" }, ...Object.values(inputs))),
      element("div", { class: "training" },
        element("div", { class: "bar" }, problemChoice),
        element("div", { class: "bar" }, trainButton, startButton),
        chart, report, answers)),
    element("div", { class: "column" },
      element("div", { class: "stepper" },
        element("div", { class: "bar" }, button("Back", () => goTo(step - 1), { class: "back" }), button("Next", () => goTo(step + 1), { class: "next" }), play),
        element("label", { class: "step-row" }, stepSlider),
        stepTitle, letters, numbers, element("pre", { class: "line-of-code" }, code), element("p", { class: "source" }, source, note)),
      element("div", { class: "gradients" },
        element("p", {}, "Each weight before and after the step; what the rule adds to it at n = 1, and beside it what it should: −dL/dw by central differences."),
        table, verdict)));

  // ---- what a finger does ------------------------------------------------------------------------------------------------
  function edit(change) {
    stopTraining();
    run = null;
    change();
    marking = true;
    render();
    marking = false;
  }
  function selectWeight(name) {
    if (weight === name) return;
    weight = name;
    render();
  }
  function selectNeuron(which) {
    neuron = which;
    render();
  }
  function goTo(next) {
    step = Math.max(0, Math.min(order.length - 1, next));
    render();
  }
  function startPlaying() {
    if (step === order.length - 1) goTo(0);
    playing = setInterval(() => (step === order.length - 1 ? stopPlaying() : goTo(step + 1)), 1600);
    play.textContent = "Pause";
  }
  function stopPlaying() {
    clearInterval(playing);
    playing = 0;
    play.textContent = "Play";
  }
  function reset() {
    stopPlaying();
    problemChoice.set(problem = -1);
    seed = step = 0;
    edit(() => { state = module.example(); });
  }
  // XOR as section 2.6 trains it: its neurons, its learning rate, and the start of its figure.
  function chooseProblem(chosen) {
    problem = chosen;
    edit(() => {
      if (chosen < 0) return;
      seed = 1;
      state = { ...xor.problems[chosen].samples[1], n: xor.n, activations: [...xor.activations], weights: module.start(seed) };
    });
  }

  // ---- training: both rules from the same weights -------------------------------------------------------------------------
  function startTraining() {
    if (!run || run.epoch >= run.epochs) {
      run = { epoch: 0, epochs: problem < 0 ? 300 : xor.epochs, networks: {}, losses: {} };
      for (const each of rules) {
        run.networks[each] = { ...state, weights: { ...state.weights } };
        run.losses[each] = [];
      }
    }
    trainButton.textContent = "Stop";
    run.time = performance.now();
    training = requestAnimationFrame(trainSome);
  }
  // All of it takes three seconds, whatever the machine draws in a second; no time at all where motion is not wanted.
  function trainSome() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches, now = performance.now();
    const some = Math.min(still ? run.epochs : Math.max(1, Math.round(run.epochs * (now - run.time) / 3000)), run.epochs - run.epoch);
    run.time = now;
    for (const each of rules) {
      const { weights, losses } = module.train(run.networks[each], samples(), each, some);
      run.networks[each].weights = weights;
      run.losses[each].push(...losses);
    }
    run.epoch += some;
    state.weights = run.networks[rule].weights;
    training = run.epoch < run.epochs ? requestAnimationFrame(trainSome) : 0;
    if (!training) trainButton.textContent = "Train";
    render();
  }
  function stopTraining() {
    cancelAnimationFrame(training);
    training = 0;
    trainButton.textContent = "Train";
  }

  function drawChart() {
    const width = chart.clientWidth || 340, height = 200, left = 46, bottom = 24;
    chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
    chart.style.height = `${height}px`;
    const all = run ? rules.flatMap((each) => run.losses[each]).filter((loss) => Number.isFinite(loss) && loss > 0) : [];
    const low = Math.max(-8, Math.min(-4, Math.floor(Math.log10(Math.min(1, ...all))))), high = 1;
    const epochs = run ? run.epochs : problem < 0 ? 300 : xor.epochs;
    const x = (epoch) => left + (width - left - 8) * epoch / epochs;
    const y = (loss) => 8 + (height - bottom - 8) * (high - Math.max(low, Math.min(high, Math.log10(loss)))) / (high - low);
    chart.replaceChildren();
    for (let power = low; power <= high; power += low < -5 ? 2 : 1) {
      chart.append(element("line", { class: "grid", x1: left, x2: width - 8, y1: y(10 ** power), y2: y(10 ** power) }),
        element("text", { x: left - 6, y: y(10 ** power), "text-anchor": "end", "dominant-baseline": "central" }, String(Number(`1e${power}`)).replace("-", "\u2212")));
    }
    for (const part of [0, 1 / 3, 2 / 3, 1])
      chart.append(element("text", { x: x(epochs * part), y: height - 8, "text-anchor": part === 1 ? "end" : "middle" }, String(epochs * part)));
    for (const each of rules) {
      if (!run) continue;
      const points = run.losses[each].map((loss, i) => [i + 1, loss]).filter(([, loss]) => Number.isFinite(loss) && loss > 0);
      chart.append(element("polyline", { class: each.replace(" ", "-"), points: points.map(([epoch, loss]) => `${x(epoch).toFixed(1)},${y(loss).toFixed(1)}`).join(" ") }));
    }
  }
  function tellTraining() {
    if (!run) {
      report.replaceChildren(problem < 0 ? "Train: this one sample, again and again." : `Train: ${xor.epochs} epochs of four samples, as in the section.`);
      answers.textContent = "";
      return;
    }
    report.replaceChildren(`After ${run.epoch} ${problem < 0 ? "steps" : "epochs"} the error is `, ...rules.flatMap((each, i) => {
      const loss = run.losses[each].at(-1);
      const text = Number.isFinite(loss) ? (loss >= 0.0001 ? number(loss) : loss.toExponential(1).replace("-", "\u2212")) : "beyond all bounds";
      return [element("b", { class: each.replace(" ", "-"), "data-value": `loss_${each.replace(" ", "_")}` }, text), ` ${each === "corrected" ? "corrected" : "as printed"}${i === 0 ? ", " : "."}`];
    }));
    const given = module.answers(state, samples());
    answers.textContent = problem < 0 ? "" : `The answers, ${rule}: ${samples().map(({ x1, x2, z }, i) => `(${short(x1)}, ${short(x2)}) ${number(given[i], 2)} for ${z}`).join("; ")}.`;
  }

  // ---- all that is shown ---------------------------------------------------------------------------------------------------
  function render() {
    values = module.values(state, rule);
    const gradients = module.gradients(state, rule);
    const now = current(), kind = phase();
    drawing.dataset.phase = kind;

    const used = new Set([...now.operands, now.result.replace("new_", "")]);
    for (const name of weightNames) {
      const { group, line, label } = arrows[name], value = state.weights[name];
      show(label, `${narrow() ? "" : `${pretty(name)}\u2002`}${short(value, 2)}`);
      line.style.strokeWidth = 1 + Math.min(4, Math.abs(value)) * 0.9;
      line.style.strokeDasharray = value < 0 ? "6 5" : "none";
      group.setAttribute("aria-valuenow", number(value, 2).replace("\u2212", "-"));
      group.setAttribute("tabindex", name === weight ? 0 : -1);
      group.classList.toggle("selected", name === weight);
      group.classList.toggle("used", used.has(name));
    }
    for (const [name, node] of Object.entries(circles)) {
      if (name[0] === "x") {
        show(node.top, name === "x1" ? "x₁" : "x₂");
        show(node.middle, short(values[name], 2));
        node.group.classList.toggle("used", used.has(name));
        continue;
      }
      const delta = name === "6" ? "delta" : `delta${name}`;
      show(node.top, `${name} ${state.activations[name - 1].replace("_", " ")}`);
      show(node.sum, number(values[`e${name}`]));
      show(node.output, number(values[`y${name}`]));
      show(node.letter, narrow() ? "" : name === "6" ? "δ\u2002" : `δ${"₀₁₂₃₄₅"[name]}\u2002`);
      show(node.delta, number(values[delta]));
      node.group.classList.toggle("used", used.has(`y${name}`) || used.has(delta) || used.has(`df${name}`));
      node.group.classList.toggle("result", now.result === `y${name}` || now.result === delta);
      node.group.classList.toggle("selected", neuron.includes(name));
    }

    stepSlider.value = step + 1;
    stepTitle.replaceChildren(element("a", { href: `#eq_${now.number.replace(".", "_")}` }, `(${now.number})`),
      ` ${{ forward: "Forward", back: "Back", update: "Update" }[kind]}, step ${step + 1} of ${order.length}`);
    numbers.style.visibility = training ? "hidden" : "visible";
    if (!training) {
      formula(letters, `\\displaystyle ${now.tex}`);
      formula(numbers, numbersOf(now));
    }
    show(code, now.line.text.replace(/ +\/\//, "  //"));
    source.textContent = `${now.line.file}:${Number(now.line.page.match(/#l(\d+)/)[1])}`;
    source.href = now.line.page;
    const erratum = now.equation.corrected && { back: "errata_2_7", update: "errata_2_24" }[kind];
    note.replaceChildren(...(erratum ? [rule === "corrected" ? "; the report differs: " : "; as the report has it: ", element("a", { href: `errata.html#${erratum}` }, "erratum")] : []));

    inputs.x1.set(state.x1);
    inputs.x2.set(state.x2);
    inputs.z.set(state.z);
    inputs.n.set(state.n);
    weightSelect.value = weight;
    const far = Math.max(4, Math.ceil(Math.abs(state.weights[weight])));
    weightSlider.querySelector("input").min = -far;
    weightSlider.querySelector("input").max = far;
    weightSlider.set(state.weights[weight]);
    neuronSelect.value = neuron;
    activationSelect.value = state.activations[neuron[0] - 1];

    weightNames.forEach((name, i) => {
      const { numerical, rule: byRule, agrees } = gradients[name];
      const [before, after, analytic, checked, mark] = rows[i].cells, { classList } = rows[i].row;
      show(before, number(state.weights[name]));
      show(after, number(values[`new_${name}`]));
      show(analytic, number(byRule, 6));
      show(checked, number(numerical, 6));
      show(mark, agrees ? "✓" : "✗");
      mark.setAttribute("aria-label", agrees ? "agrees" : "differs");
      classList.toggle("differs", !agrees);
      classList.toggle("selected", name === weight);
      classList.toggle("used", now.result === `new_${name}`);
    });
    const wrong = weightNames.filter((name) => !gradients[name].agrees).length;
    show(verdict, `The ${rule === "corrected" ? "corrected" : "printed"} rule ${wrong === 0 ? "is the gradient: all fourteen weights agree with the differences" : `misses the gradient at ${wrong} of the fourteen weights`}.`);
    drawChart();
    tellTraining();
  }

  arrange();
  render();
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    arrange();
    render();
  }).observe(place);
});
