// SPDX-License-Identifier: GPL-3.0-or-later
// Alipay by alipay-sdk, which is Alipay's own. It pays and refunds at our sandbox and verifies its
// answers; it verifies what our codec signs; and of the same facts it signs the same bytes.
// usage: test-alipay.js TILL-SANDBOX TELL-REQUEST
'use strict';
const { generateKeyPairSync } = require('crypto');
const Practice = require('./practice');
const { check, same, fails, load, run } = require('./tap');
const [{ AlipaySdk }, { Agent }] = load('alipay-sdk', 'urllib');

const bare = (pem) => pem.replace(/-----[^-]+-----|\n/g, '');

function client(practice, account, more = {}) {
  return new AlipaySdk({
    appId: account.app_id,
    privateKey: bare(account.private_key),
    keyType: 'PKCS8',
    alipayPublicKey: bare(account.provider_key),
    gateway: `https://127.0.0.1:${practice.port}/gateway.do`,
    proxyAgent: new Agent({ connect: { ca: practice.ca } }),
    timeout: 20000,
    camelcase: false,
    ...more,
  });
}

// Every answer is verified, refusals too.
function ask(sdk, deed, bizContent) {
  return sdk.exec(`alipay.trade.${deed}`, { bizContent }, { validateSign: true });
}

function payment(account, no, total) {
  return {
    out_trade_no: no,
    scene: 'bar_code',
    auth_code: '280000000000000001',
    subject: '中秋礼盒 & more',
    total_amount: total,
    seller_id: account.merchant_no,
  };
}

function refund(no, of, amount) {
  return { out_trade_no: of, out_request_no: no, refund_amount: amount, refund_reason: '不合适' };
}

const levels = (answer) => [answer.code, answer.sub_code];
const unverified = (error) =>
  error.name === 'AlipayRequestError' && error.message.startsWith('验签失败');

async function as_stranger(practice, account) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = client(practice, account, {
    privateKey: bare(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  });
  same(
    levels(await ask(stranger, 'pay', payment(account, 'S1', '0.01'))),
    ['40002', 'isv.invalid-signature'],
    'a stranger is turned away',
  );
  await fails(
    ask(client(practice, account, { proxyAgent: new Agent() }), 'query', { out_trade_no: 'S1' }),
    (error) => /certificate/.test(error.message),
    'no other authority vouches for the sandbox',
  );
}

async function as_payer(practice, account) {
  const sdk = client(practice, account);
  const paid = await ask(sdk, 'pay', payment(account, 'P1', '12.99'));
  same([paid.code, paid.total_amount, paid.out_trade_no], ['10000', '12.99', 'P1'], 'pays');
  const asked = await ask(sdk, 'query', { out_trade_no: 'P1' });
  same(
    [asked.code, asked.trade_status, asked.trade_no],
    ['10000', 'TRADE_SUCCESS', paid.trade_no],
    'asks after the payment',
  );
}

async function as_refunder(practice, account) {
  let sdk = client(practice, account);
  const first = await ask(sdk, 'refund', refund('R1', 'P1', '5.00'));
  same(
    [first.code, first.fund_change, first.refund_fee],
    ['10000', 'Y', '5.00'],
    'gives a part back',
  );
  same(
    levels(await ask(sdk, 'refund', refund('R2', 'P1', '7.00'))),
    ['40004', 'ACQ.REFUND_CHARGE_ERROR'],
    'not two within three seconds',
  );
  await practice.age(4);
  sdk = client(practice, account);
  const second = await ask(sdk, 'refund', refund('R2', 'P1', '7.00'));
  same(
    [second.code, second.fund_change, second.refund_fee],
    ['10000', 'Y', '12.00'],
    'gives another part back, and says the sum',
  );
  const again = await ask(sdk, 'refund', refund('R2', 'P1', '7.00'));
  same(
    [again.code, again.fund_change, again.refund_fee],
    ['10000', 'N', '12.00'],
    'the same number moves nothing',
  );
  same(
    levels(await ask(sdk, 'refund', refund('R2', 'P1', '0.50'))),
    ['40004', 'ACQ.DISCORDANT_REPEAT_REQUEST'],
    'and is not one of another amount',
  );
  await practice.age(4);
  sdk = client(practice, account);
  same(
    levels(await ask(sdk, 'refund', refund('R3', 'P1', '1.00'))),
    ['40004', 'ACQ.REASON_TRADE_REFUND_FEE_ERR'],
    'a third that is too much is refused',
  );
}

