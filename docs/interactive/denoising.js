"use strict";
// Section 5.2: a digit, noise, and what restores it: the median filter and three autoencoders, each trained on another noise.

Plaingrad.figure("denoising", async (place) => {
  await Plaingrad.script("worker.js");
  await Plaingrad.script("drawing.js");
  const { element, number, embeddedFile, embeddedFiles, drawing } = Plaingrad;
  const trainedOn = Object.keys(await embeddedFiles("autoencoder_weights")).sort();
  if (!trainedOn.length) {  // section 8.7 has not been trained yet
    place.hidden = true;
    return;
  }
  const call = await Plaingrad.worker("networks");

  const megabytes = "1.3 MB";
  let noise = 0.6, draw = 1, cnn = false, digit = null;
  const names = [["original", "Original"], ["noisy", "Noisy"], ["median", "Median filter"],
    ...trainedOn.map((sigma) => [`autoencoder ${sigma}`, `Autoencoder ${sigma}`])];
  const cards = names.map(([key, title]) => {
    const picture = drawing.picture(title), psnr = element("output", { "data-value": `psnr ${key}` }), verdict = element("output", { class: "verdict", "data-value": `cnn ${key}` });
    return { picture, psnr, verdict, card: element("div", { class: "card", "data-picture": key }, element("h4", {}, title), picture, psnr, verdict) };
  });

  const input = drawing.input(call, 500, show);
  async function show(next = digit) {
    digit = next;
    const rows = await call("denoise", digit.pixels, noise, draw, cnn);
    rows.forEach((row, i) => {
      const { picture, psnr, verdict, card } = cards[i];
      picture.show(row.pixels);
      picture.pixels = row.pixels;
      psnr.textContent = i === 0 ? "" : row.psnr === Infinity ? "the same" : `${number(row.psnr, 1)} dB`;
      if (!cnn) return;
      const { predicted, probabilities } = row.cnn, known = digit.label !== null, right = predicted === digit.label;
      verdict.textContent = `${known ? (right ? "✓ " : "✗ ") : ""}${predicted}, ${number(100 * probabilities[predicted], 1)} %`;
      card.classList.toggle("right", known && right);
      card.classList.toggle("wrong", known && !right);
    });
  }

  const slider = Plaingrad.slider({ label: "Noise", name: "Noise: standard deviation", min: 0, max: 1.5, step: 0.05, value: noise, decimals: 2 }, (value) => {
    noise = value;
    input.update();
  });
  slider.querySelector("input").dataset.value = "noise";
  const again = element("button", { type: "button", onclick: () => {
    ++draw;
    input.update();
  } }, "Another noise");
  const trouble = element("p", { class: "trouble", role: "status" });
  const ask = element("button", { type: "button", onclick: async () => {
    ask.disabled = true;
    ask.textContent = "Loading ...";
    try {
      await call("load_cnn", await embeddedFile("cnn_weights", "weights"));
      cnn = true;
      ask.remove();
      await input.update();
    } catch (error) {
      trouble.textContent = error.message;
      ask.disabled = false;
      ask.textContent = `Ask the CNN (${megabytes})`;
    }
  } }, `Ask the CNN what it sees (${megabytes})`);

  place.classList.add("networks");
  place.append(
    element("p", {}, "Add noise to a digit, and compare what removes it."),
    element("div", { class: "columns denoising" },
      element("div", {}, input),
      element("div", {}, slider, element("div", { class: "buttons" }, again, ask), trouble, element("div", { class: "cards" }, ...cards.map(({ card }) => card)),
        element("p", { class: "note" }, "dB: peak signal-to-noise ratio, 10 dB for an error ten times smaller. The number of an autoencoder is the noise that it was trained on."))));
  await call("read_images", "test", await embeddedFile("mnist_test", "images"), await embeddedFile("mnist_test", "labels"));
  for (const sigma of trainedOn) await call("add_autoencoder", await embeddedFile("autoencoder_weights", sigma));
  await input.update();
});
