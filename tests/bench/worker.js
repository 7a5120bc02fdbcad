// The programs that run in Node answer run.py by this, as worker.hpp has it for those in C++.
'use strict';
const readline = require('readline');

async function measure(once, seconds) {
  let done = 0, elapsed = 0, start = process.hrtime.bigint();
  const since = () => Number(process.hrtime.bigint() - start) / 1e9;
  do await once();  // unmeasured: threads that have slept have to find their processors again
  while (since() < Math.min(0.3, seconds));
  start = process.hrtime.bigint();
  do {
    done += await once();
    elapsed = since();
  } while (elapsed < seconds);
  return {count: done, seconds: elapsed, megabytes: process.resourceUsage().maxRSS * 1024 / 1e6};
}

// about: what there is to know at the start, its variants among it. prepare(VARIANT) gives what does a little work and
// returns how many units that was; either may be asynchronous.
async function serve(about, prepare) {
  console.log(JSON.stringify(about));
  let once = null, prepared = null;
  for await (const line of readline.createInterface({input: process.stdin})) {
    const [seconds, ...words] = line.split(' '), variant = words.join(' ');
    if (variant !== prepared) {
      once = await prepare(variant);
      prepared = variant;
    }
    console.log(JSON.stringify(await measure(once, Number(seconds))));
  }
}

function fail(name, problem) {
  console.error(`${name}: ${String(problem.message).split('\n')[0]}`);
  process.exit(1);
}

module.exports = {serve, fail};