async function as_asker(practice, account) {
  const sdk = client(practice, account);
  const status = await ask(sdk, 'fastpay.refund.query', {
    out_trade_no: 'P1',
    out_request_no: 'R1',
  });
  same(
    [status.code, status.refund_status, status.refund_amount, status.total_amount],
    ['10000', 'REFUND_SUCCESS', '5.00', '12.99'],
    'asks after a refund',
  );
  const nobody = await ask(sdk, 'fastpay.refund.query', {
    out_trade_no: 'P1',
    out_request_no: 'R3',
  });
  same([nobody.code, nobody.refund_status], ['10000', undefined], 'what was refused is not there');
}

async function as_regretter(practice, account) {
  const sdk = client(practice, account);
  await ask(sdk, 'pay', payment(account, 'P2', '3.00'));
  const undone = await ask(sdk, 'cancel', { out_trade_no: 'P2' });
  same(
    [undone.code, undone.action, undone.retry_flag],
    ['10000', 'refund', 'N'],
    'a payment is canceled',
  );
  const after = await ask(sdk, 'query', { out_trade_no: 'P2' });
  same([after.code, after.trade_status], ['10000', 'TRADE_CLOSED'], 'and a question says so');
}

async function as_doubter(practice, account) {
  const sdk = client(practice, account);
  const question = { out_trade_no: 'P1', out_request_no: 'R1' };
  await practice.fault('query_refund', 'bad-signature');
  await fails(
    ask(sdk, 'fastpay.refund.query', question),
    unverified,
    'a wrong signature is not believed',
  );
  await practice.fault('refund', 'bad-signature');
  await fails(ask(sdk, 'refund', refund('R4', 'P1', '0.99')), unverified, 'not on a refund either');
  const after = await ask(sdk, 'fastpay.refund.query', {
    out_trade_no: 'P1',
    out_request_no: 'R4',
  });
  same(after.refund_status, 'REFUND_SUCCESS', 'and yet it was paid, which a question tells');
  const bizContent = { out_trade_no: 'P1' };
  const bare_no = await sdk.exec('alipay.trade.close', { bizContent });
  same(levels(bare_no), ['40002', 'isv.invalid-method'], 'an unknown method has an unsigned no');
  await fails(
    ask(sdk, 'close', bizContent),
    (error) => error instanceof TypeError,
    'which the SDK takes only when told not to verify',
  );
  const theirs = client(practice, account, { alipayPublicKey: bare(practice.merchant_key) });
  await fails(
    ask(theirs, 'fastpay.refund.query', question),
    unverified,
    'another key verifies nothing',
  );
}

const decode = (form) => Object.fromEntries(new URLSearchParams(form));

// Of a request of ours: what stands in the URL, what in the body, and all of it.
function parameters(request) {
  const [path, query] = request.path.split('?');
  return {
    path,
    query: decode(query),
    body: decode(request.body),
    all: { ...decode(query), ...decode(request.body) },
  };
}

function check_request(practice, account, request, errand, more = {}) {
  const sdk = client(practice, account, more);
  const provider = client(practice, account, { alipayPublicKey: bare(practice.merchant_key) });
  const { path, query, body, all } = parameters(request);
  check(provider.checkNotifySignV2(all), `${errand}: our signature verifies`);
  check(
    !provider.checkNotifySignV2({ ...all, biz_content: `${all.biz_content} ` }),
    `${errand}: and covers the content`,
  );
  check(
    !provider.checkNotifySignV2({ ...all, method: 'alipay.trade.close' }),
    `${errand}: and the method`,
  );

  const { timestamp, format, method } = all;
  const bizContent = JSON.parse(all.biz_content);
  same(
    all,
    decode(sdk.sdkExecute(method, { timestamp, format, bizContent })),
    `${errand}: the SDK signs the same`,
  );
  const { url, execParams } = sdk.formatUrl(sdk.config.gateway, all);
  const theirs = new URL(url);
  same(
    [path, query, body],
    [theirs.pathname, decode(theirs.search), execParams],
    `${errand}: and puts it in the same places`,
  );
}

