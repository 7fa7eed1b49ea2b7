import ConformanceModel
import Testing

@Suite("Patterns for case ids")
struct IDGlobTests {
    static let id = "client-auth/credentials/RequireAndVerify/expired/tls1.3/countersign/gnutls"

    @Test(
        "It matches",
        arguments: [
            id,
            "client-auth",
            "client-auth/",
            "client-auth/credentials",
            "client-auth/credentials/RequireAndVerify/expired/tls1.3",
            "*",
            "*/expired/*",
            "*expired*",
            "client-auth/*/expired",
            "client-auth/*/tls1.3/countersign/gnutls",
            "*/gnutls",
            "client-auth/cred*",
            "client-auth/????entials",
            "*/tls1.?/*",
            "c*t*/*d*/tls1.3",
        ]
    )
    func matches(_ pattern: String) {
        #expect(IDGlob(pattern).matches(Self.id))
        for folder in ["client-auth", "client-auth/credentials"] {
            #expect(IDGlob(pattern).couldMatch(below: folder))
        }
    }

    @Test(
        "It could match below a folder",
        arguments: [
            ("client-auth/credentials/*/expired", "client-auth/credentials"),
            ("client-auth", "client-auth/credentials"),
            ("client-auth/credentials/NoClientCert/valid", "client-auth"),
            ("client-auth/cred*", "client-auth/credentials"),
            ("*/gnutls", "sni"),
        ]
    )
    func couldMatch(_ pattern: String, _ folder: String) {
        #expect(IDGlob(pattern).couldMatch(below: folder))
    }

    @Test(
        "It could not match below a folder",
        arguments: [
            ("client-auth/credentials", "client-auth/pools"),
            ("client-auth/credentials", "sni"),
            ("sn*", "client-auth"),
            ("client-auth/", "client-server/credentials"),
        ]
    )
    func couldNotMatch(_ pattern: String, _ folder: String) {
        #expect(!IDGlob(pattern).couldMatch(below: folder))
        #expect(!IDGlob(pattern).matches("\(folder)/some/case"))
    }

    @Test(
        "It does not match",
        arguments: [
            "",
            "/",
            "client",
            "client-auth/cred",
            "credentials",
            "server-auth/*",
            "*/valid/*",
            "*/tls1.2/*",
            "client-auth/???entials",
            "*/expire",
            id + "/more",
            id + "?",
        ]
    )
    func refuses(_ pattern: String) {
        #expect(!IDGlob(pattern).matches(Self.id))
    }
}
