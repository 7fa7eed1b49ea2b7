import MutualTLS

/// The runner's request for one connection; the words are those of its flags, without the dash.
struct ShimFlags: Equatable {
    var port: UInt16 = 0
    var shimID: UInt64?
    var usesIPv6 = false
    var isServer = false
    var resumeCount = 0

    var keyFile: String?
    var certFile: String?
    var trustCert: String?
    var hostName: String?
    var clientCANames: ClientCANames?
    var requiresAnyClientCertificate = false
    var verifiesPeer = false
    var verifyFails = false
    var hasNoTicket = false
    var minimumVersion = TLSVersion.tls12
    var maximumVersion = TLSVersion.tls13

    var shimWritesFirst = false
    var shimShutsDown = false
    var checksCloseNotify = false
    var writesDifferentRecordSizes = false
    /// How many of the peer's bytes the engine is handed at a time; nil hands over all that came.
    var pieceSize: Int?

    var expectsSessionMiss = false
    var expectsVerifyResult = false
    var expectedPeerCertFile: String?
    var expectedServerName: String?
    var expectedClientCANames: [DistinguishedName]?
    var expectedVersion: TLSVersion?
}

/// The names that a server announces.
enum ClientCANames: Equatable {
    case none
    case names([DistinguishedName])
}

/// One flag that the shim knows: whether a parameter follows, and what it changes.
///
/// A parameter that isn't of the flag's form throws ``FlagError``.
struct Flag: Sendable {
    typealias Change = @Sendable (inout ShimFlags, _ name: String, _ parameter: String) throws(FlagError) -> Void

    let takesParameter: Bool
    let change: Change

    /// A flag that stands for itself.
    static func word(_ path: any WritableKeyPath<ShimFlags, Bool> & Sendable) -> Flag {
        Flag(takesParameter: false) { flags, _, _ throws(FlagError) in flags[keyPath: path] = true }
    }

    /// A flag that asks for what the library does anyway.
    static let always = Flag(takesParameter: false) { _, _, _ throws(FlagError) in }

    /// A flag with a text.
    static func text(_ path: any WritableKeyPath<ShimFlags, String?> & Sendable) -> Flag {
        Flag(takesParameter: true) { flags, _, text throws(FlagError) in flags[keyPath: path] = text }
    }

    /// A flag with a whole number in decimal digits, from the range.
    static func number<Number: FixedWidthInteger & Sendable>(
        in range: ClosedRange<Number>,
        _ change: @escaping @Sendable (inout ShimFlags, Number) -> Void
    ) -> Flag {
        Flag(takesParameter: true) { flags, name, text throws(FlagError) in
            change(&flags, try number(text, in: range, of: name))
        }
    }

    static func number<Number: FixedWidthInteger>(
        _ text: String,
        in range: ClosedRange<Number>,
        of name: String
    ) throws(FlagError) -> Number {
        guard let number = Number(text), range.contains(number), !text.hasPrefix("+") else {
            throw .malformed(
                flag: name,
                reason: "expected a number from \(range.lowerBound) to \(range.upperBound), found \"\(text)\""
            )
        }
        return number
    }
}

/// Why a command line is not played.
enum FlagError: Error, Equatable {
    /// The shim has no such flag, or the library nothing that would do what it asks.
    case unimplemented(flag: String, reason: String)
    /// The flag's parameter is missing, or is not of its form.
    case malformed(flag: String, reason: String)
}

extension FlagError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unimplemented(let flag, let reason): "\(flag) is not implemented: \(reason)"
        case .malformed(let flag, let reason): "\(flag): \(reason)"
        }
    }
}

