/* mbedTLS behind common/driver.h. */
#include "driver.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/sha256.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <stdio.h>
#include <string.h>

const char *const stack_name = "mbedtls";

static mbedtls_x509_crt chain, pool;
static mbedtls_pk_context key;
static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context random_numbers;
static mbedtls_ssl_context ssl;
static struct seen *now;
static char problem[400];

const char *stack_version(void) { return MBEDTLS_VERSION_STRING; }

static const char *failed(const char *what, int code) {
    char reason[200];
    mbedtls_strerror(code, reason, sizeof reason);
    snprintf(problem, sizeof problem, "%s: %s", what, reason);
    return problem;
}

const char *stack_load(const struct settings *settings) {
    int code;
    mbedtls_x509_crt_init(&chain);
    mbedtls_x509_crt_init(&pool);
    mbedtls_pk_init(&key);
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random_numbers);
    if ((code = mbedtls_ctr_drbg_seed(&random_numbers, mbedtls_entropy_func, &entropy, NULL, 0)) != 0)
        return failed("no random numbers", code);
    if (settings->chain) {
        if ((code = mbedtls_x509_crt_parse_file(&chain, settings->chain)) != 0) return failed("certificate", code);
        if ((code = mbedtls_pk_parse_keyfile(&key, settings->key, NULL)) != 0) return failed("key", code);
        if (mbedtls_pk_check_pair(&chain.pk, &key) != 0) return "mismatch of certificate and key";
    }
    if (settings->pool && (code = mbedtls_x509_crt_parse_file(&pool, settings->pool)) != 0)
        return failed("pool", code);
    return NULL;
}

static int name_of_client(void *unused, mbedtls_ssl_context *connection, const unsigned char *name, size_t length) {
    (void)unused;
    (void)connection;
    snprintf(now->sni, sizeof now->sni, "%.*s", (int)length, (const char *)name);
    return 0;
}

static int read_some(void *connection, char *bytes, size_t count) {
    return mbedtls_ssl_read(connection, (unsigned char *)bytes, count);
}

static int write_some(void *connection, char *bytes, size_t count) {
    return mbedtls_ssl_write(connection, (unsigned char *)bytes, count);
}

static int authmode(const struct settings *settings) {
    if (!settings->is_server) return settings->skips_verification ? MBEDTLS_SSL_VERIFY_NONE : MBEDTLS_SSL_VERIFY_REQUIRED;
    switch (settings->mode) {
    case NO_CLIENT_CERT: return MBEDTLS_SSL_VERIFY_NONE;
    case REQUEST: return MBEDTLS_SSL_VERIFY_OPTIONAL;
    default: return MBEDTLS_SSL_VERIFY_REQUIRED;
    }
}

static void note_peer(const struct settings *settings, struct seen *seen) {
    const mbedtls_x509_crt *peer = mbedtls_ssl_get_peer_cert(&ssl);
    unsigned char digest[32];
    seen->received[0] = 0;
    seen->verified = 0;
    if (!peer) return;
    mbedtls_sha256_ret(peer->raw.p, peer->raw.len, digest, 0);
    hexadecimal(digest, sizeof digest, seen->received);
    seen->verified = authmode(settings) != MBEDTLS_SSL_VERIFY_NONE && mbedtls_ssl_get_verify_result(&ssl) == 0;
}

void stack_play(const struct settings *settings, int fd, struct seen *seen) {
    mbedtls_ssl_config config;
    mbedtls_net_context socket = {.fd = fd};
    int code;
    now = seen;
    mbedtls_ssl_init(&ssl);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_config_defaults(&config, settings->is_server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT,
        MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_max_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_authmode(&config, authmode(settings));
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random_numbers);
    mbedtls_ssl_conf_ca_chain(&config, &pool, NULL);
    if (settings->is_server) {
        seen->sni[0] = 0;
        mbedtls_ssl_conf_sni(&config, name_of_client, NULL);
    }
    if (settings->chain && (code = mbedtls_ssl_conf_own_cert(&config, &chain, &key)) != 0) goto failed;
    if ((code = mbedtls_ssl_setup(&ssl, &config)) != 0) goto failed;
    if (!settings->is_server && (code = mbedtls_ssl_set_hostname(&ssl, settings->server_name)) != 0) goto failed;
    mbedtls_ssl_set_bio(&ssl, &socket, mbedtls_net_send, mbedtls_net_recv, NULL);
    if ((code = mbedtls_ssl_handshake(&ssl)) != 0) goto failed;
    seen->handshake_done = 1;
    note_peer(settings, seen);
    if (!converse(settings->is_server, &ssl, read_some, write_some)) {
        code = MBEDTLS_ERR_SSL_CONN_EOF;
        goto failed;
    }
    seen->accepted = 1;
    seen->alert_sent = seen->alert_received = NONE;
    mbedtls_ssl_close_notify(&ssl);
    return;
failed:
    snprintf(seen->detail, sizeof seen->detail, "%s", failed("TLS", code));
    seen->alert_received = NONE;
    seen->was_reset = code == MBEDTLS_ERR_NET_CONN_RESET;
    /* mbedTLS tells that there was a fatal alert, and leaves its number in the message that it read. */
    if (code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE && ssl.in_msg) seen->alert_received = ssl.in_msg[1];
}
