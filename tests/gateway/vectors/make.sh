#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes every file of this folder anew, with other keys. usage: make.sh FOLDER
# Needs OpenSSL 3 with its legacy provider. Nothing here guards anything; the dates are part of the
# tests: signers hold from 2024 to 2034, authorities from 2020 to 2050.
set -eu
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/ca.cnf" <<END
[ca]
default_ca = all
[all]
database = $work/index
new_certs_dir = $work
unique_subject = no
default_md = sha256
policy = any
serial = $work/serial
string_mask = utf8only
[any]
commonName = optional
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[both]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,digitalSignature
[signer]
basicConstraints = CA:FALSE
keyUsage = digitalSignature,nonRepudiation
[cipher]
basicConstraints = CA:FALSE
keyUsage = keyEncipherment
[bare]
END


# certify NAME KEY COMMON-NAME ISSUER SERIAL KIND FROM UNTIL [OPTION…]; ISSUER.pem has ISSUER.key
certify() {
  name=$1 key=$2 common=$3 issuer=$4 kind=$6 from=$7 until=$8
  : >"$work/index"
  echo "$5" >"$work/serial"
  shift 8
  openssl req -new -utf8 -key "$key" -subj "/CN=$common" -out "$work/request"
  if [ "$issuer" = self ]; then
    set -- -selfsign -keyfile "$key" "$@"
  else
    set -- -cert "$issuer.pem" -keyfile "$work/$issuer.key" "$@"
  fi
  openssl ca -batch -notext -utf8 -preserveDN -config "$work/ca.cnf" -extensions "$kind" \
    -in "$work/request" -startdate "$from" -enddate "$until" -out "$name" "$@" 2>"$work/log" ||
    { cat "$work/log"; exit 1; }
}

rsa() { openssl genrsa -out "$2" "$1" 2>/dev/null; }

# Keys: ours, one of the old size, and one of another kind.
rsa 2048 key.pem
rsa 1024 old-key.pem
rsa 9216 "$work/huge.key"
openssl ecparam -name prime256v1 -genkey -noout -out ec-key.pem
openssl rsa -in key.pem -pubout -out public.pem 2>/dev/null
openssl rsa -in old-key.pem -pubout -out old-public.pem 2>/dev/null
openssl rsa -in "$work/huge.key" -pubout -out huge-public.pem 2>/dev/null
openssl rsa -in key.pem -RSAPublicKey_out -out pkcs1-public.pem 2>/dev/null

# Authorities: root, one below it, and a stranger.
for name in root middle foreign; do rsa 2048 "$work/$name.key"; done
certify root.pem "$work/root.key" 'Test root' self 01 authority 20200101000000Z 20500101000000Z
certify middle.pem "$work/middle.key" 'Test middle' root 02 authority 20200101000000Z 20500101000000Z
certify foreign.pem "$work/foreign.key" 'Test root' self 01 authority 20200101000000Z 20500101000000Z
cat root.pem middle.pem >authorities.pem

# What they issued. The serial's first digit is a zero that X.509 tools print.
union='041@8310000000083040@中国银联股份有限公司@00016493'
certify signer.pem key.pem "$union" middle 0A1046900149 signer 20240101000000Z 20340101000000Z
certify sha1-signer.pem key.pem "$union" middle 03 signer 20240101000000Z 20340101000000Z -md sha1
certify bare-signer.pem key.pem "$union" middle 04 bare 20240101000000Z 20340101000000Z
certify foreign-signer.pem key.pem "$union" foreign 05 signer 20240101000000Z 20340101000000Z
certify self-signer.pem key.pem "$union" self 06 signer 20240101000000Z 20340101000000Z
certify cipher.pem key.pem "$union" middle 07 cipher 20240101000000Z 20340101000000Z
certify below.pem key.pem 'Test lowest' middle 08 authority 20240101000000Z 20340101000000Z
certify below-signs.pem key.pem 'Test lowest' middle 0A both 20240101000000Z 20340101000000Z
certify weak-signer.pem old-key.pem "$union" middle 09 signer 20240101000000Z 20340101000000Z
certify ec-signer.pem ec-key.pem "$union" middle 0B signer 20240101000000Z 20340101000000Z
certify two-names.pem key.pem "one/CN=two" middle 0C signer 20240101000000Z 20340101000000Z
certify long-serial.pem key.pem long middle 010203040506070809101112131415161718192021 signer \
  20240101000000Z 20340101000000Z
