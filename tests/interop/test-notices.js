// SPDX-License-Identifier: GPL-3.0-or-later
// Notices as code of others writes them. Stripe's SDK signs an event, wechatpay-axios-plugin seals
// and signs a refund's, and both are believed by our codecs and by nobody else's key; of a letter
// from Alipay, which its SDK can only judge, it and our codec think the same.
// usage: test-notices.js TELL-NOTICE
'use strict';
const { execFileSync } = require('child_process');
const { createSign, generateKeyPairSync } = require('crypto');
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('fs');
const { tmpdir } = require('os');
const { join } = require('path');
const { check, same, load, run } = require('./tap');
const [Stripe, { Aes, Formatter, Rsa }, { AlipaySdk }] = load(
  'stripe',
  'wechatpay-axios-plugin',
  'alipay-sdk',
);

const NOW = 1795320000; // 2026-11-22 12:00 in China
const SECRET = 'whsec_a0b1c2d3e4f5a6b7c8d9';
const V3_KEY = '0123456789abcdef0123456789abcdef';
const [tell_notice] = process.argv.slice(2);
const top = mkdtempSync(join(tmpdir(), 'till-notices-'));
process.on('exit', () => rmSync(top, { recursive: true, force: true }));

function keys() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

const ours = keys();
const theirs = keys();
const strange = keys();

function account(provider, facts) {
  const dir = join(top, provider);
  const files = {
    'our.pem': ours.privateKey,
    'their.pem': theirs.publicKey,
    'ca.pem': '',
    secret: `${provider === 'wechat' ? V3_KEY : SECRET}\n`,
    'account.ini': [
      '[account]',
      `provider=${provider}`,
      'base_url=https://pay.example',
      'ca_file=ca.pem',
      'private_key=our.pem',
      'provider_key=their.pem',
      'secret_file=secret',
      'notice_secret_file=secret',
      ...facts,
      '',
    ].join('\n'),
  };
  mkdirSync(dir);
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(dir, name), text, { mode: 0o600 });
}

function open(provider, headers, body, at = NOW) {
  const told = execFileSync(tell_notice, [join(top, provider), String(at)], {
    input: JSON.stringify({ headers, body }),
    encoding: 'utf8',
  });
  return JSON.parse(told);
}

function stripe_event(body, secret = SECRET) {
  const sdk = new Stripe('sk_test_1');
  const head = sdk.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: NOW });
  return { 'Stripe-Signature': head };
}

function as_stripe() {
  account('stripe', ['merchant_no=acct_1', 'reader=tmr_1']);
  const body = JSON.stringify(
    {
      id: 'evt_1',
      object: 'event',
      type: 'refund.updated',
      data: {
        object: {
          id: 're_1',
          object: 'refund',
          amount: 1250,
          currency: 'cny',
          status: 'succeeded',
          metadata: { request_no: 'R1000001' },
        },
      },
    },
    null,
    2,
  );
  same(
    open('stripe', stripe_event(body), body),
    {
      is_refund: true,
      request_no: 'R1000001',
      event_no: 'evt_1',
      words: 'succeeded',
      amount: 1250,
      currency: 'CNY',
    },
    "Stripe's SDK is believed",
  );
  check(open('stripe', stripe_event(body), `${body} `).refused, 'and covers every byte');
  check(open('stripe', stripe_event(body, `${SECRET}x`), body).refused, 'with our secret only');
  check(open('stripe', stripe_event(body), body, NOW + 301).refused, 'and not for ever');
}

function wechat_letter(key) {
  const plain = JSON.stringify({
    mchid: '1900000109',
    out_refund_no: 'R1000001',
    refund_status: 'SUCCESS',
    user_received_account: '招商银行信用卡0403',
    amount: { total: 5000, refund: 1250, payer_total: 5000, payer_refund: 1250 },
  });
  const nonce = 'fdasflkja484';
  const body = JSON.stringify({
    id: 'EV-2018022511223320873',
    create_time: '2026-11-22T12:00:00+08:00',
    resource_type: 'encrypt-resource',
    event_type: 'REFUND.SUCCESS',
    summary: '退款成功',
    resource: {
      original_type: 'refund',
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: Aes.AesGcm.encrypt(plain, V3_KEY, nonce, 'refund'),
      associated_data: 'refund',
      nonce,
    },
  });
  const text = Formatter.response(String(NOW), 'abcdef', body);
  return [
    {
      'Wechatpay-Timestamp': String(NOW),
      'Wechatpay-Nonce': 'abcdef',
      'Wechatpay-Serial': 'PUB_KEY_ID_01',
      'Wechatpay-Signature': Rsa.sign(text, key),
    },
    body,
  ];
}

function as_wechat() {
  account('wechat', [
    'merchant_no=1900000109',
    'provider_key_id=PUB_KEY_ID_01',
    'app_id=wx1',
    'serial_no=5A',
  ]);
  const [head, body] = wechat_letter(theirs.privateKey);
  same(
    open('wechat', head, body),
    {
      is_refund: true,
      request_no: 'R1000001',
      event_no: 'EV-2018022511223320873',
      words: 'SUCCESS',
      amount: 1250,
    },
    'wechatpay-axios-plugin is believed',
  );
  check(open('wechat', head, body.replace('退款', '付款')).refused, 'and covers every byte');
  const [other_head, other_body] = wechat_letter(strange.privateKey);
  check(open('wechat', other_head, other_body).refused, 'with their key only');
}

function alipay_letter(fields) {
  const text = Object.keys(fields)
    .filter((name) => name !== 'sign_type')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  const sign = createSign('RSA-SHA256').update(text, 'utf8').sign(theirs.privateKey, 'base64');
  return { ...fields, sign };
}

function as_alipay() {
  account('alipay', ['merchant_no=2088101117955611', 'app_id=2021000000000001']);
  const bare = (pem) => pem.replace(/-----[^-]+-----|\n/g, '');
  const sdk = new AlipaySdk({
    appId: '2021000000000001',
    privateKey: bare(ours.privateKey),
    keyType: 'PKCS8',
    alipayPublicKey: bare(theirs.publicKey),
  });
  const letter = alipay_letter({
    notify_time: '2026-11-22 12:00:00',
    notify_type: 'trade_status_sync',
    notify_id: 'ac05099524730693a8b330c5ecf72da9786',
    app_id: '2021000000000001',
    charset: 'utf-8',
    version: '1.0',
    sign_type: 'RSA2',
    out_trade_no: 'P1000001',
    out_biz_no: 'R1000001',
    seller_id: '2088101117955611',
    trade_status: 'TRADE_SUCCESS',
    subject: '中秋礼盒 & more + sugar',
    body: '',
    refund_fee: '12.50',
  });
  const both = (fields) => {
    const told = open('alipay', {}, new URLSearchParams(fields).toString());
    return [sdk.checkNotifySignV2(fields), told.refused === undefined, told.request_no];
  };
  same(both(letter), [true, true, 'R1000001'], "Alipay's SDK and our codec believe the same letter");
  same(
    both({ ...letter, refund_fee: '12.51' }),
    [false, false, undefined],
    'and neither believes another amount',
  );
  same(both({ ...letter, more: '1' }), [false, false, undefined], 'nor one field more');
}

run(async () => {
  as_stripe();
  as_wechat();
  as_alipay();
});
