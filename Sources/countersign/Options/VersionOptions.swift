internal import ArgumentParser
internal import MutualTLS

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
