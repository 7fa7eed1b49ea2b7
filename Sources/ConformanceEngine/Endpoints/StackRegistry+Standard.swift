internal import MutualTLS

extension StackRegistry {
    /// The stacks of this program: the library of this package, and GnuTLS.
    ///
    /// - Parameter libraryMutant: a defect that the library is played with, to prove that it is noticed; nil for none.
    /// - Parameter peers: the stacks that play as programs of their own.
    /// - Throws: ``UnknownMutant`` when no defect has this name.
    package static func standard(libraryMutant: String? = nil, peers: PeerSettings? = nil) throws -> StackRegistry {
        guard let libraryMutant else { return StackRegistry([CountersignAdapter(), GnuTLSAdapter()], peers: peers) }
        guard let mutant = LibraryMutant(rawValue: libraryMutant) else { throw UnknownMutant(name: libraryMutant) }
        return StackRegistry([CountersignAdapter(mutant: mutant), GnuTLSAdapter()], peers: peers)
    }

    /// The names of the defects that the library can be played with.
    package static var libraryMutants: [String] { LibraryMutant.allCases.map(\.rawValue) }
}

/// A defect that the library cannot be played with.
package struct UnknownMutant: Error, Hashable, Sendable, CustomStringConvertible {
    package let name: String

    package var description: String {
        "the library has no mutant named \(name); it has \(StackRegistry.libraryMutants.joined(separator: ", "))"
    }
}
