/// The request of a command line.
enum ShimCommand: Equatable {
    /// The runner asks whether the shim hands handshakes over to another process; the answer is no.
    case tellHandshakerSupport
    /// Connections: the first one, and those that should resume it.
    case connect(initial: ShimFlags, resumed: ShimFlags)

    /// Parses the arguments that the runner gives, without the program's name.
    ///
    /// A flag stands for every connection, or with the prefix `-on-initial` or `-on-resume` for that one. What
    /// `-on-retry` and `-on-handshaker` say is checked and left aside: no connection is retried without early data,
    /// and there is no handshaker.
    init(arguments: [String]) throws(FlagError) {
        if arguments.contains("-is-handshaker-supported") {
            self = .tellHandshakerSupport
            return
        }
        var initial = ShimFlags()
        var resumed = ShimFlags()
        var aside = ShimFlags()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let (audience, name) = ShimCommand.split(argument)
            guard let flag = Flag.known[name] else {
                throw .unimplemented(flag: argument, reason: "the shim has no such flag")
            }
            var parameter = ""
            if flag.takesParameter {
                guard let next = rest.popFirst() else {
                    throw .malformed(flag: argument, reason: "expected a parameter, found none")
                }
                parameter = next
            }
            switch audience {
            case .all:
                try flag.change(&initial, name, parameter)
                try flag.change(&resumed, name, parameter)
            case .initial: try flag.change(&initial, name, parameter)
            case .resumed: try flag.change(&resumed, name, parameter)
            case .none: try flag.change(&aside, name, parameter)
            }
        }
        try ShimCommand.check(initial)
        if initial.resumeCount > 0 {
            try ShimCommand.check(resumed)
        }
        self = .connect(initial: initial, resumed: resumed)
    }

    private enum Audience {
        case all
        case initial
        case resumed
        case none
    }

    private static func split(_ argument: String) -> (Audience, String) {
        var name = argument[...]
        var audience = Audience.all
        if let rest = name.removing(prefix: "-on-shim") {
            name = rest
        } else if let rest = name.removing(prefix: "-on-handshaker") {
            name = rest
            audience = .none
        }
        let prefixes: [(String, Audience)] = [
            ("-on-initial", .initial), ("-on-resume", .resumed), ("-on-retry", .none),
        ]
        for (prefix, chosen) in prefixes {
            guard let rest = name.removing(prefix: prefix) else { continue }
            return (audience == .none ? .none : chosen, String(rest))
        }
        return (audience, String(name))
    }

    /// Refuses what is incomplete, and what no settings of the library say.
    private static func check(_ flags: ShimFlags) throws(FlagError) {
        if flags.port == 0 {
            throw .malformed(flag: "-port", reason: "expected the runner's port, found none")
        }
        if flags.minimumVersion > flags.maximumVersion {
            throw .unimplemented(flag: "-max-version", reason: "it leaves no version that the library speaks")
        }
        if (flags.keyFile == nil) != (flags.certFile == nil) {
            throw .malformed(flag: "-key-file", reason: "expected it together with -cert-file")
        }
        if flags.isServer, flags.keyFile == nil {
            throw .malformed(flag: "-server", reason: "expected it together with -key-file and -cert-file")
        }
        if flags.verifyFails, flags.expectsVerifyResult, !flags.isServer, !flags.verifiesPeer {
            throw .unimplemented(flag: "-verify-fail", reason: "a client goes on with no server that it refused")
        }
        if flags.trustCert != nil, flags.verifiesPeer, !flags.isServer, flags.hostName == nil {
            throw .unimplemented(flag: "-trust-cert", reason: "a client verifies no server without its name")
        }
        if flags.hasNoTicket, flags.resumeCount > 0, !flags.expectsSessionMiss {
            throw .unimplemented(flag: "-no-ticket", reason: "sessions are resumed by tickets alone")
        }
    }
}

extension Substring {
    /// The rest after a prefix and before the dash that follows it, with that dash.
    fileprivate func removing(prefix: String) -> Substring? {
        guard hasPrefix(prefix + "-") else { return nil }
        return dropFirst(prefix.count)
    }
}
