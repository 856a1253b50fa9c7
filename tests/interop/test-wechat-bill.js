// SPDX-License-Identifier: GPL-3.0-or-later
// The till's rows of a WeChat trade bill against those of wechatpay-axios-plugin, which nobody here
// wrote. usage: node test-wechat-bill.js TELL-SETTLEMENT BILL
'use strict';
const { execFileSync } = require('child_process');
const { readFileSync } = require('fs');
const { check, same, load, run } = require('./tap');
const [{ Formatter }] = load('wechatpay-axios-plugin');

// "-0.07500" with 5 decimals is -7500; text only, as in the till.
function units(text, decimals) {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match || (match[3] || '').length > decimals) throw new Error(`no amount: ${text}`);
  return match[1] + BigInt(match[2] + (match[3] || '').padEnd(decimals, '0')).toString();
}

const orNone = (text) => (text === '0' ? '' : text);

function expectRow(row) {
  const paid = row['交易状态'] === 'SUCCESS';
  const refund = row['交易状态'] === 'REFUND';
  return [
    paid ? 'payment' : refund ? 'refund' : 'reversal',
    orNone(refund ? row['商户退款单号'] : row['商户订单号']),
    refund ? row['商户订单号'] : '',
    paid ? row['微信订单号'] : orNone(row['微信退款单号']),
    paid ? '' : row['微信订单号'],
    units(paid ? row['订单金额'] : row['申请退款金额'], 2),
    units(paid ? row['应结订单金额'] : row['退款金额'], 2),
    units(row['手续费'], 5).replace(/^-0$/, '0'),
    refund ? row['退款状态'] : row['交易状态'],
    row['交易时间'],
  ].join('\t');
}

function expectTotals(summary) {
  const settled =
    BigInt(units(summary['应结订单总金额'], 2)) - BigInt(units(summary['退款总金额'], 2));
  return [
    'total',
    summary['总交易单数'],
    units(summary['订单总金额'], 2),
    units(summary['申请退款总金额'], 2),
    settled.toString(),
    units(summary['手续费总金额'], 5),
  ].join('\t');
}

run(async () => {
  const [, , tell, bill] = process.argv;
  const { rows, summary } = Formatter.castCsvBill(readFileSync(bill));
  const ours = execFileSync(tell, ['wechat', '1900000109', '20261122', bill], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');
  const theirs = [...rows.map(expectRow), expectTotals(summary)];
  check(ours.length === theirs.length && rows.length > 0, 'as many lines');
  theirs.forEach((line, i) => same(ours[i], line, i < rows.length ? `row ${i + 1}` : 'totals'));
});
