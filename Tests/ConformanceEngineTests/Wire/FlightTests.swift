import ConformanceModel
import Testing

@testable import ConformanceEngine

@Suite("Flight")
struct FlightTests {
    @Test("names its records once in a row, in order")
    func contentTypes() {
        let bytes = Record.handshake(1) + Record.handshake(2) + [20, 3, 3, 0, 1, 1] + Record.alert
        let flight = Flight(number: 3, sender: .server, bytes: bytes)
        #expect(flight.contentTypes == ["handshake", "change_cipher_spec", "alert"])
        #expect(flight.description == "flight 3, server to client, 25 bytes (handshake, change_cipher_spec, alert)")
    }

    @Test("reads bytes that are no record", arguments: [[], [22], [22, 3, 3, 0xFF, 0xFF]] as [[UInt8]])
    func garbage(bytes: [UInt8]) {
        #expect(Flight(number: 1, sender: .client, bytes: bytes).contentTypes.count <= 1)
    }
}
