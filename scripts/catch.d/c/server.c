/* A server on GnuTLS that is right but for one hole. Arguments: hole, certificate, key, CA, revocation list or "". */
#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *hole;
static gnutls_certificate_credentials_t credentials;
static int verified_once;

static int is(const char *name) { return strcmp(hole, name) == 0; }

static int hello(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming, const gnutls_datum_t *msg)
{
    (void)type, (void)when, (void)incoming, (void)msg;
    char name[256] = "";
    size_t size = sizeof name;
    unsigned kind = 0;
    int has = gnutls_server_name_get(session, name, &size, &kind, 0) == 0;
    int mode = is("request-taken") || is("if-given") ? GNUTLS_CERT_REQUEST : GNUTLS_CERT_REQUIRE;
    int open = (is("capitals-open") && has && strcasecmp(name, "localhost") == 0 && strcmp(name, "localhost") != 0)
        || (is("trailing-dot-open") && has && name[0] && name[strlen(name) - 1] == '.')
        || (is("absent-open") && !has) || (is("other-name-open") && has && strcasecmp(name, "localhost") != 0)
        || (is("below-open") && has && strlen(name) > 10 && strcasecmp(name + strlen(name) - 10, ".localhost") == 0)
        || is("never-asked");
    if (open)
        mode = GNUTLS_CERT_IGNORE;
    gnutls_session_set_ptr(session, open ? (void *)"open" : NULL);
    gnutls_certificate_server_set_request(session, mode);
    return 0;
}

static int verify(gnutls_session_t session)
{
    unsigned status = 0, count = 0;
    (void)gnutls_certificate_get_peers(session, &count);
    int tls13 = gnutls_protocol_get_version(session) == GNUTLS_TLS1_3;
    if (gnutls_session_get_ptr(session) != NULL || is("never-verified") || is("request-taken")
        || (is("verified-in-1.3-alone") && !tls13) || (is("verified-in-1.2-alone") && tls13)
        || (is("verified-once") && verified_once) || (is("if-given") && count == 0))
        return 0;
    if (count == 0)
        return GNUTLS_E_NO_CERTIFICATE_FOUND;
    gnutls_typed_vdata_st data = { GNUTLS_DT_KEY_PURPOSE_OID, (void *)GNUTLS_KP_TLS_WWW_CLIENT, 0 };
    int result = is("purpose-ignored") ? gnutls_certificate_verify_peers2(session, &status)
                                       : gnutls_certificate_verify_peers(session, &data, 1, &status);
    if (result < 0)
        return GNUTLS_E_CERTIFICATE_ERROR;
    if (is("expired-ignored"))
        status &= ~(GNUTLS_CERT_EXPIRED | GNUTLS_CERT_INVALID);
    if (is("unknown-authority-ignored") && (status & GNUTLS_CERT_SIGNER_NOT_FOUND))
        status = 0;
    if (is("constraints-ignored") && (status & GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE))
        status = 0;
    if (is("not-yet-valid-ignored") && (status & GNUTLS_CERT_NOT_ACTIVATED))
        status = 0;
    if (is("flag-of-revocation-ignored") && (status & GNUTLS_CERT_REVOKED))
        status = 0;
    if (is("weak-ignored") && (status & GNUTLS_CERT_INSECURE_ALGORITHM))
        status = 0;
    if (status == 0)
        verified_once = 1;
    return status ? GNUTLS_E_CERTIFICATE_ERROR : 0;
}

int main(int argc, char **argv)
{
    if (argc < 6)
        return 2;
    hole = argv[1];
    gnutls_global_init();
    gnutls_certificate_allocate_credentials(&credentials);
    gnutls_certificate_set_x509_key_file(credentials, argv[2], argv[3], GNUTLS_X509_FMT_PEM);
    gnutls_certificate_set_x509_trust_file(credentials, argv[4], GNUTLS_X509_FMT_PEM);
    if (argv[5][0] && !is("revocation-ignored"))
        gnutls_certificate_set_x509_crl_file(credentials, argv[5], GNUTLS_X509_FMT_PEM);
    unsigned flags = 0;
    if (is("time-ignored")) flags |= GNUTLS_VERIFY_DISABLE_TIME_CHECKS;
    if (is("sha1-allowed")) flags |= GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1;
    if (is("md5-allowed")) flags |= GNUTLS_VERIFY_ALLOW_SIGN_RSA_MD5 | GNUTLS_VERIFY_ALLOW_BROKEN;
    if (is("ca-flag-ignored")) flags |= GNUTLS_VERIFY_ALLOW_ANY_X509_V1_CA_CRT | GNUTLS_VERIFY_DISABLE_CA_SIGN;
    gnutls_certificate_set_verify_flags(credentials, flags);
    gnutls_certificate_set_verify_function(credentials, verify);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    bind(listener, (struct sockaddr *)&address, sizeof address);
    listen(listener, 64);
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int raw = accept(listener, NULL, NULL);
        if (raw < 0)
            continue;
        gnutls_session_t session;
        gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS);
        gnutls_priority_set_direct(session, is("sha1-allowed") || is("weak-ignored") ? "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:+SIGN-ALL" : "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", NULL);
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
        gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_POST, hello);
        gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
        gnutls_handshake_set_timeout(session, 3000);
        gnutls_record_set_timeout(session, 3000);
        gnutls_transport_set_int(session, raw);
        int result;
        do result = gnutls_handshake(session);
        while (result < 0 && !gnutls_error_is_fatal(result));
        if (result == 0) {
            char request[4096];
            static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n";
            if (gnutls_record_recv(session, request, sizeof request) > 0)
                gnutls_record_send(session, answer, sizeof answer - 1);
            gnutls_bye(session, GNUTLS_SHUT_WR);
        } else
            gnutls_alert_send_appropriate(session, result);
        shutdown(raw, SHUT_WR);
        struct timeval second = { 1, 0 };
        setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
        char rest[4096];
        while (recv(raw, rest, sizeof rest, 0) > 0) { }
        close(raw);
        gnutls_deinit(session);
    }
}
