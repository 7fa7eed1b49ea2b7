import ConformanceModel
import Testing

/// A change of the valid text, and what the loader says of it, without the name of the file.
struct ScenarioSlip: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    var complaint: String

    init(_ old: String, _ new: String, _ complaint: String) {
        self.old = old
        self.new = new
        self.complaint = complaint
    }

    var testDescription: String { complaint }
}

extension ScenarioSlip {
    static let unknownKeys: [ScenarioSlip] = [
        ScenarioSlip(
            "clientCAs: [root]",
            "clientCas: [root]",
            "22: unknown key “clientCas” in server; the nearest known key is “clientCAs”"
        ),
        ScenarioSlip(
            "rootCAs",
            "RootCA",
            "23: unknown key “RootCA” in client; the nearest known key is “rootCAs”"
        ),
        ScenarioSlip(
            "title: A title",
            "titel: A title",
            "1: the scenario lacks “title”\n2: unknown key “titel” in the scenario; the nearest known key is “title”"
        ),
        ScenarioSlip(
            "{issuer: mid, eku",
            "{isuer: mid, eku",
            "8: unknown key “isuer” in pki entry “client”; the nearest known key is “issuer”"
        ),
        ScenarioSlip(
            "revokes: [expired]",
            "revoked: [expired]",
            "11: unknown key “revoked” in CRL “list”; the nearest known key is “revokes”"
        ),
        ScenarioSlip(
            "{certificate: client, chain: []}",
            "{certificate: client, chains: []}",
            "13: unknown key “chains” in credential “bare”; the nearest known key is “chain”"
        ),
        ScenarioSlip(
            "server: {identity: server, clientCAs",
            "server: {colour: red, clientCAs",
            "22: unknown key “colour” in server; known are acceptableCANames, clientAuth, clientCAs, crls, hosts, identitiesByName, identity, pools, revocation, sessions, strictSNI"
        ),
        ScenarioSlip(
            "control: {credential",
            "control: {credentials",
            "24: unknown key “credentials” in control; the nearest known key is “credential”"
        ),
        ScenarioSlip(
            "clientAuth: [RequestClientCert",
            "clientAut: [RequestClientCert",
            "15: unknown axis “clientAut”; the nearest known axis is “clientAuth”"
        ),
        ScenarioSlip(
            "tls: [1.2, 1.3]",
            "tsl: [1.2, 1.3]",
            "15: axes lacks “tls”, which every case needs\n20: unknown axis “tsl”; the nearest known axis is “tls”"
        ),
        ScenarioSlip(
            "{server: {revocation: leaf, crls: [list]}}",
            "{servr: {revocation: leaf, crls: [list]}}",
            "19: unknown key “servr” in value “checked” of axis “revocation”; the nearest known key is “server”"
        ),
    ]

