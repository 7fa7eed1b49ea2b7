import Foundation
import MutualTLS
import Testing

@Suite("The runner's configuration file")
struct ConfigurationFileTests {
    private struct Configuration: Decodable {
        var disabledTests: [String: String]
        var errorMap: [String: [String]]

        enum CodingKeys: String, CodingKey {
            case disabledTests = "DisabledTests"
            case errorMap = "ErrorMap"
        }
    }

    private let configuration: Configuration

    init() throws {
        let file = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent()
            .appendingPathComponent("../../Sources/bogo-shim/config.json")
        configuration = try JSONDecoder().decode(Configuration.self, from: Data(contentsOf: file))
    }

    @Test("gives a reason for each test that is left out")
    func reasons() {
        #expect(!configuration.disabledTests.isEmpty)
        for (pattern, reason) in configuration.disabledTests {
            #expect(!pattern.isEmpty && pattern != "*" && !pattern.contains(where: \.isWhitespace))
            #expect(reason.hasSuffix(".") && reason.count > 20, "\(pattern): \(reason)")
        }
    }

    @Test("maps errors to words that the library says")
    func errors() throws {
        let reasons = Set(ConnectionFailure.Reason.allCases.map(\.rawValue))
        let alert = /([a-z_]+) \(([0-9]+)\)/
        var known = 0
        let pairs = configuration.errorMap.flatMap { error, all in all.map { (error, $0) } }
        #expect(configuration.errorMap.values.allSatisfy { !$0.isEmpty })
        for (error, words) in pairs {
            #expect(!words.isEmpty, "\(error) would match anything")
            if words.hasSuffix(": ") {
                #expect(reasons.contains(String(words.dropLast(2))), "\(error)")
                known += 1
            } else if let match = words.wholeMatch(of: alert) {
                let number = try #require(UInt8(match.2))
                #expect(Alert(rawValue: number).description == words, "\(error)")
                known += 1
            }
        }
        #expect(known > configuration.errorMap.count / 2)
    }
}
