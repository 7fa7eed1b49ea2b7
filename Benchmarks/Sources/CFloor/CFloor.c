#include "CFloor.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

struct CFloor {
    SSL_CTX *server;
    SSL_CTX *client;
    char *server_name;
    // The newest session that the client was given, or null.
    SSL_SESSION *session;
};

static int keep_session(SSL *ssl, SSL_SESSION *session) {
    CFloor *floor = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    SSL_SESSION_free(floor->session);
    floor->session = session;
    // The reference is kept.
    return 1;
}

static SSL_CTX *make_context(const SSL_METHOD *method, const CFloorFiles *files, const char *chain, const char *key,
                             int version) {
    SSL_CTX *context = SSL_CTX_new(method);
    if (context == NULL || SSL_CTX_set_min_proto_version(context, version) != 1
        || SSL_CTX_set_max_proto_version(context, version) != 1
        || SSL_CTX_use_certificate_chain_file(context, chain) != 1
        || SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1
        || SSL_CTX_check_private_key(context) != 1 || SSL_CTX_load_verify_locations(context, files->root, NULL) != 1) {
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return context;
}

static void set_sessions(CFloor *floor, CFloorSessions sessions) {
    static const unsigned char scope[] = "floor";
    SSL_CTX_set_session_id_context(floor->server, scope, sizeof scope - 1);
    SSL_CTX_set_session_cache_mode(floor->server, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_cache_mode(floor->client, SSL_SESS_CACHE_OFF);
    if (sessions == CFloorSessionsOff) {
        SSL_CTX_set_options(floor->server, SSL_OP_NO_TICKET);
        SSL_CTX_set_options(floor->client, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(floor->server, 0);
        return;
    }
    SSL_CTX_set_session_cache_mode(floor->client, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(floor->client, keep_session);
    if (sessions == CFloorSessionsKept) {
        SSL_CTX_set_session_cache_mode(floor->server, SSL_SESS_CACHE_SERVER);
        SSL_CTX_set_options(floor->server, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(floor->server, 1);
    }
}

CFloor *CFloor_new(const CFloorFiles *files, int version, CFloorSessions sessions) {
    CFloor *floor = calloc(1, sizeof *floor);
    if (floor == NULL) return NULL;
    floor->server = make_context(TLS_server_method(), files, files->server_chain, files->server_key, version);
    floor->client = make_context(TLS_client_method(), files, files->client_chain, files->client_key, version);
    floor->server_name = strdup(files->server_name);
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(files->root);
    if (floor->server == NULL || floor->client == NULL || floor->server_name == NULL || names == NULL) {
        ERR_print_errors_fp(stderr);
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        CFloor_free(floor);
        return NULL;
    }
    SSL_CTX_set_client_CA_list(floor->server, names);
    SSL_CTX_set_app_data(floor->client, floor);
    set_sessions(floor, sessions);
    return floor;
}

void CFloor_free(CFloor *floor) {
    if (floor == NULL) return;
    SSL_SESSION_free(floor->session);
    SSL_CTX_free(floor->server);
    SSL_CTX_free(floor->client);
    free(floor->server_name);
    free(floor);
}

// A side without transport: a queue that it reads from and one that it writes to.
static SSL *make_side(SSL_CTX *context) {
    SSL *ssl = SSL_new(context);
    BIO *input = BIO_new(BIO_s_mem());
    BIO *output = BIO_new(BIO_s_mem());
    if (ssl == NULL || input == NULL || output == NULL) {
        BIO_free(input);
        BIO_free(output);
        SSL_free(ssl);
        return NULL;
    }
    BIO_set_mem_eof_return(input, -1);
    BIO_set_mem_eof_return(output, -1);
    SSL_set_bio(ssl, input, output);
    return ssl;
}

static int set_up_client(CFloor *floor, SSL *client, int resume) {
    SSL_set_connect_state(client);
    if (SSL_set_tlsext_host_name(client, floor->server_name) != 1 || SSL_set1_host(client, floor->server_name) != 1)
        return 0;
    return !resume || floor->session == NULL || SSL_set_session(client, floor->session) == 1;
}

// What the network does: takes all that one side has written, and gives it to the other.
static int carry(SSL *from, SSL *to) {
    unsigned char bytes[16384];
    int length;
    while ((length = BIO_read(SSL_get_wbio(from), bytes, sizeof bytes)) > 0)
        if (BIO_write(SSL_get_rbio(to), bytes, length) != length) return 0;
    return 1;
}

// Both sides in turn, until both are finished, and the client has read what the server sent after its handshake.
static CFloorOutcome play(SSL *server, SSL *client) {
    char byte;
    for (int turn = 0; turn < 8; turn++) {
        int at_client = SSL_do_handshake(client);
        if (at_client != 1 && SSL_get_error(client, at_client) != SSL_ERROR_WANT_READ) return CFloorFailed;
        if (!carry(client, server)) return CFloorFailed;
        int at_server = SSL_do_handshake(server);
        if (at_server != 1 && SSL_get_error(server, at_server) != SSL_ERROR_WANT_READ) return CFloorFailed;
        if (!carry(server, client)) return CFloorFailed;
        if (at_client != 1 || at_server != 1) continue;
        int result = SSL_read(client, &byte, 1);
        if (SSL_get_error(client, result) != SSL_ERROR_WANT_READ) return CFloorFailed;
        if (SSL_get_verify_result(server) != X509_V_OK || SSL_get0_peer_certificate(server) == NULL) return CFloorFailed;
        return SSL_session_reused(server) ? CFloorResumed : CFloorFull;
    }
    return CFloorFailed;
}

CFloorOutcome CFloor_handshake(CFloor *floor, int resume) {
    ERR_clear_error();
    SSL *server = make_side(floor->server);
    SSL *client = make_side(floor->client);
    CFloorOutcome outcome = CFloorFailed;
    if (server != NULL && client != NULL) {
        SSL_set_accept_state(server);
        if (set_up_client(floor, client, resume)) outcome = play(server, client);
        // Without it libssl takes the connection for broken off, and its session for spoiled.
        SSL_set_shutdown(server, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        SSL_set_shutdown(client, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }
    SSL_free(server);
    SSL_free(client);
    return outcome;
}
