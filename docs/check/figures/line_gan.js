"use strict";
// The GAN on the real line against what chapter 6 prints: the same numbers at the same steps.
const hands = require("../hands.js");

module.exports = async (page, check) => {
  const { press, set, keys, text, part, wait } = hands(page, "line_gan");
  const printed = page.plaingrad.expected("chapter6");
  const keys_of = ["mean", "deviation", "distance", "D_real", "D_generated", "V", "best_V"];
  const row = (name) => printed.match(new RegExp(`^ +${name} +(-?\\d+\\.\\d+.*)$`, "m"))[1].trim().split(/ +/);
  const compare = async (name) => {
    const values = row(name);
    for (let i = 0; i < keys_of.length; i++)
      check(await text(keys_of[i]) === values[i], `${name}: ${keys_of[i]} is ${values[i]}, not ${await text(keys_of[i])}`);
  };
  const distance = async (name, at, found) => {
    const columns = [0, 100, 200, 500, 1000, 1500], line = printed.split("\n").find((each) => each.trim().startsWith(`${name} `));
    const value = line.trim().slice(name.length).trim().split(/ +/)[columns.indexOf(at)];
    check(found === value, `${name}, step ${at}: distance ${value}, not ${found}`);
  };

  await set("k, steps of D for one of G", 2);
  await compare("0");
  await press("100 steps");
  await compare("100");
  await press("100 steps");
  await compare("200");
  for (let i = 0; i < 3; i++) await press("100 steps");
  await compare("500");
  await press("Restart");
  for (let i = 0; i < 3; i++) await press("500 steps of D alone");
  await compare("D only");

  // From far apart, k = 1, and D with a head start of 500 steps.
  await keys('input[aria-label^="k,"]', "ArrowLeft");
  await press("far, \u22123");
  await press("plain descent");
  await press("log(1 \u2212 D)");
  await press("500 steps of D alone");
  await press("100 steps");
  await distance("log(1 - D), plain descent", 100, await text("distance"));
  await keys('[aria-label="Loss of the generator"] [aria-checked="true"]', "ArrowLeft");
  await press("500 steps of D alone");
  await press("100 steps");
  await distance("-log D, plain descent", 100, await text("distance"));
  await keys('[aria-label="Optimizer of the generator"] [aria-checked="true"]', "ArrowLeft");
  await press("100 steps");
  await distance("k = 1", 100, await text("distance"));

  // Run, pause, one step by keyboard; another seed is another game.
  await keys('input[aria-label^="steps between"]', "Home");
  await press("Restart");
  const first = await text("V");
  await press("Run");
  await wait(() => Number(document.querySelector('[data-figure="line_gan"] [data-value="step"]').textContent) > 2);
  await press("Pause");
  const paused = Number(await text("step"));
  await (await (await part("button:nth-of-type(2)"))).focus();
  await page.keyboard.press("Enter");
  check(Number(await text("step")) === paused + 1, `one step after ${paused} is ${paused + 1}, not ${await text("step")}`);
  await keys('input[aria-label="seed"]', "ArrowUp", "Tab");
  check(await text("step") === "0" && await text("V") !== first, "another seed begins another game");
  await set("seed", 1);
  check(await text("V") === first, "the same seed begins the same game");
};
