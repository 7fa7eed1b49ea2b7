#include "Side.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

struct Context {
    SSL_CTX *ssl;
    int is_server;
    CFloorSettings settings;
    // The newest session that a client was given, or null.
    SSL_SESSION *session;
};

struct Side {
    Context *context;
    SSL *ssl;
};

static X509 *read_certificate(const Encoding *encoding) {
    const unsigned char *bytes = encoding->bytes;
    return d2i_X509(NULL, &bytes, encoding->length);
}

static int use_intermediate(SSL_CTX *context, const Encoding *encoding) {
    if (encoding->length == 0) return 1;
    X509 *certificate = read_certificate(encoding);
    int done = certificate != NULL && SSL_CTX_add1_chain_cert(context, certificate) == 1;
    X509_free(certificate);
    return done;
}

static EVP_PKEY *read_key(const Entity *entity, int is_decoded) {
    const unsigned char *bytes = entity->key.bytes;
    if (!is_decoded) return d2i_AutoPrivateKey(NULL, &bytes, entity->key.length);
    return EVP_PKEY_up_ref(entity->decoded_key) == 1 ? entity->decoded_key : NULL;
}

static int use_entity(SSL_CTX *context, const Entity *entity, int has_decoded_key) {
    X509 *certificate = read_certificate(&entity->certificate);
    EVP_PKEY *key = read_key(entity, has_decoded_key);
    // Without the mode libssl builds a chain for each handshake, and sends the root too.
    SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
    int done = certificate != NULL && key != NULL && SSL_CTX_use_certificate(context, certificate) == 1
        && SSL_CTX_use_PrivateKey(context, key) == 1 && SSL_CTX_check_private_key(context) == 1
        && use_intermediate(context, &entity->intermediate);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return done;
}

static int trust_root(SSL_CTX *context, const CFloorPKI *pki, int sends_name) {
    X509 *root = read_certificate(&pki->root.certificate);
    int done = root != NULL && X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root) == 1
        && (!sends_name || SSL_CTX_add_client_CA(context, root) == 1);
    X509_free(root);
    return done;
}

static int accept_any(X509_STORE_CTX *context, void *argument) {
    (void)context;
    (void)argument;
    return 1;
}

static void set_mode(SSL_CTX *context, CFloorMode mode) {
    int flags = SSL_VERIFY_PEER;
    switch (mode) {
    case CFloorNoClientCert: flags = SSL_VERIFY_NONE; break;
    case CFloorRequireAnyClientCert: flags |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT; // fall through
    case CFloorRequestClientCert: SSL_CTX_set_cert_verify_callback(context, accept_any, NULL); break;
    case CFloorRequireAndVerifyClientCert: flags |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT; break;
    case CFloorVerifyClientCertIfGiven: break;
    }
    SSL_CTX_set_verify(context, flags, NULL);
}

static int keep_session(SSL *ssl, SSL_SESSION *session) {
    Context *context = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    SSL_SESSION_free(context->session);
    context->session = session;
    // The reference is kept.
    return 1;
}

static int set_sessions(Context *context, CFloorSessions sessions) {
    static const unsigned char scope[] = "floor";
    SSL_CTX *ssl = context->ssl;
    SSL_CTX_set_app_data(ssl, context);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    if (sessions == CFloorSessionsOff) {
        SSL_CTX_set_options(ssl, SSL_OP_NO_TICKET);
        return SSL_CTX_set_num_tickets(ssl, 0) == 1;
    }
    if (!context->is_server) {
        SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(ssl, keep_session);
        return 1;
    }
    if (sessions == CFloorSessionsKept) {
        SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_SERVER);
        SSL_CTX_set_options(ssl, SSL_OP_NO_TICKET);
        if (SSL_CTX_set_num_tickets(ssl, 1) != 1) return 0;
    }
    return SSL_CTX_set_session_id_context(ssl, scope, sizeof scope - 1) == 1;
}

