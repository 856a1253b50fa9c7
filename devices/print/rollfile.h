/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A printer that is a folder: what the demo, the tests and the paper roll on the screen print on.
 *
 *   DIR/jobs/000017-00004096-TITLE   a job's bytes; it starts at byte 4096 of the roll
 *   DIR/roll.bin                     the paper so far: all jobs in order
 *   DIR/out-of-paper                 while this file exists nothing more gets onto the roll
 *
 * A job is taken when its file is there under its name (written aside, synced, renamed), and
 * printed when the roll reaches beyond its end and is synced. Where a job belongs on the roll is in
 * its name, so after a power cut printing goes on at the very byte where it stopped. At most
 * TILL_ROLL_FILE_JOBS_MAX jobs are kept; then the folder has to be emptied. One process at a time:
 * a second one is refused with BUSY. */
#pragma once
#include "devices/print/way.h"

G_BEGIN_DECLS

#define TILL_ROLL_FILE_JOBS_MAX 100000

extern const TillPaperWay till_roll_file_way;

/* Makes the folder where it is missing. */
TillPrinter *till_roll_file_new (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The end of the roll, at most `most` bytes of it, from the start of a job on: for the screen. */
GBytes *till_roll_file_tail (const char *dir, gsize most, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
