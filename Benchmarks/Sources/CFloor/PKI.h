#ifndef COUNTERSIGN_CFLOOR_PKI_H
#define COUNTERSIGN_CFLOOR_PKI_H

#include "CFloor.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

typedef struct Encoding {
    unsigned char *bytes;
    int length;
} Encoding;

// DER of a certificate, of the intermediate above it if there is one, and of its key (PKCS #8).
typedef struct Entity {
    Encoding certificate;
    Encoding intermediate;
    Encoding key;
} Entity;

struct CFloorPKI {
    Entity root;
    Entity server;
    Entity client;
};

int encode_certificate(X509 *certificate, Encoding *encoding);
int encode_key(EVP_PKEY *key, Encoding *encoding);

#endif
