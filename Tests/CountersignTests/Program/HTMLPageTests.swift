import Foundation
import Testing

@testable import Campaign

@Suite("The HTML report, in a browser")
struct HTMLPageTests {
    private static let check = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../scripts/check-html").standardizedFileURL.path()

    private static let isPossible = ["chromium", "python3"].allSatisfy { name in
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    @Test(
        "Filters, cases, keys and names for screen readers work, and the console stays empty",
        .enabled(if: isPossible, "there is no chromium or no python3"),
        arguments: [("'use strict';", true), ("console.error('a slip');", false)]
    )
    func page(script: String, isGood: Bool) throws {
        let program = try Program(variants: 3)
        defer { program.remove() }
        #expect(try program.run("run", "--scenarios", "scenarios", "--html", "report.html").status == 0)
        // The second page shows that the check would notice.
        let page = program.contents("report.html").replacing("</body>", with: "<script>\(script)</script></body>")
        try Data(page.utf8).write(to: program.folder.appending(path: "page.html"))
        let checked = try program.run(Self.check, ["page.html", "--no-limits"])
        #expect(checked.status == (isGood ? 0 : 1), "\(checked.output)\(checked.errors)")
        #expect(checked.output.contains("a slip") != isGood)
    }
}
