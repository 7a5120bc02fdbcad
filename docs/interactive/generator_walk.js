"use strict";
// Section 8.8: a walk from one noise to another, and the digit that the trained generator makes of each point of it.

Plaingrad.figure("generator_walk", async (place) => {
  const { element, slider, script, style, load } = Plaingrad;
  await Promise.all([script("generator.js"), style("generator_walk.css")]);
  if (!Plaingrad.generator) {  // not trained yet
    place.hidden = true;
    return;
  }

  const size = (Plaingrad.generator.bytes / 1e6).toFixed(1);
  const button = element("button", { type: "button", onclick: begin }, `Get the trained generator (${size} MB)`);
  place.append(button);

  async function begin() {
    button.disabled = true;
    button.textContent = "One moment \u2026";
    const [module] = await Promise.all([load("generator_walk"), script("generator_weights.js")]);
    const walk = new module.Walk();
    for (const { name, scale, values } of Plaingrad.generator.tensors)
      walk.load(name, Uint8Array.from(atob(values), (each) => each.charCodeAt(0)), scale ?? 0);
    draw(walk);
  }

  function draw(walk) {
    let last = 2, seeds = [1, 2], t = 0.5;
    const paper = (name) => element("canvas", { width: 28, height: 28, role: "img", "aria-label": name });
    const ends = [paper("digit at the left end"), paper("digit at the right end")], between = paper("digit in between");

    function paint(canvas, a, b, at) {
      const context = canvas.getContext("2d"), image = context.createImageData(28, 28);
      walk.digit(a, b, at).forEach((value, i) => {
        // White on black, as MNIST is.
        image.data.set([0, 1, 2].map(() => 127.5 * (value + 1)).concat(255), 4 * i);
      });
      context.putImageData(image, 0, 0);
    }
    const show_ends = () => ends.forEach((canvas, i) => paint(canvas, seeds[i], seeds[i], 0));
    const show = () => paint(between, ...seeds, t);
    const another = (i) => element("button", { type: "button", "aria-label": `another noise at the ${i ? "right" : "left"} end`, onclick: () => {
      seeds[i] = ++last;
      show_ends();
      show();
    } }, "Another");

    place.replaceChildren(
      element("div", { class: "walk" },
        element("div", {}, ends[0], another(0)), element("div", { class: "between" }, between), element("div", {}, ends[1], another(1))),
      slider({ label: "t", name: "how far from the left noise to the right one", min: 0, max: 1, step: 0.01, value: t }, (value) => {
        t = value;
        show();
      }));
    show_ends();
    show();
  }
});
