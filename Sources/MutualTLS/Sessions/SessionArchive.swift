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
            let session = reader.content().flatMap(EncodedSession.init(decoding:)),
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
