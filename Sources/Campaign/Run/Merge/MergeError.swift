internal import ConformanceModel

/// Why reports can't be put together: everything that was found, each in a sentence that names a file.
package struct MergeError: Error, Hashable, Sendable, CustomStringConvertible {
    package let issues: [String]

    package var description: String {
        "the reports can't be merged:\n" + issues.map { "- \($0)" }.joined(separator: "\n")
    }
}
