/* The protocol of docs/peer-drivers.md for stacks in C: orders, sockets, and a process for each connection. */
#define _GNU_SOURCE
#include "driver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE = 1 << 16, QUEUE = 16, PATIENCE_SECONDS = 3, DRAIN_SECONDS = 1 };

static struct settings settings;
static int listener = -1;
static struct seen queue[QUEUE];
static int queued;

/* --- JSON: an object's member by its key; the harness writes the orders, and writes them well. --- */

static const char *skip(const char *at);

static const char *skip_string(const char *at) {
    for (at++; *at && *at != '"'; at++)
        if (*at == '\\' && at[1]) at++;
    return *at ? at + 1 : at;
}

static const char *skip(const char *at) {
    if (*at == '"') return skip_string(at);
    if (*at != '{' && *at != '[') return at + strcspn(at, ",}]");
    int depth = 0;
    while (*at) {
        if (*at == '"') {
            at = skip_string(at);
            continue;
        }
        if (*at == '{' || *at == '[') depth++;
        if (*at == '}' || *at == ']') depth--;
        at++;
        if (depth == 0) break;
    }
    return at;
}

static const char *member(const char *object, const char *key) {
    if (!object || *object != '{') return NULL;
    const char *at = object + 1;
    while (*at == '"') {
        const char *name = at + 1;
        const char *end = skip_string(at);
        size_t length = (size_t)(end - name - 1);
        at = *end == ':' ? end + 1 : end;
        if (length == strlen(key) && strncmp(name, key, length) == 0) return strncmp(at, "null", 4) ? at : NULL;
        at = skip(at);
        if (*at == ',') at++;
    }
    return NULL;
}

/* A copy of a string; the harness escapes slashes, quotes and backslashes in paths and names. */
static char *string(const char *at) {
    if (!at || *at != '"') return NULL;
    char *copy = malloc((size_t)(skip_string(at) - at));
    char *out = copy;
    for (at++; *at && *at != '"'; at++) {
        if (*at == '\\' && at[1]) at++;
        *out++ = *at;
    }
    *out = 0;
    return copy;
}

static int is_true(const char *at) { return at && strncmp(at, "true", 4) == 0; }

static long number(const char *at) { return at ? strtol(at, NULL, 10) : 0; }

static void print_string(const char *text) {
    putchar('"');
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\') printf("\\%c", byte);
        else if (byte < 0x20) printf("\\u%04x", byte);
        else putchar(byte);
    }
    putchar('"');
}

/* --- Settings --- */

static enum mode mode(const char *name) {
    static const char *const names[] = {
        "NoClientCert", "RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven",
        "RequireAndVerifyClientCert",
    };
    for (int i = 0; name && i < 5; i++)
        if (strcmp(name, names[i]) == 0) return (enum mode)i;
    return NO_CLIENT_CERT;
}

static void take_settings(const char *order) {
    char *role = string(member(order, "role"));
    const char *from = member(order, role ? role : "client");
    const char *identity = member(from, "identity");
    char *tls = string(member(from, "tls"));
    settings = (struct settings){
        .is_server = role && strcmp(role, "server") == 0,
        .mode = mode(string(member(from, "mode"))),
        .is_tls13 = tls && strcmp(tls, "1.3") == 0,
        .chain = string(member(identity, "chain")),
        .key = string(member(identity, "key")),
        .pool = string(member(from, "clientCAs")),
        .server_name = string(member(from, "serverName")),
        .skips_verification = is_true(member(from, "skipVerify")),
    };
    if (!settings.is_server) settings.pool = string(member(from, "rootCAs"));
}

/* --- Connections --- */

