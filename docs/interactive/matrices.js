"use strict";
// Matrices to look at, touch and edit, for the figures of chapter 3. A matrix is {rows, columns, values}, row by row.

(() => {
  const { element, number } = Plaingrad;
  const at = (matrix, i, j) => matrix.values[i * matrix.columns + j];

  // A whole number without decimals, any other with that many.
  function show(value, decimals = 2) {
    return number(value, Math.abs(value - Math.round(value)) < 1e-4 ? 0 : decimals);
  }

  // "1(1) + 3(0) - 6(2)" from pairs of factors.
  function sumOf(pairs, bold) {
    return pairs.flatMap(([a, b], i) => {
      const text = `${show(a)}(${show(b)})`;
      const sign = i === 0 ? "" : text.startsWith("\u2212") ? " \u2212 " : " + ";
      const term = i > 0 ? text.replace(/^\u2212/, "") : text;
      return [sign, i === bold ? element("b", {}, term) : term];
    });
  }

  // One frame around height x width cells from the grid's row i and column j; none if these are not given.
  function frameIn(cells, name, i, j, height, width) {
    cells.querySelector(`:scope > .frame.${name}`)?.remove();
    if (i === undefined) return;
    const box = element("div", { class: `frame ${name}`, "aria-hidden": true });
    box.style.gridArea = `${i + 1} / ${j + 1} / span ${height} / span ${width}`;
    cells.append(box);
  }

  // A grid to look at and touch. options:
  //   name, shade ("pixels", "signs" or none), select(i, j): called when a cell is touched or reached by arrow keys,
  //   touch(i, j, first): in its place while a pointer is down, key(event, i, j): other keys
  function grid(options) {
    const cells = element("div", { class: "cells", role: "group", tabindex: 0 });
    const whole = element("div", { class: `matrix ${options.shade ?? ""}` }, cells);
    let matrix, extent, byPlace = [], chosen = [0, 0];

    const cell = (i, j) => byPlace[(i - extent.top) * extent.columns + j - extent.left];
    const inside = (i, j) => i >= 0 && j >= 0 && i < matrix.rows && j < matrix.columns;

    // `border`: {top, left, rows, columns} of what is drawn, if zeros are around the matrix.
    function set(to, border, decimals = 0) {
      matrix = to;
      extent = border ? { ...border, top: -border.top, left: -border.left } : { top: 0, left: 0, rows: to.rows, columns: to.columns };
      const greatest = options.greatest ?? Math.max(...to.values.map(Math.abs), 1e-9);
      cells.style.setProperty("--columns", extent.columns);
      byPlace = [];
      for (let i = extent.top; i < extent.top + extent.rows; i++)
        for (let j = extent.left; j < extent.left + extent.columns; j++) {
          const value = inside(i, j) ? at(to, i, j) : 0;
          const made = element("div", { class: inside(i, j) ? (value < 0 ? "negative" : "positive") : "border", "data-row": i, "data-column": j,
            "data-value": inside(i, j) ? value : undefined }, element("span", {}, show(value, decimals)));
          made.style.gridArea = `${i - extent.top + 1} / ${j - extent.left + 1}`;
          made.style.setProperty("--share", inside(i, j) ? Math.min(Math.abs(value) / greatest, 1) : 0);
          byPlace.push(made);
        }
      cells.replaceChildren(...byPlace);
    }

    // Gives the class `name` to the cells of `places`, and to no others.
    function mark(name, places) {
      for (const each of cells.querySelectorAll(`:scope > .${name}`)) each.classList.remove(name);
      for (const [i, j] of places) cell(i, j)?.classList.add(name);
    }

    function choose(i, j) {
      chosen = [i, j];
      options.select?.(i, j);
    }

    let down = false;
    function pointed(event, first) {
      const box = cells.getBoundingClientRect();
      const i = Math.floor((event.clientY - box.top) / box.height * extent.rows) + extent.top;
      const j = Math.floor((event.clientX - box.left) / box.width * extent.columns) + extent.left;
      const [k, l] = [Math.max(0, Math.min(matrix.rows - 1, i)), Math.max(0, Math.min(matrix.columns - 1, j))];
      if (options.touch?.(k, l, first)) chosen = [k, l];
      else if (first || k !== chosen[0] || l !== chosen[1]) choose(k, l);
    }
    cells.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      down = true;
      cells.setPointerCapture(event.pointerId);
      pointed(event, true);
    });
    // A mouse need not be pressed where moving changes nothing.
    cells.addEventListener("pointermove", (event) => (down || (options.hover?.() && event.pointerType === "mouse")) && pointed(event, false));
    for (const end of ["pointerup", "pointercancel"]) cells.addEventListener(end, () => { down = false; });
    cells.addEventListener("keydown", (event) => {
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (move) {
        event.preventDefault();
        choose(Math.max(0, Math.min(matrix.rows - 1, chosen[0] + move[0])), Math.max(0, Math.min(matrix.columns - 1, chosen[1] + move[1])));
      } else if (options.key?.(event, ...chosen)) event.preventDefault();
    });

    whole.set = set;
    whole.mark = mark;
    whole.frame = (name, i, j, height, width) => frameIn(cells, name, i === undefined ? i : i - extent.top, j - extent.left, height, width);
    whole.cells = cells;
    whole.label = (text) => cells.setAttribute("aria-label", text);
    whole.place = (i, j) => { chosen = [i, j]; };
    whole.label(options.name);
    return whole;
  }

  // A matrix whose numbers can be typed: change(matrix) is called after each change, focus(i, j) when one is touched.
  function fields(name, change, focus) {
    const cells = element("div", { class: "cells" });
    const whole = element("div", { class: "matrix fields" }, cells);
    let matrix;
    function set(to, decimals = 2) {
      matrix = { ...to, values: [...to.values] };
      cells.style.setProperty("--columns", to.columns);
      cells.replaceChildren(...matrix.values.map((value, k) => {
        const [i, j] = [Math.floor(k / to.columns), k % to.columns];
        const field = element("input", { type: "number", step: "any", "aria-label": `${whole.name ?? name}(${i},${j})`, "data-row": i, "data-column": j, "data-value": value,
          onfocus: () => focus?.(i, j),
          onkeydown: (event) => {
            const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
            if (!step) return;
            event.preventDefault(); // a whole step, and not the browser's next multiple
            field.value = Number((matrix.values[k] + step).toFixed(4));
            field.dispatchEvent(new Event("input"));
          },
          oninput: () => {
            if (!Number.isFinite(field.valueAsNumber)) return;
            matrix.values[k] = field.valueAsNumber;
            field.dataset.value = field.valueAsNumber;
            change({ ...matrix, values: [...matrix.values] });
          } });
        field.value = Number(value.toFixed(decimals));
        field.style.gridArea = `${i + 1} / ${j + 1}`;
        return field;
      }));
    }
    whole.set = set;
    whole.mark = (className, places) => {
      for (const each of cells.children) each.classList.remove(className);
      for (const [i, j] of places) cells.children[i * matrix.columns + j]?.classList.add(className);
    };
    whole.frame = (...where) => frameIn(cells, ...where);
    whole.cells = cells;
    return whole;
  }

  // A line of C++ and a link to its file.
  function codeLine(line) {
    return element("div", { class: "cpp" }, element("code", {}, line.text.trim()),
      element("a", { href: line.page }, line.file));
  }

  Object.assign(Plaingrad, { at, show, sumOf, grid, fields, codeLine });
})();
