internal import ConformanceModel
internal import MutualTLS
internal import OpenSSL

/// One handshake of a probe, and how it ended.
struct Attempt {
    /// The proof that the server accepted the client.
    enum Acceptance: String {
        /// It sent application data before the client did.
        case spokeFirst = "the server spoke first"
        case answered = "the server answered a request"
        case closedInOrder = "the server closed in order, with close_notify"
        /// Nobody waited for more than that.
        case finished = "the handshake was finished"
        /// Nothing came, and nothing was refused.
        case silent = "the server stayed silent, and kept the connection open"
        case closedAfterRequest = "the server kept the connection open until it got bytes that it doesn't know"
    }

    enum Refusal: Equatable {
        case alert(UInt8)
        /// The end of the stream without an alert and without a byte of the application.
        case closedWithoutAlert
        case reset
        /// TLS went well, and HTTP says no.
        case http(String)
        /// TLS went well, and the application refuses, in its own protocol.
        case application(String)
        case protocolError(String)
    }

    enum Ending: Equatable {
        case accepted(Acceptance)
        case refused(Refusal, isHandshakeOver: Bool)
        /// The first bytes of input that isn't TLS.
        case notTLS([UInt8])
        /// The server said nothing within the patience; before or after its ServerHello.
        case stalled(hasServerHello: Bool)
        case unreachable(String)
    }

    var ending: Ending
    var record: RawClient.Record?
    var didResume = false
    /// The application's first answer, where it is one of a protocol that is known.
    var answer: ApplicationAnswer?
    var session: SSLSession?
    /// From the first byte sent to the end of this side's handshake.
    var handshakeTime: Duration?

    var isAccepted: Bool {
        if case .accepted = ending { true } else { false }
    }

    var isRefused: Bool {
        if case .refused = ending { true } else { false }
    }

    var certificates: [Certificate] { record?.certificates ?? [] }
    var isCertificateRequested: Bool { record?.isCertificateRequested ?? false }
}

extension Attempt: CustomStringConvertible {
    var description: String {
        switch ending {
        case .accepted(let why):
            return "accepted (\(why.rawValue)\(answer.map { ": \($0.summary)" } ?? ""))"
        case .refused(let refusal, let isOver):
            return "refused \(isOver ? "after the client's handshake was over" : "in the handshake"), \(refusal)"
        case .notTLS(let bytes):
            let text = String(decoding: bytes.prefix(40), as: UTF8.self)
            return "not TLS: the server sent “\(SingleLine.of(text))”"
        case .stalled(let hasServerHello):
            return hasServerHello ? "no end of the handshake came in time" : "no answer to the ClientHello came in time"
        case .unreachable(let reason): return reason
        }
    }
}

extension Attempt.Refusal: CustomStringConvertible {
    var description: String {
        switch self {
        case .alert(let code):
            let name = AlertDescription(rawValue: code).name
            return "with alert \(code) \(name)"
        case .closedWithoutAlert: return "by closing without an alert"
        case .reset: return "by a reset, which may have swallowed an alert"
        case .http(let status): return "in HTTP: \(SingleLine.of(status))"
        case .application(let words): return "by the application: \(SingleLine.of(words))"
        case .protocolError(let reason): return "by an error of the protocol: \(reason)"
        }
    }
}