static void limit(int fd) {
    struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Hangs up in order, so that no reset overtakes an alert. */
static void finish(int fd) {
    struct timeval patience = {.tv_sec = DRAIN_SECONDS};
    char rest[4096];
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    shutdown(fd, SHUT_WR);
    while (read(fd, rest, sizeof rest) > 0) {}
    close(fd);
}

static struct seen nothing_seen(void) {
    struct seen seen = {
        .alert_sent = UNTOLD, .alert_received = UNTOLD, .received = "?", .sni = "?", .verified = UNTOLD,
        .certificate_requested = UNTOLD,
    };
    return seen;
}

/* Plays in a child, which tells what it saw through a pipe; what a crash left untold is told here. */
static struct seen play(int fd) {
    struct seen seen = nothing_seen();
    int ends[2];
    if (pipe(ends) != 0) exit(3);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        const char *problem = stack_load(&settings);
        limit(fd);
        if (problem) {
            seen.refused_before_any_byte = 1;
            snprintf(seen.detail, sizeof seen.detail, "%s", problem);
        } else {
            stack_play(&settings, fd, &seen);
        }
        finish(fd);
        _exit(write(ends[1], &seen, sizeof seen) == sizeof seen ? 0 : 1);
    }
    close(ends[1]);
    close(fd);
    struct seen told;
    int status = 0;
    ssize_t count = read(ends[0], &told, sizeof told);
    close(ends[0]);
    waitpid(child, &status, 0);
    if (count == sizeof told) return told;
    fprintf(stderr, "the process of a connection ended with status %d\n", status);
    exit(4);
}

static void serve_one(void) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) return;
    struct seen seen = play(fd);
    if (queued < QUEUE) queue[queued++] = seen;
}

int converse(int is_server, void *connection, transfer read, transfer write) {
    char line[256];
    size_t length = 0;
    if (is_server && write(connection, "hello\n", 6) <= 0) return 0;
    while (length < sizeof line && (length == 0 || line[length - 1] != '\n')) {
        int count = read(connection, line + length, sizeof line - length);
        if (count <= 0) return 0;
        length += (size_t)count;
    }
    return is_server || write(connection, "hello yourself\n", 15) > 0;
}

char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    size_t room = 1 << 16, count = 0;
    char *bytes = malloc(room + 1);
    for (size_t more; (more = fread(bytes + count, 1, room - count, file)) > 0;) {
        count += more;
        if (count == room) bytes = realloc(bytes, (room *= 2) + 1);
    }
    fclose(file);
    bytes[count] = 0;
    *length = count;
    return bytes;
}

void hexadecimal(const unsigned char *bytes, size_t count, char *text) {
    for (size_t i = 0; i < count; i++) sprintf(text + 2 * i, "%02x", bytes[i]);
}

/* --- Answers --- */

static void print_alert(const char *name, int alert) {
    if (alert == NONE) printf(",\"%s\":null", name);
    else if (alert != UNTOLD) printf(",\"%s\":%d", name, alert);
}

static void print_flag(const char *name, int flag) {
    if (flag != UNTOLD) printf(",\"%s\":%s", name, flag ? "true" : "false");
}

static void print_seen(const struct seen *seen, long id) {
    printf("{\"event\":\"connection\",\"id\":%ld,\"accepted\":%s", id, seen->accepted ? "true" : "false");
    if (!seen->accepted) {
        const char *noticed = seen->refused_before_any_byte ? "configuration"
            : seen->handshake_done ? "first-read" : "handshake";
        if (!seen->was_reset) printf(",\"noticed\":\"%s\"", noticed);
        printf(",\"detail\":");
        print_string(seen->detail);
    }
    print_alert("alertSent", seen->alert_sent);
    print_alert("alertReceived", seen->was_reset ? UNTOLD : seen->alert_received);
    print_flag("verified", seen->verified);
    print_flag("certificateRequested", seen->certificate_requested);
    if (seen->received[0] == 0) printf(",\"received\":null");
    else if (seen->received[0] != '?') printf(",\"received\":{\"sha256\":\"%s\"}", seen->received);
    if (seen->sni[0] == 0) printf(",\"sni\":null");
    else if (seen->sni[0] != '?') {
        printf(",\"sni\":");
        print_string(seen->sni);
    }
    if (seen->accepted) printf(",\"version\":\"%s\"", settings.is_tls13 ? "1.3" : "1.2");
    printf("}\n");
}

