#!/usr/bin/env node
"use strict";
// Opens the book in a browser as a reader does, from files, on a wide screen and on a phone, light and dark, and names what
// is wrong: an error of a script, a formula that is not typeset, a broken link or picture, a page wider than the screen,
// text too faint to read. Then runs the check of each interactive figure on both screens.
//
//   node docs/check/check.js SITE             all; ONLY=NAME in the environment: that figure alone, ONLY=pages: no figure
//
// A figure's check is docs/check/figures/NAME.js:
//   module.exports = async (page, check) => {...}
//     page                              puppeteer's page, at the figure's place in the book; the figure is drawn
//     page.plaingrad.width              of its screen: 1280, with a mouse, or 390, with a finger
//     page.plaingrad.goto("chapter2.html")    opens another page and waits until its formulas and figures are there
//     page.plaingrad.expected("chapter2")     what that program prints, as the tests know it
//     check(condition, "what should hold")    counts, and names what does not

const fs = require("fs");
const path = require("path");
const { pathToFileURL, fileURLToPath } = require("url");
const puppeteer = require("puppeteer-core");
const lookAt = require("./look.js");

const root = path.resolve(__dirname, "../..");
const site = path.resolve(process.argv[2] ?? path.join(root, "build/docs/html"));
const only = process.env.ONLY ?? "";
const patience = 60000;

const screens = [
  { width: 1280, height: 900 },
  { width: 390, height: 844, isMobile: true, hasTouch: true },
];

let passed = 0;
const troubles = [];
function record(condition, trouble) {
  if (condition) passed++;
  else {
    troubles.push(trouble);
    console.log(trouble);
  }
}

// The pages that are written by hand, the equation indexes, and of the reference one of each kind.
function bookPages() {
  const docs = path.join(root, "docs");
  const written = fs.readdirSync(docs).filter((file) => file.endsWith(".md"))
    .map((file) => fs.readFileSync(path.join(docs, file), "utf8").match(/^# .*\{#(\w+)\}/)[1])
    .map((name) => (name === "mainpage" ? "index.html" : `${name}.html`));
  return [...written, "equations.html", "by_function.html", "files.html", "annotated.html", "network_8hpp.html",
    "network_8cpp_source.html", "classplaingrad_1_1Random.html"];
}

// ---- one page -------------------------------------------------------------------------------------------------------
async function newPage(browser, screen) {
  // A window of its own: what is hidden behind another tab draws nothing.
  const page = await (await browser.createBrowserContext()).newPage();
  await page.setViewport(screen);
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error.message ?? error)));
  page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
  page.on("requestfailed", (request) => page.errors.push(`${request.url()} cannot be loaded`));
  return page;
}

// Opened, its formulas typeset, its figures drawn.
async function open(page, name) {
  await page.goto(pathToFileURL(path.join(site, name.split("#")[0])).href + (name.includes("#") ? `#${name.split("#")[1]}` : ""),
    { waitUntil: "load", timeout: patience });
  await settle(page);
  for (const figure of await page.$$("[data-figure]")) {
    await figure.evaluate((element) => element.scrollIntoView());
    await page.waitForFunction((element) => element.dataset.ready, { timeout: patience }, figure).catch(async () => {
      throw new Error(`the figure ${await figure.evaluate((element) => element.dataset.figure)} is not drawn after ${patience / 1000} seconds`);
    });
  }
  await settle(page);
}

const settle = (page) => page.evaluate(() => new Promise((resolve) => {
  if (window.MathJax?.Hub) window.MathJax.Hub.Queue(resolve);
  else resolve();
}));

