-- SPDX-License-Identifier: GPL-3.0-or-later
-- The books. Facts are rows that are only added; what may change stands behind the facts in its own
-- columns and every change of it is itself a fact in a history.
--
-- Money is whole fen, quantities thousandths, instants microseconds UTC, days yyyymmdd.
--
-- The words of a state are compared one by one: for IN with three words or more SQLite builds a tree
-- in memory at every single write, which costs more than the write.

-- What the shop is set to, and who works in it

CREATE TABLE setting (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL UNIQUE CHECK (length (no) BETWEEN 1 AND 8),
  name TEXT NOT NULL CHECK (length (name) BETWEEN 1 AND 200),
  role TEXT NOT NULL CHECK (role IN ('cashier', 'supervisor', 'manager')),
  badge TEXT UNIQUE,
  pin_hash TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  wrong_pins INTEGER NOT NULL DEFAULT 0 CHECK (wrong_pins >= 0),
  locked_until INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE item (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE CHECK (length (code) BETWEEN 1 AND 32),
  name TEXT NOT NULL,
  name_alt TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '',
  price INTEGER NOT NULL CHECK (price BETWEEN 0 AND 1000000000000),
  vat_ppm INTEGER NOT NULL CHECK (vat_ppm BETWEEN 0 AND 1000000)
) STRICT;

-- The journal: one entry a business act, chained

CREATE TABLE journal (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  till INTEGER NOT NULL,
  staff INTEGER NOT NULL,
  act TEXT NOT NULL,
  body TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length (hash) = 32)
) STRICT;

CREATE TABLE posting (
  seq INTEGER NOT NULL REFERENCES journal DEFERRABLE INITIALLY DEFERRED,
  pos INTEGER NOT NULL,
  account TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (seq, pos)
) STRICT, WITHOUT ROWID;