static void configure(const char *order, long id) {
    int ends[2];
    char problem[400] = "";
    take_settings(order);
    if (pipe(ends) != 0) exit(3);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        const char *found = stack_load(&settings);
        size_t length = found ? strnlen(found, sizeof problem - 1) : 0;
        _exit(length == 0 || write(ends[1], found, length) == (ssize_t)length ? 0 : 1);
    }
    close(ends[1]);
    ssize_t count = read(ends[0], problem, sizeof problem - 1);
    close(ends[0]);
    waitpid(child, NULL, 0);
    if (count <= 0) {
        printf("{\"event\":\"configured\",\"id\":%ld}\n", id);
        return;
    }
    problem[count] = 0;
    printf("{\"event\":\"refused\",\"id\":%ld,\"reason\":\"%s\",\"detail\":", id,
        strstr(problem, "mismatch") ? "mismatched-key" : "other");
    print_string(problem);
    printf("}\n");
}

static void listen_here(long id) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    queued = 0;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, QUEUE) != 0
        || getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        printf("{\"event\":\"error\",\"id\":%ld,\"detail\":\"no socket to listen on\"}\n", id);
        return;
    }
    printf("{\"event\":\"listening\",\"id\":%ld,\"port\":%d}\n", id, ntohs(address.sin_port));
}

static void connect_to(long port, long id) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((unsigned short)port),
    };
    struct seen seen = nothing_seen();
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
        seen = play(fd);
    } else {
        snprintf(seen.detail, sizeof seen.detail, "the connection was refused");
        close(fd);
    }
    print_seen(&seen, id);
}

static void observe(long id) {
    while (queued == 0) serve_one();
    print_seen(&queue[0], id);
    memmove(queue, queue + 1, (size_t)--queued * sizeof queue[0]);
}

static void obey(const char *order) {
    long id = number(member(order, "id"));
    char *verb = string(member(order, "do"));
    if (strcmp(verb, "hello") == 0) {
        printf("{\"event\":\"hello\",\"id\":%ld,\"protocol\":1,\"name\":\"%s\",\"version\":\"%s\",", id, stack_name,
            stack_version());
        printf("\"roles\":[\"server\",\"client\"]}\n");
    } else if (strcmp(verb, "configure") == 0) configure(order, id);
    else if (strcmp(verb, "listen") == 0) listen_here(id);
    else if (strcmp(verb, "connect") == 0) connect_to(number(member(order, "port")), id);
    else if (strcmp(verb, "observe") == 0) observe(id);
    else if (strcmp(verb, "stop") == 0) {
        if (listener >= 0) close(listener);
        listener = -1;
        printf("{\"event\":\"stopped\",\"id\":%ld}\n", id);
    } else printf("{\"event\":\"unsupported\",\"id\":%ld,\"reason\":\"the driver has no code for it\"}\n", id);
    fflush(stdout);
    free(verb);
}

int main(void) {
    static char input[LINE];
    size_t length = 0;
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        struct pollfd waiting[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
        if (poll(waiting, 2, -1) < 0) continue;
        if (waiting[1].revents & POLLIN) serve_one();
        if (!(waiting[0].revents & (POLLIN | POLLHUP))) continue;
        ssize_t count = read(STDIN_FILENO, input + length, sizeof input - 1 - length);
        if (count <= 0) return 0;
        length += (size_t)count;
        input[length] = 0;
        for (char *end; (end = memchr(input, '\n', length));) {
            *end = 0;
            obey(input);
            length -= (size_t)(end + 1 - input);
            memmove(input, end + 1, length);
        }
    }
}
