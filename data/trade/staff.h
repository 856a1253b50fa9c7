/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People and what they may do. The table of rights is a fact of the trade; desk/ asks it inside the
 * transaction that writes. */
#pragma once
#include "data/core/money.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_ROLE_CASHIER,
  TILL_ROLE_SUPERVISOR,
  TILL_ROLE_MANAGER,
} TillRole;

typedef enum
{
  TILL_RIGHT_SELL,
  TILL_RIGHT_RETURN,     /* take goods back, up to the role's limit */
  TILL_RIGHT_DISCOUNT,   /* up to the role's limit */
  TILL_RIGHT_PRICE,      /* change a price */
  TILL_RIGHT_APPROVE,    /* say yes for another person, up to the role's limit */
  TILL_RIGHT_REPORT,     /* see reports over other people */
  TILL_RIGHT_REFUND_ACT, /* cancel, correct or hand over a refund of anybody */
  TILL_RIGHT_MANAGE,     /* goods, staff, settings, backup */
  TILL_RIGHT_SHIFT,      /* float, cash to the safe, count, close */
} TillRight;

typedef struct
{
  int64_t id;
  char *no;    /* owned; what is typed at the login: 1–8 digits */
  char *name;  /* owned */
  char *badge; /* owned; random number of 20 digits, or "" */
  TillRole role;
} TillStaff;

void till_staff_free (TillStaff *staff);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillStaff, till_staff_free)

gboolean till_role_may (TillRole role, TillRight right);
const char *till_role_word (TillRole role); /* "cashier" … stored */
gboolean till_role_from_word (const char *word, TillRole *role);

/* Who is acting, as every desk function wants it. Role and rights are read again from the books in
 * the transaction; what stands here is only who says so. */
typedef struct
{
  int64_t staff_id; /* 0: the program itself */
} TillActor;

G_END_DECLS
