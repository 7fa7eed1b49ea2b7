#include "Side.h"

#include <stdlib.h>
#include <string.h>

static const char greeting[] = "hello from the server\n";
static const char answer[] = "hello from the client\n";

static BIO *make_queue(void) {
    BIO *queue = BIO_new(BIO_s_mem());
    if (queue != NULL) BIO_set_mem_eof_return(queue, -1);
    return queue;
}

struct CEngineFloorConnection {
    const SideMethods *of_server;
    const SideMethods *of_client;
    Side *server;
    Side *client;
    BIO *to_server;
    BIO *to_client;
};

static int shake_hands(CEngineFloorConnection *connection) {
    Progress at_client = ProgressWaiting, at_server = ProgressWaiting;
    for (int turn = 0; turn < 16 && (at_client == ProgressWaiting || at_server == ProgressWaiting); turn++) {
        if (at_client == ProgressWaiting) at_client = connection->of_client->handshake(connection->client);
        if (at_server == ProgressWaiting) at_server = connection->of_server->handshake(connection->server);
    }
    return at_client == ProgressDone && at_server == ProgressDone;
}

static int exchange(CEngineFloorConnection *connection) {
    char bytes[64];
    const int said = sizeof greeting - 1, answered = sizeof answer - 1;
    return connection->of_server->write(connection->server, greeting, said) == ProgressDone
        && connection->of_client->read(connection->client, bytes, said) == ProgressDone
        && memcmp(bytes, greeting, said) == 0
        && connection->of_client->write(connection->client, answer, answered) == ProgressDone
        && connection->of_server->read(connection->server, bytes, answered) == ProgressDone
        && memcmp(bytes, answer, answered) == 0;
}

CEngineFloorConnection *CEngineFloor_open(const CEngineFloorCase *one, const CEngineFloorPKI *pki) {
    CEngineFloorConnection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) return NULL;
    connection->of_server = one->server_is_gnutls ? &gnutls_side : &libssl_side;
    connection->of_client = one->client_is_gnutls ? &gnutls_side : &libssl_side;
    connection->to_server = make_queue();
    connection->to_client = make_queue();
    if (connection->to_server != NULL && connection->to_client != NULL) {
        connection->server = connection->of_server->make(one, pki, 1, connection->to_server, connection->to_client);
        connection->client = connection->of_client->make(one, pki, 0, connection->to_client, connection->to_server);
    }
    if (connection->server != NULL && connection->client != NULL && shake_hands(connection)) return connection;
    CEngineFloorConnection_free(connection);
    return NULL;
}

void CEngineFloorConnection_free(CEngineFloorConnection *connection) {
    if (connection == NULL) return;
    connection->of_server->free(connection->server);
    connection->of_client->free(connection->client);
    BIO_free(connection->to_server);
    BIO_free(connection->to_client);
    free(connection);
}

int CEngineFloorConnection_transfer(CEngineFloorConnection *connection, int blocks, int length) {
    char *sent = calloc(1, (size_t)length), *received = malloc((size_t)length);
    int done = sent != NULL && received != NULL;
    for (int block = 0; done && block < blocks; block++) {
        done = connection->of_server->write(connection->server, sent, length) == ProgressDone
            && connection->of_client->read(connection->client, received, length) == ProgressDone;
    }
    free(sent);
    free(received);
    return done;
}

int CEngineFloor_play(const CEngineFloorCase *one, const CEngineFloorPKI *pki) {
    CEngineFloorConnection *connection = CEngineFloor_open(one, pki);
    int done = connection != NULL && exchange(connection);
    if (done) {
        connection->of_server->close(connection->server);
        connection->of_client->close(connection->client);
    }
    CEngineFloorConnection_free(connection);
    return done;
}
