import Conformance
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
