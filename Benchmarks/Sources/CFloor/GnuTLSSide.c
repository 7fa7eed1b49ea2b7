#include "Side.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct Context {
    gnutls_certificate_credentials_t credentials;
    gnutls_priority_t priority;
    int is_server;
    CFloorSettings settings;
};

struct Side {
    Context *context;
    gnutls_session_t session;
    BIO *from;
    BIO *to;
};

static ssize_t pull(gnutls_transport_ptr_t transport, void *bytes, size_t length) {
    Side *side = transport;
    int count = BIO_read(side->from, bytes, (int)length);
    if (count > 0) return count;
    gnutls_transport_set_errno(side->session, EAGAIN);
    return -1;
}

static ssize_t push(gnutls_transport_ptr_t transport, const void *bytes, size_t length) {
    Side *side = transport;
    return BIO_write(side->to, bytes, (int)length);
}

static int wait_for_bytes(gnutls_transport_ptr_t transport, unsigned int milliseconds) {
    Side *side = transport;
    (void)milliseconds;
    return BIO_pending(side->from) > 0;
}

static gnutls_datum_t datum(const Encoding *encoding) {
    return (gnutls_datum_t){.data = encoding->bytes, .size = (unsigned int)encoding->length};
}

static int use_entity(gnutls_certificate_credentials_t credentials, const Entity *entity) {
    gnutls_datum_t certificate = datum(&entity->certificate), key = datum(&entity->key);
    return entity->intermediate.length == 0
        && gnutls_certificate_set_x509_key_mem(credentials, &certificate, &key, GNUTLS_X509_FMT_DER) >= 0;
}

// GnuTLS asks in the handshake, with and without a certificate.
static int verify_if_given(gnutls_session_t session) {
    unsigned int count = 0, status = 0;
    if (gnutls_certificate_get_peers(session, &count) == NULL || count == 0) return 0;
    return gnutls_certificate_verify_peers2(session, &status) >= 0 && status == 0 ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

static void free_context(Context *context) {
    if (context == NULL) return;
    if (context->priority != NULL) gnutls_priority_deinit(context->priority);
    if (context->credentials != NULL) gnutls_certificate_free_credentials(context->credentials);
    free(context);
}

static int set_up_context(Context *context, const CFloorPKI *pki) {
    const char *priority = context->settings.version == 0x0303 ? "NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_TICKETS"
                                                               : "NORMAL:-VERS-ALL:+VERS-TLS1.3:%NO_TICKETS";
    gnutls_datum_t root = datum(&pki->root.certificate);
    if (context->settings.sessions != CFloorSessionsOff
        || gnutls_certificate_allocate_credentials(&context->credentials) < 0
        || gnutls_certificate_set_x509_trust_mem(context->credentials, &root, GNUTLS_X509_FMT_DER) < 1
        || gnutls_priority_init(&context->priority, priority, NULL) < 0)
        return 0;
    if (context->is_server && context->settings.mode == CFloorVerifyClientCertIfGiven)
        gnutls_certificate_set_verify_function(context->credentials, verify_if_given);
    return use_entity(context->credentials, context->is_server ? &pki->server : &pki->client);
}

static Context *make_context(const CFloorSettings *settings, const CFloorPKI *pki, int is_server) {
    Context *context = calloc(1, sizeof *context);
    if (context == NULL) return NULL;
    context->settings = *settings;
    context->is_server = is_server;
    if (set_up_context(context, pki)) return context;
    fprintf(stderr, "a GnuTLS %s can't be set up\n", is_server ? "server" : "client");
    free_context(context);
    return NULL;
}

static void set_mode(gnutls_session_t session, CFloorMode mode) {
    switch (mode) {
    case CFloorNoClientCert: gnutls_certificate_server_set_request(session, GNUTLS_CERT_IGNORE); break;
    case CFloorRequireAnyClientCert: gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE); break;
    case CFloorRequestClientCert:
    case CFloorVerifyClientCertIfGiven: gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST); break;
    case CFloorRequireAndVerifyClientCert:
        gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
        gnutls_session_set_verify_cert(session, NULL, 0);
        break;
    }
}

