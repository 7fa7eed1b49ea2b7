/* Loaded into wget, which has no option for it: every name has the address of the server that plays. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    int (*original)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
        dlsym(RTLD_NEXT, "getaddrinfo");
    const char *address = getenv("PEER_ADDRESS");
    return original(node && address ? address : node, service, hints, found);
}
