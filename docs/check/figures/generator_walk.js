"use strict";
// The walk between two noises: it ends where it says, and every control changes the digit.
const hands = require("../hands.js");

module.exports = async (page, check) => {
  const { set, keys, part, wait } = hands(page, "generator_walk");
  if (await page.$eval('[data-figure="generator_walk"]', (element) => element.hidden)) return;  // no generator yet

  const first = await part("button");
  check(/\(\d+\.\d MB\)/.test(await first.evaluate((element) => element.textContent)), "the button says how much it gets");
  await first.click();
  await wait(() => document.querySelector('[data-figure="generator_walk"] .walk'));
  const pictures = () => page.$$eval('[data-figure="generator_walk"] canvas',
    (all) => all.map((canvas) => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data].join()));
  const t = "how far from the left noise to the right one";

  await set(t, 0);
  let [left, between, right] = await pictures();
  check(left === between, "at 0 it is the left digit");
  check(left !== right, "the ends differ");
  await set(t, 1);
  [left, between, right] = await pictures();
  const apart = between.split(",").reduce((most, value, i) => Math.max(most, Math.abs(value - right.split(",")[i])), 0);
  check(apart <= 1, `at 1 it is the right digit: ${apart} grey levels apart`);
  await keys(`input[aria-label="${t}"]`, "Home", "ArrowRight");
  check((await pictures())[1] !== between, "a key moves along");
  await (await part('button[aria-label*="right"]')).click();
  check((await pictures())[2] !== right, "another noise, another digit");
  await keys('button[aria-label*="left"]', "Enter");
  check((await pictures())[0] !== left, "another noise at the left, by a key");
};
