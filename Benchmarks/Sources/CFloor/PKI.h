#ifndef COUNTERSIGN_CFLOOR_PKI_H
#define COUNTERSIGN_CFLOOR_PKI_H

#include "CFloor.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

typedef struct Encoding {
    unsigned char *bytes;
    int length;
} Encoding;

// DER of a certificate, of the intermediate above it if there is one, and of its key (PKCS #8), with the key itself.
typedef struct Entity {
    Encoding certificate;
    Encoding intermediate;
    Encoding key;
    EVP_PKEY *decoded_key;
} Entity;

struct CFloorPKI {
    Entity root;
    Entity server;
    Entity client;
};

int encode_certificate(X509 *certificate, Encoding *encoding);
// Adds a reference of its own to the key.
int keep_key(EVP_PKEY *key, Entity *entity);

#endif
