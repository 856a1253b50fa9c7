// SPDX-License-Identifier: GPL-3.0-or-later
// Stripe by stripe-node, which is Stripe's own; its pinned release speaks the very version of the
// API that our codec names. It pays and refunds at our sandbox, and the requests it makes are
// compared with those of our codec. Nothing is signed here.
// usage: test-stripe.js TILL-SANDBOX TELL-REQUEST
'use strict';
const http = require('http');
const https = require('https');
const Practice = require('./practice');
const { check, same, fails, load, run } = require('./tap');
const [Stripe] = load('stripe');

const ANSWER_MS = 20000;

function client(practice, account, more = {}) {
  return new Stripe(more.secret || account.secret_file, {
    protocol: 'https',
    host: '127.0.0.1',
    port: practice.port,
    httpAgent: more.agent || new https.Agent({ ca: practice.ca }),
    maxNetworkRetries: 0,
    timeout: ANSWER_MS,
    telemetry: false,
  });
}

function payment(no, amount) {
  return {
    amount,
    currency: 'cny',
    payment_method: 'pm_card_visa',
    payment_method_types: ['card'],
    confirm: true,
    error_on_requires_action: true,
    metadata: { request_no: no },
    description: '中秋礼盒 & more',
  };
}

function refund(no, of, amount) {
  return {
    payment_intent: of,
    amount,
    reason: 'requested_by_customer',
    metadata: { request_no: no },
  };
}

// What our codec asks for: a payment whose card is to be presented at the reader.
function presented(no, amount) {
  return {
    amount,
    currency: 'cny',
    payment_method_types: ['card_present'],
    capture_method: 'automatic',
    metadata: { request_no: no },
  };
}

const READER = 'tmr_Practice1';

const pay = (stripe, no, amount) =>
  stripe.paymentIntents.create(payment(no, amount), { idempotencyKey: no });
const give_back = (stripe, no, of, amount) =>
  stripe.refunds.create(refund(no, of, amount), { idempotencyKey: no });

async function as_stranger(practice, account) {
  await fails(
    pay(client(practice, account, { secret: 'sk_test_nobody' }), 'S1', 1),
    (error) => error.type === 'StripeAuthenticationError' && error.statusCode === 401,
    'a stranger is turned away',
  );
  await fails(
    pay(client(practice, account, { agent: new https.Agent() }), 'S1', 1),
    (error) =>
      error.type === 'StripeConnectionError' &&
      /CERT|certificate/i.test(`${error.detail.code} ${error.detail}`),
    'no other authority vouches for the sandbox',
  );
}

// Returns the payment's id.
async function as_payer(practice, account) {
  const stripe = client(practice, account);
  const paid = await pay(stripe, 'P1', 1299);
  same(
    [paid.object, paid.status, paid.amount_received, paid.currency],
    ['payment_intent', 'succeeded', 1299, 'cny'],
    'pays',
  );
  const asked = await stripe.paymentIntents.retrieve(paid.id);
  same(
    [asked.id, asked.status, asked.metadata.request_no],
    [paid.id, 'succeeded', 'P1'],
    'asks after the payment',
  );
  const now = Math.floor(Date.now() / 1000);
  const around = await stripe.paymentIntents.list({
    created: { gte: now - 600, lte: now + 600 },
    limit: 100,
  });
  same(
    around.data.map((intent) => intent.id),
    [paid.id],
    'and finds it among those of its time',
  );
  return paid.id;
}

// Returns the id of the first refund.
async function as_refunder(practice, account, payment_id) {
  const stripe = client(practice, account);
  const first = await give_back(stripe, 'R1', payment_id, 500);
  same(
    [first.object, first.status, first.amount, first.payment_intent],
    ['refund', 'succeeded', 500, payment_id],
    'gives a part back',
  );
  const second = await give_back(stripe, 'R2', payment_id, 700);
  same([second.status, second.amount], ['succeeded', 700], 'gives another part back');
  const again = await give_back(stripe, 'R2', payment_id, 700);
  same(
    [again.id, again.lastResponse.headers['idempotent-replayed']],
    [second.id, 'true'],
    'the same key is the same refund',
  );
  await fails(
    give_back(stripe, 'R2', payment_id, 50),
    (error) => error.type === 'StripeIdempotencyError',
    'and not one of another amount',
  );
  await fails(
    give_back(stripe, 'R3', payment_id, 100),
    (error) =>
      error.type === 'StripeInvalidRequestError' &&
      error.statusCode === 400 &&
      error.param === 'amount',
    'a third that is too much is refused',
  );
  return first.id;
}

