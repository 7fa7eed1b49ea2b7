internal import COpenSSL

/// The OpenSSL that this process runs with, which may be a later one than it was built with.
package enum OpenSSLLibrary {
    /// For example `3.0.19`.
    package static var version: String {
        OpenSSL_version(OPENSSL_VERSION_STRING).map { String(cString: $0) } ?? "unknown"
    }
}

/// The error queue of the current thread.
///
/// The rule around every call that can fail: clear, call, drain, throw, with no suspension in between.
package enum ErrorQueue {
    /// Forgets what earlier calls left, so that a drained queue speaks of one call alone.
    package static func clear() {
        // To look is cheaper than to wipe all sixteen places of the queue.
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// Takes all entries from the queue and names the call that they belong to.
    package static func drain(call: String) -> OpenSSLError {
        var entries: [OpenSSLError.Entry] = []
        var data: UnsafePointer<CChar>?
        var flags: CInt = 0
        while true {
            let code = ERR_get_error_all(nil, nil, nil, &data, &flags)
            guard code != 0 else { break }
            let hasText = flags & ERR_TXT_STRING != 0
            entries.append(
                OpenSSLError.Entry(
                    library: COpenSSL_ERR_GET_LIB(code),
                    reason: COpenSSL_ERR_GET_REASON(code),
                    text: ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)",
                    data: hasText ? data.map { String(cString: $0) } ?? "" : ""
                )
            )
        }
        return OpenSSLError(call: call, entries: entries)
    }
}

/// Calls a function that documents 1 as its only success, and throws what the queue holds otherwise.
@discardableResult
package func check(_ call: String, _ body: () -> CInt) throws(OpenSSLError) -> CInt {
    ErrorQueue.clear()
    let result = body()
    guard result == 1 else { throw ErrorQueue.drain(call: call) }
    return result
}

/// Calls a function that returns a pointer, and throws what the queue holds when it is null.
package func checkPointer<Pointer>(_ call: String, _ body: () -> Pointer?) throws(OpenSSLError) -> Pointer {
    ErrorQueue.clear()
    guard let pointer = body() else { throw ErrorQueue.drain(call: call) }
    return pointer
}

/// Calls a function that returns a length or a count, and throws what the queue holds when it is not positive.
package func checkPositive(_ call: String, _ body: () -> CInt) throws(OpenSSLError) -> Int {
    ErrorQueue.clear()
    let result = body()
    guard result > 0 else { throw ErrorQueue.drain(call: call) }
    return Int(result)
}

/// A failed call of OpenSSL: its name, and the error queue of the thread, oldest entry first.
///
/// The queue belongs to the thread, so it is drained right after the call and kept here as a value.
package struct OpenSSLError: Error, Sendable, Equatable {
    /// One entry of the error queue.
    package struct Entry: Sendable, Equatable {
        /// The library part of the code (`ERR_GET_LIB`), for example `ERR_LIB_SSL`.
        package let library: Int32
        /// The reason part of the code (`ERR_GET_REASON`), unique within its library.
        package let reason: Int32
        /// The text of the reason, for example `tlsv1 alert unknown ca`.
        package let text: String
        /// The data that OpenSSL added to the entry, or an empty string.
        package let data: String
    }

    /// The name of the C function that failed.
    package let call: String
    /// The entries of the queue, oldest first; empty when OpenSSL left none.
    package let entries: [Entry]

    package init(call: String, entries: [Entry]) {
        self.call = call
        self.entries = entries
    }
}

extension OpenSSLError: CustomStringConvertible {
    package var description: String {
        let reasons = entries.map { entry in
            entry.data.isEmpty ? entry.text : "\(entry.text) (\(entry.data))"
        }
        return reasons.isEmpty ? "\(call) failed" : "\(call): \(reasons.joined(separator: "; "))"
    }
}

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
        /// A key of the application's own didn't sign.
        case signer
        case other
    }

    /// The cause, by the entries of libssl.
    package var cause: Cause {
        for entry in entries {
            if entry.reason == ERR_R_MALLOC_FAILURE { return .outOfMemory }
            if entry.library == ERR_LIB_USER { return .signer }
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
