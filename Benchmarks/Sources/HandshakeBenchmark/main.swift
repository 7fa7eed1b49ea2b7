import MutualTLS

// Prints what full and resumed handshakes cost, as a Markdown table.

let keys: [(name: String, arguments: [String])] = [
    ("ECDSA P-256", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("RSA 2048", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
]

func microseconds(_ duration: Duration) -> Double { duration / .microseconds(1) }

func cell(_ duration: Duration) -> String {
    let time = microseconds(duration)
    return "\(Int((1_000_000 / time).rounded()))/s (\(Int(time.rounded())) µs)"
}

print(
    """
    Both sides of a handshake with mutual authentication, back to back in memory on one thread: the median of seven \
    runs of 300 handshakes.

    | keys | TLS | full | full, with tickets | resumed | resumed/full | resumed/full, with tickets |
    |---|---|---|---|---|---|---|
    """
)
for key in keys {
    let credentials = try Credentials(key: key.arguments)
    for version in TLSVersion.allCases {
        let times = try Measurement.Kind.allCases.map { kind in
            try Measurement(kind, version, credentials).median(runs: 7, handshakes: 300)
        }
        let shares = times.dropLast().map { full in
            "\(Int((microseconds(times[2]) / microseconds(full) * 100).rounded())) %"
        }
        print("| \(key.name) | \(version.rawValue) | \((times.map(cell) + shares).joined(separator: " | ")) |")
    }
}
