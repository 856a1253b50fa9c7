/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words on paper, in two columns. Not gettext: a slip speaks the shop's language, whatever the
 * cashier's screen is set to. And the parts that all slips share. Pure; any thread. */
#pragma once
#include "data/core/doc.h"
#include "data/trade/return.h"
#include "data/trade/shop.h"

G_BEGIN_DECLS

/* key, Simplified Chinese, English */
#define TILL_SLIP_WORDS(X)                                                                         \
  X (RECEIPT, "销售小票", "Receipt")                                                               \
  X (RETURN_SLIP, "退货单", "Return slip")                                                         \
  X (REFUND_SLIP, "退款凭条", "Refund slip")                                                       \
  X (CUSTOMER_COPY, "顾客联", "Customer copy")                                                     \
  X (MERCHANT_COPY, "商户联", "Merchant copy")                                                     \
  X (TEST_SLIP, "测试小票", "Test slip")                                                           \
  X (COLUMNS, "每行字符", "Columns")                                                               \
  X (SAYS_ONE_LINE, "上面两行应各占满一行。若折成两行，请改小纸宽。",                              \
     "The two lines above fill one line each. If they take two, the paper set is too wide.")       \
  X (SAYS_DRAWN, "下一行应是三个生僻字，按图形打印。",                                             \
     "The next line is three rare characters, printed as a picture.")                              \
  X (SAYS_NO_VALUE, "测试，不是凭证", "TEST - NO VALUE")                                           \
  X (COPY, "补打", "COPY")                                                                         \
  X (TRAINING, "练习模式 非凭证", "TRAINING - NO VALUE")                                           \
  X (NO, "单号", "No.")                                                                            \
  X (SALE_NO, "原单", "Sale")                                                                      \
  X (RETURN_NO, "退货", "Return")                                                                  \
  X (TILL, "收银机", "Till")                                                                       \
  X (CASHIER, "收银员", "Cashier")                                                                 \
  X (APPROVED_BY, "批准人", "Approved by")                                                         \
  X (DISCOUNT, "优惠", "Discount")                                                                 \
  X (ROUNDING, "抹零", "Rounding off")                                                             \
  X (TO_PAY, "应收", "To pay")                                                                     \
  X (RECEIVED, "实收", "Received")                                                                 \
  X (CHANGE, "找零", "Change")                                                                     \
  X (VAT_INSIDE, "其中增值税", "VAT included")                                                     \
  X (TO_REFUND, "应退", "To refund")                                                               \
  X (REASON, "退货原因", "Reason")                                                                 \
  X (NOTE, "备注", "Note")                                                                         \
  X (SIGNATURE, "顾客签名", "Customer signature")                                                  \
  X (ANCHOR, "校验码", "Journal")                                                                  \
  X (SHIFT_SLIP, "交班单", "Shift slip")                                                           \
  X (FROM, "自", "From")                                                                           \
  X (UNTIL, "至", "Until")                                                                         \
  X (ENTRIES, "日志条目", "Journal entries")                                                       \
  X (SALES, "销售", "Sales")                                                                       \
  X (RETURNS, "退货", "Returns")                                                                   \
  X (REFUNDS, "已退款", "Refunded")                                                                \
  X (BOUNCED, "退款被退回", "Refunds that came back")                                              \
  X (OPEN_REFUNDS, "未完结退款", "Refunds not over")                                               \
  X (OPEN_MORE, "其余", "And more")                                                                \
  X (NOTICES, "未处理的不明通知", "Unsettled notices")                                             \
  X (NOTICES_REFUNDS, "其中退款(机构所称)", "Refunds, as told")                                    \
  X (NOTICES_PAYMENTS, "其中收款(机构所称)", "Payments, as told")                                  \
  X (NOTICES_UNTOLD, "其中未说明人民币金额", "With no amount in yuan")                             \
  X (FLOAT_IN, "备用金入钱箱", "Float put in")                                                     \
  X (CASH_OUT, "缴款", "Paid in to safe")                                                          \
  X (EXPECTED, "应有现金", "Cash expected")                                                        \
  X (COUNTED, "实点现金", "Cash counted")                                                          \
  X (OVER, "长款", "Over")                                                                         \
  X (SHORT, "短款", "Short")                                                                       \
  X (EVEN, "账款相符", "Count agrees")                                                             \
  X (KEPT, "留作备用金", "Stays as float")                                                         \
  X (TO_SAFE, "交存保险柜", "To the safe")                                                         \
  X (TOTAL_SALES, "累计销售", "Sales of all shifts")                                               \
  X (TOTAL_REFUNDS, "累计退款", "Refunds of all shifts")                                           \
  X (SEAL_KEY, "签名密钥", "Signing key")                                                          \
  X (HANDS_OVER, "交班人签名", "Hands over")                                                       \
  X (TAKES_OVER, "接班人签名", "Takes over")                                                       \
  X (BY_VOID, "撤销：当日整笔撤销，账单上可能不显示该笔交易",                                      \
     "Voided on the same day: the payment may vanish from the statement")                          \
  X (BY_REFUND_PART, "退货：非整笔退回", "As a refund: not the whole payment")                     \
  X (BY_REFUND_LATER, "退货：已过支付机构当日清算时间",                                            \
     "As a refund: the day of the payment is over")                                                \
  X (BY_REFUND_REFUSED, "退货：支付机构拒绝撤销后改为退货",                                        \
     "As a refund: the provider refused to void")                                                  \
  X (TO_CUSTOMER, "顾客实收", "Paid to customer")                                                  \
  X (COUPON_BACK, "优惠收回", "Discount taken back")                                               \
  X (PROVIDER_NO, "支付机构单号", "Provider no.")                                                  \
  X (NOT_PAID, "未付清，非付款凭证", "NOT PAID IN FULL - NO RECEIPT")                              \
  X (LEG_OPEN, "结果未知", "Not confirmed")                                                        \
  X (THANKS, "谢谢惠顾，退货请凭此小票", "Thank you. Please keep this for returns.")               \
  X (CASH, "现金", "Cash")                                                                         \
  X (CARD, "银行卡", "Bank card")                                                                  \
  X (CARD_SLIP, "银行卡(POS机)", "Card, on terminal")                                              \
  X (REFERENCE, "参考号", "Ref")                                                                   \
  X (TERMINALS, "POS机签购单(请与POS机日结核对)", "By card slips (compare with each terminal)")    \
  X (CODE, "扫码", "Scan code")                                                                    \
  X (FAULTY, "质量问题", "Faulty")                                                                 \
  X (WRONG_ITEM, "发错货", "Wrong item")                                                           \
  X (CHANGED_MIND, "不想要", "Changed mind")                                                       \
  X (DOUBLE_CHARGE, "重复支付", "Double charge")                                                   \
  X (PRICE_ERROR, "价格错误", "Price error")                                                       \
  X (EXPIRED, "临期/过期", "Expired")                                                              \
  X (OTHER, "其他", "Other")                                                                       \
  X (WAITING, "待审批", "Waiting for approval")                                                    \
  X (DENIED, "已驳回", "Rejected")                                                                 \
  X (WITHDRAWN, "已撤回", "Withdrawn")                                                             \
  X (IN_PROGRESS, "受理中", "In progress")                                                         \
  X (UNKNOWN, "结果未知", "Not confirmed")                                                         \
  X (BY_STAFF, "转人工", "Handed to staff")                                                        \
  X (REFUNDED, "已退款", "Refunded")                                                               \
  X (FAILED, "退款失败", "Refused")                                                                \
  X (SAYS_WAITING, "须第二人批准，款项尚未退回。",                                                 \
     "A second person has to approve. No money has gone back yet.")                                \
  X (SAYS_IN_PROGRESS, "退款正在办理，款项尚未确认退回。请保留此单。",                             \
     "The refund is under way and not confirmed yet. Please keep this slip.")                      \
  X (SAYS_UNKNOWN, "退款结果尚未确认，我们正在向支付机构查询。请保留此单。",                       \
     "The outcome is not known yet; we are asking the provider. Please keep this slip.")           \
  X (SAYS_BY_STAFF, "退款由店员继续处理，款项尚未退回。请保留此单。",                              \
     "Staff are taking care of this refund. No money has gone back yet. Please keep this slip.")   \
  X (SAYS_ACCOUNT, "原付款账户无法收款，款项尚未退回，仍会退给您。请凭此单请店员改用其他方式。",   \
     "The account you paid from cannot take the money. You still get it: show this slip to our "   \
     "staff for another way.")                                                                     \
  X (SAYS_TOO_LATE, "支付机构已不能退款，款项尚未退回，仍会退给您。请凭此单请店员改用其他方式。",  \
     "The provider no longer gives this payment back. You still get the money: show this slip to " \
     "our staff for another way.")                                                                 \
  X (SAYS_REFUNDED, "支付机构已确认退款，入账时间以您的账户为准。",                                \
     "The provider has confirmed the refund. Your bank decides when it shows.")                    \
  X (SAYS_CASH, "现金已当面退还。", "Cash was handed over.")                                       \
  X (SAYS_FAILED, "退款未成功，款项没有退回。请联系店员。",                                        \
     "The refund was refused and no money has gone back. Please ask our staff.")                   \
  X (SAYS_WITHDRAWN, "此退款已撤回，款项没有退回。",                                               \
     "This refund was withdrawn. No money has gone back.")

