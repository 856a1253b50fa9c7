/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of the settings screen: which there are, what it is called, what it says now, and how
 * what is typed becomes a value. Main thread only; texts are the caller's. */
#pragma once
#include "widgets/counter.h"
#include "widgets/settings-draft.h"
#include "widgets/sheet.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_SECTION_VIEW,
  TILL_SECTION_SHOP,
  TILL_SECTION_ROUTES,
  TILL_SECTION_PROVIDERS, /* no lines: a part of its own */
} TillSection;
#define TILL_SECTIONS (TILL_SECTION_PROVIDERS + 1)

typedef enum
{
  /* Of this machine. */
  TILL_LINE_LANGUAGE,
  TILL_LINE_SIZE,
  TILL_LINE_COLOURS,
  /* Of the shop. */
  TILL_LINE_TEXT,
  TILL_LINE_NUMBER,
  TILL_LINE_MONEY,
  TILL_LINE_SLIPS,  /* language of slips */
  TILL_LINE_CARDS,  /* a provider that takes cards */
  TILL_LINE_BESIDE, /* a provider that gives back what its card terminal took, or none */
  TILL_LINE_CODES,  /* … that takes codes */
  TILL_LINE_ROUTE,  /* one beginning of codes: the nth of provider.codes */
  TILL_LINE_ADD,    /* one more */
} TillLineKind;

typedef struct
{
  TillSection section;
  TillLineKind kind;
  const char *key;   /* a constant; NULL: of this machine */
  const char *label; /* msgid */
  guint route;       /* of TILL_LINE_ROUTE */
} TillSettingLine;

#define TILL_SETTING_COLUMNS 3
extern const TillColumn till_setting_columns[TILL_SETTING_COLUMNS];

/* The lines of a section as things stand; of TillSettingLine. */
GArray *till_setting_lines (TillSection section,
                            const TillSettingsDraft *draft) G_GNUC_WARN_UNUSED_RESULT;
/* accounts: of TillAccountState, or NULL: nothing is known of them. */
TillSheetRow *till_setting_row_new (guint n, const TillSettingLine *line, TillCounter *counter,
                                    const TillSettingsDraft *draft, const GPtrArray *accounts);
char *till_setting_line_label (const TillSettingLine *line,
                               const TillSettingsDraft *draft) G_GNUC_WARN_UNUSED_RESULT;

/* As it stands in a text that is edited. */
char *till_setting_line_text (const TillSettingLine *line,
                              const TillSettingsDraft *draft) G_GNUC_WARN_UNUSED_RESULT;
/* What is typed as the books keep it; NULL when it cannot be one. */
char *till_setting_line_parse (const TillSettingLine *line,
                               const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* provider.codes with the nth route going to another provider; provider NULL: without it. */
char *till_setting_routes_with (const char *routes, guint n,
                                const char *provider) G_GNUC_WARN_UNUSED_RESULT;

const char *till_setting_colours_word (TillColours colours);
/* "no usable account here", or "". */
const char *till_setting_provider_remark (const char *provider, const GPtrArray *accounts);

G_END_DECLS