-- Sum of all postings of an account; kept here so that a drawer is not added up at every sale.
CREATE TABLE balance (
  account TEXT NOT NULL PRIMARY KEY,
  amount INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER posting_balance AFTER INSERT ON posting BEGIN
  INSERT INTO balance VALUES (NEW.account, NEW.amount)
    ON CONFLICT (account) DO UPDATE SET amount = amount + excluded.amount;
END;

-- The entry is written last in its transaction, so both rules see the whole act.
CREATE TRIGGER journal_has_no_gap BEFORE INSERT ON journal
WHEN NEW.seq <> (SELECT coalesce (max (seq), 0) + 1 FROM journal)
BEGIN SELECT RAISE (ABORT, 'law 2: the journal has no gap'); END;
CREATE TRIGGER journal_balances BEFORE INSERT ON journal
WHEN (SELECT coalesce (sum (amount), 0) FROM posting WHERE seq = NEW.seq) <> 0
BEGIN SELECT RAISE (ABORT, 'law 3: postings sum to zero'); END;

CREATE TRIGGER journal_stays BEFORE UPDATE ON journal
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER journal_is_kept BEFORE DELETE ON journal
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER posting_stays BEFORE UPDATE ON posting
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER posting_is_kept BEFORE DELETE ON posting
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;

-- Sales

-- The number ends in the id, so that it is found, and cannot be there twice, without an index.
CREATE TABLE sale (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL CHECK (length (no) = 20),
  seq INTEGER NOT NULL,
  day INTEGER NOT NULL,
  at INTEGER NOT NULL,
  till INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff,
  token TEXT NOT NULL UNIQUE,
  discount INTEGER NOT NULL CHECK (discount >= 0),
  rounding INTEGER NOT NULL CHECK (rounding <= 0),
  vat INTEGER NOT NULL CHECK (vat >= 0),
  total INTEGER NOT NULL CHECK (total >= 0),
  -- may change:
  state TEXT NOT NULL DEFAULT 'TENDERING'
    CHECK (state = 'TENDERING' OR state = 'PAID' OR state = 'ABANDONED'),
  CHECK (CAST (substr (no, 13, 7) AS INTEGER) = id % 10000000)
) STRICT;

CREATE TABLE sale_line (
  sale_id INTEGER NOT NULL REFERENCES sale,
  pos INTEGER NOT NULL CHECK (pos > 0),
  item_id INTEGER NOT NULL REFERENCES item,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  price INTEGER NOT NULL CHECK (price >= 0),
  gross INTEGER NOT NULL CHECK (gross >= 0),
  discount INTEGER NOT NULL CHECK (discount >= 0),
  rounding INTEGER NOT NULL CHECK (rounding <= 0),
  amount INTEGER NOT NULL CHECK (amount >= 0),
  vat INTEGER NOT NULL CHECK (vat BETWEEN 0 AND amount),
  vat_ppm INTEGER NOT NULL,
  PRIMARY KEY (sale_id, pos)
) STRICT, WITHOUT ROWID;

CREATE TABLE leg (
  sale_id INTEGER NOT NULL REFERENCES sale,
  pos INTEGER NOT NULL CHECK (pos > 0),
  tender TEXT NOT NULL CHECK (tender = 'cash' OR tender = 'card' OR tender = 'code'),
  provider TEXT NOT NULL CHECK ((provider = '') = (tender = 'cash')),
  amount INTEGER NOT NULL CHECK (amount >= 0),
  received INTEGER NOT NULL CHECK (received >= amount),
  request_no TEXT CHECK ((request_no IS NULL) = (tender = 'cash')),
  masked TEXT NOT NULL,
  -- a card at a terminal that knows nothing of the till: nobody is asked, a card slip is typed
  by_slip INTEGER NOT NULL DEFAULT 0 CHECK (by_slip = 0 OR (by_slip = 1 AND tender = 'card')),
  -- may change:
  state TEXT NOT NULL DEFAULT 'PLANNED'
    CHECK (state = 'PLANNED' OR state = 'REQUESTED' OR state = 'OPENED' OR state = 'UNKNOWN'
      OR state = 'REVERSING'
      OR state = 'APPROVED' OR state = 'DECLINED' OR state = 'CANCELLED' OR state = 'REVERSED'
      OR state = 'DISPUTED'),
  -- whose number it went out under, or '': written with the promise
  merchant_no TEXT NOT NULL DEFAULT '' CHECK (length (merchant_no) <= 32),
  provider_no TEXT NOT NULL DEFAULT '',
  -- the card that a terminal of the provider's read, masked as its answer told it, or ''
  card TEXT NOT NULL DEFAULT '' CHECK (length (card) <= 40 AND (card = '' OR masked = '')),
  failure TEXT NOT NULL DEFAULT '',
  failure_code TEXT NOT NULL DEFAULT '',
  failure_words TEXT NOT NULL DEFAULT '',
  -- whom the account names instead, while that keeps it from being asked about, or ''
  other_merchant TEXT NOT NULL DEFAULT '' CHECK (length (other_merchant) <= 32),
  requested_at INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  not_found INTEGER NOT NULL DEFAULT 0,
  next_action_at INTEGER,
  PRIMARY KEY (sale_id, pos),
  CHECK (received = amount OR tender = 'cash')
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX leg_request ON leg (request_no) WHERE request_no IS NOT NULL;
CREATE INDEX leg_provider_no ON leg (provider_no) WHERE provider_no <> '';
CREATE INDEX leg_due ON leg (next_action_at) WHERE next_action_at IS NOT NULL;

CREATE TABLE leg_history (
  sale_id INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  n INTEGER NOT NULL CHECK (n > 0),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  event TEXT NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (sale_id, pos, n),
  FOREIGN KEY (sale_id, pos) REFERENCES leg
) STRICT, WITHOUT ROWID;

-- The customer's code or card token between planning and the first byte; deleted by the promise.
CREATE TABLE leg_auth (
  sale_id INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  auth TEXT NOT NULL,
  PRIMARY KEY (sale_id, pos),
  FOREIGN KEY (sale_id, pos) REFERENCES leg
) STRICT, WITHOUT ROWID;

-- What was typed from the slip of a card terminal, and by whom: the one proof of such a payment that the
-- shop holds until its provider speaks of it. Nobody can make it approved otherwise, and one slip pays
-- once.

CREATE TABLE card_slip (
  sale_id INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff,
  approver_id INTEGER REFERENCES staff CHECK (approver_id <> staff_id),
  provider TEXT NOT NULL CHECK (length (provider) BETWEEN 1 AND 40),
  day INTEGER NOT NULL CHECK (day BETWEEN 19700101 AND 99991231), -- as printed
  reference_no TEXT NOT NULL CHECK (length (reference_no) = 12 AND reference_no NOT GLOB '*[^0-9]*'),
  log_no TEXT NOT NULL CHECK (length (log_no) BETWEEN 6 AND 32 AND log_no NOT GLOB '*[^0-9]*'),
  card TEXT NOT NULL CHECK (card GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][*][*][*][*][*][*][0-9][0-9][0-9][0-9]'),
  terminal_no TEXT NOT NULL CHECK (length (terminal_no) = 8),
  PRIMARY KEY (sale_id, pos),
  FOREIGN KEY (sale_id, pos) REFERENCES leg
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX card_slip_reference ON card_slip (reference_no, day, provider);
CREATE UNIQUE INDEX card_slip_log ON card_slip (log_no, provider);
CREATE INDEX card_slip_seq ON card_slip (seq);

-- The provider spoke of it: it gave of it back, or its own file, fetched by the till, has it.
CREATE TABLE card_slip_confirmed (
  sale_id INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  refund_id INTEGER REFERENCES refund,
  settlement_id INTEGER REFERENCES settlement,
  PRIMARY KEY (sale_id, pos),
  FOREIGN KEY (sale_id, pos) REFERENCES card_slip,
  CHECK ((refund_id IS NULL) <> (settlement_id IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER card_slip_of_planned BEFORE INSERT ON card_slip
WHEN (SELECT by_slip = 1 AND state = 'PLANNED' AND provider = NEW.provider FROM leg
       WHERE sale_id = NEW.sale_id AND pos = NEW.pos) IS NOT 1
BEGIN SELECT RAISE (ABORT, 'only a payment that waits for its card slip gets one'); END;
CREATE TRIGGER leg_is_approved_by_slip BEFORE UPDATE OF state ON leg
WHEN NEW.by_slip = 1 AND NEW.state NOT IN ('PLANNED', 'CANCELLED')
 AND NOT (NEW.state = 'APPROVED'
          AND EXISTS (SELECT 1 FROM card_slip WHERE sale_id = NEW.sale_id AND pos = NEW.pos))
BEGIN SELECT RAISE (ABORT, 'law 6: nobody makes a payment approved without its card slip'); END;
CREATE TRIGGER leg_is_approved_by_answer BEFORE UPDATE OF state ON leg
WHEN NEW.by_slip = 0 AND NEW.tender <> 'cash' AND OLD.state = 'PLANNED' AND NEW.state = 'APPROVED'
BEGIN SELECT RAISE (ABORT, 'law 6: nothing is approved that was never asked for'); END;
CREATE TRIGGER card_slip_confirmed_by_provider BEFORE INSERT ON card_slip_confirmed
WHEN NOT EXISTS (SELECT 1 FROM refund WHERE id = NEW.refund_id AND state = 'SUCCEEDED'
   AND tender = 'card' AND sale_id = NEW.sale_id AND leg_pos = NEW.pos)
 AND NOT EXISTS (SELECT 1 FROM settlement s JOIN card_slip c ON c.provider = s.provider
  WHERE s.id = NEW.settlement_id AND s.by_hand = 0 AND c.sale_id = NEW.sale_id AND c.pos = NEW.pos)
BEGIN SELECT RAISE (ABORT, 'only its provider confirms a card slip'); END;
CREATE TRIGGER card_slip_stays BEFORE UPDATE ON card_slip
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER card_slip_is_kept BEFORE DELETE ON card_slip
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER card_slip_confirmed_stays BEFORE UPDATE ON card_slip_confirmed
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER card_slip_confirmed_is_kept BEFORE DELETE ON card_slip_confirmed
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;

-- Returns and refunds

CREATE TABLE "return" (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL UNIQUE CHECK (length (no) = 20),
  seq INTEGER NOT NULL,
  day INTEGER NOT NULL,
  at INTEGER NOT NULL,
  till INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff,
  token TEXT NOT NULL UNIQUE,
  sale_id INTEGER NOT NULL REFERENCES sale,
  reason TEXT NOT NULL,
  condition TEXT NOT NULL
    CHECK (condition = 'unopened' OR condition = 'opened' OR condition = 'damaged'),
  disposition TEXT NOT NULL
    CHECK (disposition = 'shelf' OR disposition = 'write_off' OR disposition = 'vendor'),
  route TEXT NOT NULL CHECK (route IN ('original', 'cash')),
  note TEXT NOT NULL,
  held_for TEXT NOT NULL,
  policy TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  vat INTEGER NOT NULL CHECK (vat BETWEEN 0 AND amount),
  -- may change:
  state TEXT NOT NULL DEFAULT 'WAIT_APPROVAL'
    CHECK (state = 'WAIT_APPROVAL' OR state = 'CLOSED' OR state = 'DENIED' OR state = 'CANCELLED')
) STRICT;
CREATE INDEX return_sale ON "return" (sale_id);
CREATE INDEX return_waiting ON "return" (id) WHERE state = 'WAIT_APPROVAL';

CREATE TABLE return_line (
  sale_id INTEGER NOT NULL,
  sale_pos INTEGER NOT NULL,
  return_id INTEGER NOT NULL REFERENCES "return",
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  amount INTEGER NOT NULL CHECK (amount >= 0),
  vat INTEGER NOT NULL CHECK (vat BETWEEN 0 AND amount),
  PRIMARY KEY (sale_id, sale_pos, return_id),
  FOREIGN KEY (sale_id, sale_pos) REFERENCES sale_line
) STRICT, WITHOUT ROWID;

CREATE TABLE return_history (
  return_id INTEGER NOT NULL REFERENCES "return",
  n INTEGER NOT NULL CHECK (n > 0),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  event TEXT NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (return_id, n)
) STRICT, WITHOUT ROWID;

-- Who said yes or no to whose request, bound by a digest to exactly what was seen.
CREATE TABLE approval (
  return_id INTEGER NOT NULL REFERENCES "return",
  n INTEGER NOT NULL CHECK (n > 0),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  asker INTEGER NOT NULL REFERENCES staff,
  approver INTEGER NOT NULL REFERENCES staff CHECK (approver <> asker),
  rule TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('approved', 'rejected')),
  digest TEXT NOT NULL CHECK (length (digest) = 64),
  PRIMARY KEY (return_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE refund (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL UNIQUE CHECK (length (no) = 20),
  seq INTEGER NOT NULL,
  day INTEGER NOT NULL,
  at INTEGER NOT NULL,
  till INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff,
  return_id INTEGER NOT NULL REFERENCES "return",
  sale_id INTEGER NOT NULL,
  leg_pos INTEGER NOT NULL,
  tender TEXT NOT NULL CHECK (tender = 'cash' OR tender = 'card' OR tender = 'code'),
  provider TEXT NOT NULL CHECK ((provider = '') = (tender = 'cash')),
  amount INTEGER NOT NULL CHECK (amount > 0),
  request_no TEXT NOT NULL UNIQUE CHECK (length (request_no) = 16),
  original_no TEXT NOT NULL,
  supersedes INTEGER REFERENCES refund,
  -- may change:
  state TEXT NOT NULL DEFAULT 'WAIT_APPROVAL'
    CHECK (state = 'WAIT_APPROVAL' OR state = 'QUEUED' OR state = 'SENDING' OR state = 'UNKNOWN'
      OR state = 'ACCEPTED' OR state = 'FIX' OR state = 'CUSTOMER' OR state = 'PROVIDER'
      OR state = 'RECALL_DUE' OR state = 'RECALLING' OR state = 'SUCCEEDED' OR state = 'BOUNCED'
      OR state = 'CLOSED' OR state = 'FAILED' OR state = 'REFUSED' OR state = 'CANCELLED'),
  -- as a void ('same_day') or a refund; chosen with the first promise
  why TEXT NOT NULL DEFAULT ''
    CHECK (why = '' OR why = 'same_day' OR why = 'no_voids' OR why = 'part' OR why = 'later'
      OR why = 'void_refused' OR why = 'terminal'),
  -- where the request says that notices of it are to go, or ''; part of its bytes like why
  notice_url TEXT NOT NULL DEFAULT '' CHECK (length (notice_url) <= 128),
  -- whose number it goes out under, or '': the merchant that was paid
  merchant_no TEXT NOT NULL DEFAULT '' CHECK (length (merchant_no) <= 32),
  provider_no TEXT NOT NULL DEFAULT '',
  failure TEXT NOT NULL DEFAULT '',
  failure_code TEXT NOT NULL DEFAULT '',
  failure_words TEXT NOT NULL DEFAULT '',
  -- whom the account names instead, while that keeps it from going out, or ''
  other_merchant TEXT NOT NULL DEFAULT '' CHECK (length (other_merchant) <= 32),
  requested_at INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  not_found INTEGER NOT NULL DEFAULT 0,
  next_action_at INTEGER,
  FOREIGN KEY (sale_id, leg_pos) REFERENCES leg,
  -- law 7
  CHECK ((state = 'QUEUED' OR state = 'SENDING' OR state = 'UNKNOWN' OR state = 'ACCEPTED'
          OR state = 'PROVIDER' OR state = 'RECALL_DUE' OR state = 'RECALLING')
         = (next_action_at IS NOT NULL))
) STRICT;
CREATE INDEX refund_leg ON refund (sale_id, leg_pos);
CREATE INDEX refund_return ON refund (return_id);
CREATE INDEX refund_provider_no ON refund (provider_no) WHERE provider_no <> '';
CREATE INDEX refund_due ON refund (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX refund_open ON refund (id)
  WHERE state NOT IN ('SUCCEEDED', 'BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED');

CREATE TABLE refund_history (
  refund_id INTEGER NOT NULL REFERENCES refund,
  n INTEGER NOT NULL CHECK (n > 0),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  event TEXT NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (refund_id, n)
) STRICT, WITHOUT ROWID;

-- Where a discount was in the payment, not all of a refund reaches the customer: this part goes back
-- to whoever gave it. Known from the answer that said "done", and only where that states it.

CREATE TABLE refund_coupon (
  refund_id INTEGER PRIMARY KEY REFERENCES refund,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0)
) STRICT;
CREATE TRIGGER refund_coupon_stays BEFORE UPDATE ON refund_coupon
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER refund_coupon_is_kept BEFORE DELETE ON refund_coupon
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER refund_coupon_of_done BEFORE INSERT ON refund_coupon
WHEN (SELECT state = 'SUCCEEDED' AND tender <> 'cash' AND amount >= NEW.amount
        FROM refund WHERE id = NEW.refund_id) IS NOT 1
BEGIN SELECT RAISE (ABORT, 'only of what a provider has done a coupon is a part'); END;

-- A refund that is done is over, and law 7 asks for nothing more. Where the provider may still take
-- "done" back, it stands on this agenda beside its row, so that what is live and what is over stay
-- apart. A row changes with every question and is left when there is none to come.

CREATE TABLE recheck (
  refund_id INTEGER PRIMARY KEY REFERENCES refund,
  done_at INTEGER NOT NULL CHECK (done_at > 0),
  -- may change:
  due_at INTEGER CHECK (due_at > 0),
  silent INTEGER NOT NULL DEFAULT 0 CHECK (silent >= 0),
  in_doubt INTEGER NOT NULL DEFAULT 0 CHECK (in_doubt = 0 OR in_doubt = 1)
) STRICT;
CREATE INDEX recheck_due ON recheck (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX recheck_doubt ON recheck (refund_id) WHERE in_doubt = 1;
CREATE INDEX refund_bounced ON refund (id) WHERE state = 'BOUNCED';

CREATE TRIGGER recheck_facts BEFORE UPDATE OF refund_id, done_at ON recheck
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER recheck_is_kept BEFORE DELETE ON recheck
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER recheck_of_done BEFORE INSERT ON recheck
WHEN (SELECT state = 'SUCCEEDED' AND tender <> 'cash' FROM refund WHERE id = NEW.refund_id) IS NOT 1
BEGIN SELECT RAISE (ABORT, 'only what a provider has done is asked about again'); END;

-- What providers told of their own accord and was believed. A notice is a hint: it decides nothing,
-- and so it stands beside the rows it is about and not in their history. One that is about no number
-- of ours stays unsettled until a manager has said what it was.

CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  provider TEXT NOT NULL CHECK (length (provider) BETWEEN 1 AND 40),
  request_no TEXT NOT NULL CHECK (length (request_no) BETWEEN 1 AND 64),
  is_refund INTEGER NOT NULL CHECK (is_refund = 0 OR is_refund = 1),
  event_no TEXT NOT NULL CHECK (length (event_no) <= 64), -- '': it has none
  digest TEXT NOT NULL CHECK (length (digest) = 64),      -- of what was said
  words TEXT NOT NULL CHECK (length (words) <= 64),
  -- as the provider says it; NULL: it does not say
  amount INTEGER CHECK (amount BETWEEN 1 AND 1000000000000),
  currency TEXT CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
  known INTEGER NOT NULL CHECK (known = 0 OR known = 1), -- it is about a number of ours
  -- may change, and only grows:
  repeats INTEGER NOT NULL DEFAULT 0 CHECK (repeats >= 0),
  UNIQUE (provider, digest),
  CHECK (currency IS NULL OR amount IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX notice_event ON notice (provider, event_no, request_no) WHERE event_no <> '';
CREATE INDEX notice_number ON notice (request_no);
CREATE INDEX notice_unknown ON notice (provider) WHERE known = 0;

CREATE TABLE notice_settled (
  notice_id INTEGER PRIMARY KEY REFERENCES notice,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff,
  reason TEXT NOT NULL CHECK (length (reason) BETWEEN 1 AND 200)
) STRICT;

CREATE TRIGGER notice_facts BEFORE UPDATE OF id, seq, at, provider, request_no, is_refund, event_no,
  digest, words, amount, currency, known ON notice
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER notice_is_told BEFORE UPDATE OF repeats ON notice WHEN NEW.repeats < OLD.repeats
BEGIN SELECT RAISE (ABORT, 'law 1: what was told was told'); END;
CREATE TRIGGER notice_is_kept BEFORE DELETE ON notice
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER notice_settled_stays BEFORE UPDATE ON notice_settled
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER notice_settled_is_kept BEFORE DELETE ON notice_settled
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER notice_settled_of_unknown BEFORE INSERT ON notice_settled
WHEN (SELECT known FROM notice WHERE id = NEW.notice_id) IS NOT 0
BEGIN SELECT RAISE (ABORT, 'only a notice of no number of ours is settled'); END;

-- What providers said in their settlement files: a row for each file that was held against the books, and
-- one for each row of it, or of ours, that did not agree. A file that is read twice is one fact; another
-- file of the same day names the one before. What was found later, or what people say it was, stands in
-- a row of its own.

CREATE TABLE settlement (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff_id INTEGER REFERENCES staff, -- NULL: the till by itself
  provider TEXT NOT NULL CHECK (length (provider) BETWEEN 1 AND 40),
  day INTEGER NOT NULL CHECK (day BETWEEN 19700101 AND 99991231), -- as the provider counts its days
  digest TEXT NOT NULL CHECK (length (digest) = 64),              -- of the file's bytes
  flow_digest TEXT NOT NULL CHECK (flow_digest = '' OR length (flow_digest) = 64), -- '': no fund flow
  by_hand INTEGER NOT NULL CHECK (by_hand = 0 OR by_hand = 1), -- a person brought it; else it was fetched
  instead INTEGER REFERENCES settlement CHECK (instead < id),  -- the one before of that day
  n INTEGER NOT NULL CHECK (n >= 0),
  paid INTEGER NOT NULL CHECK (paid >= 0),
  returned INTEGER NOT NULL CHECK (returned >= 0),
  settled INTEGER NOT NULL,
  fee_exact INTEGER NOT NULL, -- thousandths of a fen
  our_n INTEGER NOT NULL CHECK (our_n >= 0),
  our_paid INTEGER NOT NULL CHECK (our_paid >= 0),
  our_returned INTEGER NOT NULL CHECK (our_returned >= 0),
  matched INTEGER NOT NULL CHECK (matched BETWEEN 0 AND n), -- rows of the file
  differing INTEGER NOT NULL CHECK (differing >= 0),        -- rows below it
  flow TEXT NOT NULL
    CHECK (flow = 'none' OR flow = 'agrees' OR flow = 'differs' OR flow = 'missing'),
  flow_first TEXT NOT NULL CHECK ((flow_first = '') = (flow <> 'differs')),
  CHECK (by_hand = 0 OR staff_id IS NOT NULL),
  CHECK ((flow_digest = '') = (flow = 'none' OR flow = 'missing'))
) STRICT;
CREATE INDEX settlement_day ON settlement (provider, day);

CREATE TABLE settlement_row (
  settlement_id INTEGER NOT NULL REFERENCES settlement,
  n INTEGER NOT NULL CHECK (n > 0),
  class TEXT NOT NULL CHECK (class = 'amount' OR class = 'state' OR class = 'second' OR class = 'theirs'
    OR class = 'ours' OR class = 'edge' OR class = 'waiting'),
  kind TEXT NOT NULL CHECK (kind = 'payment' OR kind = 'refund' OR kind = 'reversal'),
  back INTEGER NOT NULL CHECK (back = 0 OR back = 1), -- money leaves the shop
  request_no TEXT NOT NULL CHECK (length (request_no) BETWEEN 1 AND 64),
  sale_no TEXT NOT NULL,     -- '': no number of ours
  provider_no TEXT NOT NULL, -- as the file has it, else as we have
  line INTEGER CHECK (line > 0), -- in the file; NULL: only our books have it
  their_amount INTEGER CHECK (their_amount BETWEEN 0 AND 1000000000000),
  their_state TEXT NOT NULL, -- '': the file has none
  our_amount INTEGER CHECK (our_amount BETWEEN 0 AND 1000000000000),
  our_state TEXT NOT NULL,
  PRIMARY KEY (settlement_id, n),
  CHECK ((line IS NULL) = (their_amount IS NULL)),
  CHECK ((sale_no = '') = (our_amount IS NULL)),
  CHECK (line IS NOT NULL OR our_amount IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX settlement_row_number ON settlement_row (request_no);

CREATE TABLE settlement_closed (
  settlement_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff_id INTEGER REFERENCES staff,    -- who said what it was …
  approver_id INTEGER REFERENCES staff CHECK (approver_id <> staff_id), -- … and who agreed
  by_file INTEGER REFERENCES settlement, -- or the file in which it agrees
  reason TEXT NOT NULL CHECK (length (reason) <= 200),
  PRIMARY KEY (settlement_id, n),
  FOREIGN KEY (settlement_id, n) REFERENCES settlement_row,
  CHECK ((staff_id IS NULL) = (by_file IS NOT NULL)),
  CHECK ((staff_id IS NULL) = (reason = '')),
  CHECK (approver_id IS NULL OR staff_id IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- When a file is asked for next, and what came of it last. No fact: it may be asked for at any time.
CREATE TABLE settlement_ask (
  provider TEXT NOT NULL,
  day INTEGER NOT NULL,
  tries INTEGER NOT NULL CHECK (tries >= 0),
  asked_at INTEGER NOT NULL CHECK (asked_at >= 0), -- 0: not yet
  due_at INTEGER CHECK (due_at > 0),               -- NULL: no more
  file TEXT NOT NULL CHECK (length (file) <= 20),
  said TEXT NOT NULL CHECK (length (said) <= 400),
  PRIMARY KEY (provider, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX settlement_ask_due ON settlement_ask (due_at) WHERE due_at IS NOT NULL;

CREATE TRIGGER settlement_follows BEFORE INSERT ON settlement
WHEN NEW.instead IS NOT (SELECT max (id) FROM settlement WHERE provider = NEW.provider AND day = NEW.day)
BEGIN SELECT RAISE (ABORT, 'law 2: a file names the one before of its day'); END;
CREATE TRIGGER settlement_is_new BEFORE INSERT ON settlement
WHEN EXISTS (SELECT 1 FROM settlement WHERE id = NEW.instead AND digest = NEW.digest
  AND flow_digest = NEW.flow_digest AND by_hand <= NEW.by_hand)
BEGIN SELECT RAISE (ABORT, 'a file that is read twice is one fact'); END;
CREATE TRIGGER settlement_row_belongs BEFORE INSERT ON settlement_row
WHEN NEW.n > coalesce ((SELECT differing FROM settlement WHERE id = NEW.settlement_id), 0)
BEGIN SELECT RAISE (ABORT, 'a file has the rows that it was counted with'); END;
-- Money that left the shop and that the books know nothing of: one person does not explain it away.
CREATE TRIGGER settlement_closed_by_two BEFORE INSERT ON settlement_closed
WHEN NEW.by_file IS NULL AND NEW.approver_id IS NULL
 AND (SELECT back = 1 AND (class = 'theirs' OR class = 'second') FROM settlement_row
       WHERE settlement_id = NEW.settlement_id AND n = NEW.n) IS NOT 0
BEGIN SELECT RAISE (ABORT, 'money that only the provider knows of is closed by two persons'); END;
CREATE TRIGGER settlement_closed_by_its_provider BEFORE INSERT ON settlement_closed
WHEN NEW.by_file IS NOT NULL AND NOT EXISTS (SELECT 1 FROM settlement f
  JOIN settlement o ON o.provider = f.provider
 WHERE f.id = NEW.by_file AND o.id = NEW.settlement_id AND f.by_hand = 0)
BEGIN SELECT RAISE (ABORT, 'only a file that was fetched from that provider closes anything'); END;

CREATE TRIGGER settlement_stays BEFORE UPDATE ON settlement
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER settlement_is_kept BEFORE DELETE ON settlement
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER settlement_row_stays BEFORE UPDATE ON settlement_row
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER settlement_row_is_kept BEFORE DELETE ON settlement_row
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER settlement_closed_stays BEFORE UPDATE ON settlement_closed
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER settlement_closed_is_kept BEFORE DELETE ON settlement_closed
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;

-- Providers to which nothing goes at the moment, and why; one at a time of each provider. A stop is
-- a fact, and so is every word of a person to try again, and its end. Of it nothing is written to the
-- refunds that wait: they stay as they are.

CREATE TABLE provider_stop (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL, -- 0: an answer did it
  provider TEXT NOT NULL CHECK (length (provider) BETWEEN 1 AND 40),
  cause TEXT NOT NULL CHECK (cause = 'keys' OR cause = 'clock' OR cause = 'rights' OR cause = 'line'
    OR cause = 'hand'),
  clock_off_s INTEGER NOT NULL, -- our clock was so far ahead, negative: behind
  code TEXT NOT NULL CHECK (length (code) <= 64),
  words TEXT NOT NULL CHECK (length (words) <= 200),
  -- may change:
  try_at INTEGER CHECK (try_at > 0), -- from then on one may go through; NULL: when a person says so
  tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
  lifted INTEGER NOT NULL DEFAULT 0 CHECK (lifted = 0 OR lifted = 1)
) STRICT;
CREATE UNIQUE INDEX provider_stop_open ON provider_stop (provider) WHERE lifted = 0;

CREATE TABLE provider_try (
  stop_id INTEGER NOT NULL REFERENCES provider_stop,
  n INTEGER NOT NULL CHECK (n > 0),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL, -- 0: a test of the connection went well
  PRIMARY KEY (stop_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE provider_lift (
  stop_id INTEGER PRIMARY KEY REFERENCES provider_stop,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL -- who ended it, or whose word let the one through; 0: nobody
) STRICT;

CREATE TRIGGER provider_stop_facts BEFORE UPDATE OF id, seq, at, staff, provider, cause, clock_off_s,
  code, words ON provider_stop BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER provider_stop_is_kept BEFORE DELETE ON provider_stop
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER provider_stop_is_over BEFORE UPDATE OF lifted ON provider_stop
WHEN NEW.lifted IS NOT EXISTS (SELECT 1 FROM provider_lift WHERE stop_id = NEW.id)
BEGIN SELECT RAISE (ABORT, 'a stop is over when it was lifted, and not before'); END;
CREATE TRIGGER provider_try_stays BEFORE UPDATE ON provider_try
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER provider_try_is_kept BEFORE DELETE ON provider_try
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER provider_try_of_open BEFORE INSERT ON provider_try
WHEN (SELECT lifted FROM provider_stop WHERE id = NEW.stop_id) IS NOT 0
BEGIN SELECT RAISE (ABORT, 'only what is stopped is tried again'); END;
CREATE TRIGGER provider_lift_stays BEFORE UPDATE ON provider_lift
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER provider_lift_is_kept BEFORE DELETE ON provider_lift
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;

-- Law 4: the database itself refuses more, whatever the caller says

CREATE TRIGGER return_line_cap BEFORE INSERT ON return_line
WHEN (SELECT state FROM sale WHERE id = NEW.sale_id) <> 'PAID'
  OR (SELECT sale_id FROM "return" WHERE id = NEW.return_id) <> NEW.sale_id
  OR (SELECT coalesce (sum (l.quantity), 0) + NEW.quantity
        FROM return_line l JOIN "return" r ON r.id = l.return_id
       WHERE l.sale_id = NEW.sale_id AND l.sale_pos = NEW.sale_pos
         AND r.state IN ('WAIT_APPROVAL', 'CLOSED'))
     > (SELECT quantity FROM sale_line WHERE sale_id = NEW.sale_id AND pos = NEW.sale_pos)
  OR (SELECT coalesce (sum (l.amount), 0) + NEW.amount
        FROM return_line l JOIN "return" r ON r.id = l.return_id
       WHERE l.sale_id = NEW.sale_id AND l.sale_pos = NEW.sale_pos
         AND r.state IN ('WAIT_APPROVAL', 'CLOSED'))
     > (SELECT amount FROM sale_line WHERE sale_id = NEW.sale_id AND pos = NEW.sale_pos)
BEGIN SELECT RAISE (ABORT, 'law 4: more than was sold'); END;

CREATE TRIGGER refund_cap BEFORE INSERT ON refund
WHEN coalesce ((SELECT state FROM leg WHERE sale_id = NEW.sale_id AND pos = NEW.leg_pos), '')
     <> 'APPROVED'
  OR coalesce ((SELECT sale_id FROM "return" WHERE id = NEW.return_id), 0) <> NEW.sale_id
  OR (SELECT coalesce (sum (amount), 0) + NEW.amount FROM refund
       WHERE sale_id = NEW.sale_id AND leg_pos = NEW.leg_pos
         AND state NOT IN ('BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED'))
     > (SELECT amount FROM leg WHERE sale_id = NEW.sale_id AND pos = NEW.leg_pos)
  OR (SELECT coalesce (sum (amount), 0) + NEW.amount FROM refund
       WHERE return_id = NEW.return_id
         AND state NOT IN ('BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED'))
     > (SELECT amount FROM "return" WHERE id = NEW.return_id)
BEGIN SELECT RAISE (ABORT, 'law 4: more than was paid'); END;

-- A replacement needs a final no of the one it replaces (law 5).
CREATE TRIGGER refund_supersedes BEFORE INSERT ON refund
WHEN NEW.supersedes IS NOT NULL
 AND (SELECT state FROM refund WHERE id = NEW.supersedes)
     NOT IN ('BOUNCED', 'CLOSED', 'FAILED', 'CANCELLED')
BEGIN SELECT RAISE (ABORT, 'law 5: a new number only after a final no'); END;

CREATE TRIGGER refund_end_is_final BEFORE UPDATE OF state ON refund
WHEN OLD.state IN ('BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED') AND NEW.state <> OLD.state
BEGIN SELECT RAISE (ABORT, 'law 1: a final no is final'); END;
CREATE TRIGGER refund_proof_is_kept BEFORE UPDATE OF state ON refund
WHEN OLD.state = 'SUCCEEDED' AND NEW.state NOT IN ('SUCCEEDED', 'BOUNCED')
BEGIN SELECT RAISE (ABORT, 'law 1: what was paid can only come back'); END;
CREATE TRIGGER return_end_is_final BEFORE UPDATE OF state ON "return"
WHEN OLD.state <> 'WAIT_APPROVAL' AND NEW.state <> OLD.state
BEGIN SELECT RAISE (ABORT, 'law 1: a decided return stays decided'); END;
CREATE TRIGGER sale_end_is_final BEFORE UPDATE OF state ON sale
WHEN OLD.state <> 'TENDERING' AND NEW.state <> OLD.state
BEGIN SELECT RAISE (ABORT, 'law 1: a paid sale stays paid'); END;

-- A sale is paid when its legs say so, to the fen, and not before.
CREATE TRIGGER sale_is_paid BEFORE UPDATE OF state ON sale
WHEN NEW.state = 'PAID' AND OLD.state <> 'PAID'
 AND (SELECT coalesce (sum (amount), 0) FROM leg WHERE sale_id = NEW.id AND state = 'APPROVED')
     <> NEW.total
BEGIN SELECT RAISE (ABORT, 'law 4: paid is what was really paid'); END;

CREATE TRIGGER leg_of_paid_sale BEFORE UPDATE OF state ON leg
WHEN OLD.state = 'APPROVED' AND NEW.state <> 'APPROVED'
 AND (SELECT state FROM sale WHERE id = OLD.sale_id) = 'PAID'
BEGIN SELECT RAISE (ABORT, 'law 1: what paid a sale can only be refunded'); END;

-- Law 1 for the facts of the living rows.
CREATE TRIGGER sale_facts BEFORE UPDATE OF id, no, seq, day, at, till, staff_id, token, discount,
  rounding, vat, total ON sale BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER sale_line_facts BEFORE UPDATE ON sale_line
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER leg_facts BEFORE UPDATE OF sale_id, pos, tender, provider, amount, received, request_no,
  masked, by_slip ON leg BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER return_facts BEFORE UPDATE OF id, no, seq, day, at, till, staff_id, token, sale_id,
  reason, condition, disposition, route, note, held_for, policy, amount, vat ON "return"
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER return_line_facts BEFORE UPDATE ON return_line
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER refund_facts BEFORE UPDATE OF id, no, seq, day, at, till, staff_id, return_id, sale_id,
  leg_pos, tender, provider, amount, request_no, original_no, supersedes ON refund
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER refund_request_is_frozen BEFORE UPDATE OF requested_at, why, notice_url ON refund
WHEN OLD.requested_at <> 0 AND (NEW.requested_at <> OLD.requested_at OR NEW.why <> OLD.why
  OR NEW.notice_url <> OLD.notice_url)
BEGIN SELECT RAISE (ABORT, 'law 5: a request stays as it was promised'); END;
-- Where there was no account yet, the number comes with the first that there is.
CREATE TRIGGER refund_merchant_is_frozen BEFORE UPDATE OF merchant_no ON refund
WHEN OLD.merchant_no <> '' AND NEW.merchant_no <> OLD.merchant_no
BEGIN SELECT RAISE (ABORT, 'law 5: a request stays as it was promised'); END;
CREATE TRIGGER leg_merchant_is_frozen BEFORE UPDATE OF merchant_no ON leg
WHEN OLD.merchant_no <> '' AND NEW.merchant_no <> OLD.merchant_no
BEGIN SELECT RAISE (ABORT, 'law 5: a request stays as it was promised'); END;
CREATE TRIGGER leg_card_is_frozen BEFORE UPDATE OF card ON leg
WHEN OLD.card <> '' AND NEW.card <> OLD.card
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER leg_history_facts BEFORE UPDATE ON leg_history
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER return_history_facts BEFORE UPDATE ON return_history
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER refund_history_facts BEFORE UPDATE ON refund_history
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER approval_facts BEFORE UPDATE ON approval
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;

CREATE TRIGGER sale_is_kept BEFORE DELETE ON sale
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER sale_line_is_kept BEFORE DELETE ON sale_line
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER leg_is_kept BEFORE DELETE ON leg
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER return_is_kept BEFORE DELETE ON "return"
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER return_line_is_kept BEFORE DELETE ON return_line
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER refund_is_kept BEFORE DELETE ON refund
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER leg_history_is_kept BEFORE DELETE ON leg_history
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER return_history_is_kept BEFORE DELETE ON return_history
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER refund_history_is_kept BEFORE DELETE ON refund_history
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER approval_is_kept BEFORE DELETE ON approval
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;

-- Shifts: the journal from behind the last close up to the next one, that entry included. So there is
-- always exactly one shift that is not closed, and nothing can be added to one that is.

-- Cash between safe and drawer.
CREATE TABLE cash_move (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  day INTEGER NOT NULL,
  at INTEGER NOT NULL,
  till INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff,
  token TEXT NOT NULL UNIQUE,
  way TEXT NOT NULL CHECK (way = 'float' OR way = 'out'),
  amount INTEGER NOT NULL CHECK (amount > 0),
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE shift (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL UNIQUE CHECK (length (no) = 20),
  first_seq INTEGER NOT NULL,
  seq INTEGER NOT NULL UNIQUE CHECK (seq >= first_seq), -- its close
  day INTEGER NOT NULL,
  at INTEGER NOT NULL,
  till INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff,
  approver_id INTEGER REFERENCES staff CHECK (approver_id <> staff_id),
  token TEXT NOT NULL UNIQUE,
  sales_n INTEGER NOT NULL CHECK (sales_n >= 0), -- that became PAID
  sales INTEGER NOT NULL CHECK (sales >= 0),
  taken_cash INTEGER NOT NULL, -- less what was given back before a sale came about
  taken_card INTEGER NOT NULL,
  taken_code INTEGER NOT NULL,
  returns_n INTEGER NOT NULL CHECK (returns_n >= 0), -- that were closed
  returns INTEGER NOT NULL CHECK (returns >= 0),
  refunds_n INTEGER NOT NULL CHECK (refunds_n >= 0), -- that were proven
  refunded_cash INTEGER NOT NULL CHECK (refunded_cash >= 0),
  refunded_card INTEGER NOT NULL CHECK (refunded_card >= 0),
  refunded_code INTEGER NOT NULL CHECK (refunded_code >= 0),
  bounced INTEGER NOT NULL CHECK (bounced >= 0), -- refunds that came back
  open_n INTEGER NOT NULL CHECK (open_n >= 0),   -- refunds that were not over at the close
  open INTEGER NOT NULL CHECK (open >= 0),
  float_in INTEGER NOT NULL CHECK (float_in >= 0),
  cash_out INTEGER NOT NULL CHECK (cash_out >= 0),
  expected INTEGER NOT NULL,
  counted INTEGER NOT NULL CHECK (counted >= 0),
  over_short INTEGER NOT NULL CHECK (over_short = counted - expected),
  kept INTEGER NOT NULL CHECK (kept BETWEEN 0 AND counted), -- in the drawer; the rest is in the safe
  total_sales INTEGER NOT NULL CHECK (total_sales >= sales), -- of all shifts so far
  total_refunds INTEGER NOT NULL CHECK (total_refunds >= 0)
) STRICT;

-- The refunds that were not over when a shift was closed, as they were then.
CREATE TABLE shift_open (
  shift_id INTEGER NOT NULL REFERENCES shift,
  refund_id INTEGER NOT NULL REFERENCES refund,
  state TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  PRIMARY KEY (shift_id, refund_id)
) STRICT, WITHOUT ROWID;

-- The signature of a close. It stands beside the entry, for no entry can hold its own.
CREATE TABLE seal (
  seq INTEGER PRIMARY KEY REFERENCES journal,
  hash BLOB NOT NULL CHECK (length (hash) = 32),
  public_key BLOB NOT NULL CHECK (length (public_key) = 32),
  signature BLOB NOT NULL CHECK (length (signature) = 64)
) STRICT;

-- Each begins behind the one before, and the sums of all go on from there.
CREATE TRIGGER shift_follows BEFORE INSERT ON shift
WHEN NEW.id <> (SELECT coalesce (max (id), 0) + 1 FROM shift)
  OR NEW.first_seq <> (SELECT coalesce (max (seq), 0) + 1 FROM shift)
  OR NEW.total_sales <> NEW.sales
     + coalesce ((SELECT total_sales FROM shift WHERE id = NEW.id - 1), 0)
  OR NEW.total_refunds <> NEW.refunded_cash + NEW.refunded_card + NEW.refunded_code
     + coalesce ((SELECT total_refunds FROM shift WHERE id = NEW.id - 1), 0)
BEGIN SELECT RAISE (ABORT, 'law 2: shifts follow one another'); END;
CREATE TRIGGER seal_is_of_its_entry BEFORE INSERT ON seal
WHEN NEW.hash IS NOT (SELECT hash FROM journal WHERE seq = NEW.seq)
  OR NOT EXISTS (SELECT 1 FROM shift WHERE seq = NEW.seq)
BEGIN SELECT RAISE (ABORT, 'law 2: a seal is of the entry that closed a shift'); END;

CREATE TRIGGER cash_move_stays BEFORE UPDATE ON cash_move
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER cash_move_is_kept BEFORE DELETE ON cash_move
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER shift_stays BEFORE UPDATE ON shift
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER shift_is_kept BEFORE DELETE ON shift
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER shift_open_stays BEFORE UPDATE ON shift_open
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER shift_open_is_kept BEFORE DELETE ON shift_open
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER seal_stays BEFORE UPDATE ON seal
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER seal_is_kept BEFORE DELETE ON seal
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;

-- Drafts: a row from the first scan, so that kill -9 loses nothing; not yet facts. There are never
-- many, so a token is looked for from row to row: an index of it would be written at every sale.

CREATE TABLE draft (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('sale', 'return')),
  token TEXT NOT NULL,
  staff_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  parked INTEGER NOT NULL DEFAULT 0 CHECK (parked IN (0, 1)),
  discount INTEGER NOT NULL DEFAULT 0,
  sale_id INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  condition TEXT NOT NULL DEFAULT 'unopened',
  disposition TEXT NOT NULL DEFAULT 'shelf',
  route TEXT NOT NULL DEFAULT 'original',
  note TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE draft_line (
  draft_id INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  price INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  PRIMARY KEY (draft_id, pos)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER draft_is_one BEFORE INSERT ON draft
WHEN EXISTS (SELECT 1 FROM draft WHERE token = NEW.token)
BEGIN SELECT RAISE (ABORT, 'a token is one draft'); END;
CREATE TRIGGER draft_stays_one BEFORE UPDATE OF id, token ON draft
BEGIN SELECT RAISE (ABORT, 'a token is one draft'); END;
-- A foreign key's work, in half its time: for a table with one SQLite first gathers what it is going
-- to delete in a table of its own.
CREATE TRIGGER draft_line_has_draft BEFORE INSERT ON draft_line
WHEN NOT EXISTS (SELECT 1 FROM draft WHERE id = NEW.draft_id)
BEGIN SELECT RAISE (ABORT, 'a line of no draft'); END;
CREATE TRIGGER draft_line_goes AFTER DELETE ON draft
BEGIN DELETE FROM draft_line WHERE draft_id = OLD.id; END;

-- Paper

CREATE TABLE print_job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind = 'sale' OR kind = 'return' OR kind = 'refund' OR kind = 'drawer'
    OR kind = 'shift'),
  subject_id INTEGER NOT NULL,
  copy INTEGER NOT NULL CHECK (copy > 0),
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL,
  -- may change:
  state TEXT NOT NULL DEFAULT 'QUEUED'
    CHECK (state = 'QUEUED' OR state = 'SENDING' OR state = 'HANDED' OR state = 'PRINTED'
      OR state = 'DELIVERED' OR state = 'UNKNOWN' OR state = 'FAILED' OR state = 'STALE'),
  way_ref TEXT NOT NULL DEFAULT '',
  problem TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0,
  next_action_at INTEGER,
  printer TEXT NOT NULL DEFAULT '', -- which it was promised to; '' before, and for the roll
  over_at INTEGER CHECK (over_at IS NULL OR next_action_at IS NULL),
  UNIQUE (kind, subject_id, copy),
  CHECK ((state = 'QUEUED' OR state = 'SENDING' OR state = 'HANDED')
         = (next_action_at IS NOT NULL))
) STRICT;
CREATE INDEX print_due ON print_job (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX print_over ON print_job (over_at) WHERE over_at IS NOT NULL;
CREATE TRIGGER print_job_facts BEFORE UPDATE OF id, kind, subject_id, copy, at, staff ON print_job
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER print_job_is_kept BEFORE DELETE ON print_job
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE INDEX print_open ON print_job (id)
  WHERE state = 'UNKNOWN' OR state = 'FAILED' OR state = 'STALE';

-- What a person said about a slip that is over without proof: it was there, a copy was asked for, or
-- nobody wants it any more.

CREATE TABLE print_settled (
  job_id INTEGER PRIMARY KEY REFERENCES print_job,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff,
  word TEXT NOT NULL CHECK (word = 'on-paper' OR word = 'again' OR word = 'none')
) STRICT;
CREATE TRIGGER print_settled_stays BEFORE UPDATE ON print_settled
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER print_settled_is_kept BEFORE DELETE ON print_settled
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER print_settled_is_over BEFORE INSERT ON print_settled
WHEN (SELECT state IN ('UNKNOWN', 'FAILED', 'STALE') AND kind <> 'drawer'
        FROM print_job WHERE id = NEW.job_id) IS NOT 1
BEGIN SELECT RAISE (ABORT, 'only a slip that is over without proof is settled'); END;
CREATE TRIGGER print_job_stays_settled BEFORE UPDATE OF state ON print_job
WHEN EXISTS (SELECT 1 FROM print_settled WHERE job_id = NEW.id)
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;

-- What the printer said of the drawer behind a kick: whether it opened (n = 0), and when one that did
-- was seen closed (n = 1).

CREATE TABLE drawer_seen (
  job_id INTEGER NOT NULL REFERENCES print_job,
  n INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  is_open INTEGER NOT NULL CHECK (is_open = 0 OR is_open = 1),
  PRIMARY KEY (job_id, n),
  CHECK (n = 0 OR (n = 1 AND is_open = 0))
) STRICT;
CREATE TRIGGER drawer_seen_stays BEFORE UPDATE ON drawer_seen
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER drawer_seen_is_kept BEFORE DELETE ON drawer_seen
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER drawer_seen_was_kicked BEFORE INSERT ON drawer_seen
WHEN (SELECT kind = 'drawer' AND state IN ('PRINTED', 'DELIVERED')
        FROM print_job WHERE id = NEW.job_id) IS NOT 1
BEGIN SELECT RAISE (ABORT, 'only behind a kick that left is the drawer seen'); END;
CREATE TRIGGER drawer_seen_opened BEFORE INSERT ON drawer_seen
WHEN NEW.n = 1 AND (SELECT is_open FROM drawer_seen WHERE job_id = NEW.job_id AND n = 0) IS NOT 1
BEGIN SELECT RAISE (ABORT, 'only a drawer that opened closes'); END;

-- Devices: what the shop has, what was found when it was looked at, what was done to it. A row of
-- device is what holds from then on; the first row of a device names itself and gives its number, and
-- a correction names the row it stands for. None of it moves money.

CREATE TABLE device (
  id INTEGER PRIMARY KEY,
  device_id INTEGER NOT NULL REFERENCES device, -- its first row
  corrects INTEGER UNIQUE REFERENCES device,    -- the row that no longer holds; NULL in the first
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff,
  kind TEXT NOT NULL CHECK (kind IN ('reader', 'printer', 'scanner', 'scale', 'display', 'drawer',
    'computer', 'terminal')),
  name TEXT NOT NULL CHECK (length (name) BETWEEN 1 AND 200),
  model TEXT NOT NULL CHECK (length (model) <= 200),
  serial TEXT NOT NULL CHECK (length (serial) <= 200),
  usb TEXT NOT NULL CHECK (length (usb) <= 64),
  place TEXT NOT NULL CHECK (length (place) <= 200),
  bought INTEGER NOT NULL CHECK (bought = 0 OR bought BETWEEN 19700101 AND 99991231),
  invoice TEXT NOT NULL CHECK (length (invoice) <= 200),
  price INTEGER CHECK (price BETWEEN 0 AND 1000000000000), -- NULL: not known
  warranty_end INTEGER NOT NULL CHECK (warranty_end = 0 OR warranty_end BETWEEN 19700101 AND 99991231),
  provider TEXT NOT NULL CHECK (length (provider) <= 200),
  contact TEXT NOT NULL CHECK (length (contact) <= 200),
  phone TEXT NOT NULL CHECK (length (phone) <= 200),
  CHECK ((corrects IS NULL) = (device_id = id)),
  CHECK (corrects < id)
) STRICT;
CREATE INDEX device_rows ON device (device_id);

CREATE TABLE device_retired (
  device_id INTEGER PRIMARY KEY REFERENCES device,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff,
  reason TEXT NOT NULL CHECK (length (reason) BETWEEN 1 AND 200)
) STRICT;

CREATE TABLE device_check (
  id INTEGER PRIMARY KEY,
  device_id INTEGER NOT NULL REFERENCES device,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff,
  good INTEGER NOT NULL CHECK (good = 0 OR good = 1),
  proof TEXT NOT NULL CHECK (proof = 'said' OR proof = 'seen'),
  note TEXT NOT NULL CHECK (length (note) <= 200),
  CHECK (good = 1 OR length (note) > 0)
) STRICT;
CREATE INDEX device_checks ON device_check (device_id);

CREATE TABLE device_service (
  id INTEGER PRIMARY KEY,
  device_id INTEGER NOT NULL REFERENCES device,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL, -- 0: the till saw it
  day INTEGER NOT NULL CHECK (day BETWEEN 19700101 AND 99991231), -- when it was done
  deed TEXT NOT NULL CHECK (deed IN ('repair', 'upgrade', 'cleaning', 'part', 'firmware')),
  words TEXT NOT NULL CHECK (length (words) <= 200),
  firmware_before TEXT NOT NULL CHECK (length (firmware_before) <= 64),
  firmware_after TEXT NOT NULL CHECK (length (firmware_after) <= 64),
  done_by TEXT NOT NULL CHECK (length (done_by) <= 200),
  cost INTEGER CHECK (cost BETWEEN 0 AND 1000000000000), -- NULL: not known
  CHECK ((deed = 'firmware') = (staff = 0)),
  CHECK (length (words) > 0 OR deed = 'firmware')
) STRICT;
CREATE INDEX device_services ON device_service (device_id);

-- What the till counted of a device since the row before: written when a shift is closed and when the
-- program ends, never for one use. A day is the sum of its rows.
CREATE TABLE device_use (
  device_id INTEGER NOT NULL REFERENCES device,
  seq INTEGER NOT NULL,
  day INTEGER NOT NULL,
  uses INTEGER NOT NULL CHECK (uses >= 0),
  failures INTEGER NOT NULL CHECK (failures BETWEEN 0 AND uses),
  dropped INTEGER NOT NULL CHECK (dropped >= 0),
  lost INTEGER NOT NULL CHECK (lost >= 0),
  problem TEXT NOT NULL CHECK (length (problem) <= 200),
  PRIMARY KEY (device_id, seq),
  CHECK (uses + dropped + lost > 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER device_use_of_used BEFORE INSERT ON device_use
WHEN (SELECT device_id FROM device WHERE id = NEW.device_id) IS NOT NEW.device_id
  OR EXISTS (SELECT 1 FROM device_retired WHERE device_id = NEW.device_id)
BEGIN SELECT RAISE (ABORT, 'only a device in use is used'); END;
CREATE TRIGGER device_use_stays BEFORE UPDATE ON device_use
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER device_use_is_kept BEFORE DELETE ON device_use
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;

CREATE TRIGGER device_of_first BEFORE INSERT ON device
WHEN NEW.corrects IS NOT NULL
 AND ((SELECT device_id FROM device WHERE id = NEW.corrects) IS NOT NEW.device_id
   OR EXISTS (SELECT 1 FROM device_retired WHERE device_id = NEW.device_id))
BEGIN SELECT RAISE (ABORT, 'a correction is of one device that is in use'); END;
CREATE TRIGGER device_retired_of_first BEFORE INSERT ON device_retired
WHEN (SELECT device_id FROM device WHERE id = NEW.device_id) IS NOT NEW.device_id
BEGIN SELECT RAISE (ABORT, 'only a device is retired'); END;
CREATE TRIGGER device_check_of_used BEFORE INSERT ON device_check
WHEN (SELECT device_id FROM device WHERE id = NEW.device_id) IS NOT NEW.device_id
  OR EXISTS (SELECT 1 FROM device_retired WHERE device_id = NEW.device_id)
BEGIN SELECT RAISE (ABORT, 'only a device in use is checked'); END;
CREATE TRIGGER device_service_of_used BEFORE INSERT ON device_service
WHEN (SELECT device_id FROM device WHERE id = NEW.device_id) IS NOT NEW.device_id
  OR EXISTS (SELECT 1 FROM device_retired WHERE device_id = NEW.device_id)
BEGIN SELECT RAISE (ABORT, 'only a device in use is looked after'); END;

CREATE TRIGGER device_stays BEFORE UPDATE ON device
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER device_is_kept BEFORE DELETE ON device
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER device_retired_stays BEFORE UPDATE ON device_retired
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER device_retired_is_kept BEFORE DELETE ON device_retired
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER device_check_stays BEFORE UPDATE ON device_check
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER device_check_is_kept BEFORE DELETE ON device_check
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER device_service_stays BEFORE UPDATE ON device_service
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;
CREATE TRIGGER device_service_is_kept BEFORE DELETE ON device_service
BEGIN SELECT RAISE (ABORT, 'law 1: nothing is edited away'); END;

-- Roll-ups: narrow, one row a day and key, kept in the same transaction

CREATE TABLE sum_sale_staff (day INTEGER NOT NULL, staff_id INTEGER NOT NULL, n INTEGER NOT NULL,
  amount INTEGER NOT NULL, PRIMARY KEY (day, staff_id)) STRICT, WITHOUT ROWID;
CREATE TABLE sum_return_reason (day INTEGER NOT NULL, reason TEXT NOT NULL, n INTEGER NOT NULL,
  quantity INTEGER NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (day, reason)) STRICT, WITHOUT ROWID;
CREATE TABLE sum_return_staff (day INTEGER NOT NULL, staff_id INTEGER NOT NULL, n INTEGER NOT NULL,
  quantity INTEGER NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (day, staff_id)) STRICT, WITHOUT ROWID;
CREATE TABLE sum_return_item (day INTEGER NOT NULL, item_id INTEGER NOT NULL, n INTEGER NOT NULL,
  quantity INTEGER NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (day, item_id)) STRICT, WITHOUT ROWID;
CREATE TABLE sum_return_route (day INTEGER NOT NULL, tender TEXT NOT NULL, n INTEGER NOT NULL,
  amount INTEGER NOT NULL, PRIMARY KEY (day, tender)) STRICT, WITHOUT ROWID;

CREATE TRIGGER sale_sums AFTER UPDATE OF state ON sale WHEN NEW.state = 'PAID' AND OLD.state <> 'PAID'
BEGIN
  INSERT INTO sum_sale_staff VALUES (NEW.day, NEW.staff_id, 1, NEW.total)
    ON CONFLICT DO UPDATE SET n = n + 1, amount = amount + excluded.amount;
END;

CREATE TRIGGER return_sums AFTER UPDATE OF state ON "return"
WHEN NEW.state = 'CLOSED' AND OLD.state <> 'CLOSED'
BEGIN
  INSERT INTO sum_return_reason
    SELECT NEW.day, NEW.reason, 1, sum (quantity), NEW.amount FROM return_line
     WHERE sale_id = NEW.sale_id AND return_id = NEW.id
    ON CONFLICT DO UPDATE SET n = n + 1, quantity = quantity + excluded.quantity,
      amount = amount + excluded.amount;
  INSERT INTO sum_return_staff
    SELECT NEW.day, NEW.staff_id, 1, sum (quantity), NEW.amount FROM return_line
     WHERE sale_id = NEW.sale_id AND return_id = NEW.id
    ON CONFLICT DO UPDATE SET n = n + 1, quantity = quantity + excluded.quantity,
      amount = amount + excluded.amount;
  INSERT INTO sum_return_item
    SELECT NEW.day, s.item_id, 1, r.quantity, r.amount
      FROM return_line r JOIN sale_line s ON s.sale_id = r.sale_id AND s.pos = r.sale_pos
     WHERE r.sale_id = NEW.sale_id AND r.return_id = NEW.id
    ON CONFLICT DO UPDATE SET n = n + 1, quantity = quantity + excluded.quantity,
      amount = amount + excluded.amount;
  INSERT INTO sum_return_route
    SELECT NEW.day, tender, 1, amount FROM refund WHERE return_id = NEW.id
    ON CONFLICT DO UPDATE SET n = n + 1, amount = amount + excluded.amount;
END;
