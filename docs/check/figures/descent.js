"use strict";
// The descent on (x - 3)^2 against the tables that chapter 4 prints.
const hands = require("../hands.js");

module.exports = async (page, check) => {
  const { press, set, keys, touch, text, number } = hands(page, "descent");
  const printed = page.plaingrad.expected("chapter4");

  // "Descent from x = 0": x after 0, 1, 2, 3, 5, 10 and 20 steps.
  for (const [, kind, epsilon, row] of printed.matchAll(/^epsilon (f'\(x\)|sign\(f'\)), +([\d.]+) +(.*)$/gm)) {
    await press(kind === "f'(x)" ? "\u03b5 f\u2032(x)" : "\u03b5 sign(f\u2032(x))");
    await set("x at the start", 0);
    await set("learning rate", epsilon);
    await press("Back to the start");
    const values = row.trim().split(/ +/), at = [0, 1, 2, 3, 5, 10, 20];
    let k = 0;
    for (let i = 0; i < at.length; i++) {
      for (; k < at[i]; k++) await press("Step");
      check(await text("last") === values[i], `${kind} with ${epsilon}: x after ${k} steps is ${values[i]}, not ${await text("last")}`);
    }
  }

  // (4.4) and (4.5), whose table has them for the step of fixed length.
  const between = (from, to) => printed.slice(printed.indexOf(from), printed.indexOf(to)).trim().split("\n").slice(2).map((line) => line.trim().split(/ +/));
  const possible = (epsilon) => epsilon >= 0.01 && epsilon <= 1.2;
  for (const [epsilon, value, approximation] of between("(4.4) f(x", "(4.5) f(x").filter(([each]) => possible(each))) {
    await set("x at the start", 0);
    await set("learning rate", epsilon);
    await press("Back to the start");
    check(await number("f_next") === Number(Number(value).toFixed(4)), `(4.4), ${epsilon}: f(x + epsilon) is ${value}, not ${await text("f_next")}`);
    check(await number("approximation") === Number(Number(approximation).toFixed(4)), `(4.4), ${epsilon}: the approximation is ${approximation}, not ${await text("approximation")}`);
  }
  for (const [x, epsilon, value, , holds] of between("(4.5) f(x", "It needs a small").filter(([, each]) => possible(each))) {
    await set("x at the start", x);
    await set("learning rate", epsilon);
    await press("Back to the start");
    check(await text("f_next") === value, `(4.5), x = ${x}, ${epsilon}: ${value}, not ${await text("f_next")}`);
    check(await text("improves") === (holds === "yes" ? "holds" : "does not hold"), `(4.5), x = ${x}, ${epsilon}: ${holds}`);
  }

  // Each control once more, by keyboard and by touch.
  await keys('[role="radio"][aria-checked="true"]', "ArrowLeft");
  await set("learning rate", 0.3);
  await keys('input[aria-label="learning rate"]', "ArrowRight");
  await touch(".inside", 0.75, 0.5);
  check(await number("x") === 5, `a touch at three quarters chooses x = 5, not ${await text("x")}`);
  await keys('input[aria-label="x at the start"]', "ArrowLeft");
  check(await text("x") === "4.9000", `a key moves the start to 4.9, not ${await text("x")}`);
  await keys("button:not([role])", "Enter");
  check(await text("next") === "3.7220", `with 0.31 the step from 4.9 leads to 3.722, not to ${await text("next")}`);
  await set("learning rate", 1.2);
  await press("Run");
  await page.waitForFunction(() => document.querySelector('[data-figure="descent"] .verdict').textContent.startsWith("Away"), { timeout: 30000 });
  check(Math.abs(await number("last")) > 100, "with 1.2 it diverges");
  await press("Back to the start");
  check(await text("k") === "0", "back at the start");
};
