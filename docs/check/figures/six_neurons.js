"use strict";
// The six neurons at the start are those of build/chapter2; then everything is touched once.

module.exports = async (page, check) => {
  const printed = page.plaingrad.expected("chapter2");
  const plain = (text) => text.trim().replaceAll("\u2212", "-");
  const figure = "[data-figure=six_neurons]";
  const at = (name) => `${figure} [data-value="${name}"]`;
  const text = async (name) => plain(await page.$eval(at(name), (element) => element.textContent));
  const all = async () => Object.fromEntries((await page.$$eval(`${figure} [data-value]`, (found) => found.map((element) => [element.dataset.value, element.textContent])))
    .map(([name, value]) => [name, plain(value)]));
  const same = async (name, expected, what, found) => {
    const value = found ? found[name] : await text(name);
    check(value === expected, `${what}: ${name} is ${expected}, not ${value}`);
  };
  const press = (selector) => page.$eval(`${figure} ${selector}`, (element) => element.click());
  const hands = require("../hands.js")(page, "six_neurons");
  const touch = async (selector) => { // where a mouse or a finger would
    await page.evaluate(() => new Promise((resolve) => window.MathJax.Hub.Queue(resolve)));
    await hands.touch(selector);
  };
  const choose = (rule) => press(`.bar [role=radio]:nth-child(${rule === "as printed" ? 1 : 2})`);
  const setStep = (step) => page.$eval(`${figure} .steps`, (element, value) => {
    element.value = value;
    element.dispatchEvent(new Event("input"));
  }, step);
  const formulas = () => page.evaluate((f) => ["letters", "numbers"].map((name) => document.querySelector(`${f} .${name}`).tex), figure);
  const line = () => page.$eval(`${figure} .line-of-code`, (element) => element.textContent);

  // ---- every number that the program prints -----------------------------------------------------------------------------
  const sums = [...printed.matchAll(/\(2\.\d\)\s+e(\d) =\s+(\S+)\s+y\d = f\(e\d\) = (\S+)/g)];
  check(sums.length === 6, "the program prints six sums");
  const start = await all();
  for (const [, i, e, y] of sums) {
    await same(`e${i}`, e, "propagation", start);
    await same(`y${i}`, y, "propagation", start);
  }
  const errors = [...printed.matchAll(/\(2\.(\d+)\)\s+delta(\d)\s+(\S+)\s+(\S+)/g)];
  check(errors.length === 5, "the program prints five errors");
  const updates = [...printed.matchAll(/\(2\.(\d+)\)\s+(w\d\d)\s+(\S+) ->\s+(\S+)/g)];
  check(updates.length === 14, "the program prints fourteen updates");
  const tables = printed.split("Gradient check")[1].split("Neurons 4, 5, 6 linear").map((part) => [...part.matchAll(/(w\d\d)\s+(\S+)\s+(\S+)\s+(\S+)\s+(holds|wrong)/g)]);
  check(tables.every((rows) => rows.length === 14), "the program prints two tables of fourteen gradients");

  for (const [column, rule] of ["as printed", "corrected"].entries()) {
    await choose(rule);
    const found = await all();
    for (const [, , i, ...both] of errors) await same(`delta${i}`, both[column], rule, found);
    await same("delta", printed.match(/delta = z - y = (\S+)/)[1], rule, found);
    if (rule === "corrected") {
      for (const [, , name, before, after] of updates) {
        await same(name, before, "updates", found);
        await same(`new_${name}`, after, "updates", found);
      }
    }
  }
  const compareTable = async (rows, which) => {
    for (const rule of ["as printed", "corrected"]) {
      await choose(rule);
      const found = await all();
      const red = new Set(await page.$$eval(`${figure} tr.differs [data-value^=rule_]`, (cells) => cells.map((cell) => cell.dataset.value)));
      for (const [, name, numerical, corrected, asPrinted, verdict] of rows) {
        await same(`numerical_${name}`, numerical, which, found);
        await same(`rule_${name}`, rule === "corrected" ? corrected : asPrinted, `${which}, ${rule}`, found);
        await same(`agrees_${name}`, rule === "corrected" || verdict === "holds" ? "✓" : "✗", `${which}, ${rule}`, found);
        check(red.has(`rule_${name}`) === (rule === "as printed" && verdict === "wrong"), `${which}, ${rule}: ${name} is red where the rule misses`);
      }
    }
  };
  await compareTable(tables[0], "all sigmoid");

  // ---- every step, by both rules -----------------------------------------------------------------------------------------
  const numbers = [1, 2, 3, 4, 5, 6, 11, 10, 9, 8, 7, ...Array.from({ length: 14 }, (_, i) => i + 12)];
  for (const rule of ["as printed", "corrected"]) {
    await choose(rule);
    await setStep(1);
    for (const [i, equation] of numbers.entries()) {
      if (i > 0) await press(".next");
      const [letters, withNumbers] = await formulas();
      const left = letters.match(/displaystyle (.*?) =/)[1];
      check((await page.$eval(`${figure} .step-title a`, (link) => link.textContent)) === `(2.${equation})`, `step ${i + 1} is (2.${equation})`);
      check((await line()).includes(`// (2.${equation})`), `(2.${equation}): its line of C++`);
      check((await line()).includes("as printed") === (rule === "as printed" && ((equation >= 7 && equation <= 11) || equation >= 24)), `(2.${equation}), ${rule}: the line of that rule`);
      const key = equation <= 6 ? `y${equation}` : equation <= 11 ? `delta${equation - 6}` : `new_${updates[equation - 12][2]}`;
      check(withNumbers.endsWith(`= ${await text(key)} \\end{aligned}`), `(2.${equation}), ${rule}: ends with ${await text(key)}: ${withNumbers}`);
      check(withNumbers.includes(left) && !/\\delta|w_|x_\d|y_\d|df_|f_\d'/.test(withNumbers.split("&=").slice(1).join("")), `(2.${equation}), ${rule}: numbers in place of all letters: ${withNumbers}`);
    }
  }
  await setStep(7);
  check((await formulas())[1].includes("-1.3 \\cdot 0.2495 \\cdot 0.4768"), `(2.11) with its numbers: ${(await formulas())[1]}`);
  await choose("as printed");
  check(!/f_6'/.test((await formulas())[0]), "(2.11) as printed has no derivative");
  await choose("corrected");
  check(/f_6'/.test((await formulas())[0]), "(2.11) corrected has one");
  await touch(".back");
  // A tap becomes a click a moment later.
  const arrives = (equation) => page.waitForFunction((f, wanted) => document.querySelector(`${f} .step-title a`).textContent === wanted, { timeout: 5000 }, figure, equation)
    .then(() => true, () => false);
  check(await arrives("(2.6)"), "Back goes one step back");
  await page.focus(`${figure} .steps`);
  await page.keyboard.press("ArrowRight");
  check(await arrives("(2.11)"), "an arrow key goes one step on");
  await touch(".play");
  check((await page.$eval(`${figure} .play`, (element) => element.textContent)) === "Pause", "Play plays");
  await page.waitForFunction((f) => document.querySelector(`${f} .step-title a`).textContent !== "(2.11)", { timeout: 60000 }, figure);
  await touch(".play");

  // ---- a weight, a neuron, an input ----------------------------------------------------------------------------------------
  await touch(`[data-value="arrow_w46"]`);
  check((await page.$eval(`${figure} .weight-row select`, (element) => element.value)) === "w46", "a weight that is touched is chosen");
  await page.keyboard.press("ArrowRight");
  await same("w46", "1.5500", "an arrow key on the drawing");
  check(await page.$eval(at("y6"), (element) => element.classList.contains("changed")), "what changes is marked");
  check(!(await page.$eval(at("y5"), (element) => element.classList.contains("changed"))), "what does not change is not marked");
  check((await text("y6")) !== sums[5][3], "the output follows its weight");
  await page.keyboard.press("PageDown");
  check((await page.$eval(`${figure} .weight-row select`, (element) => element.value)) === "w56", "page down: the next weight");
  await page.focus(`${figure} .weight-row input`);
  await page.keyboard.press("ArrowLeft");
  await same("w56", "-1.3500", "the slider by keyboard");
  for (const [row, key, value] of [[1, "x1", "1.05"], [2, "x2", "-0.45"]]) {
    await page.focus(`${figure} .inputs label:nth-child(${row}) input`);
    await page.keyboard.press("ArrowRight");
    await same(key, value, "an input by keyboard");
  }
  await page.focus(`${figure} .inputs label:nth-child(3) input`);
  const delta = await text("delta");
  await page.keyboard.press("ArrowLeft");
  check(Math.abs(Number(delta) - 0.05 - Number(await text("delta"))) < 2e-4, "the error follows the target");
  const before = await text("new_w46"), gradient = await text("rule_w46");
  await page.focus(`${figure} .inputs label:nth-child(4) input`);
  await page.keyboard.press("ArrowRight");
  check((await text("new_w46")) !== before && (await text("rule_w46")) === gradient, "the learning rate moves the update, not the gradient");

  await touch(".reset");
  await same("w46", "1.5000", "Reset");
  await touch(`[data-value="y4"]`);
  check((await page.$eval(`${figure} .neuron-row select`, (element) => element.value)) === "4", "a neuron that is touched is chosen");
  for (const name of ["linear", "sigmoid", "tanh", "relu", "leaky_relu"]) {
    await page.select(`${figure} .neuron-row select:last-child`, name);
    const e4 = Number(sums[3][2]), y4 = Number(await text("y4"));
    const wanted = { linear: e4, sigmoid: Number(sums[3][3]), tanh: Math.tanh(e4), relu: e4, leaky_relu: e4 }[name];
    check(Math.abs(y4 - wanted) < 1e-4, `neuron 4 ${name}: its output ${y4}`);
  }
  await page.select(`${figure} .neuron-row select`, "456");
  await page.select(`${figure} .neuron-row select:last-child`, "linear");
  await compareTable(tables[1], "4, 5, 6 linear");

  // ---- training --------------------------------------------------------------------------------------------------------------
  const train = async () => {
    await touch(".train");
    await page.waitForFunction((f) => document.querySelector(`${f} .train`).textContent === "Train" &&
      document.querySelector(`${f} [data-value="loss_corrected"]`), { timeout: 60000 }, figure);
  };
  await touch(".reset");
  await train();
  for (const rule of ["as_printed", "corrected"]) check(Number((await text(`loss_${rule}`)).replace("−", "-")) < 0.01, `this sample, ${rule}: the error falls: ${await text(`loss_${rule}`)}`);
  check((await page.$$eval(`${figure} .chart polyline`, (curves) => curves.filter((curve) => curve.getAttribute("points").split(" ").length === 300).length)) === 2, "two curves of 300 steps");
  await press(".training [role=radio]:nth-child(2)");
  check((await text("report")).includes("3000 epochs"), "XOR is trained as in section 2.6");
  await train();
  const answers = [...printed.matchAll(/x1 = +\S+, x2 = +\S+: y = +(\S+) \(z = (\d)\)/g)].map(([, y, z]) => `${y} for ${z}`);
  const given = [...(await text("answers")).matchAll(/\) (\S+) for (\d)/g)].map(([, y, z]) => `${y} for ${z}`);
  check(answers.length === 4 && answers.join() === given.join(), `XOR: the answers of the program, ${answers.join(", ")}, not ${given.join(", ")}`);
  check(Number(await text("loss_corrected")) < 0.01 && Number(await text("loss_as_printed")) > 0.05, "XOR, inputs -1 and 1: the corrected rule learns, the printed one does not");
  const first = await text("w11");
  await touch(".start");
  check((await text("w11")) !== first, "New start draws other weights");
  await touch(".reset");
  await same("y6", sums[5][3], "Reset");
};
