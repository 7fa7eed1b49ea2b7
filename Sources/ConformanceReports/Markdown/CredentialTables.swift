internal import ConformanceModel

/// For each pairing and version: client authentication mode × client credential, with both sides' outcome.
struct CredentialTables {
    /// The scenario whose axes are the two of these tables.
    private static let scenario = "client-auth/credentials"

    private struct Point: Hashable {
        var mode: String
        var credential: String
    }

    private struct Table: Hashable, Comparable {
        var pairing: Pairing
        var version: String

        /// The newest version first; pairings by name.
        static func < (lhs: Table, rhs: Table) -> Bool {
            lhs.pairing == rhs.pairing ? lhs.version > rhs.version : lhs.pairing < rhs.pairing
        }
    }

    private var cells: [Table: [Point: [String]]] = [:]
    private let modes: [String]

    init(_ results: [CaseResult]) {
        var modes: Set<String> = []
        for result in results where result.scenario == Self.scenario {
            // A stack against itself repeats what the two mixed pairings say.
            guard result.server != result.client, let mode = result.axes["clientAuth"],
                let credential = result.axes["credential"]
            else { continue }
            let version = result.axes["tls"].map { $0.hasPrefix("tls") ? String($0.dropFirst(3)) : $0 } ?? "any"
            let table = Table(pairing: Pairing(server: result.server, client: result.client), version: version)
            let cell = Self.cell(result)
            let point = Point(mode: mode, credential: credential)
            if cells[table, default: [:]][point]?.contains(cell) != true {
                cells[table, default: [:]][point, default: []].append(cell)
            }
            modes.insert(mode)
        }
        self.modes = modes.sorted { (Self.rank($0), $0) < (Self.rank($1), $1) }
    }

    func add(to document: inout BoundedDocument) {
        guard !cells.isEmpty else { return }
        document.add(
            """

            ## Client authentication: mode × credential

            Each cell: what the server saw / what the client saw. `ok` is an accepted connection, and `ok+` one whose \
            peer that side verified. A number is the alert that the side sent or received, `✗` a failure without an \
            alert, `r` one that the side noticed on its first read, after its own handshake had succeeded (TLS 1.3). \
            `≈` marks a known deviation, `‼` a result that was not expected.

            """
        )
        document.add(cells.keys.sorted().map { table in { text(of: table) } }, noun: "table")
    }

    private func text(of table: Table) -> String {
        let title =
            "\(table.pairing.server.rawValue) server, \(table.pairing.client.rawValue) client, TLS \(table.version)"
        let points = cells[table, default: [:]]
        let credentials = Set(points.keys.map(\.credential)).sorted {
            ($0 == "none" ? 0 : 1, $0) < ($1 == "none" ? 0 : 1, $1)
        }
        let rows = credentials.map { credential in
            let outcomes = modes.map { mode in
                points[Point(mode: mode, credential: credential)]?.joined(separator: "; ") ?? "–"
            }
            return MarkdownText.row([MarkdownText.cell(credential)] + outcomes)
        }
        return "\n<details><summary>\(MarkdownText.cell(title))</summary>\n\n"
            + MarkdownText.header(["Credential"] + modes.map { MarkdownText.cell($0) }) + rows.joined()
            + "\n</details>\n"
    }

    private static func rank(_ mode: String) -> Int {
        ClientAuthMode.allCases.firstIndex { $0.rawValue == mode || $0.idComponent == mode } ?? Int.max
    }

    private static func cell(_ result: CaseResult) -> String {
        let mark = !result.verdict.isExpected ? " ‼" : result.verdict == .deviated ? " ≈" : ""
        guard let server = result.observed.server.last, let client = result.observed.client.last else {
            return result.verdict.rawValue + mark
        }
        return "\(outcome(server)) / \(outcome(client))\(mark)"
    }

    private static func outcome(_ side: SideObservation) -> String {
        if side.accepted { return side.verified ? "ok+" : "ok" }
        let alert = (side.alertSent ?? side.alertReceived).map { String($0.rawValue) } ?? "✗"
        return side.noticed == .firstRead ? "\(alert)r" : alert
    }
}