certify old-cert.pem old-key.pem UMPAY self 3AB1 signer 20000321010203Z 20030321235959Z
openssl req -x509 -key key.pem -subj /CN=minus -set_serial -5 -days 3650 -out minus-serial.pem

# Signatures, each in base64 on one line.
printf 'POST\n/退款?a=1&b=2\n1795320000\n' >message
sign() { openssl dgst "-$2" -sign "$1" message | base64 -w0 >"$3"; }
sign key.pem sha256 message.sha256
sign key.pem sha1 message.sha1
sign old-key.pem sha1 message.old-sha1

# UnionPay 5.1.0: what is signed is the SHA-256 of all fields in order, as 64 small hexadecimal
# digits, and the signature hashes that once more. The fields stand here as test-unionpay-codec.c
# has them, put in order by hand.
unionpay() {
  printf '%s' "$2" | openssl dgst -sha256 -r | cut -c1-64 | tr -d '\n' |
    openssl dgst -sha256 -sign key.pem | base64 -w0 >"unionpay-$1"
}
url='backUrl=http://www.specialUrl.com'
who='certId=11065019597129&channelType=07'
yuan='currencyCode=156&encoding=UTF-8'
order='merId=777290058110048&orderId=0ABCDEFGHJKMNPQR'
payment='origOrderId=0PAYMENTNUMBERX1&origTxnTime=20261121120000'
query_id='origQryId=201121120000000000001'
qr='qrNo=6223610000000000000&signMethod=01&termId=01080209'
at='txnTime=20261122120000'
unionpay pay "accessType=0&$url&bizType=000000&$who&$yuan&$order&$qr&txnAmt=1250&txnSubType=06&$at&txnType=01&version=5.1.0"
unionpay reverse "accessType=0&$url&bizType=000000&$who&$yuan&$order&signMethod=01&txnAmt=1250&txnSubType=01&$at&txnType=99&version=5.1.0"
unionpay refund "accessType=0&$url&bizType=000000&$who&$yuan&$order&$query_id&signMethod=01&txnAmt=1250&txnSubType=00&$at&txnType=04&version=5.1.0"
unionpay refund-by-order "accessType=0&$url&bizType=000000&$who&$yuan&$order&$payment&signMethod=01&txnAmt=1250&txnSubType=00&$at&txnType=04&version=5.1.0"
unionpay refund-card "accessType=0&$url&bizType=000201&$who&$yuan&$order&$query_id&signMethod=01&txnAmt=1250&txnSubType=00&$at&txnType=04&version=5.1.0"
unionpay void "accessType=0&$url&bizType=000000&$who&$yuan&$order&$query_id&signMethod=01&txnAmt=1250&txnSubType=00&$at&txnType=31&version=5.1.0"
unionpay query "accessType=0&bizType=000000&$who&encoding=UTF-8&$order&signMethod=01&txnSubType=00&$at&txnType=00&version=5.1.0"
unionpay query-card "accessType=0&bizType=000201&$who&encoding=UTF-8&$order&signMethod=01&txnSubType=00&$at&txnType=00&version=5.1.0"
# A whole answer, as it travels: the certificate in it has CR and LF between its lines only.
cert=$(awk 'NR > 1 { printf "\r\n" } { printf "%s", $0 }' signer.pem)
fields="accessType=0&bizType=000000&$yuan&$order&origRespCode=00&origRespMsg=成功[0000000]&queryId=201122120000000000002&reqReserved={a=1&b=2}&respCode=00&respMsg=成功[0000000]&signMethod=01&signPubKeyCert=$cert&txnAmt=1250&txnSubType=00&$at&txnType=00&version=5.1.0"
unionpay answer "$fields"
printf 'signature=%s&%s' "$(cat unionpay-answer)" "$fields" >unionpay-answer

