/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The payment providers of the shop: how each has been answering, how long its keys hold, what is
 * open there, and why nothing goes there where it is stopped; a test of the connection and a
 * question for the balance, neither of which moves money. Part of the reports page, which hands it
 * the keys. Main thread only; waits for nothing. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_PROVIDERS_PART (till_providers_part_get_type ())
G_DECLARE_FINAL_TYPE (TillProvidersPart, till_providers_part, TILL, PROVIDERS_PART, GtkBox)

/* Signals: "denied" (this person may not see it), "changed" (a test or question began or ended, or
 * another is chosen: the keys mean something else). counter outlives the part. */
void till_providers_part_set_up (TillProvidersPart *part, TillCounter *counter);
void till_providers_part_read (TillProvidersPart *part);
/* Tests the connection of the provider that is chosen; nothing while one is being tested. */
void till_providers_part_test (TillProvidersPart *part);
/* Asks the provider that is chosen how much it holds, or says that it does not tell; nothing while
 * one is being asked. */
void till_providers_part_ask_balance (TillProvidersPart *part);
/* For the settings: keys instead of figures, and buttons to ask for the balance and to take a key
 * in. Once, after set_up; from then on there is a signal "take" as well. */
void till_providers_part_manage (TillProvidersPart *part);
/* The account that is chosen, or NULL; unowned. */
const char *till_providers_part_account (TillProvidersPart *part);
/* Has one refund or question let through to the provider that is chosen, if it is stopped. */
void till_providers_part_try (TillProvidersPart *part);
/* In the settings: the one that is chosen is stopped. */
gboolean till_providers_part_may_try (TillProvidersPart *part);
gboolean till_providers_part_is_testing (TillProvidersPart *part);
/* TRUE: a test or question was under way and is being stopped. */
gboolean till_providers_part_stop (TillProvidersPart *part);
/* Moves the choice. TRUE: it was used. */
gboolean till_providers_part_key (TillProvidersPart *part, guint keyval);

/* The keys while a connection is tested, or a balance asked for. */
extern const TillLegendKey till_testing_legend[];

G_END_DECLS
