#ifndef COUNTERSIGN_CFLOOR_SIDE_H
#define COUNTERSIGN_CFLOOR_SIDE_H

#include "PKI.h"

#include <openssl/bio.h>

typedef enum Progress {
    ProgressFailed,
    // Nothing more until the other side has spoken.
    ProgressWaiting,
    ProgressDone,
} Progress;

// What connections of one side share.
typedef struct Context Context;

// One side of a connection.
typedef struct Side Side;

typedef struct Stack {
    Context *(*make_context)(const CFloorSettings *settings, const CFloorPKI *pki, int is_server);
    void (*free_context)(Context *context);
    Side *(*make)(Context *context, int resume, BIO *from, BIO *to);
    Progress (*handshake)(Side *side);
    // Whether a finished handshake is what the settings ask for.
    int (*is_as_set)(Side *side);
    int (*is_resumed)(Side *side);
    // Takes whatever follows the other side's handshake: ProgressWaiting when it went well.
    Progress (*settle)(Side *side);
    Progress (*write)(Side *side, const char *bytes, int length);
    // Exactly so many bytes, or none yet.
    Progress (*read)(Side *side, char *bytes, int length);
    void (*close)(Side *side);
    void (*free)(Side *side);
} Stack;

extern const Stack libssl_stack;
extern const Stack gnutls_stack;

#endif
