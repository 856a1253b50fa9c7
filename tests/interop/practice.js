// SPDX-License-Identifier: GPL-3.0-or-later
// A practice provider of its own for one test, and how the test tells what it found.
'use strict';
const { execFileSync, spawn } = require('child_process');
const fs = require('fs');
const https = require('https');
const os = require('os');
const path = require('path');

// The module, or the end of the test as skipped.
exports.need = (name) => {
  try {
    return require(name);
  } catch (error) {
    console.log(`1..0 # SKIP ${name} is missing: run npm install in tests/interop`);
    return process.exit(0);
  }
};

async function portIn(file) {
  for (let tries = 0; tries < 200; tries += 1) {
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
    if (text) return Number(text);
    await new Promise((done) => { setTimeout(done, 50); });
  }
  throw new Error('the practice provider does not start');
}

// Runs story (provider) with a provider in a folder of its own, then ends it. provider: port, agent
// (which believes its authority only), read (a file of the tongue's account), fault (JSON).
exports.run = async (program, tongue, story) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'till-interop-'));
  const portFile = path.join(dir, 'port');
  execFileSync(program, ['--init', dir, '--port', '0']);
  const child = spawn(program, ['--state', dir, '--port-file', portFile], { stdio: 'ignore' });
  const account = (name) => fs.readFileSync(path.join(dir, 'accounts', tongue, name));
  try {
    const port = await portIn(portFile);
    const agent = new https.Agent({ ca: account('ca.pem') });
    const token = fs.readFileSync(path.join(dir, 'control.token'), 'utf8').trim();
    const fault = (what) => new Promise((done, failed) => {
      const request = https.request({
        host: '127.0.0.1', port, path: '/control/fault', method: 'POST', agent,
        headers: { Authorization: `Bearer ${token}` },
      }, (answer) => { answer.resume(); answer.on('end', done); });
      request.on('error', failed);
      request.end(JSON.stringify(what));
    });
    await story({ port, agent, read: account, fault });
    agent.destroy();
  } finally {
    child.kill();
    fs.rmSync(dir, { recursive: true });
  }
};

let number = 0;
let bad = 0;
// One line of TAP.
exports.check = (what, good, seen) => {
  number += 1;
  console.log(`${good ? 'ok' : 'not ok'} ${number} ${what}`);
  if (good) return;
  bad += 1;
  console.log(`# saw: ${JSON.stringify(seen)}`);
};

exports.finish = () => {
  console.log(`1..${number}`);
  process.exitCode = bad ? 1 : 0;
};
