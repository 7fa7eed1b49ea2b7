import ConformanceModel
import FoundationEssentials
import Testing

@Suite("Commands that make a client connect")
struct TriggerCommandTests {
    @Test("words are told apart as a shell does it, and brackets make them optional")
    func words() throws {
        let command = try TriggerCommand(#"curl -H 'a  b' "c d"e f\ g [--cert {chain} --key {key}] '[x]' {url}"#)
        #expect(command.program == "curl")
        #expect(
            command.groups.map(\.words) == [
                ["curl"], ["-H"], ["a  b"], ["c de"], ["f g"], ["--cert", "{chain}", "--key", "{key}"], ["[x]"],
                ["{url}"],
            ]
        )
        #expect(command.groups.filter(\.isOptional).map(\.words.count) == [4])
        #expect(command.has("key"))
        #expect(!command.has("rootCAs"))
    }

    @Test(
        "what can't be a command is refused, with what is wrong",
        arguments: [
            ("curl", "it has neither {url} nor {port}, so the client would not know where to connect to"),
            ("curl 'x {url}", "a quote is opened and not closed"),
            ("curl [--cert {chain} {url}", "a bracket is opened and not closed"),
            ("", "it names no program"),
        ]
    )
    func refused(_ text: String, _ reason: String) {
        let error = #expect(throws: TriggerCommandError.self) { try TriggerCommand(text) }
        #expect(error?.description == reason)
    }

    @Test("a client that is started once can be told of changes, and one that is started anew keeps nothing")
    func lasting() throws {
        var command = try TriggerCommand("app {url} {host} {port} {rootCAs} [{chain} {key}]")
        let once = PeerManifest.triggered(command, speaks: .http, folder: "/", implementation: nil)
        #expect(once.refusal(of: [.rotation], as: .client)?.contains("--trigger-mode lines") == true)
        command.takesLines = true
        let lasting = PeerManifest.triggered(command, speaks: .http, folder: "/", implementation: nil)
        #expect(lasting.refusal(of: [.rotation, .resumption, .severalConnections], as: .client) == nil)
        #expect(lasting.refusal(of: [.skipVerify], as: .client) != nil)
    }

    @Test("a client that spoke without TLS is still known for it when its result was written down and read")
    func plaintextSurvives() throws {
        var seen = SideObservation(accepted: true, reachedHandshake: true)
        seen.heardPlaintext = true
        let read = try JSONDecoder().decode(SideObservation.self, from: JSONEncoder().encode(seen))
        #expect(read == seen)
    }

    @Test("a case that the command has no words for is refused by what is missing")
    func lacking() throws {
        var client = ClientSettings()
        client.rootCAs = ["root"]
        client.serverName = "server.test"
        let bare = try TriggerCommand("app --ca {rootCAs} --connect {host} {url}")
        #expect(bare.refusal(of: client, in: PKISpecification()) == nil)
        client.identity = "valid"
        #expect(
            bare.refusal(of: client, in: PKISpecification())
                == "the command has no place for a certificate, such as {chain} and {key}"
        )
        client.identity = nil
        let always = try TriggerCommand("app --ca {rootCAs} --cert {bundle} {url}")
        #expect(
            always.refusal(of: client, in: PKISpecification())
                == "the command can't do without a certificate: put these words in brackets"
        )
        var named = try TriggerCommand("app --ca {rootCAs} {url}")
        named.serverName = "localhost"
        #expect(
            named.refusal(of: client, in: PKISpecification())
                == "the client reaches the server as localhost alone, since the command has no {host}"
        )
        let trusting = try TriggerCommand("app {url}")
        #expect(
            trusting.refusal(of: client, in: PKISpecification())
                == "the client trusts the test authority alone, since the command has no {rootCAs}"
        )
    }
}
