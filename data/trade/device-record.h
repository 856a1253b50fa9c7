/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device of the shop as the register knows it: what it is, where it came from, whom to call when
 * it breaks, when it was looked at and what was done to it. Whether it is plugged in is another
 * matter (devices/usb knows that); a record may be of something that was never plugged in.
 *
 * Plain structs; any thread; free each with the function of its name. Days are yyyymmdd, 0 for
 * none. Labels and sentences are in the current language. */
#pragma once
#include "data/core/money.h"

G_BEGIN_DECLS

/* So many days before its end a warranty is spoken of. */
#define TILL_WARRANTY_SOON_DAYS 30
/* No check is due later than this behind the last one. */
#define TILL_CHECK_DAYS_MAX 3650

/* kind, stored word */
#define TILL_DEVICE_RECORD_KINDS(X)                                                                \
  X (READER, "reader")                                                                             \
  X (PRINTER, "printer")                                                                           \
  X (SCANNER, "scanner")                                                                           \
  X (SCALE, "scale")                                                                               \
  X (DISPLAY, "display")                                                                           \
  X (DRAWER, "drawer")                                                                             \
  X (COMPUTER, "computer") /* the till itself */                                                   \
  X (TERMINAL, "terminal") /* of a provider, usually lent */

typedef enum
{
#define X(kind, word) TILL_DEVICE_RECORD_##kind,
  TILL_DEVICE_RECORD_KINDS (X)
#undef X
} TillDeviceRecordKind;
#define TILL_DEVICE_RECORD_KINDS_N (TILL_DEVICE_RECORD_TERMINAL + 1)

/* deed, stored word */
#define TILL_SERVICE_DEEDS(X)                                                                      \
  X (REPAIR, "repair")                                                                             \
  X (UPGRADE, "upgrade")                                                                           \
  X (CLEANING, "cleaning")                                                                         \
  X (PART, "part")         /* one was replaced */                                                  \
  X (FIRMWARE, "firmware") /* the till saw another one and wrote that down by itself */

typedef enum
{
#define X(deed, word) TILL_SERVICE_##deed,
  TILL_SERVICE_DEEDS (X)
#undef X
} TillServiceDeed;

/* How it is known that a check came out as it did. */
typedef enum
{
  TILL_CHECK_SAID, /* a person looked and said so */
  TILL_CHECK_SEEN, /* the till itself had the proof: a card that was read */
} TillCheckProof;

typedef struct
{
  int64_t id;        /* of the row that holds now; 0: not in the register yet */
  int64_t device_id; /* of its first row: the number it keeps for life */
  TillDeviceRecordKind kind;
  char *name;            /* owned; as people call it, never "" */
  char *model;           /* owned; maker and model */
  char *serial;          /* owned */
  char *usb;             /* owned; data/trade/usb-name.h, by which it is known when plugged in */
  char *place;           /* owned; where it stands and is plugged in, in words */
  int bought;            /* day */
  char *invoice;         /* owned; number */
  TillMoney price;       /* -1: not known */
  int warranty_end;      /* day; the last one that is covered */
  char *provider;        /* owned; who lent it; "": it is the shop's own */
  char *contact, *phone; /* owned; for repairs */

  /* What other rows say of it; read with it, never written with it. */
  int taken_day;     /* when it came into the register */
  int retired_day;   /* 0: it is in use */
  char *retired_why; /* owned; "" while it is in use */
  int checked_day;   /* the last check; 0: none yet */
  gboolean check_good;
  int due_day;    /* of the next check; 0: none is wanted */
  char *firmware; /* owned; the last that is known, "" for none */
} TillDeviceRecord;

void till_device_record_free (TillDeviceRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDeviceRecord, till_device_record_free)
/* Empty texts, price not known. */
TillDeviceRecord *till_device_record_new (TillDeviceRecordKind kind,
                                          const char *name) G_GNUC_WARN_UNUSED_RESULT;

TillDeviceRecord *
till_device_record_copy (const TillDeviceRecord *record) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  int64_t id, device_id;
  int64_t at; /* µs UTC */
  int day;
  char *by; /* owned; who said so */
  gboolean good;
  TillCheckProof proof;
  char *note; /* owned; what was wrong, or "" */
} TillDeviceCheck;
void till_device_check_free (TillDeviceCheck *check);

typedef struct
{
  int64_t id, device_id;
  int day;
  TillServiceDeed deed;
  char *words;          /* owned; what was done, as a person says it */
  char *before, *after; /* owned; firmware, "" where it is not known or did not change */
  char *done_by;        /* owned; the person or company */
  TillMoney cost;       /* -1: not known */
  char *by;             /* owned; who wrote it down, "" for the program */
} TillDeviceService;
void till_device_service_free (TillDeviceService *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDeviceService, till_device_service_free)

/* What was counted of a device on this till while the program ran. */
typedef struct
{
  int64_t uses;     /* what it read, weighed or told */
  int64_t failures; /* of them: read, but of no use */
  int64_t dropped;  /* what came faster than it was read */
  int64_t lost;     /* how often it was unplugged or broke off */
  char *problem;    /* owned; the latest, "unplugged", "trouble"; "" for none */
} TillDeviceUse;
void till_device_use_clear (TillDeviceUse *use);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillDeviceUse, till_device_use_clear)

const char *till_device_record_kind_word (TillDeviceRecordKind kind);
gboolean till_device_record_kind_from_word (const char *word, TillDeviceRecordKind *kind);
const char *till_device_record_kind_label (TillDeviceRecordKind kind);
/* What a person does to see whether one of this kind works, and what is to be seen then. */
const char *till_device_record_kind_check (TillDeviceRecordKind kind);

const char *till_service_deed_word (TillServiceDeed deed);
gboolean till_service_deed_from_word (const char *word, TillServiceDeed *deed);
const char *till_service_deed_label (TillServiceDeed deed);

const char *till_check_proof_word (TillCheckProof proof);
const char *till_check_proof_label (TillCheckProof proof);

/* What people call a part of the record, by its word: "warranty_end". */
const char *till_device_record_field_label (const char *word);

/* The day of the next check, 0 for none: every_days after the last one or, where there was none,
 * after it came into the register. every_days 0: none is wanted. A bad check is due again at once.
 */
int till_device_record_due (const TillDeviceRecord *record, int every_days);
gboolean till_device_record_is_overdue (const TillDeviceRecord *record, int today);

typedef enum
{
  TILL_WARRANTY_NONE, /* nobody wrote down when it ends */
  TILL_WARRANTY_RUNS,
  TILL_WARRANTY_SOON, /* it ends within TILL_WARRANTY_SOON_DAYS, today included */
  TILL_WARRANTY_OVER,
} TillWarranty;
TillWarranty till_device_record_warranty (const TillDeviceRecord *record, int today);

/* "Warranty ends in 12 days, on 2026-12-09." */
char *till_device_record_warranty_sentence (const TillDeviceRecord *record,
                                            int today) G_GNUC_WARN_UNUSED_RESULT;
char *till_device_record_check_sentence (const TillDeviceRecord *record,
                                         int today) G_GNUC_WARN_UNUSED_RESULT;
/* Whom to call, and what to say then: model and serial number. */
char *till_device_record_repair_sentence (const TillDeviceRecord *record) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
