/// Why a recipe can't be minted.
package struct PKIError: Error, Sendable, Hashable {
    /// The code of the error, for programs that distinguish errors.
    package enum Code: String, Sendable, Hashable {
        case duplicateName
        case unknownIssuer
        case issuerCycle
        case unknownKeyOwner
        case keyOwnerCycle
        case unknownEntry
        case badSubject
        case badIPAddress
        case badAlternativeName
        case badNameConstraint
        case badKeyUsage
        case badExtendedKeyUsage
        case badPathLength
        case badValidity
        case badVersion
        case badSerial
        case badAuthority
        case openSSL
    }

    package let code: Code
    /// The entry or the revocation list that can't be minted.
    package let entry: String
    package let expected: String
    package let found: String
    /// The remedy.
    package let nextStep: String

    package init(_ code: Code, entry: String, expected: String, found: String, nextStep: String) {
        self.code = code
        self.entry = entry
        self.expected = expected
        self.found = found
        self.nextStep = nextStep
    }
}

extension PKIError: CustomStringConvertible {
    package var description: String {
        "PKI entry “\(entry)”: expected \(expected), found \(found); \(nextStep)"
    }
}
