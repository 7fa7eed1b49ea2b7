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
