extension PKI {
    /// Writes every entry into a folder, which is made when it is missing.
    ///
    /// An entry `NAME` becomes `NAME.crt`, `NAME.key` (mode 0600 from the first moment) and `NAME.chain.crt` (the
    /// certificate and its intermediates, without the root); a revocation list becomes `NAME.crl`. All are PEM.
    ///
    /// - Parameters:
    ///   - directory: The path of the folder.
    ///   - overwrite: Whether existing files are replaced; otherwise the first one is an error before anything is
    ///     written.
    /// - Returns: The paths of the files, in the order in which they were written.
    @discardableResult
    package func write(to directory: String, overwrite: Bool = false) throws(PKIWriteError) -> [String] {
        let files = try files(in: directory)
        try ProtectedFile.makeDirectory(directory)
        if !overwrite {
            for file in files where ProtectedFile.exists(file.path) {
                throw ProtectedFile.alreadyExists(file.path)
            }
        }
        for file in files {
            try file.write(overwrite: overwrite)
        }
        return files.map(\.path)
    }

    private func files(in directory: String) throws(PKIWriteError) -> [ProtectedFile] {
        var files: [ProtectedFile] = []
        for name in names {
            guard let entity = self[name] else { continue }
            try Self.checkFileName(name)
            let chain = chain(of: name).map(\.certificatePEM).joined()
            files.append(ProtectedFile(path: "\(directory)/\(name).crt", text: entity.certificatePEM, mode: 0o644))
            files.append(ProtectedFile(path: "\(directory)/\(name).key", text: entity.privateKeyPEM, mode: 0o600))
            files.append(ProtectedFile(path: "\(directory)/\(name).chain.crt", text: chain, mode: 0o644))
        }
        for name in revocationListNames {
            guard let text = crlPEM(name) else { continue }
            try Self.checkFileName(name)
            files.append(ProtectedFile(path: "\(directory)/\(name).crl", text: text, mode: 0o644))
        }
        var paths: Set<String> = []
        for file in files where !paths.insert(file.path).inserted {
            throw PKIWriteError(
                .nameClash,
                path: file.path,
                expected: "each file to come from one entry",
                found: "two entries that would write it",
                nextStep: "rename the entry that ends in “.chain”"
            )
        }
        return files
    }

    /// A name from a recipe must not lead out of the folder.
    private static func checkFileName(_ name: String) throws(PKIWriteError) {
        guard !name.isEmpty, name.utf8.count <= 200, !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0)
        else {
            throw PKIWriteError(
                .badName,
                path: name,
                expected: "a name of 1 to 200 bytes without slashes, to make a file's name from",
                found: name.isEmpty ? "an empty name" : "“\(name)”",
                nextStep: "rename the entry in the recipe"
            )
        }
    }
}
