/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/ccid-reader.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "devices/usb/apdu.h"
#include "devices/usb/atr.h"
#include "devices/usb/ccid.h"
#include "devices/usb/emv.h"

#include <string.h>

G_STATIC_ASSERT (TILL_DRIVER_MESSAGE_MAX == TILL_CCID_MESSAGE_MAX);
G_STATIC_ASSERT (TILL_EMV_COMMAND_MAX == TILL_APDU_COMMAND_MAX);

/* What the reader has been told and not answered yet. */
typedef enum
{
  ASKED_NOTHING,
  ASKED_STATUS,
  ASKED_ON,
  ASKED_PARAMETERS,
  ASKED_CARD,
  ASKED_OFF,
  ASKED_ABORT,
} Asked;

/* In secret memory: the answers of a card pass through it. */
typedef struct
{
  TillCcidClass class;
  const TillCardRule *cards; /* unowned; or NULL */
  TillQuirks quirks;
  gboolean tells;

  Asked asked;
  guint8 seq; /* of what was asked */
  guint extensions, noise;
  TillMessage message; /* to be sent; size 0: nothing */
  const char *broken;  /* static; why the reader is of no use any more, or NULL */

  gboolean is_seen;  /* the card that lies there has had its turn */
  gboolean has_come; /* so a notice said while something was under way */
  gboolean is_read;  /* it is being read now */
  TillAtr atr;
  TillApdu apdu;
  TillEmv emv;
  guint8 parts[TILL_APDU_ANSWER_MAX]; /* of an answer in several messages */
  gsize parts_size;
} Ccid;

/* --- speaking --- */

static void
ask (Ccid *ccid, Asked asked, TillCcidType type, const guint8 three[3], const guint8 *data,
     gsize size)
{
  ccid->seq++;
  ccid->asked = asked;
  ccid->extensions = ccid->noise = 0;
  ccid->message.has_request = FALSE;
  ccid->message.size = till_ccid_message (type, ccid->seq, three, data, size, ccid->message.bytes);
}

static void
ask_status (Ccid *ccid)
{
  ask (ccid, ASKED_STATUS, TILL_CCID_GET_STATUS, NULL, NULL, 0);
}

/* The request names the same number and slot as the message (5.3.1). */
static void
ask_abort (Ccid *ccid)
{
  ask (ccid, ASKED_ABORT, TILL_CCID_ABORT, NULL, NULL, 0);
  ccid->message.has_request = TRUE;
  ccid->message.request = TILL_CCID_REQUEST_ABORT;
  ccid->message.value = (guint16)(ccid->seq << 8);
}

static void
wipe_card (Ccid *ccid)
{
  explicit_bzero (&ccid->apdu, sizeof ccid->apdu);
  explicit_bzero (&ccid->emv, sizeof ccid->emv);
  explicit_bzero (ccid->parts, sizeof ccid->parts);
  ccid->parts_size = 0;
  ccid->is_read = FALSE;
}

/* What is said of the card is said once. */
static void
give_up (Ccid *ccid, TillRefused why, TillFindingTake take, gpointer user)
{
  gboolean was_read = ccid->is_read;
  wipe_card (ccid);
  if (was_read)
    till_finding_give_refusal (why, take, user);
}

static void
break_off (Ccid *ccid, const char *why, TillFindingTake take, gpointer user)
{
  ccid->broken = why;
  ccid->asked = ASKED_NOTHING;
  ccid->message.size = 0;
  give_up (ccid, TILL_REFUSED_UNREADABLE, take, user);
}

static void
switch_off (Ccid *ccid)
{
  ask (ccid, ASKED_OFF, TILL_CCID_POWER_OFF, NULL, NULL, 0);
}

/* --- a card comes and goes --- */

static void
card_came (Ccid *ccid, TillFindingTake take, gpointer user)
{
  /* Which volts: by itself, or five. */
  const guint8 power[3] = { ccid->class.chooses_voltage ? 0 : 1, 0, 0 };
  if (ccid->is_seen)
    return;
  ccid->is_seen = TRUE;
  if (!till_card_rule_allows (ccid->cards))
    {
      till_finding_give_refusal (TILL_REFUSED_CHIP, take, user);
      return;
    }
  ccid->is_read = TRUE;
  ask (ccid, ASKED_ON, TILL_CCID_POWER_ON, power, NULL, 0);
}

