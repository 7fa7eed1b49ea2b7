/// The facts that a full handshake established, in a form that outlives it: a server puts them into the ticket.
///
/// A resumed handshake repeats nothing, so a renewed ticket carries the grant of the full handshake on as it was.
struct SessionGrant: Sendable, Hashable {
    /// When the full handshake was finished, by the clock of the settings.
    let issuedAt: Timestamp
    /// From when on a full handshake might be refused: something that was verified expires, or a list falls due.
    let validUntil: Timestamp
    /// Whether the peer's certificate was verified.
    let isVerified: Bool
    /// The verified chain above the leaf, which the session itself holds: a certificate of the pool as its SHA-256 digest
    /// of 32 bytes, another one in DER. A client keeps its chain beside the grant.
    let links: [[UInt8]]

    init(issuedAt: Timestamp, validUntil: Timestamp, isVerified: Bool, links: [[UInt8]] = []) {
        self.issuedAt = issuedAt
        self.validUntil = validUntil
        self.isVerified = isVerified
        self.links = links
    }

    /// Whether it may be resumed now. A grant from the future says that the clock was set back since.
    func isGood(at now: Timestamp, lifetime: Int64) -> Bool {
        guard let age = now.seconds(since: issuedAt), age >= 0, age <= lifetime else { return false }
        return now < validUntil
    }

    /// For how many more seconds it may be resumed.
    func remaining(at now: Timestamp, lifetime: Int64) -> Int64 {
        guard let age = now.seconds(since: issuedAt), age >= 0, age <= lifetime, validUntil > now else { return 0 }
        return min(lifetime - age, validUntil.seconds(since: now) ?? .max)
    }
}

extension SessionGrant {
    private static var format: UInt8 { 2 }

    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.format)
        writer.write(issuedAt.secondsSinceEpoch)
        writer.write(validUntil.secondsSinceEpoch)
        writer.write(isVerified ? 1 : 0 as UInt8)
        writer.write(links)
        return writer.bytes
    }

    /// Nil for anything that `bytes` doesn't make.
    init?(bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard reader.byte() == Self.format, let issuedAt = reader.number(), let validUntil = reader.number(),
            let isVerified = reader.byte(), isVerified <= 1, let links = reader.contents(), reader.isAtEnd
        else {
            return nil
        }
        self.init(
            issuedAt: Timestamp(secondsSinceEpoch: issuedAt),
            validUntil: Timestamp(secondsSinceEpoch: validUntil),
            isVerified: isVerified == 1,
            links: links
        )
    }
}

extension SessionGrant {
    /// The verified chain in the form of ``links``, or nil for one that is too long for a ticket.
    static func links(of chain: [Certificate], in pool: CertificatePool) -> [[UInt8]]? {
        let links = chain.dropFirst().map { pool.contains($0) ? $0.sha256 : $0.derBytes }
        // A ticket has less than 64 KiB, and libssl ends a handshake whose ticket would be longer.
        return links.reduce(0, { $0 + $1.count }) <= 16_384 ? links : nil
    }

    /// The verified chain of the full handshake, or nil if the pool isn't that one.
    ///
    /// - Parameter issuers: where intermediates are looked up before they are decoded.
    func chain(of leaf: Certificate, in pool: CertificatePool?, _ issuers: KnownIssuers) -> [Certificate]? {
        guard isVerified, let pool else { return nil }
        var chain = [leaf]
        for link in links {
            let certificate =
                link.count == 32 ? pool.certificate(withSHA256: link) : issuers.certificate(der: link)
            guard let certificate else { return nil }
            chain.append(certificate)
        }
        return chain.last.map(pool.contains) == true ? chain : nil
    }
}

extension Timestamp {
    /// Seconds from the other to this one, or nil if they don't fit.
    func seconds(since other: Timestamp) -> Int64? {
        let (difference, overflow) = secondsSinceEpoch.subtractingReportingOverflow(other.secondsSinceEpoch)
        return overflow ? nil : difference
    }
}

/// How long what a verification has found goes on to be true.
enum Validity {
    /// The first moment at which a full handshake might be refused that is accepted now: a certificate of the chain
    /// expires, or one of its issuers' revocation lists falls due or comes into force.
    ///
    /// Lists that are rotated in meanwhile are another scope.
    static func end(of chain: [Certificate], _ revocation: RevocationSnapshot, at now: Timestamp) -> Timestamp {
        let looked: [Certificate] =
            switch revocation.scope {
            case .off: []
            case .leaf: Array(chain.prefix(1))
            case .chain: chain
            }
        let issuers = Set(looked.map(\.issuer))
        let changes = revocation.set.lists.filter { issuers.contains($0.issuer) }.flatMap { list in
            [list.thisUpdate, list.nextUpdate].compactMap { $0 }.filter { $0 > now }
        }
        return (chain.map(\.notAfter) + changes).min() ?? Timestamp(secondsSinceEpoch: .max)
    }
}
