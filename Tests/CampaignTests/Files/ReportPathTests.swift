import Foundation
import Testing

@testable import Campaign

@Suite("Report paths")
struct ReportPathTests {
    @Test("Missing folders are created, and the check leaves no file behind")
    func creates() throws {
        try withFolder { folder in
            let path = try ReportPath(checking: "\(folder)/a/b/report.md")
            #expect(FileManager.default.fileExists(atPath: "\(folder)/a/b"))
            #expect(!FileManager.default.fileExists(atPath: path.path))
            try path.write(Data("text".utf8))
            #expect(FileManager.default.contents(atPath: path.path) == Data("text".utf8))
        }
    }

    @Test("The check changes no report that is there already")
    func keeps() throws {
        try withFolder { folder in
            let file = "\(folder)/report.md"
            try Data("before".utf8).write(to: URL(filePath: file))
            _ = try ReportPath(checking: file)
            #expect(FileManager.default.contents(atPath: file) == Data("before".utf8))
        }
    }

    @Test("A folder, a file in the place of a folder, and an empty path are refused with the reason")
    func refused() throws {
        try withFolder { folder in
            try Data().write(to: URL(filePath: "\(folder)/file"))
            #expect(
                throws: CommandError.usage("can't write a report to \(folder): it is a folder; name a file in it")
            ) { try ReportPath(checking: folder) }
            let error = #expect(throws: CommandError.self) { try ReportPath(checking: "\(folder)/file/x/report.md") }
            #expect(error?.status == .usage)
            #expect(error?.message.contains("\(folder)/file/x/report.md") == true)
            #expect(error?.message.hasSuffix("Not a directory") == true, "\(error?.message ?? "")")
            #expect(throws: CommandError.usage("a report path is empty")) { try ReportPath(checking: "") }
        }
    }

    @Test("Two reports can't have one path, however it is written")
    func distinct() throws {
        try withFolder { folder in
            let error = #expect(throws: CommandError.self) {
                try ReportFiles(checking: [(.json, "\(folder)/r"), (.junit, "\(folder)/x/../r")])
            }
            #expect(error?.message.hasPrefix("two reports have the same path") == true)
        }
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "countersign-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path())
    }
}
