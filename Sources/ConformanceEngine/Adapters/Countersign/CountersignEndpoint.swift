internal import ConformanceModel
internal import MutualTLS

/// One side of a connection that the library of this package plays.
final class CountersignEndpoint: Endpoint {
    private let connection: Connection
    private let material: CaseMaterial

    init(_ connection: Connection, material: CaseMaterial) {
        self.connection = connection
        self.material = material
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

    func takeOutput() -> [UInt8] { connection.takeOutput() }

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
