#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Lets libFuzzer look for an input that breaks TARGET, for SECONDS, beginning with the kept ones. What
# it learns stays in FOUND/, so that the next hunt goes on there; what breaks the target lies beside it,
# and belongs into corpus/ once it is mended. Fails when something was found. A hunt of a few seconds
# always goes the same way, because a test that was green must not turn red by chance.
# usage: hunt.sh TARGET CORPUS FOUND SECONDS
set -eu
mkdir -p "$3"
seed=0
[ "$4" -ge 10 ] || seed=1
# Its own exit status 77 would mean skipped to meson.
"$1" -seed=$seed -max_total_time="$4" -timeout=25 -rss_limit_mb=1024 -max_len=16384 -verbosity=0 \
  -print_final_stats=1 -artifact_prefix="$3-" "$3" "$2" || exit 1
