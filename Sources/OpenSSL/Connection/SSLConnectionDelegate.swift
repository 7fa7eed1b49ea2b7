internal import COpenSSL

/// The questions and reports of a connection to its owner, from within OpenSSL's callbacks.
///
/// Every call happens on the thread that runs `SSLConnection.handshake`, `read`, `write` or `shutdown`, before that
/// call returns. The connection keeps its delegate alive.
package protocol SSLConnectionDelegate: SSLSessionDelegate {
    /// Sets the policy of a server's connection; an alert code refuses the ClientHello with that alert.
    func connection(_ connection: SSLConnection, process clientHello: ClientHello) -> UInt8?

    /// Judges the peer's certificates, and leaves the result in `context` for the alert.
    func connection(_ connection: SSLConnection, verify context: borrowing VerificationContext) -> Bool

    /// Chooses one of the protocols that a client offers to a server by ALPN (RFC 7301), in the client's order.
    func connection(_ connection: SSLConnection, chooseProtocolFrom offered: [[UInt8]]) -> ProtocolChoice

    /// Sets the credential of a full handshake; false is a fault. A server is asked after its ClientHello callback, when
    /// no session is resumed, and a client when a CertificateRequest came: it may set none.
    func connectionWantsCertificate(_ connection: SSLConnection) -> Bool

    /// Tells of an alert record (RFC 8446 section 6).
    func connection(_ connection: SSLConnection, noticed alert: SSLAlert)

    /// Tells of a handshake message (RFC 8446 section 4): a hello, a session ticket, and what is about certificates.
    func connection(_ connection: SSLConnection, noticed message: SSLHandshakeMessage)

    /// Tells a line of the key log in the format of NSS, without its line end.
    func connection(_ connection: SSLConnection, logged line: String)
}

extension SSLConnectionDelegate {
    package func connection(_ connection: SSLConnection, chooseProtocolFrom offered: [[UInt8]]) -> ProtocolChoice {
        .none
    }
}

/// A server's answer to the protocols that a client offers.
package enum ProtocolChoice: Sendable {
    /// The server doesn't take part: the extension stays unanswered.
    case none
    /// One of the offered protocols, by its place.
    case chosen(Int)
    /// None of them: the handshake ends with no_application_protocol.
    case refused
}

/// An alert that was sent or received.
package struct SSLAlert: Sendable, Hashable {
    package let code: UInt8
    package let isFatal: Bool
    package let isOutgoing: Bool

    package init(code: UInt8, isFatal: Bool, isOutgoing: Bool) {
        self.code = code
        self.isFatal = isFatal
        self.isOutgoing = isOutgoing
    }
}

/// A handshake message that was sent or received.
package struct SSLHandshakeMessage {
    package let isOutgoing: Bool
    /// The message's type (IANA, TLS HandshakeType).
    package let type: UInt8
    /// A Certificate or CertificateRequest message with its four byte header; of all others nothing, since nobody reads
    /// them.
    package let bytes: [UInt8]

    /// Whether connections are told of messages of this type.
    static func isTold(_ type: UInt8) -> Bool {
        switch type {
        case clientHello, serverHello, newSessionTicket, certificate, certificateRequest: true
        default: false
        }
    }

    package static let clientHello: UInt8 = 1
    package static let serverHello: UInt8 = 2
    package static let newSessionTicket: UInt8 = 4
    package static let certificate: UInt8 = 11
    package static let certificateRequest: UInt8 = 13
    package static let certificateVerify: UInt8 = 15
    package static let finished: UInt8 = 20
}

/// The parts of a ClientHello that a server's policy depends on.
package struct ClientHello: Sendable, Hashable {
    /// The host name of the server_name extension as it was sent (RFC 6066 section 3), or nil without one.
    package let serverName: String?
    /// Whether it has a certificate_authorities extension without a name, which libssl overlooks; at least one must stand
    /// there (RFC 8446 section 4.2.4).
    package let hasNoAuthorities: Bool

    package init(serverName: String?, hasNoAuthorities: Bool = false) {
        self.serverName = serverName
        self.hasNoAuthorities = hasNoAuthorities
    }

    init(of ssl: OpaquePointer?) {
        let named = { (type: CInt) -> UnsafeBufferPointer<UInt8>? in
            var bytes: UnsafePointer<UInt8>?
            var length = 0
            guard SSL_client_hello_get0_ext(ssl, UInt32(type), &bytes, &length) == 1 else { return nil }
            return UnsafeBufferPointer(start: bytes, count: length)
        }
        serverName = named(TLSEXT_TYPE_server_name).flatMap(ClientHello.hostName)
        hasNoAuthorities = named(TLSEXT_TYPE_certificate_authorities).map { Array($0) == [0, 0] } ?? false
    }

    /// Reads the first host_name of a ServerNameList; libssl itself refuses a malformed one after the callback.
    static func hostName(in list: UnsafeBufferPointer<UInt8>) -> String? {
        guard list.count >= 5, list[2] == UInt8(TLSEXT_NAMETYPE_host_name) else { return nil }
        let listLength = Int(list[0]) << 8 | Int(list[1])
        let nameLength = Int(list[3]) << 8 | Int(list[4])
        guard listLength == list.count - 2, nameLength > 0, nameLength <= list.count - 5 else { return nil }
        return String(decoding: list[5..<(5 + nameLength)], as: UTF8.self)
    }
}
