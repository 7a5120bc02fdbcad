"use strict";
// What all interactive figures share: placing a figure, loading a module, making elements and formatting numbers.
// A figure's script calls figure(NAME, draw); draw gets the element of the page to fill, and may be async.

window.Plaingrad ??= (() => {
  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  const modules = {};

  function script(file) {
    return new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = folder + file;
      element.onload = resolve;
      element.onerror = () => reject(new Error(`${file} cannot be loaded`));
      document.head.append(element);
    });
  }

  // A style sheet of this folder; the figures' own is there from the beginning.
  function style(file) {
    return new Promise((resolve) => document.head.append(element("link", { rel: "stylesheet", href: folder + file, onload: resolve, onerror: resolve })));
  }
  style("interactive.css");

  // The functions of NAME.cpp, compiled; loaded once for all the figures of a page.
  function load(name) {
    modules[name] ??= script(`${name}.module.js`).then(() => window[`module_${name}`]());
    return modules[name];
  }

  // figure(NAME, draw): draws it wherever the page asks for it, as soon as that comes near the window.
  function figure(name, draw) {
    const start = () => {
      for (const place of document.querySelectorAll(`[data-figure="${name}"]`)) {
        const begin = async () => {
          try {
            await draw(place);
            place.dataset.ready = "yes";
          } catch (error) {
            place.dataset.ready = "failed";
            place.replaceChildren(element("p", { class: "trouble" }, `This figure does not work here (${error.message ?? error}). The static figures say the same.`));
            console.error(error);
          }
        };
        const watch = new IntersectionObserver((entries) => {
          if (!entries.some((entry) => entry.isIntersecting)) return;
          watch.disconnect();
          begin();
        }, { rootMargin: "800px", scrollMargin: "800px" });
        watch.observe(place);
      }
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
    else start();
  }

  // element("button", {class: "step", onclick: next}, "Next", another element, ...)
  function element(tag, properties = {}, ...children) {
    const svg = ["svg", "g", "line", "path", "circle", "rect", "text", "polyline", "title", "tspan", "marker", "defs"].includes(tag) &&
      !(tag === "title" && properties.html);
    const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child !== undefined && child !== null));
    return made;
  }

  // A number as the chapters' programs print it: with that many decimals, and a true minus sign.
  function number(value, decimals = 4) {
    if (!Number.isFinite(value)) return String(value);
    const text = value.toFixed(decimals);
    return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "\u2212");
  }

  // A labelled slider: {label, min, max, step, value, decimals}, or in place of decimals show(value), the text beside it;
  // change(value) is called while it moves.
  function slider(options, change) {
    const show = options.show ?? ((value) => number(value, options.decimals ?? 2));
    const shown = element("output", {}, show(options.value));
    const input = element("input", { type: "range", min: options.min, max: options.max, step: options.step, "aria-label": options.name ?? options.label });
    input.value = options.value;
    input.addEventListener("input", () => {
      shown.textContent = show(input.valueAsNumber);
      change(input.valueAsNumber);
    });
    const row = element("label", { class: "slider" }, element("span", {}, options.label), input, shown);
    row.set = (value) => {
      input.value = value;
      shown.textContent = show(value);
    };
    return row;
  }

  // A choice among a few: buttons of which one is pressed. change(value) is called when another is pressed.
  function choice(name, values, chosen, change) {
    const group = element("div", { class: "choice", role: "radiogroup", "aria-label": name });
    const buttons = values.map(([value, label]) =>
      element("button", { type: "button", role: "radio", "aria-checked": String(value === chosen), tabindex: value === chosen ? 0 : -1,
        onclick: () => choose(value, true) }, label));
    function choose(value, tell) {
      values.forEach(([other], i) => {
        buttons[i].setAttribute("aria-checked", String(other === value));
        buttons[i].tabIndex = other === value ? 0 : -1;
      });
      if (tell) change(value);
    }
    group.addEventListener("keydown", (event) => {
      const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!move) return;
      event.preventDefault();
      const next = (buttons.indexOf(document.activeElement) + move + buttons.length) % buttons.length;
      buttons[next].focus();
      choose(values[next][0], true);
    });
    group.append(...buttons);
    group.set = (value) => choose(value, false);
    return group;
  }

  // Puts TeX into an element, typeset by the page's own MathJax once that is loaded. The old formula stays until the new one
  // is ready; if formulas come faster than they can be typeset, only the last one is.
  function formula(target, tex) {
    if (target.tex === tex) return;
    target.tex = tex;
    if (!window.MathJax?.Hub) {
      target.textContent = `\\(${tex}\\)`;
      return;
    }
    if (target.typesetting) return;
    target.typesetting = true;
    const made = tex, next = element("span", { style: "position: absolute; visibility: hidden" }, `\\(${tex}\\)`);
    target.append(next);
    window.MathJax.Hub.Queue(["Typeset", window.MathJax.Hub, next], () => {
      next.removeAttribute("style");
      target.replaceChildren(next);
      target.typesetting = false;
      if (target.tex === made) return;
      const last = target.tex;
      target.tex = undefined;
      formula(target, last);
    });
  }

  return { script, style, load, figure, element, number, slider, choice, formula };
})();
