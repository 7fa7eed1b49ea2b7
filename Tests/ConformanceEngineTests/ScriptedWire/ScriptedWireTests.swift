import ConformanceModel
import Testing

@testable import ConformanceEngine

/// The conduct of both stacks when a wire changes what their peer says.
@Suite("A scripted wire")
struct ScriptedWireTests {
    private static let stacks: [Stack] = [.countersign, .gnutls]

    private func play(
        _ side: Side,
        _ edits: [WireEdit],
        server: Stack,
        _ version: ProtocolVersion
    ) throws -> PlayOutcome {
        let pairing = Pairing(server: server, client: side == .client ? .gnutls : server)
        let setting = try #require(Setting.all.first { $0.pairing == pairing && $0.version == version })
        let registry = StackRegistry([
            CountersignAdapter().scripted(edits, of: side), GnuTLSAdapter().scripted(edits, of: side),
        ])
        return CasePlayer(stacks: registry)
            .play(SampleCase.make("scripted", setting), seed: 3, now: Present.now, playsControl: false)
    }

    private func observed(_ outcome: PlayOutcome) throws -> ConnectionObservation {
        guard case .played(let connections, _) = outcome else {
            Issue.record("not played: \(outcome)")
            throw NotPlayed()
        }
        return try #require(connections.first)
    }

    private struct NotPlayed: Error {}

    @Test("A ClientHello in records of any size is the same ClientHello", arguments: stacks, [1, 7, 64])
    func reframed(server: Stack, size: Int) throws {
        for version in ProtocolVersion.allCases {
            let seen = try observed(try play(.client, [.reframe(recordSize: size)], server: server, version))
            #expect(seen.server.accepted, "\(seen.server)")
            #expect(seen.server.sni == "server.test")
            #expect(seen.server.received?.name == "client")
        }
    }

    @Test("A certificate without CertificateVerify never authenticates", arguments: stacks)
    func withoutProof(server: Stack) throws {
        let seen = try observed(try play(.client, [.drop(message: 15)], server: server, .tls12))
        #expect(!seen.server.accepted)
        #expect(!seen.server.verified)
    }

    @Test("A required Certificate that is left out, with its proof or without, is refused", arguments: stacks)
    func withoutCertificate(server: Stack) throws {
        for edits in [[WireEdit.drop(message: 11)], [.drop(message: 11), .drop(message: 15)]] {
            let seen = try observed(try play(.client, edits, server: server, .tls12))
            #expect(!seen.server.accepted)
            #expect(!seen.server.verified)
        }
    }

    @Test("Messages in the wrong order are refused", arguments: stacks)
    func swapped(server: Stack) throws {
        let seen = try observed(try play(.client, [.swap(message: 11, with: 16)], server: server, .tls12))
        #expect(!seen.server.accepted)
    }

    @Test("Bytes before the ClientHello are refused, and none of them is a trap", arguments: stacks)
    func prefixed(server: Stack) throws {
        for prefix in ["PROXY TCP4 192.0.2.1 192.0.2.2 5000 443\r\n", "GET / HTTP/1.1\r\n\r\n", "\0"] {
            for version in ProtocolVersion.allCases {
                let seen = try observed(try play(.client, [.prefix(Array(prefix.utf8))], server: server, version))
                #expect(!seen.server.accepted)
            }
        }
    }

    @Test("A fatal alert before the server's first flight ends the client, which reports it", arguments: stacks)
    func alerted(server: Stack) throws {
        for version in ProtocolVersion.allCases {
            let seen = try observed(try play(.server, [.alert(code: 40, beforeFlight: 1)], server: server, version))
            #expect(!seen.client.accepted)
            #expect(seen.client.alertReceived == .handshakeFailure)
        }
    }

    @Test("A stream that ends inside the server's flight is a premature end", arguments: [100, 300])
    func ended(bytes: Int) throws {
        for version in ProtocolVersion.allCases {
            let seen = try observed(try play(.server, [.end(afterBytes: bytes)], server: .countersign, version))
            #expect(!seen.client.accepted)
            #expect(seen.client.reason == ReasonClass.prematureEnd.rawValue)
        }
    }

    @Test("An editor without edits changes nothing but the framing, and passes what it can't take apart")
    func identity() {
        let hello: [UInt8] = [22, 3, 1, 0, 6, 1, 0, 0, 2, 9, 9]
        let encrypted: [UInt8] = [20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 4, 11, 0, 0, 0]
        var editor = WireEditor([.drop(message: 11)])
        #expect(editor.edit(hello) == hello)
        #expect(editor.edit(encrypted) == encrypted)
        #expect(editor.edit([1, 2, 3]) == [1, 2, 3])
    }
}
