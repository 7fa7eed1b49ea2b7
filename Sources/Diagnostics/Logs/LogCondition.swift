/// The failure, as far as a line of a log tells: the meaning behind the words of each stack.
package enum LogCondition: String, CaseIterable, Sendable {
    // A certificate that wasn't sent, or wasn't accepted.
    case noClientCertificate, unknownAuthority, selfSignedLeaf, selfSignedInChain, missingIntermediate
    case issuerOfIntermediateMissing, badSignature, expired, authorityExpired, notYetValid, nameMismatch
    case addressMismatch, noAlternativeNames, commonNameAlone, clientAddressCompared, wrongPurpose
    case authorityPurpose, revoked, revocationUnknown, listExpired, listMissing, pinMismatch, criticalExtension
    case nameConstraint, pathLength, notAnAuthority, keyUsage, strictIdentifiers, weakAlgorithm, weakKey,
        malformedCertificate,
        certificateVersion, duplicateSerial, verifyDepth
    case refusedCertificate, userMismatch, notAuthorized
    // Files and settings, before any connection.
    case keyMismatch, keyIsCertificate, certificateIsKey, noPrivateKey, wrongPassword, encryptedKey, unsupportedKey
    case legacyContainer, noPEM, damagedPEM, lineEnds, fileMissing, filePermissions, keyInaccessible, keychainOnly
    case emptyTrust, trustFileUnusable, noServerCertificate, unknownSetting
    // The protocol.
    case plaintextToTLS, tlsToPlaintext, versionDisjoint, noSharedCipher, noSharedSignature, badProof, serverName
    case noApplicationProtocol, renegotiation, postHandshake, earlyData, sessionScope, unexpectedMessage, decodeError
    case badRecord
    case tlsDemanded, internalError, accessDenied, unexpectedEnd, reset, timeout
    // Words that say only that it failed.
    case verifyFailed, handshakeFailed

    /// Whether other words about the same connection say more.
    var isGeneric: Bool {
        switch self {
        case .verifyFailed, .handshakeFailed, .unexpectedEnd, .reset, .refusedCertificate, .internalError: true
        default: false
        }
    }

    /// Whether it is a judgement of a certificate, which either side can make of the other's.
    var isAboutCertificate: Bool {
        switch self {
        case .unknownAuthority, .expired, .wrongPurpose, .revoked, .refusedCertificate: true
        default: false
        }
    }

    /// How much it says, to choose between the words of one failure.
    var weight: Int {
        switch self {
        case .handshakeFailed: 10
        case .reset: 20
        case .unexpectedEnd: 25
        case .internalError, .decodeError, .unexpectedMessage: 30
        case .verifyFailed: 40
        case .refusedCertificate: 45
        case .noPrivateKey, .trustFileUnusable: 60
        case .noPEM: 80
        default: 100
        }
    }
}

/// A side of a connection.
package enum LogSide: String, Sendable {
    case client, server

    var other: LogSide { self == .client ? .server : .client }
}

/// The finder of the fault: the side that logs it, or the other one, whose alert it received.
package enum LogFinder: String, Sendable {
    case logger, peer
}

/// One thing that a line tells.
struct LogFact: Hashable {
    var condition: LogCondition
    /// The owner of the certificate, file or behaviour that it is about, where the words say so.
    var subject: LogSide?
    /// Which side wrote the line, where the words say so.
    var logger: LogSide?
    var finder: LogFinder?
    /// The stack whose words these are.
    var stack: String?
    var alert: UInt8?
    /// The number of characters that were recognised: of two readings the longer one tells more.
    var length = 0
}