async function as_asker(practice, account, payment_id, refund_id) {
  const stripe = client(practice, account);
  const status = await stripe.refunds.retrieve(refund_id);
  same(
    [status.id, status.status, status.amount],
    [refund_id, 'succeeded', 500],
    'asks after a refund',
  );
  const all = await stripe.refunds.list({ payment_intent: payment_id, limit: 100 });
  same(
    [all.has_more, all.data.map((one) => one.metadata.request_no).sort()],
    [false, ['R1', 'R2']],
    'the list has the two',
  );
  await fails(
    stripe.refunds.retrieve('re_nobody'),
    (error) => error.code === 'resource_missing' && error.statusCode === 404,
    'what nobody made is not there',
  );
  await fails(
    stripe.paymentIntents.cancel(payment_id, { cancellation_reason: 'abandoned' }),
    (error) =>
      error.code === 'payment_intent_unexpected_state' &&
      error.payment_intent.status === 'succeeded',
    'what was paid is not canceled',
  );
}

async function as_regretter(practice, account) {
  const stripe = client(practice, account);
  await practice.fault('pay', 'processing', { value: 9 });
  const open = await pay(stripe, 'P4', 300);
  same(open.status, 'processing', 'a payment is under way');
  const undone = await stripe.paymentIntents.cancel(open.id, { cancellation_reason: 'abandoned' });
  same([undone.id, undone.status], [open.id, 'canceled'], 'and canceled');
  same(
    (await stripe.paymentIntents.retrieve(open.id)).status,
    'canceled',
    'and a question says so',
  );
}

async function as_terminal(practice, account) {
  const stripe = client(practice, account);
  const open = (no, amount) =>
    stripe.paymentIntents.create(presented(no, amount), { idempotencyKey: no });
  const ask = (id) => stripe.terminal.readers.processPaymentIntent(READER, { payment_intent: id });
  const first = await open('T1', 2500);
  same([first.status, first.amount_received], ['requires_payment_method', 0], 'makes a payment');
  const at = await ask(first.id);
  same(
    [at.object, at.action.type, at.action.process_payment_intent.payment_intent],
    ['terminal.reader', 'process_payment_intent', first.id],
    'and the reader asks for its card',
  );
  const paid = await stripe.paymentIntents.retrieve(first.id, { expand: ['latest_charge'] });
  const card = paid.latest_charge.payment_method_details.card_present;
  same([paid.status, card.brand, card.last4], ['succeeded', 'visa', '4242'], 'which pays');
  const second = await open('T2', 2501);
  const declined = await ask(second.id);
  same(
    [declined.action.status, declined.action.failure_code],
    ['failed', 'card_declined'],
    'an amount that the test card declines is declined',
  );
  await practice.fault('present', 'processing', { value: 9 });
  const third = await open('T3', 2600);
  same((await ask(third.id)).action.status, 'in_progress', 'a customer is slow');
  const off = await stripe.terminal.readers.cancelAction(READER);
  same(off.action, null, 'the reader is taken off it');
  same((await stripe.paymentIntents.cancel(third.id)).status, 'canceled', 'and it is canceled');
  await practice.fault('present', 'refuse', { text: 'terminal_reader_offline' });
  const fourth = await open('T4', 2700);
  await fails(
    ask(fourth.id),
    (error) =>
      error.type === 'StripeInvalidRequestError' && error.code === 'terminal_reader_offline',
    'a reader that is offline takes none',
  );
}

