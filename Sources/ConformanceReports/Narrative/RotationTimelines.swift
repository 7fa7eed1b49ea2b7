internal import ConformanceModel

/// For each scenario of rotation, moment by moment: what the existing, the in-flight and the new connections showed.
///
/// Pairings and versions that showed the same share a row.
struct RotationTimelines {
    /// One scenario's moments.
    struct Table {
        var scenario: String
        var rows: [Row]
    }

    /// One change at one moment, and what was seen of it.
    struct Row {
        /// In the order of ``titles``.
        var cells: [String]
        /// Texts that the ids of its cases have in common, and those of other rows of the table mostly don't.
        var idParts: [String]
    }

    static let titles = ["Change", "When", "Existing", "In flight", "New", "Played by"]

    /// A legend for the columns.
    static let legend = """
        What each connection showed when a setting changed: the certificate that the change is about, as the other \
        side received it, and who refused it why. “Existing” was open before, “in flight” is the handshake that the \
        change came into, and “new” came afterwards, one after the other. ≈ stands before those who deviated in \
        a known way, in what is shown here or in an alert, and ‼ before those who did not do what was expected.
        """

    /// Ordered by scenario.
    var tables: [Table] {
        gathered.sorted { $0.key < $1.key }.map { Table(scenario: $0.key, rows: rows(of: $0.value)) }
    }

    private struct Point: Hashable {
        var change: [String]
        var moment: RotationTrace.Moment
        var cells: [String]
    }

    private struct Place: Hashable, Comparable {
        var pairing: Pairing
        var version: String

        static func < (lhs: Place, rhs: Place) -> Bool {
            (lhs.pairing, lhs.version) < (rhs.pairing, rhs.version)
        }
    }

    private struct Gathered {
        var points: [Point: [Place: Verdict]] = [:]
        /// In the order of the results.
        var changes: [[String]] = []
        var places: Set<Place> = []
    }

    /// Axes that a row doesn't name: it tells them in columns of their own.
    private static let columns: Set<String> = ["phase", "tls", "pairing"]

    private var gathered: [String: Gathered] = [:]

    init(_ results: [CaseResult]) {
        for result in results where Self.isAbout(result) {
            guard let trace = RotationTrace(result) else { continue }
            let change = result.axes.filter { !Self.columns.contains($0.key) }.sorted { $0.key < $1.key }.map(\.value)
            let new = trace.new.isEmpty ? "–" : trace.new.joined(separator: " → ")
            let cells = [trace.existing ?? "–", trace.inFlight ?? "–", new]
            let place = Place(
                pairing: Pairing(server: result.server, client: result.client),
                version: result.axes["tls"] ?? "any"
            )
            var table = gathered[result.scenario] ?? Gathered()
            if !table.changes.contains(change) { table.changes.append(change) }
            table.places.insert(place)
            let point = Point(change: change, moment: trace.moment, cells: cells)
            table.points[point, default: [:]][place] = result.verdict
            gathered[result.scenario] = table
        }
    }

    /// The scenarios of rotation, and any other one that changes something within a handshake.
    private static func isAbout(_ result: CaseResult) -> Bool {
        if result.scenario.hasPrefix("rotation/") { return true }
        return (result.steps ?? []).contains { step in
            if case .rotate(let rotation) = step { rotation.at != nil } else { false }
        }
    }

    private func rows(of table: Gathered) -> [Row] {
        let order = Dictionary(uniqueKeysWithValues: table.changes.enumerated().map { ($1, $0) })
        let sorted = table.points.sorted { first, second in
            let ranks = (order[first.key.change] ?? 0, order[second.key.change] ?? 0)
            if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
            if first.key.moment != second.key.moment { return first.key.moment < second.key.moment }
            // Rows that most places share come first.
            if first.value.count != second.value.count { return first.value.count > second.value.count }
            return first.key.cells.lexicographicallyPrecedes(second.key.cells)
        }
        return sorted.map { point, places in
            let change = point.change.joined(separator: " / ")
            return Row(
                cells: [change, point.moment.text] + point.cells + [Self.text(places, of: table.places)],
                idParts: point.change
            )
        }
    }

    /// The stacks that showed it, and then those among them that did not do what the oracle permits.
    private static func text(_ verdicts: [Place: Verdict], of all: Set<Place>) -> String {
        let deviated = Set(verdicts.filter { $0.value == .deviated }.keys)
        let unexpected = Set(verdicts.filter { !$0.value.isExpected }.keys)
        let marked = [("≈", deviated), ("‼", unexpected)].filter { !$0.1.isEmpty }
        let notes = marked.map { "\($0.0) \($0.1.count == verdicts.count ? "all of them" : text($0.1, of: all))" }
        return ([text(Set(verdicts.keys), of: all)] + notes).joined(separator: "; ")
    }

    /// `all`, or the pairings for each set of versions.
    private static func text(_ places: Set<Place>, of all: Set<Place>) -> String {
        if places == all { return "all" }
        let versions = Dictionary(grouping: places.sorted(), by: \.pairing).mapValues { $0.map(\.version) }
        let groups = Dictionary(grouping: versions.keys.sorted(), by: { versions[$0] ?? [] })
        return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { versions, pairings in
            "TLS \(versions.joined(separator: ", ")): \(pairings.map(\.description).joined(separator: ", "))"
        }
        .joined(separator: "; ")
    }
}

extension RotationTimelines {
    func add(to document: inout BoundedDocument) {
        let tables = tables
        guard !tables.isEmpty else { return }
        document.add("\n## Rotation, moment by moment\n\n\(Self.legend)\n")
        for table in tables {
            document.add("\n<details><summary>\(MarkdownText.cell(table.scenario))</summary>\n\n")
            document.add(MarkdownText.header(Self.titles))
            document.add(
                table.rows.map { row in { MarkdownText.row(row.cells.map { MarkdownText.cell($0) }) } },
                noun: "row"
            )
            document.add("\n</details>\n")
        }
    }
}
