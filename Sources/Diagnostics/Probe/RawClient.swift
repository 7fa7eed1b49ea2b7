internal import MutualTLS
internal import OpenSSL

/// A client that takes whatever a server says, and writes down what it saw.
///
/// It verifies nothing, for a probe has nothing to lose and wants to see all of it; nothing secret is ever sent.
final class RawClient {
    struct Settings {
        var version: SSLProtocolVersion
        /// The identity that is presented when the server asks; nil answers with an empty Certificate.
        var identity: Identity?
        /// The bytes of server_name; nil sends none.
        var serverName: String?
        /// A session to offer, of whatever server and name.
        var session: SSLSession?
        /// How many bytes of the ClientHello a record holds; nil leaves it whole (RFC 8446 section 5.1).
        var helloRecord: Int?
    }

    let record = Record()
    private let connection: SSLConnection
    private var helloRecord: Int?

    init(_ settings: Settings) throws(OpenSSLError) {
        let context = try SSLContext(
            SSLContextSettings(
                role: .client,
                minimumVersion: settings.version,
                maximumVersion: settings.version,
                securityLevel: 0,
                keepsSessions: true
            )
        )
        record.identity = settings.identity
        helloRecord = settings.helloRecord
        connection = try SSLConnection(context: context, delegate: record)
        connection.demand(.optional)
        // libssl gives up a session that was made in another context, and a probe offers any to anybody.
        try connection.setSessionContext(Array("countersign probe".utf8))
        if let name = settings.serverName { try connection.send(serverName: name) }
        if let session = settings.session { try connection.offer(session, age: 0) }
    }

    enum Progress: Equatable {
        case handshaking
        case established
        /// The server has sent close_notify.
        case closed
        case failed(String)
    }

    private(set) var progress = Progress.handshaking
    /// Whether this side has finished the handshake, whatever came after it.
    private(set) var isHandshakeOver = false
    private(set) var applicationData: [UInt8] = []

    var didResume: Bool { connection.didResume }
    var cipherSuite: String? { connection.cipherSuite }

    /// A session that can be offered later.
    var session: SSLSession? { record.sessions.last ?? connection.resumableSession }

    func start() { advance() }

    func receive(_ bytes: [UInt8]) {
        connection.receive(bytes)
        advance()
    }

    func send(_ bytes: [UInt8]) {
        if case .failed(let error) = connection.write(bytes) { progress = .failed("\(error)") }
    }

    /// Sends close_notify, so that the server's log stays clean.
    func close() {
        guard progress == .established else { return }
        _ = connection.shutdown()
    }

    func takeOutput() -> [UInt8] {
        let output = connection.takeOutput()
        guard let size = helloRecord, !output.isEmpty else { return output }
        helloRecord = nil
        return Self.cut(output, into: size)
    }

    /// The records of a first flight with their content in pieces, each in a record of its own.
    static func cut(_ flight: [UInt8], into size: Int) -> [UInt8] {
        var result: [UInt8] = []
        var place = 0
        while place + 5 <= flight.count {
            let length = Int(flight[place + 3]) << 8 | Int(flight[place + 4])
            let end = min(place + 5 + length, flight.count)
            for start in stride(from: place + 5, to: end, by: max(size, 1)) {
                let piece = flight[start..<min(start + max(size, 1), end)]
                result += flight[place..<(place + 3)] + [UInt8(piece.count >> 8), UInt8(piece.count & 0xFF)] + piece
            }
            place = end
        }
        return result
    }

    private func advance() {
        if progress == .handshaking {
            switch connection.handshake() {
            case .completed:
                progress = .established
                isHandshakeOver = true
                record.isHandshakeOver = true
            case .needsInput: return
            case .peerClosed: progress = .closed
            case .failed(let error): progress = .failed("\(error)")
            }
        }
        while progress == .established {
            switch connection.read(into: &applicationData) {
            case .completed: continue
            case .needsInput: return
            case .peerClosed: progress = .closed
            case .failed(let error): progress = .failed("\(error)")
            }
        }
    }
}

extension RawClient {
    /// A client's observation of one handshake.
    final class Record: SSLConnectionDelegate {
        fileprivate(set) var identity: Identity?
        private(set) var certificates: [Certificate] = []
        private(set) var isCertificateRequested = false
        /// Whether the server asked only after the first handshake: by renegotiation, or after it in TLS 1.3.
        private(set) var isCertificateRequestedLater = false
        /// Whether the server asked to shake hands anew (RFC 5246 section 7.4.1.1).
        private(set) var isRenegotiationRequested = false
        fileprivate(set) var isHandshakeOver = false
        private(set) var authorityNames: [X509Name] = []
        private(set) var alertReceived: UInt8?
        private(set) var alertSent: UInt8?
        private(set) var tickets = 0
        private(set) var hasServerHello = false
        fileprivate var sessions: [SSLSession] = []

        func connection(_ connection: SSLConnection, process clientHello: ClientHello) -> UInt8? {
            Alert.internalError.rawValue
        }

        func connection(_ connection: SSLConnection, verify context: borrowing VerificationContext) -> Bool {
            certificates = context.presentedCertificates.map { Certificate($0) }
            context.setResult(.ok)
            return true
        }

        func connectionWantsCertificate(_ connection: SSLConnection) -> Bool {
            if isHandshakeOver { isCertificateRequestedLater = true } else { isCertificateRequested = true }
            authorityNames = connection.peerAuthorityNames
            guard let identity else { return true }
            do {
                try connection.use(identity.credential)
                return true
            } catch {
                return false
            }
        }

        func connection(_ connection: SSLConnection, noticed alert: SSLAlert) {
            guard alert.code != 0 else { return }
            guard !alert.isOutgoing else {
                alertSent = alert.code
                // This client declines every renegotiation (RFC 5246 section 7.2.2: no_renegotiation).
                if alert.code == 100 { isRenegotiationRequested = true }
                return
            }
            // A warning that the server doesn't know the name ends nothing (RFC 6066 section 3).
            if alert.isFatal || alertReceived == nil { alertReceived = alert.code }
        }

        func connection(_ connection: SSLConnection, noticed message: SSLHandshakeMessage) {
            guard !message.isOutgoing else { return }
            if message.type == 0 { isRenegotiationRequested = true }
            if message.type == SSLHandshakeMessage.newSessionTicket { tickets += 1 }
            if message.type == SSLHandshakeMessage.serverHello { hasServerHello = true }
        }

        func connection(_ connection: SSLConnection, logged line: String) {}

        func connection(_ connection: SSLConnection, received session: SSLSession) {
            sessions.append(session)
        }
    }
}
