import MutualTLS
import Testing
import ThrowawayPKI

@Suite("Refusals on the wire")
struct RefusalTests {
    @Test("A client certificate that does not decode is refused with decode_error, on both sides")
    func undecodableCertificate() throws {
        let pair = try Pairing(
            serverSettings(version: .tls12).resolve(),
            clientSettings(shared.identity("client")).resolve()
        )
        pair.client.start()
        pair.server.receive(pair.client.takeOutput())
        pair.client.receive(pair.server.takeOutput())
        var flight = pair.client.takeOutput()
        let certificate = shared.entity("client").certificateDER
        // In TLS 1.2 the Certificate message is not encrypted; its first byte says "a sequence".
        let start = try #require(
            flight.indices.first { flight[$0...].starts(with: certificate) },
            "the flight carries the certificate"
        )
        flight[start] = 0x31
        pair.server.receive(flight)
        pair.client.receive(pair.server.takeOutput())
        #expect(pair.server.information.alertSent == .decodeError)
        #expect(pair.client.information.alertReceived == .decodeError)
        #expect(!pair.server.information.isPeerVerified)
    }

    @Test("A TLS 1.3 client that refuses its server sends one protected alert and not a byte more")
    func protectedAlert() throws {
        var settings = try clientSettings(shared.identity("client"))
        settings.rootCAs = CertificatePool([])
        let pair = try Pairing(serverSettings(version: .tls13).resolve(), settings.resolve())
        pair.client.start()
        pair.server.receive(pair.client.takeOutput())
        pair.client.receive(pair.server.takeOutput())
        let flight = pair.client.takeOutput()
        // RFC 8446 appendix D.4: what a middlebox waits for before anything that it can't read.
        #expect(flight.prefix(6) == [20, 3, 3, 0, 1, 1])
        // RFC 8446 section 5.2: application_data outside; alert, level and type with a tag of 16 bytes inside.
        #expect(flight.dropFirst(6).prefix(5) == [23, 3, 3, 0, 19])
        #expect(flight.count == 6 + 5 + 19)
        #expect(pair.client.state == .failed && pair.client.failure?.reason == .unknownAuthority)
        #expect(throws: MutualTLSError.self) { try pair.client.send([1]) }
        pair.client.close()
        #expect(pair.client.takeOutput() == [])

        pair.server.receive(flight)
        #expect(pair.server.information.alertReceived == .unknownCA)
        #expect(pair.server.information.peerCertificates == [])
    }

    @Test("A refused server that holds back the rest of its flight is told the verdict at once")
    func stalledRefusal() throws {
        var settings = try clientSettings(shared.identity("client"))
        settings.rootCAs = CertificatePool([])
        let pair = try Pairing(serverSettings(version: .tls13).resolve(), settings.resolve())
        pair.client.start()
        pair.server.receive(pair.client.takeOutput())
        let flight = pair.server.takeOutput()
        // The server's Finished is its last record.
        pair.client.receive(Array(flight.dropLast(8)))
        #expect(pair.client.failure?.reason == .unknownAuthority)
        pair.client.receiveEndOfInput()
        pair.server.receive(pair.client.takeOutput())
        #expect(pair.server.information.alertReceived == .unknownCA)
        #expect(pair.client.failure?.reason == .unknownAuthority)
        #expect(pair.client.information.verifiedChain == [])
    }
}
