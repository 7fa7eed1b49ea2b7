import ConformanceModel
import Foundation
import Testing

@Suite("Steps in results")
struct StepCodingTests {
    private static let written: [(step: Step, json: String)] = [
        (.connect, #""connect""#),
        (.exchange, #""exchange""#),
        (.close, #""close""#),
        (.reconnect(resume: true), #"{"reconnect":{"resume":true}}"#),
        (.restart(.client), #"{"restart":{"side":"client"}}"#),
        (.advanceClock(seconds: 90_000), #"{"clock":{"advanceSeconds":90000}}"#),
        (
            .rotate(Rotation(side: .server, .identity("b"), at: .clientHelloProcessed)),
            #"{"rotate":{"at":"client-hello-processed","side":"server","to":"b","what":"identity"}}"#
        ),
        (
            .rotate(Rotation(side: .server, .clientCAs(["a", "b"]))),
            #"{"rotate":{"side":"server","to":["a","b"],"what":"clientCAs"}}"#
        ),
        (
            .rotate(Rotation(side: .server, .clientAuth(.noClientCert))),
            #"{"rotate":{"side":"server","to":"NoClientCert","what":"clientAuth"}}"#
        ),
        (.rotate(Rotation(side: .client, .rootCAs([]))), #"{"rotate":{"side":"client","to":[],"what":"rootCAs"}}"#),
        (
            .rotate(Rotation(side: .client, .serverName("a.test"))),
            #"{"rotate":{"side":"client","to":"a.test","what":"serverName"}}"#
        ),
        (
            .rotate(Rotation(side: .client, .revocationLists(["l"]))),
            #"{"rotate":{"side":"client","to":["l"],"what":"crl"}}"#
        ),
    ]

    @Test("A step is written as in a scenario, and read back", arguments: written)
    func roundTrip(step: Step, json: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        #expect(String(decoding: try encoder.encode([step]), as: UTF8.self) == "[\(json)]")
        #expect(try JSONDecoder().decode([Step].self, from: Data("[\(json)]".utf8)) == [step])
    }

    @Test(
        "What is no step is refused",
        arguments: ["\"jump\"", "{}", "{\"clock\":{}}", "{\"restart\":{\"side\":\"top\"}}", "3"]
    )
    func refused(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Step].self, from: Data("[\(json)]".utf8)) }
    }
}
