#ifndef COUNTERSIGN_CFLOOR_H
#define COUNTERSIGN_CFLOOR_H

// Handshakes by bare libssl and GnuTLS, both sides back to back in memory on one thread: what the library and the engine
// are held against. Nothing here is part of a product.

#ifdef __cplusplus
extern "C" {
#endif

// By Go's names, in the order of crypto/tls.ClientAuthType.
typedef enum CFloorMode {
    CFloorNoClientCert,
    CFloorRequestClientCert,
    CFloorRequireAnyClientCert,
    CFloorVerifyClientCertIfGiven,
    CFloorRequireAndVerifyClientCert,
} CFloorMode;

// What libssl does about sessions; GnuTLS has none here.
typedef enum CFloorSessions {
    // No tickets, and none taken.
    CFloorSessionsOff,
    // Tickets that hold the session, as libssl does by default: two after a full handshake of TLS 1.3.
    CFloorSessionsInTickets,
    // One ticket, which names a session that the server keeps; in TLS 1.2 a session id does.
    CFloorSessionsKept,
} CFloorSessions;

typedef struct CFloorSettings {
    int server_is_gnutls;
    int client_is_gnutls;
    // 0x0303 or 0x0304.
    int version;
    CFloorMode mode;
    CFloorSessions sessions;
    // Whether libssl is given keys that were decoded before, and not their DER; GnuTLS always decodes them.
    int has_decoded_keys;
} CFloorSettings;

// A root, and chains and keys of a server and a client, as DER.
typedef struct CFloorPKI CFloorPKI;

// Makes keys on P-256 and signs certificates of the root with libcrypto. Null when that fails.
CFloorPKI *CFloorPKI_mint(void);
// Reads root.crt, and server and client, each as .pem (leaf and intermediate) and .key. Null when that fails.
CFloorPKI *CFloorPKI_read(const char *folder);
void CFloorPKI_free(CFloorPKI *pki);

// A server and a client that are set up for any number of connections. Null when that fails; the reason is printed to
// standard error.
typedef struct CFloor CFloor;

CFloor *CFloor_new(const CFloorSettings *settings, const CFloorPKI *pki);
void CFloor_free(CFloor *floor);

// Both sides of a connection after their handshake. The client has read the tickets that follow it; the server has seen
// the client's certificate if it asks for one, both have verified what they have to, and the version is the wanted one.
typedef struct CFloorConnection CFloorConnection;

// With resume the client offers the newest session that it has, and without, it has a full handshake. Null when the
// handshake fails. The floor must outlive its connections.
CFloorConnection *CFloor_open(CFloor *floor, int resume);
int CFloorConnection_is_resumed(const CFloorConnection *connection);
// Moves zeros from the server to the client, in so many blocks. Not 0 when all of them came.
int CFloorConnection_transfer(CFloorConnection *connection, int blocks, int length);
void CFloorConnection_free(CFloorConnection *connection);

// A conformance case: sets both sides up, shakes hands, moves a line each way, and closes. Not 0 when all went well.
int CFloor_play(const CFloorSettings *settings, const CFloorPKI *pki);

#ifdef __cplusplus
}
#endif

#endif
