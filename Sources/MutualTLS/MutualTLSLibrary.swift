internal import OpenSSL

/// What the library runs on.
public enum MutualTLSLibrary {
    /// The version of the OpenSSL that is loaded, for example `3.0.19`; it may be later than the one built against.
    public static var openSSLVersion: String { OpenSSLLibrary.version }
}
