import Foundation
import MutualTLS

// Prints what full and resumed handshakes of the library cost, and what bare libssl needs for the same, as Markdown.

let kinds: [(name: String, arguments: [String])] = [
    ("RSA 2048", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
    ("RSA 3072", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"]),
    ("ECDSA P-256", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("ECDSA P-384", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
]

let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))

func cell(_ microseconds: Double?) -> String {
    microseconds.map { "\(Int($0.rounded())) µs" } ?? "–"
}

func share(_ ratio: Double?) -> String {
    ratio.map { "\(Int(($0 * 100).rounded())) %" } ?? "–"
}

func preciseShare(_ ratio: Double?) -> String {
    ratio.map { "\(Double(($0 * 1000).rounded()) / 10) %" } ?? "–"
}

var resumption = Table([
    "keys", "TLS", "full", "full, with a ticket", "resumed", "resumed/full", "from tickets that hold the session",
    "libssl's default", "libssl, kept by the server",
])
var floor = Table(["keys", "TLS", "library", "bare libssl", "handshakes a second, library to libssl", "wanted: 95 %"])
@MainActor
func measure(_ name: String, _ credentials: Credentials) throws {
    for version in TLSVersion.allCases where arguments.version ?? version.rawValue == version.rawValue {
        let chosen = arguments.kinds.isEmpty ? Kind.allCases : arguments.kinds
        let times = try Measurement(chosen, version, credentials)
            .times(rounds: arguments.rounds, handshakes: arguments.handshakes)
        func median(_ kind: Kind) -> String { cell(times.median(of: kind)) }
        resumption.append([
            name, version.rawValue, median(.full), median(.fullWithTicket), median(.resumed),
            share(times.ratio(of: .resumed, to: .full)), share(times.ratio(of: .resumedFromTicket, to: .full)),
            share(times.ratio(of: .floorResumed, to: .floorFull)),
            share(times.ratio(of: .floorResumedKept, to: .floorFull)),
        ])
        let toFloor = times.ratio(of: .floorFull, to: .full)
        floor.append([
            name, version.rawValue, median(.full), median(.floorFull), preciseShare(toFloor),
            toFloor.map { $0 >= 0.95 ? "met" : "missed" } ?? "–",
        ])
    }
}

if let files = arguments.files {
    try measure(files, Credentials(filesOf: URL(fileURLWithPath: files)))
} else {
    for key in kinds where arguments.keys.isEmpty || key.name.contains(arguments.keys) {
        let credentials = try Credentials(key: key.arguments)
        defer { credentials.remove() }
        try measure(key.name, credentials)
    }
}

print(
    """
    Processor time of both sides of a handshake with mutual authentication, each with a leaf and an intermediate, back \
    to back in memory on one thread: medians of \(arguments.rounds) rounds of \(arguments.handshakes) handshakes of each \
    kind in turn, and shares that are medians of each round's own.

    \(resumption.markdown)

    The last three columns are shares of a full handshake too, the last two of libssl's own.

    \(floor.markdown)
    """
)
