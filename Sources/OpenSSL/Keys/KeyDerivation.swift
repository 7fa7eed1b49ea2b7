internal import COpenSSL

/// HKDF with SHA-256 (RFC 5869): as many bytes as asked for, from a secret and what they are for.
package func deriveKey(from secret: [UInt8], info: [UInt8], length: Int) throws(OpenSSLError) -> [UInt8] {
    let context = try checkPointer("EVP_PKEY_CTX_new_id") { EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) }
    defer { EVP_PKEY_CTX_free(context) }
    try check("EVP_PKEY_derive_init") { EVP_PKEY_derive_init(context) }
    try check("EVP_PKEY_CTX_set_hkdf_md") { EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) }
    try check("EVP_PKEY_CTX_set1_hkdf_key") { EVP_PKEY_CTX_set1_hkdf_key(context, secret, CInt(secret.count)) }
    try check("EVP_PKEY_CTX_add1_hkdf_info") { EVP_PKEY_CTX_add1_hkdf_info(context, info, CInt(info.count)) }
    var output = [UInt8](repeating: 0, count: length)
    var written = length
    try check("EVP_PKEY_derive") { EVP_PKEY_derive(context, &output, &written) }
    return output
}

/// Bytes that nobody can guess, from libcrypto's generator.
package func randomSecret(length: Int) throws(OpenSSLError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    try check("RAND_priv_bytes") { RAND_priv_bytes(&bytes, CInt(length)) }
    return bytes
}
