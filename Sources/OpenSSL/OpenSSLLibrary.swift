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
