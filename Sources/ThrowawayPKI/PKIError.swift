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

/// Finds the name that was probably meant.
enum NearestName {
    /// The candidate with the fewest edits, if they are few for a name of this length; the first one of equals.
    static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let limit = max(1, name.count / 3)
        var best: (name: String, edits: Int)?
        for candidate in candidates {
            let edits = distance(Array(name.lowercased()), Array(candidate.lowercased()))
            if edits <= limit, edits < best?.edits ?? .max {
                best = (candidate, edits)
            }
        }
        return best?.name
    }

    /// “did you mean …”, or the known names when none is near.
    static func hint(for name: String, among candidates: [String]) -> String {
        if let nearest = of(name, among: candidates) {
            return "did you mean “\(nearest)”?"
        }
        return candidates.isEmpty ? "there are none" : "known are \(candidates.joined(separator: ", "))"
    }

    /// The Levenshtein distance, row by row.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let substitution = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
