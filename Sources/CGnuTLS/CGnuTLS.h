#ifndef COUNTERSIGN_CGNUTLS_H
#define COUNTERSIGN_CGNUTLS_H

#include <dlfcn.h>
#include <time.h>

#include <gnutls/gnutls.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <gnutls/x509-ext.h>

// gnutls_free is a global variable that holds a function, which Swift 6 does not read.
static inline void CGnuTLS_free(void *memory) {
    gnutls_free(memory);
}

// GNUTLS_HANDSHAKE_ANY is an expression with a cast, which Swift does not import.
static inline void CGnuTLS_handshake_set_hook_for_any(gnutls_session_t session, int when, gnutls_handshake_hook_func hook) {
    gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_ANY, when, hook);
}

// GnuTLS takes the age of a TLS 1.3 ticket from this clock, which gnutls_global_set_time_function leaves alone. It is
// exported for GnuTLS's own tests (tests/virt-time.h), without a declaration, so a GnuTLS may come without it.
extern void _gnutls_global_set_gettime_function(void (*function)(struct timespec *)) __attribute__((weak));

static inline int CGnuTLS_global_set_gettime_function(void (*function)(struct timespec *)) {
    if (!_gnutls_global_set_gettime_function) return GNUTLS_E_UNIMPLEMENTED_FEATURE;
    _gnutls_global_set_gettime_function(function);
    return GNUTLS_E_SUCCESS;
}

// GnuTLS has gnutls_ciphersuite_get since 3.7.4. A program that links it doesn't start on Ubuntu 22.04, which has 3.7.3, so it
// is looked up: there the suite isn't told.
static inline const char *CGnuTLS_ciphersuite_get(gnutls_session_t session) {
    const char *(*get)(gnutls_session_t) = (const char *(*)(gnutls_session_t))dlsym(NULL, "gnutls_ciphersuite_get");
    return get ? get(session) : NULL;
}

#endif
