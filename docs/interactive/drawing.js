"use strict";
// Digits as the figures of networks show them: a picture of 28 x 28 pixels, a pad to draw on, bars for ten probabilities, and
// a panel for choosing a test digit or drawing one's own.
(() => {
  const { element, number, choice, style } = Plaingrad;
  style("networks.css");

  // ---- a picture: white on black, as in MNIST
  function picture(label, height = 28, width = height) {
    const canvas = element("canvas", { class: "digit", width, height, role: "img", "aria-label": label });
    const context = canvas.getContext("2d");
    // `white` is the value that is drawn white.
    canvas.show = (pixels, white = 1) => {
      const image = context.createImageData(width, height);
      for (let i = 0; i < width * height; ++i) image.data.set(Array(3).fill(white ? 255 * pixels[i] / white : 0).concat(255), 4 * i);
      context.putImageData(image, 0, 0);
    };
    return canvas;
  }

  // ---- the pad. change() is called while one draws; ink() gives the sheet, 0 paper ... 1 stroke
  const sheet = 280, stroke = 22, stride = 10;

  function pad(change) {
    const canvas = element("canvas", { class: "digit pad", width: sheet, height: sheet, tabindex: 0, role: "application",
      "aria-label": "A sheet to draw a digit on. Arrow keys move the pen, space puts it down and lifts it, Delete clears." });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const pen = element("span", { class: "pen", "aria-hidden": "true" });
    const whole = element("div", { class: "pad-frame" }, canvas, pen);
    let at = { x: sheet / 2, y: sheet / 2 }, down = false;

    function clear() {
      context.fillStyle = "black";
      context.fillRect(0, 0, sheet, sheet);
      change();
    }
    function to(x, y, draws) {
      if (draws) {
        context.strokeStyle = "white";
        context.lineWidth = stroke;
        context.lineCap = context.lineJoin = "round";
        context.beginPath();
        context.moveTo(at.x, at.y);
        context.lineTo(x, y);
        context.stroke();
        change();
      }
      at = { x, y };
      pen.style.left = `${100 * x / sheet}%`;
      pen.style.top = `${100 * y / sheet}%`;
    }
    const lift = (is) => {
      down = is;
      pen.classList.toggle("down", is);
    };
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [sheet * (event.clientX - box.left) / box.width, sheet * (event.clientY - box.top) / box.height];
    };
    let pointer = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (pointer !== null) return;
      pointer = event.pointerId;
      canvas.setPointerCapture(pointer);
      whole.classList.remove("keys");
      lift(false);
      to(...place(event), false);
      to(at.x, at.y + 0.1, true);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== pointer) return;
      for (const part of event.getCoalescedEvents?.() ?? []) to(...place(part), true);
      to(...place(event), true);
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => {
      if (event.pointerId === pointer) pointer = null;
    });
    canvas.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-stride, 0], ArrowRight: [stride, 0], ArrowUp: [0, -stride], ArrowDown: [0, stride] }[event.key];
      if (move) {
        const inside = (value) => Math.min(sheet, Math.max(0, value));
        to(inside(at.x + move[0]), inside(at.y + move[1]), down);
      } else if (event.key === " ") {
        lift(!down);
        if (down) to(at.x, at.y, true);
      } else if (event.key === "Delete" || event.key === "Backspace") clear();
      else return;
      whole.classList.add("keys");
      event.preventDefault();
    });
    canvas.addEventListener("blur", () => lift(false));
    to(at.x, at.y, false);
    context.fillRect(0, 0, sheet, sheet);
    return Object.assign(whole, {
      clear,
      side: sheet,
      ink: () => Float32Array.from({ length: sheet * sheet }, ((data) => (_, i) => data[4 * i] / 255)(context.getImageData(0, 0, sheet, sheet).data)),
    });
  }

  // ---- ten probabilities
  function bars(label) {
    const rows = Array.from({ length: 10 }, (_, digit) => {
      const bar = element("span", { class: "bar" }), share = element("output", { "data-value": `probability ${digit}` });
      return { digit, bar, share, row: element("div", { class: "bar-row" }, element("span", {}, String(digit)), element("span", { class: "bar-place" }, bar), share) };
    });
    const whole = element("div", { class: "bars", role: "group", "aria-label": label }, ...rows.map(({ row }) => row));
    whole.show = ({ probabilities, predicted }, truth) => {
      for (const { digit, bar, share, row } of rows) {
        bar.style.width = `${100 * probabilities[digit]}%`;
        share.textContent = `${number(100 * probabilities[digit], 1)} %`;
        row.classList.toggle("predicted", digit === predicted);
        row.classList.toggle("right", digit === predicted && digit === truth);
        row.classList.toggle("wrong", digit === predicted && truth !== null && digit !== truth);
      }
    };
    return whole;
  }

  // ---- a test digit or one's own. change({pixels, label, empty}) whenever there is another; label: null for a drawing
  function input(call, count, change) {
    let own = false, position = 0, asMnist = true, busy = false, again = false;
    const big = picture("the test digit"), seen = picture("what the network sees");
    const label = element("output", { class: "true-label", "data-value": "label" });
    const sheet = pad(update);
    const position_shown = element("output", { "data-value": "position" });
    const slider = element("input", { type: "range", min: 1, max: count, value: 1, "aria-label": "Number of the test digit" });
    const go = (to) => {
      position = (to + Number(slider.max)) % Number(slider.max);
      slider.value = position + 1;
      update();
    };
    slider.addEventListener("input", () => go(slider.valueAsNumber - 1));
    const step = (by, text, name) => element("button", { type: "button", "aria-label": name, onclick: () => go(position + by) }, text);
    const prepared = element("button", { type: "button", "aria-pressed": "true", "data-value": "as mnist", onclick: () => {
      asMnist = !asMnist;
      prepared.setAttribute("aria-pressed", String(asMnist));
      update();
    } }, "Prepare as MNIST");
    const test = element("div", { class: "digit-source" }, big,
      element("div", { class: "steps" }, step(-1, "‹", "The digit before"), slider, step(1, "›", "The next digit")),
      element("div", { class: "note" }, "Test digit ", position_shown, ", a ", label));
    const drawn = element("div", { class: "digit-source", hidden: true }, sheet,
      element("div", { class: "steps" }, element("button", { type: "button", onclick: () => sheet.clear() }, "Clear"), prepared),
      element("div", { class: "seen" }, seen, element("span", { class: "note" }, "What the network sees: 28 x 28 pixels")));
    const kind = choice("Which digit", [[false, "Test digit"], [true, "Draw one"]], false, (value) => {
      own = value;
      test.hidden = own;
      drawn.hidden = !own;
      update();
    });

    // One request at a time: while a finger draws, the changes during a request lead to a single new one.
    async function update() {
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      try {
        do {
          again = false;
          await change(await digit());
        } while (again);
      } finally {
        busy = false;
      }
    }
    async function digit() {
      if (own) {
        const ink = sheet.ink(), pixels = await call("drawn_image", ink, sheet.side, asMnist);
        seen.show(pixels);
        return { pixels, label: null, empty: !ink.some((value) => value > 0) };
      }
      const { pixels, label: truth } = await call("test_image", position);
      big.show(pixels);
      label.textContent = truth;
      position_shown.textContent = position + 1;
      return { pixels, label: truth, empty: false };
    }
    const whole = element("div", { class: "digit-input" }, kind, test, drawn);
    return Object.assign(whole, { update, count: (now) => {
      slider.max = now;
      go(Math.min(position, now - 1));
    } });
  }

  Object.assign(Plaingrad, { drawing: { picture, pad, bars, input } });
})();
