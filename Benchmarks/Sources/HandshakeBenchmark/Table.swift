/// Rows of text under a heading, in Markdown.
struct Table {
    private let heading: [String]
    private var rows: [[String]] = []

    init(_ heading: [String]) {
        self.heading = heading
    }

    mutating func append(_ row: [String]) {
        rows.append(row)
    }

    var markdown: String {
        ([heading, heading.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |" }
            .joined(separator: "\n")
    }
}
