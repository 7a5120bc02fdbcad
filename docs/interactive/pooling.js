"use strict";
// Sections 3.5 and 3.6: max pooling, its mask, and the gradient that the mask lets through. All numbers are computed by
// pooling.cpp.

Plaingrad.figure("pooling", async (place) => {
  await Promise.all([Plaingrad.style("chapter3.css"), Plaingrad.script("matrices.js"), Plaingrad.script("chapter3_data.js")]);
  const module = await Plaingrad.load("pooling");
  const { element, choice, at, show, grid, fields, codeLine, snippets } = Plaingrad;
  const { pooling, mask: backwards } = Plaingrad.chapter3.examples;

  const state = { X: pooling[0], dY: backwards[1], size: 2, direction: "forward", window: [1, 1], seed: 0 };
  let now, dX;

  const math = (text) => element("i", { class: "math" }, text);
  const random = (rows, columns, low, high) => module.randomNumbers(rows, columns, low, high, ++state.seed);
  const windows = () => Math.floor(state.X.rows / state.size);

  // ---- controls ---------------------------------------------------------------------------------------------------------
  const labelled = (text, control) => element("div", { class: "control" }, element("span", {}, text), control);
  const extent = choice("Size of the map", [[4, "4 \u00d7 4"], [6, "6 \u00d7 6"]], 4, (value) => value === 4 ? example() : numbers(value));
  const size = choice("Window", [[2, "2 \u00d7 2"], [3, "3 \u00d7 3"]], 2, (value) => {
    state.size = value;
    state.dY = random(windows(), windows(), -5, 5);
    draw();
  });
  const direction = choice("Direction", [["forward", "Forward"], ["backward", "Backward"]], "forward", (value) => { state.direction = value; draw(true); });

  function example() {
    Object.assign(state, { X: pooling[0], dY: backwards[1], size: 2, window: [1, 1] });
    extent.set(4);
    size.set(2);
    draw();
  }

  function numbers(rows) {
    state.X = random(rows, rows, 0, 9);
    state.dY = random(windows(), windows(), -5, 5);
    draw();
  }

  // Another element of the window becomes equal to the greatest: the next in reading order, or the one before the last.
  function tie() {
    const places = inWindow(...state.window);
    const greatest = places.findIndex(([i, j]) => at(now.mask, i, j) === 1);
    const [i, j] = places[greatest + 1 < places.length ? greatest + 1 : greatest - 1];
    const values = [...state.X.values];
    values[i * state.X.columns + j] = at(state.X, ...places[greatest]);
    state.X = { ...state.X, values };
    draw();
  }

  // ---- the grids ----------------------------------------------------------------------------------------------------------
  const windowOf = (i, j) => [Math.floor(i / state.size), Math.floor(j / state.size)];
  const inWindow = (i, j) => Array.from({ length: state.size * state.size }, (_, k) =>
    [i * state.size + Math.floor(k / state.size), j * state.size + k % state.size]);
  const exists = ([i, j]) => i < windows() && j < windows();
  function select(i, j) {
    if (!exists([i, j])) return;
    state.window = [i, j];
    look();
  }
  const byElement = (i, j) => select(...windowOf(i, j));
  const hover = () => true;

  const input = fields("X", (X) => { state.X = X; draw(true); }, byElement);
  const pooled = grid({ name: "Pooled map Y: arrow keys choose a window", select, hover });
  const mask = grid({ name: "Mask: arrow keys move", select: byElement, hover });
  const upstream = fields("\u2202L/\u2202Y", (dY) => { state.dY = dY; draw(true); }, select);
  const passed = grid({ name: "\u2202L/\u2202X: arrow keys move", shade: "signs", select: byElement, hover });
  const block = (name, matrix, ...title) => element("div", { class: `column ${name}` }, element("div", { class: "matrix-title" }, ...title), matrix);
  const forward = [block("Y", pooled, "pooled map ", math("Y")), block("mask", mask, "mask")];
  const sign = (text) => element("div", { class: "sign", "aria-hidden": true }, text);
  const backward = [block("dY", upstream, math("\u2202L/\u2202Y")), block("dX", passed, math("\u2202L/\u2202X"))];
  const arrow = sign("\u2192"), times = sign("\u00d7"), equals = sign("=");
  const stage = element("div", { class: "stage" }, block("X", input, "feature map ", math("X")), arrow, forward[0], forward[1], times, backward[0], equals, backward[1]);
  const explanation = element("div", { class: "explanation", "aria-live": "polite" }), code = element("div", {});
  const whole = element("div", { class: "pooling" },
    element("div", { class: "bar" }, labelled("Map", extent), labelled("Window", size), direction,
      element("button", { type: "button", class: "tie-maker", onclick: tie }, "Make a tie"),
      element("button", { type: "button", class: "new-numbers", onclick: () => numbers(state.X.rows) }, "New numbers"),
      element("button", { type: "button", class: "example", onclick: example }, "The chapter\u2019s example")),
    element("p", { class: "hint" }, "Change any number in a box. Touch a window to see which element counts."),
    stage, explanation, code);
  place.replaceChildren(whole);

  // ---- drawing ------------------------------------------------------------------------------------------------------------
  function draw(typed = false) {
    now = module.forward(state.X, state.size);
    dX = module.backward(now.mask, state.dY, state.size);
    if (!exists(state.window)) state.window = [0, 0];
    if (!typed) {
      input.set(state.X);
      upstream.set(state.dY);
    }
    pooled.set(now.Y, undefined, 1);
    mask.set(now.mask);
    passed.set(dX, undefined, 1);
    const isBackward = state.direction === "backward";
    for (const each of [arrow, forward[0]]) each.hidden = isBackward;
    for (const each of [times, equals, ...backward]) each.hidden = !isBackward;
    // Every window in one of two tints, as on a chessboard; what no window holds is crossed out.
    const all = state.X.values.map((_, k) => [Math.floor(k / state.X.columns), k % state.X.columns]);
    for (const each of [input, mask, passed]) {
      each.mark("even", all.filter((p) => exists(windowOf(...p)) && (windowOf(...p)[0] + windowOf(...p)[1]) % 2 === 0));
      each.mark("greatest", all.filter((p) => at(now.mask, ...p) === 1));
      each.mark("equal", each === input ? all.filter((p) => exists(windowOf(...p)) && at(now.mask, ...p) === 0 && at(state.X, ...p) === at(now.Y, ...windowOf(...p))) : []);
      each.mark("dropped", all.filter((p) => !exists(windowOf(...p))));
    }
    const outputs = now.Y.values.map((_, k) => [Math.floor(k / now.Y.columns), k % now.Y.columns]);
    for (const each of [pooled, upstream]) each.mark("even", outputs.filter(([i, j]) => (i + j) % 2 === 0));
    look();
  }

  function look() {
    const [i, j] = state.window, places = inWindow(i, j), place = places.find((p) => at(now.mask, ...p) === 1);
    for (const each of [pooled, upstream]) each.frame("window", i, j, 1, 1);
    for (const each of [input, mask, passed]) each.frame("window", i * state.size, j * state.size, state.size, state.size);
    pooled.place(i, j);
    const greatest = at(now.Y, i, j), equal = places.filter((p) => at(state.X, ...p) === greatest);
    const name = [math("X"), `(${place})`];
    const says = element("div", { class: "says", "data-greatest": greatest, "data-place": place.join(","), "data-equal": equal.length },
      `Window (${i},${j}): the greatest of ${places.map((p) => show(at(state.X, ...p))).join(", ")} is ${show(greatest)}, at `, ...name, ".");
    const rule = equal.length > 1
      ? element("div", { class: "tie" }, `A tie: ${show(greatest)} stands here ${equal.length === 2 ? "twice" : `${equal.length} times`}, and the derivative does not exist. The first in reading order, `,
        math("X"), `(${place}), gets the whole gradient; nothing is passed on twice.`)
      : element("div", {}, "The derivative is 1 for it and 0 for the others.");
    const flow = state.direction === "backward"
      ? element("div", {}, math("\u2202L/\u2202X"), `(${place}) = `, math("\u2202L/\u2202Y"), `(${i},${j}) = `,
        element("b", { class: "sum", "data-value": at(dX, ...place) }, show(at(dX, ...place))), "; the others of the window get 0.") : undefined;
    const rest = state.X.rows - windows() * state.size;
    explanation.replaceChildren(...[says, rule, flow,
      element("div", { class: "note" }, `Windows do not overlap: the stride is the window\u2019s own size.${rest ? " What is left over at the bottom and at the right is dropped." : ""}`)].filter(Boolean));
    const [tag, part] = state.direction === "backward" ? ["max_pool_gradient", "dX(i, j) ="] : ["window_argmax", "is_new_maximum"];
    code.replaceChildren(codeLine({ ...snippets[tag], text: snippets[tag].text.split("\n").find((line) => line.includes(part)) }));
  }

  new ResizeObserver(() => whole.classList.toggle("narrow", whole.clientWidth < 620)).observe(place);
  draw();
});
