import ConformanceCatalogue
import ConformanceJudge
import ConformanceModel
import Foundation
import Testing

@testable import ConformanceEngine
@testable import Peers

@Suite("Cases over loopback TCP")
struct LoopbackPlayTests {
    @Test("both sides see on sockets what they see in memory", arguments: Setting.all)
    func sameAsMemory(_ setting: Setting) async throws {
        for credential in ["client", "stranger", "expired", nil] {
            let testCase = SampleCase.make("loopback", setting, credential: credential)
            let inMemory = try played(testCase)
            let overTCP = try overLoopback(testCase)
            #expect(overTCP == inMemory, "\(credential ?? "none")")
            await Task.yield()
        }
    }

    @Test("no alert of a refusal is lost in fifty connections", arguments: Setting.all)
    func alertsArrive(_ setting: Setting) async throws {
        let testCase = SampleCase.make("loopback", setting, credential: "stranger")
        for _ in 0..<50 {
            let connection = try #require(try overLoopback(testCase).first)
            #expect(connection.client.alertReceived != nil)
            #expect(connection.client.alertReceived == connection.server.alertSent)
            await Task.yield()
        }
    }

    @Test("a driver in another language plays both roles", arguments: [ProtocolVersion.tls12, .tls13])
    func driver(_ version: ProtocolVersion) throws {
        let python = try Repository.peer("python")
        let player = try FakePeer.player([python])
        for pairing in [
            Pairing(server: python.stack, client: .countersign), Pairing(server: .gnutls, client: python.stack),
        ] {
            let setting = Setting(pairing: pairing, version: version)
            for (credential, isAccepted) in [("client", true), ("stranger", false)] {
                let testCase = SampleCase.make("driver", setting, credential: credential)
                let outcome = player.play(testCase, seed: 1, now: Present.now, playsControl: false)
                guard case .played(let connections, _) = outcome else {
                    Issue.record("\(pairing): \(outcome)")
                    continue
                }
                #expect(connections.map(\.server.accepted) == [isAccepted])
                #expect(connections.map(\.client.accepted) == [isAccepted])
            }
        }
    }

    @Test("a client that gives up before its first byte leaves a server unreached, whatever the server makes of that")
    func unreached() throws {
        let python = try Repository.peer("python")
        let pairing = Pairing(server: python.stack, client: .gnutls)
        let testCase = SampleCase.make("unreached", Setting(pairing: pairing, version: .tls13)) {
            // GnuTLS has no signature scheme to offer with a key that may not sign.
            $0.pki.certificates["client"]?.keyUsages = ["keyEncipherment"]
        }
        let outcome = try FakePeer.player([python]).play(testCase, seed: 1, now: Present.now, playsControl: false)
        guard case .played(let connections, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(connections.map(\.client.noticed) == [.configuration])
        #expect(connections.map(\.server.reachedHandshake) == [false])
        #expect(connections.map(\.server.accepted) == [false])
    }

    private func overLoopback(_ testCase: ConformanceCase) throws -> [ConnectionObservation] {
        let stacks = try StackRegistry.standard()
        let material = try CaseMint().material(
            for: testCase,
            needs: NeededNames(testCase, withControl: false),
            seed: 42,
            now: Present.now
        )
        func side(_ side: Side) throws -> LocalSide {
            try LocalSide(
                stacks.adapter(testCase.pairing[side]),
                side,
                server: testCase.server,
                client: testCase.client,
                version: testCase.version,
                material: material
            )
        }
        let play = NetworkPlay(
            NetworkServer("server", .local(try side(.server))),
            NetworkClient("client", .local(try side(.client))),
            .greeting,
            patience: .seconds(60)
        )
        return try play.run(Timeline(testCase.steps))
    }
}

/// The repository that these tests belong to.
enum Repository {
    static func peer(_ name: String) throws -> PeerManifest {
        var folder = URL(filePath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        return try PeerManifest.load(folder.path(percentEncoded: false) + "scenarios/peers/\(name)")
    }
}
