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

    /// What the stacks run on, by name, in the versions that are loaded: `openssl`, `gnutls`.
    package var versions: [String: String] {
        adapters.values.reduce(into: [:]) { versions, adapter in
            versions.merge(adapter.versions) { first, _ in first }
        }
    }
}
