import Testing

@testable import ConformanceEngine

@Suite("Line splitter")
struct LineSplitterTests {
    @Test("finds the same lines in pieces of any size", arguments: [1, 7, 100])
    func pieces(size: Int) {
        let text = Array("one\n\nthree and more\nunfinished".utf8)
        var splitter = LineSplitter()
        var lines: [String] = []
        for start in stride(from: 0, to: text.count, by: size) {
            let piece = Array(text[start..<min(start + size, text.count)])
            lines += splitter.lines(adding: piece).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(lines == ["one", "", "three and more"])
    }
}
