#include "Side.h"

#include <stdlib.h>
#include <string.h>

static const char greeting[] = "hello from the server\n";
static const char answer[] = "hello from the client\n";

struct CFloor {
    const Stack *of_server;
    const Stack *of_client;
    Context *server;
    Context *client;
};

struct CFloorConnection {
    const CFloor *floor;
    Side *server;
    Side *client;
    BIO *to_server;
    BIO *to_client;
};

CFloor *CFloor_new(const CFloorSettings *settings, const CFloorPKI *pki) {
    CFloor *floor = calloc(1, sizeof *floor);
    if (floor == NULL) return NULL;
    floor->of_server = settings->server_is_gnutls ? &gnutls_stack : &libssl_stack;
    floor->of_client = settings->client_is_gnutls ? &gnutls_stack : &libssl_stack;
    floor->server = floor->of_server->make_context(settings, pki, 1);
    floor->client = floor->of_client->make_context(settings, pki, 0);
    if (floor->server != NULL && floor->client != NULL) return floor;
    CFloor_free(floor);
    return NULL;
}

void CFloor_free(CFloor *floor) {
    if (floor == NULL) return;
    floor->of_server->free_context(floor->server);
    floor->of_client->free_context(floor->client);
    free(floor);
}

static int shake_hands(CFloorConnection *connection) {
    const Stack *of_server = connection->floor->of_server, *of_client = connection->floor->of_client;
    Progress at_client = ProgressWaiting, at_server = ProgressWaiting;
    for (int turn = 0; turn < 16 && (at_client == ProgressWaiting || at_server == ProgressWaiting); turn++) {
        if (at_client == ProgressWaiting) at_client = of_client->handshake(connection->client);
        if (at_server == ProgressWaiting) at_server = of_server->handshake(connection->server);
    }
    return at_client == ProgressDone && at_server == ProgressDone
        && of_client->settle(connection->client) == ProgressWaiting && of_server->is_as_set(connection->server)
        && of_client->is_as_set(connection->client);
}

static BIO *make_queue(void) {
    BIO *queue = BIO_new(BIO_s_mem());
    if (queue != NULL) BIO_set_mem_eof_return(queue, -1);
    return queue;
}

CFloorConnection *CFloor_open(CFloor *floor, int resume) {
    CFloorConnection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) return NULL;
    connection->floor = floor;
    connection->to_server = make_queue();
    connection->to_client = make_queue();
    if (connection->to_server != NULL && connection->to_client != NULL) {
        BIO *to_server = connection->to_server, *to_client = connection->to_client;
        connection->server = floor->of_server->make(floor->server, resume, to_server, to_client);
        connection->client = floor->of_client->make(floor->client, resume, to_client, to_server);
    }
    if (connection->server != NULL && connection->client != NULL && shake_hands(connection)) return connection;
    CFloorConnection_free(connection);
    return NULL;
}

int CFloorConnection_is_resumed(const CFloorConnection *connection) {
    return connection->floor->of_server->is_resumed(connection->server)
        && connection->floor->of_client->is_resumed(connection->client);
}

void CFloorConnection_free(CFloorConnection *connection) {
    if (connection == NULL) return;
    connection->floor->of_server->free(connection->server);
    connection->floor->of_client->free(connection->client);
    BIO_free(connection->to_server);
    BIO_free(connection->to_client);
    free(connection);
}

int CFloorConnection_transfer(CFloorConnection *connection, int blocks, int length) {
    const Stack *of_server = connection->floor->of_server, *of_client = connection->floor->of_client;
    char *sent = calloc(1, (size_t)length), *received = malloc((size_t)length);
    int done = sent != NULL && received != NULL;
    for (int block = 0; done && block < blocks; block++) {
        done = of_server->write(connection->server, sent, length) == ProgressDone
            && of_client->read(connection->client, received, length) == ProgressDone;
    }
    free(sent);
    free(received);
    return done;
}

static int exchange(CFloorConnection *connection) {
    const Stack *of_server = connection->floor->of_server, *of_client = connection->floor->of_client;
    char bytes[64];
    const int said = sizeof greeting - 1, answered = sizeof answer - 1;
    return of_server->write(connection->server, greeting, said) == ProgressDone
        && of_client->read(connection->client, bytes, said) == ProgressDone && memcmp(bytes, greeting, said) == 0
        && of_client->write(connection->client, answer, answered) == ProgressDone
        && of_server->read(connection->server, bytes, answered) == ProgressDone
        && memcmp(bytes, answer, answered) == 0;
}

int CFloor_play(const CFloorSettings *settings, const CFloorPKI *pki) {
    CFloor *floor = CFloor_new(settings, pki);
    CFloorConnection *connection = floor == NULL ? NULL : CFloor_open(floor, 0);
    int done = connection != NULL && exchange(connection);
    if (done) {
        floor->of_server->close(connection->server);
        floor->of_client->close(connection->client);
    }
    CFloorConnection_free(connection);
    CFloor_free(floor);
    return done;
}
