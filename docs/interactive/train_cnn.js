"use strict";
// The CNN of section 7.3.1, trained in the page: its curves, what its first layer makes of a digit, and the digit's predicted class.

Plaingrad.figure("train_cnn", async (place) => {
  await Plaingrad.script("worker.js");
  await Plaingrad.script("drawing.js");
  const { element, number, embeddedFile, embeddedFiles, unpacked, drawing } = Plaingrad;
  const call = await Plaingrad.worker("networks");

  const megabytes = "1.3 MB";
  let running = false, busy = false, begun = false, ready = false, quick = false, trace = [], epochs = [];

  // ---- elements
  const status = element("p", { class: "status", role: "status", "data-value": "status" }, "The network has learned nothing yet.");
  const button = (text, press) => element("button", { type: "button", onclick: () => guarded(press) }, text);
  const way = Plaingrad.choice("How", [[false, "as in the report"], [true, "in a hurry"]], quick, (value) => guarded(() => {
    quick = value;
    return startAnew();
  }));
  const train = button("Train", toggle);
  const anew = button("Start anew", startAnew);
  const trained = button(`Load the trained network (${megabytes})`, loadTrained);
  const chosen = element("input", { type: "file", multiple: true, class: "unseen", "aria-label": "The files of MNIST", onchange: () => guarded(() => takeFiles(chosen.files)) });
  const files = element("label", { class: "drop" }, chosen, element("span", {}, "All of MNIST: drop its four files here, or choose them (IDX, also .gz)"));
  const values = {};
  const value = (name, label) => element("div", { class: "value" }, element("span", {}, label), values[name] = element("output", { "data-value": name }, "–"));
  const accuracyCurve = curve("Accuracy in %"), lossCurve = curve("Loss");
  const bars = drawing.bars("Probabilities of the ten digits"), verdict = element("p", { class: "verdict", "data-value": "verdict" });
  const maps = Array.from({ length: 32 }, (_, i) => drawing.picture(`feature map ${i + 1}`, 26));
  const input = drawing.input(call, 500, look);
  let digit = null;

  // ---- training
  function say(text, isTrouble = false) {
    status.textContent = text;
    status.classList.toggle("trouble", isTrouble);
  }
  async function guarded(action) {
    try {
      await action();
    } catch (error) {
      running = false;
      train.textContent = begun ? "Go on" : "Train";
      say(`${error.message ?? error}`, true);
    }
  }

  async function readSample() {
    if (ready) return;
    say("Loading 1,000 digits ...");
    await call("read_images", "train", await embeddedFile("mnist_train", "images"), await embeddedFile("mnist_train", "labels"));
    ready = true;
  }

  async function toggle() {
    if (running) {
      running = false;
      return;
    }
    if (busy) return;
    await readSample();
    running = busy = begun = true;
    train.textContent = "Stop";
    let state = {};
    try {
      while (running && !state.finished) show(state = await call("train", 100));
    } finally {
      running = busy = false;
      train.textContent = "Go on";
    }
    if (state.finished) return end();
    say(`Stopped in epoch ${values.epoch.textContent}. Nothing is lost: go on when you like.`);
  }

  // The rate has fallen to zero: training cannot be resumed.
  function end() {
    begun = false;
    train.disabled = true;
    train.textContent = "Train";
    say(`The rate has fallen to nothing: this training is over, with ${values["test accuracy"].textContent} of the test digits right.`);
  }

  async function halted() {
    running = false;
    while (busy) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async function startAnew() {
    await halted();
    await call("start", quick);
    train.disabled = false;
    trace = [];
    epochs = [];
    begun = false;
    train.textContent = "Train";
    for (const output of Object.values(values)) output.textContent = "–";
    say("New weights, drawn from seed 1. The network has learned nothing yet.");
    drawCurves();
    await input.update();
  }

  const percent = (share) => number(100 * share, 2);
  const thousands = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
  let speed = { images: 0, seconds: 0 };

  function show(state) {
    const { epoch } = state, whole = state.epochs === epoch.number;
    values.epoch.textContent = epoch.number;
    values.loss.textContent = number(epoch.loss, 4);
    values.accuracy.textContent = `${percent(epoch.accuracy)} %`;
    if (whole) {
      epochs.push(epoch);
      place.dataset.epochs = JSON.stringify(epochs);
      values["test loss"].textContent = number(epoch.validation_loss, 4);
      values["test accuracy"].textContent = `${percent(epoch.validation_accuracy)} %`;
    }
    // Over about the last second.
    if (state.tested === 0) {
      const old = speed.seconds > 1 ? 0.5 : 1;
      speed = { images: old * speed.images + state.images, seconds: old * speed.seconds + state.seconds };
      values.speed.textContent = thousands(Math.round(speed.images / speed.seconds));
    }
    say(state.tested > 0 && !whole ? `Epoch ${epoch.number}: looking at the test digits ...` : `Epoch ${epoch.number}, step ${state.step} of ${state.steps}`);
    trace.push({ x: epoch.number - 1 + state.step / state.steps, epoch: epoch.number, loss: epoch.loss, accuracy: epoch.accuracy });
    drawCurves();
    input.update();
  }

  async function loadTrained() {
    await halted();
    say(`Loading ${megabytes} ...`);
    const record = JSON.parse((await embeddedFiles("cnn_weights")).record);
    await call("load_cnn", await embeddedFile("cnn_weights", "weights"));
    quick = train.disabled = false;
    way.set(quick);
    const { history } = record;
    epochs = history.loss.map((loss, i) => ({ number: i + 1, loss, accuracy: history.accuracy[i], validation_loss: history["validation loss"][i], validation_accuracy: history["validation accuracy"][i] }));
    trace = [];
    begun = false;
    train.textContent = "Train";
    drawCurves();
    await input.update();
    say(`The network of section 8.4, after ${epochs.length} epochs with all 60,000 digits. It has ${percent(await call("test_accuracy"))} % of the test digits here right.`);
    const last = epochs.at(-1);
    values.epoch.textContent = last.number;
    values.loss.textContent = number(last.loss, 4);
    values.accuracy.textContent = `${percent(last.accuracy)} %`;
    values["test loss"].textContent = number(last.validation_loss, 4);
    values["test accuracy"].textContent = `${percent(last.validation_accuracy)} %`;
    values.speed.textContent = "–";
  }

  // ---- the reader's own files
  async function takeFiles(list) {
    await halted();
    const kinds = { "train images": null, "train labels": null, "test images": null, "test labels": null };
    for (const file of list) {
      const part = /train/i.test(file.name) ? "train" : /t10k|test/i.test(file.name) ? "test" : null;
      const kind = /image|idx3/i.test(file.name) ? "images" : /label|idx1/i.test(file.name) ? "labels" : null;
      if (!part || !kind) throw new Error(`${file.name} is none of MNIST's files: their names are train-images-idx3-ubyte and so on.`);
      kinds[`${part} ${kind}`] = file;
    }
    const missing = Object.keys(kinds).filter((kind) => !kinds[kind]);
    if (missing.length) throw new Error(`All four files are needed; missing: ${missing.join(", ")}.`);
    say("Reading ...");
    const counts = {};
    for (const part of ["train", "test"]) {
      const [images, labels] = await Promise.all(["images", "labels"].map(async (kind) => unpacked(new Uint8Array(await kinds[`${part} ${kind}`].arrayBuffer()))));
      counts[part] = await call("read_images", part, images, labels);
    }
    ready = true;
    input.count(counts.test);
    await startAnew();
    say(`${thousands(counts.train)} digits to learn from, ${thousands(counts.test)} to test with.`);
  }
  for (const event of ["dragover", "drop"]) files.addEventListener(event, (dropped) => {
    dropped.preventDefault();
    if (event === "drop") guarded(() => takeFiles(dropped.dataTransfer.files));
  });

  // ---- curves
  function curve(title) {
    const svg = element("svg", { viewBox: "0 0 360 172", role: "img", "aria-label": title });
    const box = { left: 44, right: 352, top: 24, bottom: 140 };
    svg.show = (lines, low, high, last, decimals) => {
      const x = (epoch) => box.left + (box.right - box.left) * epoch / last;
      const y = (v) => box.bottom - (box.bottom - box.top) * (Math.min(high, Math.max(low, v)) - low) / (high - low);
      const parts = [element("text", { x: box.left, y: 14 }, title), element("text", { x: box.right, y: 170, "text-anchor": "end" }, "epoch")];
      for (let i = 0; i <= 2; ++i) {
        const v = low + (high - low) * i / 2;
        parts.push(element("line", { class: "grid", x1: box.left, x2: box.right, y1: y(v), y2: y(v) }),
          element("text", { x: box.left - 6, y: y(v) + 4, "text-anchor": "end" }, number(v, decimals)));
      }
      const every = Math.ceil(last / 5);
      for (let epoch = 0; epoch <= last; epoch += every) parts.push(element("text", { x: x(epoch), y: 156, "text-anchor": "middle" }, String(epoch)));
      for (const { points, kind, dots } of lines) {
        if (points.length) parts.push(element("polyline", { class: kind, points: points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ") }));
        if (dots) parts.push(...points.map(([a, b]) => element("circle", { class: kind, cx: x(a), cy: y(b), r: 3.5 })));
      }
      svg.replaceChildren(...parts);
    };
    return svg;
  }

  function drawCurves() {
    const last = Math.max(5, epochs.length + (trace.length && trace.at(-1).epoch > epochs.length ? 1 : 0));
    const runs = [...new Set(trace.map((point) => point.epoch))].map((epoch) => trace.filter((point) => point.epoch === epoch));
    const lines = (name, scale) => [
      ...runs.map((run) => ({ kind: "trace", points: run.map((point) => [point.x, scale * point[name]]) })),
      { kind: "training", dots: true, points: epochs.map((epoch) => [epoch.number, scale * epoch[name]]) },
      { kind: "test", dots: true, points: epochs.map((epoch) => [epoch.number, scale * epoch[`validation_${name}`]]) }];
    const all = (name, scale) => lines(name, scale).flatMap(({ points }) => points.map(([, v]) => v));
    const low = [98, 95, 90, 80, 50].find((bound) => all("accuracy", 100).length && Math.min(...all("accuracy", 100)) >= bound) ?? 0;
    const high = [0.05, 0.1, 0.2, 0.5, 1].find((bound) => all("loss", 1).length && Math.max(...all("loss", 1)) <= bound) ?? 2.5;
    accuracyCurve.show(lines("accuracy", 100), low, 100, last, low === 95 ? 1 : 0);
    lossCurve.show(lines("loss", 1), 0, high, last, high < 0.1 ? 3 : 2);
  }

  // ---- the digit in front of the network
  async function look(next = digit) {
    digit = next;
    const [found, pictures] = [await call("classify", digit.pixels), await call("feature_maps", digit.pixels)];
    bars.show(found, digit.label);
    bars.dataset.logits = Array.from(found.logits).join(" ");
    const size = 26 * 26;
    maps.forEach((map, channel) => {
      const pixels = Float32Array.from({ length: size }, (_, i) => pictures[i * maps.length + channel]);
      map.show(pixels, pixels.reduce((a, b) => Math.max(a, b), 0));
    });
    const sure = `${number(100 * found.probabilities[found.predicted], 1)} %`;
    verdict.textContent = digit.empty ? "Draw a digit from 0 to 9." : `It takes this for a ${found.predicted} (${sure})` +
      (digit.label === null ? "." : found.predicted === digit.label ? ", and it is one." : `; it is a ${digit.label}.`);
  }

  // ---- chapter 7's hashes
  const hashes = element("div", { class: "hashes" });
  const compare = button("Compare", async () => {
    await halted();
    await readSample();
    compare.disabled = true;
    hashes.replaceChildren(element("p", {}, "Training all networks for a few steps: up to a minute ..."));
    try {
      const rows = await call("same_bits");
      const same = rows.every((row) => row.here === row.ours);
      hashes.replaceChildren(element("table", {}, element("tr", {}, ...["network", "steps", "here", "ours"].map((head) => element("th", {}, head))),
        ...rows.map((row) => element("tr", {}, ...[row.network, row.steps, row.here, row.ours].map((cell) => element("td", {}, String(cell)))))),
      element("p", { "data-value": "same bits" }, same ? "The same, to the last bit." : "This browser rounds differently somewhere."));
      say("");
    } finally {
      compare.disabled = false;
    }
  });

  place.classList.add("networks");
  place.append(
    element("div", { class: "columns" },
      element("div", {},
        way,
        element("div", { class: "buttons" }, train, anew, trained),
        status,
        element("div", { class: "values" }, value("epoch", "epoch"), value("speed", "images / s"), value("loss", "loss"), value("accuracy", "accuracy"),
          value("test loss", "test loss"), value("test accuracy", "test accuracy")),
        element("div", { class: "curves" }, accuracyCurve, lossCurve),
        element("p", { class: "legend" }, element("span", { class: "training" }, "● training"), " ", element("span", { class: "test" }, "● test"))),
      element("div", {}, input, verdict, bars)),
    element("p", { class: "note" }, "The digit after the first convolution and its ReLU: 32 feature maps. White is the greatest value of each."),
    element("div", { class: "maps" }, ...maps),
    files,
    element("details", {}, element("summary", {}, "Does this browser compute the same bits as the program of chapter 7?"),
      element("p", {}, compare, " its hashes with those promised for processors without fused multiply-add."), hashes));
  drawCurves();
  await call("read_images", "test", await embeddedFile("mnist_test", "images"), await embeddedFile("mnist_test", "labels"));
  await input.update();
});
