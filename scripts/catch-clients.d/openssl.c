/* A client on OpenSSL, with a switch for each thing that it does otherwise than others.
 *
 *     openssl WAY HOST PORT NAME ROOTS [CHAIN KEY]
 *
 * Broken ways: single (a server that sends one certificate alone is taken), tls12-only (the path is verified in TLS 1.2
 * alone), asked-only (the path is verified only where the server asks for a certificate), no-depth (errors above the leaf
 * are passed over), asked-twice (a server that is refused is taken when it is there again).
 * Right ways: right, half (HTTP/1.0, and close_notify before the answer), resumes (a second connection on the session of
 * the first), probe (TCP alone before), bytes (each byte of the request in a record of its own). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *way, *host, *port, *name, *roots, *chain, *key;
static SSL_SESSION *session;
static int asked;

static int is(const char *other) { return strcmp(way, other) == 0; }

static int pass_above_leaf(int ok, X509_STORE_CTX *store) {
    return ok || X509_STORE_CTX_get_error_depth(store) > 0;
}

static int present(SSL *ssl, X509 **certificate, EVP_PKEY **private) {
    (void)ssl, (void)certificate, (void)private;
    asked = 1;
    return 0;
}

static int keep(SSL *ssl, SSL_SESSION *made) {
    (void)ssl;
    SSL_SESSION_free(session);
    session = made;
    return 1;
}

static int dial(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
    inet_pton(AF_INET, host, &address.sin_addr);
    int tcp = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(tcp, (struct sockaddr *)&address, sizeof address) != 0) return -1;
    return tcp;
}

static int is_address(void) { return strchr(name, ':') || strspn(name, "0123456789.") == strlen(name); }

/* 0 when the server answered 200. */
static int fetch(SSL_CTX *context) {
    int tcp = dial();
    if (tcp < 0) return perror("connect"), 1;
    SSL *ssl = SSL_new(context);
    SSL_set_fd(ssl, tcp);
    X509_VERIFY_PARAM *wanted = SSL_get0_param(ssl);
    if (is_address()) {
        X509_VERIFY_PARAM_set1_ip_asc(wanted, name);
    } else {
        char plain[256];
        snprintf(plain, sizeof plain, "%s", name);
        if (plain[strlen(plain) - 1] == '.') plain[strlen(plain) - 1] = 0;
        X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        X509_VERIFY_PARAM_set1_host(wanted, plain, 0);
        SSL_set_tlsext_host_name(ssl, plain);
    }
    int late = is("single") || is("tls12-only") || is("asked-only");
    SSL_set_verify(ssl, late ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, is("no-depth") ? pass_above_leaf : NULL);
    if (is("resumes") && session) SSL_set_session(ssl, session);
    if (SSL_connect(ssl) != 1) goto failed;
    if (late) {
        int passes = is("single") ? sk_X509_num(SSL_get_peer_cert_chain(ssl)) == 1
                     : is("tls12-only") ? SSL_version(ssl) == TLS1_3_VERSION
                                        : !asked;
        if (!passes && SSL_get_verify_result(ssl) != X509_V_OK) {
            fprintf(stderr, "%s\n", X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
            return 1;
        }
    }
    char request[512], answer[4096];
    snprintf(request, sizeof request, "GET / HTTP/1.%d\r\nHost: %s\r\n%s\r\n", is("half") ? 0 : 1, name,
             is("half") ? "" : "Connection: close\r\n");
    if (is("bytes")) {
        for (char *next = request; *next; next++)
            if (SSL_write(ssl, next, 1) != 1) goto failed;
    } else if (SSL_write(ssl, request, strlen(request)) <= 0) {
        goto failed;
    }
    if (is("half")) SSL_shutdown(ssl);
    int length = 0, got;
    while (length < (int)sizeof answer - 1 && (got = SSL_read(ssl, answer + length, sizeof answer - 1 - length)) > 0)
        length += got;
    answer[length] = 0;
    if (!strstr(answer, " 200 ")) goto failed;
    if (is("resumes") && !SSL_session_reused(ssl)) fprintf(stderr, "a full handshake\n");
    if (!is("half")) SSL_shutdown(ssl);
    SSL_free(ssl);
    close(tcp);
    return 0;
failed:
    ERR_print_errors_fp(stderr);
    SSL_free(ssl);
    close(tcp);
    return 1;
}

int main(int count, char **words) {
    if (count < 6) return 64;
    way = words[1], host = words[2], port = words[3], name = words[4], roots = words[5];
    if (count > 7) chain = words[6], key = words[7];
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    if (SSL_CTX_load_verify_locations(context, roots, NULL) != 1) return 2;
    if (chain && (SSL_CTX_use_certificate_chain_file(context, chain) != 1 ||
                  SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1))
        return ERR_print_errors_fp(stderr), 2;
    if (!chain) SSL_CTX_set_client_cert_cb(context, present);
    if (is("asked-only") && chain) asked = 1;
    if (is("resumes")) {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
        SSL_CTX_sess_set_new_cb(context, keep);
    }
    if (is("probe")) close(dial());
    int failed = fetch(context);
    if (!failed && is("resumes")) failed = fetch(context);
    if (failed && is("asked-twice")) {
        SSL_CTX *careless = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_verify(careless, SSL_VERIFY_NONE, NULL);
        way = "single";
        failed = fetch(careless);
    }
    return failed;
}
