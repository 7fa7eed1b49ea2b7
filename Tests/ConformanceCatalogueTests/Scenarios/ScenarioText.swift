import ConformanceCatalogue
import ConformanceModel

/// A small scenario file that is right, and what becomes of it with one change.
enum ScenarioText {
    static let file = "scenarios/area/topic.yaml"

    static let valid = """
        scenario: area/topic
        title: A title
        source: [{rfc: 8446, section: 4.4.2.4}, {document: crypto/tls}]
        pki:
          root: {ca: true}
          mid: {issuer: root, ca: true}
          server: {issuer: root, dns: [server.test], eku: [serverAuth]}
          client: {issuer: mid, eku: [clientAuth]}
          expired: {issuer: root, valid: {from: -48h, to: -24h}}
        crls:
          list: {issuer: root, revokes: [expired]}
        credentials:
          bare: {certificate: client, chain: []}
        axes:
          clientAuth: [RequestClientCert, RequireAndVerifyClientCert]
          credential: [none, client, bare, expired]
          revocation:
            unchecked: {}
            checked: {server: {revocation: leaf, crls: [list]}}
          tls: [1.2, 1.3]
          pairing: all
        server: {identity: server, clientCAs: [root]}
        client: {rootCAs: [root], serverName: server.test}
        control: {credential: client, revocation: unchecked}
        """

    /// The valid text with the first `old` replaced.
    static func replacing(_ old: String, with new: String) -> String {
        valid.replacing(old, with: new, maxReplacements: 1)
    }

    /// The loader's words about a text, or an empty string when it has nothing to say.
    static func complaint(_ yaml: String) -> String {
        do throws(ScenarioError) {
            _ = try Catalogue.scenario(yaml: yaml, file: file)
            return ""
        } catch {
            return error.description
        }
    }
}
