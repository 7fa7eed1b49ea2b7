internal import OpenSSL

/// The sessions of a client as bytes.
enum SessionArchive {
    private static let magic = Array("countersign sessions 1\n".utf8)

    static func bytes(of sessions: [ClientSession]) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(magic)
        writer.write(sessions.map(bytes(of:)))
        return writer.bytes
    }

    /// The sessions that can be read; one that can't be spoils none of the others.
    static func sessions(in bytes: [UInt8]) throws(MutualTLSError) -> [ClientSession] {
        var reader = ByteReader(bytes)
        guard reader.content() == magic, let records = reader.contents(), reader.isAtEnd else {
            throw MutualTLSError(
                .undecodableSessions,
                "Expected the exported sessions of a client, found \(bytes.count) bytes of something else, or a part of "
                    + "them. Start with an empty file."
            )
        }
        return records.compactMap(session(in:))
    }

    private static func bytes(of session: ClientSession) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(session.scope.bytes)
        writer.write(session.session.bytes)
        writer.write(session.grant.bytes)
        writer.write(session.receivedAt.secondsSinceEpoch)
        writer.write(session.peerCertificates.map(\.derBytes))
        writer.write(session.verifiedChain.map(\.derBytes))
        writer.write(session.hasSentCertificate ? 1 : 0 as UInt8)
        return writer.bytes
    }

    private static func session(in bytes: [UInt8]) -> ClientSession? {
        var reader = ByteReader(bytes)
        guard let scope = reader.content(), scope.count == 32,
            let session = reader.content().flatMap(SSLSession.init(decoding:)),
            let grant = reader.content().flatMap(SessionGrant.init(bytes:)),
            let receivedAt = reader.number(),
            let peer = reader.contents().flatMap(certificates),
            let chain = reader.contents().flatMap(certificates),
            let hasSentCertificate = reader.byte(), hasSentCertificate <= 1,
            reader.isAtEnd
        else {
            return nil
        }
        return ClientSession(
            scope: SessionScope(bytes: scope),
            session: session,
            grant: grant,
            receivedAt: Timestamp(secondsSinceEpoch: receivedAt),
            peerCertificates: peer,
            verifiedChain: chain,
            hasSentCertificate: hasSentCertificate == 1
        )
    }

    private static func certificates(_ encodings: [[UInt8]]) -> [Certificate]? {
        let decoded = encodings.compactMap { try? Certificate(der: $0) }
        return decoded.count == encodings.count ? decoded : nil
    }
}

/// Puts numbers and byte strings one after the other, so that two sequences of values never have the same bytes.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// Eight bytes, the most significant first.
    mutating func write(_ number: Int64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// The length in eight bytes, then the bytes.
    mutating func write(_ content: [UInt8]) {
        write(Int64(content.count))
        bytes.append(contentsOf: content)
    }

    /// Whether there are any, then the bytes.
    mutating func write(optional content: [UInt8]?) {
        write(content == nil ? UInt8(0) : 1)
        if let content { write(content) }
    }

    /// The number of strings, then each.
    mutating func write(_ contents: [[UInt8]]) {
        write(Int64(contents.count))
        for content in contents {
            write(content)
        }
    }
}

/// Takes apart what ``ByteWriter`` has put together; nil for bytes that are something else.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() -> UInt8? {
        rest.popFirst()
    }

    mutating func number() -> Int64? {
        guard rest.count >= 8 else { return nil }
        defer { rest = rest.dropFirst(8) }
        return rest.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    mutating func content() -> [UInt8]? {
        guard let length = number(), length >= 0, length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(Int(length)) }
        return Array(rest.prefix(Int(length)))
    }

    mutating func contents() -> [[UInt8]]? {
        guard let count = number(), count >= 0, count <= rest.count else { return nil }
        var contents: [[UInt8]] = []
        for _ in 0..<count {
            guard let content = content() else { return nil }
            contents.append(content)
        }
        return contents
    }
}
