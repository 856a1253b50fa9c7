/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How Alipay names certificates in requests and answers (公钥证书方式, app_cert_sn,
 * alipay_root_cert_sn and alipay_cert_sn): MD5 in hexadecimal digits over the issuer's name, last
 * part first and joined by commas, with the serial number in decimal behind it. A name and no
 * proof: what is believed is the key. Any thread. */
#pragma once
#include "devices/gateway/keys.h"

G_BEGIN_DECLS

/* Of the one certificate in the file, which must be that of key: INVALID otherwise. */
char *till_certificate_sn (const char *path, const TillKey *key,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Of all certificates in the file that are signed with RSA, joined by "_"; at most 16. INVALID
 * where there is none, or something that is no certificate. */
char *till_certificate_root_sn (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
