/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed files from a stranger: bombs, cut and changed ones, names that lead elsewhere; and the two
 * packings as providers send them, through to the rows. */
#include "devices/gateway/unpack.h"
#include "data/core/error.h"
#include "tests/settlement/fixtures.h"
#include "tests/settlement/zip.h"

#define DETAIL_GBK "20260101_\xd2\xb5\xce\xf1\xc3\xf7\xcf\xb8.csv" /* 业务明细 */
#define TEXT "time,kind\n2026,pay\n2026,pay\n2026,pay\n2026,pay\n"

static const ZipEntry two[] = {
  { .name = DETAIL_GBK, .data = TEXT, .size = sizeof TEXT - 1, .deflate = TRUE },
  { .name = "b", .data = "stored", .size = 6 },
};

static void
must_refuse (GBytes *packed, TillPacking packing, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) members = till_unpack (packed, packing, "file", &error);
  if (members || !strstr (error->message, why))
    g_error ("%s, not “%s”", members ? "accepted" : error->message, why);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

/* Refused, or the same bytes came out under whatever names. */
static void
must_refuse_or_agree (const guint8 *data, gsize size, TillPacking packing, GPtrArray *good,
                      guint *refused)
{
  g_autoptr (GBytes) packed = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) members = till_unpack (packed, packing, "file", &error);
  if (!members)
    {
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      ++*refused;
      return;
    }
  g_assert_cmpuint (members->len, ==, good->len);
  for (guint i = 0; i < good->len; i++)
    g_assert_true (g_bytes_equal (((TillSettlementMember *)members->pdata[i])->bytes,
                                  ((TillSettlementMember *)good->pdata[i])->bytes));
}

static GBytes *
pack (TillPacking packing)
{
  g_autoptr (GBytes) zip = zip_write (two, G_N_ELEMENTS (two));
  gsize size;
  gconstpointer data = g_bytes_get_data (zip, &size);
  if (packing == TILL_PACKING_ZLIB_ZIP)
    return zip_compress (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, data, size);
  if (packing == TILL_PACKING_GZIP)
    return zip_compress (G_ZLIB_COMPRESSOR_FORMAT_GZIP, TEXT, sizeof TEXT - 1);
  return g_bytes_ref (zip);
}

/* Every beginning, every byte changed in three ways, and bytes behind the end. */
static void
test_damage (void)
{
  static const TillPacking packings[]
      = { TILL_PACKING_GZIP, TILL_PACKING_ZIP, TILL_PACKING_ZLIB_ZIP };
  for (gsize p = 0; p < G_N_ELEMENTS (packings); p++)
    {
      g_autoptr (GBytes) packed = pack (packings[p]);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) good = till_unpack (packed, packings[p], "file", &error);
      g_assert_no_error (error);
      gsize size;
      const guint8 *data = g_bytes_get_data (packed, &size);
      guint refused = 0;
      for (gsize length = 0; length < size; length++)
        must_refuse_or_agree (data, length, packings[p], good, &refused);
      g_assert_cmpuint (refused, ==, size);
      g_autofree guint8 *changed = g_memdup2 (data, size);
      for (gsize i = 0; i < size; i++)
        for (guint bits = 1; bits < 256; bits = bits * 16 + 15)
          {
            changed[i] = data[i] ^ (guint8)bits;
            must_refuse_or_agree (changed, size, packings[p], good, &refused);
            changed[i] = data[i];
          }
      g_assert_cmpuint (refused, >, size);
    }
}

