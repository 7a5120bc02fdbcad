"use strict";
// What the checks of the figures do with a figure: press, set, read.

module.exports = (page, name) => {
  const figure = `[data-figure="${name}"]`;
  const part = (selector) => page.$(`${figure} ${selector}`);
  const button = async (text) => {
    for (const each of await page.$$(`${figure} button`))
      if ((await each.evaluate((element) => element.textContent)) === text) return each;
    throw new Error(`there is no button "${text}"`);
  };
  // Where an element comes to rest: a formula above it may still be growing, and a touch would land elsewhere.
  const rest = async (element) => {
    await element.evaluate((each) => each.scrollIntoView({ block: "center" }));
    let box, still = 0;
    while (still < 12) {
      const before = box;
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      box = await element.boundingBox();
      still = before?.y === box.y && before?.x === box.x ? still + 1 : 0;
    }
    return box;
  };
  // With the mouse, or with a finger where there is one, at fractions of its width and height from the left and from above.
  const touch = async (element, across = 0.5, down = 0.5) => {
    const box = await rest(element);
    const at = [box.x + across * box.width, box.y + down * box.height];
    await (page.viewport().hasTouch ? page.touchscreen.tap(...at) : page.mouse.click(...at));
  };
  const hands = {
    part,
    button,
    // A button by its text.
    press: async (text) => touch(await button(text)),
    // Whatever the selector finds.
    touch: async (selector, across, down) => touch(await part(selector), across, down),
    // Of a group of buttons one, counted from 0.
    option: (group, index) => hands.touch(`[aria-label="${group}"] button:nth-child(${index + 1})`),
    // A slider at a value, as if it had been moved there.
    set: async (label, value) => {
      const slider = await part(`input[aria-label="${label}"]`);
      await slider.evaluate((element, to) => {
        element.value = to;
        element.dispatchEvent(new Event("input", { bubbles: true }));
        element.dispatchEvent(new Event("change", { bubbles: true }));
      }, value);
    },
    // Keys, on what the selector finds.
    keys: async (selector, ...keys) => {
      await (await part(selector)).evaluate((element) => element.focus());
      for (const key of keys) await page.keyboard.press(key);
    },
    text: (value) => page.$eval(`${figure} [data-value="${value}"]`, (element) => element.textContent.replace(/\u2212/g, "-").trim()),
    // Of what a program has printed, the rows below the line that begins with `title`: all their numbers.
    printedBelow: (printed, title) => {
      const lines = printed.split("\n"), from = lines.findIndex((each) => each.startsWith(title)) + 1;
      const rows = lines.slice(from), end = rows.findIndex((line) => !line.trim());
      return rows.slice(0, end < 0 ? rows.length : end).map((line) => line.match(/-?[\d.]+/g).map(Number));
    },
    number: async (value) => Number(await hands.text(value)),
    wait: (condition, ...values) => page.waitForFunction(condition, { timeout: 30000 }, ...values),
  };
  return hands;
};
