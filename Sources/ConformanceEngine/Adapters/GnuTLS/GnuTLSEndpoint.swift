internal import ConformanceModel
internal import GnuTLSPeer

/// One side of a connection that GnuTLS plays.
final class GnuTLSEndpoint: Endpoint {
    private let session: GnuTLSSession
    private let side: Side
    private let material: CaseMaterial

    init(_ session: GnuTLSSession, side: Side, material: CaseMaterial) {
        self.session = session
        self.side = side
        self.material = material
    }

    var state: EndpointState {
        switch session.state {
        case .handshaking: .handshaking
        case .established: .established
        case .closed: .closed
        case .failed: .failed
        }
    }

    func start() { session.start() }

    func receive(_ bytes: [UInt8]) { session.receive(bytes) }

    func receiveEndOfInput() { session.receiveEndOfInput() }

    func takeOutput() -> [UInt8] { session.takeOutput() }

    func send(_ bytes: [UInt8]) { session.send(bytes) }

    func takeApplicationData() -> [UInt8] { session.takeApplicationData() }

    var keyLogLines: [String] { session.keyLogLines }

    func close() { session.close() }

    func observation() -> SideObservation {
        let report = session.report
        var seen = SideObservation(accepted: report.accepted, reachedHandshake: true)
        if let failure = report.failure {
            seen.reason = ReasonClass(failure).rawValue
            seen.detail = Self.detail(of: failure)
        }
        seen.alertSent = report.alertSent.map(AlertDescription.init(rawValue:))
        seen.alertReceived = report.alertReceived.map(AlertDescription.init(rawValue:))
        seen.presented = report.localCertificate.map(material.sighting(of:))
        seen.received = report.peerChain.first.map(material.sighting(of:))
        seen.receivedChainLength = report.peerChain.count
        seen.verified = report.peerVerified
        seen.verifiedChainLength = report.verifiedChainLength
        seen.sni = report.sni
        seen.version = report.version.flatMap(ProtocolVersion.init(rawValue:))
        seen.cipherSuite = report.cipherSuite
        seen.resumed = report.resumed
        if side == .client {
            seen.certificateRequested = report.certificateRequested
            seen.acceptableCAs = report.certificateRequested ? material.entries(withSubjects: report.caNames) : nil
        }
        return seen
    }

    private static func detail(of failure: GnuTLSFailure) -> String {
        let reasons = failure.verificationReasons
        let status = reasons.isEmpty ? "" : " [\(reasons.joined(separator: ", "))]"
        return "\(failure.name): \(failure.message)\(status)"
    }
}
