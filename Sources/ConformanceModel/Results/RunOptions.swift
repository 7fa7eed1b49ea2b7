/// What a run was told besides its selection, so that one of its cases can be played alone: a case with a program as its
/// peer is found by no command that doesn't name the program.
package struct RunOptions: Hashable, Codable, Sendable {
    /// The words that each of the run's cases needs, such as `--target shop.test:443`.
    package var always: [String]
    /// The words that bring a stack into the run, by its name: `--peer nginx`, or `--subject FILE`.
    package var stacks: [String: [String]]

    package init(always: [String] = [], stacks: [String: [String]] = [:]) {
        self.always = always
        self.stacks = stacks
    }

    /// The words that play a case of this pairing, after `countersign run` and its id.
    package func words(for pairing: Pairing) -> [String] {
        let sides = pairing.server == pairing.client ? [pairing.server] : [pairing.server, pairing.client]
        let named = sides.map { stacks[$0.rawValue] ?? [] }
        let meet = named.allSatisfy { !$0.isEmpty }
        return always + named.flatMap(\.self) + (meet ? ["--among-peers"] : [])
    }
}
