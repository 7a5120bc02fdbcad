"use strict";
const figure = '[data-figure="denoising"]';
const long = { timeout: 120000 };

// ---- the autoencoder of section 7.3.2 once more, in loops and in double
function tensors(base64) {
  const file = Buffer.from(base64, "base64"), length = Number(file.readBigUInt64LE(0)), header = JSON.parse(file.subarray(8, 8 + length));
  return (name) => {
    const [first, last] = header[name].data_offsets;
    return { shape: header[name].shape, at: (i) => file.readFloatLE(8 + length + first + 4 * i), count: (last - first) / 4 };
  };
}

// Padding `same`; for a stride of 2 and an even size the extra row and column are at the end.
function layer(image, size, kernel, bias, stride, transposed) {
  const [, , a, b] = kernel.shape, [inputs, outputs] = transposed ? [b, a] : [a, b];
  const out = transposed ? size * stride : size / stride, before = stride === 1 ? 1 : 0;
  const result = Array.from({ length: out * out * outputs }, (_, i) => bias.at(i % outputs));
  const [large, small] = transposed ? [out, size] : [size, out];
  for (let r = 0; r < small; ++r) for (let c = 0; c < small; ++c) for (let k = 0; k < 9; ++k) {
    const y = r * stride + Math.floor(k / 3) - before, x = c * stride + k % 3 - before;
    if (y < 0 || x < 0 || y >= large || x >= large) continue;
    const [from, to] = transposed ? [r * size + c, y * out + x] : [y * size + x, r * out + c];
    for (let i = 0; i < inputs; ++i) for (let o = 0; o < outputs; ++o)
      result[to * outputs + o] += image[from * inputs + i] * kernel.at((k * a + (transposed ? o : i)) * b + (transposed ? i : o));
  }
  return result.map((value) => Math.max(0, value));
}

function restored(noisy, base64) {
  const weights = tensors(base64);
  let image = noisy, size = 28;
  for (const [name, stride, transposed] of [["conv2d", 2, false], ["conv2d_1", 2, false], ["conv2d_transpose", 2, true], ["conv2d_transpose_1", 2, true], ["conv2d_2", 1, false]]) {
    image = layer(image, size, weights(`${name}/kernel`), weights(`${name}/bias`), stride, transposed);
    size = transposed ? size * stride : size / stride;
  }
  return image;
}

function median(image) {
  const inside = (i) => Math.min(27, Math.max(0, i));
  return image.map((_, i) => Array.from({ length: 9 }, (_, k) => image[28 * inside(Math.floor(i / 28) + Math.floor(k / 3) - 1) + inside(i % 28 + k % 3 - 1)])
    .sort((a, b) => a - b)[4]);
}

const furthest = (a, b) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));

module.exports = async (page, check) => {
  if (await page.$eval(figure, (element) => element.hidden)) {
    check((await page.evaluate(() => Object.keys(Plaingrad.embedded.autoencoder_weights))).length === 0, "the figure is left out only while there are no weights");
    return;
  }
  const pictures = () => page.$$eval(`${figure} .card`, (cards) => Object.fromEntries(cards.map((card) => [card.dataset.picture, Array.from(card.querySelector("canvas").pixels)])));
  const text = (name) => page.$eval(`${figure} [data-value="${name}"]`, (element) => element.textContent);
  const press = (label) => page.evaluate((where, wanted) => [...document.querySelectorAll(`${where} button`)].find((button) => button.textContent.includes(wanted)).click(), figure, label);
  const changed = (before) => page.waitForFunction((where, old) => document.querySelector(where).pixels.join() !== old, long, `${figure} [data-picture=noisy] canvas`, before.map(Math.fround).join());

  // Each picture, computed here in another way.
  const shown = await pictures();
  const weights = await page.evaluate(() => Plaingrad.embedded.autoencoder_weights);
  check(furthest(shown.median, median(shown.noisy)) === 0, "the median filter gives the medians");
  for (const sigma of Object.keys(weights))
    check(furthest(shown[`autoencoder ${sigma}`], restored(shown.noisy, weights[sigma])) < 1e-5, `the autoencoder of ${sigma} gives what its weights say`);
  for (const [name, pixels] of Object.entries(shown).slice(1)) {
    const error = pixels.reduce((sum, value, i) => sum + (value - shown.original[i]) ** 2, 0) / 784;
    check(Math.abs(parseFloat(await text(`psnr ${name}`)) + 10 * Math.log10(error)) < 0.0501, `the signal-to-noise ratio of ${name}`);
  }
  check(shown.noisy.every((value) => value >= 0 && value <= 1), "noise is clipped to black and white");

  // More noise by keyboard, another one, none.
  const slider = `${figure} input[data-value="noise"]`;
  await page.focus(slider);
  await page.keyboard.press("ArrowRight");
  await changed(shown.noisy);
  check(await page.$eval(slider, (input) => input.value) === "0.65", "the slider moves by 0.05");
  const more = (await pictures()).noisy;
  await press("Another noise");
  await changed(more);
  const other = (await pictures()).noisy;
  await page.focus(slider);
  await page.keyboard.press("Home");
  await changed(other);
  const clean = await pictures();
  check(furthest(clean.noisy, clean.original) === 0 && await text("psnr noisy") === "the same", "without noise the image is as it was");

  await press("Ask the CNN");
  await page.waitForFunction((where) => document.querySelector(where).textContent, long, `${figure} [data-value="cnn original"]`);
  check(await text("cnn original") === "✓ 7, 100.0 %", "the CNN recognises the first test digit");
  check((await page.$$eval(`${figure} .card .verdict`, (verdicts) => verdicts.filter((verdict) => /^[✓✗] \d, [\d.]+ %$/.test(verdict.textContent)).length)) === Object.keys(shown).length,
    "it says what it takes each picture for");

  // A drawing by keyboard.
  await press("Draw one");
  await changed(clean.noisy);
  const empty = (await pictures()).noisy;
  check(empty.every((value) => value === 0), "an empty sheet is black");
  await page.focus(`${figure} .pad`);
  await page.keyboard.press("Space");
  for (let i = 0; i < 4; ++i) await page.keyboard.press("ArrowDown");
  await changed(empty);
  check(!/[✓✗]/.test(await text("cnn original")), "whether a drawing is taken for the right digit, nobody but its author knows");
};
