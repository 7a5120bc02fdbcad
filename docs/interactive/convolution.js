"use strict";
// Sections 3.1, 3.3 and 3.4: a kernel on an image, number by number, and where the gradients go. All numbers are
// computed by convolution.cpp.

Plaingrad.figure("convolution", async (place) => {
  await Promise.all([Plaingrad.style("chapter3.css"), Plaingrad.script("matrices.js"), Plaingrad.script("chapter3_data.js")]);
  const module = await Plaingrad.load("convolution");
  const { element, choice, formula, at, show, sumOf, grid, fields, codeLine, equations, snippets } = Plaingrad;
  const { examples, digits, filters, trained } = Plaingrad.chapter3;

  // ---- what can be chosen ---------------------------------------------------------------------------------------------
  const empty = { rows: 12, columns: 12, values: Array(144).fill(0) };
  const images = [
    ["The chapter's examples", [["3.3", "Section 3.3"], ["3.1", "Section 3.1"], ["3.4", "Section 3.4"]]],
    ["Handwritten digits (MNIST)", digits.map(({ label }) => [`digit ${label}`, `Digit ${label}`])],
    ["Your own", [["draw", "Draw a digit"]]],
  ];
  const kernels = [
    ["Of the example", [["3.3", "Section 3.3"], ["3.1", "Section 3.1"], ["3.4", "Section 3.4"]]],
    ["Well known", filters.map(({ name }) => [`filter ${name}`, name.replace(/^./, (c) => c.toUpperCase()) + (/edges/.test(name) ? " (Sobel)" : "")])],
    ["Trained: first layer of a CNN", trained.map((_, i) => [`trained ${i}`, `Trained filter ${i + 1}`])],
    ["Your own", [["own", "Edited"]]],
  ];
  const imageOf = (name) => (name === "draw" ? empty : examples[name]?.[0] ?? digits[Number(name.split(" ")[1])].image);
  const kernelOf = (name) => examples[name]?.[1] ?? (name.startsWith("trained") ? trained[Number(name.split(" ")[1])]
    : filters.find((each) => `filter ${each.name}` === name).matrix);

  // ---- state ------------------------------------------------------------------------------------------------------------
  const state = { image: "3.3", X: imageOf("3.3"), kernel: "3.3", K: kernelOf("3.3"), equation: "3.3", stride: 1, padding: "valid",
    direction: "forward", window: [1, 0], focus: { kind: "element", place: [1, 2] }, upstream: undefined, seed: 1, shown: "X" };
  let now;  // what module.forward returns for the current settings
  let gradients;

  const setting = () => ({ image: state.X, kernel: state.K, equation: state.equation, stride: state.stride, padding: state.padding });
  const turned = () => state.equation !== "3.3";
  const letters = () => (turned() ? { X: "I", F: "K", Y: "S" } : { X: "X", F: "F", Y: "Y" });
  const math = (text) => element("i", { class: "math" }, text);
  const derivative = (of) => `\u2202L/\u2202${of}`;

  // The row of the image under the filter's row m when it makes the output row i; the columns alike.
  const rowUnder = (i, m) => i * state.stride + m - now.top;
  const columnUnder = (j, n) => j * state.stride + n - now.left;
  const inImage = (r, t) => r >= 0 && t >= 0 && r < state.X.rows && t < state.X.columns;
  // An output's own indices in the equation: by (3.1) they count from the first place that touches the image.
  const indices = (i, j) => (turned() ? [rowUnder(i, state.K.rows - 1), columnUnder(j, state.K.columns - 1)] : [i, j]);
  // Where the kernel's element lies in the filter; the other way round it is the same.
  const lying = (m, n) => (turned() ? [state.K.rows - 1 - m, state.K.columns - 1 - n] : [m, n]);
  const outputs = () => Array.from({ length: now.Y.rows * now.Y.columns }, (_, k) => [Math.floor(k / now.Y.columns), k % now.Y.columns]);

  // ---- controls -----------------------------------------------------------------------------------------------------------
  function menu(name, groups, chosen, change) {
    const list = element("select", { "aria-label": name, onchange: () => change(list.value) },
      ...groups.map(([label, options]) => element("optgroup", { label }, ...options.map(([value, text]) => element("option", { value }, text)))));
    list.value = chosen;
    return list;
  }
  const labelled = (text, control, style = "") => element("div", { class: `control ${style}` }, element("span", {}, text), control);

  const imageMenu = menu("Image", images, state.image, chooseImage);
  const kernelMenu = menu("Kernel", kernels, state.kernel, chooseKernel);
  const direction = choice("Direction", [["forward", "Forward"], ["backward", "Backward"]], state.direction, (value) => { state.direction = value; draw(); });
  const equation = choice("Equation", ["3.1", "3.2", "3.3"].map((each) => [each, `(${each})`]), state.equation, (value) => { state.equation = value; renew(); });
  const stride = choice("Stride", [1, 2, 3].map((each) => [each, String(each)]), state.stride, (value) => {
    state.stride = value;
    if (value > 1 && state.padding === "full") padding.set(state.padding = "valid");
    renew();
  });
  const padding = choice("Padding", ["valid", "same", "full"].map((each) => [each, each]), state.padding, (value) => {
    state.padding = value;
    if (value === "full") stride.set(state.stride = 1);
    renew();
  });

  function chooseImage(name) {
    state.image = name;
    state.X = imageOf(name);
    if (examples[name]) {  // everything as in the chapter
      state.kernel = name;
      state.K = kernelOf(name);
      state.equation = name === "3.1" ? "3.1" : "3.3";
      state.stride = 1;
      state.padding = name === "3.1" ? "full" : "valid";
      state.window = name === "3.4" ? [0, 0] : name === "3.1" ? [1, 1] : [1, 0];
      state.focus = { kind: "element", place: name === "3.1" ? [0, 0] : [1, 2] };
      kernelMenu.value = name;
      equation.set(state.equation);
      stride.set(1);
      padding.set(state.padding);
    } else if (state.K.rows < 3) {  // section 3.1's of 2 x 2
      chooseKernelOnly("filter left edges");
    }
    if (name === "3.4") direction.set(state.direction = "backward");
    renew();
  }

  function chooseKernelOnly(name) {
    kernelMenu.value = state.kernel = name;
    state.K = kernelOf(name);
  }

  function chooseKernel(name) {
    if (name === "own") return;
    chooseKernelOnly(name);
    renew();
  }

  // After a change that may have given the output another shape: a digit is looked at where the kernel responds most.
  function renew() {
    state.upstream = undefined;
    draw();
    if (examples[state.image]) return;
    const response = now.Y.values.map(Math.abs);
    state.window = outputs()[response.indexOf(Math.max(...response))];
    look();
  }

  // ---- the three columns --------------------------------------------------------------------------------------------------
  const imageTitle = element("div", { class: "matrix-title" }), kernelTitle = element("div", { class: "matrix-title" }), outputTitle = element("div", { class: "matrix-title" }),
    middleTitle = element("div", { class: "matrix-title" });

  const drawing = () => state.image === "draw" && state.direction === "forward";
  let pen = 9;
  const imageGrid = grid({
    name: "Image", shade: "pixels",
    select: (r, t) => {
      if (state.direction === "backward") state.focus = { kind: "pixel", place: [r, t] };
      else if (drawing()) return;
      else {
        const nearest = (position, before, extent, count) => Math.max(0, Math.min(count - 1, Math.round((position + before - (extent - 1) / 2) / state.stride)));
        state.window = [nearest(r, now.top, state.K.rows, now.Y.rows), nearest(t, now.left, state.K.columns, now.Y.columns)];
      }
      look();
    },
    hover: () => state.direction === "forward" && !drawing(),
    touch: (r, t, first) => {
      if (!drawing()) return false;
      if (first) pen = at(state.X, r, t) === 9 ? 0 : 9;
      paint(r, t, pen);
      return true;
    },
    key: (event, r, t) => {
      if (!drawing() || ![" ", "Enter"].includes(event.key)) return false;
      paint(r, t, at(state.X, r, t) === 9 ? 0 : 9);
      return true;
    },
  });

  // A soft pen: full at its tip, half beside it.
  function paint(r, t, value) {
    const values = [...state.X.values];
    for (const [i, j, ink] of [[r, t, 9], [r - 1, t, 4], [r + 1, t, 4], [r, t - 1, 4], [r, t + 1, 4]]) {
      if (!inImage(i, j)) continue;
      const k = i * state.X.columns + j;
      values[k] = value === 0 ? (ink === 9 ? 0 : values[k]) : Math.max(values[k], ink);
    }
    state.X = { ...state.X, values };
    draw();
  }

  const clear = element("button", { type: "button", onclick: () => { state.X = empty; draw(); } }, "Clear");
  const imageView = choice("Show", [["X", ""], ["dX", ""]], "X", (value) => { state.shown = value; draw(); });

  const kernelFields = fields("F", (K) => {
    state.K = K;
    kernelMenu.value = state.kernel = "own";
    draw(true);
  }, (m, n) => {
    if (state.direction === "backward") { state.focus = { kind: "element", place: [m, n] }; look(); }
  });

  const products = element("div", { class: "cells products" });
  const total = element("output", { class: "total" });
  const elementButtons = element("div", { class: "cells buttons", role: "group" });

  const outputGrid = grid({ name: "Output", shade: "signs",
    select: (i, j) => { state.window = [i, j]; look(); },
    hover: () => state.direction === "forward",
    key: (event, i, j) => {
      if (state.direction !== "backward" || !["+", "-", "="].includes(event.key)) return false;
      setUpstream(at(state.upstream, i, j) + (event.key === "-" ? -1 : 1));
      return true;
    } });

  function setUpstream(value) {
    const values = [...state.upstream.values];
    values[state.window[0] * now.Y.columns + state.window[1]] = value;
    state.upstream = { ...state.upstream, values };
    draw();
  }
  const upstreamField = element("input", { type: "number", step: 1, oninput: () => Number.isFinite(upstreamField.valueAsNumber) && setUpstream(upstreamField.valueAsNumber) });
  const stepper = (text, name, by) => element("button", { type: "button", "aria-label": name, onclick: () => setUpstream(at(state.upstream, ...state.window) + by) }, text);
  const upstreamLabel = element("span", {});
  const upstream = element("div", { class: "upstream" }, upstreamLabel,
    element("div", { class: "stepper" }, stepper("\u2212", "one less", -1), upstreamField, stepper("+", "one more", 1)),
    element("button", { type: "button", onclick: () => { state.upstream = random(); draw(); } }, "Random"));
  const random = () => module.randomNumbers(now.Y.rows, now.Y.columns, -3, 3, ++state.seed);

  const hint = element("p", { class: "hint" });
  const explanation = element("div", { class: "explanation", "aria-live": "polite" });
  const formulaLine = element("div", { class: "formula" }), note = element("div", { class: "note" }), code = element("div", {});
  const middle = element("div", { class: "middle" }, middleTitle, products, elementButtons, total);
  const stage = element("div", { class: "stage" },
    element("div", { class: "column input" }, imageTitle, imageGrid, clear, imageView),
    element("div", { class: "column kernel" }, element("div", {}, kernelTitle, kernelFields), middle),
    element("div", { class: "column output" }, outputTitle, outputGrid, upstream));
  const whole = element("div", { class: "convolution" },
    element("div", { class: "bar" }, labelled("Image", imageMenu, "menu"), labelled("Kernel", kernelMenu, "menu"), direction,
      labelled("Equation", equation, "quiet"), labelled("Stride", stride), labelled("Padding", padding, "quiet")),
    hint, stage, explanation, formulaLine, note, code);
  place.replaceChildren(whole);

  // ---- drawing: draw() when numbers change, look() when another place is looked at ------------------------------------------
  // The numbered equation of what is shown; the gradient of the image has none.
  let formulaShown;
  function showFormula(name) {
    formulaLine.hidden = name === undefined;
    if (name === undefined || formulaShown === name) return;
    formulaShown = name;
    formula(formulaLine, `${equations[name].tex} \\qquad (${name})`);
  }

  function sizeCells() {
    const narrow = whole.clientWidth < 620;
    whole.classList.toggle("narrow", narrow);
    const { rows, columns } = border();
    const room = whole.clientWidth - (narrow ? 12 : 216 + 2 * 24);
    const cell = Math.floor(Math.min(40, room / (columns + now.Y.columns), 420 / Math.max(rows, now.Y.rows)));
    whole.style.setProperty("--cell", `${cell}px`);
    whole.classList.toggle("coarse", cell < 22);
    return cell;
  }

  // The image with the zeros that some window reaches.
  function border() {
    const last = rowUnder(now.Y.rows - 1, state.K.rows - 1), right = columnUnder(now.Y.columns - 1, state.K.columns - 1);
    return { top: now.top, left: now.left, rows: now.top + Math.max(state.X.rows, last + 1), columns: now.left + Math.max(state.X.columns, right + 1) };
  }

  function draw(keepKernel = false) {
    now = module.forward(setting());
    if (!state.upstream) state.upstream = state.image === "3.4" && now.Y.rows === 2 && now.Y.columns === 2 ? examples["3.4"][4] : random();
    const { X, F, Y } = letters(), backward = state.direction === "backward";
    state.window = [Math.min(state.window[0], now.Y.rows - 1), Math.min(state.window[1], now.Y.columns - 1)];
    gradients = backward ? module.backward(setting(), state.upstream) : undefined;
    const cell = sizeCells(), decimals = cell < 30 ? 0 : 1;

    const extent = (M) => `${M.rows} \u00d7 ${M.columns}`;
    const gradientShown = backward && state.shown === "dX";
    imageTitle.replaceChildren("image ", math(gradientShown ? derivative(X) : X), element("small", {}, extent(state.X)));
    kernelTitle.replaceChildren(turned() ? "kernel " : "filter ", math(F));
    outputTitle.replaceChildren(backward ? "upstream " : "feature map ", math(backward ? derivative(Y) : Y), element("small", {}, extent(now.Y)));
    imageGrid.className = `matrix ${gradientShown ? "signs" : "pixels"}`;
    imageGrid.set(gradientShown ? gradients.dX : state.X, border(), decimals);
    imageGrid.cells.classList.toggle("drawing", drawing());
    imageGrid.cells.style.touchAction = backward || drawing() ? "none" : "pan-y";
    outputGrid.set(backward ? state.upstream : now.Y, undefined, decimals);
    outputGrid.label(backward ? `${derivative(Y)}: arrow keys move, plus and minus change a number` : `Feature map ${Y}: arrow keys move the window`);
    imageGrid.label(backward ? `Image ${X}: arrow keys choose a pixel` : drawing() ? "Image: arrow keys move, space paints" : `Image ${X}: arrow keys move the window`);
    kernelFields.name = F;
    if (!keepKernel) kernelFields.set(state.K);
    clear.hidden = !drawing();
    imageView.hidden = !backward;
    [...imageView.children].forEach((button, i) => { button.textContent = i === 0 ? X : derivative(X); });
    imageView.set(state.shown);
    upstream.hidden = !backward;
    products.hidden = total.hidden = backward;
    elementButtons.hidden = !backward;
    middleTitle.replaceChildren(...(backward ? [math(derivative(F)), " by (3.6)"] : ["products, and their sum"]));
    if (backward) {
      elementButtons.style.setProperty("--columns", state.K.columns);
      elementButtons.setAttribute("aria-label", `${derivative(F)}: touch an element`);
      elementButtons.replaceChildren(...gradients.dK.values.map((value, k) => {
        const [m, n] = [Math.floor(k / state.K.columns), k % state.K.columns];
        return element("button", { type: "button", "data-value": value, "data-row": m, "data-column": n, "aria-label": `${derivative(F)}(${m},${n}) = ${show(value)}`,
          onclick: () => { state.focus = { kind: "element", place: [m, n] }; look(); },
          onkeydown: (event) => moveFocus(event, m, n) }, show(value));
      }));
    }
    look();
  }

  function moveFocus(event, m, n) {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    const [to, by] = [m + move[0], n + move[1]];
    const next = elementButtons.querySelector(`[data-row="${to}"][data-column="${by}"]`);
    if (!next) return;
    next.focus();
    next.click();
  }

  function look() {
    for (const each of [imageGrid, outputGrid]) light(each, []);
    kernelFields.mark("lit", []);
    imageGrid.frame("window");
    imageGrid.frame("pixel");
    outputGrid.place(...state.window);
    outputGrid.frame("window", ...state.window, 1, 1);
    if (state.direction === "forward") lookForward();
    else lookBackward();
  }

  // Many places side by side get one frame, others one each.
  function light(on, places) {
    const rows = places.map(([i]) => i), columns = places.map(([, j]) => j);
    const [top, left, height, width] = [Math.min(...rows), Math.min(...columns), Math.max(...rows) - Math.min(...rows) + 1, Math.max(...columns) - Math.min(...columns) + 1];
    const full = places.length > 0 && places.length === height * width;
    on.mark("lit", full ? [] : places);
    on.frame("region", ...(full ? [top, left, height, width] : []));
  }

  function lookForward() {
    const [i, j] = state.window, { X, F, Y } = letters(), [I, J] = indices(i, j);
    const terms = module.outputTerms(setting(), i, j);
    imageGrid.frame("window", rowUnder(i, 0), columnUnder(j, 0), state.K.rows, state.K.columns);
    // (3.1) and (3.3) in the order of the image, (3.2) in the order of the kernel.
    const order = terms.products.values.map((_, k) => k);
    if (state.equation === "3.2") order.reverse();
    const pairs = order.map((k) => [terms.pixels.values[k], now.filter.values[k]]);
    products.style.setProperty("--columns", state.K.columns);
    products.replaceChildren(...order.map((k, index) => {
      const [a, b] = pairs[index], value = terms.products.values[k];
      const cell = element("div", { class: value < 0 ? "negative" : "positive", "data-value": value },
        element("span", {}, `${show(a)}(${show(b)})`), element("b", {}, show(value)));
      cell.style.setProperty("--share", Math.min(1, Math.abs(value) / Math.max(1e-9, ...terms.products.values.map(Math.abs))));
      return cell;
    }));
    total.dataset.value = terms.sum;
    total.replaceChildren(math(Y), `(${I},${J}) = ${show(terms.sum)}`);
    const general = state.equation === "3.1" ? [math(X), "(m,n)\u00a0", math(F), `(${I}\u2212m, ${J}\u2212n)`]
      : state.equation === "3.2" ? [math(X), `(${I}\u2212m, ${J}\u2212n)\u00a0`, math(F), "(m,n)"]
        : [math(X), `(${offset(rowUnder(i, 0))}m, ${offset(columnUnder(j, 0))}n)\u00a0`, math(F), "(m,n)"];
    explanation.replaceChildren(
      element("div", {}, math(Y), `(${I},${J}) = \u2211 \u2211 `, ...general),
      element("div", { class: "numbers" }, "= ", ...sumOf(pairs), ` = `, element("b", { class: "sum", "data-value": terms.sum }, show(terms.sum))));
    showFormula(state.equation);
    const usual = state.padding === "valid" && state.stride === 1;
    const line = state.equation === "3.3" && !usual && state.padding !== "full" ? equations["3.3"].lines[1]
      : state.padding === "full" && state.equation === "3.3" ? equations["3.1"].lines[0] : equations[state.equation].lines[0];
    code.replaceChildren(codeLine(line));
    note.textContent = {
      "3.1": "Convolution: the kernel lies on the image turned by half a turn.", "3.2": "The same convolution: the same products, now in the order of the kernel.",
      "3.3": "Cross-correlation: the filter lies on the image as it is.",
    }[state.equation] + (turned() && state.padding !== "full" ? ` Padding \u201cfull\u201d gives the whole of (${state.equation}); \u201c${state.padding}\u201d keeps ${state.stride > 1 ? "some places" : "the inner part"}.`
      : state.padding === "full" && !turned() ? " With zeros around, it is (3.1) of the turned filter." : "")
      + (state.stride > 1 ? ` The window moves by ${state.stride} pixels.` : "") + (state.padding === "same" ? " Zeros are added around the image." : "");
    hint.textContent = drawing() ? "Draw in the image with a finger, the mouse, or the space bar. Then move over the feature map."
      : "Move over the feature map: mouse, finger or arrow keys. Change any number of the kernel.";
  }

  const offset = (value) => (value < 0 ? `\u2212${-value}+` : `${value}+`);

  function lookBackward() {
    const { X, F, Y } = letters(), [i, j] = state.window, current = i * now.Y.columns + j, [I, J] = indices(i, j);
    upstreamLabel.replaceChildren(math(derivative(Y)), `(${I},${J})`);
    upstreamField.setAttribute("aria-label", `${derivative(Y)}(${I},${J})`);
    if (document.activeElement !== upstreamField) upstreamField.value = Number(at(state.upstream, i, j).toFixed(4));
    let [a, b] = state.focus.place;
    let name, pairs, terms, sum, general;
    if (state.focus.kind === "element") {
      [a, b] = state.focus.place = [Math.min(a, state.K.rows - 1), Math.min(b, state.K.columns - 1)];
      terms = module.kernelTerms(setting(), state.upstream, a, b);
      const [m, n] = lying(a, b);
      const under = outputs().map(([p, q]) => [rowUnder(p, m), columnUnder(q, n)]);
      pairs = outputs().map(([p, q], k) => ({ pair: [terms.pixels.values[k], state.upstream.values[k]], product: terms.products.values[k], used: inImage(...under[k]), k }));
      light(imageGrid, under.filter((each) => inImage(...each)));
      light(outputGrid, outputs().filter((_, k) => pairs[k].used));
      kernelFields.mark("lit", [[a, b]]);
      imageGrid.frame("window", rowUnder(i, 0), columnUnder(j, 0), state.K.rows, state.K.columns);
      imageGrid.frame("pixel", ...under[current], 1, 1);
      sum = at(gradients.dK, a, b);
      name = [math(derivative(F)), `(${a},${b})`];
      general = turned() ? [" = \u2211 ", math(X), `(i\u2212${a}, j\u2212${b})\u00a0`, math(derivative(Y)), "(i,j)"]
        : state.stride === 1 && state.padding === "valid" ? [" = \u2211 ", math(X), `(i+${a}, j+${b})\u00a0`, math(derivative(Y)), "(i,j)"]
          : [" = \u2211 (pixel under ", math(F), `(${a},${b})) \u00b7 `, math(derivative(Y)), "(i,j)"];
    } else {
      [a, b] = state.focus.place = [Math.min(a, state.X.rows - 1), Math.min(b, state.X.columns - 1)];
      terms = module.pixelTerms(setting(), state.upstream, a, b);
      pairs = outputs().map((_, k) => ({ pair: [terms.weights.values[k], state.upstream.values[k]], product: terms.products.values[k], used: terms.reached.values[k] > 0, k }));
      light(outputGrid, outputs().filter((_, k) => pairs[k].used));
      imageGrid.frame("pixel", a, b, 1, 1);
      imageGrid.place(a, b);
      if (pairs[current].used) {
        imageGrid.frame("window", rowUnder(i, 0), columnUnder(j, 0), state.K.rows, state.K.columns);
        const [m, n] = lying(a - rowUnder(i, 0), b - columnUnder(j, 0));
        kernelFields.mark("lit", [[m, n]]);
      }
      sum = at(gradients.dX, a, b);
      name = [math(derivative(X)), `(${a},${b})`];
      general = [" = \u2211 ", math(F), turned() ? `(i\u2212${a}, j\u2212${b})\u00a0` : state.stride === 1 && state.padding === "valid" ? `(${a}\u2212i, ${b}\u2212j)\u00a0` : " over the pixel \u00b7 ", math(derivative(Y)), "(i,j)"];
    }
    for (const button of elementButtons.children)
      button.setAttribute("aria-pressed", String(state.focus.kind === "element" && Number(button.dataset.row) === a && Number(button.dataset.column) === b));

    const used = pairs.filter((each) => each.used);
    const written = used.length <= 16 ? used : used.filter((each) => each.product !== 0);
    const zeros = used.length - written.length;
    explanation.replaceChildren(
      element("div", {}, ...name, ...general),
      element("div", { class: "numbers" }, "= ", ...(written.length ? sumOf(written.map((each) => each.pair), written.findIndex((each) => each.k === current)) : ["0"]),
        zeros ? `, and ${zeros} terms that are zero,` : "", " = ", element("b", { class: "sum", "data-value": sum, "data-terms": used.length }, show(sum))));
    showFormula(state.focus.kind === "element" ? "3.6" : undefined);
    note.textContent = state.focus.kind === "element"
      ? `This element took part in ${used.length} output${used.length === 1 ? "" : "s"}: each contributes the pixel under it times the output's gradient. The framed output's term is bold.`
      : used.length === 0 ? "No window holds this pixel: it reaches no output."
        : `This pixel reaches ${used.length} output${used.length === 1 ? "" : "s"}, and each hands its gradient back through the element that lay on the pixel: the adjoint.`;
    const usual = state.padding === "valid" && state.stride === 1;
    const definition = (part) => ({ ...snippets.conv2d_definition, text: snippets.conv2d_definition.text.split("\n").find((line) => line.includes(part)) });
    const byElement = state.focus.kind === "element";
    const line = state.padding === "full" ? equations["3.3"].lines[0]
      : byElement ? equations["3.6"].lines.find((each) => each.file.endsWith(usual ? "filter_gradient.cpp" : "convolution/convolution.cpp"))
        : usual ? { ...snippets.image_gradient, text: snippets.image_gradient.text.split("\n").find((each) => each.includes("return")) } : definition("dX[x] +=");
    code.replaceChildren(codeLine(line));
    if (state.padding === "full") note.textContent += ` Here it is the cross-correlation (3.3) of ${derivative(Y)} with the ${byElement ? "image" : "kernel"}.`;
    hint.textContent = `Touch an element of ${derivative(F)}, a pixel, or an output and its gradient.`;
  }

  new ResizeObserver(() => {
    const before = whole.style.getPropertyValue("--cell");
    if (`${sizeCells()}px` !== before) draw(true);
  }).observe(place);
  draw();
});