static void
card_went (Ccid *ccid, TillFindingTake take, gpointer user)
{
  static const TillFinding early = { .kind = TILL_FINDING_CARD_EARLY };
  gboolean was_read = ccid->is_read;
  ccid->is_seen = FALSE;
  wipe_card (ccid);
  if (was_read)
    take (&early, user);
}

/* --- reading one --- */

static void
end_card (Ccid *ccid, TillRefused why, TillFindingTake take, gpointer user)
{
  give_up (ccid, why, take, user);
  switch_off (ccid);
}

static void
send_part (Ccid *ccid, TillFindingTake take, gpointer user)
{
  const guint8 three[3] = { ccid->apdu.waits, 0, 0 };
  if (ccid->apdu.out_size + TILL_CCID_HEADER > ccid->class.message_max)
    {
      end_card (ccid, TILL_REFUSED_UNREADABLE, take, user);
      return;
    }
  ccid->parts_size = 0;
  ask (ccid, ASKED_CARD, TILL_CCID_XFR_BLOCK, three, ccid->apdu.out, ccid->apdu.out_size);
}

static void
give_number (Ccid *ccid, TillFindingTake take, gpointer user)
{
  char number[TILL_EMV_NUMBER_MAX + 1];
  memcpy (number, ccid->emv.number, sizeof number);
  gboolean is_tapped = ccid->atr.is_tapped;
  wipe_card (ccid);
  till_card_give_number (number, is_tapped ? "tap" : "insert", ccid->cards, take, user);
  explicit_bzero (number, sizeof number);
  switch_off (ccid);
}

static void
follow (Ccid *ccid, TillEmvStep step, TillFindingTake take, gpointer user)
{
  if (step == TILL_EMV_DONE)
    give_number (ccid, take, user);
  else if (step == TILL_EMV_NOTHING)
    end_card (ccid, TILL_REFUSED_NO_NUMBER, take, user);
  else if (step == TILL_EMV_SEND
           && till_apdu_command (&ccid->apdu, ccid->emv.command, ccid->emv.command_size)
                  == TILL_APDU_SEND)
    send_part (ccid, take, user);
  else
    end_card (ccid, TILL_REFUSED_UNREADABLE, take, user);
}

/* Commands, whose parts it sorts out with the card itself. */
static gboolean
takes_whole (const Ccid *ccid)
{
  return ccid->class.level != TILL_CCID_TPDU || (ccid->quirks & TILL_QUIRK_WHOLE_APDU);
}

static void
begin_card (Ccid *ccid, TillFindingTake take, gpointer user)
{
  gboolean is_whole = takes_whole (ccid);
  if (!is_whole && ccid->atr.protocol == 1 && ccid->atr.has_crc)
    {
      end_card (ccid, TILL_REFUSED_UNREADABLE, take, user);
      return;
    }
  ccid->apdu.manner = is_whole                  ? TILL_APDU_WHOLE
                      : ccid->atr.protocol == 1 ? TILL_APDU_T1
                                                : TILL_APDU_T0;
  till_t1_begin (&ccid->apdu.t1, ccid->atr.ifsc, ccid->class.ifsd, !ccid->class.says_ifs);
  follow (ccid, till_emv_begin (&ccid->emv, ccid->atr.is_tapped), take, user);
}

static void
take_atr (Ccid *ccid, const TillCcidAnswer *answer, TillFindingTake take, gpointer user)
{
  guint8 parameters[7];
  g_autoptr (GError) error = NULL;
  if (!till_atr_parse (answer->data, answer->size, &ccid->atr, &error))
    {
      g_message ("card reader: %s", error->message);
      end_card (ccid, TILL_REFUSED_UNREADABLE, take, user);
      return;
    }
  if (takes_whole (ccid))
    begin_card (ccid, take, user);
  else if (ccid->class.chooses_protocol)
    ask (ccid, ASKED_PARAMETERS, TILL_CCID_GET_PARAMETERS, NULL, NULL, 0);
  else
    {
      const guint8 three[3] = { ccid->atr.protocol, 0, 0 };
      gsize size = till_atr_parameters (&ccid->atr, parameters);
      ask (ccid, ASKED_PARAMETERS, TILL_CCID_SET_PARAMETERS, three, parameters, size);
    }
}

/* In the last byte of the header the reader says which protocol is spoken now. */
static void
take_parameters (Ccid *ccid, const TillCcidAnswer *answer, TillFindingTake take, gpointer user)
{
  if (answer->specific > 1)
    {
      end_card (ccid, TILL_REFUSED_UNREADABLE, take, user);
      return;
    }
  ccid->atr.protocol = answer->specific;
  begin_card (ccid, take, user);
}

