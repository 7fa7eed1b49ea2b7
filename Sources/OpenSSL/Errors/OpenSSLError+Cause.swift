internal import COpenSSL

extension OpenSSLError {
    /// The reasons that callers tell apart.
    package enum Cause: Sendable {
        /// A required client certificate didn't come.
        case missingPeerCertificate
        /// A signature of the peer doesn't verify.
        case badSignature
        /// A Finished message of the peer doesn't verify.
        case badFinished
        /// The input ended without close_notify.
        case endOfInput
        /// No common version, cipher suite, group or signature algorithm.
        case noCommonParameters
        case outOfMemory
        case other
    }

    /// The cause, by the entries of libssl.
    package var cause: Cause {
        for entry in entries {
            if entry.reason == ERR_R_MALLOC_FAILURE { return .outOfMemory }
            guard entry.library == ERR_LIB_SSL else { continue }
            switch entry.reason {
            case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return .missingPeerCertificate
            case SSL_R_BAD_SIGNATURE: return .badSignature
            case SSL_R_DIGEST_CHECK_FAILED: return .badFinished
            case SSL_R_UNEXPECTED_EOF_WHILE_READING: return .endOfInput
            case SSL_R_NO_SHARED_CIPHER, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM,
                SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SHARED_GROUPS,
                SSL_R_WRONG_SSL_VERSION, SSL_R_VERSION_TOO_LOW, SSL_R_NO_PROTOCOLS_AVAILABLE:
                return .noCommonParameters
            default: continue
            }
        }
        return .other
    }
}
