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
  const hands = {
    part,
    button,
    // With the mouse, or with a finger where there is one.
    press: async (text) => (page.viewport().hasTouch ? (await button(text)).tap() : (await button(text)).click()),
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
    // A touch in an area of a plot, at fractions of its width and height from the left and from above.
    touch: async (selector, across, down) => {
      const area = await part(selector);
      await area.evaluate((element) => element.scrollIntoView({ block: "center" }));
      const box = await area.boundingBox();
      const at = [box.x + across * box.width, box.y + down * box.height];
      if (page.viewport().hasTouch) await page.touchscreen.tap(...at);
      else await page.mouse.click(...at);
    },
    text: (value) => page.$eval(`${figure} [data-value="${value}"]`, (element) => element.textContent.replace(/\u2212/g, "-").trim()),
    number: async (value) => Number(await hands.text(value)),
    wait: (condition, ...values) => page.waitForFunction(condition, { timeout: 30000 }, ...values),
  };
  return hands;
};
