/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/training.h"
#include "data/core/error.h"
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "data/desk/returning.h"
#include "data/desk/selling.h"
#include "data/desk/shifting.h"
#include "data/desk/staffing.h"
#include "data/ledger/item-store.h"
#include "data/ledger/print-store.h"
#include "data/ledger/setting-store.h"

#include <string.h>

/* What stays in the drawer over night: ¥500. */
#define EVENING_FLOAT 50000

/* All names are invented. */
static const struct
{
  const char *name, *name_alt, *category;
  TillMoney price;
  int64_t vat_ppm;
} goods[] = {
  { "春山绿茶 250克", "Spring Hill green tea 250 g", "茶", 3980, 130000 },
  { "云岭红茶 200克", "Cloud Ridge black tea 200 g", "茶", 3580, 130000 },
  { "桂花乌龙 100克", "Osmanthus oolong 100 g", "茶", 2600, 130000 },
  { "山泉水 550毫升", "Hill spring water 550 ml", "饮料", 200, 130000 },
  { "气泡柠檬水 330毫升", "Sparkling lemonade 330 ml", "饮料", 450, 130000 },
  { "豆奶 250毫升", "Soy milk 250 ml", "饮料", 380, 130000 },
  { "酸梅汤 500毫升", "Sour plum drink 500 ml", "饮料", 600, 130000 },
  { "椰子水 330毫升", "Coconut water 330 ml", "饮料", 890, 130000 },
  { "鲜牛奶 950毫升", "Fresh milk 950 ml", "乳品", 1590, 90000 },
  { "原味酸奶 180克", "Plain yoghurt 180 g", "乳品", 520, 90000 },
  { "奶酪片 200克", "Cheese slices 200 g", "乳品", 1980, 90000 },
  { "荞麦面 500克", "Buckwheat noodles 500 g", "粮油", 1180, 90000 },
  { "东北香米 5千克", "Northern rice 5 kg", "粮油", 4590, 90000 },
  { "小米 1千克", "Millet 1 kg", "粮油", 1690, 90000 },
  { "花生油 1.8升", "Peanut oil 1.8 l", "粮油", 5290, 90000 },
  { "芝麻油 350毫升", "Sesame oil 350 ml", "粮油", 2480, 90000 },
  { "生抽 500毫升", "Light soy sauce 500 ml", "调味", 990, 130000 },
  { "香醋 500毫升", "Fragrant vinegar 500 ml", "调味", 850, 130000 },
  { "豆瓣酱 300克", "Bean paste 300 g", "调味", 1080, 130000 },
  { "细盐 400克", "Fine salt 400 g", "调味", 250, 130000 },
  { "红糖 350克", "Brown sugar 350 g", "调味", 980, 130000 },
  { "槐花蜜 500克", "Acacia honey 500 g", "调味", 4280, 130000 },
  { "核桃仁 250克", "Walnut kernels 250 g", "零食", 3290, 130000 },
  { "葵花子 300克", "Sunflower seeds 300 g", "零食", 1250, 130000 },
  { "山楂条 150克", "Hawthorn strips 150 g", "零食", 890, 130000 },
  { "海苔 24克", "Seaweed snack 24 g", "零食", 1390, 130000 },
  { "苏打饼干 400克", "Soda crackers 400 g", "零食", 1150, 130000 },
  { "黑巧克力 100克", "Dark chocolate 100 g", "零食", 1890, 130000 },
  { "牛肉干 100克", "Beef jerky 100 g", "零食", 3680, 130000 },
  { "麦片 700克", "Oat flakes 700 g", "早餐", 2390, 130000 },
  { "花生酱 340克", "Peanut butter 340 g", "早餐", 2150, 130000 },
  { "草莓果酱 300克", "Strawberry jam 300 g", "早餐", 1780, 130000 },
  { "鸡蛋 10枚", "Eggs, box of ten", "生鲜", 1380, 90000 },
  { "豆腐 400克", "Tofu 400 g", "生鲜", 390, 90000 },
  { "速冻水饺 800克", "Frozen dumplings 800 g", "冷冻", 2590, 130000 },
  { "汤圆 500克", "Sweet rice balls 500 g", "冷冻", 1690, 130000 },
  { "抽纸 3包", "Tissues, three packs", "日用", 1290, 130000 },
  { "厨房纸 2卷", "Kitchen paper, two rolls", "日用", 1090, 130000 },
  { "洗衣液 2千克", "Laundry liquid 2 kg", "日用", 3490, 130000 },
  { "洗洁精 1千克", "Washing-up liquid 1 kg", "日用", 1280, 130000 },
  { "香皂 110克", "Soap 110 g", "日用", 590, 130000 },
  { "牙膏 140克", "Toothpaste 140 g", "日用", 1380, 130000 },
  { "软毛牙刷 2支", "Soft toothbrushes, two", "日用", 1590, 130000 },
  { "洗发水 400毫升", "Shampoo 400 ml", "日用", 3290, 130000 },
  { "护手霜 75克", "Hand cream 75 g", "日用", 2580, 130000 },
  { "创可贴 20片", "Plasters, twenty", "日用", 990, 130000 },
  { "电池 AA 4节", "Batteries AA, four", "家居", 1680, 130000 },
  { "LED灯泡 9瓦", "LED bulb 9 W", "家居", 1490, 130000 },
  { "插线板 3米", "Extension lead 3 m", "家居", 4900, 130000 },
  { "保温杯 500毫升", "Vacuum flask 500 ml", "家居", 8900, 130000 },
  { "玻璃饭盒", "Glass lunch box", "家居", 3900, 130000 },
  { "雨伞", "Umbrella", "家居", 4500, 130000 },
  { "棉袜 3双", "Cotton socks, three pairs", "家居", 2990, 130000 },
  { "毛巾", "Towel", "家居", 1890, 130000 },
  { "笔记本 A5", "Notebook A5", "文具", 1200, 130000 },
  { "中性笔 3支", "Gel pens, three", "文具", 750, 130000 },
  { "彩色铅笔 12色", "Colour pencils, twelve", "文具", 1980, 130000 },
  { "充电线 1米", "Charging cable 1 m", "电器", 2900, 130000 },
  { "蓝牙耳机", "Wireless earphones", "电器", 19900, 130000 },
  { "电水壶 1.5升", "Electric kettle 1.5 l", "电器", 12900, 130000 },
};
G_STATIC_ASSERT (G_N_ELEMENTS (goods) == TILL_TRAINING_GOODS);