# Requests to Lakala: name, nonce and signature a line, over texts written by hand. "lakala NAME
# ERRAND ORIGINAL REQ-TIME DATA"
lakala() {
  nonce=$(printf '%s' "$2|0ABCDEFGHJKMNPQR|$3|1250|1795320000000000|1795320060000000" |
    sha256sum | cut -c1-32)
  printf 'OP00000003\n00dfba8194c41b84cf\n1795320060\n%s\n' "$nonce" >"$work/message"
  printf '{"req_time":"%s","version":"3.0","req_data":{"merchant_no":"M1","term_no":"T1",%s}}\n' \
    "$4" "$5" >>"$work/message"
  echo "$1 $nonce $(openssl dgst -sha256 -sign key.pem "$work/message" | base64 -w0)"
}
place='"location_info":{"request_ip":"203.0.113.9"}'
{
  lakala pay pay '' 20261122120000 '"out_trade_no":"0ABCDEFGHJKMNPQR",'\
'"auth_code":"134567890123456789","total_amount":"1250","subject":"S 9101 果汁",'"$place"
  lakala query_pay query_pay '' 20261122120100 '"out_trade_no":"0ABCDEFGHJKMNPQR"'
  lakala reverse reverse '' 20261122120000 '"out_trade_no":"R0ABCDEFGHJKMNPQR",'\
'"origin_out_trade_no":"0ABCDEFGHJKMNPQR",'"$place"
  lakala refund refund 0PAYMENTNUMBERX1 20261122120000 '"out_refund_order_no":"0ABCDEFGHJKMNPQR",'\
'"refund_amount":"1250","origin_out_trade_no":"0PAYMENTNUMBERX1","refund_reason":"S 9101 果汁",'"$place"
  lakala query_refund query_refund 0PAYMENTNUMBERX1 20261122120100 \
    '"out_refund_order_no":"0ABCDEFGHJKMNPQR"'
  lakala void void 0PAYMENTNUMBERX1 20261122120000 '"out_trade_no":"0ABCDEFGHJKMNPQR",'\
'"origin_out_trade_no":"0PAYMENTNUMBERX1",'"$place"
  lakala query_void query_void 0PAYMENTNUMBERX1 20261122120100 '"out_trade_no":"0ABCDEFGHJKMNPQR"'
  lakala card_refund refund 0PAYMENTNUMBERX1 20261122120000 '"out_trade_no":"0ABCDEFGHJKMNPQR",'\
'"refund_amount":"1250","origin_biz_type":"1","origin_trade_date":"20261121",'\
'"origin_log_no":"26112112345678","origin_card_no":"****4021",'"$place"
  lakala card_query_refund query_refund 0PAYMENTNUMBERX1 20261122120100 \
    '"out_trade_no":"0ABCDEFGHJKMNPQR","origin_biz_type":"1","origin_trade_date":"20261121",'\
'"origin_log_no":"26112112345678"'
} >lakala.sha256

# What Lakala is asked for the balance, in the envelope of its older interfaces: nonce and signature.
nonce=$(printf 'balance|M1|1795320060000000' | sha256sum | cut -c1-32)
printf 'OP00000003\n00dfba8194c41b84cf\n1795320060\n%s\n' "$nonce" >"$work/message"
printf '{"ver":"1.0.0","timestamp":"1795320060","reqId":"1795320060000000","reqData":{%s}}\n' \
  '"merId":"M1","termId":"T1","qryNo":"1795320060000000"' >>"$work/message"
echo "$nonce $(openssl dgst -sha256 -sign key.pem "$work/message" | base64 -w0)" \
  >lakala-balance.sha256

# What the practice provider is asked: nonce and signature.
nonce=$(printf 'balance|M1|1795320060000000' | sha256sum | cut -c1-32)
printf 'POST\n/v1/merchant-balance\n1795320060\n%s\n{"merchant_no":"M1"}' "$nonce" >"$work/message"
echo "$nonce $(openssl dgst -sha256 -sign key.pem "$work/message" | base64 -w0)" \
  >practice-balance.sha256

# The same question to WeChat Pay and Alipay: nonce, where there is one, and signature.
printf 'GET\n/v3/merchant/fund/balance/BASIC\n1795320060\n%s\n\n' "$nonce" >"$work/message"
echo "$nonce $(openssl dgst -sha256 -sign key.pem "$work/message" | base64 -w0)" \
  >wechat-balance.sha256
printf 'app_id=OP00000003&biz_content={}&charset=utf-8&format=JSON&method=%s&%s&%s&version=1.0' \
  alipay.data.bill.balance.query sign_type=RSA2 'timestamp=2026-11-22 12:01:00' >"$work/message"
