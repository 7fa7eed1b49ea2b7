import MutualTLS

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
