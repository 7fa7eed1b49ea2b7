internal import Glibc

enum IPAddress {
    /// Whether the text is an IPv4 or IPv6 address without brackets or a zone.
    static func isValid(_ text: String) -> Bool {
        var storage = in6_addr()
        return inet_pton(AF_INET, text, &storage) == 1 || inet_pton(AF_INET6, text, &storage) == 1
    }
}