static const struct
{
  const char *no, *name, *pin;
  TillRole role;
} people[] = {
  { "1", "李娜 Li Na", "1111", TILL_ROLE_CASHIER },
  { "2", "王伟 Wang Wei", "2222", TILL_ROLE_SUPERVISOR },
  { "3", "陈静 Chen Jing", "3333", TILL_ROLE_MANAGER },
};

static const struct
{
  const char *key, *value;
} settings[] = {
  { "shop.name", "青禾小店 Green Grain" },
  { "shop.address", "练习路 1 号 · 1 Practice Road" },
  { "shop.training", "1" },
};

const char *
till_training_pin (const char *staff_no)
{
  for (gsize i = 0; i < G_N_ELEMENTS (people); i++)
    if (g_strcmp0 (staff_no, people[i].no) == 0)
      return people[i].pin;
  return NULL;
}

/* A number range that no maker of goods has been given, with a right EAN-13 check digit. */
static char *
make_code (guint n)
{
  g_autofree char *digits = g_strdup_printf ("69700000%04u", n);
  int sum = 0;
  for (int i = 0; i < 12; i++)
    sum += (digits[i] - '0') * (i % 2 ? 3 : 1);
  return g_strdup_printf ("%s%d", digits, (10 - sum % 10) % 10);
}

/* Within the training shop a no is a mistake of ours: it stops with what was refused. */
static gboolean
must (const TillAnswer *answer, GError **error)
{
  if (answer->code == TILL_YES)
    return TRUE;
  g_autofree char *sentence = till_answer_sentence (answer);
  g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT, "the training shop was refused “%s”: %s",
               till_answer_word (answer->code), sentence);
  return FALSE;
}

static gboolean
hire (TillLedger *ledger, GError **error)
{
  int64_t manager = 0;
  /* The manager first: afterwards only a manager may. */
  for (gsize i = G_N_ELEMENTS (people); i-- > 0;)
    {
      int64_t id;
      TillAnswer answer;
      if (!till_staffing_add (ledger, manager, people[i].no, people[i].name, people[i].role,
                              people[i].pin, &id, &answer, error)
          || !must (&answer, error))
        return FALSE;
      if (!manager)
        manager = id;
    }
  return TRUE;
}

