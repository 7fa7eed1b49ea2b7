/// Reads several files as they stood together at one moment.
enum SettledReading {
    private static let mostAttempts = 5

    /// Reads until two readings in a row agree, so that no set of files is half old and half new in itself.
    ///
    /// What a writer leaves lying between two of its steps does agree, and is for the caller to see through: a key
    /// is compared with its certificate, a block with its end line.
    static func read(
        _ paths: [String],
        _ body: (inout FolderSnapshot) throws(MutualTLSFilesError) -> [FileContent]
    ) throws(MutualTLSFilesError) -> [FileContent] {
        var earlier = try once(body)
        for _ in 1..<mostAttempts {
            let later = try once(body)
            if earlier.elementsEqual(later, by: { $0.isSame(as: $1) }) { return later }
            earlier = later
        }
        throw MutualTLSFilesError(
            .changing,
            at: paths,
            expected: "files that stay as they are while they are read",
            found: "others each of \(mostAttempts) times",
            nextStep: "Wait until whatever writes them has finished."
        )
    }

    private static func once(
        _ body: (inout FolderSnapshot) throws(MutualTLSFilesError) -> [FileContent]
    ) throws(MutualTLSFilesError) -> [FileContent] {
        var snapshot = FolderSnapshot()
        return try body(&snapshot)
    }
}
