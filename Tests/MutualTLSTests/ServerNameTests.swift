import MutualTLS
import Testing

@Suite("Server names")
struct ServerNameTests {
    @Test(
        "are folded, and lose one trailing dot and brackets",
        arguments: [
            ("server.test", "server.test", "server.test"),
            ("SERVER.Test.", "server.test", "server.test"),
            ("my_node.test", "my_node.test", "my_node.test"),
            ("xn--bcher-kva.test", "xn--bcher-kva.test", "xn--bcher-kva.test"),
            ("localhost", "localhost", "localhost"),
            ("127.0.0.1", "127.0.0.1", nil),
            ("::1", "::1", nil),
            ("[::1]", "::1", nil),
            ("2001:DB8:0::1", "2001:db8::1", nil),
        ] as [(String, String, String?)]
    )
    func accepted(text: String, description: String, sni: String?) throws {
        let name = try ServerName(text)
        #expect(name.description == description)
        #expect(name.sni == sni)
    }

    @Test(
        "are refused with the reason",
        arguments: [
            ("", "it is empty."),
            (".", "it starts with a dot."),
            (".example.test", "it starts with a dot."),
            ("server.test..", "it ends with two dots."),
            ("a..test", "it has two dots in a row."),
            ("bücher.test", "it has non-ASCII characters. Use the A-label (xn--…)."),
            ("a b.test", "it has white space or control characters."),
            ("server.test\n", "it has white space or control characters."),
            ("server.test\0", "it has white space or control characters."),
            ("server.test:443", "it has a colon. Give the host alone, without port, scheme or zone."),
            ("fe80::1%eth0", "it has a colon. Give the host alone, without port, scheme or zone."),
            ("*.test", "it has the character '*', which no host name has."),
            ("-a.test", "a label starts or ends with a hyphen."),
            ("[127.0.0.1]", "it has the character '[', which no host name has."),
            ("127.1", "it looks like an IPv4 address and is none."),
            (String(repeating: "a", count: 64) + ".test", "a label is 64 bytes long, and 63 is the most."),
            (
                String(repeating: "abcdefghi.", count: 26) + "test",
                "it is 264 bytes long, and 253 is the most."
            ),
        ]
    )
    func refused(text: String, reason: String) throws {
        let error = try #require(throws: MutualTLSError.self) { try ServerName(text) }
        #expect(error.code == .invalidServerName)
        #expect(error.blame == .configuration)
        #expect(error.message.hasSuffix(reason), "\(error.message)")
    }
}
