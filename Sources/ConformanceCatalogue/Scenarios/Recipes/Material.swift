internal import ConformanceModel

/// Collects what one case names, and hands out the part of the scenario's recipes that it needs.
struct Material {
    private let book: RecipeBook
    private var credentials: Set<String> = []
    private var certificates: Set<String> = []
    private var revocationLists: Set<String> = []

    init(_ book: RecipeBook) {
        self.book = book
    }

    mutating func use(_ settings: ServerSettings) {
        use(credential: settings.identity)
        for name in settings.identitiesByName.values {
            use(credential: name)
        }
        use(pool: settings.clientCAs)
        use(settings.revocationLists)
    }

    mutating func use(_ settings: ClientSettings) {
        use(credential: settings.identity)
        use(pool: settings.rootCAs)
        use(settings.revocationLists)
    }

    mutating func use(_ steps: [Step]) {
        for case .rotate(let rotation) in steps {
            switch rotation.change {
            case .identity(let name): use(credential: name)
            case .clientCAs(let pool), .rootCAs(let pool): use(pool: pool)
            case .revocationLists(let lists): use(lists)
            case .clientAuth, .serverName: break
            }
        }
    }

    mutating func formUnion(_ other: Material) {
        credentials.formUnion(other.credentials)
        certificates.formUnion(other.certificates)
        revocationLists.formUnion(other.revocationLists)
    }

    /// Reports the entries that nothing uses: a name in an axis was forgotten, or the entry is left over.
    func reportUnused(_ log: IssueLog) {
        for name in book.certificates.keys where !certificates.contains(name) {
            log.report("pki entry “\(name)” is used by no case", line: book.line(of: name))
        }
        for name in book.revocationLists.keys where !revocationLists.contains(name) {
            log.report("CRL “\(name)” is used by no case", line: book.line(ofRevocationList: name))
        }
        for name in book.credentials.keys where book.certificates[name] == nil && !credentials.contains(name) {
            log.report("credential “\(name)” is used by no case", line: book.line(of: name))
        }
    }

    var specification: PKISpecification {
        PKISpecification(
            certificates: book.certificates.filter { certificates.contains($0.key) },
            revocationLists: book.revocationLists.filter { revocationLists.contains($0.key) },
            credentials: book.credentials.filter { credentials.contains($0.key) }
        )
    }

    private mutating func use(credential name: String?) {
        guard let name, let credential = book.credentials[name], credentials.insert(name).inserted else { return }
        use(certificate: credential.certificate)
        use(pool: credential.chain)
        use(pool: credential.keyOf.map { [$0] })
    }

    private mutating func use(pool: [String]?) {
        for name in pool ?? [] {
            use(certificate: name)
        }
    }

    private mutating func use(_ lists: [String]) {
        for name in lists {
            guard let list = book.revocationLists[name], revocationLists.insert(name).inserted else { continue }
            use(certificate: list.issuer)
            use(pool: list.revokes)
        }
    }

    private mutating func use(certificate name: String) {
        certificates.formUnion(book.closures[name] ?? [])
    }
}