static void
test_names (void)
{
  static const struct
  {
    const char *name, *why;
    guint32 mode;
  } rows[] = {
    { "../a", "no plain name" },
    { "..", "no plain name" },
    { ".hidden", "no plain name" },
    { "/etc/passwd", "no plain name" },
    { "a/b", "no plain name" },
    { "a\\b", "no plain name" },
    { "C:a", "no plain name" },
    { "a\nb", "no plain name" },
    { "a\x7f", "no plain name" },
    { "folder/", "no file" },
    { "link", "no file", 0120777 },
    { "device", "no file", 0020666 },
    { "b", "the same name" },
    { "\xff\xff", "" },
    { "", "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ZipEntry entries[] = { two[1], two[1] };
      entries[1].name = rows[i].name;
      entries[1].mode = rows[i].mode;
      g_autoptr (GBytes) packed = zip_write (entries, 2);
      must_refuse (packed, TILL_PACKING_ZIP, rows[i].why);
    }
  g_autofree char *longest = g_strnfill (TILL_UNPACK_NAME_MAX, 'n');
  g_autofree char *longer = g_strnfill (TILL_UNPACK_NAME_MAX + 1, 'n');
  ZipEntry entry = { .name = longest, .data = "", .size = 0 };
  g_autoptr (GBytes) fits = zip_write (&entry, 1);
  g_autoptr (GPtrArray) members = till_unpack (fits, TILL_PACKING_ZIP, NULL, NULL);
  g_assert_nonnull (members);
  entry.name = longer;
  g_autoptr (GBytes) too_long = zip_write (&entry, 1);
  must_refuse (too_long, TILL_PACKING_ZIP, "no plain name");
}

static void
test_wrong (void)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) garbage = g_bytes_new_static ("<html>captive portal</html>", 27);
  for (int packing = TILL_PACKING_GZIP; packing <= TILL_PACKING_ZLIB_ZIP; packing++)
    {
      must_refuse (nothing, (TillPacking)packing, "it is");
      must_refuse (garbage, (TillPacking)packing, "it is");
    }
  ZipEntry entry = two[0];
  entry.flags = ZIP_ENCRYPTED;
  g_autoptr (GBytes) encrypted = zip_write (&entry, 1);
  must_refuse (encrypted, TILL_PACKING_ZIP, "it is encrypted");
  entry = two[0];
  entry.crc_plus = 1;
  g_autoptr (GBytes) crc = zip_write (&entry, 1);
  must_refuse (crc, TILL_PACKING_ZIP, "damaged");
  g_autoptr (GBytes) empty = zip_write (NULL, 0);
  must_refuse (empty, TILL_PACKING_ZIP, "");

  g_autoptr (GBytes) gzip = pack (TILL_PACKING_GZIP);
  gsize size;
  const guint8 *data = g_bytes_get_data (gzip, &size);
  g_autoptr (GByteArray) twice = g_byte_array_new ();
  g_byte_array_append (twice, data, (guint)size);
  g_byte_array_append (twice, data, (guint)size);
  g_autoptr (GBytes) both = g_bytes_new (twice->data, twice->len);
  must_refuse (both, TILL_PACKING_GZIP, "something follows its end");
}