static int set_up(Context *context, const CFloorPKI *pki) {
    SSL_CTX *ssl = context->ssl;
    int version = context->settings.version, is_server = context->is_server;
    if (SSL_CTX_set_min_proto_version(ssl, version) != 1 || SSL_CTX_set_max_proto_version(ssl, version) != 1
        || !trust_root(ssl, pki, is_server) || !set_sessions(context, context->settings.sessions))
        return 0;
    if (is_server)
        set_mode(ssl, context->settings.mode);
    else
        SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, NULL);
    return use_entity(ssl, is_server ? &pki->server : &pki->client, context->settings.has_decoded_keys);
}

static void free_context(Context *context) {
    if (context == NULL) return;
    SSL_SESSION_free(context->session);
    SSL_CTX_free(context->ssl);
    free(context);
}

static Context *make_context(const CFloorSettings *settings, const CFloorPKI *pki, int is_server) {
    Context *context = calloc(1, sizeof *context);
    if (context == NULL) return NULL;
    ERR_clear_error();
    context->settings = *settings;
    context->is_server = is_server;
    context->ssl = SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method());
    if (context->ssl != NULL && set_up(context, pki)) return context;
    ERR_print_errors_fp(stderr);
    free_context(context);
    return NULL;
}

static void free_side(Side *side) {
    if (side == NULL) return;
    // Without it libssl takes the connection for broken off, and its session for spoiled.
    if (side->ssl != NULL) SSL_set_shutdown(side->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(side->ssl);
    free(side);
}

static int set_up_client(Side *side, int resume) {
    SSL_SESSION *session = side->context->session;
    SSL_set_connect_state(side->ssl);
    return SSL_set_tlsext_host_name(side->ssl, "server.test") == 1 && SSL_set1_host(side->ssl, "server.test") == 1
        && (!resume || session == NULL || SSL_set_session(side->ssl, session) == 1);
}

static Side *make_side(Context *context, int resume, BIO *from, BIO *to) {
    ERR_clear_error();
    Side *side = calloc(1, sizeof *side);
    if (side == NULL) return NULL;
    side->context = context;
    side->ssl = SSL_new(context->ssl);
    if (side->ssl != NULL) {
        BIO_up_ref(from);
        BIO_up_ref(to);
        SSL_set_bio(side->ssl, from, to);
        if (context->is_server) SSL_set_accept_state(side->ssl);
        if (context->is_server || set_up_client(side, resume)) return side;
    }
    free_side(side);
    return NULL;
}

static Progress progress(Side *side, int result, int whole) {
    if (result == whole) return ProgressDone;
    if (SSL_get_error(side->ssl, result) == SSL_ERROR_WANT_READ) return ProgressWaiting;
    ERR_print_errors_fp(stderr);
    return ProgressFailed;
}

static Progress handshake(Side *side) {
    return progress(side, SSL_do_handshake(side->ssl), 1);
}

static int is_as_set(Side *side) {
    int expects_peer = !side->context->is_server || side->context->settings.mode != CFloorNoClientCert;
    return SSL_version(side->ssl) == side->context->settings.version && SSL_get_verify_result(side->ssl) == X509_V_OK
        && (SSL_get0_peer_certificate(side->ssl) != NULL) == expects_peer;
}

static int is_resumed(Side *side) {
    return SSL_session_reused(side->ssl);
}

static Progress settle(Side *side) {
    char byte;
    return progress(side, SSL_read(side->ssl, &byte, 1), 1);
}

static Progress write_bytes(Side *side, const char *bytes, int length) {
    return progress(side, SSL_write(side->ssl, bytes, length), length);
}

static Progress read_bytes(Side *side, char *bytes, int length) {
    return progress(side, SSL_read(side->ssl, bytes, length), length);
}

static void close_side(Side *side) {
    SSL_shutdown(side->ssl);
}

const Stack libssl_stack = {make_context, free_context, make_side,  handshake,  is_as_set, is_resumed,
                            settle,       write_bytes,  read_bytes, close_side, free_side};
