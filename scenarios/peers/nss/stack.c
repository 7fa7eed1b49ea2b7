/* NSS behind common/driver.h. */
#include "driver.h"

#include <cert.h>
#include <certdb.h>
#include <cryptohi.h>
#include <nspr.h>
#include <nss.h>
#include <nssb64.h>
#include <pk11pub.h>
#include <private/pprio.h>
#include <secerr.h>
#include <ssl.h>
#include <sslerr.h>
#include <sslproto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const stack_name = "nss";

enum { MOST = 16, CLOSE_NOTIFY = 0 };

static CERTCertificate *chain[MOST], *pool[MOST];
static int chain_count, pool_count;
static SECKEYPrivateKey *key;
static struct seen *now;
static char problem[400];

const char *stack_version(void) { return NSS_GetVersion(); }

static const char *failed(const char *what) {
    PRErrorCode code = PR_GetError();
    const char *name = PR_ErrorToName(code);
    snprintf(problem, sizeof problem, "%s: %s, %s", what, name ? name : "?", PR_ErrorToString(code, 0));
    return problem;
}

/* The contents of the next block of PEM; 0 when there is none. */
static int next_block(char **at, SECItem *der) {
    char *begin = strstr(*at, "-----BEGIN ");
    if (!begin) return 0;
    begin = strchr(begin, '\n') + 1;
    char *end = strstr(begin, "-----END ");
    if (!end) return 0;
    *at = end + 1;
    *end = 0;
    return NSSBase64_DecodeBuffer(NULL, der, begin, (unsigned)(end - begin)) != NULL;
}

static const char *read_certificates(const char *path, CERTCertificate **all, int *count) {
    size_t length;
    char *text = read_file(path, &length);
    if (!text) return "a file can't be read";
    SECItem der = {siBuffer, NULL, 0};
    for (char *at = text; *count < MOST && next_block(&at, &der); *count += 1, der.data = NULL, der.len = 0) {
        all[*count] = CERT_NewTempCertificate(CERT_GetDefaultCertDB(), &der, NULL, PR_FALSE, PR_TRUE);
        if (!all[*count]) return failed("certificate");
    }
    return *count ? NULL : "a file holds no certificate";
}

/* Whether what the key signs is verified by the certificate; the points of two keys are kept in more than one form. */
static int is_own_key(void) {
    unsigned char text[] = "countersign";
    SECItem signature = {siBuffer, NULL, 0};
    SECKEYPublicKey *public = CERT_ExtractPublicKey(chain[0]);
    SECOidTag how = SEC_GetSignatureAlgorithmOidTag(key->keyType, SEC_OID_SHA256);
    if (!public || SEC_SignData(&signature, text, sizeof text, key, how) != SECSuccess) return 0;
    return VFY_VerifyData(text, sizeof text, public, &signature, how, NULL) == SECSuccess;
}

const char *stack_load(const struct settings *settings) {
    const char *wrong;
    PR_Init(PR_USER_THREAD, PR_PRIORITY_NORMAL, 0);
    if (NSS_NoDB_Init(NULL) != SECSuccess) return failed("no start");
    NSS_SetDomesticPolicy();
    if (settings->chain) {
        if ((wrong = read_certificates(settings->chain, chain, &chain_count))) return wrong;
        size_t length;
        char *text = read_file(settings->key, &length), *at = text;
        SECItem der = {siBuffer, NULL, 0};
        if (!text || !next_block(&at, &der)) return "the key can't be read";
        PK11SlotInfo *slot = PK11_GetInternalKeySlot();
        if (PK11_ImportDERPrivateKeyInfoAndReturnKey(
                slot, &der, NULL, NULL, PR_FALSE, PR_FALSE, KU_ALL, &key, NULL) != SECSuccess)
            return failed("key");
        if (!is_own_key()) return "mismatch of certificate and key";
    }
    if (settings->pool) {
        if ((wrong = read_certificates(settings->pool, pool, &pool_count))) return wrong;
        CERTCertTrust trust = {CERTDB_TRUSTED_CA | CERTDB_VALID_CA | CERTDB_TRUSTED_CLIENT_CA, 0, 0};
        CERTCertTrust pinned = {CERTDB_TERMINAL_RECORD | CERTDB_TRUSTED, 0, 0};
        for (int i = 0; i < pool_count; i++) {
            PRBool is_ca = CERT_IsCACert(pool[i], NULL);
            if (CERT_ChangeCertTrust(CERT_GetDefaultCertDB(), pool[i], is_ca ? &trust : &pinned) != SECSuccess)
                return failed("pool");
        }
    }
    return NULL;
}

static SECStatus any_certificate(void *unused, PRFileDesc *socket, PRBool checks, PRBool is_server) {
    (void)unused;
    (void)socket;
    (void)checks;
    (void)is_server;
    return SECSuccess;
}

static SECStatus own_certificate(
    void *unused, PRFileDesc *socket, CERTDistNames *names, CERTCertificate **certificate, SECKEYPrivateKey **own) {
    (void)unused;
    (void)socket;
    (void)names;
    now->certificate_requested = 1;
    if (!chain_count) return SECFailure;
    *certificate = CERT_DupCertificate(chain[0]);
    *own = SECKEY_CopyPrivateKey(key);
    return SECSuccess;
}

static void alert_sent(const PRFileDesc *socket, void *unused, const SSLAlert *alert) {
    (void)socket;
    (void)unused;
    if (alert->description != CLOSE_NOTIFY && now->alert_sent < 0) now->alert_sent = alert->description;
}