static void
test_ceilings (void)
{
  g_autofree char *zeros = g_malloc0 (8 * 1024 * 1024);
  ZipEntry bomb = { .name = "a", .data = zeros, .size = 8 * 1024 * 1024, .deflate = TRUE };
  g_autoptr (GBytes) zip = zip_write (&bomb, 1);
  must_refuse (zip, TILL_PACKING_ZIP, "too densely");
  g_autoptr (GBytes) gzip = zip_compress (G_ZLIB_COMPRESSOR_FORMAT_GZIP, zeros, 8 * 1024 * 1024);
  must_refuse (gzip, TILL_PACKING_GZIP, "too densely");
  gsize size;
  gconstpointer data = g_bytes_get_data (zip, &size);
  g_autoptr (GBytes) nested = zip_compress (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, data, size);
  must_refuse (nested, TILL_PACKING_ZLIB_ZIP, "too densely");

  g_autofree char *large = g_malloc0 (TILL_UNPACK_PACKED_MAX + 1);
  g_autoptr (GBytes) packed = g_bytes_new_static (large, TILL_UNPACK_PACKED_MAX + 1);
  for (int packing = TILL_PACKING_PLAIN; packing <= TILL_PACKING_ZLIB_ZIP; packing++)
    must_refuse (packed, (TillPacking)packing, "it is too large");

  ZipEntry many[TILL_UNPACK_MEMBERS_MAX + 1];
  char names[TILL_UNPACK_MEMBERS_MAX + 1][8];
  for (int i = 0; i <= TILL_UNPACK_MEMBERS_MAX; i++)
    {
      g_snprintf (names[i], sizeof names[i], "n%d", i);
      many[i] = two[1];
      many[i].name = names[i];
    }
  g_autoptr (GBytes) full = zip_write (many, TILL_UNPACK_MEMBERS_MAX);
  g_autoptr (GPtrArray) members = till_unpack (full, TILL_PACKING_ZIP, NULL, NULL);
  g_assert_nonnull (members);
  g_autoptr (GBytes) fuller = zip_write (many, TILL_UNPACK_MEMBERS_MAX + 1);
  must_refuse (fuller, TILL_PACKING_ZIP, "too many files");
}

/* More comes out than may, though no file alone is too large and nothing is dense. */
static void
test_too_large (void)
{
  gsize part = 12 * 1024 * 1024;
  ZipEntry entries[TILL_UNPACK_MEMBERS_MAX];
  char names[TILL_UNPACK_MEMBERS_MAX][8];
  g_autofree char *data = g_malloc (part);
  for (gsize i = 0; i < part; i++)
    data[i] = (char)(i % 251 ^ (i / 251) % 7 ^ (i / 5003) % 13);
  for (int i = 0; i < TILL_UNPACK_MEMBERS_MAX; i++)
    {
      g_snprintf (names[i], sizeof names[i], "n%d", i);
      entries[i] = (ZipEntry){ .name = names[i], .data = data, .size = part, .deflate = TRUE };
    }
  g_autoptr (GBytes) packed = zip_write (entries, TILL_UNPACK_MEMBERS_MAX);
  g_assert_cmpuint (g_bytes_get_size (packed), >,
                    part * TILL_UNPACK_MEMBERS_MAX / TILL_UNPACK_RATIO_MAX);
  g_assert_cmpuint (g_bytes_get_size (packed), <, TILL_UNPACK_PACKED_MAX);
  must_refuse (packed, TILL_PACKING_ZIP, "too large when unpacked");
}

static void
test_good (void)
{
  ZipEntry entries[] = { two[0], two[1], { .name = "汇总", .data = "x", .size = 1 } };
  entries[0].flags = ZIP_SIZES_LATER;
  entries[2].flags = ZIP_UTF8;
  g_autoptr (GBytes) packed = zip_write (entries, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) members = till_unpack (packed, TILL_PACKING_ZIP, NULL, &error);
  g_assert_no_error (error);
  static const char *const names[] = { "20260101_业务明细.csv", "b", "汇总" };
  g_assert_cmpuint (members->len, ==, 3);
  for (int i = 0; i < 3; i++)
    {
      const TillSettlementMember *member = g_ptr_array_index (members, i);
      g_autoptr (GBytes) expected = g_bytes_new_static (entries[i].data, entries[i].size);
      g_assert_cmpstr (member->name, ==, names[i]);
      g_assert_true (g_bytes_equal (member->bytes, expected));
    }
  g_autoptr (GBytes) text = g_bytes_new_static (TEXT, sizeof TEXT - 1);
  g_autoptr (GBytes) gzip = pack (TILL_PACKING_GZIP);
  for (int packing = TILL_PACKING_PLAIN; packing <= TILL_PACKING_GZIP; packing++)
    {
      g_autoptr (GPtrArray) one = till_unpack (packing == TILL_PACKING_GZIP ? gzip : text,
                                               (TillPacking)packing, "bill.csv", &error);
      g_assert_no_error (error);
      g_assert_cmpuint (one->len, ==, 1);
      g_assert_cmpstr (((TillSettlementMember *)one->pdata[0])->name, ==, "bill.csv");
      g_assert_true (g_bytes_equal (((TillSettlementMember *)one->pdata[0])->bytes, text));
    }
}

