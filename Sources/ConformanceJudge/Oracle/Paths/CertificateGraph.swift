internal import ConformanceModel

/// The issuers of the certificates of a case, told from the recipe and not from any encoding.
struct CertificateGraph {
    /// A distinguished name as far as recipes can make it.
    struct Subject: Hashable {
        var commonName: String
        var organization: String?
    }

    let certificates: [String: CertificateSpecification]

    func certificate(_ name: String) -> CertificateSpecification? {
        certificates[name]
    }

    func subject(of name: String) -> Subject {
        let bearer = certificates[name]?.subjectOf ?? name
        let certificate = certificates[bearer]
        return Subject(commonName: certificate?.commonName ?? bearer, organization: certificate?.organization)
    }

    func issuerSubject(of name: String) -> Subject {
        subject(of: certificates[name]?.issuer ?? name)
    }

    /// The entry whose key a certificate carries.
    func key(of name: String) -> String {
        var current = name
        var visited: Set<String> = []
        while let next = certificates[current]?.keyOf, visited.insert(current).inserted { current = next }
        return current
    }

    func isSelfSigned(_ name: String) -> Bool {
        certificates[name]?.issuer == nil
    }

    func isSelfIssued(_ name: String) -> Bool {
        subject(of: name) == issuerSubject(of: name)
    }

    /// Whether `parent`'s name and key are those that `child` was issued under, by whichever certificate.
    func canIssue(_ parent: String, _ child: String) -> Bool {
        let issuer = certificates[child]?.issuer ?? child
        return subject(of: parent) == subject(of: issuer) && key(of: parent) == key(of: issuer)
    }

    /// Every path from a leaf over the certificates sent to a certificate of the pool, leaf first, anchor last.
    ///
    /// Each certificate of the pool is an anchor, self-signed or not, as in Go.
    func paths(from leaf: String, sent: [String], pool: [String]) -> [[String]] {
        var complete: [[String]] = []
        var candidates: [String] = []
        for name in sent + pool where !candidates.contains(name) { candidates.append(name) }

        func extend(_ path: [String]) {
            let last = path[path.count - 1]
            if pool.contains(last) { complete.append(path) }
            for candidate in candidates where !path.contains(candidate) && canIssue(candidate, last) {
                extend(path + [candidate])
            }
        }
        extend([leaf])
        return complete
    }

    /// The paths of a verifier that takes the first issuer that fits: one of the pool where there is one, otherwise the
    /// first that was sent. It never comes back to a choice among those that were sent.
    func firstPaths(from leaf: String, sent: [String], pool: [String]) -> [[String]] {
        var complete: [[String]] = []

        func extend(_ path: [String]) {
            let last = path[path.count - 1]
            if pool.contains(last) { complete.append(path) }
            let trusted = pool.filter { !path.contains($0) && canIssue($0, last) }
            if !trusted.isEmpty {
                for anchor in trusted { extend(path + [anchor]) }
            } else if let next = sent.first(where: { !path.contains($0) && canIssue($0, last) }) {
                extend(path + [next])
            }
        }
        extend([leaf])
        return complete
    }

    /// Whether each certificate of a path that was sent stands behind the one that it issued.
    func isInOrder(_ path: [String], sent: [String], pool: [String]) -> Bool {
        let places = path.dropFirst().filter { !pool.contains($0) }.compactMap(sent.firstIndex)
        return zip(places, places.dropFirst()).allSatisfy { $0 < $1 }
    }
}
