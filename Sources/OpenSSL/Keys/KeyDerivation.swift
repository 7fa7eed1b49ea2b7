internal import COpenSSL

/// HKDF with SHA-256 (RFC 5869): as many bytes as asked for, from a secret and what they are for.
package func deriveKey(from secret: [UInt8], info: [UInt8], length: Int) throws(OpenSSLError) -> [UInt8] {
    try HKDF.derive(from: secret, info: info, length: length, digest: EVP_sha256())
}

/// Bytes that nobody can guess, from libcrypto's generator.
package func randomSecret(length: Int) throws(OpenSSLError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    try check("RAND_priv_bytes") { RAND_priv_bytes(&bytes, CInt(length)) }
    return bytes
}
