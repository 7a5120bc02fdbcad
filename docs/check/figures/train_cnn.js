"use strict";
const fs = require("fs");
const path = require("path");

const root = path.resolve(__dirname, "../../..");
const figure = '[data-figure="train_cnn"]';
const long = { timeout: 300000 };

module.exports = async (page, check) => {
  const phone = page.plaingrad.width < 500;
  const at = (name) => `${figure} [data-value="${name}"]`;
  const text = (name) => page.$eval(at(name), (element) => element.textContent);
  const press = (label) => page.evaluate((where, wanted) => [...document.querySelectorAll(`${where} button, ${where} summary`)]
    .find((button) => button.textContent.includes(wanted) && !button.disabled).click(), figure, label);
  const focus = (label) => page.evaluate((where, wanted) => [...document.querySelectorAll(`${where} button`)]
    .find((button) => button.textContent.includes(wanted)).focus(), figure, label);
  const until = (name, wanted) => page.waitForFunction((where, part) => document.querySelector(where).textContent.includes(part), long, at(name), wanted);
  const logits = async (last) => {
    await page.waitForFunction((where, before) => ![undefined, before].includes(document.querySelector(where).dataset.logits), long, `${figure} .bars`, last);
    return page.$eval(`${figure} .bars`, (element) => element.dataset.logits);
  };

  const scripts = await page.evaluate(() => [...document.scripts].map((script) => script.src).filter((src) => src.includes("/interactive/")));
  const bytes = scripts.reduce((sum, src) => sum + fs.statSync(new URL(src)).size, 0);
  check(bytes < 700e3, `the page's scripts stay below 700 kB before anything is asked for (${bytes})`);

  // An epoch, as chapter 8's program trains it on a processor without fused multiply-add.
  const untrained = await logits();
  await press("Train");
  await page.waitForFunction((where) => document.querySelector(where).dataset.epochs, long, figure);
  await focus("Stop");
  await page.keyboard.press("Enter");
  await until("status", "Stopped");
  const [epoch] = JSON.parse(await page.$eval(figure, (element) => element.dataset.epochs));
  const section = page.plaingrad.expected("chapter8_without_fma").split("==== [8.4]")[1];
  const expected = section.match(/^ +1 +(\S+) +(\S+) % +(\S+) +(\S+) %/m).slice(1);
  const found = [epoch.loss.toFixed(4), (100 * epoch.accuracy).toFixed(2), epoch.validation_loss.toFixed(4), (100 * epoch.validation_accuracy).toFixed(2)];
  check(found.join() === expected.join(), `epoch 1 is ${expected.join(", ")} (${found.join(", ")})`);
  check(await text("test accuracy") === `${expected[3]} %`, "the test accuracy is shown");

  const stopped = await text("status");
  await press("Go on");
  await page.waitForFunction((where, before) => /^Epoch/.test(document.querySelector(where).textContent), long, at("status"));
  check(await page.$$eval(`${figure} polyline.trace`, (lines) => lines.length > 0), "the curve grows");
  await press("Stop");
  await until("status", "Stopped");
  await press("Start anew");
  await until("status", "seed 1");
  check(stopped.startsWith("Stopped in epoch") && await text("epoch") === "–", "a new training begins at nothing");
  check(await page.$eval(`${figure} .bars`, (element) => element.dataset.logits) === untrained, "its weights are those of the first");

  // The committed weights: the logits that a test of the library knows.
  await press("Load the trained network");
  await until("status", "after 20 epochs");
  const known = page.plaingrad.expected("cnn_logits").trim().split("\n").map((line) => line.split(" ").map(Number));
  let last = untrained;
  for (const [i, row] of known.entries()) {
    if (i === 1) {  // the first by keyboard, the others by mouse
      await page.focus(`${figure} .steps input`);
      await page.keyboard.press("ArrowRight");
    } else if (i > 1) await page.$eval(`${figure} button[aria-label="The next digit"]`, (button) => button.click());
    last = await logits(i === 0 ? untrained : last);
    const numbers = last.split(" ").map(Number), size = Math.max(...row.map(Math.abs));
    check(numbers.every((value, c) => Math.abs(value - row[c]) <= 1e-5 * size), `the logits of test digit ${i + 1} are the program's (${numbers})`);
    const predicted = row.indexOf(Math.max(...row));
    await until("verdict", `a ${predicted} (`);
    check(await text("label") === String(predicted), `digit ${i + 1} is taken for what it is`);
  }
  check(await page.$$eval(`${figure} .maps canvas`, (maps) => maps.length === 32 && maps.filter((map) =>
    map.getContext("2d").getImageData(0, 0, 26, 26).data.some((value, i) => i % 4 === 0 && value === 255)).length > 20), "feature maps are drawn, each up to white");

  // A drawing: by mouse or finger, by keyboard.
  await press("Draw one");
  await until("verdict", "Draw a digit");
  await page.$eval(`${figure} .pad`, (pad) => pad.scrollIntoView({ block: "center" }));
  const box = await (await page.$(`${figure} .pad`)).boundingBox();
  const stroke = [[0.1, 0.1], [0.25, 0.1], [0.4, 0.1], [0.34, 0.25], [0.28, 0.4], [0.24, 0.55]].map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
  if (phone) {
    await page.touchscreen.touchStart(...stroke[0]);
    for (const point of stroke) await page.touchscreen.touchMove(...point);
    await page.touchscreen.touchEnd();
  } else {
    await page.mouse.move(...stroke[0]);
    await page.mouse.down();
    for (const point of stroke) await page.mouse.move(...point, { steps: 4 });
    await page.mouse.up();
  }
  await until("verdict", "a 7 (");
  const seen = () => page.$eval(`${figure} .seen canvas`, (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
    let mass = 0, row = 0, column = 0;
    for (let i = 0; i < 784; ++i) {
      mass += data[4 * i];
      row += data[4 * i] * (Math.floor(i / 28) + 0.5);
      column += data[4 * i] * (i % 28 + 0.5);
    }
    return [row / mass, column / mass];
  });
  check((await seen()).every((place) => Math.abs(place - 14.5) < 0.1), "prepared as MNIST's images, its centre of mass is in the middle");
  const before = await page.$eval(`${figure} .bars`, (element) => element.dataset.logits);
  await focus("Prepare as MNIST");
  await page.keyboard.press("Space");
  await logits(before);
  check((await seen()).every((place) => place < 11), "as it is, it stays in its corner");
  await press("Clear");
  await until("verdict", "Draw a digit");
  await page.focus(`${figure} .pad`);
  await page.keyboard.press("Space");
  for (let i = 0; i < 6; ++i) await page.keyboard.press("ArrowDown");
  await until("verdict", "It takes this for");
  await page.keyboard.press("Delete");
  await until("verdict", "Draw a digit");

  // Files of one's own.
  const chooser = await page.$(`${figure} input[type=file]`);
  const names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"].map((name) => path.join(root, "tests/data/mnist", `${name}-ubyte.gz`));
  await chooser.uploadFile(...names);
  await until("status", "1,000 digits to learn from, 500 to test with");
  await chooser.uploadFile(...names.slice(0, 3));
  await until("status", "missing: test labels");
  await chooser.uploadFile(path.join(root, "tests/data/README.md"));
  await until("status", "README.md is none of MNIST's files");

  // A rate that rises and falls.
  await page.focus(`${figure} [role=radiogroup][aria-label="How"] [aria-checked=true]`);
  await page.keyboard.press("ArrowRight");
  await until("status", "New weights");
  await press("Train");
  await page.waitForFunction((where) => document.querySelector(where).textContent.endsWith("of 16"), long, at("status"));
  if (phone) return;  // once is enough of what takes longest
  await until("status", "this training is over");
  check(await text("epoch") === "28" && parseFloat(await text("test accuracy")) > 93, `437 steps are 28 epochs of 1,000 digits (${await text("epoch")}, ${await text("test accuracy")})`);
  check(await page.$$eval(`${figure} button[disabled]`, (buttons) => buttons.some((button) => button.textContent === "Train")), "and there is no going on");
  await press("as in the report");
  await until("status", "New weights");
  check(await page.$$eval(`${figure} button[disabled]`, (buttons) => buttons.length === 0), "the report's way can be had again");

  await press("same bits");
  await press("Compare");
  await page.waitForSelector(at("same bits"), long);
  check(await text("same bits") === "The same, to the last bit.", "the bits are the same");
  const promised = [...fs.readFileSync(path.join(root, "src/training/fingerprint.cpp"), "utf8").matchAll(/0x([0-9a-f]{16})/g)].slice(4).map((match) => match[1]);
  const hashes = await page.$$eval(`${figure} .hashes tr td:nth-child(3)`, (cells) => cells.map((cell) => cell.textContent));
  check(promised.length === 4 && hashes.join() === promised.join(), `the hashes are those of chapter 7 without fused multiply-add (${hashes})`);
};
