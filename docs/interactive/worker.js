"use strict";
// A module in a worker: long computations do not block the page. And files inside scripts. A page that was opened from a
// disk may load scripts and nothing else, not even a worker's: so the module comes as a file in a script, too.
(() => {
  const { script } = Plaingrad;
  const workers = {};
  Plaingrad.embedded = {};

  async function unpacked(bytes) {
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    try {
      return new Uint8Array(await new Response(stream).arrayBuffer());
    } catch {
      throw new Error("a damaged gzip file");
    }
  }

  // What embed.py has put into the script NAME.js: {KEY: text}, the files in base64.
  async function embedded(name) {
    if (!Plaingrad.embedded[name]) await script(`${name}.js`);
    return Plaingrad.embedded[name];
  }
  async function file(name, key) {
    const text = atob((await embedded(name))[key]);
    return unpacked(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  }

  // Runs inside the worker, after the module's own text.
  function answer(make) {
    const ready = make();
    self.onmessage = async ({ data: { id, name, values } }) => {
      const module = await ready;
      try {
        self.postMessage({ id, result: module[name](...values) });
      } catch (error) {
        self.postMessage({ id, error: typeof error === "number" ? module.what(error) : String(error.message ?? error) });
      }
    };
  }

  // A promise of call(FUNCTION, arguments...), which gives a promise of what that function of NAME.cpp returns. One worker
  // for all who ask for the same module under the same user's name.
  async function begin(name) {
    const module = await file(`${name}.worker`, "module");
    const source = new Blob([module, `\n(${answer})(module_${name});`], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(source)), waiting = new Map();
    worker.onmessage = ({ data: { id, result, error } }) => {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    };
    worker.onerror = (event) => {
      for (const { reject } of waiting.values()) reject(new Error(event.message));
      waiting.clear();
    };
    let last = 0;
    return (called, ...values) => new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      worker.postMessage({ id: last, name: called, values });
    });
  }

  Object.assign(Plaingrad, { unpacked, embeddedFiles: embedded, embeddedFile: file, worker: (name) => (workers[name] ??= begin(name)) });
})();
