#ifndef COUNTERSIGN_CGNUTLS_H
#define COUNTERSIGN_CGNUTLS_H

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

#endif