const places = new Map();
function placesOf(file) {
  if (!places.has(file)) {
    const text = fs.readFileSync(file, "utf8");
    places.set(file, new Set([...text.matchAll(/(?:id|name)="([^"]*)"/g)].map((match) => match[1])));
  }
  return places.get(file);
}

function broken(link, here) {
  const url = new URL(link);
  const hash = decodeURIComponent(url.hash.slice(1));
  url.hash = "";
  url.search = "";
  const file = fileURLToPath(url);
  if (!fs.existsSync(file)) return true;
  return hash && file !== here && file.endsWith(".html") && !placesOf(file).has(hash);
}

async function checkPage(page, name) {
  const { width } = page.viewport();
  const at = `${name}, ${width} px`;
  page.errors.length = 0;
  try {
    await open(page, name);
  } catch (error) {
    record(false, `${at}: ${error.message}`);
    return;
  }
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const seen = await page.evaluate(lookAt, width);
    const tell = (what, list) => record(list.length === 0, `${at}, ${scheme}: ${what}: ${list.slice(0, 8).join("; ")}${list.length > 8 ? `; ${list.length - 8} more` : ""}`);
    tell("text too faint", seen.faint);
    tell("wider than the screen", seen.wide);
    if (scheme === "dark") continue;  // the rest has no colour
    tell("formulas not typeset", seen.raw);
    tell("pictures missing", seen.missing);
    tell("pictures without a description (alt)", seen.undescribed);
    tell("figures that do not work", seen.failed);
    tell("broken links", seen.links.filter((link) => broken(link, path.join(site, name))));
    tell("text below 12 px in a figure", seen.small);
    tell("controls too small for a finger, or without a name", seen.controls);
  }
  record(page.errors.length === 0, `${at}: ${page.errors.join("; ")}`);
}

// ---- one figure -----------------------------------------------------------------------------------------------------
async function checkFigure(page, name, run) {
  const where = fs.readdirSync(site).find((file) => /^(index|chapter\d|[a-z_0-9]+)\.html$/.test(file) &&
    fs.readFileSync(path.join(site, file), "utf8").includes(`data-figure="${name}"`));
  const { width } = page.viewport();
  const at = `figure ${name}, ${width} px`;
  if (!where) return record(false, `${at}: no page has it`);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  page.errors.length = 0;
  page.plaingrad = {
    width,
    goto: (other) => open(page, other),
    expected: (chapter) => {
      const file = `${String(chapter).replace(/^(\d)/, "chapter$1")}.txt`;
      return fs.readFileSync([`tests/expected/${file}`, `figures/output/${file}`].map((each) => path.join(root, each)).find(fs.existsSync), "utf8");
    },
  };
  try {
    await open(page, where);
    await page.$eval(`[data-figure="${name}"]`, (element) => element.scrollIntoView());
    await run(page, (condition, what) => record(condition, `${at}: ${what}`));
  } catch (error) {
    record(false, `${at}: ${error.stack}`);
  }
  record(page.errors.length === 0, `${at}: ${page.errors.join("; ")}`);
}

// ---- all --------------------------------------------------------------------------------------------------------------
// Windows take the next one each, so that no processor waits.
async function share(items, windows, work) {
  const left = [...items];
  await Promise.all(windows.map(async (window) => {
    while (left.length) await work(window, left.shift());
  }));
}

async function main() {
  const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", protocolTimeout: 2 * patience,
    args: ["--no-sandbox", "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding"] });
  const figures = fs.readdirSync(path.join(__dirname, "figures")).filter((file) => file.endsWith(".js")).map((file) => path.basename(file, ".js"))
    .filter((name) => !only || name === only);
  if (only && only !== "pages" && figures.length === 0) record(false, `there is no docs/check/figures/${only}.js`);
  for (const screen of screens) {
    const windows = [await newPage(browser, screen), await newPage(browser, screen)];
    if (!only || only === "pages") await share(bookPages(), windows, checkPage);
    await windows[1].close();
    for (const name of figures) await checkFigure(windows[0], name, require(path.join(__dirname, "figures", name)));
    await windows[0].close();
  }
  await browser.close();
  console.log(`${passed} checks passed, ${troubles.length} failed`);
  process.exitCode = troubles.length ? 1 : 0;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
