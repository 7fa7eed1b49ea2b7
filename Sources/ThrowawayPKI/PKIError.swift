internal import OpenSSL

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

extension PKIError {
    /// OpenSSL's error when it refused a recipe that we had found to be in order.
    init(failureOf object: String, entry: String, _ error: OpenSSLError) {
        self.init(
            .openSSL,
            entry: entry,
            expected: "OpenSSL to make \(object)",
            found: "\(error)",
            nextStep: "check that the installed OpenSSL offers this algorithm"
        )
    }
}

/// Why a minted PKI can't be written into a folder.
package struct PKIWriteError: Error, Sendable, Hashable {
    /// The code of the error, for programs that distinguish errors.
    package enum Code: String, Sendable, Hashable {
        /// A name that can't be the start of a file's name.
        case badName
        /// Two entries whose files would have one name.
        case nameClash
        case fileExists
        /// The system refused: see `found`.
        case systemCall
    }

    package let code: Code
    /// The file or the folder, or the name that should have become one.
    package let path: String
    package let expected: String
    package let found: String
    /// The remedy.
    package let nextStep: String

    package init(_ code: Code, path: String, expected: String, found: String, nextStep: String) {
        self.code = code
        self.path = path
        self.expected = expected
        self.found = found
        self.nextStep = nextStep
    }
}

extension PKIWriteError: CustomStringConvertible {
    package var description: String {
        "\(path): expected \(expected), found \(found); \(nextStep)"
    }
}

/// The names that an error offers instead of one that isn't known.
enum KnownNames {
    static func hint(_ names: [String]) -> String {
        names.isEmpty ? "there are none" : "known are \(names.joined(separator: ", "))"
    }
}
