"use strict";
// The numbers of sections 3.1, 3.3 and 3.4 as the chapter's program prints them; the gradients by the adjoint; each control.

module.exports = async (page, check) => {
  const figure = '[data-figure="convolution"]';
  const printed = page.plaingrad.expected("chapter3");
  const { touch: press, option, printedBelow } = require("../hands.js")(page, "convolution");
  const below = (title) => printedBelow(printed, title);
  const values = (selector) => page.$$eval(`${figure} ${selector}`, (cells) => cells.map((cell) => Number(cell.dataset.value)));
  const input = () => values(".input [data-value]"), kernel = () => values(".fields [data-value]"), output = () => values(".output .cells [data-value]");
  const sum = async () => (await values(".explanation .sum"))[0];
  const text = (selector) => page.$eval(`${figure} ${selector}`, (element) => element.textContent.replaceAll("\u2212", "-"));
  const same = (a, b) => a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) < 1e-5);
  const dot = (a, b) => a.reduce((total, value, i) => total + value * b[i], 0);
  const choose = (menu, value) => page.select(`${figure} select[aria-label="${menu}"]`, value);
  const cell = (where, i, j) => `.${where} [data-row="${i}"][data-column="${j}"]`;

  // What the image shows inside the window's frame, and the first factors of the products.
  const framed = () => page.$eval(`${figure} .input .cells`, (cells) => {
    const [top, left, height, width] = cells.querySelector(".frame.window").style.gridArea.match(/\d+/g).map(Number);
    const inside = (place, from, count) => place >= from && place < from + count;
    return [...cells.children].filter((cell) => !cell.classList.contains("frame"))
      .filter((cell) => inside(parseInt(cell.style.gridRowStart), top, height) && inside(parseInt(cell.style.gridColumnStart), left, width))
      .map((cell) => Number(cell.dataset.value ?? 0));
  });
  const factors = () => page.$$eval(`${figure} .products span`, (each) => each.map((span) => parseFloat(span.textContent)));

  // ---- section 3.3, which it begins with
  const fig = below("  image X                filter F       feature");
  check(same(await input(), fig.flatMap((row) => row.slice(0, 5))), "begins with the image of Fig. 3.2");
  check(same(await output(), fig.slice(0, 3).flatMap((row) => row.slice(8))), "feature map of Fig. 3.2");
  const line = printed.match(/Y\(1,0\) =(.* = -21)/)[1];
  check(await text(".explanation .numbers") === `=${line}`, `writes${line}`);
  check(same(await values(".products [data-value]"), [1, 0, -5, 0, 0, -12, 0, 0, -5]), "nine products of Y(1,0)");

  await press(cell("output", 0, 2));
  check(await sum() === fig[0][10], "touching an output shows its sum");
  await page.keyboard.press("ArrowDown");
  check(await sum() === fig[1][10], "an arrow key moves the window");
  await press(cell("input", 1, 1));
  check(await sum() === fig[0][8], "touching the image moves the window there");
  if (!page.viewport().hasTouch) {
    await page.hover(`${figure} ${cell("output", 2, 1)}`);
    check(await sum() === fig[2][9], "the mouse moves the window without a press");
  }

  // ---- section 3.1
  await choose("Image", "3.1");
  const conv = below("  image I");
  check(same(await kernel(), [1, -1, 2, 1]), "kernel of section 3.1");
  check(same(await output(), conv.flatMap((row) => row.slice(-8, -4))), "I * K by (3.1)");
  await option("Equation", 1);
  check(same(await output(), conv.flatMap((row) => row.slice(-4))), "K * I by (3.2)");
  const small = below("  K flipped");
  await option("Padding", 0);
  check(same(await output(), small.flatMap((row) => row.slice(4))), "valid padding: the inner part of (3.2)");
  await option("Equation", 0);
  check(same(await output(), small.flatMap((row) => row.slice(4))), "valid padding: the inner part of (3.1)");
  await press(cell("output", 0, 1));
  check((await text(".total")) === "S(1,2) = 4", "an output of the inner part keeps its indices of (3.1)");
  await page.focus(`${figure} [aria-label="Equation"] [aria-checked="true"]`);
  await page.keyboard.press("ArrowLeft");
  check(same(await output(), small.flatMap((row) => row.slice(2, 4))), "an arrow key chooses (3.3): the cross-correlation");

  // ---- section 3.4
  await choose("Image", "3.4");
  const table = printed.split("\n").filter((row) => /^ {2}F\(\d,\d\)/.test(row)).map((row) => Number(row.trim().split(/\s+/)[1]));
  check(table.length === 9 && same(await values(".buttons [data-value]"), table), "dL/dF by (3.6), all nine");
  check(same(await output(), below("  dY(i,j)/dF(1,2)").flatMap((row) => row.slice(2))), "dL/dY of section 3.4");
  check(await text(".explanation .numbers") === `= ${printed.match(/dL\/dF\(1,2\) = (.*)/)[1]}`, "the terms of dL/dF(1,2) as printed");
  await press(cell("buttons", 0, 0));
  check(await sum() === table[0], "touching an element of dL/dF shows its sum");
  await page.keyboard.press("ArrowRight");
  check(await sum() === table[1], "an arrow key goes to the next element");
  await press(cell("input", 1, 1));
  check(await sum() === 8 && (await page.$eval(`${figure} .sum`, (each) => each.dataset.terms)) === "4", "pixel (1,1) reaches four outputs, dL/dX = 8 (exercise 2)");
  await press(cell("input", 0, 0));
  check((await page.$eval(`${figure} .sum`, (each) => each.dataset.terms)) === "1", "the corner reaches one output");
  await press(cell("output", 1, 0));
  await press('[aria-label="one more"]');
  check((await output())[2] === -2, "a button changes dL/dY");
  await page.focus(`${figure} .output .cells`);
  await page.keyboard.press("-");
  check((await output())[2] === -3, "the minus key changes it back");
  await option("Direction", 0);
  check(same(await output(), [2, 6, 3, 5]), "Y of section 3.4");

  // ---- any stride and padding: <Y, dY> = <F, dF> = <X, dX>
  await choose("Image", "digit 5");
  await choose("Kernel", "trained 3");
  const F = await kernel();
  check(F.length === 9 && F.some((value) => !Number.isInteger(value)), "a trained filter");
  for (const [stride, padding, extent] of [[1, 0, 10], [2, 0, 5], [3, 1, 4], [2, 1, 6], [1, 2, 14]])
    for (const equation of [0, 2]) {
      await option("Equation", equation);
      await option("Padding", padding);
      await option("Stride", stride - 1);
      const Y = await output(), X = await input();
      await option("Direction", 1);
      const dY = await output(), dF = await values(".buttons [data-value]");
      await press('[aria-label="Show"] button:nth-child(2)');
      const dX = await input();
      await press('[aria-label="Show"] button:nth-child(1)');
      await option("Direction", 0);
      // Numbers are shown with few decimals: what rounding does to a sum goes with the size of its terms.
      const terms = Math.max(1, ...[[Y, dY], [F, dF], [X, dX]].map(([a, b]) => dot(a.map(Math.abs), b.map(Math.abs))));
      const product = dot(Y, dY), near = (value) => Math.abs(value - product) < 1e-3 * terms;
      const what = `stride ${stride}, padding ${padding}, equation (3.${equation + 1})`;
      check(Y.length === extent * extent && product !== 0, `${what}: ${extent} x ${extent}`);
      check(near(dot(F, dF)) && near(dot(X, dX)), `${what}: the gradients are the adjoints`);
      await press(cell("output", 1, 1));
      check(same(await framed(), await factors()), `${what}: the frame holds the pixels of the products`);
      const products = await values(".products [data-value]");
      check(Math.abs(products.reduce((a, b) => a + b) - await sum()) < 1e-4, `${what}: the products add up to the output`);
    }

  // ---- the kernel's numbers, Random, drawing
  await option("Padding", 0);
  await choose("Kernel", "filter identity");
  const before = await output();
  await page.focus(`${figure} .fields ${cell("cells", 1, 1).slice(7)}`);
  await page.keyboard.press("ArrowUp");
  check(same(await output(), before.map((value) => 2 * value)), "a kernel's number changes by an arrow key, and the output with it");
  check((await page.$eval(`${figure} select[aria-label="Kernel"]`, (each) => each.value)) === "own", "the kernel is then one's own");
  await option("Direction", 1);
  const first = await output();
  await press(".upstream > button");
  check(!same(first, await output()), "Random gives another gradient");
  await option("Direction", 0);
  await choose("Image", "draw");
  check((await input()).every((value) => value === 0), "an empty sheet");
  await press(cell("input", 5, 5));
  check((await input())[5 * 12 + 5] === 9, "a pixel is drawn by touch");
  await page.focus(`${figure} .input .cells`);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press(" ");
  check((await input())[5 * 12 + 6] === 9 && (await output()).some((value) => value !== 0), "and by the space bar; the output follows");
  await press(".input > button");
  check((await input()).every((value) => value === 0), "Clear empties it");
  await choose("Image", "3.3");
  check(same(await output(), fig.slice(0, 3).flatMap((row) => row.slice(8))), "back to Fig. 3.2");
};