/* An archive by another hand: Python's zipfile, writing into a pipe. */
static void
test_foreign (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "tests", "settlement",
                                            "files", "python-zipfile.zip", NULL);
  g_autofree char *data = NULL;
  gsize size;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) packed = g_bytes_new (data, size);
  g_autoptr (GPtrArray) members = till_unpack (packed, TILL_PACKING_ZIP, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (members->len, ==, 2);
  const TillSettlementMember *first = g_ptr_array_index (members, 0);
  const TillSettlementMember *second = g_ptr_array_index (members, 1);
  g_assert_cmpstr (first->name, ==, "明细.csv");
  g_assert_cmpuint (g_bytes_get_size (first->bytes), ==, 20 * strlen ("a,b\n"));
  g_assert_cmpmem (g_bytes_get_data (second->bytes, NULL), 7, "stored\n", 7);
}

/* As Alipay packs its bill (a zip with names in GBK) and UnionPay its day (that in zlib). */
static void
test_to_rows (void)
{
  static const struct
  {
    int fixture;
    TillPacking packing;
    int64_t rows;
  } cases[] = {
    { FIXTURE_ALIPAY, TILL_PACKING_ZIP, 3 },
    { FIXTURE_UNIONPAY_SAMPLE, TILL_PACKING_ZLIB_ZIP, 8 },
    { FIXTURE_UNIONPAY, TILL_PACKING_ZLIB_ZIP, 5 },
    { FIXTURE_WECHAT, TILL_PACKING_GZIP, 4 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Fixture *fixture = &fixtures[cases[i].fixture];
      g_autoptr (GPtrArray) files = fixture_members (fixture);
      ZipEntry entries[FIXTURE_MEMBERS_MAX];
      g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
      for (guint k = 0; k < files->len; k++)
        {
          const TillSettlementMember *member = g_ptr_array_index (files, k);
          gsize size;
          const char *data = g_bytes_get_data (member->bytes, &size);
          g_ptr_array_add (names, g_convert (member->name, -1, "GBK", "UTF-8", NULL, NULL, NULL));
          entries[k]
              = (ZipEntry){ .name = names->pdata[k], .data = data, .size = size, .deflate = TRUE };
        }
      g_autoptr (GBytes) zip = zip_write (entries, files->len);
      gboolean gzip = cases[i].packing == TILL_PACKING_GZIP;
      gsize size;
      gconstpointer data = g_bytes_get_data (zip, &size);
      g_autoptr (GBytes) packed
          = gzip ? zip_compress (G_ZLIB_COMPRESSOR_FORMAT_GZIP, entries[0].data, entries[0].size)
            : cases[i].packing == TILL_PACKING_ZIP
                ? g_bytes_ref (zip)
                : zip_compress (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, data, size);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) members = till_unpack (packed, cases[i].packing, "bill", &error);
      g_assert_no_error (error);
      g_autoptr (TillSettlement) settlement = fixture_parse (fixture, members, &error);
      g_assert_no_error (error);
      g_assert_cmpint (settlement->totals.rows, ==, cases[i].rows);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unpack/wrong", test_wrong);
  g_test_add_func ("/unpack/names", test_names);
  g_test_add_func ("/unpack/ceilings", test_ceilings);
  g_test_add_func ("/unpack/too-large", test_too_large);
  g_test_add_func ("/unpack/damage", test_damage);
  g_test_add_func ("/unpack/good", test_good);
  g_test_add_func ("/unpack/foreign", test_foreign);
  g_test_add_func ("/unpack/to-rows", test_to_rows);
  return g_test_run ();
}
