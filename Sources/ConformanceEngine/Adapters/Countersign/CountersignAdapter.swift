package import ConformanceModel
internal import MutualTLS

/// Plays sides with the library of this package, through its public API alone.
package struct CountersignAdapter: StackAdapter {
    private let alteration: LibraryAlteration
    private let keyLog: (@Sendable (String) -> Void)?
    private let decoded = DecodedObjects()

    /// - Parameter keyLog: receives the lines of the key log of every connection; nil for none.
    package init(keyLog: (@Sendable (String) -> Void)? = nil) {
        alteration = LibraryAlteration()
        self.keyLog = keyLog
    }

    init(_ alteration: LibraryAlteration) {
        self.alteration = alteration
        keyLog = nil
    }

    package var stack: Stack { .countersign }

    package var versions: [String: String] { ["openssl": MutualTLSLibrary.openSSLVersion] }

    package func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        try CountersignServerParty(settings, surroundings(version, material, clock))
    }

    package func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        try CountersignClientParty(settings, surroundings(version, material, clock))
    }

    private func surroundings(
        _ version: ProtocolVersion,
        _ material: CaseMaterial,
        _ clock: CaseClock
    ) -> CountersignSurroundings {
        CountersignSurroundings(
            version: version,
            material: material,
            clock: clock,
            alteration: alteration,
            keyLog: keyLog,
            decoded: decoded
        )
    }
}

/// The change to the library that a case is played with: none in a run, and one decision in a selftest.
struct LibraryAlteration: Sendable {
    /// Changes settings that are complete.
    var server: @Sendable (inout MutualTLSConfiguration.Server) -> Void = { _ in }
    var client: @Sendable (inout MutualTLSConfiguration.Client) -> Void = { _ in }
    /// Changes the key of the identity that has this leaf.
    var privateKey: @Sendable (PrivateKey, Certificate) throws(MutualTLSError) -> PrivateKey = { key, _ in key }
}

/// One side of a connection that the library of this package plays.
final class CountersignEndpoint: Endpoint {
    private let connection: Connection
    private let material: CaseMaterial
    /// The size of the records that the ClientHello is cut into; nil once it has gone out.
    private var recordSize: Int?

    init(_ connection: Connection, material: CaseMaterial, helloCut: HelloCut? = nil) {
        self.connection = connection
        self.material = material
        if case .records(let size)? = helloCut { recordSize = size }
    }

    var state: EndpointState {
        switch connection.state {
        case .handshaking: .handshaking
        case .established: .established
        case .closed: .closed
        case .failed: .failed
        }
    }

    func start() { connection.start() }

    func receive(_ bytes: [UInt8]) { connection.receive(bytes) }

    func receiveEndOfInput() { connection.receiveEndOfInput() }

    func takeOutput() -> [UInt8] {
        let output = connection.takeOutput()
        guard let size = recordSize, !output.isEmpty else { return output }
        recordSize = nil
        return TLSRecords.cut(output, into: size)
    }

    func send(_ bytes: [UInt8]) {
        // What cannot be sent does not arrive, and the wire notices that.
        try? connection.send(bytes)
    }

    func takeApplicationData() -> [UInt8] { connection.takeApplicationData() }

    func close() { connection.close() }

    func observation() -> SideObservation {
        let information = connection.information
        var seen = SideObservation(accepted: connection.failure == nil, reachedHandshake: true)
        if let failure = connection.failure {
            seen.reason = ReasonClass(failure.reason).rawValue
            seen.detail = failure.message
        }
        seen.alertSent = information.alertSent.map { AlertDescription(rawValue: $0.rawValue) }
        seen.alertReceived = information.alertReceived.map { AlertDescription(rawValue: $0.rawValue) }
        seen.presented = information.localCertificate.map { material.sighting(of: $0.derBytes) }
        seen.received = information.peerCertificates.first.map { material.sighting(of: $0.derBytes) }
        seen.receivedChainLength = information.peerCertificates.count
        seen.verified = information.isPeerVerified
        seen.verifiedChainLength = information.verifiedChainLength
        seen.sni = information.sni
        seen.version = information.version.flatMap { ProtocolVersion(rawValue: $0.rawValue) }
        seen.cipherSuite = information.cipherSuite
        seen.resumed = information.didResume
        if connection.role == .client {
            seen.certificateRequested = information.certificateRequested
            seen.acceptableCAs =
                information.certificateRequested
                ? material.entries(withSubjects: information.acceptableCANames.map(\.derBytes)) : nil
        }
        return seen
    }
}

/// Plaintext TLS records (RFC 8446 section 5.1).
enum TLSRecords {
    /// The same content in records of at most `size` bytes; anything that is no whole record stays as it is.
    static func cut(_ records: [UInt8], into size: Int) -> [UInt8] {
        var cut: [UInt8] = []
        var rest = records[...]
        while rest.count >= 5 {
            let start = rest.startIndex
            let length = Int(rest[start + 3]) << 8 | Int(rest[start + 4])
            guard rest.count >= 5 + length else { break }
            var content = rest[(start + 5)..<(start + 5 + length)]
            while !content.isEmpty {
                let piece = content.prefix(size)
                cut += rest[start..<(start + 3)] + [UInt8(piece.count >> 8), UInt8(piece.count & 0xFF)] + piece
                content = content.dropFirst(size)
            }
            rest = rest[(start + 5 + length)...]
        }
        return cut + rest
    }
}

/// The surroundings of one side of the library in its case, besides its settings.
struct CountersignSurroundings {
    let version: ProtocolVersion
    let material: CaseMaterial
    let clock: CaseClock
    let alteration: LibraryAlteration
    /// Receives the lines of the key log of every connection.
    let keyLog: (@Sendable (String) -> Void)?
    let decoded: DecodedObjects

    var currentTime: @Sendable () -> Timestamp {
        let clock = clock
        return { Timestamp(secondsSinceEpoch: clock.now) }
    }

    func identity(_ name: String) throws(AdapterError) -> Identity {
        try decoded.identity(material.credential(name), alteration)
    }

    func pool(_ names: [String]) throws(AdapterError) -> CertificatePool {
        try decoded.pool(material.certificates(names))
    }

    func pool(_ names: [String]?) throws(AdapterError) -> CertificatePool? {
        guard let names else { return nil }
        return try pool(names)
    }

    func serverName(_ name: String) throws(AdapterError) -> ServerName {
        try settingUp { () throws(MutualTLSError) in try ServerName(name) }
    }

    func revocationLists(_ names: [String]) throws(AdapterError) -> [CertificateRevocationList] {
        let lists = try material.revocationLists(names)
        return try settingUp { () throws(MutualTLSError) in
            var decoded: [CertificateRevocationList] = []
            for der in lists {
                decoded.append(try CertificateRevocationList(der: der))
            }
            return decoded
        }
    }

    /// The platform refuses to present a weak key, so that its peer could not be seen refusing it: a side that holds
    /// one is let through. Nil keeps the platform's level.
    func securityLevel(_ identities: [String]) throws(AdapterError) -> Int? {
        for name in identities where try material.credential(name).hasWeakKey {
            return 0
        }
        return nil
    }
}
