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
