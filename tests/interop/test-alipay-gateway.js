// SPDX-License-Identifier: GPL-3.0-or-later
// Alipay's own SDK as a client of the practice provider, checking every signature of its answers; and
// what it signs against what the till signs. usage: node test-alipay-gateway.js TILL-SANDBOX VECTORS
'use strict';
const { spawn, spawnSync } = require('child_process');
const { existsSync, mkdtempSync, readFileSync, rmSync } = require('fs');
const { tmpdir } = require('os');
const { join } = require('path');

let AlipaySdk;
try {
  ({ AlipaySdk } = require('alipay-sdk'));
} catch (error) {
  console.log('1..0 # SKIP alipay-sdk is missing: run npm install in tests/interop');
  process.exit(0);
}

const [, , sandbox, vectors, folder] = process.argv;

// Node reads the authorities it believes once, at its start: so this starts itself again.
if (!folder) {
  const dir = mkdtempSync(join(tmpdir(), 'till-interop-'));
  const made = spawnSync(sandbox, ['--init', dir, '--port', '0'], { stdio: 'ignore' });
  const again = made.status === 0
    && spawnSync(process.execPath, [__filename, sandbox, vectors, dir],
      { stdio: 'inherit', env: { ...process.env, NODE_EXTRA_CA_CERTS: join(dir, 'ca.pem') } });
  rmSync(dir, { recursive: true });
  process.exit(again ? again.status ?? 1 : 1);
}

const account = join(folder, 'accounts', 'alipay');
const read = (...parts) => readFileSync(join(...parts), 'utf8');
const bare = (pem) => pem.replace(/-----.*-----|\s/g, '');
const config = (key, gateway) => ({
  appId: '2021000122671080',
  privateKey: key,
  keyType: 'PKCS8',
  alipayPublicKey: bare(read(account, 'provider.pem')),
  gateway,
});

let number = 0;
let bad = 0;
function check(good, what) {
  number += 1;
  console.log(`${good ? 'ok' : 'not ok'} ${number} ${what}`);
  if (!good) bad += 1;
}

const pay = {
  out_trade_no: '0PAYMENTNUMBERX1', scene: 'bar_code', auth_code: '281234567890123456',
  subject: '9101 & 果汁=1', total_amount: '50.00', seller_id: '2088102146225135',
};
const refund = {
  out_trade_no: '0PAYMENTNUMBERX1', out_request_no: '0ABCDEFGHJKMNPQR', refund_amount: '12.50',
  refund_reason: '9101 & 果汁=1',
};
const payment = { out_trade_no: '0PAYMENTNUMBERX1' };
const asked = { out_trade_no: '0PAYMENTNUMBERX1', out_request_no: '0ABCDEFGHJKMNPQR' };

function checkOurSignatures() {
  const sdk = new AlipaySdk(config(read(vectors, 'key.pem')));
  const contents = {
    pay, query: payment, cancel: payment, refund, 'fastpay.refund.query': asked,
  };
  for (const [name, bizContent] of Object.entries(contents)) {
    const form = new URLSearchParams(sdk.sdkExecute(`alipay.trade.${name}`,
      { format: 'JSON', timestamp: '2026-11-22 12:00:00', bizContent }));
    check(form.get('sign') === read(vectors, `alipay.${name}.sha256`), `we sign ${name} as it does`);
  }
}

// What the gateway answered, its signature checked by the SDK.
async function checkAnswers(sdk) {
  const steps = [
    ['pay', pay, { code: '10000', total_amount: '50.00' }],
    ['query', payment, { code: '10000', trade_status: 'TRADE_SUCCESS' }],
    ['refund', refund, { code: '10000', fund_change: 'Y', refund_fee: '12.50' }],
    ['refund', refund, { code: '10000', fund_change: 'N', refund_fee: '12.50' }],
    ['refund', { ...refund, refund_amount: '12.51' },
      { code: '40004', sub_code: 'ACQ.DISCORDANT_REPEAT_REQUEST' }],
    ['fastpay.refund.query', asked, { code: '10000', refund_status: 'REFUND_SUCCESS' }],
    ['fastpay.refund.query', { ...asked, out_request_no: 'NOBODY' },
      { code: '10000', refund_status: undefined }],
    ['pay', { ...pay, out_trade_no: 'SECOND' }, { code: '10000' }],
    ['cancel', { out_trade_no: 'SECOND' }, { code: '10000', retry_flag: 'N', action: 'refund' }],
    ['query', { out_trade_no: 'SECOND' }, { code: '10000', trade_status: 'TRADE_CLOSED' }],
    ['query', { out_trade_no: 'NOBODY' }, { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' }],
  ];
  for (const [name, bizContent, wanted] of steps) {
    let answer;
    try {
      answer = await sdk.exec(`alipay.trade.${name}`, { bizContent }, { validateSign: true });
    } catch (error) {
      answer = { error: error.message };
    }
    const good = Object.entries(wanted)
      .every(([key, value]) => answer[key.replace(/_(\w)/g, (_, c) => c.toUpperCase())] === value);
    if (!good) console.log(`# ${JSON.stringify(answer)}`);
    check(good, `${name}: ${Object.values(wanted).filter(Boolean).join(' ')}`);
  }
}

async function waitFor(path) {
  for (let i = 0; i < 200 && !existsSync(path); i += 1)
    await new Promise((resolve) => { setTimeout(resolve, 50); });
}

(async () => {
  checkOurSignatures();
  const portFile = join(folder, 'port');
  const child = spawn(sandbox, ['--state', folder, '--port', '0', '--port-file', portFile],
    { stdio: 'ignore' });
  try {
    await waitFor(portFile);
    const gateway = `https://127.0.0.1:${read(portFile).trim()}/gateway.do`;
    await checkAnswers(new AlipaySdk(config(read(account, 'till-key.pem'), gateway)));
  } finally {
    child.kill();
  }
  console.log(`1..${number}`);
  process.exitCode = bad ? 1 : 0;
})();