openssl dgst -sha256 -sign key.pem "$work/message" | base64 -w0 >alipay-balance.sha256

# Requests to Shengpay, in the same way: "shengpay NAME ERRAND ORIGINAL BEFORE AFTER", the fields
# before and after nonceStr as they are sorted.
shengpay() {
  nonce=$(printf '%s' "$2|0ABCDEFGHJKMNPQR|$3|1250|1795320000000000|1795320060000000" |
    sha256sum | cut -c1-32)
  printf '%s' "$4nonceStr=$nonce$5" >"$work/message"
  echo "$1 $nonce $(openssl dgst -sha1 -sign key.pem "$work/message" | base64 -w0)"
}
notify='notifyUrl=https://shop.example/shengpay'
{
  shengpay pay pay '' 'authCode=134567890123456789&body=S 9101 果汁&mchId=11548088&' \
    "&$notify&outTradeNo=0ABCDEFGHJKMNPQR&signType=RSA&totalFee=1250"
  shengpay query_pay query_pay '' 'mchId=11548088&' '&outTradeNo=0ABCDEFGHJKMNPQR&signType=RSA'
  shengpay reverse reverse '' 'mchId=11548088&' '&outTradeNo=0ABCDEFGHJKMNPQR&signType=RSA'
  shengpay refund refund 0PAYMENTNUMBERX1 'mchId=11548088&' "&$notify&outRefundNo=0ABCDEFGHJKMNPQR"\
'&outTradeNo=0PAYMENTNUMBERX1&refundDesc=S 9101 果汁&refundFee=1250&signType=RSA&totalFee=5000'
  shengpay query_refund query_refund 0PAYMENTNUMBERX1 'mchId=11548088&' \
    '&outRefundNo=0ABCDEFGHJKMNPQR&signType=RSA'
} >shengpay.sha1

# PKCS#12, all with the password 000000 but one.
export_as() { out=$1; shift; openssl pkcs12 -export -out "$out" -passout pass:000000 "$@"; }
export_as modern.p12 -inkey key.pem -in signer.pem -certfile authorities.pem
export_as 3des.p12 -inkey key.pem -in signer.pem -legacy -certpbe PBE-SHA1-3DES
export_as rc2.p12 -inkey key.pem -in signer.pem -legacy -certpbe PBE-SHA1-RC2-40
export_as no-key.p12 -nokeys -in signer.pem
export_as no-cert.p12 -nocerts -inkey key.pem
export_as weak.p12 -inkey old-key.pem -in old-cert.pem
export_as ec.p12 -inkey ec-key.pem -in ec-signer.pem
export_as no-mac.p12 -inkey key.pem -in signer.pem -nomac
openssl pkcs12 -export -out no-password.p12 -passout pass: -inkey key.pem -in signer.pem

# What the till signs for WeChat Pay, and one answer of its; test-wechat-codec has the same texts.
wechat() { openssl dgst -sha256 -sign key.pem | base64 -w0 >"wechat-$1.sha256"; }
wechat pay <<'END'
POST
/v3/pay/transactions/codepay
1795320060
35d1ec52f2b8d6cd3b6d995a6a5864bb
{"appid":"wx8888888888888888","mchid":"1900000109","description":"S9101 & 果汁","out_trade_no":"0ABCDEFGHJKMNPQR","payer":{"auth_code":"134567890123456789"},"amount":{"total":1250,"currency":"CNY"},"scene_info":{"store_info":{"out_id":"1900000109"}}}
END
wechat query-pay <<'END'
GET
/v3/pay/transactions/out-trade-no/0ABCDEFGHJKMNPQR?mchid=1900000109
1795320060
47c7e52b91ce32d9f07e8b022472d02e

END
wechat reverse <<'END'
POST
/v3/pay/transactions/out-trade-no/0ABCDEFGHJKMNPQR/reverse
1795320060
0265e53f9b7bc2c4d28bb5209980585f
{"appid":"wx8888888888888888","mchid":"1900000109"}
END
wechat refund <<'END'
POST
/v3/refund/domestic/refunds
1795320060
ff01f5ec1f5661908127840d79c2faee
{"transaction_id":"4200000001202611220000000001","out_refund_no":"0ABCDEFGHJKMNPQR","reason":"S9101 & 果汁","amount":{"refund":1250,"total":5000,"currency":"CNY"}}
END
wechat query-refund <<'END'
GET
/v3/refund/domestic/refunds/0ABCDEFGHJKMNPQR
1795320060
5fd02e21bedb2ef3f4befac0e7b1b52c

