// SPDX-License-Identifier: GPL-3.0-or-later
// The practice provider's WeChat Pay, asked by wechatpay-axios-plugin, which nobody here wrote: it
// signs the requests and verifies every answer. usage: node test-wechat-api.js TILL-SANDBOX
'use strict';
const { need, run, check, finish } = require('./practice.js');
const { Wechatpay, Rsa } = need('wechatpay-axios-plugin');

const APP = 'wx8888888888888888';
const PAY = 'INTEROPPAY000001';
const BACK = 'INTEROPBACK00001';

function factsOf(ini) {
  return Object.fromEntries(ini.toString().split('\n').filter((line) => line.includes('='))
    .map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]));
}

// The answer's status and body, whether it is a yes or a no; or why it was not believed.
async function outcome(promise) {
  try {
    const { status, data } = await promise;
    return { status, ...data };
  } catch (error) {
    const said = error.response && error.response.data;
    // An answer that does not verify is left as the text it came as.
    if (!said || typeof said === 'string') return { unbelieved: error.message };
    return { status: error.response.status, ...error.response.data };
  }
}

async function story({ port, agent, read, fault }) {
  const facts = factsOf(read('account.ini'));
  const client = new Wechatpay({
    mchid: facts.merchant_no,
    serial: facts.serial_no,
    privateKey: Rsa.from(read('till-key.pem')),
    certs: { [facts.provider_key_id]: Rsa.from(read('provider.pem'), Rsa.KEY_TYPE_PUBLIC) },
  });
  const to = { baseURL: `https://127.0.0.1:${port}/`, httpsAgent: agent };
  const { codepay, outTradeNo } = client.v3.pay.transactions;
  const { refunds } = client.v3.refund.domestic;
  const amount = (total) => ({ total, currency: 'CNY' });
  const refund = (no, part) => outcome(refunds.post({
    out_trade_no: PAY, out_refund_no: no, reason: '退货', amount: { refund: part, ...amount(5000) },
  }, to));

  const paid = await outcome(codepay.post({
    appid: APP, mchid: facts.merchant_no, description: '果汁', out_trade_no: PAY,
    payer: { auth_code: '134567890123456789' }, amount: amount(5000),
    scene_info: { store_info: { id: '0001' } },
  }, to));
  check('paid', paid.status === 200 && paid.trade_state === 'SUCCESS', paid);

  const query = { ...to, params: { mchid: facts.merchant_no }, out_trade_no: PAY };
  const asked = await outcome(outTradeNo['{out_trade_no}'].get(query));
  check('asked about, query string signed', asked.transaction_id === paid.transaction_id, asked);

  const back = await refund(BACK, 1250);
  check('refunded', back.status === 'SUCCESS' && back.amount.refund === 1250, back);
  const other = await refund(BACK, 1251);
  check('same number, other amount', other.code === 'INVALID_REQUEST', other);

  const state = await outcome(refunds['{out_refund_no}'].get({ ...to, out_refund_no: BACK }));
  check('refund asked about', state.refund_id === back.refund_id, state);
  const none = await outcome(refunds['{out_refund_no}'].get({ ...to, out_refund_no: 'NOBODY' }));
  check('no such refund', none.code === 'RESOURCE_NOT_EXISTS', none);

  await fault({ kind: 'query_refund', fault: 'bad-signature' });
  const forged = await outcome(refunds['{out_refund_no}'].get({ ...to, out_refund_no: BACK }));
  check('a wrong signature is seen', /Signature/i.test(forged.unbelieved), forged);
}

run(process.argv[2], 'wechat', story).then(finish);
