/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goods as the catalogue has them. Plain struct. */
#pragma once
#include "data/core/money.h"

G_BEGIN_DECLS

typedef struct
{
  int64_t id;      /* 0 while it is not in the books */
  char *code;      /* owned; bar code or own number, unique, 1–32 printable ASCII characters */
  char *name;      /* owned; clean, at most TILL_TEXT_MAX characters */
  char *name_alt;  /* owned; the name in the shop's other language, "" when it has none */
  char *unit;      /* owned; "" for pieces, "kg" */
  char *category;  /* owned; "" when unknown */
  TillMoney price; /* fen for one unit; with or without VAT as the shop is set */
  int64_t vat_ppm; /* 130000 = 13 % */
} TillItem;

TillItem *till_item_copy (const TillItem *item) G_GNUC_WARN_UNUSED_RESULT;
void till_item_free (TillItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillItem, till_item_free)

/* A code is 1–32 characters of 0–9 A–Z a–z - . and nothing else. */
gboolean till_item_code_is_valid (const char *code);

G_END_DECLS