    static let unknownWords: [ScenarioSlip] = [
        ScenarioSlip(
            "RequireAndVerifyClientCert]",
            "RequireAndVerify]",
            "15: unknown mode “RequireAndVerify”; the nearest known mode is “RequireAndVerifyClientCert”"
        ),
        ScenarioSlip(
            "[1.2, 1.3]",
            "[1.2, 1.4]",
            "20: unknown value “1.4” in axis “tls”; the nearest known value is “1.2”"
        ),
        ScenarioSlip(
            "pairing: all",
            "pairing: [countersign/gnuls]",
            "21: unknown value “countersign/gnuls” in axis “pairing”; the nearest known value is “countersign/gnutls”"
        ),
        ScenarioSlip(
            "[none, client, bare, expired]",
            "[none, client, bear, expired]",
            "16: unknown credential “bear” in axis “credential”; the nearest known credential is “bare”"
        ),
        ScenarioSlip(
            "clientCAs: [root]",
            "clientCAs: [rot]",
            "22: unknown pki entry “rot” in clientCAs of server; the nearest known pki entry is “root”"
        ),
        ScenarioSlip(
            "identity: server,",
            "identity: sever,",
            "22: unknown credential “sever” in server; the nearest known credential is “server”"
        ),
        ScenarioSlip(
            "{issuer: mid, eku",
            "{issuer: middle, eku",
            "8: unknown issuer “middle” in pki entry “client”; known are client, expired, mid, root, server"
        ),
        ScenarioSlip(
            "eku: [clientAuth]",
            "eku: [clientAuht]",
            "8: unknown EKU “clientAuht” in pki entry “client”; the nearest known EKU is “clientAuth”"
        ),
        ScenarioSlip(
            "client: {issuer: mid,",
            "client: {issuer: mid, key: p257,",
            "8: unknown key type “p257”; the nearest known key type is “p256”"
        ),
        ScenarioSlip(
            "client: {issuer: mid,",
            "client: {issuer: mid, ku: [digitalSignatur],",
            "8: unknown key usage “digitalSignatur” in pki entry “client”; the nearest known key usage is “digitalSignature”"
        ),
        ScenarioSlip(
            "client: {issuer: mid,",
            "client: {issuer: mid, key-of: rot,",
            "8: unknown key-of “rot” in pki entry “client”; the nearest known key-of is “root”"
        ),
        ScenarioSlip(
            "revocation: leaf, crls: [list]",
            "revocation: leave, crls: [list]",
            "19: unknown revocation “leave”; the nearest known revocation is “leaf”"
        ),
        ScenarioSlip(
            "crls: [list]",
            "crls: [lists]",
            "19: unknown CRL “lists” in crls of server; the nearest known CRL is “list”"
        ),
        ScenarioSlip(
            "credential: client, revocation",
            "credential: clint, revocation",
            "24: unknown value “clint” in control, axis “credential”; the nearest known value is “client”"
        ),
        ScenarioSlip(
            "control:",
            "steps: [connect, exchang]\ncontrol:",
            "24: unknown step “exchang”; the nearest known step is “exchange”"
        ),
        ScenarioSlip(
            "control:",
            "steps: [connect, {rotate: {side: server, to: client, at: client-hello-process}}]\ncontrol:",
            "24: unknown phase “client-hello-process”; the nearest known phase is “client-hello-processed”"
        ),
        ScenarioSlip(
            "control:",
            "steps: [connect, {rotate: {side: sever, to: client}}]\ncontrol:",
            "24: unknown side “sever”; the nearest known side is “server”"
        ),
        ScenarioSlip(
            "control:",
            "expect: acepted\ncontrol:",
            "24: unknown outcome “acepted”; the nearest known outcome is “accepted”"
        ),
        ScenarioSlip(
            "control:",
            "expect: {outcome: rejected, rules: [path/expird]}\ncontrol:",
            "24: unknown rule “path/expird”; the nearest known rule is “path/expired”"
        ),
        ScenarioSlip(
            "control:",
            "expect: [{when: {credential: nobody}, outcome: rejected}]\ncontrol:",
            "24: unknown value “nobody” in when of expect, axis “credential”; known are bare, client, expired, none"
        ),
        ScenarioSlip(
            "control:",
            "expect: [{when: {mood: good}, outcome: rejected}]\ncontrol:",
            "24: unknown axis “mood” in when of expect; known are clientAuth, credential, pairing, revocation, tls"
        ),
        ScenarioSlip(
            "{rfc: 8446, section: 4.4.2.4}",
            "{rcf: 8446}",
            "3: unknown key “rcf” in source; the nearest known key is “rfc”"
        ),
    ]

    static let wrongValues: [ScenarioSlip] = [
        ScenarioSlip(
            "from: -48h",
            "from: 48 hours",
            "9: from in valid of pki entry “expired” is “48 hours”; a time is a number with s, m, h or d, for example -48h"
        ),
        ScenarioSlip(
            "from: -48h",
            "from: -48w",
            "9: from in valid of pki entry “expired” is “-48w”; a time is a number with s, m, h or d, for example -48h"
        ),
        ScenarioSlip(
            "to: -24h",
            "to: -72h",
            "9: valid of pki entry “expired” ends before it begins"
        ),
        ScenarioSlip(
            "ca: true",
            "ca: yes",
            "5: ca of pki entry “root” must be true or false, not “yes”"
        ),
        ScenarioSlip(
            "{issuer: mid, eku: [clientAuth]}",
            "{issuer: mid, eku: clientAuth}",
            "8: eku of pki entry “client” must be a list, not “clientAuth”"
        ),
        ScenarioSlip(
            "clientCAs: [root]",
            "clientCAs: root",
            "22: clientCAs of server must be a list, not “root”"
        ),
        ScenarioSlip(
            "client: {issuer: mid,",
            "client: {issuer: mid, version: 2,",
            "8: version of pki entry “client” must be 1 or 3, not 2"
        ),
        ScenarioSlip(
            "client: {issuer: mid,",
            "client: {issuer: mid, path-length: short,",
            "8: path-length of pki entry “client” must be a number, 0 or greater, not “short”"
        ),
        ScenarioSlip(
            "client: {issuer: mid,",
            "client: {issuer: mid, ip: [300.0.0.1],",
            "8: ip of pki entry “client” has “300.0.0.1”, which is no IP address"
        ),
        ScenarioSlip(
            "client: {issuer: mid,",
            "client: {issuer: mid, key: p384, key-of: root,",
            "8: pki entry “client” has both key and key-of, and can have one of them"
        ),
        ScenarioSlip(
            "identity: server,",
            "identity: [server],",
            "22: identity of server must be a text, not a list"
        ),
        ScenarioSlip(
            "server: {identity: server, clientCAs: [root]}",
            "server: [root]",
            "22: server must be a block of keys, not a list"
        ),
        ScenarioSlip(
            "control:",
            "steps: connect\ncontrol:",
            "24: steps must be a list of steps, not “connect”"
        ),
        ScenarioSlip(
            "control:",
            "steps: [exchange, connect]\ncontrol:",
            "24: steps must begin with connect, after a clock or a rotate without a phase at most"
        ),
        ScenarioSlip(
            "control:",
            "steps: [connect, {rotate: {side: server, to: client, at: closed}}]\ncontrol:",
            "24: rotate can't be at closed, which no connect reaches; leave “at” out"
        ),
        ScenarioSlip(
            "control:",
            "steps: [connect, {rotate: {side: server, to: none}}]\ncontrol:",
            "24: rotate to none isn't possible: an identity is replaced, not removed"
        ),
        ScenarioSlip(
            "source: [{rfc: 8446, section: 4.4.2.4}, {document: crypto/tls}]\n",
            "",
            "1: the scenario needs a source: a list of document, rfc, cve or issue"
        ),
    ]