function as_verifier(practice, account) {
  const facts = {
    request_no: 'R1',
    amount: 500,
    requested_at: 1763791190000000,
    asked_at: 1763791200000000,
  };
  const backward = { ...facts, original_no: 'P1', original_amount: 1299 };
  const errands = {
    pay: { ...facts, auth: '280000000000000001', subject: '中秋礼盒 50% + "more" & 100=x' },
    query_pay: facts,
    reverse: facts,
    refund: { ...backward, subject: '不合适 \\ 退 %E4 + &' },
    query_refund: backward,
  };
  for (const [errand, its] of Object.entries(errands)) {
    check_request(practice, account, practice.tell('alipay', errand, its), errand);
  }
}

// Our own request, carried by hand; the SDK reads what comes back.
async function as_witness(practice, account) {
  const now = Date.now() * 1000;
  const request = practice.tell('alipay', 'query_refund', {
    request_no: 'R2',
    original_no: 'P1',
    amount: 700,
    original_amount: 1299,
    requested_at: now,
    asked_at: now,
  });
  const answer = await practice.ask(request.method, request.path, request.headers, request.body);
  const said = JSON.parse(answer.body);
  const name = 'alipay_trade_fastpay_refund_query_response';
  const sdk = client(practice, account);
  const verify = async (text) => sdk.checkResponseSign(text, name, said.sign);
  same([answer.status, said[name].refund_amount], [200, '7.00'], 'our codec is answered');
  check(await verify(answer.body).then(() => true), 'and the SDK verifies the answer');
  await fails(
    verify(answer.body.replace('7.00', '7.01')),
    unverified,
    'which is signed with its amount',
  );
}

// Certificates instead of public keys: what names them is the SDK's own reckoning.
async function as_certificate_holder(practice, account) {
  const read = (name) => practice.read('accounts', 'alipay', name);
  const ini = read('account.ini');
  const words = { app_cert: 'app.pem', root_certs: 'alipay-roots.pem', provider_key: 'alipay.pem' };
  const lines = Object.entries(words).map(([word, file]) => `${word}=${file}`);
  practice.write(
    ini.replace(/^provider_key=.*$/m, lines.join('\n')),
    'accounts',
    'alipay',
    'account.ini',
  );
  const by_certificate = {
    alipayPublicKey: undefined,
    appCertContent: read('app.pem'),
    alipayPublicCertContent: read('alipay.pem'),
    alipayRootCertContent: read('alipay-roots.pem'),
  };
  const sdk = client(practice, account, by_certificate);
  const asked = await ask(sdk, 'query', { out_trade_no: 'P1' });
  same([asked.code, asked.out_trade_no], ['10000', 'P1'], 'the SDK is answered by certificate');
  const other = client(practice, account, { ...by_certificate, appCertContent: read('alipay.pem') });
  same(
    levels(await ask(other, 'query', { out_trade_no: 'P1' })),
    ['40002', 'isv.invalid-signature'],
    'not under the name of another one',
  );
  const now = Date.now() * 1000;
  const facts = { request_no: 'P1', amount: 1299, requested_at: now, asked_at: now };
  const request = practice.tell('alipay', 'query_pay', facts);
  check_request(practice, account, request, 'query_pay by certificate', by_certificate);
  const answer = await practice.ask(request.method, request.path, request.headers, request.body);
  const said = JSON.parse(answer.body);
  same(
    [said.alipay_trade_query_response.code, said.alipay_cert_sn],
    ['10000', sdk.config.alipayCertSn],
    'our codec is answered by the certificate that the SDK knows',
  );
  practice.write(ini, 'accounts', 'alipay', 'account.ini');
}

run(async () => {
  const practice = await Practice.open(process.argv.slice(2));
  const account = practice.account('alipay');
  await as_stranger(practice, account);
  await as_payer(practice, account);
  await as_refunder(practice, account);
  await as_asker(practice, account);
  await as_doubter(practice, account);
  await as_regretter(practice, account);
  as_verifier(practice, account);
  await as_witness(practice, account);
  await as_certificate_holder(practice, account);
  same(
    await practice.moved(),
    [
      ['pay', 'P1', '', 1299, 1],
      ['refund', 'R1', 'P1', 500, 1],
      ['refund', 'R2', 'P1', 700, 1],
      ['refund', 'R4', 'P1', 99, 1],
      ['pay', 'P2', '', 300, 1],
      ['reverse', 'P2', '', 300, 1],
    ],
    'and that is all that moved',
  );
});