static void alert_received(const PRFileDesc *socket, void *unused, const SSLAlert *alert) {
    (void)socket;
    (void)unused;
    if (alert->description != CLOSE_NOTIFY && now->alert_received < 0) now->alert_received = alert->description;
}

static PRInt32 name_of_client(PRFileDesc *socket, const SECItem *names, PRUint32 count, void *unused) {
    (void)socket;
    (void)unused;
    if (count) snprintf(now->sni, sizeof now->sni, "%.*s", (int)names[0].len, (const char *)names[0].data);
    return 0;
}

static int read_some(void *connection, char *bytes, size_t count) {
    return PR_Recv(connection, bytes, (PRInt32)count, 0, PR_SecondsToInterval(3));
}

static int write_some(void *connection, char *bytes, size_t count) {
    return PR_Send(connection, bytes, (PRInt32)count, 0, PR_SecondsToInterval(3));
}

static void note_peer(PRFileDesc *socket, const struct settings *settings, struct seen *seen) {
    CERTCertificate *peer = SSL_PeerCertificate(socket);
    unsigned char digest[32];
    int verifies = settings->is_server
        ? settings->mode == VERIFY_IF_GIVEN || settings->mode == REQUIRE_AND_VERIFY : !settings->skips_verification;
    seen->received[0] = 0;
    seen->verified = peer && verifies;
    if (!peer) return;
    PK11_HashBuf(SEC_OID_SHA256, digest, peer->derCert.data, (PRInt32)peer->derCert.len);
    hexadecimal(digest, sizeof digest, seen->received);
}

static SECStatus set_up_server(PRFileDesc *socket, const struct settings *settings) {
    int requires = settings->mode == REQUIRE_ANY || settings->mode == REQUIRE_AND_VERIFY;
    CERTCertificateList *sent = CERT_CertChainFromCert(chain[0], certUsageSSLServer, PR_TRUE);
    SSLExtraServerCertData extra = {.authType = ssl_auth_null, .certChain = sent};
    CERTCertList *names = CERT_NewCertList();
    for (int i = 0; i < pool_count; i++) CERT_AddCertToListTail(names, CERT_DupCertificate(pool[i]));
    if (settings->mode != NO_CLIENT_CERT) {
        SSL_OptionSet(socket, SSL_REQUEST_CERTIFICATE, PR_TRUE);
        SSL_OptionSet(socket, SSL_REQUIRE_CERTIFICATE, requires ? SSL_REQUIRE_ALWAYS : SSL_REQUIRE_NEVER);
        if (pool_count && SSL_SetTrustAnchors(socket, names) != SECSuccess) return SECFailure;
    }
    if (settings->mode == REQUEST || settings->mode == REQUIRE_ANY)
        SSL_AuthCertificateHook(socket, any_certificate, NULL);
    SSL_SNISocketConfigHook(socket, name_of_client, NULL);
    return SSL_ConfigServerCert(socket, chain[0], key, &extra, sizeof extra);
}

void stack_play(const struct settings *settings, int fd, struct seen *seen) {
    SSLVersionRange version = {
        settings->is_tls13 ? SSL_LIBRARY_VERSION_TLS_1_3 : SSL_LIBRARY_VERSION_TLS_1_2,
        settings->is_tls13 ? SSL_LIBRARY_VERSION_TLS_1_3 : SSL_LIBRARY_VERSION_TLS_1_2,
    };
    now = seen;
    seen->alert_sent = seen->alert_received = NONE;
    if (settings->is_server) {
        seen->sni[0] = 0;
        SSL_ConfigServerSessionIDCache(0, 0, 0, NULL);
    } else {
        seen->certificate_requested = 0;
    }
    PRFileDesc *socket = SSL_ImportFD(NULL, PR_ImportTCPSocket(fd));
    SSL_OptionSet(socket, SSL_SECURITY, PR_TRUE);
    SSL_OptionSet(socket, settings->is_server ? SSL_HANDSHAKE_AS_SERVER : SSL_HANDSHAKE_AS_CLIENT, PR_TRUE);
    SSL_OptionSet(socket, SSL_NO_CACHE, PR_TRUE);
    SSL_VersionRangeSet(socket, &version);
    SSL_AlertSentCallback(socket, alert_sent, NULL);
    SSL_AlertReceivedCallback(socket, alert_received, NULL);
    if (settings->is_server) {
        if (set_up_server(socket, settings) != SECSuccess) goto failed;
    } else {
        SSL_SetURL(socket, settings->server_name ? settings->server_name : "");
        SSL_GetClientAuthDataHook(socket, own_certificate, NULL);
        if (settings->skips_verification) SSL_AuthCertificateHook(socket, any_certificate, NULL);
    }
    if (SSL_ResetHandshake(socket, settings->is_server) != SECSuccess
        || SSL_ForceHandshakeWithTimeout(socket, PR_SecondsToInterval(3)) != SECSuccess)
        goto failed;
    seen->handshake_done = 1;
    note_peer(socket, settings, seen);
    if (!converse(settings->is_server, socket, read_some, write_some)) goto failed;
    seen->accepted = 1;
    PR_Shutdown(socket, PR_SHUTDOWN_SEND);
    return;
failed:
    snprintf(seen->detail, sizeof seen->detail, "%s", failed("TLS"));
}
