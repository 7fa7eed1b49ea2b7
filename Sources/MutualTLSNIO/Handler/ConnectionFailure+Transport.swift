internal import Glibc
internal import MutualTLS
internal import NIOCore
internal import NIOPosix

extension ConnectionFailure {
    /// The handshake took longer than it may.
    static func timedOut(_ timeout: TimeAmount, _ information: ConnectionInformation, peer: String) -> ConnectionFailure
    {
        let seconds = Double(timeout.nanoseconds) / 1e9
        return ConnectionFailure(
            phase: .handshake,
            reason: .timedOut,
            message: "The handshake wasn't finished within \(seconds) s: the \(peer) fell silent or is too slow. "
                + "Check the network, or raise handshakeTimeout.",
            information
        )
    }

    /// The peer has begun a message and doesn't finish it, so that nothing can be sent.
    static func unfinishedMessage(
        _ found: String,
        _ information: ConnectionInformation,
        peer: String
    ) -> ConnectionFailure {
        ConnectionFailure(
            phase: .read,
            reason: .protocolError,
            message: "The \(peer) has begun a handshake message, such as a KeyUpdate, and doesn't finish it: \(found).",
            information
        )
    }

    /// The socket reported an error.
    static func transport(
        _ error: any Error,
        phase: Phase,
        _ information: ConnectionInformation,
        peer: String
    ) -> ConnectionFailure {
        let found = NetworkReason.of(error)
        return ConnectionFailure(
            phase: phase,
            reason: .transport,
            message: "The connection to the \(peer) broke: \(found). It may have refused or crashed without an alert; "
                + "look at its log.",
            information
        )
    }

    /// The same failure, or a plainer one where the first bytes show that the peer doesn't speak TLS at all.
    func explained(byFirstBytes bytes: [UInt8], peer: String) -> ConnectionFailure {
        guard phase == .handshake, [.protocolError, .truncated, .timedOut, .transport].contains(reason) else {
            return self
        }
        if bytes.isEmpty, reason == .truncated { return told(as: reason, Self.silentEnd(of: peer)) }
        guard let found = PlaintextProtocol(firstBytes: bytes) else { return self }
        return told(as: .notTLS, found.explanation(peer: peer, firstBytes: bytes))
    }

    /// The meaning of the end of a stream that never brought a byte.
    private static func silentEnd(of peer: String) -> String {
        peer == ConnectionRole.client.rawValue
            ? "The client closed the connection before it sent a byte, as health checks and port scans do."
            : "The server closed the connection without an answer to the ClientHello. It may speak another protocol, or "
                + "take no connections from here; look at its log."
    }

    private func told(as reason: Reason, _ message: String) -> ConnectionFailure {
        ConnectionFailure(
            blame: .peer,
            phase: phase,
            reason: reason,
            message: message,
            certificate: nil,
            alertSent: alertSent,
            alertReceived: alertReceived
        )
    }

    private init(phase: Phase, reason: Reason, message: String, _ information: ConnectionInformation) {
        self.init(
            blame: .peer,
            phase: phase,
            reason: reason,
            message: message,
            certificate: information.peerCertificates.first,
            alertSent: information.alertSent,
            alertReceived: information.alertReceived
        )
    }
}

/// Why the network refused something, in words for people.
enum NetworkReason {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return of(first.error) }
            let lookup = error.dnsAAAAError ?? error.dnsAError
            return lookup.map { "the name \(error.host) has no address (\(of($0)))" } ?? "no address answered"
        case let error as IOError:
            return "\(String(cString: strerror(error.errnoCode))) (errno \(error.errnoCode))"
        case ChannelError.connectTimeout(let timeout):
            return "no answer within \(Double(timeout.nanoseconds) / 1e9) s"
        default:
            return "\(error)"
        }
    }
}
