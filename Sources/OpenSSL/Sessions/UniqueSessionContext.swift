internal import COpenSSL
internal import Synchronization

/// Session contexts of which no two are the same: a number behind random bytes of this process.
enum UniqueSessionContext {
    private static let number = Atomic<UInt64>(0)

    /// Drawn once: random bytes for each connection cost more than the rest of its setting up.
    private static let ofProcess: [UInt8]? = {
        var bytes = [UInt8](repeating: 0, count: Int(SSL_MAX_SID_CTX_LENGTH) - MemoryLayout<UInt64>.size)
        return RAND_bytes(&bytes, CInt(bytes.count)) == 1 ? bytes : nil
    }()

    /// The next one: SSL_MAX_SID_CTX_LENGTH bytes.
    static func next() throws(OpenSSLError) -> [UInt8] {
        guard let ofProcess else { throw ErrorQueue.drain(call: "RAND_bytes") }
        let count = number.add(1, ordering: .relaxed).newValue
        return withUnsafeBytes(of: count) { ofProcess + $0 }
    }
}