static gboolean
furnish (TillLedger *ledger, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "furnish", error);
  if (!txn)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (!till_setting_store_set (txn, settings[i].key, settings[i].value, error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (goods); i++)
    {
      g_autofree char *code = make_code (i + 1);
      TillItem item = {
        .code = code,
        .name = (char *)goods[i].name,
        .name_alt = (char *)goods[i].name_alt,
        .unit = (char *)"",
        .category = (char *)goods[i].category,
        .price = goods[i].price,
        .vat_ppm = goods[i].vat_ppm,
      };
      TillItemChange change;
      if (!till_item_store_put (txn, &item, &change, error))
        return FALSE;
    }
  return till_txn_commit (txn, error);
}

gboolean
till_training_shop (TillLedger *ledger, GError **error)
{
  g_autoptr (GPtrArray) staff = till_staffing_list (ledger, error);
  if (!staff)
    return FALSE;
  if (staff->len > 0)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_CONFLICT,
                           "somebody works here already: a training shop is made of new books");
      return FALSE;
    }
  /* Known PINs need no slow hash. */
  till_secret_set_cheap (TRUE);
  gboolean done = hire (ledger, error) && furnish (ledger, error);
  till_secret_set_cheap (FALSE);
  return done;
}

/* --- the past --- */

typedef struct
{
  TillLedger *ledger; /* unowned */
  TillClock *clock;   /* unowned */
  TillTrainingCarry carry;
  gpointer user;
  int64_t staff[G_N_ELEMENTS (people)];
  guint sales; /* so far */
} Past;

static int
draw (Past *past, int bound)
{
  return (int)till_clock_random (past->clock, (uint64_t)bound);
}

static gboolean
fill_basket (Past *past, TillBasket *basket, GError **error)
{
  int n = 1 + draw (past, 4);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *code = make_code (1 + (guint)draw (past, TILL_TRAINING_GOODS));
      g_autoptr (TillItem) item = NULL;
      if (!till_item_store_find (past->ledger, code, &item, error))
        return FALSE;
      g_assert (item);
      if (!till_basket_add (basket, item, (1 + draw (past, 3)) * TILL_QUANTITY_ONE, error))
        return FALSE;
    }
  return TRUE;
}

static TillTenderWish *
wish_for (Past *past, TillMoney total)
{
  TillTenderWish *wish = g_new0 (TillTenderWish, 1);
  int way = past->carry ? draw (past, 10) : 0;
  wish->amount = total;
  wish->tender = way < 4 ? TILL_TENDER_CASH : way < 8 ? TILL_TENDER_CODE : TILL_TENDER_CARD;
  /* Notes of ten, as people pay. */
  wish->received = (total + 999) / 1000 * 1000;
  if (wish->tender != TILL_TENDER_CASH)
    wish->auth = g_strdup_printf ("28%016u", past->sales);
  if (wish->tender == TILL_TENDER_CARD)
    wish->masked = g_strdup_printf ("…%04d", draw (past, 10000));
  return wish;
}

static void
free_wish (TillTenderWish **wish)
{
  g_clear_pointer (wish, till_tender_wish_free);
}

static gboolean
sell_something (Past *past, TillSale **sale, GError **error)
{
  g_autofree char *token = till_request_no_new (past->clock);
  g_autoptr (TillBasket) basket = till_basket_new (token);
  g_autoptr (TillShop) shop = till_selling_shop (past->ledger, error);
  g_auto (TillBasketSums) sums = { 0 };
  if (!shop || !fill_basket (past, basket, error)
      || !till_basket_sum (basket, &shop->pricing, &sums, error))
    return FALSE;
  past->sales++;
  __attribute__ ((cleanup (free_wish))) TillTenderWish *wish = wish_for (past, sums.total);
  TillAnswer answer;
  int64_t seller = past->staff[draw (past, 3) / 2];
  if (!till_selling_pay (past->ledger, seller, basket, &wish, 1, sale, &answer, error)
      || !must (&answer, error))
    return FALSE;
  return wish->tender == TILL_TENDER_CASH || past->carry (past->ledger, past->user, error);
}

/* What is made up here is never older than any provider's window. */
static const TillProfile *
no_limits (const char *provider, gpointer user)
{
  return NULL;
}

