/// A TLS alert by its number (RFC 8446 section 6, IANA registry "TLS Alerts").
///
/// Numbers without a name here survive: a peer may send any.
public struct Alert: RawRepresentable, Sendable, Hashable, Codable {
    /// The number on the wire.
    public let rawValue: UInt8

    /// Makes an alert from its number on the wire.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The name that IANA registers, for example `certificate_required`, or `alert_N` for an unregistered number.
    public var name: String { Alert.names[rawValue] ?? "alert_\(rawValue)" }
}

extension Alert: CustomStringConvertible {
    /// Name and number, for example `unknown_ca (48)`.
    public var description: String { "\(name) (\(rawValue))" }
}

extension Alert {
    /// The sender sends nothing more (RFC 8446 section 6.1).
    public static let closeNotify = Alert(rawValue: 0)
    /// A message came out of turn.
    public static let unexpectedMessage = Alert(rawValue: 10)
    /// A record doesn't decrypt.
    public static let badRecordMAC = Alert(rawValue: 20)
    /// A record is too long.
    public static let recordOverflow = Alert(rawValue: 22)
    /// No acceptable parameters; in TLS 1.2 also a required client certificate that is missing.
    public static let handshakeFailure = Alert(rawValue: 40)
    /// A certificate is unacceptable: wrong purpose, name, key usage, or a key that is too weak.
    public static let badCertificate = Alert(rawValue: 42)
    /// A certificate is of an unsupported type.
    public static let unsupportedCertificate = Alert(rawValue: 43)
    /// A certificate was revoked by its issuer.
    public static let certificateRevoked = Alert(rawValue: 44)
    /// A certificate has expired or isn't valid yet.
    public static let certificateExpired = Alert(rawValue: 45)
    /// A certificate is unacceptable for another reason, here: missing or stale revocation lists.
    public static let certificateUnknown = Alert(rawValue: 46)
    /// A field is inconsistent or out of range.
    public static let illegalParameter = Alert(rawValue: 47)
    /// No chain leads to a trusted certificate authority.
    public static let unknownCA = Alert(rawValue: 48)
    /// A valid certificate was refused by access control.
    public static let accessDenied = Alert(rawValue: 49)
    /// A message doesn't decode.
    public static let decodeError = Alert(rawValue: 50)
    /// A signature or a Finished message doesn't verify (RFC 8446 section 4.4.3).
    public static let decryptError = Alert(rawValue: 51)
    /// No common version of the protocol.
    public static let protocolVersion = Alert(rawValue: 70)
    /// The parameters are too weak for the sender.
    public static let insufficientSecurity = Alert(rawValue: 71)
    /// The sender has a fault of its own.
    public static let internalError = Alert(rawValue: 80)
    /// A client fell back to an older version without need (RFC 7507).
    public static let inappropriateFallback = Alert(rawValue: 86)
    /// The user gave up.
    public static let userCanceled = Alert(rawValue: 90)
    /// Renegotiation is refused (TLS 1.2, RFC 5246 section 7.2.2).
    public static let noRenegotiation = Alert(rawValue: 100)
    /// A mandatory extension is missing.
    public static let missingExtension = Alert(rawValue: 109)
    /// An extension was not asked for.
    public static let unsupportedExtension = Alert(rawValue: 110)
    /// The server has no identity for the name (RFC 6066 section 3).
    public static let unrecognizedName = Alert(rawValue: 112)
    /// An OCSP response is unacceptable (RFC 6066 section 8).
    public static let badCertificateStatusResponse = Alert(rawValue: 113)
    /// No pre-shared key of that name.
    public static let unknownPSKIdentity = Alert(rawValue: 115)
    /// A required client certificate is missing (TLS 1.3).
    public static let certificateRequired = Alert(rawValue: 116)
    /// No common application protocol (RFC 7301).
    public static let noApplicationProtocol = Alert(rawValue: 120)

    static let names: [UInt8: String] = [
        0: "close_notify",
        10: "unexpected_message",
        20: "bad_record_mac",
        22: "record_overflow",
        40: "handshake_failure",
        42: "bad_certificate",
        43: "unsupported_certificate",
        44: "certificate_revoked",
        45: "certificate_expired",
        46: "certificate_unknown",
        47: "illegal_parameter",
        48: "unknown_ca",
        49: "access_denied",
        50: "decode_error",
        51: "decrypt_error",
        70: "protocol_version",
        71: "insufficient_security",
        80: "internal_error",
        86: "inappropriate_fallback",
        90: "user_canceled",
        100: "no_renegotiation",
        109: "missing_extension",
        110: "unsupported_extension",
        112: "unrecognized_name",
        113: "bad_certificate_status_response",
        115: "unknown_psk_identity",
        116: "certificate_required",
        120: "no_application_protocol",
    ]
}
