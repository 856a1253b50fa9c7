// SPDX-License-Identifier: GPL-3.0-or-later
// WeChat Pay by wechatpay-axios-plugin, which nobody here wrote. It signs for a shop and verifies
// what our sandbox answers; and it verifies what our codec signs.
// usage: test-wechat.js TILL-SANDBOX TELL-REQUEST
'use strict';
const { generateKeyPairSync } = require('crypto');
const https = require('https');
const Practice = require('./practice');
const { check, same, fails, load, run } = require('./tap');
const [{ Wechatpay, Formatter, Rsa }] = load('wechatpay-axios-plugin');

const SIGNATURE = 'EV3_RES_HEADER_SIGNATURE_DIGEST';
const ORDERS = '/v3/pay/transactions/out-trade-no';
const REFUNDS = '/v3/refund/domestic/refunds';

const public_key = (pem) => Rsa.from(pem, Rsa.KEY_TYPE_PUBLIC);

// Takes every HTTP status for an answer, so that the SDK verifies refusals as well.
function client(practice, account, more = {}) {
  const { v3 } = new Wechatpay({
    mchid: account.merchant_no,
    serial: account.serial_no,
    privateKey: account.private_key,
    certs: { [account.provider_key_id]: account.provider_key },
    baseURL: `https://127.0.0.1:${practice.port}/`,
    httpsAgent: new https.Agent({ ca: practice.ca }),
    proxy: false,
    timeout: 20000,
    validateStatus: () => true,
    ...more,
  }).client;
  return v3;
}

function payment(account, no, total) {
  return {
    appid: account.app_id,
    mchid: account.merchant_no,
    description: '中秋礼盒 & more',
    out_trade_no: no,
    payer: { auth_code: '130000000000000001' },
    amount: { total, currency: 'CNY' },
    scene_info: { store_info: { out_id: '1' } },
  };
}

function refund(no, of, amount, total) {
  return {
    out_trade_no: of,
    out_refund_no: no,
    reason: '不合适',
    amount: { refund: amount, total, currency: 'CNY' },
  };
}

// HTTP status and, of a refusal, its code.
const said = ({ status, data }) => [status, data.code];

async function as_stranger(practice, account) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = client(practice, {
    ...account,
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  });
  const answer = await stranger.post(
    '/v3/pay/transactions/codepay',
    payment(account, 'S1000001', 1),
  );
  same(said(answer), [401, 'SIGN_ERROR'], 'a stranger is turned away');
  await fails(
    client(practice, account, { httpsAgent: new https.Agent() }).get(`${ORDERS}/S1000001`),
    (error) => /CERT|certificate/i.test(`${error.code} ${error.message}`),
    'no other authority vouches for the sandbox',
  );
}

async function as_payer(practice, account) {
  const wechat = client(practice, account);
  const paid = await wechat.post(
    '/v3/pay/transactions/codepay',
    payment(account, 'P1000001', 1299),
  );
  same(
    [paid.status, paid.data.trade_state, paid.data.amount.total],
    [200, 'SUCCESS', 1299],
    'pays',
  );
  const asked = await wechat.get(`${ORDERS}/P1000001`, { params: { mchid: account.merchant_no } });
  same(
    [asked.data.trade_state, asked.data.transaction_id],
    ['SUCCESS', paid.data.transaction_id],
    'asks after the payment',
  );
}

