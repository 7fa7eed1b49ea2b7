#include "PKI.h"

#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

static int add_extension(X509 *certificate, X509 *issuer, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    int added = extension != NULL && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return added;
}

static int set_serial(X509 *certificate) {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) return 0;
    bytes[0] &= 0x7F;
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    int done = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return done;
}

int encode_certificate(X509 *certificate, Encoding *encoding) {
    encoding->length = i2d_X509(certificate, &encoding->bytes);
    return encoding->length > 0;
}

int keep_key(EVP_PKEY *key, Entity *entity) {
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    entity->key.length = info == NULL ? -1 : i2d_PKCS8_PRIV_KEY_INFO(info, &entity->key.bytes);
    PKCS8_PRIV_KEY_INFO_free(info);
    if (EVP_PKEY_up_ref(key) != 1) return 0;
    entity->decoded_key = key;
    return entity->key.length > 0;
}

static int encode(X509 *certificate, EVP_PKEY *key, Entity *entity) {
    return encode_certificate(certificate, &entity->certificate) && keep_key(key, entity);
}

// A certificate by an issuer, or by itself where there is none, that the caller frees with its key.
static int mint(const char *name, X509 *issuer, EVP_PKEY *issuer_key, const char *usage, const char *names,
                X509 **certificate, EVP_PKEY **key) {
    *key = EVP_EC_gen("P-256");
    *certificate = X509_new();
    if (*key == NULL || *certificate == NULL) return 0;
    X509 *made = *certificate;
    X509_NAME *subject = X509_get_subject_name(made);
    int done = X509_set_version(made, X509_VERSION_3) && set_serial(made)
        && X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0)
        && X509_set_issuer_name(made, issuer == NULL ? subject : X509_get_subject_name(issuer))
        && X509_gmtime_adj(X509_getm_notBefore(made), -3600) != NULL
        && X509_gmtime_adj(X509_getm_notAfter(made), 86400) != NULL && X509_set_pubkey(made, *key)
        && add_extension(made, made, NID_subject_key_identifier, "hash");
    if (issuer == NULL) {
        return done && add_extension(made, made, NID_basic_constraints, "critical,CA:TRUE")
            && add_extension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign")
            && X509_sign(made, *key, EVP_sha256()) > 0;
    }
    return done && add_extension(made, issuer, NID_authority_key_identifier, "keyid:always")
        && add_extension(made, issuer, NID_key_usage, "critical,digitalSignature")
        && add_extension(made, issuer, NID_ext_key_usage, usage)
        && (names == NULL || add_extension(made, issuer, NID_subject_alt_name, names))
        && X509_sign(made, issuer_key, EVP_sha256()) > 0;
}

CFloorPKI *CFloorPKI_mint(void) {
    CFloorPKI *pki = calloc(1, sizeof *pki);
    X509 *root = NULL, *server = NULL, *client = NULL;
    EVP_PKEY *root_key = NULL, *server_key = NULL, *client_key = NULL;
    int done = pki != NULL && mint("root", NULL, NULL, NULL, NULL, &root, &root_key)
        && mint("server", root, root_key, "serverAuth", "DNS:server.test", &server, &server_key)
        && mint("client", root, root_key, "clientAuth", NULL, &client, &client_key)
        && encode(root, root_key, &pki->root) && encode(server, server_key, &pki->server)
        && encode(client, client_key, &pki->client);
    X509_free(root);
    X509_free(server);
    X509_free(client);
    EVP_PKEY_free(root_key);
    EVP_PKEY_free(server_key);
    EVP_PKEY_free(client_key);
    if (done) return pki;
    CFloorPKI_free(pki);
    return NULL;
}

static void free_entity(Entity *entity) {
    OPENSSL_free(entity->certificate.bytes);
    OPENSSL_free(entity->intermediate.bytes);
    EVP_PKEY_free(entity->decoded_key);
    OPENSSL_clear_free(entity->key.bytes, entity->key.length > 0 ? (size_t)entity->key.length : 0);
}

void CFloorPKI_free(CFloorPKI *pki) {
    if (pki == NULL) return;
    free_entity(&pki->root);
    free_entity(&pki->server);
    free_entity(&pki->client);
    free(pki);
}
