internal import OpenSSL
internal import OpenSSLMinting

extension CertificateTemplate {
    /// Reads the words of a recipe; the key identifiers are added when keys are known.
    ///
    /// - Parameter named: the entry whose subject it bears, most often itself.
    init(
        of recipe: CertificateRecipe,
        naming named: CertificateRecipe,
        issuer: CertificateRecipe,
        now: Int64,
        seed: UInt64
    ) throws(PKIError) {
        let period = try ValidityPeriod(of: recipe, now: now)
        self.init(
            version: recipe.version,
            serial: try Self.serial(of: recipe, seed: seed),
            subject: try DistinguishedName(of: named),
            issuer: try DistinguishedName(of: issuer),
            notBefore: period.start,
            notAfter: period.end,
            extensions: try Self.extensions(of: recipe),
            digest: recipe.signatureDigest.messageDigest
        )
    }

    private static func serial(of recipe: CertificateRecipe, seed: UInt64) throws(PKIError) -> [UInt8] {
        guard let given = recipe.serial else {
            do {
                return try SerialNumber.derived(from: seed, name: recipe.name)
            } catch {
                throw PKIError(failureOf: "the serial number", entry: recipe.name, error)
            }
        }
        let digits = Array(given.drop { $0 == 0 })
        // RFC 5280 section 4.1.2.2: positive, and at most 20 octets; a first bit that is set costs one more.
        let length = digits.count + ((digits.first ?? 0) & 0x80 == 0 ? 0 : 1)
        guard !digits.isEmpty, length <= 20 else {
            throw PKIError(
                .badSerial,
                entry: recipe.name,
                expected: "a positive serial number of at most 20 octets",
                found: digits.isEmpty ? "zero" : "\(length) octets",
                nextStep: "leave it out to have one derived from the seed"
            )
        }
        return digits
    }

    private static func extensions(of recipe: CertificateRecipe) throws(PKIError) -> [CertificateExtension] {
        guard recipe.version == 3 else {
            try checkVersion1(recipe)
            return []
        }
        var extensions: [CertificateExtension] = []
        guard recipe.pathLength == nil || (recipe.isCA && recipe.pathLength ?? 0 >= 0) else {
            throw PKIError(
                .badPathLength,
                entry: recipe.name,
                expected: "a path length of 0 or more, at a CA",
                found: "\(recipe.pathLength ?? 0) at \(recipe.isCA ? "a CA" : "an entry that is no CA")",
                nextStep: "leave it out, or make the entry a CA"
            )
        }
        if recipe.hasBasicConstraints {
            extensions.append(.basicConstraints(isCA: recipe.isCA, pathLength: recipe.pathLength))
        }
        let keyUsages = try ExtensionWords.keyUsages(of: recipe)
        if !keyUsages.isEmpty { extensions.append(.keyUsage(keyUsages)) }
        let purposes = try ExtensionWords.keyPurposes(of: recipe)
        if !purposes.isEmpty { extensions.append(.extendedKeyUsage(purposes)) }
        let names = try ExtensionWords.alternativeNames(of: recipe)
        if !names.isEmpty {
            // RFC 5280 section 4.2.1.6: critical when the subject is empty.
            extensions.append(.subjectAlternativeName(names, isCritical: recipe.subject == Subject()))
        }
        if let constraints = recipe.nameConstraints {
            extensions.append(try ExtensionWords.nameConstraints(constraints, of: recipe))
        }
        if recipe.hasUnknownCriticalExtension {
            // The value is a DER NULL.
            extensions.append(.other(identifier: unknownExtension, isCritical: true, value: [0x05, 0x00]))
        }
        return extensions
    }

