/* What a stack in C has to do behind the protocol of docs/peer-drivers.md; driver.c does the rest. */
#ifndef COUNTERSIGN_DRIVER_H
#define COUNTERSIGN_DRIVER_H

#include <stddef.h>

enum mode { NO_CLIENT_CERT, REQUEST, REQUIRE_ANY, VERIFY_IF_GIVEN, REQUIRE_AND_VERIFY };

/* Paths are of PEM files; NULL is a setting that was not made. */
struct settings {
    int is_server;
    enum mode mode;
    int is_tls13;
    const char *chain, *key;
    /* clientCAs of a server, rootCAs of a client. */
    const char *pool;
    const char *server_name;
    int skips_verification;
};

enum { UNTOLD = -2, NONE = -1 };

/* What was seen of a connection, as far as the stack tells it. */
struct seen {
    int accepted;
    /* Whether the own handshake was over when the connection failed. */
    int handshake_done;
    int refused_before_any_byte;
    /* Whether a reset ended the connection: whatever the peer had said before, such as an alert, is lost. */
    int was_reset;
    char detail[400];
    /* Numbers of alerts, or UNTOLD, or NONE. */
    int alert_sent, alert_received;
    /* The SHA-256 of the peer's leaf in hexadecimal; empty for none, "?" for untold. */
    char received[65];
    /* 0, 1 or UNTOLD. */
    int verified, certificate_requested;
    /* server_name as a server received it; empty for none, "?" for untold. */
    char sni[256];
};

/* Each of these runs in a process of its own, so that nothing of one connection is left for the next. */

extern const char *const stack_name;
const char *stack_version(void);
/* Reads the files; an explanation when the stack refuses them, otherwise NULL. */
const char *stack_load(const struct settings *);
/* Shakes hands, converses with `converse`, and closes; called after stack_load. */
void stack_play(const struct settings *, int fd, struct seen *);

/* Speaks the greeting over what reads and writes; 1 when it was heard out. Both return bytes, or 0 and less. */
typedef int (*transfer)(void *connection, char *bytes, size_t count);
int converse(int is_server, void *connection, transfer read, transfer write);

/* The whole of a file with a zero behind it; NULL when it can't be read. */
char *read_file(const char *path, size_t *length);
void hexadecimal(const unsigned char *bytes, size_t count, char *text);

#endif
