import Testing
import ThrowawayPKI

/// A recipe with one mistake, and what the error must say about it.
struct RefusedRecipe: Sendable, CustomTestStringConvertible {
    let certificates: [CertificateRecipe]
    var lists: [CRLRecipe] = []
    let code: PKIError.Code
    let entry: String
    let found: String
    var hint = ""

    var testDescription: String { "\(code), \(found)" }
}

extension RefusedRecipe {
    static let all: [RefusedRecipe] = references + times + words + lists

    private static func leaf(
        _ edit: (inout CertificateRecipe) -> Void,
        _ code: PKIError.Code,
        found: String,
        hint: String = ""
    ) -> RefusedRecipe {
        var recipe = CertificateRecipe(name: "leaf")
        edit(&recipe)
        return RefusedRecipe(certificates: [recipe], code: code, entry: "leaf", found: found, hint: hint)
    }

    private static let root = CertificateRecipe(name: "root", isCA: true)
    private static let tooLong = String(repeating: "n", count: 65)

    private static let references: [RefusedRecipe] = [
        RefusedRecipe(
            certificates: [root, root],
            code: .duplicateName,
            entry: "root",
            found: "two",
            hint: "rename"
        ),
        RefusedRecipe(
            certificates: [root, CertificateRecipe(name: "leaf", issuer: "Roott")],
            code: .unknownIssuer,
            entry: "leaf",
            found: "“Roott”",
            hint: "known are root"
        ),
        RefusedRecipe(
            certificates: [root, CertificateRecipe(name: "leaf", issuer: "something else")],
            code: .unknownIssuer,
            entry: "leaf",
            found: "“something else”",
            hint: "known are root"
        ),
        RefusedRecipe(
            certificates: [CertificateRecipe(name: "a", issuer: "b"), CertificateRecipe(name: "b", issuer: "a")],
            code: .issuerCycle,
            entry: "a",
            found: "the cycle a → b → a"
        ),
        leaf({ $0.issuer = "leaf" }, .issuerCycle, found: "the cycle leaf → leaf", hint: "leave out the issuer"),
        RefusedRecipe(
            certificates: [root, CertificateRecipe(name: "leaf", keyOf: "rott")],
            code: .unknownKeyOwner,
            entry: "leaf",
            found: "“rott”",
            hint: "known are root"
        ),
        RefusedRecipe(
            certificates: [CertificateRecipe(name: "a", keyOf: "b"), CertificateRecipe(name: "b", keyOf: "a")],
            code: .keyOwnerCycle,
            entry: "a",
            found: "the cycle a → b → a"
        ),
    ]

    private static let times: [RefusedRecipe] = [
        leaf({ $0.validTo = -3_600 }, .badValidity, found: "validFrom -3600 s and validTo -3600 s from now"),
        leaf({ $0.validTo = .max }, .badValidity, found: "\(Int64.max) s from now"),
        leaf({ $0.validFrom = -70_000_000_000 }, .badValidity, found: "-70000000000 s from now"),
        leaf({ $0.version = 2 }, .badVersion, found: "2"),
        leaf({ ($0.version, $0.dnsNames) = (1, ["a.test"]) }, .badVersion, found: "dnsNames", hint: "version 3"),
        leaf({ ($0.version, $0.pathLength) = (1, 0) }, .badVersion, found: "pathLength"),
        leaf({ $0.serial = [] }, .badSerial, found: "zero"),
        leaf({ $0.serial = [0, 0] }, .badSerial, found: "zero"),
        leaf({ $0.serial = Array(repeating: 0x7F, count: 21) }, .badSerial, found: "21 octets"),
        leaf({ $0.serial = Array(repeating: 0x80, count: 20) }, .badSerial, found: "21 octets"),
    ]

    private static let words: [RefusedRecipe] = [
        leaf({ $0.subject.commonName = tooLong }, .badSubject, found: "65 characters"),
        leaf({ $0.subject.organization = "" }, .badSubject, found: "0 characters"),
        leaf({ $0.ipAddresses = ["[::1]"] }, .badIPAddress, found: "“[::1]”", hint: "127.0.0.1 or ::1"),
        leaf({ $0.ipAddresses = ["300.0.0.1"] }, .badIPAddress, found: "“300.0.0.1”"),
        leaf({ $0.ipAddresses = ["127.0.0.1\u{0}"] }, .badIPAddress, found: "“127.0.0.1\u{0}”"),
        leaf({ $0.dnsNames = ["bücher.test"] }, .badAlternativeName, found: "“bücher.test”", hint: "xn--"),
        leaf({ $0.emailAddresses = [""] }, .badAlternativeName, found: "“”"),
        leaf(
            { $0.keyUsages = ["digitalSignatur"] },
            .badKeyUsage,
            found: "“digitalSignatur”",
            hint: "digitalSignature"
        ),
        leaf(
            { $0.extendedKeyUsages = ["clientauth"] },
            .badExtendedKeyUsage,
            found: "“clientauth”",
            hint: "clientAuth"
        ),
        leaf({ $0.extendedKeyUsages = ["1.40.1"] }, .badExtendedKeyUsage, found: "“1.40.1”"),
        leaf({ $0.pathLength = 0 }, .badPathLength, found: "0 at an entry that is no CA"),
        leaf({ ($0.isCA, $0.pathLength) = (true, -1) }, .badPathLength, found: "-1 at a CA"),
        leaf({ $0.nameConstraints = NameConstraints() }, .badNameConstraint, found: "none"),
        leaf(
            { $0.nameConstraints = NameConstraints(excluded: .init(ipRanges: ["10.0.0.0/33"])) },
            .badIPAddress,
            found: "“10.0.0.0/33”"
        ),
        leaf(
            { $0.nameConstraints = NameConstraints(permitted: .init(ipRanges: ["10.0.0.0"])) },
            .badIPAddress,
            found: "“10.0.0.0”",
            hint: "10.0.0.0/8"
        ),
        leaf(
            { $0.nameConstraints = NameConstraints(permitted: .init(dnsNames: ["ü"])) },
            .badNameConstraint,
            found: "“ü”"
        ),
    ]

    private static let lists: [RefusedRecipe] = [
        list(CRLRecipe(name: "crl", issuer: "rot"), .unknownIssuer, found: "“rot”", hint: "known are root"),
        list(CRLRecipe(name: "crl", issuer: "root", revokes: ["x"]), .unknownEntry, found: "“x”"),
        list(CRLRecipe(name: "crl", issuer: "root", signedBy: "x"), .unknownEntry, found: "“x”"),
        list(
            CRLRecipe(name: "crl", issuer: "root", thisUpdate: 5, nextUpdate: 5),
            .badValidity,
            found: "thisUpdate 5 s and nextUpdate 5 s from now"
        ),
        RefusedRecipe(
            certificates: [root],
            lists: [CRLRecipe(name: "crl", issuer: "root"), CRLRecipe(name: "crl", issuer: "root")],
            code: .duplicateName,
            entry: "crl",
            found: "two"
        ),
    ]

    private static func list(
        _ list: CRLRecipe,
        _ code: PKIError.Code,
        found: String,
        hint: String = ""
    ) -> RefusedRecipe {
        RefusedRecipe(certificates: [root], lists: [list], code: code, entry: "crl", found: found, hint: hint)
    }
}
