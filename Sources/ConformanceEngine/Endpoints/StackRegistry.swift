package import Conformance

/// The stacks that cases can be played with.
package struct StackRegistry: Sendable {
    private let adapters: [Stack: any StackAdapter]

    /// - Precondition: no two adapters speak for the same stack.
    package init(_ adapters: [any StackAdapter]) {
        self.adapters = Dictionary(uniqueKeysWithValues: adapters.map { ($0.stack, $0) })
    }

    /// The adapter of a stack, or nil when this build has none.
    package subscript(stack: Stack) -> (any StackAdapter)? { adapters[stack] }

    /// The stacks by name, ascending.
    package var stacks: [Stack] { adapters.keys.sorted() }

    /// Stack name to the version that it reports.
    package var versions: [String: String] {
        Dictionary(uniqueKeysWithValues: adapters.map { ($0.key.rawValue, $0.value.version) })
    }
}

extension StackRegistry {
    /// The stacks of this program: the library of this package, and GnuTLS.
    ///
    /// - Parameter libraryMutant: a defect that the library is played with, to prove that it is noticed; nil for none.
    /// - Throws: ``UnknownMutant``.
    package static func standard(libraryMutant: String? = nil) throws -> StackRegistry {
        StackRegistry([GnuTLSAdapter()])
    }
}
