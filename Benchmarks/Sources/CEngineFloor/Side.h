#ifndef COUNTERSIGN_CENGINEFLOOR_SIDE_H
#define COUNTERSIGN_CENGINEFLOOR_SIDE_H

#include "PKI.h"

#include <openssl/bio.h>

typedef enum Progress {
    ProgressFailed,
    // Nothing more until the other side has spoken.
    ProgressWaiting,
    ProgressDone,
} Progress;

// One side of a connection, whatever plays it.
typedef struct Side Side;

typedef struct SideMethods {
    Side *(*make)(const CEngineFloorCase *one, const CEngineFloorPKI *pki, int is_server, BIO *from, BIO *to);
    Progress (*handshake)(Side *side);
    Progress (*write)(Side *side, const char *bytes, int length);
    // Exactly so many bytes, or none yet.
    Progress (*read)(Side *side, char *bytes, int length);
    void (*close)(Side *side);
    void (*free)(Side *side);
} SideMethods;

extern const SideMethods libssl_side;
extern const SideMethods gnutls_side;

#endif
