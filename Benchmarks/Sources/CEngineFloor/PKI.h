#ifndef COUNTERSIGN_CENGINEFLOOR_PKI_H
#define COUNTERSIGN_CENGINEFLOOR_PKI_H

#include "CEngineFloor.h"

#include <stddef.h>

typedef struct Encoding {
    unsigned char *bytes;
    int length;
} Encoding;

// DER of a certificate and of its key (PKCS #8).
typedef struct Entity {
    Encoding certificate;
    Encoding key;
} Entity;

struct CEngineFloorPKI {
    Entity root;
    Entity server;
    Entity client;
};

#endif