/* A long answer may come in several messages from readers that know long commands (6.2.1). */
static gboolean
is_part (Ccid *ccid, const TillCcidAnswer *answer)
{
  enum
  {
    BEGINS = 1,
    GOES_ON = 3,
  };
  return ccid->class.level == TILL_CCID_EXTENDED_APDU
         && (answer->specific == BEGINS || answer->specific == GOES_ON);
}

static void
take_card_answer (Ccid *ccid, const TillCcidAnswer *answer, TillFindingTake take, gpointer user)
{
  static const guint8 more[3] = { 0, 0x10, 0x00 };
  if (answer->size > sizeof ccid->parts - ccid->parts_size
      || (is_part (ccid, answer) && answer->size == 0))
    {
      end_card (ccid, TILL_REFUSED_UNREADABLE, take, user);
      return;
    }
  memcpy (ccid->parts + ccid->parts_size, answer->data, answer->size);
  ccid->parts_size += answer->size;
  if (is_part (ccid, answer))
    {
      ask (ccid, ASKED_CARD, TILL_CCID_XFR_BLOCK, more, NULL, 0);
      return;
    }
  TillApduStep step = till_apdu_take (&ccid->apdu, ccid->parts, ccid->parts_size);
  explicit_bzero (ccid->parts, sizeof ccid->parts);
  if (step == TILL_APDU_SEND)
    send_part (ccid, take, user);
  else if (step == TILL_APDU_DONE)
    follow (
        ccid,
        till_emv_take (&ccid->emv, ccid->apdu.answer, ccid->apdu.answer_size, ccid->apdu.status),
        take, user);
  else
    end_card (ccid, TILL_REFUSED_UNREADABLE, take, user);
}

/* --- what the reader says --- */

static TillCcidType
answer_type (Asked asked)
{
  return asked == ASKED_ON || asked == ASKED_CARD ? TILL_CCID_DATA_BLOCK
         : asked == ASKED_PARAMETERS              ? TILL_CCID_PARAMETERS
                                                  : TILL_CCID_STATUS;
}

static void
take_done (Ccid *ccid, Asked was, const TillCcidAnswer *answer, TillFindingTake take, gpointer user)
{
  if (was == ASKED_STATUS)
    card_came (ccid, take, user);
  else if (was == ASKED_ABORT)
    switch_off (ccid);
  else if (was == ASKED_OFF || !ccid->is_read)
    return; /* the card went before its answer came */
  else if (was == ASKED_ON)
    take_atr (ccid, answer, take, user);
  else if (was == ASKED_PARAMETERS)
    take_parameters (ccid, answer, take, user);
  else
    take_card_answer (ccid, answer, take, user);
}

static void
take_failed (Ccid *ccid, Asked was, const TillCcidAnswer *answer, TillFindingTake take,
             gpointer user)
{
  /* A reader that does not tell its parameters has taken the card's first protocol. */
  if (was == ASKED_PARAMETERS && ccid->is_read && ccid->class.chooses_protocol)
    begin_card (ccid, take, user);
  else if (ccid->is_read)
    {
      g_message ("card reader: a card could not be read, error %02x", answer->error);
      /* One that cannot be switched on is most often put in the wrong way round. */
      end_card (ccid, was == ASKED_ON ? TILL_REFUSED_NO_NUMBER : TILL_REFUSED_UNREADABLE, take,
                user);
    }
}

/* A card that came while something was under way has its turn now. */
static void
see_next (Ccid *ccid)
{
  if (ccid->asked != ASKED_NOTHING || !ccid->has_come)
    return;
  ccid->has_come = FALSE;
  if (!ccid->is_seen)
    ask_status (ccid);
}

static void
take_answer (Ccid *ccid, const guint8 *bytes, gsize size, TillFindingTake take, gpointer user)
{
  TillCcidAnswer answer;
  Asked was = ccid->asked;
  TillCcidHeard heard = till_ccid_answer_parse (bytes, size, answer_type (was), ccid->seq, &answer);
  if (heard == TILL_CCID_BROKEN)
    break_off (ccid, "the card reader's answers make no sense", take, user);
  else if (heard == TILL_CCID_STALE || was == ASKED_NOTHING)
    {
      if (++ccid->noise > TILL_CCID_NOISE_MAX)
        break_off (ccid, "the card reader answers what nobody asked", take, user);
    }
  else if (heard == TILL_CCID_LATER)
    {
      if (++ccid->extensions > TILL_CCID_EXTENSIONS_MAX)
        break_off (ccid, "the card reader keeps asking for more time", take, user);
    }
  else
    {
      ccid->asked = ASKED_NOTHING;
      if (heard == TILL_CCID_ABSENT)
        card_went (ccid, take, user);
      else if (heard == TILL_CCID_FAILED)
        take_failed (ccid, was, &answer, take, user);
      else
        take_done (ccid, was, &answer, take, user);
      see_next (ccid);
    }
}

