#include "PKI.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>

static FILE *open_file(const char *folder, const char *name, const char *suffix) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
    FILE *file = length > 0 && (size_t)length < sizeof path ? fopen(path, "r") : NULL;
    if (file == NULL) fprintf(stderr, "%s/%s%s can't be read\n", folder, name, suffix);
    return file;
}

static int read_certificate(FILE *file, Encoding *encoding) {
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    int done = certificate != NULL && encode_certificate(certificate, encoding);
    X509_free(certificate);
    return done;
}

static int read_root(const char *folder, Entity *root) {
    FILE *file = open_file(folder, "root", ".crt");
    if (file == NULL) return 0;
    int done = read_certificate(file, &root->certificate);
    fclose(file);
    return done;
}

static int read_entity(const char *folder, const char *name, Entity *entity) {
    FILE *chain = open_file(folder, name, ".pem"), *key_file = open_file(folder, name, ".key");
    EVP_PKEY *key = key_file == NULL ? NULL : PEM_read_PrivateKey(key_file, NULL, NULL, NULL);
    int done = chain != NULL && key != NULL && read_certificate(chain, &entity->certificate)
        && read_certificate(chain, &entity->intermediate) && keep_key(key, entity);
    EVP_PKEY_free(key);
    if (key_file != NULL) fclose(key_file);
    if (chain != NULL) fclose(chain);
    return done;
}

CFloorPKI *CFloorPKI_read(const char *folder) {
    CFloorPKI *pki = calloc(1, sizeof *pki);
    if (pki != NULL && read_root(folder, &pki->root) && read_entity(folder, "server", &pki->server)
        && read_entity(folder, "client", &pki->client))
        return pki;
    ERR_print_errors_fp(stderr);
    CFloorPKI_free(pki);
    return NULL;
}
