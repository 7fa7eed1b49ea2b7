/* gnutls-serv listens on every address of the machine and has no option to be held to one: preloaded, this binds its
   sockets to the loopback address of their family instead. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/socket.h>

int bind(int fd, const struct sockaddr *address, socklen_t length) {
    static int (*real)(int, const struct sockaddr *, socklen_t);
    struct sockaddr_storage held = {0};
    if (!real) real = (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "bind");
    if (length > sizeof held) return real(fd, address, length);
    __builtin_memcpy(&held, address, length);
    if (held.ss_family == AF_INET) ((struct sockaddr_in *)&held)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (held.ss_family == AF_INET6) ((struct sockaddr_in6 *)&held)->sin6_addr = in6addr_loopback;
    return real(fd, (struct sockaddr *)&held, length);
}
