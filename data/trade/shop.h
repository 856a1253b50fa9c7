/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a shop is set to: name, numbers, zone, rules. Read from the ledger's settings; a plain
 * struct that is passed whole. */
#pragma once
#include "data/trade/basket.h"
#include "data/trade/device-record.h"
#include "data/trade/drawer.h"
#include "data/trade/staff.h"

G_BEGIN_DECLS

/* When may goods come back, and who may say so. The version is stored with every decision. */
typedef struct
{
  char *version;                   /* owned */
  int window_days;                 /* the day of sale counts as day 0 */
  TillMoney return_limit[3];       /* by role: above it a second person must approve */
  TillMoney approve_limit[3];      /* by role: up to what that second person may say yes */
  TillMoney discount_limit_ppm[3]; /* by role: largest discount, in ppm of the gross */
  TillMoney over_short_limit;      /* above it a second person must look at a count */
  TillMoney slip_limit[3];         /* by role: above it a second person must look at a card slip */
} TillPolicy;

typedef struct
{
  char *name;     /* owned */
  char *address;  /* owned */
  char *zone;     /* owned; "Asia/Shanghai" */
  char *language; /* owned; of slips: "zh_CN" or "en" */
  int store;      /* 0…99 */
  int till;       /* 0…99 */
  TillPricing pricing;
  TillPolicy policy;
  char *code_routes;   /* owned; who takes a code, by its beginning: data/trade/code-route.h */
  char *code_provider; /* owned; registry name of the provider of every other code */
  char *card_provider; /* owned; … of tender "card" */
  char *slip_provider; /* owned; whose card terminal stands beside the till; "" for none */
  int paper_mm;        /* 58 or 80 */
  char *paper_server;  /* owned; of the print queue: a socket or host:port, "" for this machine's */
  char *paper_queue;   /* owned; "" prints on the roll in the shop's folder */
  int paper_dots;      /* printable width: 384, 512 or 576; 0: what is usual for paper_mm */
  gboolean paper_draw; /* characters the printer lacks are sent as dots; else "?" */
  int paper_stale_min; /* a slip older than this is asked about, not printed; minutes */
  TillDrawerLevel drawer_closed; /* how the wire of a closed drawer is; learnt by a test */
  int drawer_open_s; /* a drawer that is open for longer is told of; seconds, 0: never */
  char *paper_usb;   /* owned; data/trade/usb-name.h; comes before the queue, "" for none */
  char *seal_key;    /* owned; public half of the key that seals a close, "" before there is one */
  int notices_port;  /* where providers' notices come in; 0: nowhere */
  int check_days[TILL_DEVICE_RECORD_KINDS_N]; /* by kind: a device is checked every so many days; 0:
                                               * never
                                               */
  gboolean training;                          /* demo or training: every slip says so */
  gboolean matches_clear_cards; /* a payment card read in clear becomes a token; else refused */
} TillShop;

void till_shop_free (TillShop *shop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillShop, till_shop_free)

G_END_DECLS
