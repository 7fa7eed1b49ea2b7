internal import CGnuTLS
internal import Glibc

/// The two buffers between a session and its wire, and the functions that GnuTLS moves bytes with.
final class MemoryTransport {
    private var input: [UInt8] = []
    private var inputStart = 0
    private var output: [UInt8] = []
    private var inputEnded = false

    func append(_ bytes: [UInt8]) {
        if inputStart == input.count {
            input.removeAll(keepingCapacity: true)
            inputStart = 0
        }
        input += bytes
    }

    /// The bytes that arrived and that GnuTLS has not asked for.
    var unreadCount: Int { input.count - inputStart }

    func endInput() {
        inputEnded = true
    }

    func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// Fills the buffer and returns the count; 0 at the end of input, nil if there is nothing yet.
    fileprivate func pull(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let count = min(buffer.count, input.count - inputStart)
        guard count > 0 else { return inputEnded ? 0 : nil }
        buffer.copyBytes(from: input[inputStart..<inputStart + count])
        inputStart += count
        return count
    }

    fileprivate func push(_ bytes: UnsafeRawBufferPointer) {
        output.append(contentsOf: bytes)
    }

    /// Whether a pull would return at once with bytes or the end.
    fileprivate var isReadable: Bool { inputStart < input.count || inputEnded }

    /// Connects a session; the caller keeps this object until `gnutls_deinit`.
    func attach(to session: gnutls_session_t) {
        gnutls_transport_set_ptr(session, Unmanaged.passUnretained(self).toOpaque())
        gnutls_transport_set_push_function(session, pushBytes)
        gnutls_transport_set_pull_function(session, pullBytes)
        gnutls_transport_set_pull_timeout_function(session, awaitBytes)
        // GnuTLS asks here why a pull failed; there is one reason only.
        gnutls_transport_set_errno_function(session) { _ in EAGAIN }
    }
}

// The transport pointer is a MemoryTransport that the GnuTLSSession keeps alive for as long as its gnutls_session_t.

private func transport(_ pointer: gnutls_transport_ptr_t?) -> MemoryTransport? {
    pointer.map { Unmanaged<MemoryTransport>.fromOpaque($0).takeUnretainedValue() }
}

private let pushBytes: gnutls_push_func = { pointer, bytes, count in
    transport(pointer)?.push(UnsafeRawBufferPointer(start: bytes, count: count))
    return count
}

private let pullBytes: gnutls_pull_func = { pointer, buffer, count in
    transport(pointer)?.pull(UnsafeMutableRawBufferPointer(start: buffer, count: count)) ?? -1
}

private let awaitBytes: gnutls_pull_timeout_func = { pointer, _ in
    transport(pointer)?.isReadable == true ? 1 : 0
}
