/// How a program that runs is brought to take another identity, which stands in the files of the old one.
package struct ProgramRotation: Hashable, Codable, Sendable {
    /// How it hears of the new files.
    package enum Telling: Hashable, Codable, Sendable {
        /// It looks at its files by itself.
        case nothing
        /// The name of a signal, for example `HUP`.
        case signal(String)
        /// A command line; placeholders as in `launch`.
        case command([String])
    }

    package var telling: Telling
    /// A regular expression for what it says once it has taken the files: nothing that it said before counts. Nil for a
    /// command that ends once they are taken, and fails when they are not.
    package var settled: String?
    /// One for what it says when it keeps the old ones.
    package var refused: String?
    /// One for what it says of each connection that is over, so that what it tells is told of that connection.
    package var connectionOver: String

    package init(telling: Telling, settled: String? = nil, refused: String? = nil, connectionOver: String) {
        self.telling = telling
        self.settled = settled
        self.refused = refused
        self.connectionOver = connectionOver
    }
}
