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