async function as_refunder(practice, account) {
  let wechat = client(practice, account);
  const first = await wechat.post(REFUNDS, refund('R1000001', 'P1000001', 500, 1299));
  same(
    [first.status, first.data.status, first.data.amount.refund],
    [200, 'SUCCESS', 500],
    'gives a part back',
  );
  const soon = await wechat.post(REFUNDS, refund('R1000002', 'P1000001', 700, 1299));
  same(said(soon), [429, 'FREQUENCY_LIMITED'], 'not two within a minute');
  await practice.age(61);
  wechat = client(practice, account);
  const second = await wechat.post(REFUNDS, refund('R1000002', 'P1000001', 700, 1299));
  same(
    [second.status, second.data.status, second.data.amount.refund],
    [200, 'SUCCESS', 700],
    'gives another part back',
  );
  const again = await wechat.post(REFUNDS, refund('R1000002', 'P1000001', 700, 1299));
  same(
    [again.status, again.data.refund_id],
    [200, second.data.refund_id],
    'the same number is the same refund',
  );
  const other = await wechat.post(REFUNDS, refund('R1000002', 'P1000001', 99, 1299));
  same(said(other), [400, 'INVALID_REQUEST'], 'and not one of another amount');
  await practice.age(61);
  wechat = client(practice, account);
  const third = await wechat.post(REFUNDS, refund('R1000003', 'P1000001', 100, 1299));
  same(said(third), [400, 'INVALID_REQUEST'], 'a third that is too much is refused');
  check(/可退金额/.test(third.data.message), 'in the words that our codec looks for');
}

async function as_asker(practice, account) {
  const wechat = client(practice, account);
  const status = await wechat.get(`${REFUNDS}/R1000001`);
  same(
    [status.data.status, status.data.amount.refund, status.data.out_trade_no],
    ['SUCCESS', 500, 'P1000001'],
    'asks after a refund',
  );
  const nobody = await wechat.get(`${REFUNDS}/R1000003`);
  same(said(nobody), [404, 'RESOURCE_NOT_EXISTS'], 'what was refused is not there');
}

async function as_regretter(practice, account) {
  const us = { appid: account.app_id, mchid: account.merchant_no };
  let wechat = client(practice, account);
  await wechat.post('/v3/pay/transactions/codepay', payment(account, 'P1000002', 300));
  const soon = await wechat.post(`${ORDERS}/P1000002/reverse`, us);
  same(said(soon), [429, 'FREQUENCY_LIMITED'], 'nothing is reversed within 15 seconds');
  await practice.age(16);
  wechat = client(practice, account);
  const undone = await wechat.post(`${ORDERS}/P1000002/reverse`, us);
  same([undone.status, undone.data.out_trade_no], [200, 'P1000002'], 'then it is');
  const after = await wechat.get(`${ORDERS}/P1000002`, { params: { mchid: account.merchant_no } });
  same(after.data.trade_state, 'REVOKED', 'and a question says so');
}

async function as_doubter(practice, account) {
  const wechat = client(practice, account);
  await practice.fault('query_refund', 'bad-signature');
  await fails(
    wechat.get(`${REFUNDS}/R1000001`),
    (error) => error.code === SIGNATURE,
    'a wrong signature is not believed',
  );
  await practice.fault('refund', 'bad-signature');
  await fails(
    wechat.post(REFUNDS, refund('R1000004', 'P1000001', 99, 1299)),
    (error) => error.code === SIGNATURE,
    'not on a refund either',
  );
  const after = await wechat.get(`${REFUNDS}/R1000004`);
  same(after.data.status, 'SUCCESS', 'and yet it was paid, which a question tells');
  const trusting = client(practice, account, { validateStatus: (status) => status < 300 });
  await practice.fault('query_refund', 'bad-signature');
  await fails(
    trusting.get(`${REFUNDS}/R1000003`),
    (error) => error.code !== SIGNATURE && error.response.data.code === 'RESOURCE_NOT_EXISTS',
    'left to itself the SDK verifies no refusal; our codec believes none unverified',
  );
  const theirs = client(practice, { ...account, provider_key: practice.merchant_key });
  await fails(
    theirs.get(`${REFUNDS}/R1000001`),
    (error) => error.code === SIGNATURE,
    'another key verifies nothing',
  );
}

