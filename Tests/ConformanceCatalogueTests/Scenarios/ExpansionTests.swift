import ConformanceCatalogue
import ConformanceModel
import Testing

@Suite("From axes to cases")
struct ExpansionTests {
    private func scenario(_ yaml: String) throws -> Scenario {
        try Catalogue.scenario(yaml: yaml, file: ScenarioText.file)
    }

    private func conformanceCase(_ suffix: String, in yaml: String = ScenarioText.valid) throws -> ConformanceCase {
        try #require(try scenario(yaml).cases.first { $0.id == "area/topic/\(suffix)" })
    }

    @Test("The file's facts are kept")
    func facts() throws {
        let scenario = try scenario(ScenarioText.valid)
        #expect(scenario.id == "area/topic")
        #expect(scenario.title == "A title")
        #expect(scenario.sources == [.rfc(8446, section: "4.4.2.4"), .document("crypto/tls")])
        #expect(scenario.sources.map(\.description) == ["RFC 8446 section 4.4.2.4", "crypto/tls"])
        #expect(scenario.file == ScenarioText.file)
    }

    @Test("Every point of the axes is a case, the first axis slowest and the pairing last")
    func order() throws {
        let cases = try scenario(ScenarioText.valid).cases
        #expect(cases.count == 2 * 4 * 2 * 2 * 4)
        #expect(
            cases.prefix(5).map(\.id) == [
                "area/topic/Request/none/unchecked/tls1.2/countersign/countersign",
                "area/topic/Request/none/unchecked/tls1.2/countersign/gnutls",
                "area/topic/Request/none/unchecked/tls1.2/gnutls/countersign",
                "area/topic/Request/none/unchecked/tls1.2/gnutls/gnutls",
                "area/topic/Request/none/unchecked/tls1.3/countersign/countersign",
            ]
        )
        #expect(cases.last?.id == "area/topic/RequireAndVerify/expired/checked/tls1.3/gnutls/gnutls")
        #expect(Set(cases.map(\.id)).count == cases.count)
    }

    @Test("A case names its axes in file order, with the values as they are written")
    func axes() throws {
        let found = try conformanceCase("RequireAndVerify/bare/checked/tls1.3/gnutls/countersign")
        #expect(found.axes.map(\.axis) == ["clientAuth", "credential", "revocation", "tls", "pairing"])
        #expect(
            found.axes.map(\.value) == ["RequireAndVerifyClientCert", "bare", "checked", "1.3", "gnutls/countersign"]
        )
        #expect(found.pairing == Pairing(server: .gnutls, client: .countersign))
        #expect(found.version == .tls13)
        #expect(found.scenario == "area/topic")
    }

    @Test("The pairing stands last in ids wherever the file has it")
    func pairingLast() throws {
        let yaml = ScenarioText.replacing("  pairing: all\n", with: "").replacing(
            "axes:\n",
            with: "axes:\n  pairing: [gnutls/gnutls]\n"
        )
        #expect(
            try scenario(yaml).cases.first?.id == "area/topic/Request/none/unchecked/tls1.2/gnutls/gnutls"
        )
    }

    @Test("Known axes set what they are named for")
    func knownAxes() throws {
        let yaml = ScenarioText.replacing(
            "  pairing: all",
            with: "  insecureSkipVerify: [false, true]\n  presents: [always, matching]\n  pairing: all"
        )
        let suffix = "Request/client/unchecked/tls1.2/insecure/matching/countersign/gnutls"
        let found = try conformanceCase(suffix, in: yaml)
        #expect(found.server.clientAuth == .requestClientCert)
        #expect(found.client.identity == "client")
        #expect(found.version == .tls12)
        #expect(found.client.insecureSkipVerify)
        #expect(found.client.presents == .matching)
        let other = try conformanceCase("Request/none/unchecked/tls1.2/verified/always/countersign/gnutls", in: yaml)
        #expect(other.client.identity == nil)
        #expect(!other.client.insecureSkipVerify)
        #expect(other.client.presents == .always)
    }

    @Test("An axis value lays its changes over the scenario's settings, and leaves the others")
    func patches() throws {
        let unchecked = try conformanceCase("Request/client/unchecked/tls1.2/gnutls/gnutls")
        #expect(unchecked.server.revocation == .off)
        #expect(unchecked.server.revocationLists == [])
        let checked = try conformanceCase("Request/client/checked/tls1.2/gnutls/gnutls")
        #expect(checked.server.revocation == .leaf)
        #expect(checked.server.revocationLists == ["list"])
        #expect(checked.server.identity == "server")
        #expect(checked.server.clientCAs == ["root"])
        #expect(checked.client.rootCAs == ["root"])
        #expect(checked.client.serverName == "server.test")
    }

    @Test("A later axis wins over an earlier one, and an axis over the scenario's own blocks")
    func precedence() throws {
        let yaml = ScenarioText.replacing(
            "    checked: {",
            with: "    swapped: {client: {identity: bare, serverName: other.test}, steps: [connect]}\n    checked: {"
        )
        let found = try conformanceCase("Request/client/swapped/tls1.2/gnutls/gnutls", in: yaml)
        #expect(found.client.identity == "bare")
        #expect(found.client.serverName == "other.test")
        #expect(found.steps == [.connect])
        let plain = try conformanceCase("Request/client/unchecked/tls1.2/gnutls/gnutls", in: yaml)
        #expect(plain.steps == [.connect, .exchange])
    }

    @Test("A value of a known axis may carry changes of its own")
    func patchedListItem() throws {
        let yaml = ScenarioText.replacing("bare, expired]", with: "bare, {expired: {server: {clientCAs: []}}}]")
        let expired = try conformanceCase("Request/expired/unchecked/tls1.2/gnutls/gnutls", in: yaml)
        #expect(expired.client.identity == "expired")
        #expect(expired.server.clientCAs == [])
        // The control has another value on that axis, so it has none of its changes either.
        #expect(expired.control?.server.clientCAs == ["root"])
        #expect(expired.control?.client.identity == "client")
    }

    @Test("An unset pool is not an empty one, and a name or identity can be unset too")
    func unset() throws {
        let yaml = ScenarioText.replacing(
            "    checked: {",
            with: "    unset: {server: {clientCAs: none}, client: {serverName: none, identity: none, rootCAs: []}}\n"
                + "    checked: {"
        )
        let found = try conformanceCase("Request/client/unset/tls1.2/gnutls/gnutls", in: yaml)
        #expect(found.server.clientCAs == nil)
        #expect(found.client.serverName == nil)
        #expect(found.client.identity == nil)
        #expect(found.client.rootCAs == [])
    }

    @Test("The control takes the case's settings with its own values on the axes that it names")
    func control() throws {
        let found = try conformanceCase("RequireAndVerify/expired/checked/tls1.2/gnutls/gnutls")
        let control = try #require(found.control)
        #expect(control.client.identity == "client")
        #expect(control.server.clientAuth == .requireAndVerifyClientCert)
        #expect(control.server.revocation == .off)
    }

    @Test("An exclude leaves out the points with all its values")
    func exclude() throws {
        let yaml =
            ScenarioText.valid
            + "\nexclude: [{clientAuth: RequestClientCert, credential: [none, bare], reason: a reason}]"
        let cases = try scenario(yaml).cases
        #expect(cases.count == 128 - 32)
        #expect(!cases.contains { $0.id.hasPrefix("area/topic/Request/none/") })
        #expect(cases.contains { $0.id.hasPrefix("area/topic/RequireAndVerify/none/") })
    }

    @Test("Statements reach the cases that they name, and later ones win")
    func statements() throws {
        let yaml =
            ScenarioText.valid + """

                expect:
                  - {when: {credential: [client, bare]}, outcome: accepted}
                  - {when: {clientAuth: RequireAndVerifyClientCert, credential: bare}, outcome: rejected}
                """
        func stated(_ suffix: String) throws -> StatedExpectation? {
            try conformanceCase("\(suffix)/unchecked/tls1.2/gnutls/gnutls", in: yaml).statedExpectation
        }
        #expect(try stated("Request/bare") == .accepted)
        #expect(try stated("RequireAndVerify/bare") == .rejected)
        #expect(try stated("RequireAndVerify/client") == .accepted)
        #expect(try stated("RequireAndVerify/none") == nil)
    }

    @Test("Steps are read with their rotations")
    func steps() throws {
        let yaml =
            ScenarioText.valid
            + "\nsteps: [connect, {rotate: {side: client, to: bare, at: client-hello-processed}}, exchange, close]"
        let found = try conformanceCase("Request/client/unchecked/tls1.2/gnutls/gnutls", in: yaml)
        #expect(
            found.steps == [
                .connect, .rotate(Rotation(side: .client, .identity("bare"), at: .clientHelloProcessed)), .exchange,
                .close,
            ]
        )
        #expect(found.pki.credentials["bare"]?.certificate == "client")
    }
}
