/* A client on a libcurl that is named by its file, such as Debian's on GnuTLS, of which there is no command.
 *
 *     libcurl FILE URL HOST PORT ROOTS [CHAIN KEY] */
#include <dlfcn.h>
#include <stdio.h>

enum { URL = 10002, SSLCERT = 10025, CAINFO = 10065, SSLKEY = 10087, CAPATH = 10097, CONNECT_TO = 10243, FAILONERROR = 45, TIMEOUT = 13, NOPROXY = 10177 };
struct list { char *data; struct list *next; };

int main(int count, char **words) {
    if (count < 6) return 64;
    void *library = dlopen(words[1], RTLD_NOW);
    if (!library) return fprintf(stderr, "%s\n", dlerror()), 3;
    void *(*init)(void) = dlsym(library, "curl_easy_init");
    int (*set)(void *, int, ...) = dlsym(library, "curl_easy_setopt");
    int (*perform)(void *) = dlsym(library, "curl_easy_perform");
    const char *(*text)(int) = dlsym(library, "curl_easy_strerror");
    char target[128];
    snprintf(target, sizeof target, "::%s:%s", words[3], words[4]);
    struct list to = {target, NULL};
    void *curl = init();
    set(curl, URL, words[2]);
    set(curl, CONNECT_TO, &to);
    set(curl, CAINFO, words[5]);
    set(curl, CAPATH, NULL);
    set(curl, NOPROXY, "*");
    set(curl, FAILONERROR, 1L);
    set(curl, TIMEOUT, 8L);
    if (count > 7) set(curl, SSLCERT, words[6]), set(curl, SSLKEY, words[7]);
    int failed = perform(curl);
    if (failed) fprintf(stderr, "(%d) %s\n", failed, text(failed));
    return failed != 0;
}