typedef enum
{
#define X(key, zh, en) TILL_WORD_##key,
  TILL_SLIP_WORDS (X)
#undef X
      TILL_N_WORDS
} TillWord;

/* English for "en" and what begins with it, Chinese otherwise. */
const char *till_slip_word (const TillShop *shop, TillWord word);
const char *till_slip_tender (const TillShop *shop, TillTender tender);
const char *till_slip_reason (const TillShop *shop, TillReason reason);

/* How a refund stands, and the sentence that goes with it: only a proven one is called refunded. */
typedef struct
{
  TillWord state;
  TillWord says;
} TillSlipRefund;

TillSlipRefund till_slip_refund_words (const TillRefund *refund);

/* Name and address, training mark, COPY n when copy > 0, what this is, its number. */
void till_slip_head (TillDoc *doc, const TillShop *shop, TillWord title, const char *no, int copy);
/* When and at which till, then who. */
void till_slip_who (TillDoc *doc, const TillShop *shop, int64_t at, const char *staff_name);
/* Number as a bar code, head of the journal's chain ("" for none). */
void till_slip_foot (TillDoc *doc, const TillShop *shop, const char *no, const char *chain);

void till_slip_money (TillDoc *doc, const char *label, TillMoney amount);
void till_slip_strong_money (TillDoc *doc, const char *label, TillMoney amount);

G_END_DECLS
