#include "Side.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

struct Side {
    SSL_CTX *context;
    SSL *ssl;
};

static X509 *read_certificate(const Encoding *encoding) {
    const unsigned char *bytes = encoding->bytes;
    return d2i_X509(NULL, &bytes, encoding->length);
}

static int use_entity(SSL_CTX *context, const Entity *entity) {
    const unsigned char *bytes = entity->key.bytes;
    X509 *certificate = read_certificate(&entity->certificate);
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &bytes, entity->key.length);
    int done = certificate != NULL && key != NULL && SSL_CTX_use_certificate(context, certificate) == 1
        && SSL_CTX_use_PrivateKey(context, key) == 1 && SSL_CTX_check_private_key(context) == 1;
    X509_free(certificate);
    EVP_PKEY_free(key);
    return done;
}

static int trust_root(SSL_CTX *context, const CEngineFloorPKI *pki, int sends_name) {
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

static int set_mode(SSL_CTX *context, CEngineFloorMode mode) {
    int flags = SSL_VERIFY_PEER;
    switch (mode) {
    case CEngineFloorNoClientCert: flags = SSL_VERIFY_NONE; break;
    case CEngineFloorRequireAnyClientCert: flags |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT; // fall through
    case CEngineFloorRequestClientCert: SSL_CTX_set_cert_verify_callback(context, accept_any, NULL); break;
    case CEngineFloorRequireAndVerifyClientCert: flags |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT; break;
    case CEngineFloorVerifyClientCertIfGiven: break;
    }
    SSL_CTX_set_verify(context, flags, NULL);
    return 1;
}

static int set_up(SSL_CTX *context, const CEngineFloorCase *one, const CEngineFloorPKI *pki, int is_server) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    if (SSL_CTX_set_min_proto_version(context, one->version) != 1
        || SSL_CTX_set_max_proto_version(context, one->version) != 1 || !trust_root(context, pki, is_server))
        return 0;
    if (is_server) {
        SSL_CTX_set_num_tickets(context, 0);
        return use_entity(context, &pki->server) && set_mode(context, one->mode);
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    return !one->client_has_certificate || use_entity(context, &pki->client);
}

static void free_side(Side *side) {
    if (side == NULL) return;
    SSL_free(side->ssl);
    SSL_CTX_free(side->context);
    free(side);
}

static SSL_CTX *make_context(const CEngineFloorCase *one, const CEngineFloorPKI *pki, int is_server) {
    SSL_CTX *context = SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method());
    if (context != NULL && set_up(context, one, pki, is_server)) return context;
    ERR_print_errors_fp(stderr);
    SSL_CTX_free(context);
    return NULL;
}

// The contexts that connections share live as long as the process.
static SSL_CTX *context_for(const CEngineFloorCase *one, const CEngineFloorPKI *pki, int is_server) {
    static SSL_CTX *shared[2];
    if (!one->shares_contexts) return make_context(one, pki, is_server);
    if (shared[is_server] == NULL) shared[is_server] = make_context(one, pki, is_server);
    if (shared[is_server] != NULL) SSL_CTX_up_ref(shared[is_server]);
    return shared[is_server];
}

static Side *make_side(const CEngineFloorCase *one, const CEngineFloorPKI *pki, int is_server, BIO *from, BIO *to) {
    ERR_clear_error();
    Side *side = calloc(1, sizeof *side);
    if (side == NULL) return NULL;
    side->context = context_for(one, pki, is_server);
    if (side->context != NULL) side->ssl = SSL_new(side->context);
    if (side->ssl == NULL) {
        free_side(side);
        return NULL;
    }
    BIO_up_ref(from);
    BIO_up_ref(to);
    SSL_set_bio(side->ssl, from, to);
    if (is_server) {
        SSL_set_accept_state(side->ssl);
    } else {
        SSL_set_connect_state(side->ssl);
        if (SSL_set_tlsext_host_name(side->ssl, "server.test") != 1 || SSL_set1_host(side->ssl, "server.test") != 1) {
            free_side(side);
            return NULL;
        }
    }
    return side;
}

static Progress progress(Side *side, int result, int whole) {
    if (result == whole) return ProgressDone;
    return SSL_get_error(side->ssl, result) == SSL_ERROR_WANT_READ ? ProgressWaiting : ProgressFailed;
}

static Progress handshake(Side *side) {
    return progress(side, SSL_do_handshake(side->ssl), 1);
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

const SideMethods libssl_side = {make_side, handshake, write_bytes, read_bytes, close_side, free_side};