/* Only one command may be under way: a card that comes meanwhile waits for its turn. */
static void
take_notice (Ccid *ccid, gboolean is_present, TillFindingTake take, gpointer user)
{
  ccid->has_come = is_present && ccid->asked != ASKED_NOTHING;
  if (!is_present)
    card_went (ccid, take, user);
  else if (ccid->asked == ASKED_NOTHING)
    card_came (ccid, take, user);
  else if (++ccid->noise > TILL_CCID_NOISE_MAX)
    break_off (ccid, "the card reader says what nobody asked", take, user);
}

static void
take_report (gpointer state, const guint8 *report, gsize size, TillFindingTake take, gpointer user)
{
  enum
  {
    ANSWERS = 0x80, /* and above; below are notices, of which the hardware's faults tell nothing
                     * that the next answer does not */
  };
  Ccid *ccid = state;
  gboolean is_present;
  if (ccid->broken)
    give_up (ccid, TILL_REFUSED_UNREADABLE, take, user);
  else if (size == 0)
    return;
  else if (till_ccid_notice_parse (report, size, &is_present))
    take_notice (ccid, is_present, take, user);
  else if (report[0] >= ANSWERS)
    take_answer (ccid, report, size, take, user);
  else if (++ccid->noise > TILL_CCID_NOISE_MAX)
    break_off (ccid, "the card reader says what nobody asked", take, user);
}

static void
silence (gpointer state, TillFindingTake take, gpointer user)
{
  Ccid *ccid = state;
  if (ccid->broken)
    return;
  if (ccid->asked == ASKED_NOTHING)
    ask_status (ccid);
  else if (ccid->asked == ASKED_ABORT)
    break_off (ccid, "the card reader does not answer", take, user);
  else
    {
      give_up (ccid, TILL_REFUSED_UNREADABLE, take, user);
      ask_abort (ccid);
    }
}

static guint
patience (gpointer state)
{
  const Ccid *ccid = state;
  guint factor = ccid->asked == ASKED_CARD ? ccid->apdu.waits : 0;
  if (ccid->asked != ASKED_NOTHING)
    return TILL_CCID_PATIENCE_MS * CLAMP (factor, 1, TILL_CCID_FACTOR_MAX);
  return ccid->tells ? 0 : TILL_CCID_LOOK_MS;
}

static gboolean
speak (gpointer state, TillMessage *message, GError **error)
{
  Ccid *ccid = state;
  if (ccid->broken)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_OFFLINE, "%s; it is opened anew", ccid->broken);
      return FALSE;
    }
  *message = ccid->message;
  ccid->message.size = 0;
  ccid->message.has_request = FALSE;
  return TRUE;
}

/* --- life --- */

static gpointer
start (const TillHidLayout *layout, const TillTerms *terms, GError **error)
{
  TillCcidClass class;
  if (!till_ccid_class_parse (terms->descriptor, terms->descriptor_size, &class, error))
    return NULL;
  Ccid *ccid = till_secret_alloc (sizeof *ccid);
  if (!ccid)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_BUSY,
                           "no locked memory for a card reader");
      return NULL;
    }
  ccid->class = class;
  ccid->cards = terms->cards;
  ccid->quirks = terms->quirks;
  ccid->tells = terms->tells;
  ccid->is_seen = terms->is_torn;
  ask_status (ccid);
  return ccid;
}

/* The answer that is waited for may be among what was lost. */
static void
reset (gpointer state)
{
  Ccid *ccid = state;
  ccid->broken = "answers of the card reader were lost";
}

const TillDriver till_ccid_reader = {
  .name = TILL_CCID_DRIVER,
  .start = start,
  .take = take_report,
  .reset = reset,
  .stop = till_secret_release,
  .pause = silence,
  .speak = speak,
  .patience = patience,
  .report_size = TILL_CCID_MESSAGE_MAX,
};