    static let wrongStructure: [ScenarioSlip] = [
        ScenarioSlip(
            "scenario: area/topic",
            "scenario: area/topics",
            "1: the scenario is named “area/topics”, and its path asks for “area/topic”"
        ),
        ScenarioSlip(
            "mid: {issuer: root",
            "mid: {issuer: client",
            "6: pki entry “mid” is, over its issuers, its own issuer\n8: pki entry “client” is, over its issuers, its own issuer"
        ),
        ScenarioSlip(
            "  mid: {",
            "  none: {ca: true}\n  mid: {",
            "6: no pki entry may be named “none”, which stands for no credential"
        ),
        ScenarioSlip(
            "  bare: {",
            "  none: {certificate: client}\n  bare: {",
            "13: no credential may be named “none”, which stands for no credential"
        ),
        ScenarioSlip(
            "  bare: {",
            "  root: {certificate: client}\n  bare: {",
            "13: credential “root” has the name of a pki entry"
        ),
        ScenarioSlip(
            "  mid: {",
            "  root: {ca: true}\n  mid: {",
            "5: duplicate key “root”"
        ),
        ScenarioSlip(
            "  mid: {",
            "  spare: {ca: true}\n  mid: {",
            "6: pki entry “spare” is used by no case"
        ),
        ScenarioSlip(
            "[none, client, bare, expired]",
            "[]",
            "16: axis “credential” has no values"
        ),
        ScenarioSlip(
            "[none, client, bare, expired]",
            "[none, client, bare, expired, none]",
            "16: axis “credential” has the value “none” twice"
        ),
        ScenarioSlip(
            "[none, client, bare, expired]",
            "all",
            "16: axis “credential” can't be “all”: list its values"
        ),
        ScenarioSlip(
            "    unchecked: {}",
            "    un/checked: {}",
            "18: value “un/checked” of axis “revocation” stands in case ids, so it is made of letters, digits, - _ and .\n24: unknown value “unchecked” in control, axis “revocation”; the nearest known value is “un/checked”"
        ),
        ScenarioSlip(
            "  tls: [1.2, 1.3]\n",
            "",
            "15: axes lacks “tls”, which every case needs"
        ),
        ScenarioSlip(
            "  pairing: all\n",
            "",
            "15: axes lacks “pairing”, which every case needs"
        ),
        ScenarioSlip(
            "control:",
            "exclude: [{credential: none}]\ncontrol:",
            "24: an exclude needs a reason"
        ),
        ScenarioSlip(
            "control:",
            "exclude: [{reason: none}]\ncontrol:",
            "24: an exclude needs an axis; this one would leave nothing"
        ),
        ScenarioSlip(
            "control:",
            "exclude:\n  - {credential: none, reason: one}\n  - {credential: none, tls: 1.2, reason: two}\ncontrol:",
            "26: exclude matches no case that no other exclude leaves out"
        ),
        ScenarioSlip(
            "control:",
            "exclude: [{tls: [1.2, 1.3], reason: all}]\ncontrol:",
            "1: the scenario has no cases: exclude leaves none"
        ),
        ScenarioSlip(
            "control:",
            "expect:\n  - {when: {credential: none}, outcome: rejected}\nexclude: [{credential: none, reason: one}]\ncontrol:",
            "25: expect matches no case"
        ),
        ScenarioSlip(
            "control: {credential: client",
            "control: {tls: 1.2, credential: client",
            "24: control can't change tls: it is played by the same stacks and version"
        ),
        ScenarioSlip(
            "revocation:\n    unchecked: {}\n    checked: {server: {revocation: leaf, crls: [list]}}",
            "revocation: [checked]",
            "17: unknown axis “revocation”; known are clientAuth, credential, insecureSkipVerify, pairing, phase, presents, tls"
        ),
        ScenarioSlip(
            "title: A title",
            "title: [A title",
            "3: not YAML: did not find expected ',' or ']'"
        ),
    ]
}
