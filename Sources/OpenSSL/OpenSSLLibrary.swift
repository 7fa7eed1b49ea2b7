internal import COpenSSL

/// The OpenSSL that this process runs with, which may be a later one than it was built with.
package enum OpenSSLLibrary {
    /// For example `3.0.19`.
    package static var version: String {
        OpenSSL_version(OPENSSL_VERSION_STRING).map { String(cString: $0) } ?? "unknown"
    }
}
