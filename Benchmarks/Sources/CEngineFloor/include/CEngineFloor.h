#ifndef COUNTERSIGN_CENGINEFLOOR_H
#define COUNTERSIGN_CENGINEFLOOR_H

// The handshakes of conformance cases by bare libssl and GnuTLS, back to back in memory on one thread: what the engine
// is held against. Nothing here is part of a product.

#ifdef __cplusplus
extern "C" {
#endif

// By Go's names, in the order of crypto/tls.ClientAuthType.
typedef enum CEngineFloorMode {
    CEngineFloorNoClientCert,
    CEngineFloorRequestClientCert,
    CEngineFloorRequireAnyClientCert,
    CEngineFloorVerifyClientCertIfGiven,
    CEngineFloorRequireAndVerifyClientCert,
} CEngineFloorMode;

typedef struct CEngineFloorCase {
    int server_is_gnutls;
    int client_is_gnutls;
    // 0x0303 or 0x0304.
    int version;
    CEngineFloorMode mode;
    // Whether the client holds a certificate.
    int client_has_certificate;
    // Whether libssl sets up its contexts for the first connection alone, as a server that runs does.
    int shares_contexts;
} CEngineFloorCase;

// What a case is played with: a root, a server's and a client's certificate, with keys on P-256.
typedef struct CEngineFloorPKI CEngineFloorPKI;

// Makes keys and signs certificates with libcrypto. Null when that fails.
CEngineFloorPKI *CEngineFloorPKI_mint(void);
void CEngineFloorPKI_free(CEngineFloorPKI *pki);

// Sets both sides up from DER, shakes hands, moves a line each way, and closes. Not 0 when all of it went well.
int CEngineFloor_play(const CEngineFloorCase *one, const CEngineFloorPKI *pki);

// Both sides of a connection after their handshake. Null when that fails.
typedef struct CEngineFloorConnection CEngineFloorConnection;

CEngineFloorConnection *CEngineFloor_open(const CEngineFloorCase *one, const CEngineFloorPKI *pki);
void CEngineFloorConnection_free(CEngineFloorConnection *connection);

// Moves zeros from the server to the client, in so many blocks. Not 0 when all of them came.
int CEngineFloorConnection_transfer(CEngineFloorConnection *connection, int blocks, int length);

#ifdef __cplusplus
}
#endif

#endif
