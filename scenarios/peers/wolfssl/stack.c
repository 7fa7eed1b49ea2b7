/* wolfSSL behind common/driver.h. */
#include "driver.h"

#include <stdio.h>
#include <string.h>
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/version.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/sha256.h>

const char *const stack_name = "wolfssl";

static WOLFSSL_CTX *context;
static char problem[400];

const char *stack_version(void) { return LIBWOLFSSL_VERSION_STRING; }

static const char *failed(const char *what, int code) {
    char reason[WOLFSSL_MAX_ERROR_SZ];
    wolfSSL_ERR_error_string((unsigned long)code, reason);
    snprintf(problem, sizeof problem, "%s: %s", what, reason);
    return problem;
}

static int any_certificate(int is_good, WOLFSSL_X509_STORE_CTX *store) {
    (void)is_good;
    (void)store;
    return 1;
}

const char *stack_load(const struct settings *settings) {
    WOLFSSL_METHOD *method = settings->is_server
        ? (settings->is_tls13 ? wolfTLSv1_3_server_method() : wolfTLSv1_2_server_method())
        : (settings->is_tls13 ? wolfTLSv1_3_client_method() : wolfTLSv1_2_client_method());
    int code;
    wolfSSL_Init();
    context = wolfSSL_CTX_new(method);
    if (!context) return "no context";
    if (settings->chain) {
        code = wolfSSL_CTX_use_certificate_chain_file(context, settings->chain);
        if (code != WOLFSSL_SUCCESS) return failed("certificate", code);
        code = wolfSSL_CTX_use_PrivateKey_file(context, settings->key, WOLFSSL_FILETYPE_PEM);
        if (code != WOLFSSL_SUCCESS) return failed("key", code);
        if (wolfSSL_CTX_check_private_key(context) != WOLFSSL_SUCCESS) return "mismatch of certificate and key";
    }
    if (settings->pool) {
        code = wolfSSL_CTX_load_verify_locations(context, settings->pool, NULL);
        if (code != WOLFSSL_SUCCESS) return failed("pool", code);
        if (settings->is_server)
            wolfSSL_CTX_set_client_CA_list(context, wolfSSL_load_client_CA_file(settings->pool));
    }
    return NULL;
}

static void set_verification(const struct settings *settings) {
    const int required = WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    if (!settings->is_server) {
        wolfSSL_CTX_set_verify(context, settings->skips_verification ? WOLFSSL_VERIFY_NONE : WOLFSSL_VERIFY_PEER, NULL);
        return;
    }
    switch (settings->mode) {
    case NO_CLIENT_CERT: wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_NONE, NULL); break;
    case REQUEST: wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_PEER, any_certificate); break;
    case REQUIRE_ANY: wolfSSL_CTX_set_verify(context, required, any_certificate); break;
    case VERIFY_IF_GIVEN: wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_PEER, NULL); break;
    case REQUIRE_AND_VERIFY: wolfSSL_CTX_set_verify(context, required, NULL); break;
    }
}

static int read_some(void *connection, char *bytes, size_t count) {
    return wolfSSL_read(connection, bytes, (int)count);
}

static int write_some(void *connection, char *bytes, size_t count) {
    return wolfSSL_write(connection, bytes, (int)count);
}

static void note_peer(WOLFSSL *ssl, const struct settings *settings, struct seen *seen) {
    WOLFSSL_X509 *peer = wolfSSL_get_peer_certificate(ssl);
    unsigned char digest[WC_SHA256_DIGEST_SIZE];
    int length = 0;
    const unsigned char *der = peer ? wolfSSL_X509_get_der(peer, &length) : NULL;
    int verifies = settings->is_server
        ? settings->mode == VERIFY_IF_GIVEN || settings->mode == REQUIRE_AND_VERIFY : !settings->skips_verification;
    seen->received[0] = 0;
    seen->verified = der && verifies;
    if (!der) return;
    wc_Sha256Hash(der, (word32)length, digest);
    hexadecimal(digest, sizeof digest, seen->received);
}

static void note_alerts(WOLFSSL *ssl, struct seen *seen) {
    WOLFSSL_ALERT_HISTORY history;
    if (wolfSSL_get_alert_history(ssl, &history) != WOLFSSL_SUCCESS) return;
    /* A history begins with -1, and close_notify is no refusal. */
    seen->alert_received = history.last_rx.code > 0 ? history.last_rx.code : NONE;
    seen->alert_sent = history.last_tx.code > 0 ? history.last_tx.code : NONE;
}

void stack_play(const struct settings *settings, int fd, struct seen *seen) {
    set_verification(settings);
    WOLFSSL *ssl = wolfSSL_new(context);
    if (!ssl) {
        seen->refused_before_any_byte = 1;
        return;
    }
    wolfSSL_set_fd(ssl, fd);
    if (!settings->is_server && settings->server_name) {
        wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, settings->server_name, (word16)strlen(settings->server_name));
        if (!settings->skips_verification) wolfSSL_check_domain_name(ssl, settings->server_name);
    }
    int result = settings->is_server ? wolfSSL_accept(ssl) : wolfSSL_connect(ssl);
    if (result == WOLFSSL_SUCCESS) {
        seen->handshake_done = 1;
        note_peer(ssl, settings, seen);
        seen->accepted = converse(settings->is_server, ssl, read_some, write_some);
        result = seen->accepted ? WOLFSSL_SUCCESS : WOLFSSL_FATAL_ERROR;
    }
    note_alerts(ssl, seen);
    if (result == WOLFSSL_SUCCESS) wolfSSL_shutdown(ssl);
    else snprintf(seen->detail, sizeof seen->detail, "%s", failed("TLS", wolfSSL_get_error(ssl, result)));
    wolfSSL_free(ssl);
}
