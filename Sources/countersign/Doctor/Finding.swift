internal import Conformance

/// Something that `doctor` found in a file, and the failure that it leads to.
struct Finding: Hashable, Encodable {
    enum Severity: String, Hashable, Encodable, Comparable {
        /// A connection will fail, or the wrong peers get in.
        case error
        /// It works with some peers, or for some time.
        case warning
        /// Worth knowing.
        case note

        static func < (left: Severity, right: Severity) -> Bool { left.order < right.order }

        private var order: Int {
            switch self {
            case .error: 0
            case .warning: 1
            case .note: 2
            }
        }
    }

    /// The failure mode, as `countersign explain` knows it.
    var id: String
    var severity: Severity
    /// The file, and which certificate of it.
    var subject: String
    var message: String
    /// What shows it without this program.
    var command: String
}

extension Finding: CustomStringConvertible {
    var description: String {
        "\(severity.rawValue): \(SingleLine.of(subject)): \(SingleLine.of(message)) [\(id)]\n    \(command)"
    }
}

/// A word that every POSIX shell reads back as it was.
enum ShellWord {
    static func of(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x3A, 0x3D, 0x2C: true
            default: false
            }
        }
        guard !isPlain || word.isEmpty else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