END
wechat recall <<'END'
POST
/v3/refund/domestic/refunds/50300001/apply-abnormal-refund
1795320060
7ada552d8ac0b5fd97c82ad4fde7b707
{"out_refund_no":"0ABCDEFGHJKMNPQR","type":"MERCHANT_BANK_CARD"}
END
wechat answer <<'END'
1795320061
c5ac7061fccab6bf3e254dcf98995b8c
{"refund_id":"50300001","out_refund_no":"0ABCDEFGHJKMNPQR","transaction_id":"4200000001202611220000000001","out_trade_no":"0PAYMENTNUMBERX1","status":"SUCCESS","amount":{"total":5000,"refund":1250,"payer_refund":1000,"currency":"CNY"}}
END

# What Alipay signs of a request: every parameter but the signature, by name. 2026-11-22 12:00 in
# China; test-alipay-codec has the facts.
alipay() {
  printf 'app_id=2021000122671080&biz_content=%s&charset=utf-8&format=JSON&method=alipay.trade.%s&sign_type=RSA2&timestamp=2026-11-22 12:00:00&version=1.0' \
    "$2" "$1" >message.alipay
  openssl dgst -sha256 -sign key.pem message.alipay | base64 -w0 >"alipay.$1.sha256"
  rm message.alipay
}
pay='"out_trade_no":"0PAYMENTNUMBERX1"' refund='"out_request_no":"0ABCDEFGHJKMNPQR"'
alipay pay "{$pay,\"scene\":\"bar_code\",\"auth_code\":\"281234567890123456\",\"subject\":\"9101 & 果汁=1\",\"total_amount\":\"50.00\",\"seller_id\":\"2088102146225135\"}"
alipay query "{$pay}"
alipay cancel "{$pay}"
alipay refund "{$pay,$refund,\"refund_amount\":\"12.50\",\"refund_reason\":\"9101 & 果汁=1\"}"
alipay fastpay.refund.query "{$pay,$refund}"

# What UMPay signs of a request: the same but sign_type, with SHA-1; test-umpay-codec has the facts.
umpay() {
  printf '%s' "$2" >message.umpay
  openssl dgst -sha1 -sign key.pem message.umpay | base64 -w0 >"umpay.$1.sha1"
  rm message.umpay
}
order='mer_id=60000100&order_id=0PAYMENTNUMBERX1'
umpay passive_scancode_pay "amount=5000&amt_type=RMB&auth_code=281234567890123456&charset=UTF-8&goods_inf=9101 & 果汁=1&mer_date=20261121&$order&res_format=HTML&scancode_type=ALIPAY&service=passive_scancode_pay&version=4.0"
umpay query_order "amt_type=RMB&charset=UTF-8&mer_date=20261121&$order&res_format=HTML&service=query_order&version=4.0"
umpay mer_order_info_query "amt_type=RMB&charset=UTF-8&mer_date=20261121&$order&res_format=HTML&service=mer_order_info_query&version=4.0"
umpay mer_cancel "amount=5000&amt_type=RMB&charset=UTF-8&mer_date=20261121&$order&res_format=HTML&service=mer_cancel&version=4.0"
umpay mer_refund "amt_type=RMB&charset=UTF-8&mer_date=20261120&$order&org_amount=5000&refund_amount=1250&refund_no=0ABCDEFGHJKMNPQR&res_format=HTML&service=mer_refund&version=4.0"
umpay mer_refund_query "amt_type=RMB&charset=UTF-8&mer_id=60000100&refund_no=0ABCDEFGHJKMNPQR&res_format=HTML&service=mer_refund_query&version=4.0"
# An answer of its own, by a key of the old size.
printf 'amt_type=RMB&mer_date=20261120&mer_id=60000100&order_id=0PAYMENTNUMBERX1&refund_amount=1250&refund_no=0ABCDEFGHJKMNPQR&refund_state=REFUND_SUCCESS&ret_code=0000&ret_msg=成功&version=4.0' |
  openssl dgst -sha1 -sign old-key.pem | base64 -w0 >umpay.old-answer.sha1
