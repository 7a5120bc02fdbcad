"use strict";
// The numbers of sections 3.5 and 3.6 as the chapter's program prints them; ties, left-over rows; each control.

module.exports = async (page, check) => {
  const figure = '[data-figure="pooling"]';
  const printed = page.plaingrad.expected("chapter3");

  const { touch: press, option, printedBelow } = require("../hands.js")(page, "pooling");
  const below = (title) => printedBelow(printed, title);
  const values = (part) => page.$$eval(`${figure} .${part} [data-value]`, (cells) => cells.map((cell) => Number(cell.dataset.value)));
  const same = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);
  const says = () => page.$eval(`${figure} .says`, (element) => ({ ...element.dataset }));
  const cell = (part, i, j) => `.${part} [data-row="${i}"][data-column="${j}"]`;

  const forward = below("  feature map X"), backward = below("  mask ");
  check(same(await values("X"), forward.flatMap((row) => row.slice(0, 4))), "begins with the map of Fig. 3.3");
  check(same(await values("Y"), forward.slice(0, 2).flatMap((row) => row.slice(4))), "the greatest of each window");
  check(same(await values("mask"), backward.flatMap((row) => row.slice(0, 4))), "the mask of Fig. 3.4");
  await option("Direction", 1);
  check(same(await values("dY"), backward.slice(0, 2).flatMap((row) => row.slice(4, 6))), "dL/dY of Fig. 3.4");
  check(same(await values("dX"), backward.flatMap((row) => row.slice(-4))), "dL/dX of Fig. 3.4");
  const tied = await says();
  check(tied.equal === "2" && tied.place === "2,2" && tied.greatest === "7", "the tie of the chapter: the first 7 counts");

  await press(cell("dX", 0, 0));
  check((await says()).place === "1,0", "touching dL/dX chooses the window");
  await press("button.tie-maker");
  const after = await says();
  check(after.equal === "2" && after.place === "1,0", "a tie with a later element leaves the gradient with the first");
  await press(cell("X", 2, 2));
  await page.keyboard.press("ArrowDown");
  check((await says()).place === "2,3" && same((await values("dX")).slice(8), [3, 0, 0, 5, 0, 0, 0, 0]), "6 in the place of 7: the gradient goes to the other 7");
  await page.keyboard.press("ArrowUp");
  check((await says()).place === "2,2", "and back");
  await page.focus(`${figure} ${cell("dY", 1, 1)}`);
  await page.keyboard.press("ArrowUp");
  check((await values("dX"))[10] === 6, "a number of dL/dY arrives at the greatest");

  await option("Direction", 0);
  await page.focus(`${figure} .Y .cells`);
  await page.keyboard.press("ArrowLeft");
  check((await says()).place === "2,0", "an arrow key goes to the next window");
  await option("Window", 1);
  check((await values("Y")).length === 1 && (await page.$$(`${figure} .X .dropped`)).length === 7, "3 x 3 on 4 x 4: one window, seven elements left over");
  await option("Size of the map", 1);
  check((await values("X")).length === 36 && (await values("Y")).length === 4, "6 x 6 has four windows of 3 x 3");
  const mask = await values("mask"), X = await values("X");
  check(mask.reduce((a, b) => a + b) === 4 && (await values("Y")).every((value) => X.some((x, k) => x === value && mask[k] === 1)), "one mark for each window");
  await page.focus(`${figure} [aria-label="Window"] [aria-checked="true"]`);
  await page.keyboard.press("ArrowLeft");
  check((await values("Y")).length === 9, "an arrow key chooses 2 x 2: nine windows");
  await press("button.new-numbers");
  check(!same(X, await values("X")), "New numbers");
  await press("button.example");
  check(same(await values("X"), forward.flatMap((row) => row.slice(0, 4))), "the chapter's example again");
};
