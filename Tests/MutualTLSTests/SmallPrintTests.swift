import Testing
import ThrowawayPKI

@testable import MutualTLS
@testable import OpenSSL
@testable import OpenSSLMinting

@Suite("The small print of the RFCs")
struct SmallPrintTests {
    @Test("server_name is acknowledged by an empty extension (RFC 6066 section 3)", arguments: ["server.test", nil])
    func acknowledgedName(name: String?) throws {
        for version in [TLSVersion.tls12, .tls13] {
            let secrets = Secrets()
            var settings = try clientSettings()
            settings.keyLog = secrets.log
            if name == nil { settings.serverNameIndication = .none }
            let pair = try Pairing(server: serverSettings(.noClientCert, version: version), client: settings)
            pair.client.start()
            pair.server.receive(pair.client.takeOutput())
            let flight = records(of: pair.server.takeOutput())
            for record in flight { pair.client.receive(record) }
            var message = Array(flight[0].dropFirst(5))
            if version == .tls13 {
                var opener = try secrets.records("SERVER_HANDSHAKE_TRAFFIC_SECRET")
                message = try #require(try opener.open(flight[2])).content
                #expect(message[0] == 8, "EncryptedExtensions")
            }
            let extension_: [UInt8] = [0, 0, 0, 0]
            let isAcknowledged = message.indices.contains { message[$0...].dropFirst(6).starts(with: extension_) }
            #expect(isAcknowledged == (name != nil), "TLS \(version.rawValue)")
        }
    }

    @Test("server_name is not acknowledged by a handshake that resumes (RFC 6066 section 3)")
    func acknowledgedNameOfResumption() throws {
        let secrets = Secrets()
        var settings = try serverSettings(.noClientCert, version: .tls13)
        settings.sessions = .scoped()
        var resuming = try clientSettings()
        resuming.sessions = .scoped()
        resuming.keyLog = secrets.log
        let (server, client) = (try settings.resolve(), try resuming.resolve())
        #expect(try SessionPair.connect(server, client).outcome == "full")
        let pair = try Pairing(server, client)
        pair.client.start()
        pair.server.receive(pair.client.takeOutput())
        let flight = records(of: pair.server.takeOutput())
        for record in flight { pair.client.receive(record) }
        var opener = try secrets.records("SERVER_HANDSHAKE_TRAFFIC_SECRET")
        let message = try #require(try opener.open(flight[2])).content
        #expect(message == [8, 0, 0, 2, 0, 0], "EncryptedExtensions without an extension")
        #expect(pair.client.information.didResume)
    }

    @Test("a ClientHello with an empty certificate_authorities is refused (RFC 8446 section 4.2.4)")
    func emptyAuthorities() throws {
        let pair = try Pairing(server: serverSettings(version: .tls13), client: clientSettings())
        pair.client.start()
        var hello = pair.client.takeOutput()
        // Behind record and message header, version and random: session id, cipher suites, compression methods.
        var place = 5 + 4 + 2 + 32
        place += 1 + Int(hello[place])
        place += 2 + Int(hello[place]) << 8 + Int(hello[place + 1])
        place += 1 + Int(hello[place])
        hello.insert(contentsOf: [0, 47, 0, 2, 0, 0], at: place + 2)
        for (index, width) in [(place, 2), (6, 3), (3, 2)] {
            let end = index + width - 1
            let length = Int(hello[end - 1]) << 8 + Int(hello[end]) + 6
            (hello[end - 1], hello[end]) = (UInt8(length >> 8), UInt8(length & 0xFF))
        }
        pair.server.receive(hello)
        #expect(pair.server.failure?.reason == .protocolError)
        #expect(pair.server.information.alertSent == .decodeError)
    }

