import ConformanceModel
import Testing

@testable import ConformanceEngine

@Suite("A capture of a recorded connection")
struct CaptureTests {
    private let connection = RecordedConnection(flights: [
        .init(sender: .client, bytes: [22, 3, 1, 0, 4, 1, 0, 0, 0]),
        .init(sender: .server, bytes: [UInt8](repeating: 7, count: 3000)),
        .init(sender: .client, bytes: [21, 3, 3, 0, 2, 2, 48]),
    ])

    @Test("Packets begin and end a TCP connection, carry every byte, and have right checksums")
    func packets() {
        let packets = SyntheticTCP(connection, number: 2).packets
        #expect(packets.map { $0[33] } == [2, 18, 16, 24, 24, 24, 24, 24, 17, 17, 16])
        let fromServer = packets.filter { $0[15] == 2 }.flatMap { $0.dropFirst(40) }
        #expect(fromServer == connection.flights[1].bytes)
        for packet in packets {
            #expect(sum(Array(packet.prefix(20))) == 0xFFFF)
            let length = packet.count - 20
            let pseudoHeader = Array(packet[12..<20]) + [0, 6, UInt8(length >> 8), UInt8(length & 0xFF)]
            #expect(sum(pseudoHeader + packet.dropFirst(20)) == 0xFFFF)
        }
    }

    @Test("The file has a section, an interface, the secrets and the packets, each block of whole words")
    func blocks() {
        var capture = PcapNG(comment: "a case", keyLog: ["CLIENT_RANDOM 00 11"])
        capture.add(packet: [0x45, 1, 2], atMicroseconds: 5)
        var types: [UInt32] = []
        var offset = 0
        while offset < capture.bytes.count {
            let length = Int(word(capture.bytes, offset + 4))
            #expect(length % 4 == 0)
            #expect(word(capture.bytes, offset + length - 4) == UInt32(length))
            types.append(word(capture.bytes, offset))
            offset += length
        }
        #expect(types == [0x0A0D_0D0A, 1, 10, 6])
        #expect(String(decoding: capture.bytes, as: UTF8.self).contains("CLIENT_RANDOM 00 11\n"))
    }

    @Test("Flights are told by their records, and messages in the clear by name")
    func text() {
        #expect(
            FlightText(connection).lines.filter { !$0.contains("of type 7") } == [
                "flight 1: client -> server, 9 bytes", "  handshake: client_hello, 0 bytes",
                "flight 2: server -> client, 3000 bytes",
                "flight 3: client -> server, 7 bytes", "  alert 48 unknown_ca",
            ]
        )
    }

    private func sum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 + (index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0)
        }
        while sum >> 16 != 0 { sum = sum & 0xFFFF + sum >> 16 }
        return sum
    }

    private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
    }
}
