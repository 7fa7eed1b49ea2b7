import MutualTLS
import Testing

@Suite("Revocation lists")
struct RevocationTests {
    private func pair(_ client: Identity, _ policy: RevocationPolicy, _ version: TLSVersion) throws -> Pairing {
        var settings = try serverSettings(version: version)
        settings.revocation = policy
        let pair = try Pairing(server: settings, client: clientSettings(client))
        try pair.exchange()
        return pair
    }

    @Test("refuse the revoked with certificate_revoked, and let others in", arguments: versions)
    func revoked(version: TLSVersion) throws {
        for policy in [RevocationPolicy.leaf([try shared.crl("root-crl")]), .chain([try shared.crl("root-crl")])] {
            expectRefusal(
                try pair(shared.identity("revoked"), policy, version),
                .certificateRevoked,
                .revoked,
                version
            )
            #expect(try pair(shared.identity("client"), policy, version).isAccepted)
        }
        #expect(try pair(shared.identity("revoked"), .off, version).isAccepted)
    }

    @Test(
        "that are missing, stale or forged refuse everybody with certificate_unknown",
        arguments: ["none", "stale-crl", "forged-crl", "intermediate-crl"],
        versions
    )
    func unusable(list: String, version: TLSVersion) throws {
        let lists = list == "none" ? [] : [try shared.crl(list)]
        let pair = try pair(shared.identity("client"), .leaf(lists), version)
        expectRefusal(pair, .certificateUnknown, .noRevocationInformation, version)
    }

    @Test("are needed of each issuer for a whole chain, and of the leaf's for a leaf", arguments: versions)
    func chain(version: TLSVersion) throws {
        let identity = try shared.identity("by-intermediate", with: ["intermediate"])
        let both = [try shared.crl("root-crl"), try shared.crl("intermediate-crl")]
        #expect(try pair(identity, .chain(both), version).isAccepted)
        #expect(try pair(identity, .leaf([both[1]]), version).isAccepted)
        let missing = try pair(identity, .chain([both[1]]), version)
        expectRefusal(missing, .certificateUnknown, .noRevocationInformation, version)
    }

    @Test("say who issued them and until when")
    func fields() throws {
        let list = try shared.crl("root-crl")
        #expect(list.issuer.text == "CN=root")
        #expect(list.thisUpdate == Timestamp(secondsSinceEpoch: noon - 3_600))
        #expect(list.nextUpdate == Timestamp(secondsSinceEpoch: noon + 86_400))
    }

    @Test("are checked by clients too")
    func client() throws {
        var settings = try clientSettings()
        settings.revocation = .leaf([])
        let pair = try Pairing(server: serverSettings(.noClientCert), client: settings)
        pair.run()
        #expect(pair.client.failure?.reason == .noRevocationInformation)
        #expect(pair.server.information.alertReceived == .certificateUnknown)
    }
}
