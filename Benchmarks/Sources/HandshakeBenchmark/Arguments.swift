/// The measurements that the program is asked for.
struct Arguments {
    /// Of each kind, in each round.
    var handshakes = 8
    var rounds = 61
    /// Empty for all.
    var kinds: [Kind] = []
    /// A part of the name of the keys; empty for all.
    var keys = ""
    var version: String?
    /// A folder with certificates to use instead of those that are made: profilers don't follow other programs.
    var files: String?

    static let usage = """
        HandshakeBenchmark [--rounds N] [--handshakes N] [--keys PART-OF-NAME | --files FOLDER] [--tls 1.2|1.3] [--kind KIND]…
        """

    init(_ words: [String]) throws {
        var rest = words[...]
        while let option = rest.popFirst() {
            guard let value = rest.popFirst() else { throw BenchmarkError.argument(Self.usage) }
            switch option {
            case "--rounds": rounds = try Self.count(value)
            case "--handshakes": handshakes = try Self.count(value)
            case "--keys": keys = value
            case "--tls": version = value
            case "--files": files = value
            case "--kind":
                guard let kind = Kind(rawValue: value) else { throw BenchmarkError.argument(Self.usage) }
                kinds.append(kind)
            default: throw BenchmarkError.argument(Self.usage)
            }
        }
    }

    private static func count(_ text: String) throws -> Int {
        guard let count = Int(text), count > 0 else { throw BenchmarkError.argument(usage) }
        return count
    }
}
