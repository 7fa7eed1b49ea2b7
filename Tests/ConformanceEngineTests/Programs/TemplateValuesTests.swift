import ConformanceModel
import Testing

@testable import Peers

@Suite("Templates of programs")
struct TemplateValuesTests {
    private var values: TemplateValues {
        var values = TemplateValues(number: 1, values: [:])
        values.add(["port": "8443", "chain": "/c"])
        return values
    }

    private func files(_ name: String) -> IdentityFiles {
        IdentityFiles(chain: "/\(name)/chain", leaf: "/\(name)/leaf", key: "/\(name)/key", bundle: "/\(name)/bundle")
    }

    @Test("a name's text appears once for each name, with its own files and without lines that have no value")
    func names() {
        var values = values
        let template = "server {\n  server_name {name};\n  ssl_certificate {name.chain};\n  ca {clientCAs};\n}\n"
        values.addNames(template, [("a.test", files("a")), ("b.test", files("b"))])
        let expected =
            "listen 8443\n"
            + "server {\n  server_name a.test;\n  ssl_certificate /a/chain;\n}\n"
            + "server {\n  server_name b.test;\n  ssl_certificate /b/chain;\n}\n"
            + "\nend"
        #expect(values.lines("listen {port}\n{names}\nend") == expected)
    }

    @Test("without names the line of their text is left out")
    func noNames() {
        var values = values
        values.addNames("server {name}", [])
        #expect(values.lines("listen {port}\n{names}\nend") == "listen 8443\nend")
    }

    @Test("an optional part of a word stays only where its placeholder has a value")
    func optionalPartOfWord() {
        var values = values
        values.values["clientAuth"] = ["require: true[?, ca: {clientCAs}]"]
        #expect(values.lines("tls {{clientAuth}}") == "tls {require: true}")
        values.add(["clientCAs": "/ca"])
        #expect(values.lines("tls {{clientAuth}}") == "tls {require: true, ca: /ca}")
    }

    @Test("a word may hold the word of another setting")
    func wordInWord() {
        var values = values
        values.values["clientAuth"] = ["[?trusted: {clientCAs}{revocation}]"]
        values.values["revocation"] = ["[?, crl: {crls}]"]
        values.add(["clientCAs": "/ca"])
        #expect(values.lines("{clientAuth}") == "trusted: /ca")
        values.add(["crls": "/crl"])
        #expect(values.lines("{clientAuth}") == "trusted: /ca, crl: /crl")
    }
}
