// SPDX-License-Identifier: GPL-3.0-or-later
// What a test here says, as TAP: each check is a line, the plan comes last, and whatever throws or
// hangs is a failure too.
'use strict';
const { inspect, isDeepStrictEqual } = require('util');

let number = 0;
let bad = 0;

function remark(text) {
  console.log(text.replace(/^/gm, '# '));
}

function check(good, what) {
  number += 1;
  if (!good) bad += 1;
  console.log(`${good ? 'ok' : 'not ok'} ${number} ${what}`);
}

function same(found, wanted, what) {
  const good = isDeepStrictEqual(found, wanted);
  if (!good)
    remark(`found:  ${inspect(found, { depth: 9 })}\nwanted: ${inspect(wanted, { depth: 9 })}`);
  check(good, what);
}

// The promise must fail, and is_right must know the failure again.
async function fails(promise, is_right, what) {
  try {
    remark(`nobody objected: ${inspect(await promise)}`);
    check(false, what);
  } catch (error) {
    const good = is_right(error);
    if (!good) remark(inspect(error));
    check(good, what);
  }
}

// The packages, or the end of the test with a reason.
function load(...names) {
  try {
    return names.map((name) => require(name));
  } catch (error) {
    const wanted = names.some((name) => (error.message || '').includes(`'${name}'`));
    if (error.code !== 'MODULE_NOT_FOUND' || !wanted) throw error;
    console.log(`1..0 # SKIP ${names.join(', ')} not here: npm ci in tests/interop brings it`);
    process.exit(0);
  }
}

function finish() {
  console.log(`1..${number}`);
  process.exit(bad ? 1 : 0);
}

function run(story, limit_s = 60) {
  const stop = () => {
    check(false, `done within ${limit_s} s`);
    finish();
  };
  setTimeout(stop, limit_s * 1000);
  process.on('SIGTERM', () => process.exit(1));
  story().then(finish, (error) => {
    remark(inspect(error));
    check(false, 'nothing unexpected is thrown');
    finish();
  });
}

module.exports = { check, same, fails, load, run };