    private static func checkVersion1(_ recipe: CertificateRecipe) throws(PKIError) {
        guard recipe.version == 1 else {
            throw PKIError(
                .badVersion,
                entry: recipe.name,
                expected: "version 1 or 3",
                found: "\(recipe.version)",
                nextStep: "choose 3, or 1 for a certificate without extensions"
            )
        }
        let fields: [(name: String, isSet: Bool)] = [
            ("dnsNames", !recipe.dnsNames.isEmpty),
            ("ipAddresses", !recipe.ipAddresses.isEmpty),
            ("uris", !recipe.uris.isEmpty),
            ("emailAddresses", !recipe.emailAddresses.isEmpty),
            ("extendedKeyUsages", !(recipe.extendedKeyUsages ?? []).isEmpty),
            ("keyUsages", !(recipe.keyUsages ?? []).isEmpty),
            ("pathLength", recipe.pathLength != nil),
            ("nameConstraints", recipe.nameConstraints != nil),
            ("hasUnknownCriticalExtension", recipe.hasUnknownCriticalExtension),
        ]
        if let field = fields.first(where: \.isSet) {
            throw PKIError(
                .badVersion,
                entry: recipe.name,
                expected: "no extension in a certificate of version 1",
                found: field.name,
                nextStep: "leave \(field.name) out, or choose version 3"
            )
        }
    }

    /// Below an enterprise number that is given to nobody: no verifier knows it.
    private static let unknownExtension = "1.3.6.1.4.1.99999.1"
}

extension DistinguishedName {
    init(of recipe: CertificateRecipe) throws(PKIError) {
        let subject = recipe.subject
        for (field, value) in [("commonName", subject.commonName), ("organization", subject.organization)] {
            // ub-common-name and ub-organization-name of RFC 5280 appendix A.1 count characters.
            guard let value, !(1...64).contains(value.unicodeScalars.count) else { continue }
            throw PKIError(
                .badSubject,
                entry: recipe.name,
                expected: "a \(field) of 1 to 64 characters",
                found: "\(value.unicodeScalars.count) characters",
                nextStep: "shorten it, or leave it out"
            )
        }
        self.init(organization: subject.organization, commonName: subject.commonName)
    }
}

/// A period between two moments that a certificate can hold, in seconds since the epoch.
struct ValidityPeriod {
    let start: Int64
    let end: Int64

    init(of recipe: CertificateRecipe, now: Int64) throws(PKIError) {
        try self.init(recipe.name, from: ("validFrom", recipe.validFrom), to: ("validTo", recipe.validTo), now: now)
    }

    init(of list: CRLRecipe, now: Int64) throws(PKIError) {
        try self.init(list.name, from: ("thisUpdate", list.thisUpdate), to: ("nextUpdate", list.nextUpdate), now: now)
    }

    private init(
        _ entry: String,
        from: (field: String, offset: Int64),
        to: (field: String, offset: Int64),
        now: Int64
    ) throws(PKIError) {
        guard from.offset < to.offset else {
            throw PKIError(
                .badValidity,
                entry: entry,
                expected: "\(to.field) later than \(from.field)",
                found: "\(from.field) \(from.offset) s and \(to.field) \(to.offset) s from now",
                nextStep: "for something expired, move both into the past"
            )
        }
        start = try Self.moment(entry, from, now: now)
        end = try Self.moment(entry, to, now: now)
    }

    private static func moment(
        _ entry: String,
        _ point: (field: String, offset: Int64),
        now: Int64
    ) throws(PKIError) -> Int64 {
        let (moment, overflow) = now.addingReportingOverflow(point.offset)
        guard !overflow, representable.contains(moment) else {
            throw PKIError(
                .badValidity,
                entry: entry,
                expected: "\(point.field) within the years 0000 to 9999, which is what GeneralizedTime can hold",
                found: "\(point.offset) s from now",
                nextStep: "choose a moment nearer to now"
            )
        }
        return moment
    }

    /// 0000-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
    private static let representable: ClosedRange<Int64> = -62_167_219_200...253_402_300_799
}

/// Serial numbers that depend on the seed and the entry's name alone, so that two runs can be compared.
enum SerialNumber {
    /// 16 octets: the start of SHA-256 over the seed (big-endian) and the name. The two highest bits are 01, which
    /// makes the number positive, never zero, and its encoding always 16 octets long.
    static func derived(from seed: UInt64, name: String) throws(OpenSSLError) -> [UInt8] {
        let prefix = (0..<8).map { UInt8(truncatingIfNeeded: seed >> (56 - 8 * UInt64($0))) }
        var serial = Array(try MessageDigest.sha256.digest(of: prefix + Array(name.utf8)).prefix(16))
        serial[0] = serial[0] & 0x3F | 0x40
        return serial
    }
}
