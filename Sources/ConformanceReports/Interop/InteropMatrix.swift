package import ConformanceModel
package import FoundationEssentials

/// How each server stack got on with each client stack, as one value for all renderings.
package struct InteropMatrix: Hashable, Codable, Sendable {
    /// One server with one client.
    package struct Cell: Hashable, Codable, Sendable {
        package var server: Stack
        package var client: Stack
        package var passed = 0
        package var deviated = 0
        package var unsupported = 0
        /// Neither as permitted nor explained: failed, unexpectedly passed, crashed, timed out, errored.
        package var unexplained = 0
    }

    package let schema: Int
    /// Stack to version.
    package let environment: [String: String]
    /// Ordered by server, then client.
    package let cells: [Cell]

    package init(_ report: RunReport) {
        schema = 1
        environment = report.environment
        var cells: [Pairing: Cell] = [:]
        for result in report.cases {
            let pairing = Pairing(server: result.server, client: result.client)
            var cell = cells[pairing] ?? Cell(server: result.server, client: result.client)
            switch result.verdict {
            case .passed: cell.passed += 1
            case .deviated: cell.deviated += 1
            case .unsupported, .skipped: cell.unsupported += 1
            case .failed, .unexpectedlyPassed, .timedOut, .crashed, .errored: cell.unexplained += 1
            }
            cells[pairing] = cell
        }
        self.cells = cells.sorted { $0.key < $1.key }.map(\.value)
    }

    package var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            return try encoder.encode(self) + Data("\n".utf8)
        }
    }

    package var markdown: String {
        let servers = Set(cells.map(\.server)).sorted()
        let clients = Set(cells.map(\.client)).sorted()
        var text =
            "# Interoperability\n\nEach cell: passed / deviated / unsupported / unexplained; – was not played.\n\n"
        text += MarkdownText.header(["Server"] + clients.map { MarkdownText.cell($0.rawValue) })
        for server in servers {
            text += MarkdownText.row(
                [MarkdownText.cell(server.rawValue)]
                    + clients.map { client in
                        guard let cell = cells.first(where: { $0.server == server && $0.client == client }) else {
                            return "–"
                        }
                        let counts = [cell.passed, cell.deviated, cell.unsupported, cell.unexplained]
                        return counts.map(String.init).joined(separator: " / ")
                    }
            )
        }
        text += "\n## Versions\n\n"
        for (stack, version) in environment.sorted(by: { $0.key < $1.key }) {
            text += "- \(MarkdownText.cell(stack)) \(MarkdownText.cell(version))\n"
        }
        return text
    }
}
