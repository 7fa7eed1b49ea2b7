import ConformanceModel
import Testing

@testable import ConformanceReports

@Suite("The matrix of stacks")
struct InteropMatrixTests {
    @Test("counts every verdict in the cell of its server and client, and what nobody explains as that")
    func cells() throws {
        let verdicts = Verdict.allCases.map {
            SampleReport.result("RequireAndVerify/\($0.rawValue)/tls1.3", verdict: $0)
        }
        let other = SampleReport.result("RequireAndVerify/valid/tls1.2", server: .gnutls, client: .countersign)
        let matrix = InteropMatrix(SampleReport.report(verdicts + [other]))
        try #require(matrix.cells.count == 2)
        let cell = matrix.cells[0]
        #expect(cell.server == .countersign && cell.client == .gnutls)
        #expect([cell.passed, cell.deviated, cell.unsupported, cell.unexplained] == [1, 1, 2, 5])
        #expect(matrix.cells[1].server == .gnutls && matrix.cells[1].passed == 1)
    }
}
