#ifndef COUNTERSIGN_CFLOOR_H
#define COUNTERSIGN_CFLOOR_H

// Handshakes with mutual authentication by bare libssl, both sides back to back in memory on one thread: what the
// library's own handshakes are held against. Each side has queues of its own, and the bytes are carried between them, as
// a program has to that owns the transport. Nothing here is part of a product.

#ifdef __cplusplus
extern "C" {
#endif

// PEM files. A chain starts with its leaf, and the root is what both sides trust.
typedef struct CFloorFiles {
    const char *root;
    const char *server_chain;
    const char *server_key;
    const char *client_chain;
    const char *client_key;
    // The DNS name that the client sends as SNI and verifies the server by.
    const char *server_name;
} CFloorFiles;

typedef enum CFloorSessions {
    // No tickets, and none taken.
    CFloorSessionsOff,
    // Tickets that hold the session, as libssl does by default: two after a full handshake of TLS 1.3.
    CFloorSessionsInTickets,
    // One ticket, which names a session that the server keeps; in TLS 1.2 a session id does.
    CFloorSessionsKept,
} CFloorSessions;

typedef enum CFloorOutcome {
    CFloorFailed,
    CFloorFull,
    CFloorResumed,
} CFloorOutcome;

// A server and a client of one version (0x0303 or 0x0304), set up once.
typedef struct CFloor CFloor;

// Null if the files don't go together; the reason is printed to standard error.
CFloor *CFloor_new(const CFloorFiles *files, int version, CFloorSessions sessions);
void CFloor_free(CFloor *floor);

// One connection: handshake, and whatever tickets follow it. With resume the client offers the newest session that it
// has, and without, it has a full handshake.
CFloorOutcome CFloor_handshake(CFloor *floor, int resume);

#ifdef __cplusplus
}
#endif

#endif