async function as_doubter(practice, account) {
  const stripe = client(practice, account);
  await practice.fault('pay', 'refuse', { text: 'card_declined' });
  await fails(
    pay(stripe, 'P2', 100),
    (error) => error.type === 'StripeCardError' && error.code === 'card_declined',
    'a declined card is one to the SDK',
  );
  await practice.fault('pay', 'refuse', { text: 'rate_limit' });
  await fails(
    pay(stripe, 'P2', 100),
    (error) => error.type === 'StripeRateLimitError',
    'too many requests are that',
  );
  await practice.fault('pay', 'garbage');
  await fails(
    pay(stripe, 'P3', 200),
    (error) => error.type === 'StripeAPIError',
    'bytes without sense are no answer',
  );
  const found = await stripe.paymentIntents.list({ limit: 100 });
  same(
    found.data.map((intent) => intent.metadata.request_no).sort(),
    ['P1', 'P3'],
    'and yet it was paid, which the list tells',
  );
}

const DAY_S = 86400;
const EXPAND = ['data.source', 'data.source.payment_intent'];

// What moved today, as it is in China, in pages of two; with fees of 0.6 %, rounded.
async function as_bookkeeper(practice, account, payment_id) {
  const stripe = client(practice, account);
  const now = Math.floor(Date.now() / 1000);
  const from = now - ((now + 8 * 3600) % DAY_S);
  const created = { gte: from, lt: from + DAY_S };
  const moved = await stripe.balanceTransactions
    .list({ created, limit: 2, expand: EXPAND })
    .autoPagingToArray({ limit: 100 });
  same(
    moved.map(({ type, amount, fee, net, source }) => [
      type,
      amount,
      fee,
      net,
      (source.object === 'charge' ? source.payment_intent : source).metadata.request_no,
    ]),
    [
      ['charge', 2500, 15, 2485, 'T1'],
      ['charge', 200, 1, 199, 'P3'],
      ['refund', -700, 0, -700, 'R2'],
      ['refund', -500, 0, -500, 'R1'],
      ['charge', 1299, 8, 1291, 'P1'],
    ],
    'what moved, through three pages, the newest first',
  );
  same(
    [moved[3].source.payment_intent.id, moved[3].source.payment_intent.metadata.request_no],
    [payment_id, 'P1'],
    'and a refund knows its payment',
  );
  const plain = await stripe.balanceTransactions.list({ created, limit: 1 });
  same(
    [plain.has_more, plain.data.length, typeof plain.data[0].source],
    [true, 1, 'string'],
    'what is not expanded is a number',
  );
  const before = { gte: from - DAY_S, lt: from };
  same(
    (await stripe.balanceTransactions.list({ created: before })).data,
    [],
    'yesterday nothing moved',
  );
  await fails(
    stripe.balanceTransactions.list({ created, starting_after: 'txn_nobody' }),
    (error) => error.code === 'resource_missing' && error.param === 'starting_after',
    'there is no page behind a movement that is none',
  );
  await practice.fault('file', 'late');
  await fails(
    stripe.balanceTransactions.list({ created }),
    (error) => error.statusCode === 429 && error.code === 'lock_timeout',
    'a list that is late is not there',
  );
  await practice.fault('file', 'ok');
}

// What the SDK sends for that call, to a server that notes it down and answers something harmless.
async function record(account, call) {
  let seen;
  const server = http.createServer((request, answer) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      seen = {
        method: request.method,
        path: request.url,
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      };
      answer
        .writeHead(200, { 'Content-Type': 'application/json', Connection: 'close' })
        .end('{"object":"list","data":[]}');
    });
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address();
  await call(
    new Stripe(account.secret_file, {
      protocol: 'http',
      host: '127.0.0.1',
      port,
      maxNetworkRetries: 0,
      timeout: ANSWER_MS,
      telemetry: false,
    }),
  );
  server.close();
  return seen;
}

// A form as it is understood: in order of names, and an array's places left open, which the SDK
// numbers and Stripe's own examples do not.
function fields(form) {
  return [...new URLSearchParams(form)]
    .map(([name, value]) => [name.replace(/\[\d+\]$/, '[]'), value])
    .sort();
}

function understood({ method, path, headers, body }) {
  const [where, query = ''] = path.split('?');
  return {
    method,
    path: where,
    query: fields(query),
    body: fields(body),
    authorization: headers.authorization,
    version: headers['stripe-version'],
    key: headers['idempotency-key'],
    type: body ? headers['content-type'] : '',
  };
}