static gboolean
take_back (Past *past, const TillSale *sold, GError **error)
{
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (past->ledger, past->staff[0], sold->id, error);
  g_autoptr (TillSale) sale = NULL;
  TillAnswer answer;
  if (!draft || !till_selling_load_id (past->ledger, sold->id, &sale, &answer, error)
      || !must (&answer, error))
    return FALSE;
  const TillSaleLine *line = till_sale_line (sale, 1 + draw (past, (int)sale->lines->len));
  static const TillReason reasons[]
      = { TILL_REASON_FAULTY,       TILL_REASON_FAULTY,  TILL_REASON_WRONG_ITEM,
          TILL_REASON_CHANGED_MIND, TILL_REASON_EXPIRED, TILL_REASON_PRICE_ERROR };
  draft->reason = reasons[draw (past, G_N_ELEMENTS (reasons))];
  draft->disposition = till_reason_disposition (draft->reason);
  till_return_draft_set (draft, line->pos, TILL_QUANTITY_ONE);
  g_autoptr (TillReturn) back = NULL;
  TillSecond second = { .no = people[2].no, .pin = people[2].pin };
  if (!till_returning_submit (past->ledger, past->staff[0], draft, &second, no_limits, &back,
                              &answer, error)
      || !must (&answer, error))
    return FALSE;
  return !past->carry || past->carry (past->ledger, past->user, error);
}

/* The cashier counts to the fen and leaves a float; only where there is a key to sign with. */
static gboolean
close_day (Past *past, GError **error)
{
  g_autoptr (TillShop) shop = till_selling_shop (past->ledger, error);
  g_autoptr (TillShift) shift = NULL;
  TillCounted counted;
  TillAnswer answer;
  if (!shop || !*shop->seal_key)
    return shop != NULL;
  g_autoptr (TillShiftDraft) draft = till_shifting_draft (past->ledger);
  if (!till_ledger_balance (past->ledger, "drawer", &draft->count.sum, error)
      || !till_shifting_count (past->ledger, past->staff[0], &draft->count, &counted, &answer,
                               error)
      || !must (&answer, error))
    return FALSE;
  draft->expected = counted.expected;
  draft->keep = MIN (draft->count.sum, EVENING_FLOAT);
  return till_shifting_close (past->ledger, past->staff[0], draft, NULL, NULL, &shift, &answer,
                              error)
         && must (&answer, error)
         && (!past->carry || past->carry (past->ledger, past->user, error));
}

/* From nine in the morning on; on days 0, 3, 6 … two things come back, on the others one. */
static gboolean
live_day (Past *past, int day, GError **error)
{
  int n = 16 + draw (past, 9);
  int first_back = draw (past, n), second_back = day % 3 == 0 ? draw (past, n) : first_back;
  int64_t start = till_clock_now (past->clock);
  for (int i = 0; i < n; i++)
    {
      till_clock_advance (past->clock, (5 + draw (past, 25)) * TILL_MINUTE);
      g_autoptr (TillSale) sale = NULL;
      if (!sell_something (past, &sale, error))
        return FALSE;
      if ((i == first_back || i == second_back) && !take_back (past, sale, error))
        return FALSE;
    }
  if (!close_day (past, error))
    return FALSE;
  till_clock_advance (past->clock, start + TILL_DAY - till_clock_now (past->clock));
  return TRUE;
}

/* Whoever invents a past has no paper of it, and nobody is asked about it. */
static gboolean
forget_slips (TillLedger *ledger, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, NULL, error);
  return txn && till_print_store_hand_over_all (txn, error) && till_txn_commit (txn, error);
}

gboolean
till_training_past (TillLedger *ledger, int days, TillTrainingCarry carry, gpointer user,
                    GError **error)
{
  Past past
      = { .ledger = ledger, .clock = till_ledger_clock (ledger), .carry = carry, .user = user };
  g_assert (till_clock_is_fake (past.clock));
  for (gsize i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_autoptr (TillStaff) person = NULL;
      if (!till_staffing_find (ledger, people[i].no, &person, error))
        return FALSE;
      g_assert (person);
      past.staff[i] = person->id;
    }
  for (int day = 0; day < days; day++)
    if (!live_day (&past, day, error))
      return FALSE;
  return forget_slips (ledger, error);
}
