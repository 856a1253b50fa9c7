/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

int
main (void)
{
  puts ("1..0 # SKIP umockdev is not installed (libumockdev-dev, umockdev)");
  return 0;
}
