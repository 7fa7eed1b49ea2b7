#ifndef COUNTERSIGN_COPENSSL_H
#define COUNTERSIGN_COPENSSL_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/tls1.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// Swift imports no function-like macro: each one that is needed stands here as an inline function
// with the prefix COpenSSL_, and holds no logic of its own.

static inline int COpenSSL_ERR_GET_LIB(unsigned long code) { return ERR_GET_LIB(code); }
static inline int COpenSSL_ERR_GET_REASON(unsigned long code) { return ERR_GET_REASON(code); }

static inline size_t COpenSSL_BIO_pending(BIO *bio) { return BIO_ctrl_pending(bio); }
static inline long COpenSSL_BIO_get_mem_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }
static inline long COpenSSL_BIO_set_mem_eof_return(BIO *bio, int value) {
    return BIO_set_mem_eof_return(bio, value);
}

static inline STACK_OF(X509) *COpenSSL_sk_X509_new_null(void) { return sk_X509_new_null(); }
static inline int COpenSSL_sk_X509_num(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }
static inline X509 *COpenSSL_sk_X509_value(const STACK_OF(X509) *stack, int index) {
    return sk_X509_value(stack, index);
}
static inline int COpenSSL_sk_X509_push(STACK_OF(X509) *stack, X509 *certificate) {
    return sk_X509_push(stack, certificate);
}
static inline void COpenSSL_sk_X509_pop_free(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }
static inline void COpenSSL_sk_X509_free(STACK_OF(X509) *stack) { sk_X509_free(stack); }

// Minting

#include <openssl/core_names.h>

static inline int COpenSSL_sk_GENERAL_NAME_push(GENERAL_NAMES *stack, GENERAL_NAME *name) {
    return sk_GENERAL_NAME_push(stack, name);
}
static inline int COpenSSL_sk_ASN1_OBJECT_push(EXTENDED_KEY_USAGE *stack, ASN1_OBJECT *object) {
    return sk_ASN1_OBJECT_push(stack, object);
}
static inline STACK_OF(GENERAL_SUBTREE) *COpenSSL_sk_GENERAL_SUBTREE_new_null(void) {
    return sk_GENERAL_SUBTREE_new_null();
}
static inline int COpenSSL_sk_GENERAL_SUBTREE_push(STACK_OF(GENERAL_SUBTREE) *stack, GENERAL_SUBTREE *subtree) {
    return sk_GENERAL_SUBTREE_push(stack, subtree);
}

#endif