static int set_up(Side *side) {
    const Context *context = side->context;
    unsigned int flags = (context->is_server ? GNUTLS_SERVER : GNUTLS_CLIENT) | GNUTLS_NO_TICKETS;
    if (!context->is_server) flags |= GNUTLS_FORCE_CLIENT_CERT;
    if (gnutls_init(&side->session, flags) < 0 || gnutls_priority_set(side->session, context->priority) < 0
        || gnutls_credentials_set(side->session, GNUTLS_CRD_CERTIFICATE, context->credentials) < 0)
        return 0;
    gnutls_transport_set_ptr(side->session, side);
    gnutls_transport_set_pull_function(side->session, pull);
    gnutls_transport_set_push_function(side->session, push);
    gnutls_transport_set_pull_timeout_function(side->session, wait_for_bytes);
    gnutls_handshake_set_timeout(side->session, GNUTLS_INDEFINITE_TIMEOUT);
    if (context->is_server) {
        set_mode(side->session, context->settings.mode);
        return 1;
    }
    gnutls_session_set_verify_cert(side->session, "server.test", 0);
    return gnutls_server_name_set(side->session, GNUTLS_NAME_DNS, "server.test", strlen("server.test")) >= 0;
}

static void free_side(Side *side) {
    if (side == NULL) return;
    if (side->session != NULL) gnutls_deinit(side->session);
    free(side);
}

static Side *make_side(Context *context, int resume, BIO *from, BIO *to) {
    Side *side = calloc(1, sizeof *side);
    if (side == NULL) return NULL;
    side->context = context;
    side->from = from;
    side->to = to;
    if (!resume && set_up(side)) return side;
    fprintf(stderr, "a side of GnuTLS can't be set up\n");
    free_side(side);
    return NULL;
}

static Progress progress(ssize_t result, ssize_t whole) {
    if (result == whole) return ProgressDone;
    return result < 0 && !gnutls_error_is_fatal((int)result) ? ProgressWaiting : ProgressFailed;
}

static Progress handshake(Side *side) {
    int result = gnutls_handshake(side->session);
    // A warning is news, and not yet the end.
    while (result < 0 && result != GNUTLS_E_AGAIN && !gnutls_error_is_fatal(result))
        result = gnutls_handshake(side->session);
    Progress progressed = progress(result, GNUTLS_E_SUCCESS);
    if (progressed == ProgressFailed) fprintf(stderr, "GnuTLS: %s\n", gnutls_strerror(result));
    return progressed;
}

static int is_as_set(Side *side) {
    unsigned int count = 0;
    int expects_peer = !side->context->is_server || side->context->settings.mode != CFloorNoClientCert;
    gnutls_protocol_t version = side->context->settings.version == 0x0303 ? GNUTLS_TLS1_2 : GNUTLS_TLS1_3;
    return gnutls_protocol_get_version(side->session) == version
        && (gnutls_certificate_get_peers(side->session, &count) != NULL && count > 0) == expects_peer;
}

static int is_resumed(Side *side) {
    return gnutls_session_is_resumed(side->session);
}

// There are no tickets.
static Progress settle(Side *side) {
    (void)side;
    return ProgressWaiting;
}

static Progress write_bytes(Side *side, const char *bytes, int length) {
    return progress(gnutls_record_send(side->session, bytes, (size_t)length), length);
}

static Progress read_bytes(Side *side, char *bytes, int length) {
    return progress(gnutls_record_recv(side->session, bytes, (size_t)length), length);
}

static void close_side(Side *side) {
    gnutls_bye(side->session, GNUTLS_SHUT_WR);
}

const Stack gnutls_stack = {make_context, free_context, make_side,  handshake,  is_as_set, is_resumed,
                            settle,       write_bytes,  read_bytes, close_side, free_side};
