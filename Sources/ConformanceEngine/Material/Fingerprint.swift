internal import MutualTLS

/// What a certificate is known by outside of this process.
enum Fingerprint {
    /// SHA-256 of a certificate in DER; empty when it can't be read.
    static func sha256(of der: [UInt8]) -> [UInt8] {
        (try? Certificate(der: der))?.sha256 ?? []
    }
}
