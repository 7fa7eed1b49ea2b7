internal import ConformanceModel

/// How the cases of each server with each client ended.
struct PairingMatrix {
    private let counts: [Pairing: [Verdict: Int]]

    init(_ results: [CaseResult]) {
        counts = results.reduce(into: [:]) { counts, result in
            counts[Pairing(server: result.server, client: result.client), default: [:]][result.verdict, default: 0] += 1
        }
    }

    func add(to document: inout BoundedDocument) {
        guard !counts.isEmpty else { return }
        let clients = Set(counts.keys.map(\.client)).sorted()
        let servers = Set(counts.keys.map(\.server)).sorted()
        document.add("\n## Server × client\n\nEach cell: passed / deviated / failed / other.\n\n")
        document.add(MarkdownText.header(["Server"] + clients.map { "client \(MarkdownText.cell($0.rawValue))" }))
        let rows = servers.map { server in
            {
                MarkdownText.row(
                    [MarkdownText.cell(server.rawValue)]
                        + clients.map { cell(Pairing(server: server, client: $0)) }
                )
            }
        }
        document.add(rows, noun: "server")
    }

    private func cell(_ pairing: Pairing) -> String {
        guard let verdicts = counts[pairing] else { return "–" }
        let named: [Verdict] = [.passed, .deviated, .failed]
        let other = verdicts.filter { !named.contains($0.key) }.reduce(0) { $0 + $1.value }
        return (named.map { verdicts[$0, default: 0] } + [other]).map(Count.grouped).joined(separator: " / ")
    }
}
