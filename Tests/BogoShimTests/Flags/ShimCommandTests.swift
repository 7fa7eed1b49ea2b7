import MutualTLS
import Testing

@testable import bogo_shim

@Suite("The shim's command line")
struct ShimCommandTests {
    @Test("answers whether handshakes can be split, whatever else is asked")
    func handshaker() throws {
        #expect(try ShimCommand(arguments: ["-is-handshaker-supported"]) == .tellHandshakerSupport)
        #expect(try ShimCommand(arguments: ["-async", "-is-handshaker-supported"]) == .tellHandshakerSupport)
    }

    @Test("sets what each flag says, on every connection")
    func everyConnection() throws {
        let (initial, resumed) = try parse(
            ["-server", "-shim-id", "18446744073709551615", "-ipv6", "-resume-count", "2", "-host-name", "a.test"]
                + ["-key-file", "k", "-cert-file", "c", "-require-any-client-certificate", "-verify-peer"]
                + ["-expect-version", "772", "-shim-writes-first", "-shim-shuts-down", "-check-close-notify"]
        )
        #expect(initial == resumed)
        #expect(initial.isServer && initial.usesIPv6 && initial.verifiesPeer && initial.requiresAnyClientCertificate)
        #expect(initial.shimWritesFirst && initial.shimShutsDown && initial.checksCloseNotify)
        #expect(initial.port == 1)
        #expect(initial.shimID == .max)
        #expect(initial.resumeCount == 2)
        #expect([initial.keyFile, initial.certFile, initial.hostName] == ["k", "c", "a.test"])
        #expect(initial.expectedVersion == .tls13)
    }

    @Test("keeps prefixed flags for their connection")
    func prefixes() throws {
        let (initial, resumed) = try parse(
            "-on-initial-verify-peer",
            "-on-resume-verify-fail",
            "-on-retry-verify-peer",
            "-on-shim-verify-fail",
            "-on-handshaker-shim-shuts-down",
            "-on-shim-on-resume-shim-writes-first",
            "-on-resume-host-name",
            "b.test"
        )
        #expect(initial.verifiesPeer && !resumed.verifiesPeer)
        #expect(initial.verifyFails && resumed.verifyFails)
        #expect(!initial.shimShutsDown && !resumed.shimShutsDown)
        #expect(!initial.shimWritesFirst && resumed.shimWritesFirst)
        #expect(initial.hostName == nil)
        #expect(resumed.hostName == "b.test")
    }

    @Test(
        "refuses a flag that it doesn't know as not implemented",
        arguments: [
            "-async", "-dtls", "-on-resume-enable-early-data", "-on-handshaker-async", "port", "", "-", "--port",
        ]
    )
    func unknown(flag: String) {
        let error = FlagError.unimplemented(flag: flag, reason: "the shim has no such flag")
        #expect(throws: error) { try parse(flag) }
    }

    @Test(
        "refuses a parameter that is missing",
        arguments: ["-shim-id", "-host-name", "-on-resume-cert-file", "-use-client-ca-list"]
    )
    func missing(flag: String) {
        let error = FlagError.malformed(flag: flag, reason: "expected a parameter, found none")
        #expect(throws: error) { try parse(flag) }
    }

    @Test(
        "refuses a number that is none, or out of range",
        arguments: [
            ("-port", "0"), ("-port", "65536"), ("-port", "-1"), ("-port", "+1"), ("-port", " 1"), ("-port", ""),
            ("-port", "0x1"), ("-shim-id", "18446744073709551616"), ("-resume-count", "101"),
            ("-resume-count", "99999999999999999999999999"), ("-piece-size", "0"), ("-max-version", "70000"),
            ("-min-version", "tls"),
        ]
    )
    func numbers(flag: String, text: String) throws {
        let error = try #require(throws: FlagError.self) { try parse(flag, text) }
        guard case .malformed(flag, let reason) = error else {
            Issue.record("\(error) is another error")
            return
        }
        #expect(reason.hasSuffix("found \"\(text)\""))
    }

    @Test(
        "refuses names that are none",
        arguments: ["", "3", "30", "3000,", "30zz", "300000", "３０００", "<null>"],
        ["-use-client-ca-list", "-expect-client-ca-list"]
    )
    func names(text: String, flag: String) throws {
        let error = try #require(throws: FlagError.self) { try parse(flag, text) }
        guard case .malformed(flag, _) = error else {
            Issue.record("\(error) is another error")
            return
        }
    }

    @Test("reads names in DER, and the words for none")
    func readsNames() throws {
        let empty = try DistinguishedName(der: [0x30, 0x00])
        #expect(try parse("-use-client-ca-list", "3000,3000").initial.clientCANames == .names([empty, empty]))
        #expect(try parse("-use-client-ca-list", "<NULL>").initial.clientCANames == ClientCANames.none)
        #expect(try parse("-use-client-ca-list", "<EMPTY>").initial.clientCANames == ClientCANames.none)
        #expect(try parse("-expect-client-ca-list", "3000").initial.expectedClientCANames == [empty])
        #expect(try parse("-expect-client-ca-list", "<EMPTY>").initial.expectedClientCANames == [])
    }

    @Test(
        "narrows the versions, in any order",
        arguments: [
            ([], TLSVersion.tls12, TLSVersion.tls13), (["-no-tls1", "-no-tls11"], .tls12, .tls13),
            (["-no-tls13"], .tls12, .tls12), (["-no-tls12"], .tls13, .tls13),
            (["-min-version", "0", "-max-version", "0"], .tls12, .tls13),
            (["-max-version", "771", "-min-version", "771"], .tls12, .tls12),
            (["-no-tls13", "-max-version", "772"], .tls12, .tls12),
        ]
    )
    func versions(flags: [String], minimum: TLSVersion, maximum: TLSVersion) throws {
        let (initial, _) = try parse(flags)
        #expect(initial.minimumVersion == minimum)
        #expect(initial.maximumVersion == maximum)
    }

    @Test(
        "calls what no settings of the library say not implemented",
        arguments: [
            ["-max-version", "770"], ["-min-version", "769"], ["-expect-version", "65279"],
            ["-no-tls12", "-no-tls13"], ["-verify-fail", "-expect-verify-result"],
            ["-verify-peer", "-trust-cert", "root.pem"], ["-no-ticket", "-resume-count", "1"],
        ]
    )
    func unspeakable(flags: [String]) throws {
        let error = try #require(throws: FlagError.self) { try parse(flags) }
        guard case .unimplemented = error else {
            Issue.record("\(error) is another error")
            return
        }
    }

    @Test(
        "refuses what is incomplete",
        arguments: [["-server"], ["-key-file", "k"], ["-cert-file", "c"], ["-on-initial-key-file", "k"]]
    )
    func incomplete(flags: [String]) throws {
        let error = try #require(throws: FlagError.self) { try parse(flags) }
        guard case .malformed = error else {
            Issue.record("\(error) is another error")
            return
        }
    }

    @Test("needs a port")
    func port() {
        let error = FlagError.malformed(flag: "-port", reason: "expected the runner's port, found none")
        #expect(throws: error) { try ShimCommand(arguments: []) }
    }
}
