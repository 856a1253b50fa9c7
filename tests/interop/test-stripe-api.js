// SPDX-License-Identifier: GPL-3.0-or-later
// The practice provider's Stripe, asked by Stripe's own library. usage: node test-stripe-api.js
// TILL-SANDBOX
'use strict';
const { need, run, check, finish } = require('./practice.js');
const Stripe = need('stripe');

async function outcome(promise) {
  try {
    return await promise;
  } catch (error) {
    return { type: error.type, code: error.code, http: error.statusCode, message: error.message };
  }
}

async function story({ port, agent, read, fault }) {
  const stripe = new Stripe(read('secret').toString().trim(), {
    host: '127.0.0.1', port, protocol: 'https', maxNetworkRetries: 0, telemetry: false,
    httpClient: Stripe.createNodeHttpClient(agent),
  });
  // As the till does: our number is the key and stands in the metadata.
  const named = (no, params) => [{ ...params, metadata: { request_no: no } }, { idempotencyKey: no }];
  const pay = (no, amount) => outcome(stripe.paymentIntents.create(...named(no, {
    amount, currency: 'cny', payment_method: 'pm_card_visa', payment_method_types: ['card'],
    confirm: true, error_on_requires_action: true,
  })));
  const paid = await pay('PAY1', 5000);
  check('paid', paid.status === 'succeeded' && paid.amount_received === 5000, paid);
  const listed = await outcome(stripe.paymentIntents.list({
    created: { gte: paid.created - 600, lte: paid.created + 900 }, limit: 100,
  }));
  check('found in the list', listed.data[0].metadata.request_no === 'PAY1' && !listed.has_more,
    listed);

  const refund = (no, amount) => outcome(stripe.refunds.create(...named(no, {
    payment_intent: paid.id, amount, reason: 'requested_by_customer',
  })));
  const back = await refund('BACK1', 1250);
  check('refunded', back.status === 'succeeded' && back.payment_intent === paid.id, back);
  const again = await refund('BACK1', 1250);
  const replayed = again.lastResponse.headers['idempotent-replayed'];
  check('replayed', again.id === back.id && replayed === 'true', again);
  const other = await refund('BACK1', 1251);
  check('same number, other amount', other.type === 'StripeIdempotencyError', other);
  const over = await refund('BACK2', 4000);
  check('more than the rest', over.type === 'StripeInvalidRequestError' && over.http === 400, over);
  const refunds = await outcome(stripe.refunds.list({ payment_intent: paid.id, limit: 100 }));
  check('one refund in the list', refunds.data.length === 1 && !refunds.has_more, refunds);

  const late = await outcome(stripe.paymentIntents.cancel(paid.id));
  check('a paid one stays', late.code === 'payment_intent_unexpected_state', late);
  await fault({ kind: 'pay', fault: 'refuse', text: 'card_declined' });
  const declined = await pay('PAY2', 100);
  check('declined', declined.type === 'StripeCardError' && declined.http === 402, declined);
  await fault({ kind: 'pay', fault: 'processing', value: 100 });
  const open = await pay('PAY3', 100);
  const canceled = await outcome(stripe.paymentIntents.cancel(open.id));
  check('canceled', open.status === 'processing' && canceled.status === 'canceled', canceled);
}

run(process.argv[2], 'stripe', story).then(finish);