// { mchid: …, nonce_str: …, … } of an Authorization header.
function parts_of(header) {
  const pairs = header
    .replace(/^\S+ /, '')
    .split(',')
    .map((part) => /^(\w+)="(.*)"$/.exec(part).slice(1));
  return Object.fromEntries(pairs);
}

function verifies(practice, request, authorization = parts_of(request.headers.authorization)) {
  const { timestamp, nonce_str: nonce, signature } = authorization;
  return Rsa.verify(
    Formatter.request(request.method, request.path, timestamp, nonce, request.body),
    signature,
    public_key(practice.merchant_key),
  );
}

// The header as the SDK would write it of the same parts: the same names, and the order is free.
function check_authorization(account, request, what) {
  const ours = parts_of(request.headers.authorization);
  const theirs = Formatter.authorization(
    account.merchant_no,
    ours.nonce_str,
    ours.signature,
    '1763791200',
    account.serial_no,
  );
  same(
    [request.headers.authorization.split(' ')[0], ours],
    [theirs.split(' ')[0], parts_of(theirs)],
    what,
  );
}

function as_verifier(practice, account) {
  const facts = {
    request_no: 'R1000001',
    amount: 500,
    requested_at: 1763791190000000,
    asked_at: 1763791200000000,
  };
  const backward = { ...facts, original_no: 'P1000001', original_amount: 1299 };
  const errands = {
    pay: { ...facts, auth: '130000000000000001', subject: '中秋礼盒 & "more"' },
    query_pay: facts,
    reverse: facts,
    refund: { ...backward, subject: '不合适 \\ 退' },
    query_refund: backward,
  };
  for (const [errand, its] of Object.entries(errands)) {
    const request = practice.tell('wechat', errand, its);
    check_authorization(account, request, `${errand}: the header names what theirs names`);
    check(verifies(practice, request), `${errand}: our signature verifies`);
    check(
      !verifies(practice, { ...request, path: `${request.path}0` }),
      `${errand}: and covers the path`,
    );
    check(!verifies(practice, { ...request, body: `${request.body} ` }), `${errand}: and the body`);
  }
}

// Our own requests, carried by hand; the SDK reads what comes back.
async function as_witness(practice, account) {
  const now = Date.now() * 1000;
  const request = practice.tell('wechat', 'query_refund', {
    request_no: 'R1000002',
    original_no: 'P1000001',
    amount: 700,
    original_amount: 1299,
    requested_at: now,
    asked_at: now,
  });
  const answer = await practice.ask(request.method, request.path, request.headers, request.body);
  const field = (name) => answer.headers[`wechatpay-${name}`];
  const text = Formatter.response(field('timestamp'), field('nonce'), answer.body);
  same([answer.status, JSON.parse(answer.body).amount.refund], [200, 700], 'our codec is answered');
  same(field('serial'), account.provider_key_id, 'the answer names the key');
  check(
    Rsa.verify(text, field('signature'), public_key(account.provider_key)),
    'and is signed as the SDK wants it',
  );
  check(
    !Rsa.verify(`${text} `, field('signature'), public_key(account.provider_key)),
    'which covers every byte',
  );
}

run(async () => {
  const practice = await Practice.open(process.argv.slice(2));
  const account = practice.account('wechat');
  await as_stranger(practice, account);
  await as_payer(practice, account);
  await as_refunder(practice, account);
  await as_asker(practice, account);
  await as_doubter(practice, account);
  await as_regretter(practice, account);
  as_verifier(practice, account);
  await as_witness(practice, account);
  same(
    await practice.moved(),
    [
      ['pay', 'P1000001', '', 1299, 1],
      ['refund', 'R1000001', 'P1000001', 500, 1],
      ['refund', 'R1000002', 'P1000001', 700, 1],
      ['refund', 'R1000004', 'P1000001', 99, 1],
      ['pay', 'P1000002', '', 300, 1],
      ['reverse', 'P1000002', '', 300, 1],
    ],
    'and that is all that moved',
  );
});
