internal import ConformanceEngine
internal import ConformanceModel
internal import FoundationEssentials

/// An order to a driver, one JSON object a line. See docs/peer-drivers.md.
struct DriverOrder: Encodable {
    var `do`: Verb
    var id: Int
    var role: String?
    var server: DriverServerSettings?
    var client: DriverClientSettings?
    var identity: IdentityFiles?
    var port: UInt16?
    var `protocol`: Int?

    enum Verb: String, Encodable {
        case hello, configure, listen, connect, observe, rotate, stop
    }

    init(_ verb: Verb, id: Int) {
        self.do = verb
        self.id = id
    }

    static let version = 1
}

/// A server's settings, with paths of PEM files.
struct DriverServerSettings: Encodable {
    struct Named: Encodable {
        var name: String
        var identity: IdentityFiles
    }

    var mode: ClientAuthMode
    var tls: ProtocolVersion
    var conversation: Conversation
    var identity: IdentityFiles?
    var identities: [Named]
    var strictSNI: Bool
    var clientCAs: String?
    var sendsCANames: Bool
    var revocation: RevocationMode
    var crls: String?
}

/// A client's settings, with paths of PEM files.
struct DriverClientSettings: Encodable {
    var tls: ProtocolVersion
    var conversation: Conversation
    var identity: IdentityFiles?
    var presents: Presentation
    var rootCAs: String?
    var serverName: String?
    var sni: String?
    var skipVerify: Bool
    var revocation: RevocationMode
    var crls: String?
}

/// An answer of a driver, one JSON object a line.
struct DriverAnswer: Decodable {
    var event: String
    var id: Int
    var port: UInt16?
    var reason: String?
    var detail: String?
    var `protocol`: Int?
    var name: String?
    var version: String?
    var roles: [String]?
    var modes: [String]?
    var features: [String]?
}

/// A driver's observation of a connection. An absent field was not told; null says that there was nothing.
struct DriverObservation: Decodable {
    /// A certificate by its serial number or by the SHA-256 of its DER, in hexadecimal.
    struct Seen: Decodable {
        var serial: String?
        var sha256: String?
    }

    private let told: Set<String>
    private let accepted: Bool?
    private let noticed: NoticePoint?
    private let reason: String?
    private let detail: String?
    private let alertSent: Alert?
    private let alertReceived: Alert?
    private let presented: Seen?
    private let received: Seen?
    private let receivedChainLength: Int?
    private let verified: Bool?
    private let verifiedChainLength: Int?
    private let sni: String?
    private let certificateRequested: Bool?
    private let version: ProtocolVersion?
    private let cipherSuite: String?
    private let resumed: Bool?

    /// An alert by number or IANA name.
    private struct Alert: Decodable {
        let description: AlertDescription

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(UInt8.self) {
                description = AlertDescription(rawValue: number)
            } else {
                description = try container.decode(AlertDescription.self)
            }
        }
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case accepted, noticed, reason, detail, alertSent, alertReceived, presented, received, receivedChainLength
        case verified, verifiedChainLength, sni, certificateRequested, version, cipherSuite, resumed
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        told = Set(container.allKeys.map(\.rawValue))
        accepted = try container.decodeIfPresent(Bool.self, forKey: .accepted)
        noticed = try container.decodeIfPresent(NoticePoint.self, forKey: .noticed)
        reason = try container.decodeIfPresent(String.self, forKey: .reason)
        detail = try container.decodeIfPresent(String.self, forKey: .detail)
        alertSent = try container.decodeIfPresent(Alert.self, forKey: .alertSent)
        alertReceived = try container.decodeIfPresent(Alert.self, forKey: .alertReceived)
        presented = try container.decodeIfPresent(Seen.self, forKey: .presented)
        received = try container.decodeIfPresent(Seen.self, forKey: .received)
        receivedChainLength = try container.decodeIfPresent(Int.self, forKey: .receivedChainLength)
        verified = try container.decodeIfPresent(Bool.self, forKey: .verified)
        verifiedChainLength = try container.decodeIfPresent(Int.self, forKey: .verifiedChainLength)
        sni = try container.decodeIfPresent(String.self, forKey: .sni)
        certificateRequested = try container.decodeIfPresent(Bool.self, forKey: .certificateRequested)
        version = try container.decodeIfPresent(ProtocolVersion.self, forKey: .version)
        cipherSuite = try container.decodeIfPresent(String.self, forKey: .cipherSuite)
        resumed = try container.decodeIfPresent(Bool.self, forKey: .resumed)
    }

    func observation(_ material: CaseMaterial) -> SideObservation {
        var seen = SideObservation(accepted: accepted ?? false, reachedHandshake: noticed != .configuration)
        seen.noticed = seen.accepted ? nil : noticed
        seen.reason = seen.accepted ? nil : reason
        seen.detail = seen.accepted ? nil : detail
        seen.alertSent = alertSent?.description
        seen.alertReceived = alertReceived?.description
        seen.presented = presented.map { material.sighting(serial: $0.serial, sha256: $0.sha256) }
        seen.received = received.map { material.sighting(serial: $0.serial, sha256: $0.sha256) }
        seen.receivedChainLength = receivedChainLength ?? 0
        seen.verified = verified ?? false
        seen.verifiedChainLength = verifiedChainLength ?? 0
        seen.sni = sni
        seen.certificateRequested = certificateRequested
        seen.version = version
        seen.cipherSuite = cipherSuite
        seen.resumed = resumed ?? false
        let untold = ObservedField.allCases.filter { field in
            // Whether bytes of the peer came is told by the other side, or follows from where a failure was noticed.
            field != .reachedHandshake && !told.contains(field.rawValue)
                && !(seen.accepted && [.noticed, .reason].contains(field))
        }
        seen.untold = untold.isEmpty ? nil : untold.sorted()
        return seen
    }
}
