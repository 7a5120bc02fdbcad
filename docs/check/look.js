"use strict";
// What check.js asks of a page; it runs inside the page, which is why everything is within one function.

module.exports = (screenWidth) => {
  const clip = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40);
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const describe = (element) => {
    const inFigure = element.closest("[data-figure]");
    return `${inFigure ? `${inFigure.dataset.figure}: ` : ""}${element.tagName.toLowerCase()}${element.classList.length ? `.${[...element.classList].join(".")}` : ""}`;
  };

  // ---- colours: red, green, blue from 0 to 255, and opacity -----------------------------------------------------------
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  function colour(css) {
    if (!known.has(css)) {
      const plain = css.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/);
      if (plain) known.set(css, [Number(plain[1]), Number(plain[2]), Number(plain[3]), Number(plain[4] ?? 1)]);
      else {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = css;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        known.set(css, [r, g, b, a / 255]);
      }
    }
    return known.get(css);
  }
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  function luminance([r, g, b]) {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  }
  function contrast(a, b) {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  }

  // What lies behind an element: in a drawing, the shapes drawn before it that cover its middle; then its ancestors.
  // undefined where a picture is behind it.
  function behind(element) {
    const layers = [];
    const box = element.getBoundingClientRect();
    const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    for (let at = element; at; at = at.parentElement) {
      if (at instanceof SVGElement && at.tagName !== "svg") {
        for (let shape = at.previousElementSibling; shape; shape = shape.previousElementSibling) {
          if (!["circle", "rect", "ellipse", "path", "polygon"].includes(shape.tagName)) continue;
          const style = getComputedStyle(shape), b = shape.getBoundingClientRect();
          if (style.fill === "none" || style.fillOpacity === "0" || x < b.left || x > b.right || y < b.top || y > b.bottom) continue;
          const [r, g, blue, a] = colour(style.fill);
          layers.push([r, g, blue, a * Number(style.fillOpacity) * Number(style.opacity)]);
        }
        continue;
      }
      const style = getComputedStyle(at);
      if (/url\(/.test(style.backgroundImage)) return undefined;
      layers.push(colour(style.backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    const canvasColour = getComputedStyle(document.documentElement).colorScheme.includes("dark") ? [18, 18, 18, 1] : [255, 255, 255, 1];
    return layers.reverse().reduce((below, layer) => over(layer, below), canvasColour);
  }

  const faint = new Map(), small = new Map(), raw = [];
  function look(element, text) {
    const style = getComputedStyle(element);
    const inDrawing = element instanceof SVGElement;
    const background = behind(element);
    if (background && !element.closest(":disabled, [aria-disabled=true]")) {
      const ratio = contrast(over(colour(inDrawing ? style.fill : style.color), background), background);
      if (ratio < 4.5) faint.set(`${describe(element)} "${clip(text)}" ${ratio.toFixed(2)}`, true);
    }
    if (element.closest("[data-figure]")) {
      const scale = inDrawing ? Math.hypot(element.getScreenCTM().a, element.getScreenCTM().b) : 1;
      const size = parseFloat(style.fontSize) * scale;
      if (size < 11.95) small.set(`${describe(element)} "${clip(text)}" ${size.toFixed(1)} px`, true);
    }
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement, text = texts.currentNode.data;
    if (!text.trim() || ["SCRIPT", "STYLE", "NOSCRIPT", "OPTION", "TITLE", "title", "desc"].includes(element.tagName) || !shown(element)) continue;
    if (element.getClientRects().length === 0 || element.closest(".MathJax_Preview")) continue;
    look(element, text);
    if (!element.closest("code, pre, .fragment, .line, .code") && /\\f[$[(]|\$\$|\\[([]|\\[a-z]{2,}/.test(text)) raw.push(`"${clip(text)}"`);
  }
  for (const formula of document.querySelectorAll(".MathJax_SVG")) if (shown(formula)) look(formula, "a formula");
  for (const field of document.querySelectorAll("select, input[type=text], input[type=number], input:not([type])")) if (shown(field)) look(field, field.value);
  for (const error of document.querySelectorAll(".MathJax_Error, .merror, .noError, .MathJax_SVG_Processing")) raw.push(`"${clip(error.textContent)}"`);

  // ---- width ----------------------------------------------------------------------------------------------------------
  const wide = [];
  for (const frame of [document.scrollingElement, document.getElementById("doc-content")]) {
    if (!frame || frame.scrollWidth <= Math.min(frame.clientWidth, screenWidth)) continue;
    const inner = (element) => { // one that slides by itself
      for (let at = element.parentElement; at && at !== frame; at = at.parentElement)
        if (getComputedStyle(at).overflowX !== "visible") return true;
      return false;
    };
    const edge = frame.getBoundingClientRect().left + Math.min(frame.clientWidth, screenWidth);
    const guilty = [...frame.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > edge + 1 && shown(element) && !inner(element));
    wide.push(`${frame.id || "the page"} ${frame.scrollWidth} px (${guilty.slice(0, 3).map(describe).join(", ")})`);
  }

  // ---- pictures, links, figures ---------------------------------------------------------------------------------------
  const pictures = [...document.images].filter(shown);
  const figures = [...document.querySelectorAll("[data-figure]")];
  const controls = [];
  for (const control of document.querySelectorAll("[data-figure] :is(button, select, input, [role=button], [role=slider], summary)")) {
    if (!shown(control)) continue;
    const box = (control.closest("label") ?? control).getBoundingClientRect();
    if (box.height < 31.5 || box.width < 31.5) controls.push(`${describe(control)} "${clip(control.textContent)}" is ${box.width.toFixed(0)} by ${box.height.toFixed(0)} px`);
    if (!control.textContent.trim() && !control.getAttribute("aria-label") && !control.closest("label")) controls.push(`${describe(control)} has no name`);
  }
  return {
    faint: [...faint.keys()], small: [...small.keys()], raw, wide, controls,
    missing: pictures.filter((picture) => picture.complete && picture.naturalWidth === 0).map((picture) => picture.getAttribute("src")),
    undescribed: pictures.filter((picture) => !picture.hasAttribute("alt")).map((picture) => picture.getAttribute("src")),
    failed: figures.filter((figure) => figure.dataset.ready !== "yes").map((figure) => figure.dataset.figure),
    links: [...new Set([...document.links].map((link) => link.href).filter((link) => link.startsWith("file:")))],
  };
};