    @Test(
        "a CertificateRequest with a context or with an empty certificate_authorities is refused (RFC 8446 section 4.3.2)",
        arguments: [true, false]
    )
    func faultyRequest(hasContext: Bool) throws {
        let secrets = Secrets()
        var settings = try clientSettings(shared.identity("client"))
        settings.keyLog = secrets.log
        var server = try serverSettings(version: .tls13)
        // Otherwise the extension would stand there twice.
        server.acceptableCANames = .none
        let pair = try Pairing(server: server, client: settings)
        pair.client.start()
        pair.server.receive(pair.client.takeOutput())
        let flight = records(of: pair.server.takeOutput())
        // ServerHello and change_cipher_spec, after which the client knows the keys.
        for record in flight.prefix(2) { pair.client.receive(record) }
        var opener = try secrets.records("SERVER_HANDSHAKE_TRAFFIC_SECRET")
        var sealer = try secrets.records("SERVER_HANDSHAKE_TRAFFIC_SECRET")
        for record in flight.dropFirst(2) {
            let opened = try #require(try opener.open(record))
            var message = opened.content
            if message[0] == 13 {
                if hasContext {
                    message.replaceSubrange(4..<5, with: [1, 7])
                } else {
                    // RFC 8446 section 4.2.4: extension 47, in front of the others.
                    let length = Int(message[5]) << 8 + Int(message[6]) + 6
                    message.replaceSubrange(5..<7, with: [UInt8(length >> 8), UInt8(length & 0xFF), 0, 47, 0, 2, 0, 0])
                }
                let length = message.count - 4
                message.replaceSubrange(2..<4, with: [UInt8(length >> 8), UInt8(length & 0xFF)])
            }
            pair.client.receive(try sealer.seal(message, type: opened.type))
        }
        #expect(pair.client.failure?.reason == .protocolError)
        #expect(pair.client.information.alertSent == (hasContext ? .illegalParameter : .decodeError))
        #expect(pair.client.information.localCertificate == nil)
    }

    @Test(
        "a client of TLS 1.2 shows no certificate of a type that isn't asked for (RFC 5246 section 7.4.6)",
        arguments: [("client", UInt8(64), true), ("client", 1, false), ("rsa-2048", 1, true), ("rsa-2048", 64, false)]
    )
    func certificateTypes(name: String, type: UInt8, isShown: Bool) throws {
        let pair = try Pairing(
            server: serverSettings(version: .tls12),
            client: clientSettings(shared.identity(name))
        )
        pair.client.start()
        pair.server.receive(pair.client.takeOutput())
        for var record in records(of: pair.server.takeOutput()) {
            // CertificateRequest in a record of its own: the types stand behind their number.
            if record[5] == 13 { for index in 0..<Int(record[9]) { record[10 + index] = type } }
            pair.client.receive(record)
        }
        #expect((pair.client.information.localCertificate != nil) == isShown)
    }

    @Test("the last second of a certificate is part of its validity (RFC 5280 section 4.1.2.5)", arguments: [0, 1])
    func lastSecond(late: Int64) throws {
        let now = Timestamp(secondsSinceEpoch: noon + 3_600 + late)
        let pki = TestPKI([
            CertificateRecipe(name: "root", isCA: true, validTo: 3_600),
            client("client", validTo: 3_600),
        ])
        var settings = try serverSettings(pool: pki.pool("root"))
        settings.currentTime = { now }
        let pair = try Pairing(server: settings, client: clientSettings(pki.identity("client")))
        try pair.exchange()
        #expect(pair.server.failure?.reason == (late == 0 ? nil : .expired))
    }

    @Test("the first second of a certificate is part of its validity", arguments: [0, 1])
    func firstSecond(early: Int64) throws {
        let now = Timestamp(secondsSinceEpoch: noon - 3_600 - early)
        let pki = TestPKI([
            CertificateRecipe(name: "root", isCA: true, validFrom: -3_600),
            client("client", validFrom: -3_600),
        ])
        var settings = try serverSettings(pool: pki.pool("root"))
        settings.currentTime = { now }
        let pair = try Pairing(server: settings, client: clientSettings(pki.identity("client")))
        try pair.exchange()
        #expect(pair.server.failure?.reason == (early == 0 ? nil : .notYetValid))
    }

    @Test("of TLS 1.2 only suites with forward secrecy and authenticated encryption are offered and chosen")
    func cipherSuites() throws {
        let client = try clientSettings().resolve().makeConnection()
        client.start()
        let hello = client.takeOutput()
        // Record and message header, version, random, and the session id with its length.
        let start = 5 + 4 + 2 + 32
        let suites = start + 1 + Int(hello[start])
        let length = Int(hello[suites]) << 8 | Int(hello[suites + 1])
        let offered = stride(from: suites + 2, to: suites + 2 + length, by: 2).map { index in
            UInt16(hello[index]) << 8 | UInt16(hello[index + 1])
        }
        // IANA: TLS 1.3, then ECDHE with AES-GCM and ChaCha20-Poly1305, and the signal of RFC 5746.
        let expected: Set<UInt16> = [
            0x1301, 0x1302, 0x1303, 0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0x00FF,
        ]
        #expect(Set(offered) == expected)
    }
}
