package import ConformanceModel
internal import FoundationEssentials

extension PKISpecification {
    /// Reads the `pki`, `credentials` and `crls` sections of a file.
    ///
    /// A file with a `scenario` key may have the other sections of a scenario too, which are not looked at; in any
    /// other file they are unknown keys. Throws one error with everything that is wrong.
    package static func recipe(yaml: String, file: String) throws(ScenarioError) -> PKISpecification {
        let log = IssueLog(file: file)
        let tree = YAMLTree.parse(yaml, log: log)
        try log.throwIfAny()
        guard let tree else { throw ScenarioError([.init(file: file, message: "the file is empty")]) }
        let root = BlockReader(tree, "the recipe", log: log)
        let book = RecipeBook(root)
        if root.tree("scenario") == nil { root.finish() }
        try log.throwIfAny()
        guard !book.certificates.isEmpty else {
            throw ScenarioError([
                .init(file: file, message: "the file has no certificate; a section pki lists them by name")
            ])
        }
        return PKISpecification(
            certificates: book.certificates,
            revocationLists: book.revocationLists,
            credentials: book.credentials
        )
    }
}
