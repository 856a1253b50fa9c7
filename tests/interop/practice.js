// SPDX-License-Identifier: GPL-3.0-or-later
// till-sandbox as a process of its own, on a free port, in a folder of its own that goes with the
// test. Whoever asks it anything trusts its authority and no other.
'use strict';
const { execFileSync, spawn } = require('child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('fs');
const https = require('https');
const { tmpdir } = require('os');
const { join } = require('path');
const readline = require('readline');

const START_MS = 20000;
const ANSWER_MS = 20000;

class Practice {
  // programs: the paths of till-sandbox and tell-request.
  static async open([sandbox, tell]) {
    const practice = new Practice();
    practice.sandbox = sandbox;
    practice.tell_request = tell;
    practice.top = mkdtempSync(join(tmpdir(), 'till-interop-'));
    practice.dir = join(practice.top, 'shop');
    process.on('exit', () => practice.close());
    execFileSync(sandbox, ['--init', practice.dir], { stdio: ['ignore', 'ignore', 'inherit'] });
    practice.ca = practice.read('ca.pem');
    practice.merchant_key = practice.read('merchant.pem'); // what the provider knows us by
    practice.token = practice.read('control.token').trim();
    await practice.start();
    return practice;
  }

  read(...name) {
    return readFileSync(join(this.dir, ...name), 'utf8');
  }

  write(text, ...name) {
    writeFileSync(join(this.dir, ...name), text);
  }

  // Also after a stop: on another port, with the book as it was.
  start() {
    return new Promise((resolve, reject) => {
      this.process = spawn(this.sandbox, ['--state', this.dir, '--port', '0'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const late = setTimeout(() => reject(new Error('the sandbox does not listen')), START_MS);
      this.process.once('exit', () => reject(new Error('the sandbox has ended')));
      this.process.once('error', reject);
      readline.createInterface({ input: this.process.stdout }).once('line', (line) => {
        clearTimeout(late);
        this.port = Number(/:(\d+)$/.exec(line)[1]);
        resolve();
      });
    });
  }

  stop() {
    return new Promise((resolve) => {
      this.process.removeAllListeners('exit');
      this.process.once('exit', resolve);
      this.process.kill();
    });
  }

  close() {
    if (this.process) this.process.kill('SIGKILL');
    rmSync(this.top, { recursive: true, force: true });
  }

  // Everything in the book happened that much earlier. There are providers who want a minute between
  // two refunds, and no test waits for one.
  async age(seconds) {
    await this.stop();
    const lines = this.read('book.jsonl')
      .trimEnd()
      .split('\n')
      .map((text) => {
        const record = JSON.parse(text);
        record.at -= seconds * 1000000;
        return JSON.stringify(record);
      });
    writeFileSync(join(this.dir, 'book.jsonl'), `${lines.join('\n')}\n`);
    await this.start();
  }

  // The account of that provider, as the till would read it.
  account(provider) {
    const account = {};
    for (const line of this.read('accounts', provider, 'account.ini').split('\n')) {
      const match = /^(\w+)=(.*)$/.exec(line);
      if (match) [, , account[match[1]]] = match;
    }
    for (const word of ['private_key', 'provider_key', 'secret_file']) {
      if (account[word]) account[word] = this.read('accounts', provider, account[word]).trim();
    }
    return account;
  }

  // The request that the till's codec builds; header names in small letters.
  tell(provider, errand, facts) {
    const args = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
    const folder = join(this.dir, 'accounts', provider);
    const request = JSON.parse(
      execFileSync(this.tell_request, [folder, errand, ...args], { encoding: 'utf8' }),
    );
    request.headers = Object.fromEntries(
      request.headers.map((header) => {
        const colon = header.indexOf(': ');
        return [header.slice(0, colon).toLowerCase(), header.slice(colon + 2)];
      }),
    );
    return request;
  }

  // Answers { status, headers, body }, the body as text.
  ask(method, path, headers = {}, body = '') {
    return new Promise((resolve, reject) => {
      const request = https.request(
        {
          host: '127.0.0.1',
          port: this.port,
          ca: this.ca,
          method,
          path,
          headers,
          agent: false,
          timeout: ANSWER_MS,
        },
        (answer) => {
          const parts = [];
          answer.on('data', (part) => parts.push(part));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({
              status: answer.statusCode,
              headers: answer.headers,
              body: Buffer.concat(parts).toString(),
            }),
          );
        },
      );
      request.on('timeout', () => request.destroy(new Error(`${path}: no answer`)));
      request.on('error', reject);
      request.end(body);
    });
  }

  async control(method, path, body) {
    const answer = await this.ask(method, path, { Authorization: `Bearer ${this.token}` }, body);
    if (answer.status !== 200) throw new Error(`${path}: HTTP ${answer.status} ${answer.body}`);
    return answer.body;
  }

  fault(kind, fault, more = {}) {
    return this.control('POST', '/control/fault', JSON.stringify({ kind, fault, ...more }));
  }

  // What moved: [kind, request_no, original_no, amount, how often], in the order it did.
  async moved() {
    const { effects } = JSON.parse(await this.control('GET', '/statement'));
    return effects.map((row) => [
      row.kind,
      row.request_no,
      row.original_no || '',
      row.amount,
      row.count,
    ]);
  }
}

module.exports = Practice;
