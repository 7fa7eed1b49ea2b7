/// Words that a stack writes for a condition; stars stand for any text of the line.
struct LogPhrase: Sendable {
    let parts: [[UInt8]]
    let fact: LogFact
    /// Whether the words mean something else in a line that isn't about TLS.
    let needsContext: Bool

    init(
        _ text: String,
        _ condition: LogCondition,
        about subject: LogSide? = nil,
        by logger: LogSide? = nil,
        found finder: LogFinder? = .logger,
        loose needsContext: Bool = false
    ) {
        parts = text.split(separator: "*").map { PhraseAutomaton.normalized($0.utf8) }.filter { !$0.isEmpty }
        fact = LogFact(
            condition: condition,
            subject: subject,
            logger: logger,
            finder: finder,
            length: parts.reduce(0) { $0 + $1.count }
        )
        self.needsContext = needsContext
    }

    /// The part that is looked for first.
    var trigger: [UInt8] { parts.max { $0.count < $1.count } ?? [] }
}

/// Words that tell which side writes the line, or that it is about TLS at all, or whose log it is.
struct LogHint: Sendable {
    enum Meaning: Sendable {
        case logger(LogSide)
        case stack(String)
        case context
        /// A line that names a certificate or a handshake and tells of nothing wrong.
        case ordinary
        /// Words of success, unless the line speaks of an error as well.
        case calm
        /// A line that may name an alert by its number.
        case alert
        /// A line that names an alert in words, so that its name is to be read.
        case alertWord
        /// An alert by its name.
        case alertName(UInt8)
    }

    let text: [UInt8]
    let meaning: Meaning
    /// Whether no letter may stand before it.
    let beginsWord: Bool

    init(_ text: String, _ meaning: Meaning, word beginsWord: Bool = false) {
        self.text = PhraseAutomaton.normalized(text.utf8)
        self.meaning = meaning
        self.beginsWord = beginsWord
    }
}

/// Why it may have happened, how to tell, and the failure mode that doctor, probe and the cases know it by.
package struct LogCause: Hashable, Sendable {
    /// The failure mode's id.
    package var id: String
    package var sentence: String
    /// The sign that tells this cause from the others.
    package var tell: String

    init(_ id: String, _ sentence: String, tell: String) {
        self.id = id
        self.sentence = sentence
        self.tell = tell
    }
}

extension LogFinding {
    /// The side that refused, or the file at fault, in a sentence.
    package var verdict: String {
        let other = subject.other.rawValue
        let sent = alert.map { " with alert \($0)" } ?? ""
        switch condition {
        case .keyMismatch, .keyIsCertificate, .certificateIsKey, .noPrivateKey, .wrongPassword, .encryptedKey,
            .unsupportedKey, .legacyContainer, .noPEM, .damagedPEM, .lineEnds, .fileMissing, .filePermissions,
            .keyInaccessible, .keychainOnly, .emptyTrust, .trustFileUnusable, .noServerCertificate, .unknownSetting:
            return "A file or setting of the side that logs this is at fault; no peer is involved yet."
        case .plaintextToTLS, .tlsToPlaintext, .tlsDemanded:
            return "One side speaks TLS and the other one plaintext."
        case .versionDisjoint, .noSharedCipher, .noSharedSignature, .noApplicationProtocol:
            return "Client and server have nothing in common to agree on; certificates weren't judged."
        case .unexpectedEnd, .reset, .timeout:
            return "The connection ended without an alert, so the reason stands in the other side's log alone."
        case .noClientCertificate:
            return "The server refused the client\(sent): it received no certificate."
        case .handshakeFailed, .internalError, .unexpectedMessage, .decodeError, .badRecord:
            return finder == .peer
                ? "The \(other) ended the handshake\(sent), and its own log says why."
                : "The handshake failed; these words alone don't say why."
        default:
            return "The \(other) refused the \(subject.rawValue)\(sent)."
        }
    }
}
