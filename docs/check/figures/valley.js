"use strict";
// Three optimizers in one valley against the tables that chapter 4 prints.
const hands = require("../hands.js");

module.exports = async (page, check) => {
  const { press, set, keys, touch, text, part, wait } = hands(page, "valley");
  const printed = page.plaingrad.expected("chapter4");
  const optimizers = { "gradient descent": ["gradient-descent", "Gradient descent"], "SGD, m = 8": ["sgd", "SGD, decaying rate"], "Adam, m = 8": ["adam", "Adam"] };
  const places = ["0.001", "0.002", "0.003", "0.005", "0.01", "0.02", "0.03", "0.05", "0.1", "0.2", "0.3", "0.5", "1"];

  for (const [, width, header, table] of printed.matchAll(/^x from 0 to (\d+) +epsilon +(.*)\n((?:.+\n){3})/gm)) {
    await press(width === "4" ? "short valley" : "long valley");
    const rates = header.trim().split(/ +/);
    for (const line of table.trim().split("\n")) {
      const values = line.slice(24).trim().split(/ +/), [key, name] = optimizers[line.slice(0, 24).trim()];
      for (let i = 0; i < rates.length; i++) {
        await set(`learning rate of ${name}`, places.indexOf(rates[i]));
        const found = (await text(`${key}-final`)).replace("< ", "<");
        // Without fused multiply-add the last digit of a run that swings far out is another.
        const same = found === values[i] || Math.abs(Number(found) - Number(values[i])) < 1.5e-5;
        check(same, `${name}, ${rates[i]}, x from 0 to ${width}: ${values[i]}, not ${found}`);
      }
    }
  }

  // Each control, by mouse or finger and by keyboard.
  const start = () => part(".handle").then((handle) => handle.evaluate((element) => element.getAttribute("aria-valuetext")));
  await press("Start at (\u22121, 3)");
  check(await start() === "slope \u22121.00, intercept 3.0", "the button goes to the program's start");
  await touch(".inside", 0.5, 0.25);
  check(await start() === "slope 1.00, intercept 4.0", `a touch moves the start to (1, 4), not to ${await start()}`);
  await keys(".handle", "ArrowRight", "ArrowDown");
  check(await start() === "slope 1.10, intercept 3.5", `keys move the start to (1.1, 3.5), not to ${await start()}`);
  const before = await text("adam-final");
  await press("as printed");
  check(await text("adam-final") !== before, "Adam as printed goes another way");
  await keys('[role="radiogroup"][aria-label^="Steps"] [aria-checked="true"]', "ArrowLeft");
  check(await text("adam-final") === before, "Adam corrected is back");
  await keys('input[aria-label^="size"]', "End");
  check(await text("adam-final") !== before, "larger mini-batches change Adam's way");
  await keys('input[aria-label="steps shown"]', "Home");
  check(await text("sgd-theta") === "(1.100, 3.500)", "at step 0 everybody is at the start");
  await keys('input[aria-label="learning rate of Adam"]', "ArrowLeft");
  await press("Run");
  await wait(() => Number(document.querySelector('[data-figure="valley"] input[aria-label="steps shown"]').value) > 5);
  await press("Pause");
  check(await text("sgd-theta") !== "(1.100, 3.500)", "after some steps SGD is elsewhere");
};
