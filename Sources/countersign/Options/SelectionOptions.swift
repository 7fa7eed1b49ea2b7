internal import ArgumentParser
internal import Campaign
internal import ConformanceModel
internal import MutualTLS

/// The arguments that choose cases; `run` and `list` share them.
struct SelectionOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The cases, by id; `*` is any text, `?` one character, and the start of an id up to a slash is enough.",
            valueName: "id-glob"
        )
    )
    var globs: [String] = []

    @Option(
        help: ArgumentHelp(
            "The folder of scenarios; by default the catalogue that came with the program.",
            valueName: "dir"
        )
    )
    var scenarios: String?

    @Option(help: ArgumentHelp("Only cases in which this stack plays a side; may be repeated.", valueName: "name"))
    var stack: [String] = []

    @Option(
        help: ArgumentHelp(
            "Covers every combination of any 1, 2 or 3 axes of a scenario, or plays all cases. Default: all for run, 2 for selftest.",
            valueName: "1|2|3|all"
        )
    )
    var strength: Strength?

    @Option(
        help: ArgumentHelp(
            "Makes serial numbers and choices repeatable; random by default, equal in all shards.",
            valueName: "n"
        )
    )
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Only part I of N, counted from 1; a case always belongs to the same part.",
            valueName: "i/n"
        )
    )
    var shard: ShardPosition?

    /// The choice as the arguments say it.
    var choice: CaseSelection {
        CaseSelection(globs: globs, scenarios: scenarios, stack: stack, strength: strength, seed: seed)
    }
}

extension Strength: ExpressibleByArgument {
    /// Reads the argument of `--strength`.
    package init?(argument: String) {
        self.init(argument)
    }
}

extension ShardPosition: ExpressibleByArgument {
    /// Reads the argument of `--shard`.
    package init?(argument: String) {
        self.init(argument)
    }
}

/// The versions of TLS that `serve` and `connect` speak.
struct VersionOptions: ParsableArguments {
    @Option(name: .customLong("min-tls"), help: "The lowest TLS version.")
    private var minTLS: Word = .tls12

    @Option(name: .customLong("max-tls"), help: "The highest TLS version.")
    private var maxTLS: Word = .tls13

    var minimum: TLSVersion { minTLS.version }
    var maximum: TLSVersion { maxTLS.version }

    private enum Word: String, CaseIterable, ExpressibleByArgument {
        case tls12 = "1.2"
        case tls13 = "1.3"

        var version: TLSVersion { self == .tls12 ? .tls12 : .tls13 }
    }
}
