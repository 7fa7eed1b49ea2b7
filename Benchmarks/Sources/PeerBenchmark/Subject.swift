/// A stack that plays both sides, in memory and on one thread.
protocol Subject {
    /// Opens a connection: a handshake with mutual authentication.
    func open(resuming: Bool) throws -> any Link
}

/// Both sides of a connection that stands.
protocol Link: AnyObject {
    var isResumed: Bool { get }
    /// Whether both sides have seen the other's certificate, verified it, and speak the wanted version.
    var isMutual: Bool { get throws }

    /// Moves a block from the server to the client; how many bytes came.
    func transfer(_ block: [UInt8]) throws -> Int
}

/// Why there is no measurement.
enum BenchmarkError: Error {
    case usage(String)
    /// A handshake failed, or was of another kind than the one asked for.
    case handshake(String)
    /// Bytes were lost.
    case transfer(String)
    case unsupported(String)
}

/// The versions that are measured.
enum Version: String {
    case tls12 = "1.2"
    case tls13 = "1.3"
}
