/// A word that every POSIX shell reads back as it was.
package enum ShellWord {
    /// The word itself where no shell reads anything into it, and quoted otherwise.
    package static func of(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x3A, 0x3D, 0x2C: true
            default: false
            }
        }
        guard !isPlain || word.isEmpty else { return word }
        return quoted(word)
    }

    /// The word in single quotes, whatever it holds.
    package static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