extension Flag {
    /// Every flag that the shim knows, by its name without prefix.
    static let known: [String: Flag] = [
        "-port": .number(in: 1...UInt16.max) { $0.port = $1 },
        "-shim-id": .number(in: 0...UInt64.max) { $0.shimID = $1 },
        "-ipv6": .word(\.usesIPv6),
        "-server": .word(\.isServer),
        "-resume-count": .number(in: 0...100) { $0.resumeCount = $1 },

        "-key-file": .text(\.keyFile),
        "-cert-file": .text(\.certFile),
        // The runner says "" for a certificate that has no root.
        "-trust-cert": Flag(takesParameter: true) { flags, _, file throws(FlagError) in
            flags.trustCert = file.isEmpty ? nil : file
        },
        "-host-name": .text(\.hostName),
        "-use-client-ca-list": .names { flags, names in flags.clientCANames = names },
        "-require-any-client-certificate": .word(\.requiresAnyClientCertificate),
        "-verify-peer": .word(\.verifiesPeer),
        "-verify-fail": .word(\.verifyFails),
        "-no-ticket": .word(\.hasNoTicket),
        "-min-version": .version { $0.minimumVersion = max($0.minimumVersion, $1) },
        "-max-version": .version { $0.maximumVersion = min($0.maximumVersion, $1) },
        "-no-tls1": .always,
        "-no-tls11": .always,
        "-no-tls12": .leavingOut(.tls12),
        "-no-tls13": .leavingOut(.tls13),

        // The engine takes bytes and needs no call for its handshake.
        "-implicit-handshake": .always,
        "-shim-writes-first": .word(\.shimWritesFirst),
        "-shim-shuts-down": .word(\.shimShutsDown),
        "-check-close-notify": .word(\.checksCloseNotify),
        "-write-different-record-sizes": .word(\.writesDifferentRecordSizes),
        // The shim's own, for the runner's -shim-extra-flags.
        "-piece-size": .number(in: 1...65_536) { $0.pieceSize = $1 },

        "-expect-session-miss": .word(\.expectsSessionMiss),
        "-expect-verify-result": .word(\.expectsVerifyResult),
        "-expect-peer-cert-file": .text(\.expectedPeerCertFile),
        "-expect-server-name": .text(\.expectedServerName),
        "-expect-version": .version { $0.expectedVersion = $1 },
        "-expect-client-ca-list": .names { flags, names in
            flags.expectedClientCANames = if case .names(let list) = names { list } else { [] }
        },
    ]

    /// A version by its number on the wire; 0 leaves it open.
    private static func version(_ change: @escaping @Sendable (inout ShimFlags, TLSVersion) -> Void) -> Flag {
        Flag(takesParameter: true) { flags, name, text throws(FlagError) in
            switch try number(text, in: 0...UInt16.max, of: name) {
            case 0: break
            case 0x0303: change(&flags, .tls12)
            case 0x0304: change(&flags, .tls13)
            case let other:
                throw .unimplemented(flag: name, reason: "\(other) is a version that the library doesn't speak")
            }
        }
    }

    private static func leavingOut(_ version: TLSVersion) -> Flag {
        Flag(takesParameter: false) { flags, _, _ throws(FlagError) in
            switch version {
            case .tls12: flags.minimumVersion = .tls13
            case .tls13: flags.maximumVersion = .tls12
            }
        }
    }

    /// Names in DER and hexadecimal, with commas between them, or one of two words for none.
    private static func names(_ change: @escaping @Sendable (inout ShimFlags, ClientCANames) -> Void) -> Flag {
        Flag(takesParameter: true) { flags, name, text throws(FlagError) in
            if text == "<NULL>" || text == "<EMPTY>" {
                change(&flags, .none)
                return
            }
            var names: [DistinguishedName] = []
            for field in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let bytes = bytes(hexadecimal: field), let decoded = try? DistinguishedName(der: bytes) else {
                    throw .malformed(flag: name, reason: "expected a name in DER and hexadecimal, found \"\(field)\"")
                }
                names.append(decoded)
            }
            change(&flags, .names(names))
        }
    }

    private static func bytes(hexadecimal text: Substring) -> [UInt8]? {
        let digits = text.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