async function as_verifier(practice, account) {
  const promised = 1763791190;
  const facts = {
    request_no: 'R1',
    amount: 500,
    requested_at: promised * 1000000,
    asked_at: (promised + 10) * 1000000,
  };
  const backward = {
    ...facts,
    original_no: 'P1',
    original_amount: 1299,
    original_provider_no: 'pi_1',
  };
  const look = { created: { gte: promised - 600, lte: promised + 900 }, limit: 100 };
  const calls = [
    [
      'pay',
      { ...facts, subject: '中秋礼盒 50% & "more"+[x]=~' },
      (stripe) =>
        stripe.paymentIntents.create(
          { ...presented('R1', 500), description: '中秋礼盒 50% & "more"+[x]=~' },
          { idempotencyKey: 'R1' },
        ),
    ],
    ['query_pay', facts, (stripe) => stripe.paymentIntents.list(look)],
    [
      'query_pay',
      { ...facts, provider_no: 'pi_1' },
      (stripe) => stripe.paymentIntents.retrieve('pi_1', { expand: ['latest_charge'] }),
    ],
    [
      'query_pay',
      { ...facts, provider_no: 'pi/../1?' },
      (stripe) => stripe.paymentIntents.retrieve('pi/../1?', { expand: ['latest_charge'] }),
    ],
    ['reverse', facts, (stripe) => stripe.paymentIntents.list(look)],
    [
      'reverse',
      { ...facts, provider_no: 'pi_1' },
      (stripe) => stripe.terminal.readers.retrieve(READER),
    ],
    [
      'present',
      { ...facts, provider_no: 'pi_1' },
      (stripe) =>
        stripe.terminal.readers.processPaymentIntent(
          READER,
          { payment_intent: 'pi_1' },
          { idempotencyKey: 'R1-card' },
        ),
    ],
    [
      'refund',
      backward,
      (stripe) => stripe.refunds.create(refund('R1', 'pi_1', 500), { idempotencyKey: 'R1' }),
    ],
    [
      'query_refund',
      backward,
      (stripe) => stripe.refunds.list({ payment_intent: 'pi_1', limit: 100 }),
    ],
    [
      'query_refund',
      { ...backward, provider_no: 're_1' },
      (stripe) => stripe.refunds.retrieve('re_1'),
    ],
  ];
  for (const [errand, its, call] of calls) {
    const theirs = await record(account, call);
    const what = `${errand}${its.provider_no ? ` of ${its.provider_no}` : ''}: as the SDK asks for it`;
    same(understood(practice.tell('stripe', errand, its)), understood(theirs), what);
  }
  const day = { gte: Date.UTC(2026, 10, 21, 16) / 1000, lt: Date.UTC(2026, 10, 22, 16) / 1000 };
  const list = await record(account, (stripe) =>
    stripe.balanceTransactions.list({ created: day, limit: 100, expand: EXPAND }),
  );
  same(
    understood(practice.tell('stripe', 'file', { day: 20261122 })),
    understood(list),
    'what moved on a day: as the SDK asks for it',
  );
  same(
    fields('b=%E4%BA%BA+1&a%5B0%5D=2'),
    [
      ['a[]', '2'],
      ['b', '人 1'],
    ],
    'and forms are compared as they are understood',
  );
}

run(async () => {
  const practice = await Practice.open(process.argv.slice(2));
  const account = practice.account('stripe');
  await as_stranger(practice, account);
  const payment_id = await as_payer(practice, account);
  const refund_id = await as_refunder(practice, account, payment_id);
  await as_asker(practice, account, payment_id, refund_id);
  await as_doubter(practice, account);
  await as_regretter(practice, account);
  await as_terminal(practice, account);
  await as_bookkeeper(practice, account, payment_id);
  await as_verifier(practice, account);
  same(
    await practice.moved(),
    [
      ['pay', 'P1', '', 1299, 1],
      ['refund', 'R1', 'P1', 500, 1],
      ['refund', 'R2', 'P1', 700, 1],
      ['pay', 'P3', '', 200, 1],
      ['pay', 'T1', '', 2500, 1],
    ],
    'and that is all that moved',
  );
});
