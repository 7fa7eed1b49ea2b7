internal import ConformanceModel

/// Faults in one or more scenario files, or in a selection of cases.
package struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One thing that is wrong, and where.
    package struct Issue: Hashable, Sendable, CustomStringConvertible {
        /// The file as it was named to the loader; nil when no file is to blame.
        package var file: String?
        /// The line, from 1; nil when the file as a whole is to blame.
        package var line: Int?
        package var message: String

        package init(file: String? = nil, line: Int? = nil, message: String) {
            self.file = file
            self.line = line
            self.message = message
        }

        package var description: String {
            switch (file, line) {
            case (let file?, let line?): "\(file):\(line): \(message)"
            case (let file?, nil): "\(file): \(message)"
            case (nil, _): message
            }
        }
    }

    /// Everything that was found, in the order of the files and their lines; never empty.
    package var issues: [Issue]

    package init(_ issues: [Issue]) {
        self.issues = issues
    }

    package init(_ message: String) {
        self.init([Issue(message: message)])
    }

    /// One line for each issue.
    package var description: String {
        issues.map(\.description).joined(separator: "\n")
    }
}
