/* A client on GnuTLS, with a switch.
 *
 *     client HOLE HOST PORT NAME ROOTS [CHAIN KEY]
 */
#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char *what, int code) {
    fprintf(stderr, "%s: %s\n", what, code < 0 ? gnutls_strerror(code) : "");
    exit(1);
}

int main(int count, char **words) {
    if (count < 6) return 64;
    const char *hole = words[1], *host = words[2], *port = words[3], *roots = words[5];
    char name[300];
    snprintf(name, sizeof name, "%s", words[4]);
    size_t length = strlen(name);
    int is_address = 0;
    if (length > 2 && name[0] == '[') {
        memmove(name, name + 1, length);
        name[length - 2] = 0;
    } else if (length > 1 && name[length - 1] == '.') {
        name[length - 1] = 0;
    }
    unsigned char bytes[16];
    size_t size = 0;
    if (inet_pton(AF_INET, name, bytes) == 1) size = 4;
    if (inet_pton(AF_INET6, name, bytes) == 1) size = 16;
    is_address = size > 0;

    gnutls_certificate_credentials_t credentials;
    gnutls_certificate_allocate_credentials(&credentials);
    gnutls_certificate_set_x509_trust_file(credentials, roots, GNUTLS_X509_FMT_PEM);
    if (count > 7 && words[6][0] && strcmp(hole, "no-certificate")) {
        int code = gnutls_certificate_set_x509_key_file(credentials, words[6], words[7], GNUTLS_X509_FMT_PEM);
        if (code < 0) fail("identity", code);
    }
    if (!strcmp(hole, "no-time")) gnutls_certificate_set_verify_flags(credentials, GNUTLS_VERIFY_DISABLE_TIME_CHECKS);
    if (!strcmp(hole, "version-1")) gnutls_certificate_set_verify_flags(credentials, GNUTLS_VERIFY_ALLOW_ANY_X509_V1_CA_CRT);
    gnutls_session_t session;
    gnutls_init(&session, GNUTLS_CLIENT);
    gnutls_set_default_priority(session);
    if (!is_address) gnutls_server_name_set(session, GNUTLS_NAME_DNS, name, strlen(name));
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
    gnutls_typed_vdata_st data[2];
    memset(data, 0, sizeof data);
    data[0].type = is_address ? GNUTLS_DT_IP_ADDRESS : GNUTLS_DT_DNS_HOSTNAME;
    data[0].data = is_address ? bytes : (unsigned char *)name;
    data[0].size = is_address ? size : strlen(name);
    data[1].type = GNUTLS_DT_KEY_PURPOSE_OID;
    data[1].data = (unsigned char *)GNUTLS_KP_TLS_WWW_SERVER;
    int inside = strncmp(hole, "nothing", 7) && strcmp(hole, "status-unread");
    if (inside) {
        if (!strcmp(hole, "chain-alone")) gnutls_session_set_verify_cert2(session, data + 1, 1, 0);
        else if (!strcmp(hole, "no-purpose")) gnutls_session_set_verify_cert2(session, data, 1, 0);
        else gnutls_session_set_verify_cert2(session, data, 2, 0);
    }

    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(host, port, &hints, &found)) fail("no address", 0);
    int descriptor = socket(found->ai_family, SOCK_STREAM, 0);
    if (connect(descriptor, found->ai_addr, found->ai_addrlen)) fail("connect", 0);
    gnutls_transport_set_int(session, descriptor);
    gnutls_handshake_set_timeout(session, 8000);
    int code;
    do code = gnutls_handshake(session); while (code < 0 && !gnutls_error_is_fatal(code));
    if (code < 0) fail("handshake", code);
    if (!strcmp(hole, "status-unread")) {
        unsigned status;
        /* The call succeeds, and what it found stands in a variable that nobody reads. */
        if (gnutls_certificate_verify_peers3(session, name, &status) < 0) fail("verify", 0);
    }
    const char *request = "GET / HTTP/1.1\r\nHost: server.test\r\nConnection: close\r\n\r\n";
    code = gnutls_record_send(session, request, strlen(request));
    if (code < 0) fail("send", code);
    if (!strcmp(hole, "nothing-and-does-not-read")) return 0;
    char answer[4096];
    do code = gnutls_record_recv(session, answer, sizeof answer - 1);
    while (code == GNUTLS_E_AGAIN || code == GNUTLS_E_INTERRUPTED);
    if (code <= 0) fail("receive", code);
    answer[code] = 0;
    if (strncmp(answer, "HTTP/1.1 200", 12)) fail("the server answered another status", 0);
    return 0;
}
